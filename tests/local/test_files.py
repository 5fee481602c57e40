"""Private files: never readable by others, never half written, one secret whoever asks first."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from etl.local.files import kept_secret, write_private


@pytest.fixture(autouse=True)
def _careless_umask() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_private_file_is_private_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("older and longer")
    write_private(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_is_made_once_even_in_a_race(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    made = iter(range(100))
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: kept_secret(path, lambda: f"secret {next(made)}"), range(64)))
    assert set(answers) == {path.read_text()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_that_cannot_be_made_leaves_no_file(tmp_path: Path) -> None:
    def fail() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kept_secret(tmp_path / "secret", fail)
    assert list(tmp_path.iterdir()) == []
