"""The schema explains itself, and every query in sql/ is one that Postgres accepts."""

from __future__ import annotations

import re

import pytest

from etl.settings import ROOT
from etl.warehouse import checks, cookbook, queries
from etl.warehouse.connect import Warehouse

UNTOLD = """
SELECT format('%s.%s%s', n.nspname, c.relname, coalesce('.' || a.attname, ''))
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('raw', 'news', 'geo', 'ops', 'mart')
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
  AND (col_description(c.oid, coalesce(a.attnum, 0)) IS NULL AND a.attnum IS NOT NULL
       OR obj_description(c.oid, 'pg_class') IS NULL)
"""


def test_every_table_view_and_column_has_a_comment(db: Warehouse) -> None:
    with db.connection.cursor() as cursor:
        cursor.execute(UNTOLD)
        assert cursor.fetchall() == []


@pytest.mark.parametrize("name", sorted(queries.catalogue()))
def test_every_named_query_is_described_in_one_sentence(name: str) -> None:
    assert re.fullmatch(r"[A-Z].*[.!?]", queries.catalogue()[name].description)


def test_every_named_query_is_used() -> None:
    """By the code; those of the cookbook are used by people."""
    code = "\n".join(p.read_text(encoding="utf8") for p in (ROOT / "etl").rglob("*.py"))
    unused = [name for name in queries.catalogue() if f'"{name}"' not in code and name not in cookbook.recipes()]
    assert unused == []


@pytest.mark.parametrize("check", checks.catalogue(), ids=lambda c: c.name)
def test_every_check_passes_on_an_empty_warehouse(db: Warehouse, check: checks.Check) -> None:
    with db.connection.cursor() as cursor:
        for run_id in (None, 1):
            cursor.execute(check.sql, {"run_id": run_id})
            assert cursor.fetchall() == []
