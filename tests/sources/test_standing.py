"""What polls teach: servers that lie, failures by weight, moves, and coming back from the dead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etl.errors import Reason
from etl.records import Validators
from etl.sources.standing import Poll, Standing, after, to_send, wants_probe

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)
TAGS = {"etag": 'W/"a b"', "last-modified": "yesterday, or so"}
HELD = Standing(
    validators=Validators(etag='W/"a b"', last_modified="yesterday, or so"), blob_hash=b"old", last_success_at=NOW
)


def body(at: datetime = NOW, **more: Any) -> Poll:
    stated: dict[str, Any] = {"at": at, "body_hash": b"new", "is_parsed": True, "shown": 9, "headers": TAGS}
    return Poll(**stated | more)


def test_validators_are_kept_verbatim_and_go_when_the_server_stops_giving_them() -> None:
    known = after(Standing(), body())
    assert to_send(known, NOW) == Validators(etag='W/"a b"', last_modified="yesterday, or so")
    assert to_send(after(known, body(headers={})), NOW) == Validators()
    assert after(known, Poll(at=NOW, is_unmodified=True)).validators == known.validators


@pytest.mark.parametrize(
    ("poll", "is_believed"),
    [
        ({"changed": 2}, False),  # the same tags on another body
        ({"changed": 0}, True),  # only the time in it changed
        ({"changed": 2, "headers": {"etag": "other"}}, True),
        ({"changed": 2, "headers": {"last-modified": TAGS["last-modified"]}}, False),
        ({"changed": 2, "body_hash": b"old"}, True),
    ],
)
def test_a_tag_given_twice_for_two_bodies_is_believed_no_more(poll: dict[str, Any], is_believed: bool) -> None:
    known = after(HELD, body(**poll))
    assert known.is_validator_trusted is is_believed
    assert (to_send(known, NOW) == Validators()) is not is_believed
    assert bool(known.validators_judgement) is not is_believed


def test_a_server_that_says_304_too_long_is_asked_for_the_body_and_found_out() -> None:
    known = replace(HELD, last_body_at=NOW)
    for n in range(1, 6):
        at = NOW + timedelta(hours=4 * n)
        known = after(known, Poll(at=at, is_unmodified=True))
        assert wants_probe(known, at) is (n >= 4)
    assert to_send(known, at, is_probe=True) == Validators()
    honest = after(known, body(at, is_probe=True, changed=0))
    assert honest.is_validator_trusted
    assert not wants_probe(honest, at)
    liar = after(known, body(at, is_probe=True, changed=3, headers={"etag": "another"}))
    assert liar.validators_judgement == "304 said 5 times, yet 3 entries were new or changed"
    assert to_send(liar, at) == Validators()
    week_later = at + timedelta(days=7)
    assert to_send(liar, week_later) == liar.validators
    assert after(liar, body(week_later, headers={"etag": "third"}, changed=1)).is_validator_trusted


def test_a_source_is_given_up_by_weight_and_one_success_revives_it() -> None:
    known = Standing()
    for _ in range(29):
        known = after(known, Poll(at=NOW, reason=Reason.NOT_FOUND))
    for reason, weight in ((Reason.SERVER_ERROR, 29.5), (Reason.TIMED_OUT, 29.75)):
        known = after(known, Poll(at=NOW, reason=reason))
        assert (known.failure_weight, known.given_up_at) == (weight, None)
    assert after(known, Poll(at=NOW, reason=Reason.RATE_LIMITED, is_answered=False)).failure_weight == 29.75
    known = after(known, Poll(at=NOW, reason=Reason.DNS_FAILED))
    assert (known.failure_weight, known.given_up_at) == (30, NOW)
    alive = after(known, Poll(at=NOW, is_unmodified=True))
    assert (alive.failure_weight, alive.given_up_at, alive.last_reason) == (0, None, None)


def test_410_is_gone_until_it_answers() -> None:
    gone = after(HELD, Poll(at=NOW, reason=Reason.GONE))
    assert gone.gone_at == NOW
    assert after(gone, Poll(at=NOW + timedelta(days=30), reason=Reason.TIMED_OUT)).gone_at == NOW
    assert after(gone, body()).gone_at is None


def test_a_move_counts_once_read_and_is_undone_when_the_new_address_fails_hard() -> None:
    moved = after(HELD, body(moved_to="https://b.example/feed"))
    assert moved.moved_to_url == "https://b.example/feed"
    assert after(moved, body()).moved_to_url == "https://b.example/feed"
    assert after(moved, Poll(at=NOW, reason=Reason.SERVER_ERROR)).moved_to_url == "https://b.example/feed"
    undone = after(moved, Poll(at=NOW, reason=Reason.GONE))
    assert (undone.moved_to_url, undone.gone_at) == (None, None)
    assert after(HELD, Poll(at=NOW, reason=Reason.NOT_A_FEED, moved_to="https://b.example/")).moved_to_url is None
