"""A lexicon written and opened again knows every name it was given, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import GazetteerMissing
from etl.geo import lexicon as lexicon_module
from etl.geo.compile import compile_lexicon
from etl.geo.fold import fold
from etl.geo.lexicon import Level, Lexicon, key_of, unit_key
from etl.records import NameKind, Place, PlaceName


def place(place_id: int, name: str, code: str = "PPL", **more: object) -> Place:
    fields: dict[str, object] = {
        "feature_class": "P" if code.startswith("PPL") else "A",
        "country_code": "US",
        "admin1_code": "TX",
        "admin2_code": None,
        "lat": 33.66094,
        "lon": -95.55551,
        "population": 24_000,
        "radius_km": 4.0,
    }
    return Place(place_id=place_id, name=name, feature_code=code, **(fields | more))  # type: ignore[arg-type]


PLACES = (
    place(1, "Paris"),
    place(2, "Texas", "ADM1"),
    place(3, "United States", "PCLI", admin1_code=None),
    place(-4, "Big Bend", "RGN", feature_class="L", admin1_code=None),
)
NAMES = (
    PlaceName(place_id=1, name="Paris", kind=NameKind.PRIMARY),
    PlaceName(place_id=2, name="Texas", kind=NameKind.PRIMARY),
    PlaceName(place_id=2, name="Tex.", kind=NameKind.ABBREVIATION),
    PlaceName(place_id=2, name="Texan", kind=NameKind.ALIAS),
    PlaceName(place_id=2, name="Texan", kind=NameKind.DEMONYM),
    PlaceName(place_id=-4, name="Big Bend", kind=NameKind.PRIMARY),
    PlaceName(place_id=99, name="Nowhere", kind=NameKind.PRIMARY),
)


@pytest.fixture
def small(tmp_path: Path) -> Lexicon:
    compile_lexicon(PLACES, NAMES, tmp_path / "small", version="v1")
    return Lexicon.open(tmp_path / "small")


def test_a_place_comes_back_as_it_was_given(small: Lexicon) -> None:
    ((handle, kind),) = small.find("paris")
    entry = small.entry(handle)
    assert (entry.place_id, entry.name, kind, entry.level) == (1, "Paris", NameKind.PRIMARY, Level.TOWN)
    assert (entry.lat, entry.lon, entry.population) == (33.66094, -95.55551, 24_000)
    assert (entry.country, entry.admin1, entry.admin2) == ("US", "TX", "")
    assert small.version == "v1"


def test_levels_follow_feature_codes(small: Lexicon) -> None:
    levels = {small.entry(h).place_id: small.entry(h).level for h in range(small.places)}
    assert levels == {1: Level.TOWN, 2: Level.ADMIN1, 3: Level.COUNTRY, -4: Level.REGION}


def test_an_abbreviation_keeps_its_spelling(small: Lexicon) -> None:
    assert small.find(key_of("Tex.", NameKind.ABBREVIATION))
    assert not small.find(fold("tex"))


def test_a_people_word_wins_over_the_same_word_as_alias(small: Lexicon) -> None:
    ((_, kind),) = small.find("texan")
    assert kind is NameKind.DEMONYM


def test_units_are_found_by_code_and_strangers_not_at_all(small: Lexicon) -> None:
    assert small.entry(small.find(unit_key("US", "TX"))[0][0]).name == "Texas"
    assert small.entry(small.find(unit_key("US"))[0][0]).name == "United States"
    assert small.find("nowhere") == ()


def test_names_with_one_hash_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.geo.compile.hash_of", lambda _: 7)
    monkeypatch.setattr(lexicon_module, "hash_of", lambda _: 7)
    compile_lexicon(PLACES, NAMES, tmp_path / "clash", version="v1")
    with Lexicon.open(tmp_path / "clash") as clash:
        assert [clash.entry(h).place_id for h, _ in clash.find("paris")] == [1]
        assert [clash.entry(h).place_id for h, _ in clash.find("texas")] == [2]
        assert clash.find("berlin") == ()


@given(st.lists(st.text(min_size=1, max_size=12), max_size=40))
def test_exactly_the_names_given_are_found(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    path = tmp_path_factory.mktemp("lexicon") / "any"
    rows = [PlaceName(place_id=1, name=name, kind=NameKind.ALIAS) for name in names[::2]]
    compile_lexicon(PLACES, rows, path, version="v")
    given_keys = {fold(row.name) for row in rows} - {""}
    with Lexicon.open(path) as opened:
        for name in names:
            assert bool(opened.find(fold(name))) == (fold(name) in given_keys)


@pytest.mark.parametrize("content", [b"", b"something else", b"dateline lexicon 0\n"])
def test_a_file_that_is_no_lexicon_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad"
    path.write_bytes(content)
    with pytest.raises(GazetteerMissing, match="bad"):
        Lexicon.open(path)


def test_an_empty_gazetteer_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(GazetteerMissing):
        compile_lexicon([], [], tmp_path / "empty", version="v1")
    assert list(tmp_path.iterdir()) == []


def test_compiling_again_replaces_the_file_under_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "live"
    compile_lexicon(PLACES, NAMES, path, version="v1")
    with Lexicon.open(path) as old:
        compile_lexicon(PLACES[:1], NAMES[:1], path, version="v2")
        assert old.find("texas")
        with Lexicon.open(path) as new:
            assert (new.version, new.find("texas")) == ("v2", ())
    assert [file.name for file in tmp_path.iterdir()] == ["live"]
