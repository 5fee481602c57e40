"""An address and a way to ask for it go in; what stands there comes out: a feed, a page that names feeds, or neither.

`examine` is the pure part; `look` asks, and asks again for each feed a page names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser

from etl.fetch.charset import decode
from etl.records import Feed, Fetched, Outcome, Rejected
from etl.sources.feed_items import web_address
from etl.sources.feeds import parse

_FEED_TYPES = frozenset(
    {
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/rss+xml",
        "application/xml",
        "text/xml",
    }
)
_MAX_NAMED = 10
_MAX_HEAD = 200_000  # characters of a page in which feeds are looked for
_SHOWN = 5  # addresses shown of those a poll would ask for


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one address turned out to be."""

    url: str
    moved_to: str | None = None  # the address to keep instead, if the server says so for good
    feed: Feed | None = None  # if it is one that can be read
    named: tuple[str, ...] = ()  # feeds a page names
    problem: str | None = None  # why nothing can be polled here

    @property
    def lines(self) -> tuple[str, ...]:
        """What was found, for a person."""
        said = [f"{self.url}: {self.problem or 'a feed that can be polled'}"]
        if self.moved_to:
            said.append(f"  moved for good: use {self.moved_to}")
        return (*said, *(_of_feed(self.feed) if self.feed else ()), *(f"  names the feed {url}" for url in self.named))


@dataclass(frozen=True, slots=True)
class Found:
    """What an address, and the feeds its page names, turned out to be."""

    checked: tuple[Checked, ...]  # the address itself first

    @property
    def is_usable(self) -> bool:
        """Whether the address itself can be polled."""
        return self.checked[0].problem is None

    @property
    def lines(self) -> tuple[str, ...]:
        """What was found, for a person."""
        return tuple(line for one in self.checked for line in one.lines)


def look(url: str, get: Callable[[str], Fetched]) -> Found:
    """Ask for an address, and for the feeds its page names. `get` answers for robots.txt as well."""
    first = examine(get(url))
    return Found((first, *(examine(get(named)) for named in first.named)))


def examine(fetched: Fetched) -> Checked:
    """Say what an answer holds."""
    url, moved_to = fetched.requested_url, fetched.moved_to
    if fetched.outcome is not Outcome.FETCHED or fetched.body is None:
        return Checked(url=url, problem=f"{fetched.reason or fetched.outcome}: {fetched.detail}".rstrip(": "))
    parsed = parse(fetched.body, url=fetched.final_url, headers=fetched.headers, fetched_at=fetched.at)
    if isinstance(parsed, Feed):
        problem = None if parsed.items else "a feed without a usable entry"
        return Checked(url=url, moved_to=moved_to, feed=parsed, problem=problem)
    text, _ = decode(fetched.body, fetched.headers.get("content-type"))
    named = named_feeds(text, fetched.final_url)
    problem = "a page, not a feed; it names feeds" if named else _why(parsed)
    return Checked(url=url, moved_to=moved_to, named=named, problem=problem)


def _why(parsed: Rejected) -> str:
    return f"{parsed.reason}: {parsed.detail}"


def _of_feed(feed: Feed) -> tuple[str, ...]:
    dates = sorted(dated.at for item in feed.items if (dated := item.published or item.updated))
    facts = [
        f"{feed.title or 'without a title'}; {len(feed.items)} entries, {len(feed.rejected)} unusable",
        f"language {feed.language_code or 'not stated'}",
        f"newest {dates[-1]:%Y-%m-%d %H:%M} UTC" if dates else "no entry is dated",
    ]
    if feed.ttl_minutes:
        facts.append(f"asks for a pause of {feed.ttl_minutes} minutes")
    pages = [item.url for item in feed.items if item.url]
    return (f"  {'; '.join(facts)}", *(f"  would fetch {url}" for url in pages[:_SHOWN]), *_more(len(pages) - _SHOWN))


def _more(count: int) -> tuple[str, ...]:
    return (f"  and {count} more",) if count > 0 else ()


def named_feeds(html: str, base: str) -> tuple[str, ...]:
    """The feeds a page names in its head, absolute, in its order (autodiscovery: `link rel=alternate`)."""
    reader = _Links()
    reader.feed(html[:_MAX_HEAD])
    home = web_address(reader.base, base) or base
    found = (web_address(href, home) for href in reader.feeds)
    return tuple(dict.fromkeys(url for url in found if url))[:_MAX_NAMED]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.feeds: list[str] = []
        self.base: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = {name: value or "" for name, value in attrs}
        if tag == "base" and self.base is None:
            self.base = stated.get("href")
        is_alternate = "alternate" in stated.get("rel", "").lower().split()
        media_type = stated.get("type", "").partition(";")[0].strip().lower()
        if tag == "link" and is_alternate and media_type in _FEED_TYPES and stated.get("href"):
            self.feeds.append(stated["href"])
