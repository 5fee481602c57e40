"""The address of an article goes in; the key it is held under once comes out, or None for no web address.

Theory. One article is reached by many addresses: over http and https, on www, phone and AMP hosts, through AMP
caches, archives and redirectors, with the campaign that led there, the visitor's session, the way of showing it
(print, one page), index files, stray slashes and escapes. All of that is dropped. What publishers find articles by
is kept, even where it is ugly: every other parameter, the case of paths, language and section hosts, `#!` routes.
The rules run in this order, until nothing changes: clean (w3lib does the escapes), unwrap, host, path, query,
fragment. A wrong merge loses an article and a missed one only stores a copy, so in doubt addresses stay apart:
`ref=12345` is kept where `ref=twitter` goes; `/music/amp` stays while `/2024/05/flood-in-x/amp` loses its ending.
Not done: shorteners and Google News ids (they cannot be read offline), slugs a site is known to ignore.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from etl.dedup import url_habits as habits

MAX_LENGTH = 2000
_ROUNDS = 8  # wrappers inside wrappers; an address that still changes is named by its hash

_SCHEME = re.compile(r"^(?:https?:)?//", re.IGNORECASE)
_BARE = re.compile(r"^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)")  # example.com/x, as people write it
_HOST = re.compile(r"^(?:[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*|\[[0-9a-f:.]+\])$")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^/;?]*|/\([sf]\([^)/]*\)\)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jspx?|shtml|cfm)$", re.IGNORECASE)
_AMP_ENDING = re.compile(r"(?:/amp(?:\.html?)?|[._]amp|/(?:print|printable|singlepage))$", re.IGNORECASE)
_AMP_FILE = re.compile(r"[._]amp(\.s?html?)$", re.IGNORECASE)
_AMP_SEGMENT = re.compile(r"/amp(?=/)", re.IGNORECASE)
_ARTICLE = re.compile(r"/[^/]*(?:\d|-[^/]*-|\.s?html?)[^/]*")  # a number, two hyphens, a file
_NOT_ARTICLES = frozenset({"404", "error", "login", "signin", "search", "subscribe"})


def url_key(url: str) -> str | None:
    """The uniqueness key of an address, itself an https address of at most 2,000 characters.

    Pure, offline, and a fixed point: the key of a key is that key. None for anything but http(s) addresses.
    """
    address = url.strip()
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
    if _site(here.netloc) != _site(there.netloc):
        return False
    if there.path == "/" and not there.query and not there.fragment:
        return False
    is_section = here.path.startswith(there.path + "/") and not _ARTICLE.search(there.path)
    return not is_section and there.path.rsplit("/", 1)[-1].lower() not in _NOT_ARTICLES


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
    path, query, fragment = _path(parts.path), _query(host, parts.query), _fragment(parts)
    if host == "amp.cnn.com":
        path = path.removeprefix("/cnn") or "/"
    return f"https://{_publication(host)}{path}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"


def _hashed(key: str) -> str:
    return f"https://{_publication(urlsplit(key).netloc)}/~{hashlib.sha256(key.encode()).hexdigest()}"


def _host(parts: SplitResult) -> str | None:
    name = (parts.hostname or "").rstrip(".")
    name = f"[{name}]" if ":" in name else name
    if len(name) > 253 or not _HOST.match(name):
        return None
    port = parts.port  # both defaults are dropped, since http and https share a key
    return name if port in {None, 80, 443} else f"{name}:{port}"


def _publication(host: str) -> str:
    """The host without www, phone and AMP labels, as long as a publication's name remains."""
    name, colon, port = host.partition(":") if not host.startswith("[") else (host, "", "")
    labels = name.split(".")
    while len(labels) > 2 and _is_device(labels[0]) and not _is_registry(labels[1:]):
        labels = labels[1:]
    inner = [a for i, a in enumerate(labels) if a != "m" or i in (0, len(labels) - 1, len(labels) - 2)]
    name = ".".join(inner)  # en.m.wikipedia.org
    return habits.HOST_TWINS.get(name, name) + colon + port


def _is_device(label: str) -> bool:
    return label in habits.DEVICE_LABELS or (label.startswith("www") and label[3:].isdigit()) or label == "www"


def _is_registry(labels: list[str]) -> bool:
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in habits.REGISTRY_LABELS


def _site(host: str) -> str:
    """The part of a host that one publisher holds: registrable domain by rule, so that nothing is fetched."""
    labels = host.partition(":")[0].split(".")
    keep = 3 if _is_registry(labels[-2:]) or ".".join(labels[-2:]) in habits.LANDLORDS else 2
    return ".".join(labels[-keep:])


def _unwrapped(host: str, parts: SplitResult) -> str | None:
    """The address inside a cache, archive or redirector."""
    for pattern, path in habits.EMBEDDERS:
        found = path.match(parts.path) if pattern.search(host) else None
        if found:
            return "https://" + found["inner"] + (f"?{parts.query}" if parts.query else "")
    for pattern, prefix, names in habits.CARRIERS:
        if pattern.search(host) and parts.path.startswith(prefix):
            values = dict(parse_qsl(parts.query))
            for name in names:
                if _SCHEME.match(values.get(name, "")):
                    return values[name]
    return None


def _path(path: str) -> str:
    path = re.sub(r"/{2,}", "/", _SESSION.sub("", path)) or "/"
    path = _INDEX.sub("/", path).rstrip("/")
    for pattern, put in ((_AMP_FILE, r"\1"), (_AMP_ENDING, ""), (_AMP_SEGMENT, "")):
        bare = pattern.sub(put, path)
        if bare != path and _ARTICLE.search(bare):
            path = bare
    return path.rstrip("/") or "/"


def _query(host: str, query: str) -> str:
    kept = [pair for pair in query.split("&") if pair and not _is_tracking(host, *_named(pair))]
    return "&".join(sorted(kept))


def _named(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return unquote(name).lower(), unquote(value).lower()


def _is_tracking(host: str, name: str, value: str) -> bool:
    if name in habits.TRACKING_NAMES or name.startswith(habits.TRACKING_PREFIXES):
        return True
    if name in habits.TRACKING_BY_SITE.get(_site(host), ()):
        return True
    if name not in habits.CHANNEL_NAMES or value not in habits.CHANNELS:
        return False
    return value not in habits.FLAGS or name in habits.FLAG_NAMES


def _fragment(parts: SplitResult) -> str:
    """Routes of pages that are one script; anchors, text fragments and campaigns go."""
    routes = parts.fragment.startswith(("!", "/"))
    return quote(unquote(parts.fragment), safe="!/?=&-._~:@,;+") if routes and len(parts.fragment) > 1 else ""
