"""Answers to requests, and bytes ready to be interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from etl.errors import Reason
from etl.records.dates import Dated, require_aware


class Outcome(StrEnum):
    """How one request ended, in words."""

    FETCHED = "fetched"  # 200 with a body
    NOT_MODIFIED = "not_modified"  # 304
    FAILED = "failed"  # see reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The answer to one request, redirects followed."""

    requested_url: str
    final_url: str
    moved_to: str | None  # new address, only if the whole redirect chain was permanent
    at: datetime  # when the answer's head arrived
    outcome: Outcome
    reason: Reason | None  # set exactly when outcome is FAILED
    status: int | None  # last HTTP status, if any
    headers: Mapping[str, str]  # lower-case names, from a closed list
    body: bytes | None  # decompressed
    duration_ms: int
    retry_after_s: int | None = None
    detail: str = ""  # one line for a person

    def __post_init__(self) -> None:
        require_aware(self.at)


class CaptureKind(StrEnum):
    """What kind of document a capture holds."""

    FEED = "feed"
    PAGE = "page"
    ITEM = "item"  # the text a feed entry carries itself
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of a document from outside it: the feed entry or the archive's metadata."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    summary_html: str | None = None
    language_code: str | None = None
    url: str | None = None  # where it was published, if known


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Bytes as received, ready to be interpreted."""

    kind: CaptureKind
    url: str | None  # address it was finally read from; None for a file without one
    observed_at: datetime
    media_type: str | None  # Content-Type as sent, parameters included
    body: bytes
    hints: Hints = field(default_factory=Hints)
    time_zone: str = "UTC"  # the source's, for dates without an offset

    def __post_init__(self) -> None:
        require_aware(self.observed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A feed that showed an article."""

    source: str
    guid_hash: str  # sha256 of the entry's id, hex
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCapture:
    """A capture as it leaves one warehouse for another, with all that was known of it beside its bytes."""

    source: str  # name of its source
    kind: CaptureKind
    requested_url: str
    final_url: str | None
    article_key: str  # what it was asked for as
    observed_at: datetime
    status: int | None
    headers: Mapping[str, str]
    body: bytes
    hints: Mapping[str, Any] = field(default_factory=dict)  # as they wait in the queue
    seen: tuple[Seen, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """What is known of it beside its bytes, as plain JSON values."""
        return {
            "source": self.source,
            "kind": self.kind,
            "requested_url": self.requested_url,
            "final_url": self.final_url,
            "article_key": self.article_key,
            "hints": dict(self.hints),
            "seen": [[s.source, s.guid_hash, s.first_at.isoformat(), s.last_at.isoformat()] for s in self.seen],
        }

    @classmethod
    def of(
        cls,
        told: Mapping[str, Any],
        *,
        observed_at: datetime,
        status: int | None,
        headers: Mapping[str, str],
        body: bytes,
    ) -> OwnCapture:
        """The capture again. Raises KeyError, TypeError or ValueError where `told` is not what it should be."""
        texts = [told[name] for name in ("source", "requested_url", "article_key")]
        if not all(isinstance(text, str) and text for text in texts) or not isinstance(told["hints"], dict):
            raise TypeError("text expected")
        return cls(
            source=texts[0],
            kind=CaptureKind(told["kind"]),
            requested_url=texts[1],
            final_url=told["final_url"],
            article_key=texts[2],
            observed_at=observed_at,
            status=status,
            headers=headers,
            body=body,
            hints=told["hints"],
            seen=tuple(
                Seen(
                    source=str(source),
                    guid_hash=bytes.fromhex(guid_hash).hex(),
                    first_at=datetime.fromisoformat(first),
                    last_at=datetime.fromisoformat(last),
                )
                for source, guid_hash, first, last in told["seen"]
            ),
        )
