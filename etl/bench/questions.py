"""Each recipe of the cookbook, asked of a large history and of a smaller one of the same density: seconds and a ratio.

A question about a day, a place or an outlet should not get slower as years are added. Places are asked three times: a
place in the middle, and the one that is named most of all, which is the worst there is. The disk an article takes,
against its text's own size, is told beside.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from etl.bench import growing, history
from etl.bench.frame import REPEATS, Result, World
from etl.warehouse import cookbook
from etl.warehouse.connect import Warehouse

NAME = "questions"
_SIZES = {"small": (3_000, 10_000), "full": (300_000, 1_000_000)}  # articles held
_TRIAL = (60, 120)
_VALUES = {
    "place": "Place 40",
    "name": "Place 40",
    "outlet": "Outlet 5",
    "other": "Outlet 9",
    "country": "KM",
    "on": history.LAST_ON.isoformat(),
    "story": "{story}",
    "article": "{article}",
    "words": "{words}",
}
_HOTTEST = ("place_days", "place_first", "near_place", "outlet_share", "named_together", "words_at_place")


def run(world: World, tell: Callable[[str], None]) -> list[Result]:
    """Make both histories, ask everything of both, and load a batch into the larger and into an empty one."""
    smaller, larger = _SIZES.get(world.scale.name, _TRIAL)
    places, server = history.places_for(larger), world.server()
    tell(f"{NAME}: each recipe of the cookbook among {larger:,} articles, against {smaller:,}")
    with ExitStack() as stack:
        large, little, empty = (
            stack.enter_context(history.warehouse(server, n, places=places)) for n in (larger, smaller, 0)
        )
        asked_large, asked_little = dict(_keyed(large)), dict(_keyed(little))
        sizes = large.one("history_sizes")
        results = [
            _compared(name, _asker(large, question), _asker(little, asked_little[name]), sizes.articles)
            for name, question in asked_large.items()
        ]
        grown = growing.compared(large, empty, size=world.scale.batch, held=larger, places=places)
    return [*results, grown, _disk(sizes)]


def asked(db: Warehouse) -> Iterator[tuple[str, str, dict[str, str]]]:
    """What is asked: a name, its recipe and the values, with ids that are there."""
    ids = db.one("bench_ids")
    known = {"{story}": str(ids.story_id), "{article}": str(ids.article_id), "{words}": ids.words}
    for recipe in cookbook.recipes().values():
        given = {p.name: known.get(v, v) for p in recipe.params if (v := _VALUES.get(p.name))}
        given |= {p.name: _day(p.default) for p in recipe.params if p.kind == "date"}
        yield recipe.name, recipe.name, given
        if recipe.name in _HOTTEST:
            yield f"{recipe.name}-hottest", recipe.name, {**given, "place": "Place 1"}


def _day(default: str) -> str:
    """Defaults count from today; here from the last day there is."""
    back = int(default.removeprefix("today").removeprefix("-") or 0)
    return (history.LAST_ON - timedelta(days=back)).isoformat()


def _keyed(db: Warehouse) -> Iterator[tuple[str, str]]:
    for name, recipe, given in asked(db):
        yield name, cookbook.render(cookbook.find(recipe), given)


def _asker(db: Warehouse, question: str) -> Callable[[], int]:
    def ask() -> int:
        with db.connection.cursor() as cursor:
            cursor.execute(question)
            return len(cursor.fetchall())

    return ask


def _compared(name: str, large: Callable[[], int], little: Callable[[], int], articles: int) -> Result:
    rows, _ = large(), little()  # both sides warm
    ours, limit = [], []
    for _ in range(REPEATS):
        limit.append(_timed(little))
        ours.append(_timed(large))
    ours_s, limit_s = statistics.median(ours), statistics.median(limit)
    what, against = f"ask {name.replace('-', ' of the ')}", "the same of a smaller history"
    return Result(f"ask-{name}", what, against, ours_s, limit_s, ours_s / limit_s, {"articles": articles, "rows": rows})


def _timed(ask: Callable[[], int]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


def _disk(sizes: Any) -> Result:
    each = {"disk": sizes.disk // sizes.articles, "text": sizes.text // sizes.articles}
    told = {"articles": sizes.articles, "mentions": sizes.mentions, **each}
    what = "bytes on disk an article takes, bodies apart"
    return Result("disk", what, "bytes of its text", 0, 0, sizes.disk / sizes.text, told)
