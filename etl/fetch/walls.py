"""Status, headers and the start of a body go in; the name of the bot wall that answered comes out, or None.

Theory. A wall between us and the publisher answers with a challenge page under 200, 202, 401, 403, 405, 429
or 503. A person who reads `forbidden` looks for a login; one who reads `bot_wall: Cloudflare` knows to ask
the publisher. Rules, in order: (1) a header only a challenge carries decides, whatever the status; (2) on a
refusing status, marks of the vendor in headers or page decide; (3) on 200 or 202 a mark in the page decides
only if the page is small, since an article may well speak of captchas and a news site behind a wall carries
the wall's script on every page. Not done: solving or evading anything. A wall is a publisher's no.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_REFUSING = frozenset({401, 403, 405, 429, 503})
_SMALL = 30_000  # bytes; challenge pages seen are 1 to 12 kB
_READ = 20_000  # bytes of the body looked at

# Header and value that only a challenge or a block by the vendor carries (vendors' own documentation).
_CHALLENGE_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-vercel-mitigated", "challenge", "Vercel"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-datadome", "protected", "DataDome"),
)

# Marks in the page, each part of a challenge or block page and of no article template.
_PAGE_MARKS = tuple(
    (re.compile(pattern, re.IGNORECASE), vendor)
    for pattern, vendor in (
        (
            rb"<title>\s*Just a moment|cf-chl-|/cdn-cgi/challenge-platform/|cf-error-details|cf_chl_opt",
            "Cloudflare",
        ),
        (rb"captcha-delivery\.com", "DataDome"),
        (
            rb"errors\.edgesuite\.net|sec-if-cpt-container|<title>\s*Access Denied\s*</title>[\s\S]{0,400}Re",
            "Akamai",
        ),
        (rb"_Incapsula_Resource|Incapsula incident ID", "Imperva"),
        (rb"px-captcha|_pxAppId", "HUMAN"),
        (rb"awswaf\.com[^\"']*/challenge", "AWS WAF"),
        (rb"sucuri\.net/privacy-policy|Sucuri WebSite Firewall", "Sucuri"),
    )
)

# What the vendor's edge calls itself; a refusal from it without a mark is still the site's own answer,
# except where the edge is known to refuse robots with an empty page.
_EDGE_HEADERS = (("x-dd-b", "DataDome"), ("x-px-block", "HUMAN"))


def wall(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Name the bot wall behind an answer, or None. Header names in lower case."""
    for name, value, vendor in _CHALLENGE_HEADERS:
        if name in headers and value in headers[name].lower():
            return vendor
    if status in _REFUSING:
        return _page_mark(body) or next((vendor for name, vendor in _EDGE_HEADERS if name in headers), None)
    if status in {200, 202} and len(body) <= _SMALL:
        return _challenge(body)
    return None


def _page_mark(body: bytes) -> str | None:
    return next((vendor for mark, vendor in _PAGE_MARKS if mark.search(body[:_READ])), None)


def _challenge(body: bytes) -> str | None:
    """On a success status a mark is not enough: the page must also have nothing to read."""
    vendor = _page_mark(body)
    if vendor is None:
        return None
    text = re.sub(
        rb"<(script|style|noscript)\b[\s\S]*?(?:</\1\s*>|\Z)|<[^>]*>",
        b" ",
        body[:_SMALL],
        flags=re.IGNORECASE,
    )
    return vendor if len(text.split()) < 120 else None
