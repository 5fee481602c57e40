"""The gazetteer packages and our hand-kept tables go in; places, their names and a version come out.

Theory. The packages have every town of 500 people, with names in many scripts, and the subdivisions' names, but no
point for a subdivision or country and no population for a subdivision. So: a country's or large unit's point is
hand-kept; another unit's is the middle of the box around its towns, its radius half that box's diagonal, its
population their sum. A unit without towns has no point and is left out: nothing is invented.

Names left out: those of one letter or only digits; codes (an airport's MOW) and romanisations in small letters,
which no text uses; names in scripts without capitals of all but units and towns of 50,000 people, since there only the
well known can be told from words (`caseless`); and the stop names.
"""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.errors import GazetteerMissing
from etl.geo import seeds as seed_tables
from etl.geo import wheels
from etl.geo.extent import Extent
from etl.geo.fold import fold
from etl.geo.scripts import RUN
from etl.records import NameKind, Place, PlaceName

_LAYOUT = b"2"  # raise it when this module reads the same inputs differently
_MAX_NAME = 60
_MAX_WORDS = 6
_TOWN_RADIUS = 2.0
PROMINENT = 50_000  # people from which a town's names in scripts without capitals are kept


@dataclass(frozen=True, slots=True)
class Gazette:
    """A gazetteer, read: its places in memory, its names read anew at each call."""

    version: str  # derived from the inputs' content
    places: tuple[Place, ...]  # each id once: regions, continents, countries, subdivisions, towns
    _seeds: seed_tables.Seeds
    _files: dict[str, Path]

    def names(self) -> Iterator[PlaceName]:
        """Every usable name of those places: (place, folded name, kind) comes once from each input."""
        known = {place.place_id for place in self.places}
        stop = frozenset(map(fold, self._seeds.stop_names))
        for place_id, primary, others, is_prominent in self._spellings():
            if place_id in known:
                yield from usable(place_id, primary, others, stop, is_prominent=is_prominent)
        yield from seed_names(self._seeds, _references(self._files), known)

    def _spellings(self) -> Iterator[tuple[int, str, Iterable[str], bool]]:
        """Place, usual name, others, and whether those in scripts without capitals are wanted."""
        for region in self._seeds.regions:
            yield region.place_id, region.name, (), True
        for row in wheels.continents(self._files["continents"]):
            yield int(row["geonameId"]), row["name"], [n["name"] for n in row["alternateNames"]], True
        more: dict[int, list[str]] = {}
        for place_id, name in wheels.country_names(self._files["country_names"]):
            more.setdefault(place_id, []).append(name)
        for row in wheels.countries(self._files["countries"]).values():
            yield row["geonameid"], row["name"], more.get(row["geonameid"], ()), True
        for unit in wheels.subdivisions(self._files["subdivisions"]):
            yield unit.place_id, unit.name, unit.aliases, unit.parts[2] is None
        for town in wheels.towns(self._files["towns"]):
            yield town.geonameid, town.name, town.alternatenames, town.population >= PROMINENT


def version(folder: Path) -> str:
    """What `read` would call the gazetteer made with these tables. Raises GazetteerMissing."""
    digest = hashlib.sha256(_LAYOUT)
    for path in (*wheels.files().values(), *(folder / name for name in seed_tables.TABLES)):
        digest.update(_digest(path))
    return f"default-{digest.hexdigest()[:12]}"


def read(folder: Path) -> Gazette:
    """Read the default gazetteer with the tables of `folder` (seeds/geo). Raises GazetteerMissing."""
    files, seeds = wheels.files(), seed_tables.read(folder)
    return Gazette(version(folder), _places(files, seeds), seeds, files)


def _places(files: dict[str, Path], seeds: seed_tables.Seeds) -> tuple[Place, ...]:
    units, towns = _units_and_towns(files, seeds)
    places: dict[int, Place] = {}
    for place in (*seeds.regions, *_continents(files), *_countries(files, seeds), *units, *towns):
        places.setdefault(place.place_id, place)
    return tuple(places.values())


def _digest(path: Path) -> bytes:
    if not path.is_file():
        raise GazetteerMissing(str(path), "It is part of the checkout: restore it.")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _references(files: dict[str, Path]) -> dict[str, int]:
    """Country and admin-1 codes → place ids."""
    codes = {code: int(row["geonameid"]) for code, row in wheels.countries(files["countries"]).items()}
    return codes | {
        unit.code: unit.place_id for unit in wheels.subdivisions(files["subdivisions"]) if unit.code.count(".") == 1
    }


def _continents(files: dict[str, Path]) -> Iterator[Place]:
    for row in wheels.continents(files["continents"]):
        yield Place(
            place_id=int(row["geonameId"]),
            name=row["name"],
            feature_class="L",
            feature_code="CONT",
            country_code=None,
            admin1_code=None,
            admin2_code=None,
            lat=float(row["lat"]),
            lon=float(row["lng"]),
            population=int(row["population"]),
            radius_km=3500.0,
        )


