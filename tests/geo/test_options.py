"""What a name could mean is found out once a gazetteer, kept while it is, and shared by all who ask."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from datetime import date

from etl.geo.lexicon import Entry, Lexicon
from etl.geo.options import meanings_of
from etl.geo.tag import tag
from etl.records import NameKind, TextField

TEXT = (
    "PARIS, Texas (AP) - Fires burned near Springfield, and Springfield's mayor flew to Kyiv. In Springfield all was "
    "calm."
)


class Counting:
    """A gazetteer that counts what it is asked."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon, self.asked, self.version = lexicon, Counter[str](), lexicon.version

    def find(self, key: str) -> tuple[tuple[int, NameKind], ...]:
        return self._lexicon.find(key)

    def entry(self, handle: int) -> Entry:
        self.asked["entry"] += 1
        return self._lexicon.entry(handle)

    def in_use(self, key: str, handle: int) -> tuple[date, date] | None:
        self.asked["in_use"] += 1
        return self._lexicon.in_use(key, handle)


def test_a_name_met_again_is_not_looked_into_again(lexicon: Lexicon) -> None:
    gazetteer = Counting(lexicon)
    first = tag({TextField.BODY: TEXT}, gazetteer)
    once, gazetteer.asked = gazetteer.asked, Counter()
    assert tag({TextField.BODY: TEXT}, gazetteer) == first
    assert once["in_use"] > 50
    assert gazetteer.asked["in_use"] == 0
    assert gazetteer.asked["entry"] < once["entry"] / 2


def test_what_is_remembered_goes_with_its_gazetteer(lexicon: Lexicon) -> None:
    gazetteer = Counting(lexicon)
    meanings_of("springfield", lexicon.find("springfield"), gazetteer, 20)
    there = weakref.ref(gazetteer)
    del gazetteer
    gc.collect()
    assert there() is None


def test_the_likeliest_are_kept_and_described_together(lexicon: Lexicon) -> None:
    found = meanings_of("springfield", lexicon.find("springfield"), lexicon, 5)
    priors = [o.evidence["prior"] for o in found.options]
    assert len(priors) == 5
    assert priors == sorted(priors, reverse=True)
    assert found.points.shape == (5, 3)
    assert (found.kind, found.is_people) == ("pP", False)


def test_mentions_of_one_meaning_share_their_candidates(lexicon: Lexicon) -> None:
    mentions = [m for m in tag({TextField.BODY: TEXT}, lexicon).mentions if m.surface == "Springfield"]
    assert len(mentions) == 3
    assert len({id(m.candidates) for m in mentions}) == 1
