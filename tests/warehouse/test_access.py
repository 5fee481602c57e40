"""Each role tries what it must not do; what it must be able to do other tests show, whose jobs are the loader's."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg2
import pytest

from etl.local.postgres import Role, Server
from etl.warehouse import access
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.migrate import migrate
from tests.conftest import NOW, as_role
from tests.warehouse.factory import make_run, make_source, store

REFUSED = psycopg2.errors.InsufficientPrivilege


@pytest.fixture
def holding(db: Warehouse) -> Warehouse:
    """A warehouse with one article."""
    store(db, make_run(db), make_source(db), "The bridge over the Donets is closed.")
    return db


@pytest.fixture
def loader(holding: Warehouse, postgres: Server) -> Iterator[Warehouse]:
    yield from login(holding, postgres, "dateline_loader")


@pytest.fixture
def analyst(holding: Warehouse, postgres: Server) -> Iterator[Warehouse]:
    yield from login(holding, postgres, "dateline_analyst")


def login(db: Warehouse, server: Server, role: Role) -> Iterator[Warehouse]:
    with connect(as_role(server, f"/{db.connection.info.dbname}", role), name=role) as opened:
        yield opened


def ask(db: Warehouse, question: str) -> list[tuple[object, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("table", ["news.article", "geo.place", "ops.run", "mart.article", "mart.coverage"])
def test_the_analyst_reads(analyst: Warehouse, table: str) -> None:
    assert ask(analyst, f"SELECT count(*) FROM {table}")


WRITES = [
    "INSERT INTO ops.story_due VALUES ('2022-07-01')",
    "UPDATE news.article SET source_id = source_id",
    "DELETE FROM news.mention",
    "TRUNCATE ops.work",
    "CREATE TABLE news.mine ()",
    "CREATE TABLE public.mine ()",
    "CREATE SCHEMA mine",
    "DROP VIEW mart.article",
    "ALTER TABLE news.article ADD mine text",
    "SELECT raw.ensure_month('2031-01-01')",
    "SELECT news.ensure_bands('2031-01-01')",
    "SELECT news.retire_bands('2031-01-01', false)",
    "SELECT * FROM news.settle_versions(ARRAY[1, 2]::bigint[], now() + interval '1 day')",
    "SELECT count(*) FROM raw.blob",
    "SELECT count(*) FROM raw.blob_key",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY news.article TO PROGRAM 'cat'",
    "CREATE ROLE mine",
    "CREATE DATABASE mine",
    "SET ROLE dateline",
    "SET ROLE dateline_loader",
    "SELECT nextval('ops.run_run_id_seq')",
]


@pytest.mark.parametrize("statement", WRITES)
def test_the_analyst_writes_nothing_even_where_it_says_that_it_may(analyst: Warehouse, statement: str) -> None:
    ask(analyst, "SET default_transaction_read_only = off")
    with pytest.raises(REFUSED):
        ask(analyst, statement)


def test_the_analyst_s_questions_end(analyst: Warehouse) -> None:
    assert ask(analyst, "SHOW statement_timeout") == [("1min",)]
    assert ask(analyst, "SHOW default_transaction_read_only") == [("on",)]
    ask(analyst, "SET statement_timeout = '50ms'")
    began = time.monotonic()
    with pytest.raises(psycopg2.errors.QueryCanceled):
        ask(analyst, "SELECT pg_sleep(5)")
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE news.mine ()",
        "CREATE TABLE public.mine ()",
        "CREATE INDEX ON news.article (run_id)",
        "ALTER TABLE ops.run ADD mine text",
        "DROP TABLE ops.work",
        "DROP VIEW mart.article",
        "TRUNCATE ops.work",
        "UPDATE raw.blob SET body = ''",
        "DELETE FROM raw.blob",
        "DELETE FROM raw.blob_key",
        "UPDATE news.content SET body = 'another'",
        "DELETE FROM news.content",
        "UPDATE news.observation SET observed_at = now()",
        "DELETE FROM ops.tombstone",
        "INSERT INTO ops.tombstone (tombstone_key) VALUES ('url:x')",
        "DELETE FROM geo.place",
        "DELETE FROM public.dateline_migration",
        "CREATE ROLE mine",
        "SET ROLE dateline",
        "COPY news.article TO PROGRAM 'cat'",
        "ALTER ROLE dateline_analyst PASSWORD 'x'",
    ],
)
def test_the_loader_neither_changes_the_schema_nor_takes_back_what_was_received(
    loader: Warehouse, statement: str
) -> None:
    with pytest.raises(REFUSED):
        ask(loader, statement)


def test_the_loader_makes_partitions_through_the_owner_s_functions(loader: Warehouse) -> None:
    ask(loader, "SELECT raw.ensure_month('2031-01-01'), news.ensure_bands('2031-01-01')")
    assert ask(loader, "SELECT to_regclass('raw.blob_2031_01') IS NOT NULL") == [(True,)]
    assert ask(loader, "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'blob_2031_01'") == [
        ("dateline",)
    ]


def test_every_function_with_the_owner_s_rights_has_a_fixed_search_path_and_is_not_for_all(db: Warehouse) -> None:
    loose = ask(
        db,
        "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname IN ('raw', 'news', 'geo', 'ops', 'mart') AND p.prosecdef AND ("
        "NOT coalesce(p.proconfig::text LIKE '%search_path=%', false) "
        "OR p.provolatile = 'v' AND has_function_privilege('dateline_analyst', p.oid, 'EXECUTE'))",
    )
    assert loose == []


def test_what_a_later_migration_makes_is_granted_too(db: Warehouse, postgres: Server) -> None:
    ask(db, "CREATE TABLE ops.later (n integer)")
    for opened in login(db, postgres, "dateline_loader"):
        ask(opened, "INSERT INTO ops.later VALUES (1)")
    for opened in login(db, postgres, "dateline_analyst"):
        assert ask(opened, "SELECT n FROM ops.later") == [(1,)]


def test_where_roles_may_not_be_made_migrate_says_what_to_run_and_goes_on(db: Warehouse) -> None:
    told: list[str] = []
    assert migrate(db, today=NOW.date(), tell=told.append) == 0
    name = db.connection.info.dbname
    assert f"    CREATE ROLE {name}_loader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;" in told
    assert f"    ALTER ROLE {name}_analyst SET default_transaction_read_only = on;" in told


def test_what_migrate_says_is_what_an_administrator_can_run(db: Warehouse, postgres: Server) -> None:
    told: list[str] = []
    access.settle(db, tell=told.append)
    wanted = access.roles(db)
    with connect(postgres.url(db.connection.info.dbname, "postgres")) as administrator:
        for line in told:
            if line.startswith("    "):
                ask(administrator, line)
        try:
            told.clear()
            access.settle(db, tell=told.append)
            assert told == []
            ask(administrator, f"SET ROLE {wanted.analyst}")
            assert ask(administrator, "SELECT count(*) FROM mart.article") == [(0,)]
            with pytest.raises(REFUSED):
                ask(administrator, "SELECT count(*) FROM raw.blob")
        finally:
            ask(administrator, "RESET ROLE")
            for role in (wanted.loader, wanted.analyst):
                ask(administrator, f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_an_owner_who_may_make_roles_does(db: Warehouse, postgres: Server) -> None:
    wanted = access.roles(db)
    told: list[str] = []
    with connect(postgres.url(db.connection.info.dbname, "postgres")) as administrator:
        ask(administrator, "ALTER ROLE dateline CREATEROLE")
        try:
            access.settle(db, tell=told.append)
            assert [t.split()[1] for t in told] == [wanted.analyst, wanted.loader]
            assert ask(db, f"SELECT has_table_privilege('{wanted.analyst}', 'mart.article', 'SELECT')") == [(True,)]
        finally:
            ask(administrator, "ALTER ROLE dateline NOCREATEROLE")
            for role in (wanted.loader, wanted.analyst):
                ask(administrator, f"DROP OWNED BY {role}; DROP ROLE IF EXISTS {role}")
