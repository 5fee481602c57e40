"""The address of an article goes in; the key it is held under once comes out, or None for no web address.

Theory. One article is reached by many addresses: over http and https, on www, phone and AMP hosts, through AMP
caches, archives and redirectors, with the campaign that led there, the visitor's session, the way of showing it
(print, one page), index files, stray slashes and escapes. All of that is dropped. What publishers find articles by
is kept, even where it is ugly: every other parameter, the case of paths, language and section hosts, `#!` routes.
The rules run in this order, until nothing changes: clean (w3lib does the escapes), unwrap, host, path, query,
fragment. A wrong merge loses an article and a missed one only stores a copy, so in doubt addresses stay apart:
`ref=12345` is kept where `ref=twitter` goes; `/music/amp` stays while `/2024/05/flood-in-x/amp` loses its ending.
Where a path tells an article by itself (a slug of four words, a long number), `ref=anything` goes, too.
Not done: shorteners and Google News ids (they cannot be read offline), slugs a site is known to ignore.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from etl.dedup import url_habits as habits
from etl.dedup import url_wrappers as wrappers
from etl.dedup.url_hosts import publication, site
from etl.dedup.url_sites import PATHS, TRACKING_BY_SITE

MAX_LENGTH = 2000
_ROUNDS = 8  # wrappers inside wrappers; an address that still changes is named by its hash

_SCHEME = re.compile(r"^(?:https?:)?//", re.IGNORECASE)
_BARE = re.compile(r"^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)")  # example.com/x, as people write it
_HOST = re.compile(r"^(?:[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*|\[[0-9a-f:.]+\])$")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^/;?]*|/\([sf]\([^)/]*\)\)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:[sx]?html?|php\d?|phtml|aspx?|jspx?|cfm)$", re.IGNORECASE)
_VIEW_ENDING = re.compile(
    r"(?:/amp(?:\.html?)?|[._]amp|(?<=\d{4})-amp|/(?:print|printable|singlepage)|/comment-page-\d+)$", re.IGNORECASE
)
_VIEW_FILE = re.compile(r"(?:[._~](?:amp|print)|(?<=\d{4})-amp)(\.s?html?)$", re.IGNORECASE)
_VIEW_SEGMENT = re.compile(r"/(?:platform/amp|amphtml|amp)(?=/)", re.IGNORECASE)
_ARTICLE = re.compile(r"/[^/]*(?:\d|-|\.s?html?)[^/]*")  # a number, a hyphen, a file
_TELLING = re.compile(r"/[^/]*(?:\d{6}|[^/-]+-[^/-]+-[^/-]+-[^/-]+)[^/]*$")  # finds an article without a query
_ALONE = re.compile(r"/[^/]*(?:\d{4}|[^/-]+-[^/-]+-[^/-]+-[^/-]+|\.s?html?$)[^/]*")  # what consent pages do not have
_NOT_ARTICLES = frozenset({"404", "error", "login", "signin", "search", "subscribe"})
_REFERRER = re.compile(r"^(?:https?://)?(?:www\.|m\.|l\.|out\.)?")
_NOT_WORD = re.compile(r"[^\w]|_")


def url_key(url: str) -> str | None:
    """The uniqueness key of an address, itself an https address of at most 2,000 characters.

    Pure, offline, and a fixed point: the key of a key is that key. None for anything but http(s) addresses.
    """
    address = unicodedata.normalize("NFC", url.strip())
    if not _SCHEME.match(address):
        if not _BARE.match(address):
            return None
        address = "https://" + address
    for _ in range(_ROUNDS):
        key = _once(address)
        if key is None or key == address:
            break
        address = key
    else:
        key = _hashed(address)
    return _hashed(key) if key is not None and len(key) > MAX_LENGTH else key


def same_page_evidence(page_url: str, canonical_url: str) -> bool:
    """Whether what a page calls its canonical address may become an alias of it.

    Refused: a home page, a section the page lies under, an error or login page, another publisher's site.
    """
    page, canonical = url_key(page_url), url_key(canonical_url)
    if page is None or canonical is None:
        return False
    if page == canonical:
        return True
    here, there = urlsplit(page), urlsplit(canonical)
    if site(here.netloc) != site(there.netloc):
        return False
    if there.path == "/" and not there.query and not there.fragment:
        return False
    is_section = here.path.startswith(there.path + "/") and not _ARTICLE.search(there.path)
    return not is_section and there.path.rsplit("/", 1)[-1].lower() not in _NOT_ARTICLES


def redirect_evidence(asked_url: str, final_url: str) -> bool:
    """Whether where an address led to may become an alias of it.

    As for a canonical address; but a live page or a topic, to which all that is over is sent, can lie anywhere, so the
    target must look like one article. Shorteners and counters of clicks lead to other sites, which needs more of it:
    a year, a number, a slug of words or a file.
    """
    if url_key(asked_url) == url_key(final_url):
        return url_key(asked_url) is not None
    final = urlsplit(url_key(final_url) or "")
    if site(urlsplit(url_key(asked_url) or "").netloc) != site(final.netloc):
        return bool(_ALONE.search(final.path))
    return same_page_evidence(asked_url, final_url) and bool(_ARTICLE.search(final.path) or final.query)


def _once(address: str) -> str | None:
    from w3lib.url import canonicalize_url

    try:
        clean = canonicalize_url(_SCHEME.sub("https://", address.replace("&amp;", "&")), keep_fragments=True)
        parts = urlsplit(clean)
        host = _host(parts)
    except (ValueError, UnicodeError):  # a broken port, bracket or escape: no address
        return None
    if host is None:
        return None
    inner = _unwrapped(host, parts)
    if inner is not None:
        return inner
    path = _path(host, parts.path)
    name, query, fragment = publication(host), _query(host, path, parts.query), _fragment(parts)
    return f"https://{name}{path}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"


def _hashed(key: str) -> str:
    return f"https://{publication(urlsplit(key).netloc)}/~{hashlib.sha256(key.encode()).hexdigest()}"


def _host(parts: SplitResult) -> str | None:
    name = (parts.hostname or "").rstrip(".")
    name = f"[{name}]" if ":" in name else name
    if len(name) > 253 or not _HOST.match(name):
        return None
    port = parts.port  # both defaults are dropped, since http and https share a key
    return name if port in {None, 80, 443} else f"{name}:{port}"


def _unwrapped(host: str, parts: SplitResult) -> str | None:
    """The address inside a cache, archive or redirector."""
    for pattern, path in wrappers.EMBEDDERS:
        found = path.match(parts.path) if pattern.search(host) else None
        if found:
            inner = wrappers.TURBO_MARK.sub(r"\1", found["inner"]).replace("%3F", "?", 1)
            return "https://" + inner + (f"{'&' if '?' in inner else '?'}{parts.query}" if parts.query else "")
    for pattern, prefix, names in wrappers.CARRIERS:
        if pattern.search(host) and parts.path.startswith(prefix):
            values = dict(parse_qsl(parts.query))
            for name in names:
                if _SCHEME.match(values.get(name, "")):
                    return values[name]
    if host == wrappers.CACHE_HOST:
        cached = wrappers.CACHED.match(dict(parse_qsl(parts.query)).get("q", ""))
        return "https://" + cached["inner"] if cached else None
    return None


def _path(host: str, path: str) -> str:
    path = re.sub(r"/{2,}", "/", _SESSION.sub("", path)) or "/"
    for pattern, view, put in PATHS:
        if pattern.search(host):
            path = view.sub(put, path)
    path = _INDEX.sub("/", path).rstrip("/")
    for view, put in ((_VIEW_FILE, r"\1"), (_VIEW_ENDING, ""), (_VIEW_SEGMENT, "")):
        bare = view.sub(put, path)
        if bare != path and _ARTICLE.search(bare):
            path = bare
    return path.rstrip("/") or "/"


def _query(host: str, path: str, query: str) -> str:
    by_site = _by_site(host)
    is_idle = bool(_TELLING.search(path))
    kept = [
        pair
        for pair in query.split("&")
        if pair and (named := _named(pair))[0] not in by_site and not _is_tracking(*named, is_idle=is_idle)
    ]
    return "&".join(sorted(kept))


def _by_site(host: str) -> frozenset[str]:
    """What is tracking on this publisher's site, or on that of its landlord."""
    own = site(host)
    return TRACKING_BY_SITE.get(own) or TRACKING_BY_SITE.get(own.partition(".")[2], frozenset())


