"""Places and their names go in, from a gazetteer or the warehouse; one lexicon file comes out, swapped in atomically.

The file holds columns, each an array of one machine type, in this machine's byte order: it is a cache of the
gazetteer for this machine, not a format to exchange.
"""

from __future__ import annotations

import json
import os
import tempfile
from array import array
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from etl.errors import GazetteerMissing
from etl.geo.lexicon import KINDS, MAGIC, Level, first_word_key, hash_of, key_of, start_key, unit_key
from etl.geo.scripts import SPACED_LETTER, UNSPACED
from etl.records import NameKind, Place, PlaceName

_NUMBER = {kind: number for number, kind in enumerate(KINDS)}
# Where one place has a key twice, which kind of name it is: the people-word before a stray alias spelt like it.
_RANK = {NameKind.PRIMARY: 0, NameKind.DEMONYM: 1, NameKind.ABBREVIATION: 2, NameKind.ALIAS: 3}
_PLACE_COLUMNS = (
    ("place_id", "q"),
    ("place_name", "I"),
    ("feature", "H"),
    ("country", "I"),
    ("admin1", "I"),
    ("admin2", "I"),
    ("lat", "d"),
    ("lon", "d"),
    ("population", "Q"),
    ("radius_km", "f"),
)
_Columns = dict[str, "array[int] | array[float] | bytearray"]


def compile_lexicon(places: Iterable[Place], names: Iterable[PlaceName], path: Path, *, version: str) -> None:
    """Write the lexicon of these places to `path`. A name of a place not given is left out.

    Raises GazetteerMissing when there is no place at all.
    """
    strings = _Strings()
    columns, features, handles, keys = _place_columns(places, strings)
    if not handles:
        raise GazetteerMissing(version, "Load the gazetteer first.")
    dated: dict[tuple[str, int], tuple[int, int]] = {}
    for name in names:
        handle = handles.get(name.place_id)
        key = key_of(name.name, name.kind)
        if handle is not None and key:
            if name.valid_from or name.valid_to:
                dated[key, handle] = _ordinals(name)
            if UNSPACED.match(name.name):
                keys.setdefault(start_key(name.name), {handle: NameKind.PRIMARY})
            elif SPACED_LETTER.match(name.name):
                keys.setdefault(first_word_key(name.name), {handle: NameKind.PRIMARY})
            kinds = keys.setdefault(key, {})
            if handle not in kinds or _RANK[name.kind] < _RANK[kinds[handle]]:
                kinds[handle] = name.kind
    columns |= _name_columns(keys) | _dated_columns(dated) | {"string_at": strings.at, "string_text": strings.text}
    header = {"version": version, "places": len(handles), "names": len(keys), "features": features}
    _write(path, header, columns)


class _Strings:
    """Distinct strings, numbered."""

    def __init__(self) -> None:
        self.at = array("I", [0])
        self.text = bytearray()
        self._number: dict[str, int] = {}

    def number(self, text: str) -> int:
        if text not in self._number:
            self._number[text] = len(self._number)
            self.text += text.encode()
            self.at.append(len(self.text))
        return self._number[text]


def _place_columns(
    places: Iterable[Place], strings: _Strings
) -> tuple[_Columns, list[tuple[str, str, int]], dict[int, int], dict[str, dict[int, NameKind]]]:
    columns: dict[str, array[int] | array[float]] = {name: array(code) for name, code in _PLACE_COLUMNS}
    features: dict[tuple[str, str, int], int] = {}
    handles: dict[int, int] = {}
    keys: dict[str, dict[int, NameKind]] = {}
    for handle, place in enumerate(places):
        handles[place.place_id] = handle
        level = level_of(place)
        feature = (place.feature_class, place.feature_code, int(level))
        values = (
            place.place_id,
            strings.number(place.name),
            features.setdefault(feature, len(features)),
            strings.number(place.country_code or ""),
            strings.number(place.admin1_code or ""),
            strings.number(place.admin2_code or ""),
            place.lat,
            place.lon,
            max(0, place.population),
            place.radius_km,
        )
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)  # type: ignore[arg-type]  # each value fits its column's code
        if level in (Level.COUNTRY, Level.ADMIN1) and place.country_code:
            unit = unit_key(place.country_code, place.admin1_code or "")
            keys.setdefault(unit, {handle: NameKind.PRIMARY})
    return {**columns}, list(features), handles, keys


def level_of(place: Place) -> Level:
    """What a place is, by its GeoNames class and code."""
    if place.feature_class == "P":
        return Level.TOWN
    if place.feature_class != "A":
        return Level.REGION
    if place.feature_code.startswith("PCL") or place.feature_code == "TERR":
        return Level.COUNTRY
    return Level.ADMIN1 if place.feature_code.startswith("ADM1") else Level.ADMIN2


def _name_columns(keys: dict[str, dict[int, NameKind]]) -> _Columns:
    hashes, at, first, posting = array("Q"), array("I", [0]), array("I", [0]), array("I")
    text = bytearray()
    for number, key in sorted((hash_of(key), key) for key in keys):
        hashes.append(number)
        text += key.encode()
        at.append(len(text))
        posting.extend(handle << 2 | _NUMBER[kind] for handle, kind in sorted(keys[key].items()))
        first.append(len(posting))
    return {"name_hash": hashes, "name_at": at, "name_first": first, "posting": posting, "text": text}


def _ordinals(name: PlaceName) -> tuple[int, int]:
    return (name.valid_from or date.min).toordinal(), (name.valid_to or date.max).toordinal()


def _dated_columns(dated: dict[tuple[str, int], tuple[int, int]]) -> _Columns:
    """Names in use for a time only, by hash; that the same name stands elsewhere undated changes nothing."""
    rows = sorted((hash_of(key), handle, first, last) for (key, handle), (first, last) in dated.items())
    names = ("dated_hash", "Q"), ("dated_handle", "I"), ("dated_from", "I"), ("dated_to", "I")
    return {name: array(code, (row[n] for row in rows)) for n, (name, code) in enumerate(names)}


def _write(path: Path, header: dict[str, object], columns: _Columns) -> None:
    def layout(start: int) -> tuple[bytes, list[int]]:
        table, offsets = [], []
        for name, data in columns.items():
            code, size = ("B", 1) if isinstance(data, bytearray) else (data.typecode, data.itemsize)
            start += -start % 8
            table.append([name, code, start, len(data) * size])
            offsets.append(start)
            start += len(data) * size
        return json.dumps(header | {"columns": table}).encode(), offsets

    base = len(MAGIC) + 8
    room = len(layout(1 << 40)[0])  # the longest the table of offsets can be
    text, offsets = layout(base + room)
    path.parent.mkdir(parents=True, exist_ok=True)
    fd, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(MAGIC + room.to_bytes(8, "little") + text.ljust(room))
            for offset, data in zip(offsets, columns.values(), strict=True):
                file.seek(offset)
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
