"""Answers to requests, and bytes ready to be interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

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
