"""The tag of an element with its namespace goes in; the one name by which feedparser and we know it comes out.

Theory. Feeds bind the same vocabulary to addresses with and without a slash, in either case, or to one nobody has heard
of. So an address is looked up in small letters; one that is unknown is called by the prefix the feed gave it, and
RSS, Atom and the elements of no namespace share one: "dc_date", "content_encoded", "title".
"""

from __future__ import annotations

import re
from functools import cached_property

_XMLNS = re.compile(rb"xmlns:([\w.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PLAIN = (  # RSS, RDF and Atom in all their drafts, as feedparser lists them
    "http://backend.userland.com/rss",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://example.com/newformat#",
    "http://example.com/necho",
    "http://purl.org/echo/",
    "uri/of/echo/namespace#",
    "http://purl.org/pie/",
    "http://purl.org/atom/ns#",
    "http://www.w3.org/2005/atom",
    "http://purl.org/rss/1.0/modules/rss091#",
)
_KNOWN = {
    **dict.fromkeys(_PLAIN, ""),
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/2000/svg": "svg",
}


class Names(dict[str, str]):
    """Tags as ElementTree writes them ("{address}tag") to names, each worked out once."""

    def __init__(self, skeleton: bytes) -> None:
        super().__init__()
        self._skeleton = skeleton

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        """By address, as the feed has them; most feeds use none that is unknown."""
        found = _XMLNS.findall(self._skeleton)
        return {(a or b).decode("utf-8", "replace"): p.decode("utf-8", "replace") for p, a, b in found}

    def __missing__(self, tag: str) -> str:
        address, _, local = tag[1:].partition("}") if tag[:1] == "{" else ("", "", tag)
        prefix = _KNOWN.get(address.lower())
        if prefix is None and "backend.userland.com/rss" not in address.lower():
            prefix = self._prefixes.get(address, "").lower()
        name = f"{prefix}_{local.lower()}" if prefix else local.lower()
        self[tag] = name
        return name
