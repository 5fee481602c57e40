"""A GeoNames dump and our hand-kept tables go in; places, their names and a version come out, as for the default.

Theory. The dump has points for everything, so hand-kept points serve only where its table of places lacks the unit
(the cities files hold no countries). A unit's radius and people still come from the towns inside it.

Not everything in a dump is named in news: two million streams, every school and church. So: countries, subdivisions
to the third level and settlements always (those gone for centuries apart; a town destroyed in a war stays); seas,
rivers, mountains, islands, regions, plants, bases and dams where someone has a second name for them, which is how a
feature known beyond its neighbours shows. Codes, links and romanisations are no names.
"""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from etl.geo import dump, seeds
from etl.geo.extent import Extent
from etl.geo.fold import fold
from etl.geo.gazetteer import PROMINENT, seed_names, unit_place, usable
from etl.records import NameKind, Place, PlaceName

PREFIX = "geonames"  # how a version made from a dump begins
_LAYOUT = b"2"  # raise it when this module reads the same files differently
_GONE = frozenset({"PPLH", "PPLCH", "ADM1H", "ADM2H", "ADM3H", "PCLH"})
_UNITS = {"PCL": 0, "TER": 0, "ADM1": 1, "ADM2": 2, "ADM3": 3}  # code's beginning → level
# Features kept where they have a second name, with the radius (km) they stand for when nothing says better.
_FEATURES = {
    **dict.fromkeys(("CONT", "RGN", "RGNE", "OCN", "SEA"), 300.0),
    **dict.fromkeys(("STM", "STMS", "CNL", "GULF", "BAY", "STRT", "MTS", "ISLS", "DSRT", "PEN", "PRK"), 50.0),
    **dict.fromkeys(("LK", "LKS", "RSV", "ISL", "ATOL", "VAL", "OAS", "CAPE"), 15.0),
    **dict.fromkeys(("MT", "PASS", "VLC", "MILB", "AIRB", "AIRP", "PS", "PSN", "PSH", "DAM", "PRT"), 5.0),
}
_NO_NAMES = frozenset({"link", "wkdt", "post", "iata", "icao", "faac", "tcid", "unlc", "phon", "piny", "abbr"})
_TOWN_RADIUS = 2.0


class DumpGazette:
    """A gazetteer read from a dump. Iterate `places` before `names`: a name is given for places seen only."""

    def __init__(self, found: dump.Dump, tables: Path) -> None:
        self.dump = found
        self.version = _version(found, tables)
        self._seeds = seeds.read(tables)
        self._known: set[int] = set()
        self._prominent: set[int] = set()  # of them those whose names in scripts without capitals are wanted

    @property
    def places(self) -> Iterator[Place]:
        """Every place kept, each id once; streamed."""
        self._known.clear()
        self._prominent.clear()
        for place in self._all_places():
            if place.place_id not in self._known:
                self._known.add(place.place_id)
                if place.population >= PROMINENT or place.feature_code in ("ADM1", "CONT", "OCN", "SEA"):
                    self._prominent.add(place.place_id)
                yield place

    def names(self) -> Iterator[PlaceName]:
        """Every usable name of those places."""
        stop = frozenset(map(fold, self._seeds.stop_names))
        codes: dict[str, int] = {}
        for unit in self.dump.units():
            codes[unit.code] = unit.place_id
            yield from self._spellings(unit.place_id, unit.name, (), stop)
        for region in self._seeds.regions:
            yield from self._spellings(region.place_id, region.name, (), stop)
        for row in self.dump.rows():
            yield from self._spellings(row.place_id, row.name, () if self.dump.names else row.aliases, stop)
        yield from self._aliases(stop)
        yield from seed_names(self._seeds, codes, self._known)

    def _spellings(self, place_id: int, name: str, others: Iterable[str], stop: frozenset[str]) -> Iterator[PlaceName]:
        if place_id in self._known:
            yield from usable(place_id, name, others, stop, is_prominent=place_id in self._prominent)

    def _aliases(self, stop: frozenset[str]) -> Iterator[PlaceName]:
        for alias in self.dump.aliases():
            if alias.place_id in self._known and alias.language not in _NO_NAMES:
                for name in usable(
                    alias.place_id, "", (alias.name,), stop, is_prominent=alias.place_id in self._prominent
                ):
                    yield PlaceName(
                        place_id=alias.place_id,
                        name=name.name,
                        kind=NameKind.ALIAS,
                        language_code=alias.language if len(alias.language) == 2 else None,
                        valid_from=alias.valid_from,
                        valid_to=alias.valid_to,
                    )

    def _all_places(self) -> Iterator[Place]:
        """Regions of ours, then the tables' rows, then units, whose extents their towns have made by then."""
        extents: dict[str, Extent] = {}
        points: dict[int, dump.Row] = {}
        yield from self._seeds.regions
        for row in self.dump.rows():
            if row.feature_class == "A":
                if _level(row.feature_code) is not None:
                    points[row.place_id] = row
            elif row.feature_class == "P" and row.feature_code not in _GONE:
                for code in (f"{row.country}.{row.admin1}", f"{row.country}.{row.admin1}.{row.admin2}"):
                    extents.setdefault(code, Extent()).add(row.lat, row.lon, row.population)
                yield _place(row, max(_TOWN_RADIUS, math.sqrt(row.population) / 60))
            elif row.feature_code in _FEATURES and row.aliases:
                yield _place(row, _FEATURES[row.feature_code])
        for unit in self.dump.units():
            place = self._unit(unit, points.pop(unit.place_id, None), extents.get(unit.code))
            if place is not None:
                yield place
        yield from (_place(row, 10.0) for row in points.values())  # third level, and what the code tables lack

    def _unit(self, unit: dump.Unit, row: dump.Row | None, extent: Extent | None) -> Place | None:
        """A unit at the dump's own point, else the hand-kept one, else the middle of its towns; None without any."""
        point = (row.lat, row.lon) if row else self._seeds.points.get(unit.code)
        return unit_place(
            unit.place_id, unit.code, unit.name, extent, point, area_km2=unit.area_km2, population=unit.population
        )


def read(folder: Path, tables: Path) -> DumpGazette:
    """Look at a dump's folder and the tables of seeds/geo. Raises GazetteerMissing for what is not there."""
    return DumpGazette(dump.find(folder), tables)


def _version(found: dump.Dump, tables: Path) -> str:
    total = hashlib.sha256(_LAYOUT)
    for path in (*found.files, *(tables / name for name in seeds.TABLES)):
        total.update(path.name.encode() + dump.digest(path))
    return f"{PREFIX}-{total.hexdigest()[:12]}"


def _level(code: str) -> int | None:
    return None if code in _GONE else next((n for start, n in _UNITS.items() if code.startswith(start)), None)


def _place(row: dump.Row, radius_km: float) -> Place:
    return Place(
        place_id=row.place_id,
        name=row.name,
        feature_class=sys.intern(row.feature_class),
        feature_code=sys.intern(row.feature_code),
        country_code=sys.intern(row.country) or None,
        admin1_code=sys.intern(row.admin1) or None,
        admin2_code=sys.intern(row.admin2) or None,
        lat=row.lat,
        lon=row.lon,
        population=row.population,
        radius_km=round(radius_km, 1),
    )
