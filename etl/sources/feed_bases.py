"""An element of a feed, or an address in it, goes in; the address it is relative to, or it made absolute, comes out.

The rules are feedparser's: `xml:base` and a plain `base` count, an address with more slashes than two is mended.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_EXTRA_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)/+")


def based(element: Element, base: str) -> str:
    """The address links within an element are relative to."""
    stated = element.get(_BASE) or element.get("base")
    return joined(base, stated) or base if stated else base


def joined(base: str, address: str) -> str:
    """An address made absolute as feedparser does; "" where it is none."""
    try:
        if not base and (":///" not in address):
            return address
        return urljoin(base, _EXTRA_SLASHES.sub(r"\1", address))
    except ValueError:
        return ""
