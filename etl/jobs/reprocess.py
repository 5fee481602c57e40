"""An interval in; a shadow of what today's code makes of its captures, the difference, and when approved the swap out.

What is done anew: `text` reads captures again, `places` tags what stands there, `copies` compares it; what follows from
a changed text always is. Nothing is seen before `approve`. A killed run goes on where it was; `approve` is one
transaction. What came in since the shadow was made is not lost: articles of which something else is held now, or that
another correction concerns, are read again first, and one that changes even then keeps what it has (`left_alone`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from etl.errors import ReprocessRefused, SettingError
from etl.extract import pool
from etl.geo import lexicon, neural
from etl.geo.overrides import version_of
from etl.jobs.geotag import concerned
from etl.jobs.job import Job
from etl.jobs.lookup import lookup
from etl.jobs.reread import Tools, reread
from etl.jobs.swap import Swapped, rehearse, swap
from etl.records import Override
from etl.warehouse import gazetteer, overrides, shadows, sources
from etl.warehouse.connect import Warehouse
from etl.warehouse.shadows import WHAT, Shadow

JOB = "news_reprocess"
_TEXTS = 200

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done anew."""

    start: datetime  # articles observed from then on
    end: datetime  # and before then
    what: Sequence[str] = WHAT
    source: str | None = None  # only its articles


def make(job: Job, asked: Asked, *, workers: int = 1, tell: Tell = lambda _: None) -> int:
    """Make the shadow of this run, or go on with it; its id. Raises SettingError, ReprocessRefused."""
    held = gazetteer.current(job.db)
    if held is None:
        raise SettingError("geo.gazetteer", "Run `dateline migrate`.")
    reprocess_id: int = job.db.value(
        "begin_reprocess", run_id=job.run_id, gazetteer_id=held.gazetteer_id, at=job.clock(), **_values(job, asked)
    )
    with shadows.alone(job.db, reprocess_id):
        shadow = shadows.find(job.db, reprocess_id)
        if shadow.state == "deriving":
            _refuse_others(job, shadow)
            job.db.run("cast_shadow", reprocess_id=reprocess_id)
            _derive(job, shadow, workers, tell)
            _compare(job, shadow, tell)
            shadows.settle(job.db, reprocess_id, "ready", job.clock())
    return reprocess_id


def unfinished(db: Warehouse, asked: Asked, code_version: str) -> int | None:
    """The run that was cut off while it made a shadow of just this; None if there is none."""
    held = gazetteer.current(db)
    run_id: int | None = db.value(
        "unfinished_reprocess",
        job=JOB,
        start=asked.start,
        end=asked.end,
        what=_ordered(asked.what),
        code_version=code_version,
        gazetteer_id=held.gazetteer_id if held else None,
        source_id=_source_id(db, asked.source),
    )
    return run_id


def approve(job: Job, reprocess_id: int, *, workers: int = 1, tell: Tell = lambda _: None) -> Swapped | None:
    """Swap a shadow in; None where it was before. Raises ReprocessRefused."""
    with shadows.alone(job.db, reprocess_id):
        shadow = shadows.find(job.db, reprocess_id)
        if shadow.state == "approved":
            return None
        if shadow.state != "ready":
            raise ReprocessRefused(str(reprocess_id), f"It is {shadow.state}; only one that is ready can be approved.")
        _refuse_others(job, shadow)
        work = replace(job, run_id=shadow.run_id)
        if again := _stale(work, shadow):
            tell(f"{len(again)} articles changed since and are read again")
            _derive(work, shadow, workers, tell)
        with job.db.transaction():
            with_copies = "copies" in shadow.what and job.db.value(
                "has_compared_differences", reprocess_id=reprocess_id
            )
            done = swap(work, shadow, with_copies=with_copies)
            shadows.settle(job.db, reprocess_id, "approved", done.at, left_alone=done.left_alone)
        return done


