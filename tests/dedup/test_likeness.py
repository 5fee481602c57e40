"""Copies are told from templates, shared quotes and other reports."""

from __future__ import annotations

import pytest

from etl.dedup.fingerprint import fingerprint
from etl.dedup.likeness import CONTAINMENT, RESEMBLANCE, compare
from etl.records import CopyKind

AGENCY = (
    "Rescue crews reached the last of four villages cut off by the flood on Thursday, after a night in which the river "
    "rose by two metres. The mayor said that nobody was missing, though eleven houses could not be entered. A bridge "
    "on the road to the coast was swept away, and buses will go round by the hills until it is rebuilt. Farmers were "
    "told to move their animals to higher ground before dark. The weather service expects the rain to end on Saturday. "
    "An engineer who looked at the dam upstream found no damage, but its gates will stay open until the level falls. "
    "Schools in the valley are shut for the rest of the week, and the gym of the largest of them holds eighty beds."
)
LOCAL = "Our own reporter saw volunteers fill sandbags outside the town hall, where tea was served all night."
OTHER = (
    "The central bank left its main rate unchanged at its meeting and said prices had begun to ease. Its governor told "
    "reporters that wages were still rising faster than output, and that a cut before the summer was unlikely. Two "
    "of nine members voted for a rise. Shares of lenders fell in the afternoon, while the currency hardly moved."
)
LOTTERY = (
    "These are the winning numbers drawn on {day} in the state lottery. Pick three: {a}-{b}-{c}. Cash five: {d}, {e}, "
    "{f}, {g}, {h}. The estimated jackpot for the next drawing is {i} million. Players must be of age to purchase "
    "tickets. Winners of larger prizes must claim them at a lottery office within half a year of the drawing. In the "
    "event of a discrepancy the official winning numbers shall prevail over any numbers posted here."
)
MONDAY = LOTTERY.format(day="Monday", a=3, b=5, c=8, d=12, e=30, f=17, g=24, h=29, i=150)
TUESDAY = LOTTERY.format(day="Tuesday", a=9, b=1, c=4, d=2, e=33, f=19, g=21, h=36, i=180)


def sentences(text: str) -> list[str]:
    return [s.strip(" .") + "." for s in text.split(". ")]


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (AGENCY, AGENCY.upper(), CopyKind.EXACT),
        (AGENCY, f"{LOCAL} {AGENCY}", CopyKind.NEAR),
        (AGENCY, " ".join(sentences(AGENCY)[:4]), CopyKind.NEAR),  # cut from the end
        (AGENCY, AGENCY.replace("two metres", "three metres"), CopyKind.NEAR),
        (AGENCY, AGENCY.replace("eleven", "12").replace("four", "5"), CopyKind.NEAR),  # a correction of figures
        (f"{AGENCY} {OTHER} {LOCAL}", " ".join(sentences(AGENCY)[:2]), CopyKind.EXCERPT),
    ],
    ids=["typed otherwise", "paragraph added", "cut", "one word", "figures corrected", "brief"],
)
def test_copies(a: str, b: str, kind: CopyKind) -> None:
    for one, other in ((a, b), (b, a)):
        like = compare(fingerprint(one), fingerprint(other))
        assert like is not None
        assert like.kind is kind
        assert 0 < like.similarity <= like.containment <= 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (AGENCY, OTHER),
        (AGENCY, f"{OTHER} {sentences(AGENCY)[1]}"),  # a quote in common
        (MONDAY, TUESDAY),
        ("", ""),
        (AGENCY, ""),
        ("Watch live", "Watch live"),  # too short to tell
    ],
    ids=["other news", "shared quote", "template", "empty", "one empty", "stub"],
)
def test_no_copies(a: str, b: str) -> None:
    assert compare(fingerprint(a), fingerprint(b)) is None


def test_a_template_would_be_a_copy_but_for_its_figures() -> None:
    like = compare(fingerprint(MONDAY), fingerprint(MONDAY.replace("Monday", "Tuesday")))
    assert like is not None
    assert like.similarity > RESEMBLANCE


def test_two_that_name_one_agency_are_wire() -> None:
    like = compare(fingerprint(AGENCY), fingerprint(f"{LOCAL} {AGENCY}"), is_one_agency=True)
    assert like is not None
    assert like.kind is CopyKind.WIRE


def test_estimates_are_near_the_truth() -> None:
    """Half of a long text: resemblance .5, containment 1, from sketches of different ends."""
    long = " ".join(f"word{i}" for i in range(3000))
    half = " ".join(f"word{i}" for i in range(1500))
    like = compare(fingerprint(long), fingerprint(half))
    assert like is not None
    assert like.similarity == pytest.approx(0.5, abs=0.06)
    assert like.containment == pytest.approx(1.0)


def test_a_sketch_that_was_cut_is_compared_where_it_is_complete() -> None:
    """A book and a page of it: the sketch of the book holds a fortieth of its shingles."""
    book = " ".join(f"word{i}" for i in range(40_000))
    page = " ".join(f"word{i}" for i in range(2000))
    like = compare(fingerprint(book), fingerprint(page))
    assert like is not None
    assert like.containment > CONTAINMENT
    assert like.similarity < 0.1
