"""Caches, archives and redirectors go in as tables: hosts whose addresses hold the whole address of another page."""

from __future__ import annotations

import re


def _host(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|\.){pattern}$")


_GOOGLE = r"google\.[a-z]{2,3}(?:\.[a-z]{2})?"

# The address stands in a parameter, escaped: (host, start of the path, names in order).
CARRIERS: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = (
    # search engines, counting clicks
    (_host(_GOOGLE), "/url", ("url", "q")),
    (_host(_GOOGLE), "/news/url", ("url",)),
    (_host(r"bing\.com"), "/news/apiclick.aspx", ("url",)),
    (_host(r"duckduckgo\.com"), "/l", ("uddg",)),
    # networks, warning of links that leave them
    (_host(r"facebook\.com"), "/l.php", ("u",)),
    (_host(r"instagram\.com"), "/", ("u",)),
    (re.compile(r"^out\.reddit\.com$"), "/", ("url",)),
    (_host(r"youtube\.com"), "/redirect", ("q",)),
    (_host(r"linkedin\.com"), "/redir", ("url",)),
    (_host(r"vk\.com"), "/away.php", ("to",)),
    (_host(r"t\.umblr\.com"), "/redirect", ("z",)),
    (_host(r"steamcommunity\.com"), "/linkfilter", ("url", "u")),
    (_host(r"slack-redir\.net"), "/link", ("url",)),
    # readers and mail programs
    (_host(r"getpocket\.com"), "/redirect", ("url",)),
    (_host(r"flipboard\.com"), "/redirect", ("url",)),
    (_host(r"deref-(?:gmx|web)\.(?:net|de|com)"), "/mail/client", ("redirectUrl",)),
    (_host(r"safelinks\.protection\.outlook\.com"), "/", ("url",)),
)

# The address stands in the path: (host, path). What is asked of the wrapper is asked of the page.
EMBEDDERS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (_host(host), re.compile(path))
    for host, path in (
        # AMP caches and viewers
        (r"cdn\.ampproject\.org", r"^/[a-z]/(?:s/)?(?P<inner>[^/]+\..*)$"),
        (r"bing-amp\.com", r"^/[a-z]/(?:s/)?(?P<inner>[^/]+\..*)$"),
        (_GOOGLE, r"^/amp/(?:s/)?(?P<inner>[^/]+\..*)$"),
        (r"bing\.com", r"^/amp/(?:s/)?(?P<inner>[^/]+\..*)$"),
        # Yandex Turbo puts its mark behind the host
        (r"yandex\.(?:ru|com|kz|by|ua)", r"^/turbo/(?:s/)?(?P<inner>[^/]+\..*)$"),
        (r"turbopages\.org", r"^/(?:turbo/)?(?P<inner>[^/]+\..*)$"),
        # archives
        (r"archive\.org", r"^/web/\d{1,14}(?:[a-z]{2}_)?/(?:https?:/{1,2})?(?P<inner>[^/]+\..*)$"),
        (r"archive\.(?:ph|today|is|li|md|vn|fo)", r"^/[\d.-]{4,20}/(?:https?:/{1,2})(?P<inner>[^/]+\..*)$"),
        # mail filters
        (r"urldefense\.com", r"^/v3/__https?:/{1,2}(?P<inner>[^/]+\..*?)__;.*$"),
    )
)
TURBO_MARK = re.compile(r"^([^/]+)/s(?=/)")

# A search cache names its page in the query.
CACHED = re.compile(r"^cache:(?:[\w-]+:)?(?:https?://)?(?P<inner>[^/ ]+\.[^ ]*)")
CACHE_HOST = "webcache.googleusercontent.com"
