"""`sql/checks/*.sql`: each is a query that returns the offending rows. Run they say what is wrong, and where.

A check begins with `-- severity: error|warning`, then `-- why: …`; an error fails the run.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from psycopg2.extras import RealDictCursor

from etl.errors import QueryMissing
from etl.settings import ROOT
from etl.warehouse.connect import Warehouse

_HEAD = re.compile(r"-- severity: (error|warning)\n-- why: (.+)\n")
_SAMPLE = 20  # rows kept of what was found
_CHUNK = 5000


@dataclass(frozen=True)
class Check:
    """One file of sql/checks."""

    name: str
    severity: Literal["error", "warning"]
    why: str
    sql: str


@dataclass(frozen=True)
class Finding:
    """What a check found: nothing, if it passed."""

    check: Check
    offending: int
    sample: tuple[dict[str, Any], ...]  # the first rows

    @property
    def is_failure(self) -> bool:
        """Whether the run must fail for it."""
        return bool(self.offending) and self.check.severity == "error"


@cache
def catalogue(folder: Path = ROOT / "sql" / "checks") -> tuple[Check, ...]:
    """All checks by name. Raises QueryMissing for one without severity and why."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        text = path.read_text(encoding="utf8")
        head = _HEAD.match(text)
        if not head:
            raise QueryMissing(path.name, "A check begins with `-- severity: error|warning` and `-- why: …`.")
        severity: Literal["error", "warning"] = "error" if head[1] == "error" else "warning"
        found.append(Check(path.stem, severity, head[2], text[head.end() :].strip().rstrip(";")))
    return tuple(found)


def look_at(db: Warehouse, check: Check, run_id: int | None) -> Finding:
    """Run one check; counts what it finds without holding it: over all runs that may be every row there is."""
    with db.transaction(), db.connection.cursor("check", cursor_factory=RealDictCursor) as cursor:
        cursor.execute(check.sql, {"run_id": run_id})
        first = cursor.fetchmany(_SAMPLE)
        rest = iter(lambda: len(cursor.fetchmany(_CHUNK)), 0) if len(first) == _SAMPLE else ()
        return Finding(check, len(first) + sum(rest), tuple(dict(r) for r in first))


def look(db: Warehouse, run_id: int | None = None) -> list[Finding]:
    """Run every check, for one run or over all, and remember nothing."""
    return [look_at(db, check, run_id) for check in catalogue()]


def run(db: Warehouse, run_id: int, *, at: datetime) -> list[Finding]:
    """Run every check for a run and remember what was found."""
    findings = look(db, run_id)
    for finding in findings:
        remember(db, run_id, finding, at=at)
    return findings


def remember(db: Warehouse, run_id: int, finding: Finding, *, at: datetime) -> None:
    """Write down what a check found of a run; found again, it is written over."""
    db.run(
        "remember_check",
        run_id=run_id,
        check_name=finding.check.name,
        severity=finding.check.severity,
        offending=finding.offending,
        sample=json.dumps(finding.sample, default=str, ensure_ascii=False),
        at=at,
    )
