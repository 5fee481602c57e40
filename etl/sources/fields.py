"""A key of a registry entry and its value go in; what is wrong with it, in words, comes out, or None."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from etl.records import SourceKind
from etl.sources.codes import COUNTRIES, LANGUAGES

REQUIRED = ("name", "kind", "url")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REGION = re.compile(r"([A-Z]{2})\.[A-Z0-9]{1,8}")
_POLLED = {SourceKind.FEED: "feed.xml", SourceKind.SITEMAP: "news-sitemap.xml", SourceKind.PAGES: "news/"}
_PLACES = {
    SourceKind.FILES: "a folder or a .jsonl or .jsonl.gz file",
    SourceKind.WARC: "a .warc or .warc.gz file, a folder of them or a list of paths",
}
_MAX_TEXT = 500
_MAX_URL = 2_000
_MAX_POLL_MINUTES = 7 * 24 * 60


def problem_of(key: str, value: Any) -> str | None:
    """What is allowed for the key, if the value is not."""
    is_allowed, allowed = FIELDS[key]
    return None if is_allowed(value) else allowed


def mismatches(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys of one entry whose values are well formed but do not go together, each with why and what to do."""
    kind, url = values["kind"], values["url"]
    is_polled = kind in _POLLED
    if is_polled and not url.startswith(("http://", "https://")):
        example = "https://example.org/" + _POLLED[kind]
        yield "url", f"{url!r} is not allowed; a {kind} source has an address like {example}"
    if not is_polled and "://" in url:
        yield (
            "url",
            f"{url!r} is not allowed; a {kind} source names {_PLACES[kind]}, absolute or beside the registry file",
        )
    if values.get("link_selector") is not None and kind != SourceKind.PAGES:
        yield "link_selector", f"only a pages source has one, and this is a {kind} source; leave it out"
    for key in ("poll_minutes", "allow_private"):
        if key in values and not is_polled:
            yield key, f"a {kind} source is not asked over the network; leave it out"


def _is_code(known: frozenset[str]) -> Callable[[Any], bool]:
    return lambda value: value is None or (isinstance(value, str) and value in known)


def _is_region(value: Any) -> bool:
    if value is None:
        return True
    found = _REGION.fullmatch(value) if isinstance(value, str) else None
    return found is not None and found.group(1) in COUNTRIES


def _is_selector(value: Any) -> bool:
    from etl.markup.selection import selector_problem  # lxml and bs4, which few registries need

    return value is None or (_is_free_text(value) and selector_problem(value) is None)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 64 and bool(_NAME.fullmatch(value))


def _is_kind(value: Any) -> bool:
    return value in [kind.value for kind in SourceKind]


def _is_url(value: Any) -> bool:
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_URL or value != value.strip():
        return False
    if "://" not in value:
        return "\0" not in value
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_free_text(value: Any) -> bool:
    return value is None or (isinstance(value, str) and bool(value.strip()) and len(value) <= _MAX_TEXT)


def _is_time_zone(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (KeyError, OSError, ValueError):  # not found, a folder's name, a path
        return False


def _is_whole(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


# Every key of an entry: the test, and what to tell a person whose value fails it. The order is the file's.
FIELDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "name": (_is_name, "write lower-case words joined by hyphens, at most 64 characters"),
    "kind": (_is_kind, f"write one of {', '.join(SourceKind)}"),
    "url": (_is_url, "write an http or https address, or for files and warc a path"),
    "outlet": (_is_free_text, "write the publication's name, or null if unknown"),
    "owner": (_is_free_text, "write the owner's name, or null"),
    "country_code": (
        _is_code(COUNTRIES),
        "write two capital letters (ISO 3166) of a country there is, in quotes where YAML reads NO as no",
    ),
    "language_code": (
        _is_code(LANGUAGES),
        "write two small letters (ISO 639-1) of a language there is, in quotes where YAML reads no as no",
    ),
    "home_region": (_is_region, "write country and region like US.TX"),
    "time_zone": (_is_time_zone, "write an IANA name like Europe/Kyiv"),
    "tier": (_is_whole(1, 3), "write 1 (agency or national), 2 (regional) or 3 (other)"),
    "terms": (_is_free_text, "write a note on terms of use, or null"),
    "link_selector": (_is_selector, "write a CSS selector of the links to articles; only for pages"),
    "poll_minutes": (_is_whole(0, _MAX_POLL_MINUTES), f"write whole minutes from 0 to {_MAX_POLL_MINUTES}"),
    "is_enabled": (_is_bool, "write true or false"),
    "allow_private": (_is_bool, "write true or false"),
}
