"""The text of what should be a feed goes in; the part a parser may safely see comes out, or why it is turned away.

Theory. Parsers of feeds are made to forgive, and forgiving is where they can be hurt: entities declared in
the prolog that expand without end; 1.4 MB of nested tags took one 27 s, 100 kB of an endless author's name
three minutes, a tag with ten thousand attributes seven seconds. So:

1. Everything before the root element is cut off, declarations and whatever a server printed first with it. HTML's
   named entities are known without being declared; others stay as they are written.
2. What costs more than its length is counted on the tags alone, comments and CDATA skipped: depth (void elements and
   unclosed ones forgiven), attributes of a tag, tags of an entry, openings that never close. Over a limit that no
   feed seen comes near, the feed is turned away.
3. A person's name is cut where it cannot be one.
A page is told from a feed by its root. Not done here: a limit on time, which takes a process of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from etl.errors import Reason

MAX_CHARS = 20_000_000
MAX_DEPTH = 200
MAX_ATTRIBUTES = 200
MAX_TAGS_OF_ENTRY = 5_000
MAX_STRAY = 1_000  # signs of an opening without an end
MAX_NAME = 500

ROOT_WITHIN = 65_536
_ROOT = re.compile(
    r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<((?:[\w.-]+:)?(?:rss|feed|rdf))(?=[\s>])", re.IGNORECASE | re.DOTALL
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML 1.0
_TOKEN = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?[^<>]*>|<(/?)([a-z_][^\s<>/]*)([^<>]*)>|(<)",
    re.IGNORECASE | re.DOTALL,
)
_NAME = re.compile(
    r"(<(?:[\w.-]+:)?(?:author|contributor|creator|email|managingeditor|name|owner|publisher|webmaster)\b[^<>]*>"
    rf"(?:<!\[CDATA\[)?[^<\]]{{{MAX_NAME}}})[^<\]]+",
    re.IGNORECASE,
)
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "meta", "source", "track", "wbr"})


def safe_part(text: str) -> str | tuple[Reason, str]:
    """The feed from its root element on, or a reason and a line for a person."""
    start = beginning(text)
    if not isinstance(start, int):
        return start
    feed = _NAME.sub(r"\1", _ILLEGAL.sub("", text[start:]))
    return _Walk().trouble(feed) or feed


def beginning(text: str) -> int | tuple[Reason, str]:
    """Where the root element of a feed begins, or why there is none to be read."""
    if not text.strip():
        return Reason.EMPTY_BODY, "the body is empty"
    if len(text) > MAX_CHARS:
        return Reason.TOO_LARGE, f"more than {MAX_CHARS:,} characters"
    root = root_of(text[:ROOT_WITHIN])
    if root is None:
        return Reason.NOT_A_FEED, f"no feed in it; it begins {' '.join(text[:200].split())[:60]!r}"
    return root.start()


def root_of(head: str) -> re.Match[str] | None:
    """Where the root element of a feed begins in the first of its text; group 1 is its name."""
    return next((m for m in _ROOT.finditer(head) if m.group(1)), None)


@dataclass(slots=True)
class _Walk:
    """A walk along the tags, counting what costs more than its length."""

    open: list[str] = field(default_factory=list)
    tags: int = 0  # of the present entry
    stray: int = 0

    def trouble(self, feed: str) -> tuple[Reason, str] | None:
        for token in _TOKEN.finditer(feed):
            if token.group(4):
                self.stray += 1
            elif token.group(2) and token.group(3).count("=") > MAX_ATTRIBUTES:
                return Reason.BROKEN_FEED, f"a tag with more than {MAX_ATTRIBUTES} attributes"
            elif token.group(2):
                self._step(token.group(2).lower(), bool(token.group(1)), token.group(3).endswith("/"))
            if len(self.open) > MAX_DEPTH:
                return Reason.TOO_DEEP, f"tags are nested more than {MAX_DEPTH} deep"
            if self.tags > MAX_TAGS_OF_ENTRY:
                return Reason.BROKEN_FEED, f"an entry of more than {MAX_TAGS_OF_ENTRY:,} tags"
            if self.stray > MAX_STRAY:
                return Reason.BROKEN_FEED, f"more than {MAX_STRAY:,} tags never end"
        return None

    def _step(self, name: str, is_end: bool, is_empty: bool) -> None:
        self.tags = 0 if name in {"item", "entry"} else self.tags + 1
        if is_end and name in self.open:
            while self.open.pop() != name:
                pass
        elif not is_end and not is_empty and name not in _VOID:
            self.open.append(name)
