"""What Airflow knows of a run in; the half-open window of time the run answers for out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from etl.errors import SettingError


def window(
    params: Mapping[str, Any], interval: tuple[datetime | None, datetime | None], run_after: datetime, period: timedelta
) -> tuple[datetime, datetime]:
    """Params `start` and `end` (ISO) if given, else the data interval, else the period that ends at `run_after`.

    A run triggered by hand may have no interval; a zero-width one counts as none. Raises SettingError.
    """
    if params.get("start") or params.get("end"):
        start, end = _instant(params, "start"), _instant(params, "end")
        if start >= end:
            raise SettingError("start, end", f"The window must not be empty: {start} to {end}.")
        return start, end
    start_at, end_at = interval
    if start_at is not None and end_at is not None and start_at < end_at:
        return start_at, end_at
    midnight = run_after.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    last = run_after if period < timedelta(days=1) else midnight
    return last - period, last


def instants(start: date, end: date) -> tuple[datetime, datetime]:
    """The days from `start` up to, not including, `end` as instants, UTC."""
    return datetime.combine(start, time(), UTC), datetime.combine(end, time(), UTC)


def _instant(params: Mapping[str, Any], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(str(params.get(name)))
    except ValueError:
        raise SettingError(name, f"{params.get(name)!r} must be a date or an instant in ISO 8601.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
