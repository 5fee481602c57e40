"""A warehouse and a wish go in; out comes a folder of files that others can read, check and cite, whole or not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, cast

from etl.errors import ExportRefused
from etl.release import geojson, package, parquet
from etl.release.package import About, Resource
from etl.release.tables import FEATURES, LAYOUTS, Table, chosen
from etl.warehouse import codebook, export
from etl.warehouse.connect import Warehouse

_OFTEN = 1 << 22  # bytes between two words of progress
Tell = Callable[[str], None]  # how far it is, for a person: now and then while a table is written, and when it is done


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be exported."""

    form: str = "csv"
    tables: tuple[str, ...] = ()  # none: all
    since: date | None = None
    until: date | None = None  # included
    outlets: tuple[str, ...] = ()  # none: all
    has_texts: bool = False
    authors: tuple[str, ...] = ("The keepers of this Dateline warehouse",)

    @property
    def params(self) -> dict[str, Any]:
        """As the queries take them."""
        return {"since": self.since, "until": self.until, "outlets": list(self.outlets) or None}

    @property
    def title(self) -> str:
        """What a citation calls it."""
        days = f"{self.since or 'the first day'} to {self.until or 'the last day held'}"
        return f"Dateline: news as rows, {days}" + (f", {', '.join(self.outlets)}" if self.outlets else "")


def write(
    db: Warehouse,
    folder: Path,
    wish: Wish,
    *,
    at: datetime,
    version: str,
    tell: Tell = lambda _: None,
    is_replacing: bool = False,
) -> list[Resource]:
    """Write the export into `folder`, from one snapshot, streaming; the resources written.

    The files grow in a folder beside it that takes its name when all is done. Raises ExportRefused when `folder` holds
    something that is no export of ours, or an export and `is_replacing` is false.
    """
    with whole(folder, is_replacing=is_replacing) as growing:
        with export.snapshot(db):
            resources = tables(db, growing, wish, tell=tell)
            facts = about(db, wish)
        package.seal(growing, resources, About(wish.title, wish.authors, at, version, facts))
    return resources


@contextmanager
def whole(folder: Path, *, is_replacing: bool) -> Iterator[Path]:
    """A folder to write into, beside `folder`; it takes its name when the block ends well, and is gone if not."""
    _free(folder, is_replacing=is_replacing)
    growing = folder.with_name(f".{folder.name}.growing")
    shutil.rmtree(growing, ignore_errors=True)
    growing.mkdir(parents=True)
    try:
        yield growing
        if folder.exists():
            shutil.rmtree(folder)
        growing.rename(folder)
    finally:
        shutil.rmtree(growing, ignore_errors=True)


def tables(db: Warehouse, folder: Path, wish: Wish, *, tell: Tell = lambda _: None) -> list[Resource]:
    """Write what is wished for into a folder, from the snapshot that is open."""
    meanings = _meanings(db)
    return [
        _write(db, folder, table, wish, meanings=meanings[table.described_by], tell=tell) for table in _wanted(wish)
    ]


def _free(folder: Path, *, is_replacing: bool) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / package.SUMS).exists():
        raise ExportRefused(str(folder), "It holds something else; name a folder that does not exist yet.")
    if not is_replacing:
        raise ExportRefused(str(folder), "An export is there already; say --replace, or name another folder.")


def _wanted(wish: Wish) -> Sequence[Table]:
    if wish.form in LAYOUTS:
        return [LAYOUTS[wish.form]]
    return [FEATURES] if wish.form.startswith("geojson") else chosen(wish.tables, has_texts=wish.has_texts)


def _write(db: Warehouse, folder: Path, table: Table, wish: Wish, *, meanings: dict[str, str], tell: Tell) -> Resource:
    counter = _Counter(table.name, tell)
    if table is FEATURES:
        path = folder / f"{table.name}.{wish.form}"
        features = export.lines(db, table.query, wish.params)
        make = geojson.collection if wish.form == "geojson" else geojson.sequence
        return Resource(table.name, table.title, (Path(path.name),), make(features, path, counter.rows))
    fields = tuple(export.fields(db, table.query, wish.params))
    if wish.form == "parquet":
        held: list[int] = []

        def feed(out: IO[bytes]) -> None:
            held.append(export.copy_csv(db, table.query, wish.params, out, header=False))

        paths = parquet.write(feed, fields, folder, table.name, by_day=table.has_days, tell=counter.rows)
        inside = tuple(f for f in fields if not (table.has_days and f.name == "day"))
        files = tuple(path.relative_to(folder) for path in paths)
        return Resource(table.name, table.title, files, held[0], inside, meanings)
    path = folder / f"{table.name}.csv"
    with path.open("wb") as out:
        rows = export.copy_csv(db, table.query, wish.params, counter.through(out))
    return Resource(table.name, table.title, (Path(path.name),), rows, fields, meanings)


class _Counter:
    """Says how far a table is."""

    def __init__(self, table: str, tell: Tell) -> None:
        self._table, self._tell, self._n = table, tell, 0

    def rows(self, more: int) -> None:
        self._n += more
        self._tell(f"{self._table}: {self._n:,} rows")

    def through(self, out: IO[bytes]) -> IO[bytes]:
        """The same file; what is written to it is counted."""
        return cast("IO[bytes]", _Counted(out, self._bytes))

    def _bytes(self, more: int) -> None:
        before, self._n = self._n, self._n + more
        if before // _OFTEN != self._n // _OFTEN:
            self._tell(f"{self._table}: {self._n / 1e6:,.0f} MB")


@dataclass(slots=True)
class _Counted:
    out: IO[bytes]
    count: Callable[[int], None]

    def write(self, data: bytes) -> int:
        self.count(len(data))
        return self.out.write(data)


def about(db: Warehouse, wish: Wish) -> dict[str, Any]:
    """What one must know of an export to trust it."""
    gazetteer = db.value("export_gazetteer")
    return {
        "since": wish.since.isoformat() if wish.since else None,
        "until": wish.until.isoformat() if wish.until else None,
        "outlets": list(wish.outlets) or None,
        "gazetteer": gazetteer,
        "holds_texts": wish.has_texts,
    }


def _meanings(db: Warehouse) -> dict[str, dict[str, str]]:
    """Relation → column → what it means."""
    return {f"{r.schema}.{r.name}": {c.name: c.meaning for c in r.columns} for r in codebook.read(db).relations}
