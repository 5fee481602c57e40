"""The only reader of the environment: variables in, one frozen `Settings` out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from etl.errors import SettingError

ROOT = Path(__file__).resolve().parents[1]  # the checkout


@dataclass(frozen=True)
class Settings:
    """Where things are. Nothing is created or connected to here."""

    home: Path  # state of this installation
    database_url: str | None  # the user's own Postgres; None means the embedded one
    analyst_url: str | None  # read-only login on it, if the user keeps one apart
    sources_file: Path  # the registry
    corpora: Path | None  # where the measuring corpora are, for the quality floors
    user_agent: str  # how the fetcher names itself
    code_version: str  # names the code that derived a row
    airflow_url: str | None = None  # Airflow's own setting for its metadata, when the user's Postgres is used

    @cached_property
    def key(self) -> str:
        """Eight hex digits that tell this checkout from another."""
        return hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def _code_version() -> str:
    from etl import __version__  # noqa: PLC0415 - the package's own root imports nothing

    return __version__


def read(env: Mapping[str, str] | None = None) -> Settings:
    """Read the environment once. Raises SettingError for a value that cannot be meant."""
    env = os.environ if env is None else env
    url = env.get("DATELINE_DATABASE_URL") or None
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise SettingError(
            "DATELINE_DATABASE_URL", "It must look like postgresql://user:password@host:5432/database."
        )
    corpora = env.get("DATELINE_CORPORA")
    return Settings(
        home=Path(env.get("DATELINE_HOME") or ROOT / ".dateline").resolve(),
        database_url=url,
        analyst_url=env.get("DATELINE_ANALYST_URL") or None,
        sources_file=Path(env.get("DATELINE_SOURCES") or ROOT / "seeds" / "sources.yaml").resolve(),
        corpora=Path(corpora).resolve() if corpora else None,
        user_agent=env.get("DATELINE_USER_AGENT") or "Dateline/0.1 (news research; robots.txt respected)",
        code_version=_code_version(),
        airflow_url=env.get("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN") or None,
    )
