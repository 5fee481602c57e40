"""What one entry states goes in, whatever format it came in; a `FeedItem` comes out, or why it cannot be used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

import xxhash

from etl.errors import Reason, Stage
from etl.records import Dated, FeedItem, LaterText, Rejected

_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--[^>]*--)>")
_SPACE = re.compile(r"[ \t\r\n\f]+")  # what HTML folds; other spaces are the publisher's
MADE_UP = "hash:"  # begins the id of an entry that states neither id nor link
_MAX_URL = 4_000
_USUAL = re.compile(  # addresses that joining and splitting would leave as they are, which takes ten times as long
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w/.,%+~=&@!:-]*)?(?:\?[\w/.,%+~=&@!:-]+)?(?:#[\w/.,%+~=&@!:-]+)?",
    re.ASCII,
)
_MAX_TITLE = 2_000
_MAX_AUTHORS = 20


@dataclass(frozen=True, slots=True)
class Context:
    """What the entries of one feed share."""

    url: str  # where the feed was read from
    time_zone: str  # the source's, for dates without an offset
    fetched_at: datetime


def item(
    *,
    guid: str | None,
    links: Iterable[str | None],
    base: str,
    title: str | None,
    texts: Iterable[str | LaterText | None],
    authors: Sequence[str | None],
    published: Dated | None,
    updated: Dated | None,
    place: int,
) -> FeedItem | Rejected:
    """An entry with the first of its links that can be asked for; its texts (HTML) are not read where a link is."""
    url = None
    for link in links:
        if link and (url := web_address(link, base)):
            break
    kept = tuple([text for text in texts if text])
    if url is None and not any((text if isinstance(text, str) else text.read()).strip() for text in kept):
        return Rejected(Stage.FETCH, Reason.BAD_ITEM, guid or f"entry {place}", "neither a link nor a text")
    title = plain(title)
    published_raw = published.raw if published else ""
    words = [title or "", url or "", published_raw, updated.raw if updated else ""]
    made = _hash(words, kept)
    if not (guid := (guid or "").strip() or url):
        guid = MADE_UP + (_hash([title, published_raw], ()) if title else made).hex()
    return FeedItem(
        guid=guid,
        url=url,
        title=title,
        texts=kept,
        authors=_names(authors) if authors else (),
        published=published,
        updated=updated,
        stated_hash=made,
    )


def _names(authors: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for a in authors if (name := plain(a))))[:_MAX_AUTHORS]


def _hash(words: Sequence[str], texts: Sequence[str | LaterText]) -> bytes:
    """Parted by what occurs in none, since it is no character of XML."""
    made = xxhash.xxh3_128("\x1f".join(words).encode("utf-8", "surrogatepass"))
    for text in texts:
        made.update(b"\x1f")
        made.update(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text.raw)
    return made.digest()


def told_apart(items: Sequence[FeedItem]) -> tuple[FeedItem, ...]:
    """Some feeds give every entry the same id: an id that leads to several pages is none, and the link stands in."""
    if len({i.guid for i in items}) == len(items):
        return tuple(items)
    pages: dict[str, set[str | None]] = defaultdict(set)
    for i in items:
        pages[i.guid].add(i.url)
    return tuple(replace(i, guid=i.url) if i.url and len(pages[i.guid]) > 1 else i for i in items)


def web_address(link: str | None, base: str) -> str | None:
    """An absolute http(s) address, or None."""
    if link and len(link) <= _MAX_URL and _USUAL.fullmatch(link) and "/." not in link:
        return link
    if not link or not link.strip():
        return None
    try:
        url = urljoin(base, "".join(link.split("\n")).strip())
        parts = urlsplit(url)
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and len(url) <= _MAX_URL
    except ValueError:
        return None
    return url if is_usable else None


def plain(text: str | None) -> str | None:
    r"""A title or name as text: tags out, entities read, white space folded.

    >>> plain(" <b>Sun</b> &amp;\n rain ")
    'Sun & rain'
    """
    if not text:
        return None
    text = text[:_MAX_TITLE]
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = unescape(text)
    if "  " in text or not text.isprintable():
        text = _SPACE.sub(" ", text)
    return text.strip() or None
