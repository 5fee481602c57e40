"""What one poll answered and what polling knew before go in; what it knows now comes out. Pure.

Theory of validators. An ETag or Last-Modified is the server's word that nothing changed, and some servers lie: a
cache keeps the tag of an old body, a site writes one tag for ever. Two things prove it: the same tag on a body with
new entries, and a body with new entries right after a 304. So when 304 was said several times, for longer than the
source's rhythm explains, the next thing asked is the body itself (a probe). A liar is asked without validators for a
week, then believed again until the next proof. New entries count, not new bytes: many feeds write the time into each
answer. Not done: suspecting a server that says 200 each time; it costs bytes only, and equal bytes are no work.

Theory of failures. Feeds come back from the dead, and one that answers 500 for a night is not dead. So failures
weigh by how lasting they look (hard 1, soft ½, temporary ¼, our own pauses nothing); at 30 the source is given up,
which means asked once a week (see schedule), and one success makes it as good as new. 410 is the publisher's word and
counts at once; servers say that by mistake too, so a gone source is asked once a month.

Theory of moves. An address is rewritten when every step of the redirect is permanent and the end of it was read as
the kind of source it should be, once: a parking page, a home page or a login is none, and the rewriting is undone as
soon as the new address fails hard, since the registry still has the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from etl.errors import Reason
from etl.records import Validators
from etl.sources.rhythm import Rhythm, learned

GIVE_UP_AT = 30.0
_DISTRUST = timedelta(days=7)
_PROBE_AFTER = 4  # answers of 304 in a row
_PROBE_SILENCE = timedelta(hours=12)  # at least, since the last body
_PROBE_GAPS = 3  # times the usual gap between new entries

_SOFT = frozenset(
    {Reason.SERVER_ERROR, Reason.BROKEN_FEED, Reason.TOO_LARGE, Reason.TOO_MANY_REDIRECTS, Reason.BOT_WALL}
)
_TEMPORARY = frozenset({Reason.TIMED_OUT, Reason.UNREACHABLE, Reason.DNS_FAILED, Reason.RATE_LIMITED})
_UNDOES_MOVE = frozenset({Reason.NOT_FOUND, Reason.GONE, Reason.NOT_A_FEED, Reason.NOT_A_SITEMAP, Reason.NO_LINKS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What polling learned of a source."""

    validators: Validators = field(default_factory=Validators)
    is_validator_trusted: bool = True
    validators_judged_at: datetime | None = None  # when they were last found to lie
    validators_judgement: str | None = None  # why, in words
    not_modified_count: int = 0  # answers of 304 since the last body
    last_body_at: datetime | None = None
    blob_hash: bytes | None = None  # of the last body
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    last_reason: Reason | None = None  # why the last poll failed, if it did
    failure_weight: float = 0.0
    given_up_at: datetime | None = None
    gone_at: datetime | None = None
    moved_to_url: str | None = None
    moved_at: datetime | None = None
    ttl_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    rhythm: Rhythm = field(default_factory=Rhythm)
    is_overflowing: bool = False  # all the last poll showed was new: there may have been more


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one request for a listing came to."""

    at: datetime
    reason: Reason | None = None  # why it failed, if it did
    is_answered: bool = True  # False where we put it off ourselves
    is_unmodified: bool = False  # 304
    is_probe: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    retry_after_s: int | None = None
    body_hash: bytes | None = None
    moved_to: str | None = None
    is_parsed: bool = False  # a body was read; its statements follow
    ttl_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    shown: int = 0  # entries in it
    changed: int = 0  # of these, new or changed
    new: int = 0  # of these, never seen
    dates: tuple[datetime, ...] = ()  # of the entries, as stated

    @property
    def validators(self) -> Validators:
        """Verbatim."""
        return Validators(etag=self.headers.get("etag"), last_modified=self.headers.get("last-modified"))


def weight(poll: Poll) -> float:
    """How much a failure counts towards giving a source up."""
    if poll.reason is None or not poll.is_answered:
        return 0.0
    return 0.25 if poll.reason in _TEMPORARY else 0.5 if poll.reason in _SOFT else 1.0


def to_send(known: Standing, now: datetime, *, is_probe: bool = False) -> Validators:
    """The validators to ask with; none for a probe or of a server found to lie."""
    is_believed = known.is_validator_trusted or _is_forgiven(known, now)
    return known.validators if is_believed and not is_probe else Validators()


def wants_probe(known: Standing, now: datetime) -> bool:
    """Whether 304 was said so often and so long that the body itself should be asked for."""
    if known.not_modified_count < _PROBE_AFTER or known.last_body_at is None:
        return False
    gap = timedelta(minutes=_PROBE_GAPS * (known.rhythm.gap_minutes or 0))
    return now - known.last_body_at > max(_PROBE_SILENCE, gap)


def after(known: Standing, poll: Poll) -> Standing:
    """What is known after a poll."""
    return _after_failure(known, poll) if poll.reason else _after_success(known, poll)


def _after_failure(known: Standing, poll: Poll) -> Standing:
    failed = known.failure_weight + weight(poll)
    keeps_move = poll.reason not in _UNDOES_MOVE
    is_gone = poll.reason is Reason.GONE and known.moved_to_url is None  # else the registry's own address comes next
    return replace(
        known,
        last_polled_at=poll.at,
        last_reason=poll.reason,
        failure_weight=failed,
        given_up_at=(known.given_up_at or poll.at) if failed >= GIVE_UP_AT else None,
        gone_at=(known.gone_at or poll.at) if is_gone else known.gone_at,
        moved_to_url=known.moved_to_url if keeps_move else None,
        moved_at=known.moved_at if keeps_move else None,
    )


def _after_success(known: Standing, poll: Poll) -> Standing:
    answered = replace(
        known,
        last_polled_at=poll.at,
        last_success_at=poll.at,
        last_reason=None,
        failure_weight=0.0,
        given_up_at=None,
        gone_at=None,
    )
    if poll.is_unmodified:
        kept = poll.validators
        return replace(
            answered,
            not_modified_count=known.not_modified_count + 1,
            validators=Validators(
                etag=kept.etag or known.validators.etag,
                last_modified=kept.last_modified or known.validators.last_modified,
            ),
        )
    return _after_body(known, answered, poll)


def _after_body(before: Standing, known: Standing, poll: Poll) -> Standing:
    known = _judged(before, known, poll)
    if poll.moved_to:
        known = replace(known, moved_to_url=poll.moved_to, moved_at=poll.at)
    known = replace(
        known,
        validators=poll.validators,
        not_modified_count=0,
        last_body_at=poll.at,
        blob_hash=poll.body_hash,
        last_new_at=poll.at if poll.new else known.last_new_at,
        rhythm=learned(
            before.rhythm, new=poll.new, since=before.last_new_at, at=poll.at, dates=poll.dates, shown=poll.shown
        ),
        is_overflowing=bool(before.last_success_at and poll.new > 1 and poll.new == poll.shown),
    )
    if not poll.is_parsed:
        return known
    return replace(known, ttl_minutes=poll.ttl_minutes, skip_hours=poll.skip_hours, skip_days=poll.skip_days)


def _judged(before: Standing, known: Standing, poll: Poll) -> Standing:
    """Whether the validators can be believed from now on."""
    if why := _lie(before, poll):
        return replace(known, is_validator_trusted=False, validators_judged_at=poll.at, validators_judgement=why)
    if not before.is_validator_trusted and _is_forgiven(before, poll.at):
        return replace(known, is_validator_trusted=True)
    return known


def _lie(before: Standing, poll: Poll) -> str | None:
    if not poll.changed or before.blob_hash is None or poll.body_hash == before.blob_hash:
        return None
    held, given = before.validators, poll.validators
    if poll.is_probe and before.not_modified_count:
        return f"304 said {before.not_modified_count} times, yet {poll.changed} entries were new or changed"
    if held.etag and held.etag == given.etag:
        return f"ETag {held.etag[:100]} given again for another body"
    if not given.etag and held.last_modified and held.last_modified == given.last_modified:
        return f"Last-Modified {held.last_modified[:100]} given again for another body"
    return None


def _is_forgiven(known: Standing, now: datetime) -> bool:
    return known.validators_judged_at is not None and now - known.validators_judged_at >= _DISTRUST
