"""Which time a run answers for, however it was started."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etl.errors import SettingError
from etl.jobs import window

DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)
RUN_AFTER = datetime(2022, 7, 6, 9, 30, tzinfo=UTC)
FOURTH, FIFTH, SIXTH = (datetime(2022, 7, day, tzinfo=UTC) for day in (4, 5, 6))


@pytest.mark.parametrize(
    ("params", "interval", "period", "wanted"),
    [
        ({}, (FOURTH, FIFTH), DAY, (FOURTH, FIFTH)),
        ({"start": "2022-07-04", "end": "2022-07-05"}, (FIFTH, SIXTH), DAY, (FOURTH, FIFTH)),
        ({"start": None, "end": None}, (None, None), DAY, (FIFTH, SIXTH)),
        ({}, (FOURTH, FOURTH), DAY, (FIFTH, SIXTH)),  # a zero-width interval is none
        ({}, (None, None), QUARTER, (RUN_AFTER - QUARTER, RUN_AFTER)),
    ],
)
def test_params_go_before_the_interval_and_that_before_the_clock(
    params: dict[str, Any],
    interval: tuple[datetime | None, datetime | None],
    period: timedelta,
    wanted: tuple[datetime, datetime],
) -> None:
    assert window(params, interval, RUN_AFTER, period) == wanted


@pytest.mark.parametrize(
    "params", [{"start": "2022-07-05", "end": "2022-07-04"}, {"start": "2022-07-04"}, {"start": "soon", "end": "later"}]
)
def test_a_window_that_cannot_be_meant_is_refused(params: dict[str, Any]) -> None:
    with pytest.raises(SettingError):
        window(params, (None, None), RUN_AFTER, DAY)
