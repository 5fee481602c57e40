"""`dateline explain`: an address or a file in; what each signal said, what won and why, and where we hold it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from etl import settings
from etl.cli.explain_row import explain_row

if TYPE_CHECKING:
    from etl.records import Capture


@click.command()
@click.argument("page", metavar="PAGE|KIND")
@click.argument("row_id", metavar="[ID]", required=False, type=int)
@click.option("--json", "as_json", is_flag=True, help="JSON: one object, or one for each line of a row's chain.")
@click.option(
    "--bytes", "to_file", type=click.Path(dir_okay=False, path_type=Path), help="With a row: write its bytes there."
)
@click.option("--allow-private", is_flag=True, help="Ask addresses of private networks, too.")
@click.option("--trace/--no-trace", default=True, help="Look the address up in the warehouse.")
def explain(
    page: str, row_id: int | None, *, as_json: bool, to_file: Path | None, allow_private: bool, trace: bool
) -> None:
    """Show how PAGE, an address or a file of HTML, is read: every signal, the winner, and why it won.

    Or show where a row of the warehouse comes from, from its rule to the bytes: `dateline explain mention 12`. KIND is
    article, content, version, mention, edit, copy (ID of the article that copies), story or merge (ID of the one
    merged away).
    """
    from etl.cli.explained import show

    if row_id is not None:
        explain_row(_kind(page), row_id, as_json=as_json, to_file=to_file)
        return
    if to_file is not None:
        raise click.UsageError("--bytes needs a row: a kind and an id, as in `dateline explain article 12`.")
    from etl.extract.explain import explain as told_of

    capture = _capture(page, allow_private=allow_private)
    told = told_of(capture)
    if trace and "://" in page:
        told["warehouse"] = _trace(page, capture.url)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
    else:
        show(told)


def _kind(word: str) -> str:
    from etl.warehouse.trace import KINDS

    if word not in KINDS:
        raise click.UsageError(f"{word!r} is no kind of row: {', '.join(KINDS)}.")
    return word


def _capture(page: str, *, allow_private: bool) -> Capture:
    from etl.records import Capture, CaptureKind

    if "://" not in page:
        body = Path(page).read_bytes() if Path(page).is_file() else None
        if body is None:
            raise click.UsageError(f"There is no file {page}, and it is no address.")
        return Capture(
            kind=CaptureKind.PAGE, url=None, observed_at=datetime.now(UTC), media_type="text/html", body=body
        )
    from etl.fetch.client import Client
    from etl.fetch.hosts import MemoryHosts
    from etl.fetch.session import Session

    configured = settings.read()
    session = Session(Client(configured.user_agent, pins=configured.pinned_hosts), MemoryHosts())
    got = session.get(page, allow_private=allow_private)
    if got.body is None:
        raise click.ClickException(f"{page} was not fetched: {got.reason or got.outcome} {got.detail}".strip())
    media = got.headers.get("content-type")
    return Capture(kind=CaptureKind.PAGE, url=got.final_url, observed_at=got.at, media_type=media, body=got.body)


def _trace(*addresses: str | None) -> list[dict[str, Any]] | str:
    """What the warehouse says of the page, under the address asked for or the one it led to."""
    from etl.dedup.canonical import url_key
    from etl.errors import DatelineError
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    keys = sorted({key for a in addresses if a and (key := url_key(a))})
    try:
        with open_databases(settings.read()) as databases, connect(databases.analyst_url, name="explain") as db:
            rows = db.rows("trace_article", keys=keys)
    except DatelineError as error:
        return f"not asked: {error}"
    return [row._asdict() for row in rows] or "not there"
