"""What can leave the house: each table with its query, and what its columns are to those who read it elsewhere.

Columns mean what the columns of the public views mean; those that exist in exports only are told here.
"""

from __future__ import annotations

from dataclasses import dataclass

from etl.errors import ExportRefused


@dataclass(frozen=True, slots=True)
class Table:
    """A table of an export."""

    name: str
    query: str  # in sql/queries/export.sql
    title: str
    described_by: str  # the relation whose columns it takes over
    is_text: bool = False  # holds publishers' words: leaves only when asked for
    has_days: bool = True  # is cut by its column day


TABLES = (
    Table("article", "export_article", "Articles: what each is, whose copy, and where it stands", "mart.article"),
    Table("text", "export_text", "The articles' texts", "mart.article", is_text=True),
    Table("mention", "export_mention", "Places named in the articles, resolved or not", "mart.mention"),
    Table("copy", "export_copy", "Copies and the articles they come from", "mart.copy"),
    Table("story", "export_story", "Events told by several articles, with independent lines", "mart.story_source"),
    Table("edit", "export_edit", "What publishers changed from one version to the next", "mart.edit"),
    Table("place", "export_place", "The places named", "geo.place", has_days=False),
    Table("source", "export_source", "The sources, as the registry describes them", "ops.source", has_days=False),
    Table("coverage", "export_coverage", "What came in by source and day, and what is missing", "mart.coverage"),
)

# One file, one layout, in place of the tables.
LAYOUTS = {
    "acled": Table("acled", "export_acled", "Events by place, in the columns of ACLED", "mart.mention"),
    "ucdp": Table("ucdp", "export_ucdp", "Events by place, in the columns of UCDP GED", "mart.mention"),
}
FORMATS = ("csv", "parquet", "geojson", "geojsonseq", *LAYOUTS)
FEATURES = Table("feature", "export_feature", "Places and the articles that name them", "mart.mention", has_days=False)

MEANINGS = {
    "article": "Address of the article, or urn:dateline:… where it has none: its key in every table",
    "day": "Day of publication, UTC; of first sight where no date is stated",
    "authors": "People named as authors, separated by semicolons",
    "agencies": "News agencies credited, separated by semicolons",
    "copy": "The copy: an article",
    "origin": "The article it comes from",
    "copy_of": "The article it is a copy of; empty for originals",
    "copy_kind": "exact, near, wire or excerpt",
    "characters": "Length of the body, Unicode code points",
    "body_sha256": "sha256 of the body in UTF-8: tells whether two holders have the same text",
    "story": "Names the event, after its first article",
    "articles": "Articles that tell the event",
    "line": "Independent line the article is on, within the event",
    "place": "Name of the place",
    "event_id_cnty": "Country and a hash of the event's first article and place",
    "event_date": "Day of the first report; Dateline codes no event dates",
    "time_precision": "1: the day of the report",
    "country": "ISO 3166 alpha-2",
    "geo_precision": "1 exact, 2 near it, 3 region",
    "source": "Outlets that reported it",
    "source_scale": "By the tier of the best source: National, Subnational, Other",
    "notes": "Headline of the first report",
    "fatalities": "Empty: Dateline codes no casualties as of an event",
    "timestamp": "First capture, seconds since 1970",
    "number_of_sources": "Independent lines that place the event there",
    "source_article": "Outlet, day and headline of each report",
    "where_prec": "1 exact, 2 near, 3 second level, 4 first level, 5 line or fuzzy area, 6 country, 7 beyond",
    "geom_wkt": "The point, as WKT",
    "date_prec": "1: one day of reports, 2: several",
}


def chosen(names: tuple[str, ...], *, has_texts: bool) -> list[Table]:
    """The tables asked for, in their order; none named means all. Raises ExportRefused for a name there is not."""
    known = {table.name for table in TABLES}
    if strange := sorted(set(names) - known):
        raise ExportRefused(strange[0], f"There is no such table; there are {', '.join(sorted(known))}.")
    wanted = [t for t in TABLES if not names or t.name in names]
    return [t for t in wanted if has_texts or not t.is_text]