def _named(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return unquote(name).lower().removeprefix("amp;"), unquote(value).lower()


def _is_tracking(name: str, value: str, *, is_idle: bool) -> bool:
    """Whether a parameter says how somebody came, not what they came for; `is_idle`: the path tells the article."""
    if name in habits.TRACKING_NAMES or name.startswith(habits.TRACKING_PREFIXES):
        return True
    if (name, value) in habits.WHOLE_PAGE:
        return True
    if name in habits.SESSION_NAMES:
        return bool(habits.SESSION_VALUE.fullmatch(value))
    if name in habits.CHANNEL_NAMES:
        return value in habits.CHANNELS and (value not in habits.FLAGS or name in habits.FLAG_NAMES)
    if name in habits.REFERRAL_NAMES and _first_word(value) in habits.CHANNELS - habits.FLAGS:
        return True
    return is_idle and name in habits.IDLE_NAMES and not value.isdigit()


def _first_word(value: str) -> str:
    """`rss` of `rss_world`, `twitter` of `https://www.twitter.com/`."""
    return _NOT_WORD.split(_REFERRER.sub("", value), maxsplit=1)[0]


def _fragment(parts: SplitResult) -> str:
    """Routes of pages that are one script; anchors, text fragments and campaigns go."""
    routes = parts.fragment.startswith(("!", "/"))
    return quote(unquote(parts.fragment), safe="!/?=&-._~:@,;+") if routes and len(parts.fragment) > 1 else ""
