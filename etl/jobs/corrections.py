"""An analyst's correction in; the override held, and the texts it concerns queued to be tagged anew, out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from etl.errors import SettingError, Stage
from etl.warehouse import overrides, runs, work
from etl.warehouse.connect import Warehouse
from etl.warehouse.overrides import Correction


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the analyst said: a name, or one mention."""

    name: str | None
    mention_id: int | None
    place_id: int | None  # None: no place
    note: str
    outlet: str | None = None
    language_code: str | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of it."""

    override_id: int
    contents: int  # to be tagged anew
    conflict: str | None


def add(db: Warehouse, asked: Asked, *, code_version: str, at: datetime) -> Noted:
    """Hold the correction. Raises SettingError where the place or the mention is none."""
    if asked.place_id is not None and overrides.place_name(db, asked.place_id) is None:
        raise SettingError(f"place {asked.place_id}", "The gazetteer has no such place.")
    with db.transaction():
        override_id = overrides.add(db, _correction(db, asked), at=at)
        contents = _queue(db, override_id, f"add {override_id}", code_version, at)
    return Noted(override_id, contents, overrides.conflicts(db).get(override_id))


def end(db: Warehouse, override_id: int, *, code_version: str, at: datetime) -> int:
    """End a correction; how many texts are tagged anew. Raises SettingError where it does not hold."""
    with db.transaction():
        if not overrides.end(db, override_id, at=at):
            raise SettingError(f"override {override_id}", "There is none that holds.")
        return _queue(db, override_id, f"end {override_id}", code_version, at)


def _correction(db: Warehouse, asked: Asked) -> Correction:
    if asked.mention_id is None:
        name = asked.name or ""
        return Correction(
            surface=name,
            place_id=asked.place_id,
            note=asked.note,
            outlet=asked.outlet,
            language_code=asked.language_code,
        )
    found = overrides.mention(db, asked.mention_id)
    if found is None:
        raise SettingError(f"mention {asked.mention_id}", "There is none.")
    return Correction(
        surface=found.surface,
        place_id=asked.place_id,
        note=asked.note,
        text_hash=hashlib.sha256(found.text.encode()).digest(),
        field=found.field,
        start=found.start_offset,
    )


def _queue(db: Warehouse, override_id: int, what: str, code_version: str, at: datetime) -> int:
    """Queue the contents concerned, in a run of its own that is over at once: the next run takes them."""
    concerned = overrides.concerned(db, override_id)
    run_id = runs.begin(db, "place override", what, interval=None, code_version=code_version, at=at)
    work.queue(
        db,
        run_id,
        [{"stage": Stage.GEOTAG, "item_key": f"content:{c}", "source_id": s} for c, s in concerned],
        at,
    )
    db.run("finish_run", run_id=run_id, at=at)
    return len(concerned)
