"""A subscription list (OPML) goes in and its sources come out, or sources go in and OPML comes out.

Read by expat event by event: only the attributes of `outline` elements matter, however deep they are nested, a document
type with entities is refused, and nothing outside the file is ever looked up. What OPML has no word for travels in
attributes of our own (`dateline:owner`), so that what goes out comes back; other readers pass over them. Sitemaps and
page lists go out as plain links, which other readers do not subscribe to. Files and WARC have no address and stay here;
and no list from elsewhere may open private addresses (`allow_private`).
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from etl.errors import RegistryError
from etl.records import Source, SourceKind
from etl.sources.feed_items import web_address
from etl.sources.fields import problem_of
from etl.sources.json_feed import language

_PREFIX = "dateline:"
# What OPML has no word for; `allow_private` is left out on purpose.
_OURS = (
    *("name", "kind", "owner", "country_code", "home_region", "time_zone", "tier", "terms", "link_selector"),
    *("poll_minutes", "is_enabled"),
)
_DEFAULTS = {f.name: f.default for f in dataclasses.fields(Source)} | {"kind": SourceKind.FEED}
_KINDS = {kind.value: kind for kind in (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.PAGES)}
_MAX_BYTES = 10_000_000
_MAX_NAME = 64
_MAX_OUTLET = 500


def read(body: bytes, *, name: str = "OPML", taken: Iterable[str] = ()) -> list[Source]:
    """The sources of a list, each address once, named after their titles; `taken` are names not to give again.

    Raises RegistryError, calling the list `name`, where it cannot be read or holds no source.
    """
    outlines = _outlines(body, name)
    if not outlines:
        raise RegistryError(name, "No outline in it has an xmlUrl with an http or https address.")
    names = set(taken)
    return [_source(url, attributes, names) for url, attributes in outlines.items()]


def _source(url: str, attributes: Mapping[str, str], names: set[str]) -> Source:
    """The source an outline describes; what it says wrongly is passed over. Its name is added to `names`."""
    title = " ".join((attributes.get("title") or attributes.get("text") or "").split()) or None
    ours = {key: value for key in _OURS if (value := _ours(key, attributes.get(_PREFIX + key))) is not None}
    spoken = language(attributes.get("language"))
    stated = ours.pop("name", None) or slug(title) or slug(urlsplit(url).hostname) or "feed"
    called = _free(stated, names)
    names.add(called)
    if ours.get("kind") is not SourceKind.PAGES:
        ours.pop("link_selector", None)
    return Source(
        **{"kind": SourceKind.FEED}
        | ours
        | {"name": called, "url": url, "outlet": title[:_MAX_OUTLET] if title and title != stated else None}
        | {"language_code": spoken if problem_of("language_code", spoken) is None else None}
    )


def _ours(key: str, stated: str | None) -> Any:
    """The value of an attribute of our own; None where there is none, or none that is allowed."""
    if stated is None:
        return None
    value: Any = {"true": True, "false": False}.get(stated, stated) if key == "is_enabled" else stated
    if key in {"tier", "poll_minutes"} and stated.isascii() and stated.isdigit() and len(stated) < 9:
        value = int(stated)
    if problem_of(key, value) is not None:
        return None
    return _KINDS.get(value) if key == "kind" else value


def write(sources: Iterable[Source], *, at: datetime) -> bytes:
    """The sources that have an address as an OPML 2.0 list."""
    lines = [_outline(source) for source in sources if source.is_polled]
    made_at = format_datetime(at.astimezone(UTC), usegmt=True)
    head = f"<head><title>Dateline sources</title><dateCreated>{made_at}</dateCreated></head>"
    body = f"<body>\n{''.join(lines)}  </body>"
    opml = f'<opml version="2.0" xmlns:dateline="urn:dateline:source">\n  {head}\n  {body}\n</opml>\n'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opml}'.encode()


def _outlines(body: bytes, name: str) -> dict[str, dict[str, str]]:
    """Address of each feed → the attributes of its first outline."""
    if len(body) > _MAX_BYTES:
        raise RegistryError(name, f"It is larger than {_MAX_BYTES:,} bytes.")
    found: dict[str, dict[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        by_name = {key.lower(): value for key, value in attributes.items()}
        is_ours = _PREFIX + "kind" in by_name  # a plain link, elsewhere, is nothing to subscribe to
        url = web_address(by_name.get("xmlurl") or (by_name.get("url") if is_ours else None), "")
        if tag.lower() == "outline" and url:
            found.setdefault(url, by_name)

    def refuse(*_: object) -> None:
        raise RegistryError(name, "It declares entities, which a subscription list has no use for.")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise RegistryError(name, f"It is no XML: {error}") from error
    return found


def _outline(source: Source) -> str:
    is_feed = source.kind is SourceKind.FEED
    attributes = {
        "type": "rss" if is_feed else "link",
        "text": source.outlet or source.name,
        "xmlUrl" if is_feed else "url": source.url,
        "language": source.language_code,
    } | {_PREFIX + key: _written(value) for key in _OURS if (value := getattr(source, key)) != _DEFAULTS[key]}
    return f"    <outline {' '.join(f'{k}={quoteattr(v)}' for k, v in attributes.items() if v)}/>\n"


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def slug(title: str | None) -> str:
    """Lower-case ASCII words joined by hyphens; empty where the title has none."""
    plain_ascii = unicodedata.normalize("NFKD", title or "").encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain_ascii))[:_MAX_NAME].strip("-")


def _free(stem: str, names: set[str]) -> str:
    return next(name for name in _numbered(stem) if name not in names)


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    n = 2
    while True:
        suffix = f"-{n}"
        yield stem[: _MAX_NAME - len(suffix)].rstrip("-") + suffix
        n += 1
