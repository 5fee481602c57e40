"""A database in; where in all of it a string stands out: every column of every table, bodies unpacked."""

from __future__ import annotations

import zstandard
from psycopg2 import sql

from etl.warehouse.connect import Warehouse

TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2
"""


def places_of(db: Warehouse, words: list[str]) -> dict[str, list[str]]:
    """For each of the words (any case), the tables whose rows hold it, JSON and search words included."""
    found: dict[str, list[str]] = {w: [] for w in words}
    with db.connection.cursor() as cursor:
        cursor.execute(TABLES)
        for schema, table in cursor.fetchall():
            name = sql.Identifier(schema, table)
            for word in words:
                cursor.execute(
                    sql.SQL("SELECT count(*) FROM {} t WHERE to_jsonb(t)::text ILIKE %s").format(name), (f"%{word}%",)
                )
                if cursor.fetchone() != (0,):
                    found[word].append(f"{schema}.{table}")
        cursor.execute("SELECT blob_hash, body FROM raw.blob")
        for blob_hash, body in cursor.fetchall():
            text = zstandard.ZstdDecompressor().decompress(bytes(body)).decode("utf-8", "replace").lower()
            for word in words:
                if word.lower() in text:
                    found[word].append(f"body {bytes(blob_hash).hex()[:12]}")
    return {w: tables for w, tables in found.items() if tables}
