"""Two histories with the same captures are one warehouse: loaded forwards, backwards or shuffled, in any batches.

`ORDER_ARTICLES=10000 pytest -m slow tests/jobs/test_order.py` proves it on as many as one has time for.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from etl.local.postgres import Server
from etl.settings import Settings
from etl.warehouse import scratch
from etl.warehouse.connect import connect
from etl.warehouse.digest import Digest, differences, digest
from tests.jobs.conftest import furnish
from tests.jobs.history import Reader, Seen, history, load

MANY = int(os.environ.get("ORDER_ARTICLES", "500"))

Order = Callable[[list[Seen]], list[Seen]]
ORDERS: dict[str, Order] = {
    "forwards": list,
    "backwards": lambda seen: seen[::-1],
    "shuffled": lambda seen: random.Random(1).sample(seen, len(seen)),
}


@pytest.mark.parametrize(
    ("articles", "size"),
    [(25, 8), pytest.param(MANY, 150, marks=[pytest.mark.slow, pytest.mark.timeout(600 + MANY)])],
)
def test_the_order_of_arrival_does_not_matter(
    postgres: Server, template: str, configured: Settings, articles: int, size: int
) -> None:
    seen, read, found = history(articles), Reader(), dict[str, Digest]()
    for n, (name, order) in enumerate(ORDERS.items()):
        with scratch.database(postgres.url(), template=template) as url, connect(url) as db:
            furnish(db)
            load(db, replace(configured, database_url=url), order(seen), size=size + n, read=read)
            found[name] = digest(db)
    assert found["forwards"].tables["articles"].rows == articles
    assert all(found["forwards"].tables[t].rows for t in ("keys", "mentions", "copies", "stories", "edits"))
    for name in ("backwards", "shuffled"):
        assert not [table for table, *_ in differences(found["forwards"], found[name])], name
