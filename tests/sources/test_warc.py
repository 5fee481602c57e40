"""Archives: which records are pages, where reading can go on, and what a broken record costs: itself."""

from __future__ import annotations

import gzip
import os
import resource
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import Reason
from etl.records import Rejected, WarcMark, WarcRecord
from etl.sources import warc
from etl.sources.warc_payload import TooLarge, plain_body
from tests.sources.warcs import HTML, record, zipped

DAY = datetime(2022, 7, 4, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)


def read(path: Path, offset: int = 0) -> list[warc.Read]:
    return list(warc.read(path, DAY, NEXT, offset=offset))


def written(folder: Path, data: bytes, name: str = "a.warc") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def pages(found: list[warc.Read]) -> list[str]:
    return [f.url.rpartition("/")[2] for f in found if isinstance(f, WarcRecord)]


def rejected(found: list[warc.Read]) -> list[tuple[str, str]]:
    return [(f.reason.value, f.key) for f in found if isinstance(f, Rejected)]


def test_a_page_as_archived(tmp_path: Path) -> None:
    [page, mark] = read(written(tmp_path, record(1, more='Set-Cookie: x=1\r\nETag: "e"\r\nX-Robots-Tag: noai\r\n')))
    assert isinstance(page, WarcRecord)
    assert (page.url, page.status, page.media_type, page.body) == (
        "http://news.example/1",
        200,
        "text/html",
        b"<p>a page</p>",
    )
    assert page.observed_at == datetime(2022, 7, 4, 10, tzinfo=UTC)
    assert page.headers == {"content-type": HTML, "etag": '"e"', "x-robots-tag": "noai"}
    assert (page.record_id, page.is_truncated) == ("urn:uuid:1", False)
    assert mark == WarcMark(next_offset=page.next_offset, skipped={}, is_end=True)


def test_what_is_no_page_of_the_day_is_passed_over_and_counted(tmp_path: Path) -> None:
    data = [
        record(0, kind="warcinfo"),
        record(1, kind="request"),
        record(2, kind="revisit"),
        record(3, kind="metadata"),
        record(4, date="2022-07-03T23:59:59.999Z"),
        record(5, date="2022-07-05T00:00:00Z"),
        record(6, status="404 Not Found"),
        record(7, status="301 Moved"),
        record(8, media_type="image/png"),
        record(9, date="2022-07-04T00:00:00Z"),
        record(10, media_type="application/xhtml+xml"),
        record(11, date="2022-07-04"),
    ]
    for name, body in (("a.warc", b"".join(data)), ("a.warc.gz", b"".join(zipped(data)))):
        found = read(written(tmp_path, body, name))
        assert pages(found) == ["9", "10", "11"]
        assert found[-1] == WarcMark(
            next_offset=len(body),
            is_end=True,
            skipped={
                "warcinfo": 1,
                "request": 1,
                "revisit": 1,
                "metadata": 1,
                "other_time": 2,
                "status_4xx": 1,
                "status_3xx": 1,
                "other_type": 1,
            },
        )


@pytest.mark.parametrize("form", ["plain", "gzip"])
def test_reading_goes_on_where_each_page_says(tmp_path: Path, form: str) -> None:
    records = [record(n, b"x" * 500 * n, kind="request" if n % 3 == 1 else "response") for n in range(12)]
    path = written(tmp_path, b"".join(zipped(records) if form == "gzip" else records))
    whole = read(path)
    for n, page in enumerate(whole):
        if isinstance(page, WarcRecord):
            assert page.next_offset
            assert read(path, page.next_offset)[:-1] == whole[n + 1 : -1]


def test_a_file_gzipped_as_a_whole_is_read_and_says_that_it_cannot_be_resumed(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(b"".join(record(n) for n in range(3))), "a.warc.gz")
    found = read(path)
    assert pages(found) == ["0", "1", "2"]
    assert {f.next_offset for f in found if not isinstance(f, Rejected)} == {None}
    [refused] = read(path, 10)
    assert isinstance(refused, Rejected)
    assert "can only be read from its start" in refused.detail


def test_two_records_in_one_member_are_never_resumed_between(tmp_path: Path) -> None:
    body = gzip.compress(record(0) + record(1)) + gzip.compress(record(2))
    found = read(written(tmp_path, body, "a.warc.gz"))
    assert pages(found) == ["0", "1", "2"]
    assert {f.next_offset for f in found if not isinstance(f, Rejected)} == {None}


