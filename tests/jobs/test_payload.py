"""What is known of a document survives the queue."""

from __future__ import annotations

import json
from datetime import datetime

from etl.jobs import payload
from etl.records import Dated, DateOrigin, DatePrecision, Hints


def test_hints_come_back_as_they_went() -> None:
    at = datetime.fromisoformat("2022-07-04T10:00:00+03:00")
    hints = Hints(
        title="Міст закрито",
        authors=("Олена Коваленко",),
        published=Dated(at, DatePrecision.MINUTE, DateOrigin.FEED, "Mon, 4 Jul"),
        summary_html="<p>…</p>",
        language_code="uk",
        url="https://visnyk.example/1",
    )
    assert payload.unpack(json.loads(json.dumps(payload.pack(hints)))) == hints
    assert payload.unpack(payload.pack(Hints())) == Hints()


def test_what_postgres_cannot_hold_is_left_out() -> None:
    packed = payload.pack(Hints(title="a\x00b\ud800"))
    assert packed["title"] == "ab?"
