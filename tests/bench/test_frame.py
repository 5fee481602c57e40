"""The frame of the benches: its arithmetic, what it writes, and each bench run once on next to nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from etl.bench import archived, archives
from etl.bench.__main__ import BENCHES, main
from etl.bench.frame import REPEATS, Bench, Pair, Result, Scale, World, measure, report
from etl.bench.made import article, feed
from etl.local.postgres import Server
from etl.markup import parse
from etl.records import Rejected, WarcMark, WarcRecord
from etl.sources import feeds, warc
from tests.conftest import NOW

TINY = Scale(name="tiny", batch=3, held=4, texts=2, told=4, tagged=1, pages=2, entries=3, index=((20, 1), (30, 3)))


def nowhere() -> str:
    raise AssertionError("no database is needed")


class Watch:
    """A clock that moves only when work is done."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def spend(self, seconds: float) -> None:
        self.now += seconds


def test_sides_take_turns_and_medians_are_compared(tmp_path: Path) -> None:
    watch, order = Watch(), []

    def side(name: str, seconds: tuple[float, ...], n: int) -> None:
        order.append(f"{name}{n}")
        watch.spend(seconds[n])

    @contextmanager
    def prepare(_: World) -> Iterator[Pair]:
        watch.spend(1000)  # making the data is not timed
        yield Pair(lambda n: side("ours", (9, 6, 100), n), lambda n: side("limit", (50, 3, 2), n), {"things": 7})

    bench = Bench("one", "we do it", "the least", prepare, watch)
    found = measure(bench, World(TINY, tmp_path, nowhere))
    assert found == Result("one", "we do it", "the least", 9, 3, 3, {"things": 7})
    assert order == ["limit0", "ours0", "limit1", "ours1", "limit2", "ours2"]


def test_what_is_written_is_plain_json_in_few_figures() -> None:
    result = Result("one", "we do it", "the least", 1 / 3, 1 / 7, 7 / 3, {"things": 7})
    written = json.loads(json.dumps(report(TINY, [result])))
    assert (written["scale"], written["repeats"]) == ("tiny", REPEATS)
    assert written["machine"]["cores"] >= 1
    assert written["results"] == [
        {
            "name": "one",
            "what": "we do it",
            "limit": "the least",
            "ours_s": 0.33333,
            "limit_s": 0.14286,
            "ratio": 2.33,
            "sizes": {"things": 7},
        }
    ]


WITH_GAZETTEER = {"geotag", *(bench.name for bench in archives.BENCHES)}  # these read the whole of it


@pytest.mark.parametrize("name", [name for name in BENCHES if name not in WITH_GAZETTEER])
def test_each_bench_runs(name: str, postgres: Server, tmp_path: Path) -> None:
    found = measure(BENCHES[name], World(TINY, tmp_path, postgres.url))
    assert found.name == name
    assert found.ratio == found.ours_s / found.limit_s > 0


def test_a_part_is_written_only_where_it_is_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--only", "signatures", "--out", str(tmp_path / "part.json")])
    written = json.loads((tmp_path / "part.json").read_text())
    assert [r["name"] for r in written["results"]] == ["signatures"]
    assert "fingerprint texts" in capsys.readouterr().out


def test_made_articles_are_the_same_each_time_and_differ_from_one_another() -> None:
    assert article(7) == article(7)
    texts = [article(n).text for n in range(50)]
    assert len(set(texts)) == 50
    runs = [{tuple(t.split()[i : i + 5]) for i in range(len(t.split()) - 4)} for t in texts[:2]]
    assert len(runs[0] & runs[1]) < 0.1 * len(runs[0])  # strangers, not copies


def test_made_pages_and_feeds_can_be_read() -> None:
    tree = parse(article(1).page)
    assert tree is not None
    assert tree.findtext(".//h1") == article(1).title
    found = feeds.parse(feed(3), url="https://made.example/feed", headers={}, fetched_at=NOW)
    assert [item.url for item in getattr(found, "items", ())] == [article(n).url for n in range(3)]


def test_a_made_crawl_has_articles_copies_updates_and_what_is_none(tmp_path: Path) -> None:
    path = tmp_path / "made.warc.gz"
    articles = archived.write(path, NOW.date(), 40)
    start = NOW.replace(hour=0)
    found = list(warc.read(path, start, start + timedelta(days=1)))
    pages = [one for one in found if isinstance(one, WarcRecord)]
    assert len(pages) == articles + 1  # a section page is a page too
    assert not [one for one in found if isinstance(one, Rejected)]
    assert len({one.url for one in pages}) == 41  # two addresses were seen twice
    skipped = sum((Counter(one.skipped) for one in found if isinstance(one, WarcMark)), Counter())
    assert skipped == {"request": 40, "warcinfo": 1, "status_4xx": 1, "other_type": 1}
    assert {len(one.body) > 30_000 for one in pages if "/news/" in one.url} == {True}
    day, next_day = NOW.date(), NOW.date() + timedelta(days=1)
    assert archived.page(7, day) == archived.page(7, day) != archived.page(8, day)
    for told in (f'<time datetime="{next_day}T07:10', f'"datePublished": "{next_day}T07:10'):
        assert told in archived.page(7, next_day).decode()