def test_a_place_is_given_only_where_the_next_record_begins(tmp_path: Path) -> None:
    """A file that begins with a record a member and goes on with two."""
    one, two, three = gzip.compress(record(0)), gzip.compress(record(1) + record(2)), gzip.compress(record(3))
    found = read(written(tmp_path, one + two + three, "a.warc.gz"))
    assert pages(found) == ["0", "1", "2", "3"]
    assert [f.next_offset for f in found if not isinstance(f, Rejected)] == [len(one), None, None, None, None]


def broken(form: str) -> Iterator[tuple[str, bytes, list[str]]]:
    """Ways to break the second of four records, and the pages that must be left."""
    records = [record(n, os.urandom(300)) for n in range(4)]
    if form == "gzip":
        records = zipped(records)
        middle = bytearray(records[1])
        middle[len(middle) // 2] ^= 0xFF
        yield "a byte flipped", b"".join([records[0], bytes(middle), *records[2:]]), ["0", "2", "3"]
        crc = bytearray(records[1])
        crc[-6] ^= 0xFF
        yield "checksum", b"".join([records[0], bytes(crc), *records[2:]]), ["0", "2", "3"]
    yield "junk between", b"".join([records[0], b"no record\r\n\r\n", *records[2:]]), ["0", "2", "3"]
    yield "cut in the middle", b"".join([records[0], records[1][:200], *records[2:]]), ["0", "2", "3"]
    yield "cut at the end", b"".join([records[0], *records[2:], records[1][:-150]]), ["0", "2", "3"]
    yield "junk first", b"".join([b"\0\0junk\r\n", *records[2:]]), ["2", "3"] if form == "plain" else []
    yield "the first cut", b"".join([records[1][:200], *records[2:]]), ["2", "3"]
    lying = record(1, b"page", length=9_000)
    lying = zipped([lying])[0] if form == "gzip" else lying
    yield "a length that lies", b"".join([records[0], lying, *records[2:]]), ["0", "2", "3"]
    enormous = record(1, b"page", length=10**12)
    enormous = zipped([enormous])[0] if form == "gzip" else enormous
    yield "a length beyond reason", b"".join([records[0], enormous, *records[2:]]), ["0", "2", "3"]


@pytest.mark.parametrize(
    ("how", "data", "left"), [pytest.param(*b, id=f"{f}: {b[0]}") for f in ("plain", "gzip") for b in broken(f)]
)
def test_a_broken_record_costs_itself(tmp_path: Path, how: str, data: bytes, left: list[str]) -> None:
    found = read(written(tmp_path, data))
    assert pages(found) == left
    assert len(rejected(found)) == 1
    assert rejected(found)[0][1].startswith("a.warc@")
    assert isinstance(found[-1], WarcMark)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_damage_ends_in_rejections_and_no_page_is_invented(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    records = [record(n, bytes([65 + n]) * 200) for n in range(4)]
    whole = bytearray(b"".join(zipped(records) if data.draw(st.booleans()) else records))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(1, 30))] = data.draw(st.binary(max_size=30))
    found = read(written(tmp_path_factory.mktemp("w"), bytes(whole)))
    assert len(pages(found)) <= 4
    assert sum(isinstance(f, WarcMark) and f.is_end for f in found) <= 1


