"""Measuring Dateline on text of one's own: a corpus in, predictions and scores out, by the pipeline's own functions."""
