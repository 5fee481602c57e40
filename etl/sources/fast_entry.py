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
from xml.etree.ElementTree import Element

from etl.records import LaterText
from etl.sources.feed_bases import based, joined
from etl.sources.feed_dates import utc_of
from etl.sources.feed_names import Names
from etl.sources.lifting import Lifted
from etl.sources.markup_of import MAX_DEPTH, OddError, html_of, marked, text_of
from etl.sources.stated import StatedDate, StatedEntry

_HTML_TYPES = {"html", "xhtml", "text/html", "application/xhtml+xml"}
_REFERENCE = re.compile(r"&(\w+);")
_DIGITS = re.compile(r"\d.*\d.*\d")


@dataclass(slots=True)
class Context:
    """What the entries of a feed share."""

    lifted: Lifted
    names: Names
    is_atom: bool
    has_bases: bool  # whether any element states one
    readers: _Readers = field(init=False)

    def __post_init__(self) -> None:
        self.readers = _Readers(self.names)


class _Readers(dict[str, "_Reader | None"]):
    """Tags as ElementTree writes them to what reads such an element, each looked up once."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names

    def __missing__(self, tag: str) -> _Reader | None:
        found = self[tag] = _READERS.get(self.names[tag])
        return found


class _State:
    """What is known of the entry so far; until something is, it is as the class has it."""

    title: str | None = None
    title_depth: int = 99  # of the title kept
    barred_from: int = -1  # titles as deep as this or deeper no longer count
    guid: str | None = None
    guid_depth: int = 99
    link: str | None = None
    page: str | None = None
    is_in_image: bool = False
    published: StatedDate | None = None
    updated: StatedDate | None = None
    created: StatedDate | None = None

    def __init__(self, shared: Context) -> None:
        self.shared = shared
        self.texts: list[str | LaterText] = []
        self.authors: list[str] = []


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
    readers, has_bases = state.shared.readers, state.shared.has_bases
    for child in element:
        read_child = readers[child.tag]
        if read_child is not None:
            read_child(child, state, depth, based(child, base) if has_bases else base)
        elif len(child):
            _visit(child, state, depth + 1, based(child, base) if has_bases else base)


def _title(element: Element, state: _State, depth: int, _: str, *, bars: bool = True) -> None:
    value = marked(element, state.shared.lifted, element.get("type"))
    if not -1 < state.barred_from <= depth and depth <= state.title_depth:
        state.title, state.title_depth = value, depth
    if value and bars:
        state.barred_from = depth


def _media_title(element: Element, state: _State, depth: int, base: str) -> None:
    _title(element, state, depth, base, bars=False)


def _link(element: Element, state: _State, _: int, base: str) -> None:
    if href := element.get("url") or element.get("uri") or element.get("href"):
        media_type = element.get("type", "text/html").lower()
        if element.get("rel", "alternate").lower() == "alternate" and media_type in _HTML_TYPES:
            state.link = joined(base, href)
    elif not state.is_in_image:
        stated = text_of(element, state.shared.lifted)
        link = joined(base, stated) if stated else ""
        state.link = _REFERENCE.sub(r"&\1", link.replace("&amp;", "&")) if "&" in link else link


def _guid(element: Element, state: _State, depth: int, base: str) -> None:
    value = text_of(element, state.shared.lifted)
    stated = [is_link for name, is_link in element.items() if name.lower() == "ispermalink"]
    is_link = not stated or stated[0] == "true"
    if is_link and value and base:
        value = joined(base, value)
    if depth <= state.guid_depth:
        state.guid, state.guid_depth = value, depth
    if is_link and state.link is None:
        state.link = value


def _page(element: Element, state: _State, _: int, __: str) -> None:
    state.page = text_of(element, state.shared.lifted) or state.page


def _text(element: Element, state: _State, _: int, __: str, *, default: str = "text/html") -> None:
    if value := html_of(element, state.shared.lifted, default, is_atom=state.shared.is_atom):
        state.texts.append(value)


def _summary(element: Element, state: _State, depth: int, base: str) -> None:
    _text(element, state, depth, base, default="text/plain")


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
    if at is None and not raw.isascii() and _DIGITS.search(raw[:100]):
        raise OddError("a date in letters that feedparser may know")
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


_Reader = Callable[[Element, _State, int, str], None]
_READERS: Mapping[str, _Reader] = {
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
