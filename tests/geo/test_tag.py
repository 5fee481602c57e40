"""Whatever the text, tagging answers with spans that are where it says, and says no more than it knows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.geo.lexicon import Lexicon
from etl.geo.tag import tag
from etl.records import Role, TextField

_VOCABULARY = (
    "Paris Texas, Kyiv’s the in of near U.S. Calif. Long Beach, Москві Україна “Luhansk region” (Reuters) – Mr. Jordan "
    "Smith said. St. Louis's KHARKIV 12 São Paulo -led Moscow-backed 😀 Russian a\u0301 Bakhmut"
)
WORDS = st.sampled_from([*_VOCABULARY.split(), "\n", "\u2028"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(WORDS | st.text(max_size=4), max_size=40).map(" ".join))
def test_every_span_is_what_the_text_has_there(lexicon: Lexicon, text: str) -> None:
    result = tag({TextField.TITLE: text[:30], TextField.BODY: text}, lexicon)
    texts = {TextField.TITLE: text[:30], TextField.BODY: text}
    spans = [(m.field, m.start, m.end, m.surface) for m in result.mentions]
    spans += [(d.field, d.start, d.end, d.surface) for d in result.demonyms]
    for field, start, end, surface in spans:
        assert texts[field][start:end] == surface
        assert surface.strip()
    for field in texts:
        mine = sorted((start, end) for f, start, end, _ in spans if f is field)
        assert all(a_end <= b_start for (_, a_end), (b_start, _) in pairwise(mine))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(WORDS, max_size=40).map(" ".join))
def test_tagging_twice_is_tagging_once(lexicon: Lexicon, text: str) -> None:
    assert tag({TextField.BODY: text}, lexicon) == tag({TextField.BODY: text}, lexicon)


def test_offsets_count_code_points(lexicon: Lexicon) -> None:
    (mention,) = tag({TextField.BODY: "😀😀 In Kharkiv today."}, lexicon).mentions
    assert (mention.start, mention.end, mention.surface) == (6, 13, "Kharkiv")


def test_a_mention_keeps_its_candidates_best_first_with_what_spoke_for_them(lexicon: Lexicon) -> None:
    (paris, _) = tag({TextField.BODY: "He was born in Paris, Texas."}, lexicon).mentions
    assert paris.candidates[0].place_id == paris.place_id
    assert 2 <= len(paris.candidates) <= 5
    scores = [c.score for c in paris.candidates]
    assert scores == sorted(scores, reverse=True)
    for candidate in paris.candidates:
        assert candidate.score == pytest.approx(sum(candidate.evidence.values()), abs=0.01)
    assert paris.candidates[0].evidence["beside"] > 0
    assert paris.method == "name+beside"


@pytest.mark.parametrize(
    ("text", "surface", "precision"),
    [
        ("Shells fell in Kramatorsk.", "Kramatorsk", 1),
        ("Deputies in Dallas County, Texas, said so.", "Dallas County", 3),
        ("Voters in Texas went to the polls.", "Texas", 4),
        ("Fighting in the Donbas went on.", "Donbas", 5),
        ("Protests were held across Ukraine.", "Ukraine", 6),
        ("Hunger spread across Africa.", "Africa", 7),
    ],
)
def test_precision_follows_what_the_place_is(lexicon: Lexicon, text: str, surface: str, precision: int) -> None:
    mentions = {m.surface: m for m in tag({TextField.BODY: text}, lexicon).mentions}
    assert mentions[surface].precision == precision


@pytest.mark.parametrize(
    ("text", "surface", "role"),
    [
        ("KYIV, July 4 (Reuters) - Explosions were heard.", "KYIV", Role.DATELINE),
        ("LONDON (AP) — Shares fell.", "LONDON", Role.DATELINE),
        ("With the region in their hands, Moscow can now focus on the next.", "Moscow", Role.ACTOR),
        ("Washington accused Beijing of spying.", "Washington", Role.ACTOR),
        ("The minister held talks with Tehran on Monday.", "Tehran", Role.ACTOR),
        ("The minister told reporters in London that he would go.", "London", Role.SPEAKER),
        ("A bomb went off in Baghdad.", "Baghdad", Role.EVENT),
        ("Troops captured Mariupol.", "Mariupol", Role.EVENT),
        ("They took the city of Lysychansk.", "Lysychansk", Role.EVENT),
        ("Jordan's king was not there.", "Jordan", Role.PASSING),
    ],
)
def test_roles(lexicon: Lexicon, text: str, surface: str, role: Role) -> None:
    mentions = {m.surface: m for m in tag({TextField.BODY: text}, lexicon).mentions}
    assert mentions[surface].role is role


def test_a_name_without_a_sure_meaning_stays_without_a_place(lexicon: Lexicon) -> None:
    (mention,) = tag({TextField.BODY: "Police were called to a house in Greenville on Friday."}, lexicon).mentions
    if mention.place_id is None:
        assert (mention.lat, mention.precision, mention.method) == (None, None, "unresolved")
    else:
        assert mention.confidence < 0.9
    assert len(mention.candidates) == 5


def test_the_title_weighs_more_in_the_focus(lexicon: Lexicon) -> None:
    body = "Leaders spoke in Geneva. Others were in Oslo. Others were in Geneva again."
    focus = tag({TextField.TITLE: "Floods in Oslo", TextField.BODY: body}, lexicon).focus
    place, *_ = [f for f in focus if f.level == "place"]
    assert place.place_id == 3143244
    for level in ("place", "admin1", "country"):
        assert sum(f.weight for f in focus if f.level == level) <= 1.0


def test_no_text_no_places(lexicon: Lexicon) -> None:
    empty = tag({}, lexicon)
    assert (empty.mentions, empty.demonyms, empty.focus) == ((), (), ())
    assert tag({TextField.BODY: ""}, lexicon) == empty
    assert tag({TextField.BODY: "🙂 … 12:30"}, lexicon) == empty


def test_a_long_text_costs_no_more_than_its_length(lexicon: Lexicon) -> None:
    text = "Shells fell in Kramatorsk and Sloviansk, near Bakhmut. " * 2000
    assert len(tag({TextField.BODY: text}, lexicon).mentions) == 6000
