"""A stream of CSV goes in; Parquet files come out, one a day where the table has days. One batch at a time is held."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from etl.warehouse.export import Field

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCK = 1 << 22  # bytes of CSV read at a time; more where one record is larger


def write(
    feed: Callable[[IO[bytes]], object],
    fields: Sequence[Field],
    folder: Path,
    name: str,
    *,
    by_day: bool,
    tell: Callable[[int], None] = lambda _: None,
) -> list[Path]:
    """Let `feed` write CSV into a pipe and store it as Parquet under `folder`; the files made, in order.

    With `by_day`, rows come in the order of their column `day`, and lie in `name/day=2022-07-04/part-0.parquet`, which
    is how Spark, DuckDB, Arrow and others find the day again.
    """
    import pyarrow as pa
    import pyarrow.csv as reading

    schema = pa.schema([(f.name, _arrow(f.type)) for f in fields])
    files = _Days(folder / name, schema) if by_day else _One(folder / f"{name}.parquet", schema)
    with _piped(feed) as source:
        try:
            for records in _records(source):
                table = reading.read_csv(
                    pa.py_buffer(records),
                    reading.ReadOptions(use_threads=False, block_size=len(records) + 1, column_names=schema.names),
                    reading.ParseOptions(newlines_in_values=True),
                    reading.ConvertOptions(
                        column_types=schema,
                        strings_can_be_null=True,
                        quoted_strings_can_be_null=False,
                        null_values=[""],
                        true_values=["t"],
                        false_values=["f"],
                    ),
                )
                for batch in table.to_batches():
                    files.add(batch)
                tell(table.num_rows)
        finally:
            files.close()
    return files.made


def _records(source: IO[bytes]) -> Iterator[bytes]:
    """Whole records of a stream of CSV, some at a time: one ends at a line end that an even number of quotes precedes.

    Arrow's own reader of streams reads ahead: its memory grew with the rows, to half a gigabyte for a hundred thousand.
    """
    held = b""
    while piece := source.read(_BLOCK):
        held += piece
        before, end = held.count(b'"'), len(held)  # quotes before `end`
        while (at := held.rfind(b"\n", 0, end)) >= 0:
            before -= held.count(b'"', at, end)
            end = at
            if before % 2 == 0:
                break
        if at >= 0:
            yield held[: at + 1]
            held = held[at + 1 :]
    if held:
        yield held


def _arrow(postgres: str) -> Any:
    import pyarrow as pa

    return {
        "smallint": pa.int16(),
        "integer": pa.int32(),
        "bigint": pa.int64(),
        "real": pa.float32(),
        "double precision": pa.float64(),
        "numeric": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamp with time zone": pa.timestamp("us", tz="UTC"),
    }.get(postgres, pa.string())


class _One:
    """All rows in one file, which exists even when there are none."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        import pyarrow.parquet as writing

        path.parent.mkdir(parents=True, exist_ok=True)
        self.made = [path]
        self._writer = writing.ParquetWriter(path, schema, compression="zstd")

    def add(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch)

    def close(self) -> None:
        self._writer.close()


class _Days:
    """A file a day; the day is in the folder's name, so not in the file."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self.made: list[Path] = []
        self._folder, self._schema = folder, schema.remove(schema.get_field_index("day"))
        self._day: object = None
        self._file: _One | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        import pyarrow.compute as pc

        counts = pc.value_counts(batch.column("day"))  # in order of first sight, and the rows are in order of days
        at = 0
        for day, n in zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True):
            rows = batch.slice(at, n)
            self._at(day).add(rows.drop_columns(["day"]))
            at += n

    def _at(self, day: object) -> _One:
        if self._file is None or day != self._day:
            self.close()
            self._day = day
            self._file = _One(self._folder / f"day={day}" / "part-0.parquet", self._schema)
            self.made += self._file.made
        return self._file

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class _piped:  # noqa: N801 - a context manager, named as one
    """Runs the writer of a pipe in a thread; its failure is raised here, and it ends when reading does."""

    def __init__(self, feed: Callable[[IO[bytes]], object]) -> None:
        reader, writer = os.pipe()
        self._source = os.fdopen(reader, "rb")
        self._sink = os.fdopen(writer, "wb")
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(feed,), daemon=True)

    def _run(self, feed: Callable[[IO[bytes]], object]) -> None:
        try:
            with self._sink:
                feed(self._sink)
        except BaseException as error:  # noqa: BLE001 - whatever it was, it is raised in the reader's thread
            self._failure = error

    def __enter__(self) -> IO[bytes]:
        self._thread.start()
        return self._source

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._source.close()
        self._thread.join()
        if self._failure is not None and not (error and isinstance(self._failure, BrokenPipeError)):
            raise self._failure
