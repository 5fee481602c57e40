"""A page's tree in, the day its text gives for publication out: the last resort, htmldate's search of the page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from etl.markup import Tree
from etl.records import Dated, DateOrigin, DatePrecision

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)


def date_in_text(tree: Tree, url: str | None, seen: datetime) -> Dated | None:
    """The day of original publication as htmldate finds it; None where it finds none."""
    import htmldate

    found: Any = htmldate.find_date(
        tree,
        url=url,
        original_date=True,
        extensive_search=False,
        outputformat="%Y-%m-%d",
        min_date=_FIRST.replace(tzinfo=None),
        max_date=(seen + timedelta(days=1)).replace(tzinfo=None),
    )
    if not found:
        return None
    day = datetime.strptime(found, "%Y-%m-%d").replace(tzinfo=UTC)
    return Dated(day, DatePrecision.DAY, DateOrigin.TEXT, found)
