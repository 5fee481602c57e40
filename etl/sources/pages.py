"""An index page goes in as received, with a CSS selector or none; its links to articles come out as a `Feed`. Pure.

Theory, where there is no selector. An index page links to articles, to other indexes and to itself; only the first are
wanted. A link is taken for one to an article if it leads to the same site and, first that fits: 1. its address names
a day; 2. its last part is a headline (four words or more, joined by hyphens or underscores); 3. its last part carries
a number of five digits or more, as content systems give, and a reader sees three words or more; 4. a reader sees a
headline (five words, or twelve characters where words are not spaced) and the address lies at least two parts deep.
Links in navigation, footers and forms count only by the first. Addresses of tags, authors, accounts and files never
do. Known to fail: sites whose articles have neither date, number nor words in the address and short headlines, and
sections that carry numbers; such a page needs a selector. Not done: asking the linked pages, or looking at styles.

A selector is believed: what it matches is taken, whatever its address. Either way each address counts once, with the
longest text that leads to it (a picture and a headline often link to the same page).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urldefrag, urlsplit

from etl.errors import Reason, Stage
from etl.fetch.charset import decode
from etl.markup import TooDeep
from etl.markup.selection import BadSelector, IndexPage, PageLink, index_page
from etl.records import DatePrecision, Feed, FeedItem, Rejected
from etl.sources.address_dates import named_span
from etl.sources.feed_items import plain
from etl.sources.json_feed import language

_MAX_ITEMS = 1_000  # of one page; an index that shows more is an archive
# Parts of an address that name another kind of page, in the languages content systems are written in (English) and
# those whose systems name them otherwise.
_NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|themen?|tema|category|categor[iy]a|rubri[ck]s?|authors?|autor(?:es|en)?|auteurs?|profile|users?"
    r"|search|suche|recherche|login|signin|signup|register|account|subscri\w+|abo|newsletters?|about|contact|impressum"
    r"|privacy|terms|cookies?|help|faq|shop|jobs|careers|page|feed|rss|wp-\w+)(?:/|$)",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|m3u8?|zip|docx?|xlsx?|xml|json|css|js|ics)$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{5,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


def parse(body: bytes, *, url: str, headers: Mapping[str, str], selector: str | None) -> Feed | Rejected:
    """Read an index page. `url` is where it was read from; `headers` the answer's, names in lower case."""
    text, _ = decode(body, headers.get("content-type"))
    try:
        page = index_page(text, url, selector)
    except BadSelector as bad:
        return _rejected(Reason.NO_LINKS, url, f"link_selector {selector!r} is no CSS selector: {bad}")
    except TooDeep:
        return _rejected(Reason.TOO_DEEP, url, "markup is nested too deep")
    if page is None:
        empty = not text.strip()
        return _rejected(Reason.EMPTY_BODY if empty else Reason.NOT_HTML, url, "there is no page in it")
    links = page.links if selector is not None else [link for link in page.links if _is_article(link, url)]
    items = _items(links, url)
    return _feed(page, items, url) if items else _rejected(Reason.NO_LINKS, url, _why(page, selector))


def _why(page: IndexPage, selector: str | None) -> str:
    if selector is not None:
        return f"link_selector {selector!r} matches no link on the page"
    return f"none of its {len(page.links)} links looks like one to an article; a link_selector would say which are"


def _feed(page: IndexPage, items: tuple[FeedItem, ...], url: str) -> Feed:
    return Feed(title=plain(page.title), home_url=url, language_code=language(page.language), items=items)


def _items(links: Iterable[PageLink], url: str) -> tuple[FeedItem, ...]:
    here = urldefrag(url).url
    texts: dict[str, str] = {}
    for link in links:
        address = urldefrag(link.url).url
        if address != here:
            texts[address] = max(texts.get(address, ""), link.text, key=len)
    return tuple(_item(address, plain(text)) for address, text in list(texts.items())[:_MAX_ITEMS])


def _item(address: str, title: str | None) -> FeedItem:
    stated = json.dumps([title, address]).encode()
    stated_hash = hashlib.blake2b(stated, digest_size=16).digest()
    return FeedItem(guid=address, url=address, title=title, stated_hash=stated_hash)


def _is_article(link: PageLink, page_url: str) -> bool:
    parts = urlsplit(link.url)
    path = parts.path.rstrip("/")
    if _site(link.url) != _site(page_url) or not path or _NO_ARTICLE.search(parts.path) or _FILE.search(path):
        return False
    span = named_span(parts._replace(query="").geturl())
    if span is not None and span.precision is DatePrecision.DAY:
        return True
    last = path.rpartition("/")[2]
    return not link.is_aside and (
        len(_WORD.findall(last.replace("_", "-"))) >= 4
        or (bool(_NUMBER.search(last)) and len(link.text.split()) >= 3)
        or (_is_headline(link.text) and path.count("/") >= 2)
    )


def _is_headline(text: str) -> bool:
    return len(text.split()) >= 5 or len(_UNSPACED.findall(text)) >= 12


def _site(url: str) -> str:
    """The host without the part that only says how a page is shown."""
    return re.sub(r"^(?:www|m|amp|mobile)\.", "", (urlsplit(url).hostname or "").lower())


def _rejected(reason: Reason, url: str, detail: str) -> Rejected:
    return Rejected(Stage.FETCH, reason, url, detail)
