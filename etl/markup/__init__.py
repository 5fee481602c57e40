"""The one home of bs4 and lxml. Text in; trees, links, JSON-LD and meta signals, or plain text out.

Nothing here knows what an article is: `parse` builds the one tree a page is read from, `signals` lists what the
page states about itself, `text_of` and `plain_text` turn markup into paragraphs.
"""

from __future__ import annotations

from etl.markup.jsonld import Node
from etl.markup.outline import Outline
from etl.markup.plain import plain_text
from etl.markup.signals import Signals, signals
from etl.markup.times import TimeElement
from etl.markup.tree import HIDDEN, Link, TooDeep, Tree, absolute, block_text, is_longer, links, parse, text_of

__all__ = [
    "HIDDEN",
    "Link",
    "Node",
    "Outline",
    "Signals",
    "TimeElement",
    "TooDeep",
    "Tree",
    "absolute",
    "block_text",
    "is_longer",
    "links",
    "parse",
    "plain_text",
    "signals",
    "text_of",
]