def drop(job: Job, reprocess_id: int) -> None:
    """Take a shadow away. Raises ReprocessRefused where it was approved."""
    with shadows.alone(job.db, reprocess_id):
        shadows.drop(job.db, shadows.find(job.db, reprocess_id), job.clock())


def _values(job: Job, asked: Asked) -> dict[str, object]:
    if unknown := set(asked.what) - set(WHAT) or (not asked.what and {"nothing"}):
        raise SettingError("what", f"{', '.join(sorted(unknown))}: it must be some of {', '.join(WHAT)}.")
    if asked.start >= asked.end:
        raise SettingError("start, end", f"The interval must not be empty: {asked.start} to {asked.end}.")
    return {
        "start": asked.start,
        "end": asked.end,
        "what": _ordered(asked.what),
        "source_id": _source_id(job.db, asked.source),
        "code_version": job.settings.code_version,
    }


def _ordered(what: Sequence[str]) -> list[str]:
    return [w for w in WHAT if w in what]


def _source_id(db: Warehouse, name: str | None) -> int | None:
    if name is None:
        return None
    for stored in sources.stored(db):
        if stored.source.name == name:
            return stored.source_id
    raise SettingError(name, "There is no such source; see `dateline sources list`.")


def _refuse_others(job: Job, shadow: Shadow) -> None:
    held = gazetteer.current(job.db)
    key = str(shadow.reprocess_id)
    if shadow.code_version != job.settings.code_version:
        raise ReprocessRefused(
            key,
            f"It was made by code {shadow.code_version}, this is {job.settings.code_version}; drop it, make another.",
        )
    if held is None or held.gazetteer_id != shadow.gazetteer_id:
        raise ReprocessRefused(key, "Another gazetteer is in use since it was made; drop it and make another.")


@contextmanager
def _tools(job: Job, workers: int) -> Iterator[Tools]:
    _, path = lookup(job.db, job.settings.home)
    with lexicon.Lexicon.open(path) as look_up, pool.crew(workers) as read:
        yield Tools(read, look_up, overrides.active(job.db), neural.entities if job.settings.is_spacy_heard else None)


def _derive(job: Job, shadow: Shadow, workers: int, tell: Tell) -> None:
    """Read what waits."""
    done = shadow.articles - shadow.waiting
    with _tools(job, workers) as tools:
        for some in reread(job, shadow, tools):
            done += some
            if done // 500 > (done - some) // 500:
                tell(f"{done} articles read again")


def _compare(job: Job, shadow: Shadow, tell: Tell) -> None:
    """Tell what copies, stories and edits would become."""
    tell("comparing with what is held")
    found = rehearse(job, shadow)
    with job.db.transaction():
        job.db.run("clear_compared", reprocess_id=shadow.reprocess_id)
        if found:
            job.db.run("keep_differences", reprocess_id=shadow.reprocess_id, rows=found)


def _stale(job: Job, shadow: Shadow) -> list[int]:
    """Articles to be read again before a swap; they are marked so, and new ones of the interval are listed."""
    db, reprocess_id = job.db, shadow.reprocess_id
    again = {r.article_id for r in db.rows("shadow_waits_again", reprocess_id=reprocess_id)}
    held = overrides.active(db)
    if corrected := sorted(set(_corrected(db, reprocess_id, held)) - again):
        db.run("shadow_again", reprocess_id=reprocess_id, article_ids=corrected)
    db.run("cast_shadow", reprocess_id=reprocess_id)
    return [*again, *corrected]


def _corrected(db: Warehouse, reprocess_id: int, held: Sequence[Override]) -> Iterator[int]:
    """Articles whose texts other corrections concern than when they were tagged."""
    after = 0
    while rows := db.rows("shadow_texts", reprocess_id=reprocess_id, after=after, limit=_TEXTS):
        yield from (r.main_id for r in rows if version_of(concerned(r, held)) != r.override_version)
        after = max(r.main_id for r in rows)
