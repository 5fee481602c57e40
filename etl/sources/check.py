"""An address and a way to ask for it go in; what stands there comes out, and what of it could be registered.

`examine` is the pure part; `look` asks, and asks again: for robots.txt and the other places where publishers speak to
machines, for feeds a page names, and for one sitemap of an index.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from etl.errors import Reason
from etl.fetch.charset import decode
from etl.records import Feed, Fetched, OptOuts, Outcome, Sitemap, Source, SourceKind
from etl.sources import feeds, opt_outs, registry, sitemaps
from etl.sources.check_page import MAX_NAMED, page, page_signals
from etl.sources.examined import SHOWN, Examined, opt_out_lines
from etl.sources.feed_items import web_address
from etl.sources.sitemap_days import children_for

_RECENT = timedelta(days=2)

Get = Callable[[str], Fetched]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an address, and what it leads to, turned out to be."""

    examined: tuple[Examined, ...]  # the address itself first
    robots: str | None  # what robots.txt says of what would be fetched
    opt_outs: OptOuts | None
    suggestion: Source | None  # an entry for the registry

    @property
    def lines(self) -> tuple[str, ...]:
        """What was found, for a person."""
        said = [line for one in self.examined for line in one.lines]
        said += [f"robots: {self.robots}"] if self.robots else []
        said += opt_out_lines(self.opt_outs) if self.opt_outs else ()
        block = registry.dump([self.suggestion]).rstrip().splitlines() if self.suggestion else []
        return (*said, *(["for the registry:", *block] if block else []))

    def to_json(self) -> dict[str, Any]:
        """What was found, for a machine."""
        first, *others = self.examined
        return first.to_json() | {
            "is_usable": self.suggestion is not None,
            "others": [one.to_json() for one in others],
            "robots": self.robots,
            "opt_outs": self.opt_outs.to_json() if self.opt_outs else None,
            "suggestion": registry.dump([self.suggestion]) if self.suggestion else None,
        }


def look(
    url: str,
    get: Get,
    *,
    selector: str | None = None,
    allow_private: bool = False,
    robots: Callable[[str], str] | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Found:
    """Ask for an address and for what it leads to. `robots` says in words what robots.txt says; `tell` what is done."""
    tell(f"asking for {url}")
    fetched = get(url)
    first = examine(fetched, selector=selector)
    if fetched.outcome is not Outcome.FETCHED:
        return Found(examined=(first,), robots=None, opt_outs=None, suggestion=None)
    said = _spoken(fetched, get, tell)
    if first.kind is None:
        first = replace(
            first, named=tuple(dict.fromkeys([*first.named, *_sitemaps_of(said["robots_txt"])]))[:MAX_NAMED]
        )
    others = []
    for named in (*first.children[:1], *first.named[:SHOWN]):
        tell(f"asking for {named}")
        others.append(examine(get(named)))
    usable = next((one for one in others if one.kind and one.url in first.named), first)
    would_fetch = next((item.url for one in (usable, *others) for item in one.items if item.url), url)
    return Found(
        examined=(first, *others),
        robots=robots(would_fetch) if robots else None,
        opt_outs=_opt_outs(fetched, said),
        suggestion=usable.source(selector=selector, allow_private=allow_private),
    )


def examine(fetched: Fetched, *, selector: str | None = None) -> Examined:
    """Say what an answer holds."""
    found = _examined(fetched, selector)
    return replace(found, moved_to=fetched.moved_to)


def _examined(fetched: Fetched, selector: str | None) -> Examined:
    url = fetched.requested_url
    if fetched.outcome is not Outcome.FETCHED or fetched.body is None:
        why = f"{fetched.reason or fetched.outcome}: {fetched.detail}".rstrip(": ")
        return Examined(url=url, what="it cannot be read", problem=why)
    home = fetched.final_url
    sitemap = sitemaps.parse(fetched.body, url=home, fetched_at=fetched.at)
    if isinstance(sitemap, Sitemap):
        return _of_sitemap(sitemap, fetched)
    feed = feeds.parse(fetched.body, url=home, headers=fetched.headers, fetched_at=fetched.at)
    if isinstance(feed, Feed):
        return _of_feed(feed, url)
    if feed.reason is not Reason.NOT_A_FEED:
        return Examined(url=url, what="a broken feed", problem=f"{feed.reason}: {feed.detail}")
    if sitemap.reason is Reason.BROKEN_SITEMAP:
        return Examined(url=url, what="a broken sitemap", problem=f"{sitemap.reason}: {sitemap.detail}")
    return page(fetched, selector, feed)


def _of_feed(feed: Feed, url: str) -> Examined:
    has_items = bool(feed.items)
    return Examined(
        url=url,
        what="a feed that can be polled" if has_items else "a feed",
        kind=SourceKind.FEED if has_items else None,
        problem=None if has_items else "a feed without a usable entry",
        title=feed.title,
        language_code=feed.language_code,
        items=feed.items,
        unusable=len(feed.rejected),
        ttl_minutes=feed.ttl_minutes,
    )


def _of_sitemap(sitemap: Sitemap, fetched: Fetched) -> Examined:
    recent = children_for(sitemap, fetched.at - _RECENT, fetched.at)
    newest = sorted(recent, key=lambda c: c.modified.at.timestamp() if c.modified else 0.0, reverse=True)
    is_news = any(item.published for item in sitemap.items)
    is_empty = not (sitemap.items or sitemap.children)
    what = "an index of sitemaps" if sitemap.children else "a news sitemap" if is_news else "a sitemap"
    return Examined(
        url=fetched.requested_url,
        what=what,
        kind=None if is_empty else SourceKind.SITEMAP,
        problem="it lists nothing" if is_empty else None,
        title=sitemap.title,
        language_code=sitemap.language_code,
        items=sitemap.items,
        unusable=len(sitemap.rejected),
        children=tuple(child.url for child in newest),
        child_count=len(sitemap.children),
        notes=tuple(r.detail for r in sitemap.rejected[:SHOWN]),
    )


def _spoken(fetched: Fetched, get: Get, tell: Callable[[str], None]) -> dict[str, str | None]:
    """The files in which a site speaks to machines; None for one it has not."""
    said: dict[str, str | None] = {}
    for name, path in (("robots_txt", "/robots.txt"), ("ai_txt", "/ai.txt"), ("tdmrep", "/.well-known/tdmrep.json")):
        tell(f"asking for {urljoin(fetched.final_url, path)}")
        answer = get(urljoin(fetched.final_url, path))
        is_there = answer.outcome is Outcome.FETCHED and answer.body is not None
        said[name] = decode(answer.body or b"", answer.headers.get("content-type"))[0] if is_there else None
    return said


def _opt_outs(fetched: Fetched, said: dict[str, str | None]) -> OptOuts:
    text, _ = decode(fetched.body or b"", fetched.headers.get("content-type"))
    signs = page_signals(text, fetched.final_url) if "<html" in text[:10_000].lower() else None
    path = urlsplit(fetched.final_url).path or "/"
    return opt_outs.read(headers=fetched.headers, meta=signs.meta if signs else None, path=path, **said)


def _sitemaps_of(robots_txt: str | None) -> list[str]:
    """The sitemaps a robots.txt names, those for news first."""
    lines = (line.partition(":") for line in (robots_txt or "").splitlines())
    named = [
        url for key, _, value in lines if key.strip().lower() == "sitemap" and (url := web_address(value.strip(), ""))
    ]
    return sorted(dict.fromkeys(named), key=lambda url: "news" not in url.lower())[:MAX_NAMED]
