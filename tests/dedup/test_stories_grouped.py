"""Reports of one event are grouped by its names and particular words, within days."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from etl.dedup.stories import Told, group, threshold_in
from etl.dedup.story_pairs import weigh
from etl.dedup.terms import MAX_COUNT, MAX_TERMS, terms, weights

START = datetime(2024, 5, 1, tzinfo=UTC)
FLOOD = [
    ("Flood cuts off Varna valley", ("Rescuers reached villages in the Varna valley after the Lesna river flooded. "
     "Mayor Petra Novak said nobody was missing near the Lesna dam.")),
    ("Lesna river bursts its banks", ("The Lesna flooded homes in Varna overnight, Petra Novak told a briefing. "
     "Helicopters lifted families from roofs below the dam.")),
    ("Varna flood: dam holds", ("Engineers said the Lesna dam would hold. Mayor Novak asked families in Varna to "
     "boil water as helicopters brought supplies after the flood.")),
]  # fmt: skip
BANK = [
    ("Central bank holds rate", ("Governor Ilse Brandt of the Norvan Bank left the main rate unchanged. Inflation had "
     "begun to ease, Brandt told reporters in Norva.")),
    ("Norvan Bank leaves its rate alone", ("Inflation eased, so the Norvan Bank kept its rate, Ilse Brandt said. "
     "Markets in Norva hardly moved.")),
]  # fmt: skip
LONE = ("Zoo shows lion cubs", "Three cubs met visitors at Ardenne Zoo. Keeper Tom Hall named them after rivers.")


def told(number: int, article: tuple[str, str], day: float = 0) -> Told:
    found = dict(sorted(terms(*article).items()))
    keys, counts = np.array(list(found), dtype=np.int32), np.array(list(found.values()), dtype=np.uint8)
    return Told(number, START + timedelta(days=day), keys, weights(counts))


@pytest.fixture
def articles() -> list[Told]:
    return [told(i, a) for i, a in enumerate([*FLOOD, *BANK, LONE], 1)]


def test_one_event_is_one_group_and_a_lone_report_is_none(articles: list[Told]) -> None:
    assert group(articles) == [(1, 2, 3), (4, 5)]


def test_ids_do_not_matter(articles: list[Told]) -> None:
    shuffled = list(articles)
    random.Random(2).shuffle(shuffled)
    assert sorted(tuple(sorted(g)) for g in group(shuffled)) == [(1, 2, 3), (4, 5)]


def test_articles_far_apart_in_time_are_not_compared() -> None:
    late = 4.5
    articles = [told(1, FLOOD[0]), told(2, FLOOD[1], late), *(told(i, a) for i, a in enumerate([*BANK, LONE], 4))]
    assert group(articles) == [(4, 5)]


def test_a_story_lasts_as_long_as_reports_keep_coming(articles: list[Told]) -> None:
    days = (0, 3, 6)
    spread = [told(i, FLOOD[i - 1], day) for i, day in enumerate(days, 1)] + articles[3:]
    assert (1, 2, 3) in group(spread)


def test_two_articles_alone_are_judged_as_among_many() -> None:
    """Rarity cannot be learned from two: what they share must not pass for rare, nor for common."""
    assert group([told(1, FLOOD[0]), told(2, FLOOD[1])]) == [(1, 2)]
    assert group([told(1, FLOOD[0]), told(2, BANK[0])]) == []
    assert group([told(1, FLOOD[2]), told(2, LONE)]) == []


def test_a_trade_and_a_coast_make_no_event_of_few_articles() -> None:
    """Eleven reports of eight events: what is rare among so few tells little."""
    trains = [
        ("Train leaves the rails near Orlo", ("Fourteen passengers were hurt when a freight train left the rails north "
         "of Orlo. The line to the sea stays closed, the railway said; trains turn back at Brede.")),
        ("More trains on the line to Ketting", ("The railway adds commuter trains on the line to Ketting from Monday, "
         "the transport ministry said. Passengers had complained of crowded carriages since the spring.")),
    ]  # fmt: skip
    harbours = [
        ("Dredger clears the harbour", ("A dredger has cleared the sand off the harbour at Sunvik, and fishing boats "
         "leave at low water again, harbour master Ina Roth said.")),
        ("Fish market has its best June", ("Cod is back at the market of Hallen harbour. Boats landed more fish than "
         "in any June since the quay was rebuilt, merchant Per Lund said.")),
        ("Swing bridge stuck for hours", ("The swing bridge over the harbour at Mosby stuck open for an afternoon. "
         "Boats passed, buses did not; the council blamed the heat.")),
    ]  # fmt: skip
    articles = [told(i, a) for i, a in enumerate([*FLOOD, *BANK, LONE, *trains, *harbours], 1)]
    assert group(articles) == [(1, 2, 3), (4, 5)]


def test_little_to_compare_is_no_group() -> None:
    assert group([]) == []
    assert group([told(1, LONE)]) == []
    assert group([told(1, ("", "")), told(2, ("", ""))]) == []


def test_names_weigh_more_than_words() -> None:
    found = sorted(terms(None, "They met Petra Novak there").values(), reverse=True)
    assert len(found) == 7  # four words, two words of a name, the whole name
    assert found[2] > found[3]


def test_figures_weigh_more_than_names_and_short_words_nothing() -> None:
    assert len(terms(None, "it was so")) == 0
    assert max(terms(None, "quake of 57 there").values()) > max(terms(None, "quake of Ostrey there").values())


def test_two_articles_of_one_language_among_many_of_another_are_strangers() -> None:
    spanish = [
        (
            "Marejadas en el puerto",
            "Las olas de hasta tres metros que llegaron a la costa no dejaron entrar a los buques.",
        ),
        ("Vuelve un ascensor", "Los vecinos de la parte alta que no lo usaban desde hace años ya pueden subir por él."),
    ]
    articles = [told(i, a) for i, a in enumerate([*FLOOD, *BANK, *spanish, LONE], 1)]
    assert group(articles) == [(1, 2, 3), (4, 5)]


def test_what_counts_more_weighs_more_but_not_as_much() -> None:
    table = weights(np.array([1, 2, 100, MAX_COUNT], dtype=np.uint8))
    assert table.tolist() == np.array([1, 1.6931, 5.6052, 6.5413], dtype=np.float32).tolist()


def test_two_words_that_meet_in_half_a_hash_are_one_term() -> None:
    """These two do, as one in forty thousand of a week's."""
    both = terms(None, "kbieja kigibe kigibe")
    assert both == {next(iter(terms(None, "kbieja"))): 3}


