"""A dated file archive: what lies in an interval, and what is broken."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from etl.errors import Reason
from etl.records import DatedFile, DateOrigin, DatePrecision, Rejected
from etl.settings import ROOT
from etl.sources import files

JULY = (date(2022, 7, 1), date(2022, 8, 1))


def put(folder: Path, name: str, metadata: str | None = "date: 2022-07-04\n", body: bytes = b"Some text.") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    if metadata is not None:
        path.with_suffix(".yaml").write_text(metadata)
    return path


def read(folder: Path, start: date = JULY[0], end: date = JULY[1]) -> list[DatedFile | Rejected]:
    return list(files.read(folder, start, end))


def test_the_interval_is_half_open(tmp_path: Path) -> None:
    for day in (3, 4, 5):
        put(tmp_path, f"{day}.txt", f"date: 2022-07-0{day}\n")
    found = read(tmp_path, date(2022, 7, 4), date(2022, 7, 5))
    assert [f.key for f in found] == ["4.txt"]
    assert isinstance(found[0], DatedFile)
    assert found[0].dated_on == date(2022, 7, 4)


def test_everything_the_metadata_says(tmp_path: Path) -> None:
    said = "date: 2022-07-04T10:00:00+03:00\nprecision: instant\norigin: meta\noutlet: A\n"
    said += "title: Rain\nlanguage: uk\nurl: https://a.example/x\n"
    put(tmp_path, "2022/07/rain.html", said, b"<p>Rain</p>")
    [found] = read(tmp_path)
    assert isinstance(found, DatedFile)
    assert (found.key, found.media_type, found.body) == ("2022/07/rain.html", "text/html", b"<p>Rain</p>")
    assert (found.hints.title, found.hints.language_code, found.hints.url) == ("Rain", "uk", "https://a.example/x")
    assert found.hints.published is not None
    assert found.hints.published.at == datetime(2022, 7, 4, 7, tzinfo=UTC)
    assert (found.hints.published.precision, found.hints.published.origin) == (DatePrecision.INSTANT, DateOrigin.META)


def test_a_body_of_another_day_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, "a.txt").chmod(0)
    (tmp_path / "a.txt").unlink()
    (tmp_path / "a.txt").mkdir()  # reading it would fail, also for root
    assert read(tmp_path, date(2022, 6, 1), date(2022, 7, 1)) == []
    [broken] = read(tmp_path)
    assert isinstance(broken, Rejected)


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        (None, "a.yaml is missing"),
        ("", "must hold `key: value` lines"),
        ("date: [", "a.yaml is no YAML"),
        ("title: no date\n", "date: None is no day"),
        ("date: 4 July\n", "date: '4 July' is no day like 2022-07-04"),
        ("date: 2022-02-31\n", "no YAML"),
        ("date: 2022-07-04\nprecision: instant\n", "is no instant like"),
        ("date: 2022-07-04 10:00:00\nprecision: minute\n", "is no instant like"),
        ("date: 2022-07-04\nprecision: century\n", "'century' is not a valid DatePrecision"),
        ("date: 2022-07-04\norigin: guess\n", "'guess' is not a valid DateOrigin"),
        ("date: 2022-07-04\nauthor: x\n", "unknown author; allowed are date"),
        ("date: 2022-07-04\nurl: ftp://x\n", "url: 'ftp://x' is no http or https address"),
        ("date: 2022-07-04\nlanguage: english\n", "language: 'english'"),
        ("date: 2022-07-04\ntitle: 7\n", "title: 7 is no text"),
        ("a: &a [x,x]\ndate: &b [*a,*a]\ntitle: [*b,*b]\n", "unknown a"),
        ("date: [x]\n", "date: must be a single value"),
        ("x" * 70_000, "larger than"),
    ],
)
def test_broken_metadata_is_named_and_its_neighbours_go_on(tmp_path: Path, metadata: str | None, told: str) -> None:
    put(tmp_path, "a.txt", metadata)
    put(tmp_path, "b.txt")
    bad, good = read(tmp_path)
    assert isinstance(bad, Rejected)
    assert (bad.reason, bad.key) == (Reason.BAD_FILE, "a.txt")
    assert told in bad.detail
    assert isinstance(good, DatedFile)


def test_metadata_that_lost_its_document(tmp_path: Path) -> None:
    put(tmp_path, "a.txt").unlink()
    [bad] = read(tmp_path)
    assert (bad.key, isinstance(bad, Rejected)) == ("a.yaml", True)


def test_a_file_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 5)
    put(tmp_path, "a.txt", body=b"123456")
    put(tmp_path, "b.txt", body=b"12345")
    bad, good = read(tmp_path)
    assert isinstance(bad, Rejected)
    assert "larger than 5 bytes" in bad.detail
    assert isinstance(good, DatedFile)


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = put(tmp_path / "outside", "secret.txt", body=b"secret")
    home = tmp_path / "home"
    put(home, "a.txt").unlink()
    (home / "a.txt").symlink_to(secret)
    put(home, "b.txt", None)
    (home / "b.yaml").symlink_to(secret.with_suffix(".yaml"))
    (home / "c").symlink_to(tmp_path / "outside", target_is_directory=True)
    found = read(home)
    assert [type(f) for f in found] == [Rejected, Rejected]
    assert "leads out of the folder" in str(found)
    assert b"secret" not in repr(found).encode()


def test_no_such_folder(tmp_path: Path) -> None:
    [bad] = read(tmp_path / "nowhere")
    assert isinstance(bad, Rejected)
    assert "no such folder" in bad.detail


def test_the_seed_is_kept_byte_for_byte() -> None:
    folder = ROOT / "seeds" / "lysychansk"
    [report] = read(folder, date(2022, 7, 4), date(2022, 7, 5))
    assert isinstance(report, DatedFile)
    assert hashlib.sha256(report.body).hexdigest() == "78aebca24dd0a5ed7aeaa4f32714ab2c8af9123147c8582ccac8836d8a154758"
    assert (report.key, report.media_type, report.dated_on) == ("lysychansk-report.txt", "text/plain", date(2022, 7, 4))
    assert report.hints.published is not None
    assert (report.hints.published.precision, report.hints.published.origin) == (DatePrecision.DAY, DateOrigin.CURATED)
    assert read(folder, date(2022, 6, 1), date(2022, 7, 4)) == []
    assert read(folder, date(2022, 7, 5), date(2022, 8, 1)) == []
