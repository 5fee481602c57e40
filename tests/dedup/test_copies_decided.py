"""The origin is who appeared first, whatever order the pairs come in."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

from etl.dedup.copies import CopyOf, Pair, Standing, decide
from etl.dedup.likeness import Likeness
from etl.records import CopyKind, DatePrecision

DAY = datetime(2024, 5, 3, tzinfo=UTC)


def stand(
    published: int | None = None,
    observed: int = 20,
    *,
    url: str = "https://a.example/1",
    precision: str = "instant",
    **more: Any,
) -> Standing:
    """An article of 3 May; hours of the day."""
    return Standing(
        published_at=DAY.replace(hour=published) if published is not None else None,
        precision=DatePrecision(precision) if published is not None else None,
        observed_at=DAY.replace(hour=observed),
        url=url,
        **more,
    )


def pair(a: int, b: int, similarity: float = 0.8, kind: CopyKind = CopyKind.NEAR) -> Pair:
    return Pair(min(a, b), max(a, b), Likeness(similarity, 1.0, kind, "resemblance"))


def origins(copies: list[CopyOf]) -> dict[int, int]:
    return {c.copy_article_id: c.origin_article_id for c in copies}


def test_the_first_published_is_the_origin() -> None:
    [copy] = decide([pair(1, 2)], {1: stand(9, 10), 2: stand(8, 11)})
    assert copy == CopyOf(1, 2, 2, CopyKind.NEAR, 0.8, "resemblance; origin published first")


def test_then_the_first_observed_then_the_address() -> None:
    [copy] = decide([pair(1, 2)], {1: stand(9, 11), 2: stand(9, 10)})
    assert (copy.origin_article_id, copy.rule) == (2, "resemblance; origin observed first")
    [copy] = decide([pair(1, 2)], {1: stand(9, url="https://b.example/"), 2: stand(9, url="https://a.example/")})
    assert (copy.origin_article_id, copy.rule) == (2, "resemblance; origin first by address")


def test_an_undated_article_stands_where_it_was_seen() -> None:
    [copy] = decide([pair(1, 2)], {1: stand(None, 10), 2: stand(12, 13)})
    assert (copy.origin_article_id, copy.rule) == (1, "resemblance; origin seen first")


def test_a_bare_day_is_not_older_than_an_hour_of_it() -> None:
    dated_by_day = stand(0, 15, precision="day")
    assert dated_by_day.appeared_at == DAY.replace(hour=15)  # it was there at 15:00
    assert origins(decide([pair(1, 2)], {1: dated_by_day, 2: stand(9)})) == {1: 2}
    assert origins(decide([pair(1, 2)], {1: dated_by_day, 2: stand(16)})) == {2: 1}


def test_copies_of_copies_are_one_group() -> None:
    """3 resembles only 2, which resembles 1: the origin of both is 1, and 3 says how it is tied to it."""
    copies = decide([pair(1, 2, 0.9), pair(2, 3, 0.5, CopyKind.EXCERPT)], {1: stand(1), 2: stand(2), 3: stand(3)})
    assert origins(copies) == {2: 1, 3: 1}
    assert copies[1].via_article_id == 2
    assert (copies[1].kind, copies[1].similarity) == (CopyKind.EXCERPT, 0.5)


def test_a_copy_names_the_origin_where_they_are_a_pair() -> None:
    pairs = [pair(1, 2, 0.9), pair(2, 3, 0.95), pair(1, 3, 0.4)]
    copies = decide(pairs, {1: stand(1), 2: stand(2), 3: stand(3)})
    assert [c.via_article_id for c in copies] == [1, 1]


def test_groups_are_kept_apart() -> None:
    standings = {i: stand(i) for i in range(1, 6)}
    assert origins(decide([pair(1, 2), pair(4, 5)], standings)) == {2: 1, 5: 4}
    assert decide([], {}) == []


def test_the_order_of_pairs_does_not_matter() -> None:
    standings = {i: stand(i % 5, 10 + i % 3, url=f"https://a.example/{i % 7}/{i}") for i in range(1, 13)}
    pairs = [pair(i, j, 0.3 + (i * j % 7) / 10) for i in range(1, 13) for j in range(i + 1, 13) if (i + j) % 3 == 0]
    expected = decide(pairs, standings)
    shuffler = random.Random(1)
    for _ in range(20):
        shuffler.shuffle(pairs)
        assert decide(pairs, standings) == expected


def test_the_agency_a_copy_credits_is_the_origin_even_if_others_were_faster() -> None:
    """An outlet runs the agency's text before the agency's own page is seen."""
    agency = stand(12, agency="AP", url="https://agency.example/1")
    outlet = stand(9, credits=frozenset({"AP"}))
    [copy] = decide([pair(1, 2)], {1: outlet, 2: agency})
    assert (copy.origin_article_id, copy.kind) == (2, CopyKind.WIRE)
    assert copy.rule == "resemblance; origin the agency it credits"
    silent = stand(10, url="https://c.example/1")  # runs it, too, and does not say whose it is
    copies = decide([pair(1, 2), pair(2, 3)], {1: outlet, 2: agency, 3: silent})
    assert origins(copies) == {1: 2, 3: 2}
    assert copies[1].rule == "resemblance; origin the agency others credit"


def test_an_agency_nobody_credits_is_an_outlet_like_others() -> None:
    [copy] = decide([pair(1, 2)], {1: stand(9), 2: stand(12, agency="AP")})
    assert origins([copy]) == {2: 1}


def test_of_two_of_one_day_the_fuller_is_the_origin() -> None:
    """Both say only the day and were seen at once; the address would have decided for the excerpt."""
    excerpt = pair(1, 2, 0.2, CopyKind.EXCERPT)
    brief = stand(0, precision="day", url="https://a.example/", length=40)
    full = stand(0, precision="day", url="https://b.example/", length=400)
    assert origins(decide([excerpt], {1: brief, 2: full})) == {1: 2}
