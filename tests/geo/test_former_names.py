"""A name a place no longer bears still means it, says so, and yields where another place bears the name now."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from etl.geo.compile import compile_lexicon
from etl.geo.lexicon import Lexicon
from etl.geo.tag import tag
from etl.records import NameKind, Place, PlaceName, TextField

BAKHMUT = 713174


@pytest.mark.parametrize(("day", "is_former"), [(date(2015, 3, 1), False), (date(2023, 3, 1), True), (None, False)])
def test_a_renamed_town_resolves_and_says_when_the_name_is_a_former_one(
    lexicon: Lexicon, day: date | None, *, is_former: bool
) -> None:
    (found,) = tag({TextField.BODY: "Shells fell in Artemivsk overnight."}, lexicon, day=day).mentions
    assert found.place_id == BAKHMUT
    assert found.method.endswith("+former_name") is is_former
    assert ("former_name" in found.candidates[0].evidence) is is_former


def town(place_id: int, name: str, people: int) -> Place:
    return Place(place_id=place_id, name=name, feature_class="P", feature_code="PPL", country_code="RR",
                 admin1_code=None, admin2_code=None, lat=1.0 * place_id, lon=0.0, population=people,
                 radius_km=3)  # fmt: skip


def test_where_another_place_bears_the_name_now_it_is_meant(tmp_path: Path) -> None:
    old = PlaceName(place_id=1, name="Redtown", kind=NameKind.ALIAS, valid_to=date(2000, 1, 1))
    names = [PlaceName(place_id=1, name="Redburg", kind=NameKind.PRIMARY), old,
             PlaceName(place_id=2, name="Redtown", kind=NameKind.PRIMARY)]  # fmt: skip
    compile_lexicon([town(1, "Redburg", 5_000_000), town(2, "Redtown", 20_000)], names, tmp_path / "x", version="t")
    with Lexicon.open(tmp_path / "x") as lexicon:
        meant = {
            year: tag({TextField.BODY: "A fire broke out in Redtown."}, lexicon, day=date(year, 5, 1)).mentions[0]
            for year in (1990, 2020)
        }
        assert lexicon.in_use("redtown", 0) == (date.min, date(2000, 1, 1))
        assert lexicon.in_use("redtown", 1) is None
    assert meant[1990].place_id == 1
    assert meant[2020].place_id == 2
