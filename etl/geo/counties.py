"""Groups of mentions go in; which of them name a second-level unit and a town within it comes out.

"Paris and Henry County": there are a dozen of either, but one county of that name holds a town of the other. Such a
fit seldom happens by chance, so it counts before anything else of the text is settled, and whatever each was thought
to mean until then.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from etl.geo.groups import Group
from etl.geo.lexicon import TOWN
from etl.geo.options import Area, Option

_COUNTY, _MOST = 1.2, 3  # for a unit, times the root of how many names fit a town within it
_IN_COUNTY = 2.0  # for a town


class Counties:
    """Which second-level units are named in a text, and which groups could lie in them."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._named: dict[Area, set[str]] = {}  # unit → names it goes by where it is called a unit
        self._towns: dict[Area, set[str]] = {}  # unit → names of towns within it
        if not any(group.has_units for group in groups):
            return
        for group in groups:
            for option in group.options:
                if option.county is None:
                    continue
                if option.entry.level is TOWN:
                    self._towns.setdefault(option.county, set()).add(group.key)
                elif group.designator == "unit":
                    self._named.setdefault(option.county, set()).add(group.key)

    def evidence(self, group: Group, option: Option) -> dict[str, float]:
        """What speaks for an option: the county it lies in is named, or towns within it are."""
        is_town = option.entry.level is TOWN
        named = self._named if is_town else self._towns
        names = named.get(option.county) if named and option.county else None
        others = len(names) - (group.key in names) if names else 0
        if not others:
            return {}
        return {"in_county": _IN_COUNTY} if is_town else {"county": _COUNTY * math.sqrt(min(others, _MOST))}