def _countries(files: dict[str, Path], seeds: seed_tables.Seeds) -> Iterator[Place]:
    for code, row in wheels.countries(files["countries"]).items():
        ident, name, area, people = int(row["geonameid"]), row["name"], row["areakm2"], int(row["population"])
        place = unit_place(
            ident, code, name, None, seeds.points.get(code), area_km2=max(area or 0, 3), population=people
        )
        if place is not None:
            yield place


def _units_and_towns(files: dict[str, Path], seeds: seed_tables.Seeds) -> tuple[list[Place], list[Place]]:
    """Subdivisions (needing their towns' extents first) and towns, both from one reading of the towns."""
    units = {unit.row: unit for unit in wheels.subdivisions(files["subdivisions"])}
    links = wheels.town_links(files["town_links"])
    capitals = {code: fold(row["capital"]) for code, row in wheels.countries(files["countries"]).items()}
    extents: dict[str, Extent] = {}
    towns: list[Place] = []
    for row in wheels.towns(files["towns"]):
        inside = [units[n] for n in links.get(row.geonameid, ()) if n in units]
        second = next((u.parts[2] for u in inside if u.parts[2]), None)
        town = _town(row, second, capitals)
        towns.append(town)
        for code in {f"{town.country_code}.{town.admin1_code}", *(u.code for u in inside)}:
            extents.setdefault(code, Extent()).add(town.lat, town.lon, town.population)
    made = (
        unit_place(u.place_id, u.code, u.name, extents[u.code], seeds.points.get(u.code))
        for u in units.values()
        if u.code in extents
    )
    return [unit for unit in made if unit is not None], towns


def _town(row: wheels.Town, admin2: str | None, capitals: dict[str, str]) -> Place:
    country, name, population = sys.intern(row.countrycode), row.name, row.population
    is_capital = capitals.get(country) == fold(name) and population > 20_000
    return Place(
        place_id=row.geonameid,
        name=name,
        feature_class="P",
        feature_code="PPLC" if is_capital else "PPL",
        country_code=country,
        admin1_code=sys.intern(row.admin1code) or None,
        admin2_code=admin2,
        lat=row.latitude,
        lon=row.longitude,
        population=population,
        radius_km=round(max(_TOWN_RADIUS, math.sqrt(population) / 60), 1),
    )


def seed_names(seeds: seed_tables.Seeds, codes: Mapping[str, int], known: Container[int]) -> Iterator[PlaceName]:
    """The hand-kept names of places known; `codes` leads from a country's or unit's code to its id."""
    for row in seeds.names:
        place_id = codes.get(row.place) or (int(row.place) if row.place.lstrip("-").isdigit() else 0)
        if place_id in known:
            yield PlaceName(
                place_id=place_id,
                name=row.name,
                kind=row.kind,
                language_code=row.language_code,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )


def unit_place(
    place_id: int,
    code: str,
    name: str,
    extent: Extent | None,
    point: tuple[float, float] | None,
    *,
    area_km2: float = 0.0,
    population: int = 0,
) -> Place | None:
    """A country or subdivision by its GeoNames code; None where nothing says where it is: nothing is invented."""
    country, admin1, admin2 = (*code.split(".", 2), None, None)[:3]
    lat, lon, radius = extent.circle() if extent else (0.0, 0.0, 5.0)
    if point is None and extent is None:
        return None
    return Place(
        place_id=place_id,
        name=name,
        feature_class="A",
        feature_code="ADM2" if admin2 else "ADM1" if admin1 else "PCLI",
        country_code=country,
        admin1_code=admin1,
        admin2_code=admin2,
        lat=point[0] if point else lat,
        lon=point[1] if point else lon,
        population=population or (extent.population if extent else 0),
        radius_km=round(math.sqrt(max(area_km2, 3) / math.pi), 1) if area_km2 else radius,
    )


def usable(
    place_id: int, primary: str, others: Iterable[str], stop: frozenset[str], *, is_prominent: bool = False
) -> Iterator[PlaceName]:
    """The names a text could use for a place, each folded form once; `primary` "" where only others are given."""
    seen: set[str] = set()
    for name in (primary, *others):
        kind = NameKind.ALIAS if seen or not primary else NameKind.PRIMARY
        if not name or (kind is NameKind.ALIAS and not _could_be_written(name, is_prominent=is_prominent)):
            continue
        key = fold(name)
        if key in stop:
            continue
        is_short = kind is NameKind.PRIMARY or key.count(" ") < _MAX_WORDS
        if len(key) > 1 and key not in seen and not key.isdigit() and is_short:
            seen.add(key)
            yield PlaceName(place_id=place_id, name=name, kind=kind)


def _could_be_written(alias: str, *, is_prominent: bool) -> bool:
    if len(alias) > _MAX_NAME:
        return False
    if not alias[0].isupper():
        return is_prominent and len(alias) > 1 and RUN.match(alias) is not None
    return not (len(alias) <= 4 and alias.isascii() and alias.isupper())
