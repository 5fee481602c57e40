"""CSV as Postgres writes it, in files of Parquet: no record is cut, however large it is or where its lines end."""

from __future__ import annotations

import random
from pathlib import Path
from typing import IO

import pyarrow.parquet
import pytest

from etl.release import parquet
from etl.warehouse.export import Field

FIELDS = [Field("day", "date"), Field("n", "integer"), Field("said", "text"), Field("more", "text")]


def test_records_with_quotes_and_line_ends_at_any_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1)
    rows = [
        (f"2022-07-{1 + n // 300:02}", n, "".join(rng.choices('a"\n,é', k=rng.randint(0, 90))), "" if n % 3 else None)
        for n in range(900)
    ]
    rows[450] = (*rows[450][:2], '"\n' * 50_000, "")  # far larger than what is read at a time

    def feed(out: IO[bytes]) -> None:
        for day, n, said, more in rows:
            quoted = said.replace('"', '""')
            out.write(f'{day},{n},"{quoted}",{"" if more is None else chr(34) * 2}\n'.encode())

    for block in (97, 1_000, 1 << 20):
        monkeypatch.setattr(parquet, "_BLOCK", block)
        made = parquet.write(feed, FIELDS, tmp_path / str(block), "t", by_day=True)
        assert len(made) == 3
        held = [row for path in made for row in pyarrow.parquet.read_table(path, partitioning=None).to_pylist()]
        assert [(r["n"], r["said"], r["more"]) for r in held] == [r[1:] for r in rows]


def test_a_table_without_rows_is_a_file_without_rows(tmp_path: Path) -> None:
    [path] = parquet.write(lambda _: None, FIELDS, tmp_path, "t", by_day=False)
    assert pyarrow.parquet.read_table(path).num_rows == 0
    assert parquet.write(lambda _: None, FIELDS, tmp_path, "u", by_day=True) == []
