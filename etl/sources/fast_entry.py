"""The element of an entry goes in; a `StatedEntry` comes out with the title, link and id that feedparser would give.

Theory. feedparser is the reference, and these are its rules, in the order of the feed: a title that is empty is
followed by the next one, another is kept only where it stands no deeper and none stood before (a picture's title is
not the story's, but one that came first is replaced by it); the last `link` wins, as text or as `href` of an
alternate in HTML; an id that is no permanent link never is one. Text that is UTF-8 read as Latin-1 is repaired, and
the control characters windows-1252 has in place of quotes become quotes. What is rare and depends on more than this
(base64, entries within entries) raises `OddError`, and the feed goes to feedparser itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from xml.etree.ElementTree import Element

from etl.records import LaterText
from etl.sources.feed_bases import based, joined
from etl.sources.feed_dates import utc_of
from etl.sources.feed_names import Names
from etl.sources.lifting import Lifted
from etl.sources.markup_of import MAX_DEPTH, OddError, inner, sound, text_of
from etl.sources.stated import StatedDate, StatedEntry

_PLAIN_TYPES = {"text", "plain", "text/plain"}
_USUAL_TYPES = {"text/plain", "text/html", "html", "text", "xhtml"}
_HTML_TYPES = {"html", "xhtml", "text/html", "application/xhtml+xml"}
_LOOKS_MARKED = re.compile(r"</\w+>|&#?\w+;")
_DIGITS = re.compile(r"\d.*\d.*\d")


@dataclass(slots=True)
class Context:
    """What the entries of a feed share."""

    lifted: Lifted
    names: Names
    is_atom: bool
    has_bases: bool  # whether any element states one


@dataclass(slots=True)
class _State:
    """What is known of the entry so far."""

    shared: Context
    title: str | None = None
    title_depth: int = 99  # of the title kept
    barred_from: int = -1  # titles as deep as this or deeper no longer count
    guid: str | None = None
    guid_depth: int = 99
    link: str | None = None
    page: str | None = None
    is_in_image: bool = False
    texts: list[str | LaterText] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    published: StatedDate | None = None
    updated: StatedDate | None = None
    created: StatedDate | None = None


def read(element: Element, shared: Context, base: str) -> StatedEntry:
    """Read one `item` or `entry`. Raises OddError where feedparser should."""
    if element.get("href") or element.get("lastmod"):
        raise OddError("a channel definition")
    state = _State(shared)
    state.guid = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or None
    _visit(element, state, 1, based(element, base) if shared.has_bases else base)
    published = state.published or state.created
    if published is None and not shared.is_atom:
        published = state.updated  # dc:date of an RSS or RDF item is all it says, and means publication
    return StatedEntry(
        guid=state.guid,
        link=state.link,
        title=state.title,
        page=state.page,
        texts=tuple(state.texts),
        authors=tuple(state.authors),
        published=published,
        updated=state.updated,
    )


def _visit(element: Element, state: _State, depth: int, base: str) -> None:
    if depth > MAX_DEPTH:
        raise OddError("too deep")
    names, has_bases = state.shared.names, state.shared.has_bases
    for child in element:
        name = names[child.tag]
        read_child = _READERS.get(name)
        if read_child is not None:
            read_child(child, state, depth, based(child, base) if has_bases else base)
        elif len(child):
            _visit(child, state, depth + 1, based(child, base) if has_bases else base)


def _title(element: Element, state: _State, depth: int, _: str, *, bars: bool = True) -> None:
    value = _marked(element, state, element.get("type", "text/plain"))
    if not -1 < state.barred_from <= depth and depth <= state.title_depth:
        state.title, state.title_depth = value, depth
    if value and bars:
        state.barred_from = depth


def _media_title(element: Element, state: _State, depth: int, base: str) -> None:
    _title(element, state, depth, base, bars=False)


def _link(element: Element, state: _State, _: int, base: str) -> None:
    href = element.get("url") or element.get("uri") or element.get("href")
    if href:
        media_type = element.get("type", "text/html").lower()
        if element.get("rel", "alternate").lower() == "alternate" and media_type in _HTML_TYPES:
            state.link = joined(base, href)
    elif not state.is_in_image:
        stated = text_of(element, state.shared.lifted)
        state.link = re.sub(r"&(\w+);", r"&\1", joined(base, stated).replace("&amp;", "&")) if stated else ""


def _guid(element: Element, state: _State, depth: int, base: str) -> None:
    value = text_of(element, state.shared.lifted)
    is_link = next((v for k, v in element.items() if k.lower() == "ispermalink"), "true") == "true"
    if is_link and value:
        value = joined(base, value)
    if depth <= state.guid_depth:
        state.guid, state.guid_depth = value, depth
    if is_link and state.link is None:
        state.link = value


def _page(element: Element, state: _State, _: int, __: str) -> None:
    state.page = text_of(element, state.shared.lifted) or state.page


def _text(element: Element, state: _State, _: int, __: str, *, default: str = "text/html") -> None:
    media_type = element.get("type")
    media_type = default if media_type is None else media_type.lower()
    is_plain = media_type in _PLAIN_TYPES
    is_atom, lifted = state.shared.is_atom, state.shared.lifted
    if not len(element) and element.text and (raw := lifted.raw(element.text)) is not None:
        _refuse_base64(element, media_type)
        state.texts.append(LaterText(raw, partial(_read_later, element.text, lifted, is_plain, is_atom)))
    elif value := _marked(element, state, media_type):
        state.texts.append(value if len(element) else _html(value, is_plain, is_atom))


def _read_later(text: str, lifted: Lifted, is_plain: bool, is_atom: bool) -> str:
    return _html(sound(lifted.restore(text).strip()), is_plain, is_atom)


def _html(value: str, is_plain: bool, is_atom: bool) -> str:
    """Plain text as HTML; outside Atom, what is called plain and carries markup is HTML all the same."""
    is_marked = not is_plain or (not is_atom and _LOOKS_MARKED.search(value))
    return value if is_marked else escape(value, quote=False)


def _summary(element: Element, state: _State, depth: int, base: str) -> None:
    _text(element, state, depth, base, default="text/plain")


def _marked(element: Element, state: _State, media_type: str) -> str:
    """Text that may carry markup, escaped or as elements."""
    lifted = state.shared.lifted
    _refuse_base64(element, media_type)
    return sound(inner(element, lifted).strip()) if len(element) else text_of(element, lifted)


def _refuse_base64(element: Element, media_type: str) -> None:
    if (media_type not in _USUAL_TYPES and not _is_text(media_type)) or element.get("mode") == "base64":
        raise OddError("base64")


def _is_text(media_type: str) -> bool:
    kind = media_type.lower()
    return kind in {"", "text", "plain", "html", "xhtml"} or kind.startswith("text/") or kind.endswith(("+xml", "/xml"))


def _author(element: Element, state: _State, _: int, __: str) -> None:
    """Atom has the name in an element of its own."""
    names = state.shared.names
    inside = [text_of(child, state.shared.lifted) for child in element if names[child.tag] in {"name", "itunes_name"}]
    stated = inside or [text_of(element, state.shared.lifted)]
    state.authors += [name for name in stated if name]


def _published(element: Element, state: _State, _: int, __: str) -> None:
    state.published = _date(element, state)


def _updated(element: Element, state: _State, _: int, __: str) -> None:
    state.updated = _date(element, state)


def _created(element: Element, state: _State, _: int, __: str) -> None:
    state.created = _date(element, state)


def _date(element: Element, state: _State) -> StatedDate | None:
    raw = text_of(element, state.shared.lifted)
    at = utc_of(raw)
    if at is None and _DIGITS.search(raw[:100]):
        raise OddError("a date in no form known here")
    return StatedDate(raw, at) if raw else None


def _image(element: Element, state: _State, depth: int, base: str) -> None:
    state.barred_from = -1
    state.is_in_image = True
    _visit(element, state, depth + 1, base)
    state.is_in_image = False


def _source(_: Element, state: _State, __: int, ___: str) -> None:
    state.barred_from = -1  # what is inside is another feed's


def _odd(_: Element, __: _State, ___: int, ____: str) -> None:
    raise OddError("an entry within an entry")


_READERS: Mapping[str, Callable[[Element, _State, int, str], None]] = {
    **dict.fromkeys(["title", "dc_title"], _title),
    "media_title": _media_title,
    "link": _link,
    **dict.fromkeys(["guid", "id"], _guid),
    "feedburner_origlink": _page,
    **dict.fromkeys(["description", "dc_description", "media_description", "content_encoded", "fullitem"], _text),
    **dict.fromkeys(["body", "xhtml_body"], _text),
    **dict.fromkeys(["summary", "itunes_summary", "content", "abstract"], _summary),
    **dict.fromkeys(["author", "dc_author", "dc_creator", "itunes_author", "managingeditor"], _author),
    **dict.fromkeys(["pubdate", "published", "issued", "dcterms_issued"], _published),
    **dict.fromkeys(["updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"], _updated),
    **dict.fromkeys(["created", "dcterms_created"], _created),
    **dict.fromkeys(["image", "textinput"], _image),
    "source": _source,
    **dict.fromkeys(["item", "entry"], _odd),
}
