"""Measuring the reading of feeds on a folder of them."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from etl.errors import CorpusError
from etl.evaluate import feeds

GOOD = """<rss version="2.0"><channel>
<item><guid isPermaLink="false">1</guid><link>/a</link><title>One</title>
<pubDate>Mon, 04 Jul 2022 10:00:00 GMT</pubDate></item>
<item><link>b/c</link></item><item><title>no link</title></item></channel></rss>"""


def put(folder: Path, name: str, body: bytes) -> None:
    (folder / name).write_bytes(gzip.compress(body))


def test_entries_and_files_given_up(tmp_path: Path) -> None:
    put(tmp_path, "a.xml.gz", GOOD.encode())
    put(tmp_path, "b.xml.gz", b"<html></html>")
    out = io.StringIO()
    summary = feeds.run(tmp_path, out)
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {"file": "a.xml.gz", "id": "1", "link": "/a", "title": "One", "published": "2022-07-04T10:00:00+00:00"},
        {"file": "a.xml.gz", "id": None, "link": "b/c", "title": None, "published": None},
        {"file": "a.xml.gz", "id": None, "link": None, "title": "no link", "published": None},
        {"file": "b.xml.gz", "rejected": "not_a_feed"},
    ]
    assert summary.pop("cpu_seconds") > 0
    assert summary.pop("slowest")["file"] in {"a.xml.gz", "b.xml.gz"}
    assert summary == {
        "items": 2,
        "files": 2,
        "rejected": 1,
        "rejected_by_reason": {"not_a_feed": 1},
        "entries_rejected": 1,
        "entries_dated": 1,
        "files_by_reader": {"fast": 1},
    }


def test_agreement_with_feedparser_and_how_much_faster(tmp_path: Path) -> None:
    put(tmp_path, "a.xml.gz", GOOD.encode())
    put(tmp_path, "b.xml.gz", GOOD.replace("</channel></rss>", "<p").encode())
    summary = feeds.run(tmp_path, None, compare=True)
    assert summary["files_by_reader"] == {"fast": 1, "feedparser": 1}
    assert summary["feedparser_entries"] == 6
    assert summary["agreement"] == {"id": 1.0, "link": 1.0, "title": 1.0, "published": 1.0}
    assert summary["feedparser_cpu_seconds"] >= 0 <= summary["times_faster"]


def test_a_corpus_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"It holds no \*\.xml\.gz file"):
        feeds.run(tmp_path, None)
    (tmp_path / "a.xml.gz").write_bytes(b"not gzip")
    with pytest.raises(CorpusError, match=r"a\.xml\.gz"):
        feeds.run(tmp_path, None)
