"""`dateline sources …`: what is polled; look, add, check, and exchange with other readers as OPML."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from etl import settings


@click.group()
def sources() -> None:
    """What Dateline reads: the registry seeds/sources.yaml (or DATELINE_SOURCES)."""


@sources.command("list")
def list_() -> None:
    """List the registry."""
    from rich.console import Console
    from rich.table import Table

    from etl.sources import registry

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "kind", "outlet", "country", "language", "address"):
        table.add_column(heading, overflow="fold")
    for s in registry.read(settings.read().sources_file):
        table.add_row(
            s.name, s.kind, s.outlet, s.country_code, s.language_code, s.url, style=None if s.is_enabled else "dim"
        )
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(table)


@sources.command()
@click.argument("name")
@click.argument("url")
@click.option("--outlet", required=True, help="The publication, as a reader would name it.")
@click.option("--owner", help="The family the outlet belongs to.")
@click.option("--country", "country_code", help="ISO 3166 code, as UA.")
@click.option("--language", "language_code", help="ISO 639-1 code, as uk.")
@click.option("--time-zone", default="UTC", show_default=True, help="For dates without an offset.")
def add(name: str, url: str, **more: Any) -> None:
    """Add a feed to the registry as NAME, read from URL. It is polled from the next run on."""
    from etl.records import Source, SourceKind
    from etl.sources import registry

    path = settings.read().sources_file
    registry.append(path, [Source(name=name, kind=SourceKind.FEED, url=url, **more)])
    click.echo(f"Added {name} to {path}. Try it with: dateline sources check {url}")


@sources.command()
@click.argument("url")
@click.option("--allow-private", is_flag=True, help="Allow a private or loopback address.")
def check(url: str, *, allow_private: bool) -> None:
    """Say what URL is, whether it can be read, and what would be fetched. Exit 1 if it is no usable feed."""
    from etl.fetch.client import Client
    from etl.fetch.hosts import MemoryHosts
    from etl.fetch.session import Session
    from etl.sources.check import look

    configured = settings.read()
    session = Session(Client(configured.user_agent, pins=configured.pinned_hosts), MemoryHosts())
    found = look(url, get=lambda u: session.get(u, allow_private=allow_private))
    for line in found.lines:
        click.echo(line)
    sys.exit(0 if found.is_usable else 1)


@sources.command("import-opml")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_opml(path: Path) -> None:
    """Add the feeds of an OPML file that the registry does not have yet."""
    from etl.sources import opml, registry

    target = settings.read().sources_file
    held = registry.read(target)
    names, addresses = {s.name for s in held}, {s.url for s in held}
    new = [s for s in opml.read(path.read_bytes()) if s.url not in addresses and s.name not in names]
    registry.append(target, new)
    click.echo(f"{len(new)} feeds added to {target}.")


@sources.command("export-opml")
def export_opml() -> None:
    """Write the feeds of the registry as OPML to standard output."""
    from etl.sources import opml, registry

    sys.stdout.buffer.write(opml.write(registry.read(settings.read().sources_file), at=datetime.now(UTC)))
