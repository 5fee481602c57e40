"""What can go wrong: one exception tree for a broken environment, one closed set of reasons for bad data.

Bad data is never an exception: a stage answers `records.Rejected` with a `Reason`, and its neighbours go on.
An exception's docstring is its message; it carries the key it concerns and says what to do.
"""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """One word a stage, everywhere: job, command, task id, ledger row, log field."""

    FETCH = "fetch"
    EXTRACT = "extract"
    DEDUPLICATE = "deduplicate"
    GEOTAG = "geotag"
    CHECK = "check"


class Reason(StrEnum):
    """Why an item was turned away, in words an analyst understands."""

    # fetch: the network
    ADDRESS_REFUSED = "address_refused"  # private, loopback or link-local, and not allowed by name
    SCHEME_REFUSED = "scheme_refused"  # neither http nor https
    ROBOTS_REFUSED = "robots_refused"
    DNS_FAILED = "dns_failed"
    UNREACHABLE = "unreachable"  # refused, reset, TLS failure
    TIMED_OUT = "timed_out"
    TOO_LARGE = "too_large"  # decompressed bytes over the limit
    TOO_MANY_REDIRECTS = "too_many_redirects"  # or a circle of them
    RATE_LIMITED = "rate_limited"
    FORBIDDEN = "forbidden"
    BOT_WALL = "bot_wall"
    CONSENT_WALL = "consent_wall"  # a page that wants consent to cookies first
    LOGIN_WALL = "login_wall"
    PAYWALL = "paywall"  # 402, or a page that sells subscriptions
    REDIRECTED_HOME = "redirected_home"  # the article's address now leads to the front page
    NOT_FOUND = "not_found"  # 404, or a page that says so under 200
    GONE = "gone"
    CLIENT_ERROR = "client_error"  # another 4xx
    SERVER_ERROR = "server_error"  # 5xx
    # fetch: what came
    BROKEN_FEED = "broken_feed"
    NOT_A_FEED = "not_a_feed"
    NOT_A_SITEMAP = "not_a_sitemap"
    BROKEN_SITEMAP = "broken_sitemap"  # cut off, or declares entities
    NO_LINKS = "no_links"  # an index page in which no link to an article was found
    BAD_ITEM = "bad_item"  # an entry without a usable link or text
    BAD_RECORD = "bad_record"  # a WARC record, or what follows it, cannot be read
    BAD_FILE = "bad_file"  # a dated file or its metadata cannot be read
    # extract
    EMPTY_BODY = "empty_body"
    NOT_HTML = "not_html"
    NO_TEXT = "no_text"
    HOME_PAGE = "home_page"
    INDEX_PAGE = "index_page"  # a tag, section, author or search page
    LIVE_INDEX = "live_index"  # a list of live blogs, or the door to a live stream
    LOGIN_PAGE = "login_page"
    ERROR_PAGE = "error_page"  # says so, whatever its status said
    VIDEO_PAGE = "video_page"  # a player and next to no text
    GALLERY = "gallery"  # pictures and next to no text
    PAYWALL_STUB = "paywall_stub"
    BAD_DATE = "bad_date"
    TOO_DEEP = "too_deep"  # markup nested beyond the limit
    # any stage
    TOMBSTONED = "tombstoned"  # removed earlier; its keys block it
    POISON = "poison"  # failed its third attempt


class DatelineError(Exception):
    """Dateline cannot go on."""

    def __init__(self, key: str = "", hint: str = "") -> None:
        self.key = key
        self.hint = hint
        message = (type(self).__doc__ or "").strip().splitlines()[0].rstrip(".")
        super().__init__(": ".join(filter(None, [message, key])) + (f". {hint}" if hint else ""))


class SettingError(DatelineError):
    """A setting is wrong."""


class RegistryError(DatelineError):
    """The source registry is wrong."""


class DatabaseUnreachable(DatelineError):
    """The database cannot be reached."""


class DatabaseTooOld(DatelineError):
    """The database server is older than Dateline needs."""


class MigrationError(DatelineError):
    """A migration cannot be applied."""


class QueryMissing(DatelineError):
    """No such named query."""


class QuestionRefused(DatelineError):
    """The database refused the question."""


class RecipeRefused(DatelineError):
    """The recipe cannot be asked."""


class GazetteerMissing(DatelineError):
    """The gazetteer is not loaded."""


class TaggerMissing(DatelineError):
    """The neural tagger is not installed."""


class LocalServerError(DatelineError):
    """The embedded PostgreSQL cannot be used."""


class AirflowError(DatelineError):
    """Airflow cannot be used."""


class ChecksFailed(DatelineError):
    """Checks failed."""


class NotYours(DatelineError):
    """Only the owner may do this."""


class TakedownRefused(DatelineError):
    """It cannot be taken down or lifted."""


class NotMerged(DatelineError):
    """It is not part of another article, and none is part of it."""


class CursorUnknown(DatelineError):
    """The cursor is not of this warehouse."""


class CorpusError(DatelineError):
    """The corpus cannot be read."""


class BackupError(DatelineError):
    """The backup cannot be made or restored."""


class ExportRefused(DatelineError):
    """Nothing was exported."""


class ReprocessRefused(DatelineError):
    """The reprocessing cannot go on."""
