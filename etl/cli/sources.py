"""`dateline sources …`: what is read; look, add, check, switch off, and exchange with other readers as OPML."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from etl import settings

if TYPE_CHECKING:
    from etl.records import Source
    from etl.sources.check import Found

_KINDS = ("feed", "sitemap", "pages", "warc", "files")


@click.group()
def sources() -> None:
    """What Dateline reads: the registry seeds/sources.yaml (or DATELINE_SOURCES)."""


@sources.command("list")
@click.option("--kind", type=click.Choice(_KINDS), help="Only sources of this kind.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with every key.")
def list_(kind: str | None, *, as_json: bool) -> None:
    """List the registry; what is switched off is shown as off."""
    from etl.sources import registry

    held = [s for s in registry.read(settings.read().sources_file) if kind in {None, s.kind}]
    if as_json:
        import dataclasses

        for source in held:
            click.echo(json.dumps(dataclasses.asdict(source), ensure_ascii=False))
        return
    _table(held)


def _table(held: list[Source]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "kind", "outlet", "country", "language", "", "address"):
        table.add_column(heading, overflow="fold")
    for s in held:
        state = "" if s.is_enabled else "off"
        row = (s.name, s.kind, s.outlet, s.country_code, s.language_code, state, s.url)
        table.add_row(*row, style=None if s.is_enabled else "dim")
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(table)


@sources.command()
@click.argument("name")
@click.argument("url")
@click.option("--kind", type=click.Choice(_KINDS), default="feed", show_default=True)
@click.option("--outlet", required=True, help="The publication, as a reader would name it.")
@click.option("--owner", help="The family the outlet belongs to.")
@click.option("--country", "country_code", help="ISO 3166 code, as UA.")
@click.option("--language", "language_code", help="ISO 639-1 code, as uk.")
@click.option("--region", "home_region", help="Where it is at home, as US.TX; for the geotagger.")
@click.option("--time-zone", default="UTC", show_default=True, help="For dates without an offset.")
@click.option("--selector", "link_selector", help="CSS selector of the links to articles; only for pages.")
@click.option("--tier", type=int, default=2, show_default=True, help="1 agency or national, 2 regional, 3 other.")
def add(name: str, url: str, kind: str, **more: Any) -> None:
    """Add a source to the registry as NAME, read from URL (for warc and files a path).

    It is read from the next run on. `dateline sources check URL --add` adds what it finds, unasked for the details.
    """
    from etl.records import Source, SourceKind
    from etl.sources import registry

    path = settings.read().sources_file
    registry.append(path, [Source(name=name, kind=SourceKind(kind), url=url, **more)])
    click.echo(f"Added {name} to {path}. Try it with: dateline sources check {url}")


@sources.command()
@click.argument("url")
@click.option("--selector", help="CSS selector of the links to articles, to try on a page.")
@click.option("--allow-private", is_flag=True, help="Allow a private or loopback address.")
@click.option("--add", "name", metavar="NAME", help="Add what was found to the registry under this name.")
@click.option("--json", "as_json", is_flag=True, help="The findings as one JSON object.")
def check(url: str, *, selector: str | None, allow_private: bool, name: str | None, as_json: bool) -> None:
    """Say what URL (or a path) is, whether it can be read, and what would be fetched.

    A feed, a sitemap or index of sitemaps, a page that lists articles, an article, a home page that leads to any of
    these, a WARC file, a folder or list of them, a folder of dated files. Says what robots.txt and the publisher's
    opt-outs from AI training and text mining state, how often it publishes, and how to write it into the registry.
    Exit 0 if it, or a feed it names, can be read; 1 if not.
    """
    found = _found(url, selector, allow_private=allow_private, is_quiet=as_json)
    click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2) if as_json else "\n".join(found.lines))
    known = _known_as(found)
    if known:
        click.echo(f"it is in the registry already, as {known}", err=True)
    elif name and found.suggestion:
        _add_found(found.suggestion, name)
    sys.exit(0 if found.suggestion else 1)


def _found(url: str, selector: str | None, *, allow_private: bool, is_quiet: bool) -> Found:
    from etl.sources.check import Found, look

    configured = settings.read()
    if "://" not in url:
        from etl.sources.check_path import examine_path

        home = configured.sources_file.parent.resolve()
        path = next((p for p in (Path(url), home / url) if p.exists()), Path(url))
        examined = examine_path(path.resolve())
        return Found(examined=(examined,), robots=None, opt_outs=None, suggestion=examined.source(beside=home))
    from etl.fetch.client import Client
    from etl.fetch.hosts import MemoryHosts
    from etl.fetch.session import Session

    session = Session(Client(configured.user_agent, pins=configured.pinned_hosts), MemoryHosts())
    with _progress(is_quiet=is_quiet) as tell:
        return look(
            url,
            get=lambda u: session.get(u, allow_private=allow_private),
            robots=lambda u: session.robots(u, allow_private=allow_private),
            selector=selector,
            allow_private=allow_private,
            tell=tell,
        )


@contextmanager
def _progress(*, is_quiet: bool) -> Iterator[Callable[[str], None]]:
    """What is being done, on a terminal: hosts are asked slowly, and a person should see why they wait."""
    if is_quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True, highlight=False).status("") as status:
        yield status.update


def _known_as(found: Found) -> str | None:
    """The name under which the registry has it."""
    from etl.sources import registry

    path = settings.read().sources_file
    held = registry.read(path) if path.exists() else []
    return next((s.name for s in held if found.suggestion and s.url == found.suggestion.url), None)


def _add_found(suggestion: Source, name: str) -> None:
    import dataclasses

    from etl.sources import registry

    path = settings.read().sources_file
    registry.append(path, [dataclasses.replace(suggestion, name=name)])
    click.echo(f"Added {name} to {path}. Country, owner and time zone are for you to say.", err=True)


@sources.command()
@click.argument("name")
def disable(name: str) -> None:
    """Switch a source off: it is read no more, and everything it brought is kept."""
    _switch(name, is_enabled=False)


@sources.command()
@click.argument("name")
def enable(name: str) -> None:
    """Switch a source on again."""
    _switch(name, is_enabled=True)


def _switch(name: str, *, is_enabled: bool) -> None:
    from etl.sources import registry
    from etl.sources.registry_edit import set_enabled

    path = settings.read().sources_file
    registry.read(path)  # says what is wrong with it, if anything
    registry.write(path, set_enabled(path.read_text(encoding="utf-8-sig"), name, is_enabled, name=str(path)))
    state = "on" if is_enabled else "off"
    click.echo(f"{name} is switched {state} in {path}. `dateline sources sync` tells the warehouse now.")


@sources.command()
def sync() -> None:
    """Tell the warehouse of the registry now. Sources no longer in it are disabled there, never deleted."""
    from etl.local.databases import open_databases
    from etl.sources import registry
    from etl.warehouse.connect import connect
    from etl.warehouse.sources import synchronise

    configured = settings.read()
    held = registry.read(configured.sources_file)
    with open_databases(configured) as databases, connect(databases.warehouse_url, name="sources") as db:
        synchronise(db, held, at=datetime.now(UTC))
    off = sum(not s.is_enabled for s in held)
    click.echo(f"{len(held)} sources of {configured.sources_file} are in the warehouse, {off} of them off.")


@sources.command("import-opml")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_opml(path: Path) -> None:
    """Add the sources of an OPML file that the registry does not have yet."""
    from etl.sources import opml, registry

    target = settings.read().sources_file
    held = registry.read(target)
    addresses = {s.url for s in held}
    listed = opml.read(path.read_bytes(), name=str(path), taken=[s.name for s in held])
    new = [s for s in listed if s.url not in addresses]
    registry.append(target, new)
    click.echo(f"{len(new)} feeds added to {target}; {len(listed) - len(new)} were in it.")


@sources.command("export-opml")
def export_opml() -> None:
    """Write the sources of the registry that have an address as OPML to standard output."""
    from etl.sources import opml, registry

    sys.stdout.buffer.write(opml.write(registry.read(settings.read().sources_file), at=datetime.now(UTC)))
