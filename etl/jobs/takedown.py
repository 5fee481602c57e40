"""An article and a reason in; all of its text gone from the warehouse, for good, and what that leaves to decide out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import zstandard

from etl.dedup.canonical import url_key
from etl.dedup.quoted import Quoted
from etl.errors import NotYours, Stage, TakedownRefused
from etl.sources import redaction
from etl.warehouse import runs, takedown, tombstones, work
from etl.warehouse.connect import Warehouse
from etl.warehouse.takedown import Found

_URL = re.compile(r"https?://[^\s\"'<>\]\\]+")

Redacted = tuple[bytes, bytes | None, bytes | None]  # sha256 as received, what is left compressed, its sha256


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes, and what stays to be decided on."""

    found: Found
    listings: tuple[Redacted, ...]  # those that show it

    @property
    def dropped(self) -> int:
        """Listings in which its entry cannot be told from the others: the whole body goes."""
        return sum(left is None for _, left, _ in self.listings)


def target(db: Warehouse, named: str) -> int:
    """The article of an id or an address. Raises TakedownRefused where there is none, or several."""
    key = url_key(named) if "://" in named else named
    by_id = int(named) if named.isdecimal() and len(named) < 19 else None
    found = takedown.targets(db, article_id=by_id, keys=[key] if key and by_id is None else [])
    if len(found) != 1:
        raise TakedownRefused(named, "No article is known by it." if not found else f"It leads to several: {found}.")
    return found[0]


def plan(db: Warehouse, article_id: int) -> Plan:
    """Look for all that has to go. Raises NotYours for a login that does not own the warehouse."""
    if not db.value("may_take_down"):
        raise NotYours("takedown", "Log in as the role that owns the warehouse.")
    found = takedown.find(db, article_id)
    meant = _meant(found.keys, found.texts)
    shown = [r for h, body in takedown.bodies(db, found.listings) if (r := _without(h, body, meant))]
    return Plan(found, tuple(shown))


def take_down(db: Warehouse, article_id: int, reason: str, *, code_version: str, at: datetime) -> Plan:
    """Remove it, all or nothing; what was like it is compared anew by the next run. A repeat changes nothing."""
    with db.transaction():
        takedown.lock(db)
        planned = plan(db, article_id)
        found = planned.found
        name = f"article {article_id}, {at.isoformat()}"
        run_id = runs.begin(db, "takedown", name, interval=None, code_version=code_version, at=at)
        takedown.erase(db, found, reason=reason, run_id=run_id, at=at)
        tombstones.redact(db, article_id, [(h, None, None) for h in found.blobs], at)
        tombstones.redact(db, article_id, planned.listings, at)
        rows = [
            {"stage": Stage.DEDUPLICATE, "item_key": f"content:{content_id}", "source_id": source_id}
            for content_id, source_id in takedown.again(db, [a.article_id for a in found.alike])
        ]
        work.queue(db, run_id, rows, at)
        db.run("finish_run", run_id=run_id, at=at)
    return planned


def lift(db: Warehouse, article_id: int, *, at: datetime) -> int:
    """Let the article in again when it is next met; what was removed stays so. Answers how many keys were freed."""
    if not db.value("may_take_down"):
        raise NotYours("takedown", "Log in as the role that owns the warehouse.")
    with db.transaction():
        members = [m.article_id for m in db.rows("takedown_members", article_id=article_id)]
        freed: int = db.value("lift_takedown", articles=members, at=at)
    if not freed:
        raise TakedownRefused(f"article {article_id}", "It was not taken down.")
    return freed


def scrub(db: Warehouse, shown: Sequence[tuple[bytes, Sequence[str]]], at: datetime) -> None:
    """Of listings just stored, (body, keys of their entries): take out the entries of articles taken down."""
    held = tombstones.owners(db, [f"url:{k}" for _, keys in shown for k in keys])
    for body, keys in shown:
        for mark, article_id in held.items():
            if mark.removeprefix("url:") in keys:
                redacted = _without(hashlib.sha256(body).digest(), body, _meant([mark.removeprefix("url:")], []))
                tombstones.redact(db, article_id, [redacted] if redacted else [], at)


def _meant(keys: Sequence[str], texts: Sequence[str]) -> Callable[[str], bool]:
    """Whether the source text of a listing, or of an entry, leads to the article or quotes it."""
    quoted, wanted = Quoted(texts), set(keys)

    def meant(source: str) -> bool:
        plain = redaction.plain(source)
        addresses = set(_URL.findall(source.replace("&amp;", "&"))) | set(_URL.findall(plain))
        return any(url_key(a) in wanted for a in addresses) or quoted.is_in(plain)

    return meant


def _without(blob_hash: bytes, body: bytes, meant: Callable[[str], bool]) -> Redacted | None:
    """The listing without the article; None where it does not show it."""
    if not meant(redaction.readable(body)):
        return None
    left = redaction.redact(body, meant)
    if left is None or meant(redaction.readable(left)):
        return blob_hash, None, None
    return blob_hash, zstandard.ZstdCompressor(level=6).compress(left), hashlib.sha256(left).digest()
