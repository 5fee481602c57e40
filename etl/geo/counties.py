"""Groups of mentions go in; which of them name a second-level unit and a town within it comes out.

"Paris and Henry County": there are a dozen of either, but one county of that name holds a town of the other. Such a
fit seldom happens by chance, so it counts before anything else of the text is settled, and whatever each was thought
to mean until then.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from etl.geo.groups import Group, Option
from etl.geo.lexicon import Entry, Level

_COUNTY, _MOST = 1.2, 3  # for a unit, times the root of how many names fit a town within it
_IN_COUNTY = 2.0  # for a town
_Unit = tuple[str, str, str]


class Counties:
    """Which second-level units are named in a text, and which groups could lie in them."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._named: dict[_Unit, set[str]] = {}  # unit → names it goes by where it is called a unit
        self._towns: dict[_Unit, set[str]] = {}  # unit → names of towns within it
        for group in groups:
            for option in group.options:
                unit = _unit(option.entry)
                if unit is not None and option.entry.level is Level.TOWN:
                    self._towns.setdefault(unit, set()).add(group.key)
                elif unit is not None and option.entry.level is Level.ADMIN2 and group.designator == "unit":
                    self._named.setdefault(unit, set()).add(group.key)

    def evidence(self, group: Group, option: Option) -> dict[str, float]:
        """What speaks for an option: the county it lies in is named, or towns within it are."""
        unit = _unit(option.entry)
        if unit is None or option.entry.level not in (Level.TOWN, Level.ADMIN2):
            return {}
        is_town = option.entry.level is Level.TOWN
        others = len((self._named if is_town else self._towns).get(unit, set()) - {group.key})
        if not others:
            return {}
        return {"in_county": _IN_COUNTY} if is_town else {"county": _COUNTY * math.sqrt(min(others, _MOST))}


def _unit(entry: Entry) -> _Unit | None:
    return (entry.country, entry.admin1, entry.admin2) if entry.admin2 else None