def test_records_that_lack_what_makes_them_usable(tmp_path: Path) -> None:
    data = [
        record(1, date="yesterday"),
        record(2).replace(b"http://news.example/2", b"dns:news.example     "),
        record(3).replace(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 yes no\r\n"),
        record(4),
    ]
    found = read(written(tmp_path, b"".join(data)))
    assert pages(found) == ["4"]
    assert [r for r, _ in rejected(found)] == ["bad_record"] * 3


def test_no_such_file_and_an_empty_one(tmp_path: Path) -> None:
    [missing] = read(tmp_path / "none.warc")
    assert isinstance(missing, Rejected)
    assert missing.reason is Reason.BAD_FILE
    assert read(written(tmp_path, b"")) == [WarcMark(next_offset=None, is_end=True)]


def test_a_bomb_costs_its_packed_size(tmp_path: Path) -> None:
    """100 MB of spaces in one member, and 50 MB as one brotli body: neither is held, the next page is read."""
    packer = zlib.compressobj(1, wbits=31)
    head, _, tail = record(1, b"@", length=100_000_000).partition(b"@")
    bomb = packer.compress(head) + b"".join(packer.compress(b" " * 1_000_000) for _ in range(100))
    bomb += packer.compress(tail) + packer.flush()
    inner = record(2, brotli.compress(b" " * 50_000_000, quality=0), more="Content-Encoding: br\r\n")
    path = written(tmp_path, bomb + gzip.compress(inner) + gzip.compress(record(3)), "a.warc.gz")
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    found = read(path)
    assert pages(found) == ["3"]
    assert [reason for reason, _ in rejected(found)] == ["too_large", "too_large"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000
    assert time.process_time() - began < 5


TEXT = b"<p>" + b"the same words again " * 50 + b"</p>"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (TEXT, {}),
        (b"10\r\n" + TEXT[:16] + b"\r\n" + b"%x;ext=1\r\n" % len(TEXT[16:]) + TEXT[16:] + b"\r\n0\r\n\r\n", "chunked"),
        (gzip.compress(TEXT), "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (zlib.compress(TEXT)[2:-4], "deflate"),
        (brotli.compress(TEXT), "br"),
        (zstandard.ZstdCompressor().compress(TEXT), "zstd"),
        (brotli.compress(gzip.compress(TEXT)), "gzip, br"),
        # The crawler unpacked it and left the header.
        (TEXT, "chunked"),
        (TEXT, "gzip"),
        (TEXT, "deflate"),
        (TEXT, "br"),
        (TEXT, "zstd"),
        (TEXT, "something-new"),
    ],
)
def test_the_document_as_a_browser_would_have_it(body: bytes, headers: str | dict[str, str]) -> None:
    name = "transfer-encoding" if headers == "chunked" else "content-encoding"
    assert plain_body(body, headers if isinstance(headers, dict) else {name: headers}, 10_000) == (TEXT, True)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_no_document_beyond_the_limit(coding: str) -> None:
    pack = {
        "gzip": gzip.compress,
        "br": brotli.compress,
        "zstd": zstandard.ZstdCompressor().compress,
        "deflate": zlib.compress,
    }[coding]
    assert plain_body(pack(b"x" * 1_000), {"content-encoding": coding}, 1_000) == (b"x" * 1_000, True)
    with pytest.raises(TooLarge):
        plain_body(pack(b"x" * 1_001), {"content-encoding": coding}, 1_000)


def test_a_body_that_breaks_off_is_kept_as_far_as_it_goes() -> None:
    body, is_whole = plain_body(gzip.compress(os.urandom(5_000))[:3_000], {"content-encoding": "gzip"}, 10_000)
    assert not is_whole
    assert 2_000 < len(body) < 5_000
    assert plain_body(b"5\r\nabcde\r\n9\r\nab", {"transfer-encoding": "chunked"}, 100) == (b"abcdeab", False)


def test_a_crawler_may_say_that_it_kept_only_a_part(tmp_path: Path) -> None:
    [page, _] = read(written(tmp_path, record(1, warc="WARC-Truncated: length\r\n")))
    assert isinstance(page, WarcRecord)
    assert page.is_truncated


# --- which files


NAMES = [
    "CC-NEWS-20220702235959-00001.warc.gz",  # more than a day before
    "CC-NEWS-20220703000000-00002.warc.gz",
    "CC-NEWS-20220704120000-00003.warc.gz",
    "CC-NEWS-20220705003000-00004.warc.gz",  # within an hour after
    "CC-NEWS-20220705010000-00005.warc.gz",
    "WEB-20220704120000123-00000.warc.gz",  # with milliseconds
    "part-99999999999999.warc",  # no time of writing
    "undated.warc",
]


def test_files_of_a_folder_by_the_time_in_their_names(tmp_path: Path) -> None:
    (tmp_path / "2022/07").mkdir(parents=True)
    for name in [*NAMES, "notes.txt"]:
        (tmp_path / "2022/07" / name).touch()
    (tmp_path / "out.warc").symlink_to("/etc/hostname")
    found = [path.name for path in warc.files(tmp_path, DAY, NEXT)]
    assert found == sorted(NAMES[1:4] + NAMES[5:])


@pytest.mark.parametrize("is_zipped", [False, True])
def test_files_of_a_list_beside_it(tmp_path: Path, is_zipped: bool) -> None:
    listed = "\n".join(["# July", "", *(f"crawl-data/2022/07/{name}" for name in NAMES[:3]), "/data/undated.warc"])
    path = tmp_path / ("warc.paths.gz" if is_zipped else "warc.paths")
    path.write_bytes(gzip.compress(listed.encode()) if is_zipped else listed.encode())
    assert warc.files(path, DAY, NEXT) == [
        Path("/data/undated.warc"),
        tmp_path / "crawl-data/2022/07" / NAMES[1],
        tmp_path / "crawl-data/2022/07" / NAMES[2],
    ]


def test_a_file_named_by_hand_is_read_whatever_its_name(tmp_path: Path) -> None:
    assert warc.files(tmp_path / NAMES[0], DAY, NEXT) == [tmp_path / NAMES[0]]
