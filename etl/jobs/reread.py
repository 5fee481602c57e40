"""Articles of a shadow in; what today's code reads in their captures, and how it tags that, out to the shadow.

An article is read whole: every observation of it and of what was merged into it, wherever in time, so that all its
versions come from one code. What it is (its keys, what it was merged with) stays. A capture that today's code refuses,
whose bytes are gone, or of which nobody knows any more what was stated, keeps what is held, and the report says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from etl.errors import Stage
from etl.extract import pool
from etl.geo.lexicon import Gazetteer
from etl.geo.opinion import Opinion
from etl.geo.overrides import version_of
from etl.jobs import difference
from etl.jobs.difference import Difference
from etl.jobs.extract import as_read
from etl.jobs.geotag import concerned, tagged_anew
from etl.jobs.job import Job
from etl.records import Override, Rejected
from etl.warehouse import captures, details, runs, shadows, taggings
from etl.warehouse.articles import Extracted, content_row
from etl.warehouse.shadows import Found, Shadow, Waiting
from etl.warehouse.tagged_json import plain
from etl.warehouse.taggings import StoredContent

_ARTICLES = 20  # read at once
_CAPTURES = 50

Key = tuple[int, bytes]  # of a content: article, hash


@dataclass(frozen=True, slots=True)
class Tools:
    """What reading works with."""

    read: pool.Extract
    look_up: Gazetteer
    overrides: Sequence[Override]
    opinion: Opinion | None = None  # of a second reader, if one is heard


@dataclass(frozen=True, slots=True)
class _Reading:
    """One observation as held, and what it says now."""

    held: Any  # row of shadow_observations
    extracted: Extracted | None = None
    kind: str = ""  # refused or unread, where nothing new is said of it
    why: str = ""
    detail: str = ""

    @property
    def key(self) -> Key:
        """The content it gives."""
        hashed = self.extracted.content_hash if self.extracted else bytes(self.held.content_hash)
        return self.held.article_id, hashed

    @property
    def moved(self) -> bool:
        """Whether it gives another content than it is held to."""
        return self.key[1] != bytes(self.held.content_hash)


@dataclass(slots=True)
class _Contents:
    """What the readings of some articles say, as the warehouse would hold it."""

    rows: dict[Key, dict[str, Any]] = field(default_factory=dict)  # new, or held with other values beside the text
    other: dict[Key, list[str]] = field(default_factory=dict)  # which values, for those held


def reread(job: Job, shadow: Shadow, tools: Tools) -> Iterator[int]:
    """Read what waits, a batch at a time; how many articles each batch had."""
    while some := shadows.waiting(job.db, shadow.reprocess_id, _ARTICLES):
        _batch(job, shadow, tools, some)
        yield len(some)


def _batch(job: Job, shadow: Shadow, tools: Tools, some: Sequence[Waiting]) -> None:
    main_of = {member: w.article_id for w in some for member in w.members}
    held = job.db.rows("shadow_observations", article_ids=sorted(main_of))
    readings = list(_read(job, held, tools.read)) if "text" in shadow.what else [_Reading(r) for r in held]
    contents = _compare(job, readings)
    stored = taggings.load(job.db, sorted({r.held.content_id for r in readings}))
    found = [(main_of[r.held.article_id], d) for r in readings for d in _refused(r)]
    found += [(main_of[a], d) for a, d in _texts(job, readings, contents)]
    before = _before(readings)
    asked = [k for k in before if k in contents.rows or "places" in shadow.what]
    tags, moved = _places(tools, {k: before[k] for k in asked}, contents, stored, _held_tags(job, before, asked))
    found += [(main_of[a], d) for a, d in moved]
    outlets = {main_of[r.held.article_id]: _outlet(stored[r.held.content_id]) for r in readings}
    rows = Found(
        done=[
            {
                "article_id": w.article_id,
                "base": w.base,
                "captures": sum(r.held.article_id in w.members and r.extracted is not None for r in readings),
            }
            for w in some
        ],
        readings=[_reading_row(r, main_of) for r in readings if r.moved],
        contents=[{"main_id": main_of[key[0]], **row} for key, row in contents.rows.items()],
        taggings=[{"main_id": main_of[row["article_id"]], **row} for row in tags],
        differences=[{"article_id": main, "outlet": outlets.get(main, ""), **asdict(d)} for main, d in found],
    )
    with job.db.transaction():
        shadows.keep(job.db, shadow.reprocess_id, rows)
        kept = [(f"capture:{r.held.fetch_id}", r.held.source_id, _ending(r)) for r in readings if r.extracted or r.kind]
        runs.note(job.db, job.run_id, Stage.EXTRACT, kept=kept, at=job.clock())


def _ending(r: _Reading) -> str:
    if r.kind:
        return f"read again: {r.kind} ({r.why}), left as it is"
    return "read again: differs" if r.moved else "read again: the same"


def _read(job: Job, held: Sequence[Any], read: pool.Extract) -> Iterator[_Reading]:
    for start in range(0, len(held), _CAPTURES):
        some = held[start : start + _CAPTURES]
        stored = {c.fetch_id: c for c in captures.load(job.db, sorted({r.fetch_id for r in some}))}
        known = [r for r in some if r.fetch_id in stored and r.hints is not None]
        results = iter(list(read(as_read(stored[r.fetch_id], r.hints) for r in known)))
        for row in some:
            if row.fetch_id not in stored:
                yield _Reading(row, kind="unread", why="no_bytes", detail="its bytes are not held any more")
            elif row.hints is None:
                yield _Reading(row, kind="unread", why="no_hints", detail="what was stated of it is not known any more")
            elif isinstance(result := next(results), Rejected):
                yield _Reading(row, kind="refused", why=result.reason, detail=result.detail)
            else:
                yield _Reading(row, Extracted(capture=stored[row.fetch_id], article=result, keys=()))


def _compare(job: Job, readings: Iterable[_Reading]) -> _Contents:
    """What is not held so. Captures with the same text may say other things beside it: one that is held is enough."""
    variants: dict[tuple[Key, str], dict[str, Any]] = {}
    for r in readings:
        if r.extracted is None:
            continue
        said = content_row(r.extracted, r.held.article_id)
        beside = details.row(r.extracted.article, r.held.article_id, r.extracted.content_hash)
        row = {"article_id": r.key[0], "content_hash": r.key[1], "said": said, "details": beside}
        variants.setdefault((r.key, json.dumps([said, beside], default=str, sort_keys=True)), row)
    keys = [key for key, _ in variants]
    rows = list(variants.values())
    found, held = _Contents(), set[Key]()
    for key, row, answer in zip(keys, rows, job.db.rows("shadow_compare", rows=rows) if rows else (), strict=True):
        if answer.content_id is not None and not answer.other:
            held.add(key)
        elif key not in found.rows:
            found.rows[key] = row | {"content_id": answer.content_id}
            found.other[key] = answer.other
    for key in held:
        found.rows.pop(key, None)
    return found


def _refused(r: _Reading) -> Iterator[Difference]:
    if r.kind:
        yield Difference(r.kind, r.why, None, r.detail[:200] or None)


def _texts(job: Job, readings: Sequence[_Reading], contents: _Contents) -> Iterator[tuple[int, Difference]]:
    said = {key: row["said"] for key, row in contents.rows.items()}
    steps = {(r.held.content_id, r.key) for r in readings if r.moved}
    said |= {
        r.key: content_row(r.extracted, r.key[0]) for r in readings if r.moved and r.extracted and r.key not in said
    }
    ids = sorted({content_id for content_id, _ in steps})
    held = {h.content_id: h._asdict() for h in job.db.rows("shadow_held", content_ids=ids)} if ids else {}
    for content_id, key in sorted(steps):
        yield from ((key[0], d) for d in difference.texts(held[content_id], said[key]))
    for key, row in contents.rows.items():
        if row["content_id"] is not None:
            yield key[0], Difference("beside", said[key]["extractor"], None, ", ".join(contents.other[key]))


def _before(readings: Sequence[_Reading]) -> dict[Key, int]:
    """The held content that each content is compared with: itself, else one it takes the place of."""
    before: dict[Key, int] = {}
    for r in readings:
        if not r.moved or r.key not in before:
            before[r.key] = r.held.content_id
    return before


def _held_tags(job: Job, before: Mapping[Key, int], asked: Sequence[Key]) -> dict[int, dict[str, Any]]:
    return shadows.tagged(job.db, sorted({before[k] for k in asked}))


def _places(
    tools: Tools,
    before: Mapping[Key, int],
    contents: _Contents,
    stored: Mapping[int, StoredContent],
    held: Mapping[int, dict[str, Any]],
) -> tuple[list[dict[str, Any]], list[tuple[int, Difference]]]:
    """Contents whose places differ, or whose text is new, as tagged now; and what differs."""
    rows, found = [], []
    for key in before:
        row = contents.rows.get(key)
        content = _as_stored(stored[before[key]], row["said"]) if row else stored[before[key]]
        mine = concerned(content, tools.overrides)
        tagged = plain(tagged_anew(content, tools.look_up, mine, tools.opinion))
        is_new = row is not None and row["content_id"] is None
        was = held.get(before[key])
        if is_new or tagged != was:
            rows.append(
                {
                    "article_id": key[0],
                    "content_hash": key[1],
                    "override_version": version_of(mine),
                    "tagged": tagged,
                }
            )
            empty: dict[str, Any] = {"mentions": [], "demonyms": [], "focus": []}
            found += [(key[0], d) for d in difference.places(was or empty, tagged)]
    return rows, found


def _as_stored(like: StoredContent, said: Mapping[str, Any]) -> StoredContent:
    """What tagging would be given of a content that is not held yet."""
    names = ("title", "standfirst", "body", "captions", "language_code", "published_at")
    return replace(like, **{name: said[name] for name in names})


def _outlet(content: StoredContent) -> str:
    return content.outlet or content.source_name


def _reading_row(r: _Reading, main_of: Mapping[int, int]) -> dict[str, Any]:
    return {
        "main_id": main_of[r.held.article_id],
        "article_id": r.held.article_id,
        "observed_at": r.held.observed_at,
        "blob_hash": bytes(r.held.blob_hash),
        "content_hash": r.key[1],
    }
