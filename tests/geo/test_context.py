"""What the text says of each option is what counting it one by one says, whatever the groups."""

from __future__ import annotations

import math
from itertools import product

import pytest

from etl.geo.context import TOLD, WEIGHTS, Context
from etl.geo.extent import km
from etl.geo.groups import Group, group
from etl.geo.lexicon import Lexicon
from etl.geo.options import Option, contains
from etl.geo.propose import propose
from etl.geo.resolve import resolve
from etl.geo.tokens import words_of

TEXT = (
    "Fires burned near Springfield and Paris on Monday. Officials in Illinois, in the Luhansk region and in Lysychansk "
    "said trains to Kharkiv stopped. A lorry left Springfield, Mo., for Sangamon County. Ukraine and Poland agreed."
)


@pytest.fixture
def groups(lexicon: Lexicon) -> list[Group]:
    words = words_of(TEXT)
    spans, at = [], -1
    for span in propose(words, lexicon):
        if span.first > at:
            spans.append(span)
            at = span.last
    return group(spans, [0.8] * len(spans), lexicon, 20)


@pytest.fixture
def chosen(groups: list[Group]) -> list[Option | None]:
    return [g.options[len(g.options) // 2] for g in groups]


def told(groups: list[Group], chosen: list[Option | None]) -> dict[tuple[int, int], dict[str, float]]:
    context = Context(groups)
    context.settle([[1 / len(g.options)] * len(g.options) for g in groups], chosen)
    asked = [(a, n) for a, g in enumerate(groups) for n in range(len(g.options)) if len(g.options) > 1]
    near = dict(zip(asked, context.nearness(asked), strict=True))
    return {
        (a, n): dict(zip(TOLD, context.tell(a, [n], [near[a, n]])[0], strict=True))
        for a, n in asked
    }  # fmt: skip


def test_shares_leave_the_group_itself_out(groups: list[Group], chosen: list[Option | None]) -> None:
    for (a, n), found in told(groups, chosen).items():
        country = groups[a].options[n].entry.country
        spoken = [
            (b, o.entry.country, g.weight / len(g.options)) for b, g in enumerate(groups) for o in g.options if b != a
        ]
        everything = sum(weight for _, code, weight in spoken if code)
        share = sum(weight for _, code, weight in spoken if code == country) / max(everything, 0.5)
        assert found["country"] == pytest.approx(WEIGHTS["country"] * share if share > 0.005 else 0.0)


def test_places_of_other_names_are_counted_by_distance_and_containment(
    groups: list[Group], chosen: list[Option | None]
) -> None:
    named = [(g.key, o) for g, o in zip(groups, chosen, strict=True) if o and o.entry.level.name in ("TOWN", "ADMIN2")]
    units = [(b, o) for b, o in enumerate(chosen) if o and o.entry.level.name in ("ADMIN1", "ADMIN2")]
    assert named
    assert units
    for (a, n), found in told(groups, chosen).items():
        option = groups[a].options[n]
        others = [o for key, o in named if key != groups[a].key]
        apart = [km(option.entry.lat, option.entry.lon, o.entry.lat, o.entry.lon) for o in others]
        for ring in (50, 200, 500):
            close = sum(2 * 6371 * math.sin(far / 2 / 6371) < ring for far in apart)  # along the chord
            assert found[f"near_{ring}"] == pytest.approx(WEIGHTS[f"near_{ring}"] * min(close, 6))
        nearest = min((2 * 6371 * math.sin(far / 2 / 6371) for far in apart), default=5000.0)
        assert found["distance"] == pytest.approx(WEIGHTS["distance"] * math.log10(nearest + 1), abs=0.01)
        inside = sum(b != a and contains(o.entry, option.entry) for b, o in units)
        assert found["inside"] == pytest.approx(WEIGHTS["inside"] * min(inside, 3))
        held = sum(contains(option.entry, o.entry) for o in others)
        assert found["contains"] == pytest.approx(WEIGHTS["contains"] * min(held, 4))


def test_a_score_is_the_sum_of_what_is_shown_for_it(groups: list[Group]) -> None:
    for g, choice in zip(groups, resolve(groups, "US.IL"), strict=True):
        for n in range(len(g.options)):
            assert choice.scores[n] == pytest.approx(sum(choice.evidence(n).values()))


def test_a_name_beside_its_container_is_told_so(groups: list[Group], chosen: list[Option | None]) -> None:
    beside = {
        (g.options[n].unit, found["beside"] > 0)
        for (a, n), found in told(groups, chosen).items()
        if (g := groups[a]).key == "springfield" and g.containers
    }
    assert ("US.MO", True) in beside
    assert ("US.IL", False) in beside


def test_a_text_without_places_has_no_context() -> None:
    context = Context([])
    context.settle([], [])
    assert context.nearness([]) == []
    assert resolve([]) == []


def test_containment_follows_the_codes(groups: list[Group]) -> None:
    options = [o for g in groups for o in g.options]
    for outer, inner in product(options, options):
        assert contains(outer.entry, inner.entry) == (outer.area in inner.within)
