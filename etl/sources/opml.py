"""A subscription list (OPML) goes in and its feeds come out as sources, or sources go in and OPML comes out.

Read by expat event by event: only the attributes of `outline` elements matter, a document type with
entities is refused, and nothing outside the file is ever looked up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from etl.errors import RegistryError
from etl.records import Source, SourceKind
from etl.sources.feed_items import web_address
from etl.sources.json_feed import language

_MAX_BYTES = 10_000_000
_MAX_NAME = 64
_MAX_OUTLET = 500


def read(body: bytes, *, name: str = "OPML", taken: Iterable[str] = ()) -> list[Source]:
    """The feeds of a list, each once, named after their titles; `taken` are names not to give again.

    Raises RegistryError, calling the list `name`, where it cannot be read or holds no feed.
    """
    outlines = _outlines(body, name)
    if not outlines:
        raise RegistryError(name, "No outline in it has an xmlUrl with an http or https address.")
    names = set(taken)
    sources = []
    for url, attributes in outlines.items():
        title = " ".join((attributes.get("title") or attributes.get("text") or "").split()) or None
        slug = _free(_slug(title) or _slug(urlsplit(url).hostname) or "feed", names)
        names.add(slug)
        sources.append(
            Source(
                name=slug,
                kind=SourceKind.FEED,
                url=url,
                outlet=title[:_MAX_OUTLET] if title else None,
                language_code=language(attributes.get("language")),
            )
        )
    return sources


def write(sources: Iterable[Source], *, at: datetime) -> bytes:
    """The feeds among the sources as an OPML 2.0 list; dated files have no address to subscribe to."""
    lines = [_outline(source) for source in sources if source.kind is SourceKind.FEED]
    made_at = format_datetime(at.astimezone(UTC), usegmt=True)
    head = f"<head><title>Dateline sources</title><dateCreated>{made_at}</dateCreated></head>"
    body = f"<body>\n{''.join(lines)}  </body>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  {head}\n  {body}\n</opml>\n'.encode()


def _outlines(body: bytes, name: str) -> dict[str, dict[str, str]]:
    """Address of each feed → the attributes of its first outline."""
    if len(body) > _MAX_BYTES:
        raise RegistryError(name, f"It is larger than {_MAX_BYTES:,} bytes.")
    found: dict[str, dict[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        by_name = {key.lower(): value for key, value in attributes.items()}
        url = web_address(by_name.get("xmlurl"), "")
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
    attributes = {
        "type": "rss",
        "text": source.outlet or source.name,
        "xmlUrl": source.url,
        "language": source.language_code,
    }
    return f"    <outline {' '.join(f'{k}={quoteattr(v)}' for k, v in attributes.items() if v)}/>\n"


def _slug(title: str | None) -> str:
    """Lower-case ASCII words joined by hyphens; empty where the title has none."""
    plain_ascii = unicodedata.normalize("NFKD", title or "").encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain_ascii))[:_MAX_NAME].strip("-")


def _free(slug: str, names: set[str]) -> str:
    return next(name for name in _numbered(slug) if name not in names)


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    n = 2
    while True:
        suffix = f"-{n}"
        yield slug[: _MAX_NAME - len(suffix)].rstrip("-") + suffix
        n += 1
