"""`dateline explain KIND ID`: a row of the warehouse in; the chain from it back to the bytes, for a person, out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from etl import settings


def explain_row(kind: str, row_id: int, *, as_json: bool, to_file: Path | None) -> None:
    """Print the chain of a row; with `to_file`, write the captured bytes of its first line there."""
    from etl.local.databases import open_databases
    from etl.warehouse import trace
    from etl.warehouse.connect import connect

    with open_databases(settings.read()) as databases:
        with connect(databases.analyst_url, name="explain") as db:
            lines = trace.trace(db, kind, row_id)
            gone = trace.removed(db, row_id) if not lines and kind == "article" else None
        if not lines:
            raise click.ClickException(_why_not(kind, row_id, gone))
        for line in [json.dumps(row, default=str, ensure_ascii=False) for row in lines] if as_json else told(lines):
            click.echo(line)
        if to_file is not None:
            with connect(databases.warehouse_url, name="explain") as db:  # analysts do not read bytes as received
                _write(trace.received(db, lines[0]["fetch_id"]), lines[0], to_file)


def told(lines: list[dict[str, Any]]) -> list[str]:
    """The chain, a paragraph a line of mart.trace."""
    found: list[str] = []
    for t in lines:
        found.append(f"{t['kind']} {t['id']}, {t['part']} of article {t['article_id']}")
        by = [t["made_by"], t["rule"] and f"rule {t['rule']}", t["gazetteer"] and f"gazetteer {t['gazetteer']}"]
        by.append(t["override_version"] and f"corrections {t['override_version']}")
        until = f" until {_at(t['recorded_to'])}" if t["recorded_to"] else ""
        found.append(f"  made by   {', '.join(filter(None, by))}")
        found.append(f"  held      since {_at(t['recorded_from'])}{until}")
        found.append(f"  run       {_run(t['run_id'], t['job'], t['run'])}, code {t['code_version']}")
        found.append(f"  text      content {t['content_id']}, {t['extractor']}, code {t['text_code_version']}")
        found.append(f"            {_run(t['text_run_id'], t['text_job'], t['text_run'])}")
        if t["fetch_id"] is None:
            found.append("  capture   not known")
            continue
        status = f", status {t['status']}" if t["status"] else ""
        found.append(f"  capture   {t['fetch_id']}, {t['captured_as']}, observed {_at(t['observed_at'])}{status}")
        found.append(f"            {t['requested_url']}" + _led_to(t))
        found.append(
            f"            fetched {_at(t['fetched_at'])} in {_run(t['fetch_run_id'], t['fetch_job'], t['fetch_run'])}"
        )
        found.append(f"  bytes     {t['size']:,}, sha256 {t['sha256']}, {t['bytes']}")
    return found


def _led_to(t: dict[str, Any]) -> str:
    return f" → {t['final_url']}" if t["final_url"] and t["final_url"] != t["requested_url"] else ""


def _run(run_id: int, job: str, external_id: str) -> str:
    return f"run {run_id} ({job} {external_id})"


def _at(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}Z"


def _why_not(kind: str, row_id: int, gone: Any) -> str:
    if gone is not None and gone.into_article_id:
        return f"Article {row_id} was merged into {gone.into_article_id}: explain that one, or merge {row_id}."
    if gone is not None and gone.removed_at:
        return f"Article {row_id} was taken down on {gone.removed_at:%Y-%m-%d}: {gone.reason}."
    return f"There is no {kind} {row_id} to explain."


def _write(received: Any, first: dict[str, Any], to_file: Path) -> None:
    if received is None:
        raise click.ClickException(f"The bytes of capture {first['fetch_id']} are not held: {first['bytes']}.")
    try:
        to_file.write_bytes(received.body)
    except OSError as error:
        raise click.ClickException(f"{to_file} cannot be written: {error.strerror}.") from error
    note = "as received" if received.is_as_received else "without an entry that was taken down"
    click.echo(f"{len(received.body):,} bytes written to {to_file}, {note}", err=True)
