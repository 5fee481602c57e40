"""What a reader takes for a place, which place, and what is none: a table of traps (data/traps.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from etl.geo.lexicon import Level, Lexicon
from etl.geo.propose import look_up
from etl.geo.tag import tag
from etl.records import Mention, TextField

TRAPS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "data" / "traps.yaml").read_text("utf-8"))
LEVELS = {
    Level.TOWN: "town",
    Level.ADMIN2: "county",
    Level.ADMIN1: "unit",
    Level.COUNTRY: "country",
    Level.REGION: "region",
}


def labels(lexicon: Lexicon, mention: Mention) -> set[object]:
    """Everything an expectation may call this mention."""
    found: set[object] = {mention.place_id}
    for handle, _ in look_up(mention.surface, lexicon)[1]:
        entry = lexicon.entry(handle)
        if entry.place_id == mention.place_id:
            unit = f"{entry.country}.{entry.admin1}" if entry.admin1 else entry.country
            found.add(f"{unit} {LEVELS[entry.level]}")
    return found


@pytest.mark.parametrize("trap", TRAPS, ids=[f"{trap['why'][:40]}" for trap in TRAPS])
def test_trap(lexicon: Lexicon, trap: dict[str, Any]) -> None:
    result = tag({TextField.BODY: trap["text"]}, lexicon, home_region=trap.get("home"))
    people = {d.surface for d in result.demonyms}
    seen = [(m.surface, m.place_id) for m in result.mentions], people
    for surface, expected in trap["expect"].items():
        mentions = [m for m in result.mentions if m.surface == surface]
        if expected == "demonym":
            assert surface in people, (surface, seen)
            assert not mentions, (surface, seen)
        elif expected is None:
            assert not mentions, (surface, seen)
        else:
            accepted = expected if isinstance(expected, list) else [expected]
            assert mentions, (surface, seen)
            found = [labels(lexicon, m) for m in mentions]
            assert all(any(label in accepted for label in each) for each in found), (surface, found)
            assert all(any(label in each for each in found) for label in accepted), (surface, found)


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(TRAPS) >= 60
    assert len({trap["text"] + str(trap.get("home")) for trap in TRAPS}) == len(TRAPS)
