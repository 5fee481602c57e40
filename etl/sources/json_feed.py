"""The text of a JSON Feed (jsonfeed.org, versions 1 and 1.1) goes in; a `Feed` comes out, or why it cannot be used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from etl.errors import Reason
from etl.records import Dated, Feed, FeedItem, Rejected
from etl.sources.feed_dates import from_iso
from etl.sources.feed_items import Context, item, plain, told_apart, web_address


def parse(text: str, context: Context) -> Feed | tuple[Reason, str]:
    """Read a JSON feed; a reason and a line for a person where it is none."""
    try:
        root = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Reason.BROKEN_FEED, f"broken JSON: {error}"
    if not isinstance(root, dict) or "jsonfeed.org" not in str(root.get("version")):
        return Reason.NOT_A_FEED, "JSON, but no JSON Feed"
    listed = root.get("items")
    if not isinstance(listed, list):
        return Reason.BROKEN_FEED, "a JSON Feed without a list of items"
    authors = _authors(root)
    found = [_item(entry, n, authors, context) for n, entry in enumerate(listed, 1)]
    return Feed(
        title=plain(_text(root, "title")),
        home_url=web_address(_text(root, "home_page_url"), context.url),
        language_code=language(_text(root, "language")),
        items=told_apart([i for i in found if isinstance(i, FeedItem)]),
        rejected=tuple(i for i in found if isinstance(i, Rejected)),
    )


def language(stated: str | None) -> str | None:
    """The ISO 639-1 code in a language tag: "en-GB" → "en"."""
    code = (stated or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def _item(entry: object, place: int, authors: list[str | None], context: Context) -> FeedItem | Rejected:
    stated: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
    plain_text = _text(stated, "content_text")
    identity = stated.get("id")
    return item(
        guid=str(identity) if isinstance(identity, str | int | float) else None,
        links=[_text(stated, "url"), _text(stated, "external_url")],
        base=context.url,
        title=_text(stated, "title"),
        texts=[_text(stated, "content_html"), plain_text and escape(plain_text), _text(stated, "summary")],
        authors=_authors(stated) or authors,
        published=_dated(stated, "date_published", context),
        updated=_dated(stated, "date_modified", context),
        place=place,
    )


def _dated(stated: Mapping[str, Any], key: str, context: Context) -> Dated | None:
    return from_iso(stated.get(key), time_zone=context.time_zone, fetched_at=context.fetched_at)


def _authors(stated: Mapping[str, Any]) -> list[str | None]:
    """Version 1.1 has `authors`, version 1 `author`."""
    several = stated.get("authors")
    people = several if isinstance(several, list) else [stated.get("author")]
    return [_text(person, "name") for person in people if isinstance(person, dict)]


def _text(stated: Mapping[str, Any], key: str) -> str | None:
    value = stated.get(key)
    return value if isinstance(value, str) else None
