"""Captures in, articles out: body, title, authors, dates, language and captions, or a `Rejected` with its reason.

Pure: no clock, no socket, no log. `article.extract` reads one capture; `pool.extract_all` reads many, each page in a
process with limits on time and memory.
"""
