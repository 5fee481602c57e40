"""Reads `sql/queries/*.sql`: one file a subject, each query named, described and parameterised. Out come their texts.

A query begins with `-- name: word`, then one comment line that says what it does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from etl.errors import QueryMissing
from etl.settings import ROOT

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@dataclass(frozen=True)
class Query:
    """A named query."""

    name: str
    description: str  # one sentence
    sql: str  # with psycopg2 parameters, %(name)s


def parse(text: str) -> list[Query]:
    """Split a file into its queries. Raises QueryMissing if one has no description."""
    parts = _NAME.split(text)
    found = []
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        first, _, sql = body.strip().partition("\n")
        if not first.startswith("-- "):
            raise QueryMissing(name, "A description must follow its name.")
        found.append(Query(name, first[3:], sql.strip()))
    return found


@cache
def catalogue(folder: Path = ROOT / "sql" / "queries") -> dict[str, Query]:
    """All queries by name. Raises QueryMissing when two share one."""
    found: dict[str, Query] = {}
    for path in sorted(folder.glob("*.sql")):
        for query in parse(path.read_text(encoding="utf8")):
            if query.name in found:
                raise QueryMissing(query.name, f"It is defined twice, the second time in {path.name}.")
            found[query.name] = query
    return found


def sql(name: str) -> str:
    """The text of a named query. Raises QueryMissing."""
    try:
        return catalogue()[name].sql
    except KeyError:
        raise QueryMissing(name, "Look in sql/queries.") from None
