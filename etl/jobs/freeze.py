"""A warehouse goes in; a release comes out that can be cited, checked and made again: tables, captures and the recipe.

The recipe (`release.json`) names what the tables follow from: the code, the gazetteer, the analysts' corrections, the
captures; and the hash of each table. Whoever has the captures makes the same tables with it, to the byte. What is not
made again are `source` and `coverage`: they tell how it was collected.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from etl.errors import ExportRefused
from etl.jobs import captures_out, export
from etl.jobs.deduplicate import deduplicate
from etl.jobs.export import Wish
from etl.jobs.extract import extract
from etl.jobs.fetch import batches_due, fetch, queue_archives
from etl.jobs.geotag import geotag
from etl.jobs.job import Job, begin
from etl.jobs.window import instants
from etl.records import Source, SourceKind
from etl.release import package
from etl.release.package import About, Resource
from etl.settings import ROOT, Settings
from etl.sources.captures_in import MANIFEST
from etl.warehouse import gazetteer, overrides, sources
from etl.warehouse.connect import Warehouse
from etl.warehouse.export import snapshot
from etl.warehouse.overrides import Correction

RECIPE = "release.json"
CAPTURES = "captures"
_EVER = date(1970, 1, 1), date(2999, 12, 31)
_COLLECTED = {"source", "coverage"}  # how it was collected: not made again
_CODE = ("etl/**/*.py", "sql/**/*.sql", "seeds/geo/*", "requirements.lock")

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Compared:
    """A table of a release, and as it was made again."""

    name: str
    rows: int
    is_same: bool


def freeze(
    db: Warehouse,
    settings: Settings,
    folder: Path,
    wish: Wish,
    *,
    at: datetime,
    has_captures: bool = False,
    is_replacing: bool = False,
    tell: Tell = lambda _: None,
) -> list[Resource]:
    """Write a release into `folder`, whole or not at all; its tables. Raises ExportRefused as an export does."""
    wish = replace(wish, form="csv", tables=())
    with export.whole(folder, is_replacing=is_replacing) as growing:
        with snapshot(db):
            resources = export.tables(db, growing, wish, tell=tell)
            recipe = _recipe(db, settings, growing, wish, resources)
            if has_captures:
                days = captures_out.write(db, growing / CAPTURES, *_EVER, tell=tell)
                recipe["captures"] = {"days": len(days), "captures": sum(d.captures for d in days.values())}
        (growing / RECIPE).write_text(json.dumps(recipe, indent=1, ensure_ascii=False, sort_keys=True), encoding="utf8")
        facts = {name: recipe[name] for name in ("since", "until", "outlets", "gazetteer", "holds_texts", "code")}
        package.seal(growing, resources, About(wish.title, wish.authors, at, settings.code_version, facts))
    return resources


def _recipe(db: Warehouse, settings: Settings, folder: Path, wish: Wish, resources: list[Resource]) -> dict[str, Any]:
    return {
        "format": 1,
        "dateline": settings.code_version,
        "code": code_hash(),
        **export.about(db, wish),
        "corrections": [_told(row) for row in db.rows("own_corrections")],
        "tables": {r.name: {"rows": r.rows, "sha256": package.digest(folder / r.files[0])} for r in resources},
        "captures": None,
    }


def _told(row: Any) -> dict[str, Any]:
    told = row._asdict()
    return {**told, "text_hash": bytes(row.text_hash).hex() if row.text_hash is not None else None}


def code_hash(root: Path = ROOT) -> str:
    """sha256 over all that decides what is made of captures: code, queries, hand-kept tables and locked libraries."""
    found = hashlib.sha256()
    for path in sorted({path for pattern in _CODE for path in root.glob(pattern)}):
        found.update(f"{path.relative_to(root).as_posix()} {package.digest(path)}\n".encode())
    return found.hexdigest()


def read_recipe(release: Path) -> dict[str, Any]:
    """The recipe of a release. Raises ExportRefused where there is none that this code understands."""
    try:
        recipe = json.loads((release / RECIPE).read_text(encoding="utf8"))
    except (OSError, ValueError) as error:
        raise ExportRefused(str(release), f"No release is there: {RECIPE} cannot be read ({error}).") from error
    if not isinstance(recipe, dict) or recipe.get("format") != 1:
        raise ExportRefused(str(release), "The release is of a newer Dateline; update this one.")
    return recipe


def captures_of(release: Path, given: Path | None) -> Path:
    """Where the captures are. Raises ExportRefused where they are not."""
    folder = given or release / CAPTURES
    if not (folder / MANIFEST).is_file():
        hint = "Name the folder that `dateline captures export` wrote, with --captures."
        raise ExportRefused(str(release), f"Its captures are not in {folder}. {hint}")
    return folder


def rebuild(
    db: Warehouse,
    settings: Settings,
    release: Path,
    captures: Path,
    *,
    at: datetime,
    out: Path | None = None,
    workers: int = 1,
    tell: Tell = lambda _: None,
) -> list[Compared]:
    """Make a release again in an empty warehouse that has the schema and a gazetteer, and compare table by table.

    Raises ExportRefused where the warehouse is not empty or has another gazetteer.
    """
    recipe = read_recipe(release)
    _ready(db, release, recipe)
    if recipe["code"] != code_hash():
        tell("The release was made by other code than this; differences may come of that.")
    for told in recipe["corrections"]:
        hashed = bytes.fromhex(told["text_hash"]) if told["text_hash"] else None
        overrides.add(db, Correction(**{**told, "text_hash": hashed}), at=at)
    _derive(db, settings, captures, at=at, workers=workers, tell=tell)
    wish = Wish(
        since=_day(recipe["since"]),
        until=_day(recipe["until"]),
        outlets=tuple(recipe["outlets"] or ()),
        has_texts=recipe["holds_texts"],
    )
    with _folder(out) as folder, snapshot(db):
        made = {r.name: package.digest(folder / r.files[0]) for r in export.tables(db, folder, wish, tell=tell)}
    return [
        Compared(name, table["rows"], made.get(name) == table["sha256"])
        for name, table in sorted(recipe["tables"].items())
        if name not in _COLLECTED
    ]


def _ready(db: Warehouse, release: Path, recipe: dict[str, Any]) -> None:
    if db.value("holds_articles"):
        raise ExportRefused(str(release), "It can be made again in an empty warehouse only; this one holds articles.")
    current = gazetteer.current(db)
    if current is None or current.version != recipe["gazetteer"]:
        have = current.version if current else "none"
        raise ExportRefused(str(release), f"It needs gazetteer {recipe['gazetteer']}; here is {have}.")


def _derive(db: Warehouse, settings: Settings, captures: Path, *, at: datetime, workers: int, tell: Tell) -> None:
    """Read the captures as an archive, and turn them into rows."""
    name = "captures-of-the-release"
    source = Source(name=name, kind=SourceKind.WARC, url=str(captures.resolve()), outlet=None)
    sources.synchronise(db, [source], at=at, is_whole=False)
    span = instants(_EVER[0], _EVER[1] + timedelta(days=1))
    with begin(settings, "rebuild", f"{captures.resolve()}", interval=span) as job:
        queue_archives(job, *span, names=[name])
        for batch in batches_due(job, names=[name], archives_of=span):
            tell(f"captures: {fetch(job, batch, archives_of=span).seen:,} read")
        _stages(job, workers, tell)


def _stages(job: Job, workers: int, tell: Tell) -> None:
    tell(f"articles: {extract(job, workers=workers).kept:,} versions read")
    tell(f"copies: {deduplicate(job).seen:,} compared")
    tell(f"places: {geotag(job).seen:,} tagged")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    """The folder given, or one that is gone afterwards."""
    if out is None:
        with TemporaryDirectory() as made:
            yield Path(made)
    else:
        out.mkdir(parents=True, exist_ok=True)
        yield out
