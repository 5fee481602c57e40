"""Files of JSON Lines: which day a line is of, what is read of it, what is broken, and where reading can go on."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from etl.records import BrokenLine, DatePrecision, FileDay, JsonLine, LineMark, Rejected
from etl.sources import files, json_lines

JULY = (date(2022, 7, 1), date(2022, 8, 1))
OWN = {"published": "2022-07-04T10:00:00+02:00", "text": "The bridge is closed."}


def put(folder: Path, *lines: object, name: str = "dump.jsonl", metadata: str | None = None) -> Path:
    """A file of these lines: bytes as they are, other things as JSON."""
    path = folder / name
    body = b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in lines)
    path.write_bytes(gzip.compress(body) if name.endswith(".gz") else body)
    if metadata is not None:
        files.metadata_of(path).write_text(metadata)
    return path


def read(path: Path, start: date = JULY[0], end: date = JULY[1], **more: Any) -> list[json_lines.Read]:
    day = files.day_of(path)
    assert not isinstance(day, Rejected)
    return list(json_lines.read(path, start, end, day=day, **more))


def articles(path: Path, *span: date, **more: Any) -> list[JsonLine]:
    return [one for one in read(path, *span, **more) if isinstance(one, JsonLine)]


@pytest.mark.parametrize("name", ["dump.jsonl", "dump.jsonl.gz"])
def test_everything_a_line_says(tmp_path: Path, name: str) -> None:
    stated = OWN | {"url": "https://a.example/x", "title": " Rain ", "authors": ["A. B.", "C. D."], "language": "uk-UA"}
    [found] = articles(put(tmp_path, stated, name=name))
    assert (found.body, found.media_type) == (b"The bridge is closed.", "text/plain; charset=utf-8")
    assert (found.hints.title, found.hints.authors, found.hints.language_code) == ("Rain", ("A. B.", "C. D."), "uk")
    assert (found.hints.url, found.name, found.number) == ("https://a.example/x", None, 1)
    assert found.observed_at == datetime(2022, 7, 4, 8, tzinfo=UTC)
    assert found.hints.published is not None
    assert (found.hints.published.at, found.hints.published.precision) == (found.observed_at, DatePrecision.INSTANT)


def test_html_is_read_where_both_are_there_and_other_keys_are_passed_over(tmp_path: Path) -> None:
    [found] = articles(put(tmp_path, OWN | {"html": "<p>Ж</p>", "id": 7, "section": {"a": [1]}, "authors": "A. B."}))
    assert (found.body, found.media_type) == ("<p>Ж</p>".encode(), "text/html; charset=utf-8")
    assert (found.name, found.hints.authors) == ("7", ("A. B.",))


def test_each_line_is_of_the_day_it_was_published_on_in_utc(tmp_path: Path) -> None:
    stated = ["2022-07-03", "2022-07-04T01:59:59+02:00", "2022-07-04", "2022-07-04 23:59", "2022-07-05T00:00:00Z"]
    path = put(tmp_path, *({"text": "x", "published": at} for at in stated))
    day = date(2022, 7, 4), date(2022, 7, 5)
    assert [one.number for one in articles(path, *day)] == [3, 4]
    assert [one.number for one in articles(path, *day, time_zone="Europe/Kyiv")] == [3, 4]
    assert [one.number for one in articles(path, *day, time_zone="America/Chicago")] == [3]
    assert json_lines.lines_of_days(path, None, "UTC") == {date(2022, 7, n): 2 if n < 5 else 1 for n in (3, 4, 5)}


@pytest.mark.parametrize(
    ("name", "metadata", "day"),
    [
        ("2022-07-04.jsonl", None, "2022-07-04"),
        ("news_20220704.jsonl.gz", None, "2022-07-04"),
        ("news-20220704T120000.jsonl", None, "2022-07-04"),
        ("2022-07-01_2022-07-31.jsonl", None, None),  # a span is no day
        ("2022-07-04-2022-07-04.jsonl", None, "2022-07-04"),
        ("20229901.jsonl", None, None),
        ("120220704.jsonl", None, None),  # a number
        ("dump.jsonl", None, None),
        ("dump.jsonl.gz", "date: 2022-07-04\nlanguage: fr\n", "2022-07-04"),
        ("2022-07-09.jsonl", "date: 2022-07-04\n", "2022-07-04"),  # what is said beside it goes before its name
        ("2022-07-09.jsonl", "date: published\n", None),
    ],
)
def test_a_files_day_is_said_beside_it_or_by_its_name(
    tmp_path: Path, name: str, metadata: str | None, day: str | None
) -> None:
    found = files.day_of(put(tmp_path, OWN, name=name, metadata=metadata))
    assert not isinstance(found, Rejected)
    assert (str(found.on) if found else None) == day


def test_a_files_day_is_that_of_all_its_lines_and_what_they_say_of_themselves_stays(tmp_path: Path) -> None:
    path = put(tmp_path, {"text": "a"}, OWN, {"text": "c", "published": "2021-01-01"}, metadata="date: 2022-07-04\n")
    undated, timed, older = articles(path)
    assert {one.dated_on for one in (undated, timed, older)} == {date(2022, 7, 4)}
    assert [one.observed_at.hour for one in (undated, timed, older)] == [0, 8, 0]
    assert [one.hints.published and str(one.hints.published.at.date()) for one in (undated, timed, older)] == [
        "2022-07-04",
        "2022-07-04",
        "2021-01-01",
    ]
    [named] = articles(put(tmp_path, {"text": "a"}, name="2022-07-04.jsonl"))
    assert (named.dated_on, named.hints.published) == (date(2022, 7, 4), None)  # undated stays undated
    assert articles(path, date(2021, 1, 1), date(2021, 1, 2)) == []


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ("title: x\n", "title: that is for each line to say"),
        ("date: soon\n", "is no day like 2022-07-04"),
        ("a: [\n", "no YAML"),
    ],
)
def test_broken_metadata_beside_a_file(tmp_path: Path, metadata: str, told: str) -> None:
    found = files.day_of(put(tmp_path, OWN, metadata=metadata))
    assert isinstance(found, Rejected)
    assert told in found.detail


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"text": "cut', "no JSON: Unterminated string"),
        (b"[" * 100_000, "no JSON"),
        (b"[1]", "no JSON object"),
        (b'{"text": "\xff"}', "no UTF-8: invalid start byte at byte 10"),
        (b'{"n": ' + b"9" * 5_000 + b"}", "no JSON"),
        ({"published": "2022-07-04", "maintext": "x"}, "neither text nor html in it; it has maintext, published"),
        ({"published": "2022-07-04", "text": " \x00 "}, "neither text nor html"),
        ({"published": "2022-07-04", "text": ["x"]}, "text: \"['x']\" is no text"),
        ({"text": "x"}, "no published, and its file has no day in its name or beside it"),
        ({"text": "x", "published": "4 July"}, "published: '4 July' is neither a day"),
        ({"text": "x", "published": "2022-02-31"}, "is neither a day"),
        ({"text": "x", "published": "0001-01-01T00:00:00+05:00"}, "is neither a day"),
        ({"text": "x", "published": 1656928800}, "is no text"),
        (OWN | {"url": "ftp://x"}, "url: 'ftp://x' is no http or https address"),
        (OWN | {"language": "english"}, "language: 'english' is no code"),
        (OWN | {"authors": [1]}, "authors: neither a text nor a list of texts"),
        (OWN | {"id": "x" * 600}, "id: longer than 500 characters"),
    ],
)
@pytest.mark.parametrize("name", ["dump.jsonl", "dump.jsonl.gz"])
def test_a_broken_line_is_named_its_bytes_stay_and_its_neighbours_go_on(
    tmp_path: Path, name: str, line: object, told: str
) -> None:
    first, bad, last, end = read(put(tmp_path, OWN, b"  ", line, OWN, name=name))
    assert (isinstance(first, JsonLine), isinstance(last, JsonLine)) == (True, True)
    assert isinstance(bad, BrokenLine)
    assert told in bad.detail
    assert bad.number == 3  # blank lines count
    raw = line if isinstance(line, bytes) else json.dumps(line).encode()
    assert bad.body == raw + b"\n"
    assert end == LineMark(next_offset=end.next_offset, is_end=True)


def test_what_json_can_write_and_nobody_can_keep_is_replaced(tmp_path: Path) -> None:
    [found] = articles(put(tmp_path, b'{"published": "2022-07-04", "text": "a\\ud83d b\\u0000c", "title": "\\ud83d"}'))
    assert (found.body, found.hints.title) == (b"a? bc", "?")


def test_a_line_too_long_costs_no_memory_and_no_neighbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "MAX_LINE", 100_000)
    path = put(tmp_path, OWN, b'"' + b"x" * 300_000_000 + b'"', OWN, name="dump.jsonl.gz")
    tracemalloc.start()
    first, bad, last, _ = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(bad, BrokenLine)
    assert (bad.number, len(bad.body), "longer than 100,000 bytes" in bad.detail) == (2, 64_000, True)
    assert (isinstance(first, JsonLine), isinstance(last, JsonLine) and last.number) == (True, 3)
    assert peak < 10_000_000


@pytest.mark.parametrize("name", ["dump.jsonl", "dump.jsonl.gz"])
def test_reading_goes_on_at_any_place_that_was_told(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "_MARK_EVERY", 2)
    path = put(tmp_path, OWN, b"{", b"", {"text": "x", "published": "2020-01-01"}, *[OWN] * 3, name=name)
    whole = read(path)
    for n, one in enumerate(whole):
        assert [r for r in read(path, offset=one.next_offset) if not isinstance(r, LineMark)] == [
            r for r in whole[n + 1 :] if not isinstance(r, LineMark)
        ]
    assert sum(isinstance(r, LineMark) for r in read(path, date(2019, 1, 1), date(2019, 1, 2))) == 3


def test_a_last_line_without_an_end_and_an_empty_file(tmp_path: Path) -> None:
    path = put(tmp_path, OWN)
    path.write_bytes(path.read_bytes().rstrip(b"\n") * 1)
    assert len(articles(path)) == 1
    path.write_bytes(b"")
    assert read(path) == [LineMark(next_offset=0, is_end=True)]
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(OWN).encode())
    assert len(articles(path)) == 1


@pytest.mark.parametrize("spoil", ["cut off", "spoilt", "no gzip"])
def test_a_packed_file_that_is_broken_gives_what_stands_before(tmp_path: Path, spoil: str) -> None:
    path = put(tmp_path, *(OWN | {"title": f"{n}" * 50, "id": n} for n in range(20_000)), name="dump.jsonl.gz")
    packed = bytearray(path.read_bytes())
    if spoil == "cut off":
        del packed[len(packed) // 2 :]
    elif spoil == "spoilt":
        packed[len(packed) // 2 : len(packed) // 2 + 50] = bytes(50)
    else:
        packed[:2] = b"{}"
    path.write_bytes(packed)
    found = read(path)
    lines = [one for one in found if isinstance(one, JsonLine)]
    *_, bad, end = found
    assert (spoil == "no gzip") == (not lines)
    assert isinstance(bad, BrokenLine)
    assert "cannot be unpacked from here on" in bad.detail
    assert end == LineMark(next_offset=end.next_offset, is_end=True)


def test_a_file_that_cannot_be_opened_has_no_end(tmp_path: Path) -> None:
    [bad] = json_lines.read(tmp_path / "none.jsonl", *JULY)
    assert isinstance(bad, BrokenLine)
    assert "cannot be read: No such file" in bad.detail


def test_a_folder_has_documents_and_lines_and_metadata_of_both(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    a = put(tmp_path / "in", OWN, name="a.jsonl", metadata="date: 2022-07-04\n")
    put(tmp_path, OWN, name="secret.jsonl")
    (tmp_path / "in" / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    (tmp_path / "in" / "b.txt").write_text("Text.")
    (tmp_path / "in" / "b.yaml").write_text("date: 2022-07-04\n")
    assert [f.key for f in files.read(tmp_path / "in", *JULY)] == ["b.txt"]
    assert files.of_lines(tmp_path / "in") == [a]  # links that lead out are not followed
    assert list(files.read(a, *JULY)) == []
    assert files.of_lines(a) == [a]
    day = files.day_of(a)
    assert isinstance(day, FileDay)
