"""An article goes in; what there is of it comes out, and, when told to, goes: texts, quotes of them, marks, bodies.

What stays: ids, addresses, times, who copied whom in the past and how many there were, so that counts and questions as
of a time explain themselves. One transaction that holds the locks of loaders; a repeat changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import zstandard

from etl.dedup.canonical import url_key
from etl.dedup.quoted import text_hash
from etl.warehouse.connect import Warehouse

_MOST_BODIES = 50  # unpacked at once


@dataclass(frozen=True, slots=True)
class Alike:
    """An article that stays, whose text is like the one taken down."""

    article_id: int
    outlet: str | None
    title: str | None
    kind: str
    similarity: float
    is_copy: bool  # it copies the one taken down; else it is its origin, or merely like it
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What there is of an article and those merged into it."""

    article_id: int
    articles: tuple[int, ...]
    keys: tuple[str, ...]
    contents: tuple[Any, ...]  # content_id, article_id, title, standfirst, body, captions
    fetch_ids: tuple[int, ...]  # its own requests
    run_ids: tuple[int, ...]  # the runs in which it may have been asked for
    blobs: tuple[bytes, ...]  # bodies only it uses
    shared: dict[bytes, int]  # bodies that another article was read from, with that article
    listings: tuple[bytes, ...]  # bodies of listings that may show it
    alike: tuple[Alike, ...]
    counts: dict[str, int]

    @property
    def texts(self) -> list[str]:
        """Every text it ever said."""
        return [t for c in self.contents for t in (c.title, c.standfirst, c.body, c.captions) if t]


def targets(db: Warehouse, *, article_id: int | None = None, keys: Sequence[str] = ()) -> list[int]:
    """The main articles of an id or of keys."""
    return [r.article_id for r in db.rows("takedown_targets", article_id=article_id, keys=list(keys))]


def find(db: Warehouse, article_id: int) -> Found:
    """Look for all of an article."""
    members = db.rows("takedown_members", article_id=article_id)
    articles = [m.article_id for m in members]
    keys = sorted({k for m in members for k in m.keys})
    captured = db.rows("takedown_captures", articles=articles)
    requests = db.rows("takedown_requests", articles=articles)
    own = {r.fetch_id: bytes(r.blob_hash) for r in captured}
    listings: set[bytes] = set()
    for r in requests:
        if r.kind == "feed":
            listings.add(bytes(r.blob_hash))
        elif _is_under(keys, r.requested_url, r.final_url):
            own[r.fetch_id] = bytes(r.blob_hash)
    listings |= {bytes(r.blob_hash) for r in db.rows("takedown_listings", fetch_ids=sorted(own))}
    hashes = sorted(set(own.values()))
    shared = {bytes(r.blob_hash): r.article_id for r in db.rows("takedown_shared", hashes=hashes, articles=articles)}
    return Found(
        article_id=article_id,
        articles=tuple(articles),
        keys=tuple(keys),
        contents=tuple(db.rows("takedown_contents", articles=articles)),
        fetch_ids=tuple(sorted(own)),
        run_ids=tuple(sorted({r.run_id for r in (*captured, *requests)})),
        blobs=tuple(h for h in hashes if h not in shared),
        shared=shared,
        listings=tuple(sorted(listings - set(hashes))),
        alike=tuple(Alike(*r) for r in db.rows("takedown_copies", articles=articles)),
        counts=db.one("takedown_counts", articles=articles)._asdict(),
    )


def _is_under(keys: Sequence[str], *addresses: str | None) -> bool:
    return any(a and (a in keys or url_key(a) in keys) for a in addresses)


def bodies(db: Warehouse, hashes: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Bodies held, as (sha256 as received, bytes), a few in memory at a time."""
    unpack = zstandard.ZstdDecompressor()
    for n in range(0, len(hashes), _MOST_BODIES):
        for r in db.rows("load_bodies", hashes=list(hashes[n : n + _MOST_BODIES])):
            yield bytes(r.blob_hash), unpack.decompress(bytes(r.body))


def marks(found: Found) -> list[dict[str, Any]]:
    """What it would be known by if it came again: addresses, bytes, the words of each text."""
    said = {text_hash(c.body) for c in found.contents if c.body != "[taken down]"} - {None}
    every = [f"url:{k}" for k in found.keys]
    every += [f"sha256:{h.hex()}" for h in found.blobs] + [f"text:{h}" for h in sorted(filter(None, said))]
    rows = [{"tombstone_key": m, "article_id": found.article_id} for m in every]
    return rows + [{"tombstone_key": f"article:{a}", "article_id": a} for a in found.articles if a != found.article_id]


def erase(db: Warehouse, found: Found, *, reason: str, run_id: int, at: datetime) -> None:
    """Remove all but bodies, in a transaction that holds the locks (`lock`)."""
    articles, keys, fetch_ids = list(found.articles), list(found.keys), list(found.fetch_ids)
    items = [f"capture:{n}" for n in fetch_ids] + [f"content:{c.content_id}" for c in found.contents]
    items += [f"page:{k}" for k in keys]
    db.run("bury", rows=marks(found), reason=reason, at=at)
    db.run("cancel_work", items=items, keys=keys, run_id=run_id, at=at)
    db.run("forget_compared", article_ids=articles, at=at)
    db.run("close_articles", articles=articles, at=at)
    db.run("erase_beside", articles=articles)
    db.run("erase_contents", articles=articles)
    db.run("erase_requests", fetch_ids=fetch_ids, run_ids=list(found.run_ids), keys=keys, items=items)
    ids = [*articles, *(c.content_id for c in found.contents)]
    db.run("erase_samples", pattern=rf"\m({'|'.join(map(str, ids))})\M")


def lock(db: Warehouse) -> None:
    """Keep loaders from deciding on articles, stories and copies until the transaction ends; in their order."""
    db.run("lock_articles")
    db.run("lock_stories")
    db.run("lock_copies")


def again(db: Warehouse, articles: Iterable[int]) -> list[tuple[int, int]]:
    """Contents of articles that stay, to be compared anew: (content, source)."""
    rows = db.rows("contents_of_articles", article_ids=sorted(articles))
    return [(r.content_id, r.source_id) for r in rows]
