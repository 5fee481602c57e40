"""The only reader of the environment: variables in, one frozen `Settings` out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from etl import __version__
from etl.errors import SettingError

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

RETAINED = ("feed", "page", "item", "file", "changes")  # what may be kept for a time only

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
    pinned_hosts: Mapping[str, str] = field(default_factory=dict)  # host → address:port; private ones allowed
    loader_url: str | None = None  # what runs log in as on the user's own Postgres
    host_delay_s: float = 1.0  # pause between two requests to one host
    lease_s: float = 300.0  # how long a task may hold its items without a sign of life
    is_spacy_heard: bool = False  # whether the neural tagger is asked about names in English texts
    alert_webhook: str | None = field(default=None, repr=False)  # where alerts are posted; it is often a secret
    alert_smtp_url: str | None = field(default=None, repr=False)  # the server alerts are mailed through
    alert_mail_to: tuple[str, ...] = ()  # and to whom
    retention: Mapping[str, timedelta] = field(default_factory=dict)  # kind → how long it is kept; else for ever
    refetch: tuple[timedelta, ...] = (  # after its first sight a page is asked again; none: never
        timedelta(hours=1),
        timedelta(hours=6),
        timedelta(days=1),
        timedelta(days=7),
    )

    @cached_property
    def key(self) -> str:
        """Eight hex digits that tell this checkout from another."""
        return hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def _pinned(text: str) -> dict[str, str]:
    pins = {}
    for pair in filter(None, (p.strip() for p in text.split(","))):
        host, equals, address = pair.partition("=")
        if not equals or not address.rpartition(":")[2].isdigit():
            raise SettingError("DATELINE_HOSTS", f"{pair!r} must look like host.example=127.0.0.1:8080.")
        pins[host.strip().lower()] = address.strip()
    return pins


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name) or str(default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < 86_400:
        raise SettingError(name, f"{text!r} must be a number of seconds, less than a day.")
    return seconds


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name) or "0"
    if text not in ("0", "1"):
        raise SettingError(name, f"{text!r} must be 1 or 0.")
    return text == "1"


def _spans(text: str) -> tuple[timedelta, ...]:
    found = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        number, unit = part[:-1], _UNITS.get(part[-1:])
        if not (number.isascii() and number.isdigit() and len(number) < 5 and int(number) and unit):
            raise SettingError("DATELINE_REFETCH", f"{part!r} must be a number with m, h or d, as in 1h,6h,1d,7d.")
        found.append(int(number) * unit)
    return tuple(sorted(found))


def _address(env: Mapping[str, str], name: str, *schemes: str) -> str | None:
    text = env.get(name) or None
    if text and not text.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        raise SettingError(name, f"It must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    try:
        is_one = not text or bool(urlsplit(text).hostname and urlsplit(text).port != 0)
    except ValueError:
        is_one = False
    if not is_one:  # not quoted: it may hold a password
        raise SettingError(
            name, "It must name a host, and a port only as a number; / : @ in a password as %2F %3A %40."
        )
    return text


def _retention(text: str) -> dict[str, timedelta]:
    found = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        kind, _, span = part.partition("=")
        days = span.removesuffix("d")
        is_span = span.endswith("d") and days.isascii() and days.isdigit() and 0 < int(days) < 100_000
        if kind not in RETAINED or not (is_span or span == "forever"):
            raise SettingError(
                "DATELINE_RETENTION",
                f"{part!r} must be one of {', '.join(RETAINED)} with days or forever, as feed=90d.",
            )
        if is_span:
            found[kind] = timedelta(days=int(days))
    return found


def read(env: Mapping[str, str] | None = None) -> Settings:
    """Read the environment once. Raises SettingError for a value that cannot be meant."""
    env = os.environ if env is None else env
    url = env.get("DATELINE_DATABASE_URL") or None
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise SettingError("DATELINE_DATABASE_URL", "It must look like postgresql://user:password@host:5432/database.")
    corpora = env.get("DATELINE_CORPORA")
    mail_to = tuple(filter(None, (a.strip() for a in env.get("DATELINE_ALERT_MAIL_TO", "").split(","))))
    smtp_url = _address(env, "DATELINE_ALERT_SMTP_URL", "smtp", "smtps")
    if bool(smtp_url) is not bool(mail_to):
        raise SettingError("DATELINE_ALERT_SMTP_URL", "It goes together with DATELINE_ALERT_MAIL_TO.")
    return Settings(
        home=Path(env.get("DATELINE_HOME") or ROOT / ".dateline").resolve(),
        database_url=url,
        analyst_url=env.get("DATELINE_ANALYST_URL") or None,
        sources_file=Path(env.get("DATELINE_SOURCES") or ROOT / "seeds" / "sources.yaml").resolve(),
        corpora=Path(corpora).resolve() if corpora else None,
        user_agent=env.get("DATELINE_USER_AGENT") or "Dateline/0.1 (news research; robots.txt respected)",
        code_version=__version__,
        loader_url=env.get("DATELINE_LOADER_URL") or None,
        airflow_url=env.get("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN") or None,
        pinned_hosts=_pinned(env.get("DATELINE_HOSTS", "")),
        host_delay_s=_seconds(env, "DATELINE_HOST_DELAY", 1.0),
        lease_s=_seconds(env, "DATELINE_LEASE", 300.0),
        is_spacy_heard=_switch(env, "DATELINE_SPACY"),
        alert_webhook=_address(env, "DATELINE_ALERT_WEBHOOK", "https", "http"),
        alert_smtp_url=smtp_url,
        alert_mail_to=mail_to,
        retention=_retention(env.get("DATELINE_RETENTION", "")),
        refetch=_spans(env.get("DATELINE_REFETCH", "1h,6h,1d,7d")),
    )