def test_a_word_counts_as_often_as_two_bytes_hold() -> None:
    assert max(terms(None, "7 " * 10_000).values()) == MAX_COUNT


def test_a_capital_that_begins_a_sentence_is_no_name() -> None:
    assert len(terms(None, "Rain fell.")) == 2


def test_terms_are_bounded() -> None:
    assert len(terms("A", " ".join(f"Name{i} word{i}" for i in range(100_000)))) == MAX_TERMS


def test_many_articles_are_all_grouped_whatever_their_number() -> None:
    """Events of a week, each with words of its own among words of all: none is lost, and few pairs are tried."""
    chance = random.Random(5)
    events = 400
    articles = []
    for number in range(events * 4):
        event = number % events
        own = [event * 10 + n for n in range(10) if chance.random() < 0.7]
        common = chance.sample(range(10**6, 10**6 + 3000), 60)
        keys = np.array(sorted([*own, *common]), dtype=np.int64)
        articles.append(Told(number, START, keys, np.where(keys < 10**6, 3, 1).astype(np.float32)))
    assert len([g for g in group(articles) if len({n % events for n in g}) == 1 and len(g) == 4]) > 0.95 * events


def test_a_crowd_of_one_event_is_one_group() -> None:
    """More articles hold its words than are paired for one word."""
    chance = random.Random(6)
    crowd = [Told(n, START, np.array(sorted(chance.sample(range(40), 25)), dtype=np.int64), np.ones(25, np.float32))
             for n in range(400)]  # fmt: skip
    other = [Told(1000 + n, START, np.array(sorted(chance.sample(range(100, 10_000), 25))), np.ones(25, np.float32))
             for n in range(400)]  # fmt: skip
    assert max(len(g) for g in group(crowd + other) if g[0] < 1000) > 300


def test_a_report_in_few_words_goes_where_it_is_most_alike() -> None:
    brief = (
        "Varna: families wait",
        "Families in the valley wait for helicopters, Petra Novak said. Rates are unchanged.",
    )
    articles = [told(i, a) for i, a in enumerate([*FLOOD, *BANK, LONE, brief], 1)]
    assert group(articles) == [(1, 2, 3, 7), (4, 5)]


def test_days_that_tell_of_one_thing_ask_for_less_likeness_than_days_of_many() -> None:
    fallen = [threshold_in(c, 20) for c in (0.0, 1e-6, 0.01, 0.02, 0.05, 0.5, 1.0)]
    assert fallen == sorted(fallen, reverse=True)
    assert fallen[0] == fallen[1] > fallen[2]
    assert fallen[-1] == fallen[-2] < fallen[-3]
    crowded = [threshold_in(1.0, n) for n in (2, 20, 500, 3_000, 10**6)]
    assert crowded == sorted(crowded)
    assert crowded[0] == crowded[1] < crowded[2] < crowded[-1] == crowded[-2] < threshold_in(0.0, 2)


def test_crowding_is_how_many_of_the_others_share_what_counts() -> None:
    def crowding(*articles: list[int]) -> float:
        columns = [np.array(a, dtype=np.int64) for a in articles]
        return weigh(columns, [np.ones(len(c), np.float32) for c in columns]).crowding()

    assert crowding([1, 2], [3, 4], [5, 6]) == 0
    assert crowding(*[[1, 2]] * 500) == pytest.approx(1, abs=0.05)
    assert 0 < crowding([1, 2], [1, 3], [4, 5]) < crowding([1, 2], [1, 3], [1, 4]) < crowding([1, 2], [1, 2], [1, 2])
    assert crowding([1, 2], [1, 2]) < 0.1  # two say little of their days
    assert crowding([], []) == 0
