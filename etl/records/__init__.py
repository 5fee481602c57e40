"""The frozen types that travel from room to room. Values in, values out; each stage has its own.

Instants are aware datetimes in any offset (naive ones are refused here), stored as UTC.
Offsets into text are Unicode code points, half-open [start, end).
"""

from etl.records.accounting import Counts, Rejected
from etl.records.articles import Article, Dateline, Image
from etl.records.captures import Capture, CaptureKind, Fetched, Hints, Outcome, OwnCapture, Seen
from etl.records.copies import CopyKind, Fingerprint
from etl.records.dates import Dated, DateOrigin, DatePrecision
from etl.records.opt_outs import OptOuts
from etl.records.places import (
    Candidate,
    Demonym,
    Focus,
    Mention,
    NameKind,
    Override,
    Place,
    PlaceName,
    Relation,
    RelationKind,
    Role,
    Tagged,
    TextField,
)
from etl.records.sources import (
    BrokenLine,
    DatedFile,
    Feed,
    FeedItem,
    FileDay,
    JsonLine,
    LaterText,
    LineMark,
    Sitemap,
    SitemapChild,
    Source,
    SourceKind,
    Validators,
    WarcMark,
    WarcRecord,
)

__all__ = [
    "Article",
    "BrokenLine",
    "Candidate",
    "Capture",
    "CaptureKind",
    "CopyKind",
    "Counts",
    "DateOrigin",
    "DatePrecision",
    "Dated",
    "DatedFile",
    "Dateline",
    "Demonym",
    "Feed",
    "FeedItem",
    "Fetched",
    "FileDay",
    "Fingerprint",
    "Focus",
    "Hints",
    "Image",
    "JsonLine",
    "LaterText",
    "LineMark",
    "Mention",
    "NameKind",
    "OptOuts",
    "Outcome",
    "Override",
    "OwnCapture",
    "Place",
    "PlaceName",
    "Rejected",
    "Relation",
    "RelationKind",
    "Role",
    "Seen",
    "Sitemap",
    "SitemapChild",
    "Source",
    "SourceKind",
    "Tagged",
    "TextField",
    "Validators",
    "WarcMark",
    "WarcRecord",
]
