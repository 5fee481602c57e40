"""Which databases Dateline works on: the settings in, their addresses out, for as long as the context lasts.

An address the user gives always wins, and then nothing is started. Otherwise the embedded server is leased.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from etl.local.postgres import Server
from etl.settings import Settings

METADATA = "dateline_airflow"  # Airflow's own state, a database beside the warehouse


@dataclass(frozen=True)
class Databases:
    """Addresses, passwords included: they are kept out of `repr` and must be kept out of logs."""

    warehouse_url: str = field(repr=False)  # the owner's login
    analyst_url: str = field(repr=False)  # read-only login; the owner's where the user's server has no other
    metadata_url: str = field(repr=False)  # Airflow's database; `airflow.initialise` refuses one that is not there
    embedded: bool  # ours, on 127.0.0.1
    loader_url: str = field(default="", repr=False)  # what runs log in as; empty: the owner, on a server without it

    @property
    def work_url(self) -> str:
        """What runs are given: the loader's login, the owner's where there is no other."""
        return self.loader_url or self.warehouse_url


def server(settings: Settings) -> Server:
    """The embedded server of this installation, running or not."""
    return Server(settings.home, settings.key)


@contextmanager
def open_databases(settings: Settings) -> Iterator[Databases]:
    """Yield the addresses; the embedded server runs at least as long as the context."""
    if settings.database_url:
        yield given(settings, settings.database_url)
    else:
        with server(settings).lease() as leased:
            yield embedded(leased)


def embedded(running: Server) -> Databases:
    """The addresses on a running embedded server."""
    return Databases(
        warehouse_url=running.url(),
        analyst_url=running.url(role="dateline_analyst"),
        metadata_url=running.url(METADATA),
        embedded=True,
        loader_url=running.url(role="dateline_loader"),
    )


def given(settings: Settings, url: str) -> Databases:
    """The addresses on the user's own server."""
    return Databases(
        warehouse_url=url,
        analyst_url=settings.analyst_url or url,
        metadata_url=settings.airflow_url or _beside(url, METADATA),
        embedded=False,
        loader_url=settings.loader_url or "",
    )


def _beside(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
