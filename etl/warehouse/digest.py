"""A warehouse in; one digest of what it holds now out, and one a table, day or source, to find where two differ.

Rows are hashed by natural keys and values (`sql/queries/digest.sql`), so two warehouses that were given the same
captures have the same digest, whatever the order of arrival, the runs, the ids and the times of recording. Postgres
hashes and rolls up by day and source; here those are hashed in order, so memory grows with days and sources, not rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from etl.warehouse.connect import Warehouse

By = Literal["table", "day", "source"]

TABLES = {
    "articles": "digest_articles",
    "keys": "digest_keys",
    "observations": "digest_observations",
    "versions": "digest_versions",
    "contents": "digest_contents",
    "tagged": "digest_tagged",
    "mentions": "digest_mentions",
    "candidates": "digest_candidates",
    "demonyms": "digest_demonyms",
    "focus": "digest_focus",
    "copies": "digest_copies",
    "stories": "digest_stories",
    "edits": "digest_edits",
    "sightings": "digest_sightings",
    "upstream": "digest_upstream",
    "overrides": "digest_overrides",
}


@dataclass(frozen=True, slots=True)
class Part:
    """What was hashed of a table, or of its rows of one day or source."""

    rows: int
    digest: str  # sha256, hex


@dataclass(frozen=True, slots=True)
class Digest:
    """What a warehouse holds now."""

    digest: str  # sha256 over the tables, hex
    tables: Mapping[str, Part]
    by: By = "table"
    parts: Mapping[str, Mapping[str, Part]] = field(default_factory=dict)  # table → day or source → part

    @property
    def document(self) -> dict[str, Any]:
        """As it is written to a file."""
        tables = {name: {"rows": p.rows, "digest": p.digest} for name, p in self.tables.items()}
        parts = {
            name: {key: {"rows": p.rows, "digest": p.digest} for key, p in some.items()}
            for name, some in self.parts.items()
        }
        return {"digest": self.digest, "by": self.by, "tables": tables, "parts": parts}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Digest:
        """One read back from a file. Raises KeyError or TypeError where it is none."""
        tables = {name: Part(p["rows"], p["digest"]) for name, p in document["tables"].items()}
        parts = {
            name: {key: Part(p["rows"], p["digest"]) for key, p in some.items()}
            for name, some in document["parts"].items()
        }
        return cls(document["digest"], tables, document["by"], parts)


@dataclass(slots=True)
class _Sum:
    """A part in the making."""

    rows: int = 0
    hashed: Any = field(default_factory=hashlib.sha256)

    def add(self, day: str, source: str, rows: int, digest: bytes) -> None:
        self.rows += rows
        told = source.encode()
        self.hashed.update(f"{day}\x00{len(told)}\x00".encode() + told + rows.to_bytes(8, "big") + digest)

    @property
    def part(self) -> Part:
        return Part(self.rows, self.hashed.hexdigest())


def digest(db: Warehouse, *, by: By = "table", start: date | None = None, end: date | None = None) -> Digest:
    """Hash what holds now of articles first observed from `start` up to, not including, `end`; of all, if not given.

    One picture of the warehouse for all tables, in a transaction of its own that leaves nothing behind: not to be
    called inside another. The digest of everything and of each table is the same whatever `by` says.
    """
    window = {"first_on": start.isoformat() if start else "", "end_on": end.isoformat() if end else "~"}
    tables: dict[str, Part] = {}
    parts: dict[str, dict[str, Part]] = {}
    with db.transaction():
        db.run("digest_begin")
        db.run("digest_name", **window)
        for name, query in TABLES.items():
            whole, some = _table(db.rows(query, **window), by)
            tables[name] = whole.part
            if by != "table":
                parts[name] = {key: s.part for key, s in some.items()}
    total = hashlib.sha256()
    for name, part in tables.items():
        total.update(f"{name}\x00{part.rows}\x00{part.digest}\n".encode())
    return Digest(total.hexdigest(), tables, by, parts)


def _table(groups: list[Any], by: By) -> tuple[_Sum, dict[str, _Sum]]:
    whole, some = _Sum(), dict[str, _Sum]()
    for day, source, rows, hashed in groups:
        of = [whole] if by == "table" else [whole, some.setdefault(day if by == "day" else source, _Sum())]
        for one in of:
            one.add(day, source, rows, bytes(hashed))
    return whole, some


def differences(one: Digest, other: Digest) -> Iterator[tuple[str, str, Part, Part]]:
    """Where two differ: table, day or source ('' for the table as a whole), what one has and what the other has."""
    for name in {**one.tables, **other.tables}:
        a, b = one.tables.get(name, _NONE), other.tables.get(name, _NONE)
        if a == b:
            continue
        yield name, "", a, b
        if one.by == other.by:
            mine, theirs = one.parts.get(name, {}), other.parts.get(name, {})
            for key in sorted({*mine, *theirs}):
                if mine.get(key) != theirs.get(key):
                    yield name, key, mine.get(key, _NONE), theirs.get(key, _NONE)


_NONE = Part(0, "")
