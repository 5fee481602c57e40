"""The bytes of a feed in UTF-8 go in; a `StatedFeed` comes out, or None where feedparser should judge. Pure.

Theory. feedparser reads a feed a tag at a time in Python: about a second a megabyte. A well-formed feed, or one whose
faults are the usual (references that are HTML's or none at all, prefixes that were never bound, something printed
after the root), has one reading,
and the standard library's own parser (expat, which feedparser uses too) gives it a hundred times faster when long
texts are lifted out first (`lifting`). What comes before the root is cut off, so nothing is ever declared or expanded
but plain entities of a prolog. Whatever is left over, None says: broken markup, entries where no entry
should be, dates in no Latin letters. fastfeedparser, as fast, was tried first: it gives dates without their
words, so a local time cannot be told from UTC, and neither what the feed says about polling nor `xml:base`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from etl.sources.fast_entry import Context, read
from etl.sources.feed_bases import based, joined
from etl.sources.feed_names import Names
from etl.sources.feed_polling import skips
from etl.sources.feed_text import MAX_CHARS, ROOT_WITHIN, root_of
from etl.sources.lifting import CONTROL, Lifted, lift, mended
from etl.sources.markup_of import OddError, text_of
from etl.sources.stated import StatedEntry, StatedFeed

_ENTRIES = ("item", "entry")
_ENTITY = re.compile(r"<!ENTITY\s+(\w+)\s+\"(&#\w{1,8};|[^&\"<%]{0,100})\"\s*>")
_NEAR = 2_000  # bytes
_STRAY = 1_000  # tags opened and not ended, more than any "/>" within a text accounts for
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def fast_read(body: bytes) -> StatedFeed | None:
    """Read a feed, known to be UTF-8."""
    if len(body) > MAX_CHARS:
        return None
    root = _root(body)
    if root is None:
        return None
    entities = dict(_ENTITY.findall(body[: root.start()].decode("utf-8", "replace")))
    feed = _one_root(body[root.start() :], root.group(1))
    parsed = _parsed(feed, entities)
    if parsed is None:
        return None
    try:
        return _stated(*parsed)
    except OddError:
        return None


def _root(body: bytes) -> re.Match[str] | None:
    """Nearly always it is near, and little is to be decoded."""
    return root_of(body[:_NEAR].decode("latin-1")) or root_of(body[:ROOT_WITHIN].decode("latin-1"))


def _one_root(feed: bytes, name: str) -> bytes:
    """The feed without what follows the end of its root, unless entries do."""
    if feed[-100:].rstrip().endswith(b"</" + name.encode("latin-1") + b">"):
        return feed
    end = feed.rfind(b"</" + name.encode("latin-1"))
    after = feed.find(b">", end) + 1
    is_more = b"<item" in feed[after:] or b"<entry" in feed[after:]
    return feed if end < 0 or after == 0 or is_more else feed[:after]


def _parsed(feed: bytes, entities: dict[str, str]) -> tuple[Element, Lifted] | None:
    lifted = lift(feed, entities)
    if lifted is None:
        return None
    try:
        return _tree(lifted.skeleton), lifted
    except ElementTree.ParseError:
        lifted = lift(feed.translate(None, CONTROL), entities, longest=0)
    if lifted is None:
        return None
    lifted = mended(lifted)
    try:
        return _tree(lifted.skeleton), lifted
    except ElementTree.ParseError:
        return None


def _tree(skeleton: bytes) -> Element:
    """Raises ParseError; at once where far more is opened than ended, which would be built up in vain."""
    stray = skeleton.count(b"<") - 2 * skeleton.count(b"</")
    if stray > _STRAY:  # looked at more closely
        stray -= skeleton.count(b"<?") + skeleton.count(b"<!") + skeleton.count(b"/>")
    if stray > _STRAY:
        raise ElementTree.ParseError("tags that never end")
    parser = ElementTree.XMLParser(encoding="utf-8")  # noqa: S314 - nothing is declared in it: nothing can expand
    parser.feed(skeleton)
    tree: Element = parser.close()
    return tree


def _stated(root: Element, lifted: Lifted) -> StatedFeed:
    names = Names(lifted.skeleton)
    kind = names[root.tag]
    is_atom = kind == "feed"
    if kind not in {"rss", "feed", "rdf_rdf"} and root.tag.lower() != "rdf":
        raise OddError("an unknown root")
    shared = Context(lifted, names, is_atom, b"base=" in lifted.skeleton or b"base =" in lifted.skeleton)
    entries = tuple(read(element, shared, base) for element, base in _entries(root, shared))
    tags = Counter(map(attrgetter("tag"), root.iter()))
    if len(entries) != sum(n for tag, n in tags.items() if names[tag] in _ENTRIES):
        raise OddError("entries where none should be")
    hours, days = skips(lifted.skeleton.decode("utf-8", "replace")) if b"<skip" in lifted.skeleton else _NEVER
    return _feed(root, shared, entries, hours, days)


_NEVER: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())


def _entries(root: Element, shared: Context) -> Iterator[tuple[Element, str]]:
    """Entries of the root and of its children, with the base of what they stand in."""
    base = based(root, "") if shared.has_bases else ""
    for child in root:
        if shared.names[child.tag] in _ENTRIES:
            yield child, base
            continue
        inside = based(child, base) if shared.has_bases else base
        yield from ((entry, inside) for entry in child if shared.names[entry.tag] in _ENTRIES)


def _feed(
    root: Element, shared: Context, entries: tuple[StatedEntry, ...], hours: frozenset[int], days: frozenset[int]
) -> StatedFeed:
    channel = next((child for child in root if shared.names[child.tag] == "channel"), root)
    said: dict[str, str] = {}
    for child in channel:
        name = shared.names[child.tag]
        if name in _SAID and (text := text_of(child, shared.lifted)):
            said.setdefault(name, text)
    return StatedFeed(
        reader="fast",
        is_atom=shared.is_atom,
        entries=entries,
        title=said.get("title"),
        link=said.get("link") or _alternate(channel, shared),
        language=said.get("language") or said.get("dc_language") or root.get(_LANG),
        ttl=said.get("ttl"),
        period=said.get("sy_updateperiod"),
        frequency=said.get("sy_updatefrequency"),
        skip_hours=hours,
        skip_days=days,
    )


_SAID = {"title", "link", "language", "dc_language", "ttl", "sy_updateperiod", "sy_updatefrequency"}


def _alternate(channel: Element, shared: Context) -> str | None:
    base = based(channel, "") if shared.has_bases else ""
    for child in channel:
        if shared.names[child.tag] == "link" and child.get("rel", "alternate").lower() == "alternate":
            return joined(base, child.get("href") or "") or None
    return None
