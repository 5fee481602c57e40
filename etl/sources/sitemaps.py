"""The body of a sitemap goes in as received; a `Sitemap` comes out, or a `Rejected` that says why not. Pure.

Indexes, lists of pages with news entries, and plain lists of addresses, each gzipped or not. The protocol's limits
hold: 50 MB unpacked, 50,000 entries. Whatever was read before a sitemap breaks off, runs over a limit or goes on as
something else is kept, and `Sitemap.rejected` says what happened to the rest.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from etl.errors import Reason, Stage
from etl.fetch.charset import decode
from etl.markup.entries import BrokenXml, entries, root_of
from etl.records import Dated, FeedItem, Rejected, Sitemap, SitemapChild
from etl.sources.feed_dates import from_iso
from etl.sources.feed_items import Context, plain, web_address
from etl.sources.json_feed import language
from etl.sources.sitemap_days import from_month

MAX_BYTES = 52_428_800
MAX_ENTRIES = 50_000
MAX_TAGS = 1_500_000
_MAX_REJECTED = 100
_GZIP = b"\x1f\x8b"
_PLAIN = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+/[\w/.,;:!~*'()@=+$&?%-]{0,2000}", re.ASCII)  # nothing to resolve
_FEEDS = frozenset({"rss", "feed", "rdf"})


def parse(body: bytes, *, url: str, fetched_at: datetime, time_zone: str = "UTC") -> Sitemap | Rejected:
    """Read a sitemap.

    `url` is where it was read from; `time_zone` the source's, for instants without an offset.
    """
    try:
        unpacked, cut = _unpacked(body)
    except zlib.error as error:
        return _rejected(Reason.BROKEN_SITEMAP, url, f"it is no gzip file: {error}")
    text, over = _bounded(decode(unpacked)[0])
    cut = cut or over
    context = Context(url, time_zone, fetched_at)
    root = root_of(text)
    if not text.strip():
        return _rejected(Reason.EMPTY_BODY, url, "the body is empty")
    if root in {"urlset", "sitemapindex"}:
        return _Reading(context).of_xml(text, cut)
    if root is None and (listed := list(_addresses(text))):
        return _Reading(context).of_lines(listed, cut)
    return _rejected(*_stranger(root, text, url))


def _stranger(root: str | None, text: str, url: str) -> tuple[Reason, str, str]:
    if root == "!doctype" and "<!entity" in text[:65_536].lower():
        return Reason.BROKEN_SITEMAP, url, "it declares entities, which a sitemap has no use for"
    if root in _FEEDS:
        return Reason.NOT_A_SITEMAP, url, "it is a feed: register it with kind feed"
    return Reason.NOT_A_SITEMAP, url, f"no sitemap in it; it begins {' '.join(text[:200].split())[:60]!r}"


def _unpacked(body: bytes) -> tuple[bytes, str | None]:
    """The bytes to read, and why there are no more of them, if there should be."""
    if not body.startswith(_GZIP):
        return body[:MAX_BYTES], f"more than {MAX_BYTES:,} bytes" if len(body) > MAX_BYTES else None
    reader = zlib.decompressobj(wbits=31)
    unpacked = reader.decompress(body, MAX_BYTES)
    if reader.eof:
        return unpacked, None
    return unpacked, f"more than {MAX_BYTES:,} bytes unpacked" if reader.unconsumed_tail else "its gzip file breaks off"


def _bounded(text: str) -> tuple[str, str | None]:
    """The text as far as it is safe to build a tree of it: ten bytes of a tag become a hundred in memory."""
    if text.count("<") <= MAX_TAGS:
        return text, None
    end = next(islice(re.finditer("<", text), MAX_TAGS, None)).start()
    return text[:end], f"more than {MAX_TAGS:,} tags"


def _addresses(text: str) -> Iterator[str]:
    """The lines of a text sitemap; none at all if its first line is no address."""
    for number, line in enumerate(text.lstrip("\ufeff \t\r\n").splitlines()):
        found = web_address(line, "") if line[:8].lower().startswith(("http://", "https://")) else None
        if number == 0 and found is None:
            return
        if line.strip():
            yield found or ""


@dataclass(slots=True)
class _Reading:
    """What was read of one sitemap so far."""

    context: Context
    children: dict[str, SitemapChild] = field(default_factory=dict)  # by address; said twice counts once
    items: dict[str, FeedItem] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)  # of publications
    languages: Counter[str] = field(default_factory=Counter)
    seen: int = 0

    def of_xml(self, text: str, cut: str | None) -> Sitemap | Rejected:
        try:
            for name, stated in entries(text, ("url", "sitemap")):
                if self._is_full():
                    break
                self._take(name, stated)
        except BrokenXml as broken:
            self._cut_off(Reason.BROKEN_SITEMAP, cut or str(broken))
        return self._whole()

    def of_lines(self, listed: list[str], cut: str | None) -> Sitemap | Rejected:
        for line in listed[: MAX_ENTRIES + 1]:
            if not self._is_full():
                self._take("url", {"loc": line})
        if cut:
            self._cut_off(Reason.BROKEN_SITEMAP, cut)
        return self._whole()

    def _is_full(self) -> bool:
        self.seen += 1
        if self.seen > MAX_ENTRIES:
            self._cut_off(Reason.TOO_LARGE, f"more than {MAX_ENTRIES:,} entries")
        return self.seen > MAX_ENTRIES

    def _cut_off(self, reason: Reason, why: str) -> None:
        count = len(self.children) + len(self.items)
        self.rejected.append(_rejected(reason, self.context.url, f"{why}; {count:,} entries before that are kept"))

    def _take(self, name: str, stated: Mapping[str, str]) -> None:
        # A path inside CDATA, or escaped twice, still has its ampersands written out.
        raw = stated.get("loc", "").replace("&amp;", "&")
        loc = raw if _PLAIN.fullmatch(raw) else web_address(raw, self.context.url)
        if loc is None:
            if len(self.rejected) < _MAX_REJECTED:
                detail = f"no usable address: {stated.get('loc', '')[:200]!r}"
                self.rejected.append(_rejected(Reason.BAD_ITEM, f"entry {self.seen}", detail))
        elif name == "sitemap":
            self.children.setdefault(loc, SitemapChild(loc, self._dated(stated.get("lastmod"))))
        elif loc not in self.items:
            self._page(loc, stated)

    def _page(self, loc: str, stated: Mapping[str, str]) -> None:
        news = {key.rpartition("/")[2]: value for key, value in stated.items() if key.startswith("news/")}
        spoken, title = language(news.get("language")), plain(news.get("title"))
        published, updated = self._dated(news.get("publication_date")), self._dated(stated.get("lastmod"))
        self.names.update(filter(None, [plain(news.get("name"))]))
        self.languages.update(filter(None, [spoken]))
        said = [title, loc, published.raw if published else None, updated.raw if updated else None]
        self.items[loc] = FeedItem(
            guid=loc,
            url=loc,
            title=title,
            published=published,
            updated=updated,
            stated_hash=hashlib.blake2b(json.dumps(said).encode(), digest_size=16).digest(),
            language_code=spoken,
        )

    def _dated(self, raw: str | None) -> Dated | None:
        if not raw:
            return None
        zone, at = self.context.time_zone, self.context.fetched_at
        return (
            from_iso(raw, time_zone=zone, fetched_at=at)
            or from_month(raw, fetched_at=at)
            or from_iso(_of_mail(raw), time_zone=zone, fetched_at=at)
        )

    def _whole(self) -> Sitemap | Rejected:
        if self.rejected and not (self.children or self.items):
            return replace(self.rejected[0], key=self.context.url)
        return Sitemap(
            url=self.context.url,
            children=tuple(self.children.values()),
            items=tuple(self.items.values()),
            title=next((name for name, _ in self.names.most_common(1)), None),
            language_code=next(iter(self.languages)) if len(self.languages) == 1 else None,
            rejected=tuple(self.rejected),
        )


def _of_mail(raw: str) -> str | None:
    """A date as mail and feeds write it, which some sitemaps do too."""
    try:
        return parsedate_to_datetime(raw[:200]).isoformat()
    except ValueError:
        return None


def _rejected(reason: Reason, key: str, detail: str) -> Rejected:
    return Rejected(Stage.FETCH, reason, key, detail)
