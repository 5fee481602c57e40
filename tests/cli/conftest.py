"""Commands are run with the environment their test gives them; what a DAG's test left there is not theirs."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_logins_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATELINE_ANALYST_URL", "DATELINE_LOADER_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """Started in the background of a script we ignore Ctrl-C, and so would the commands that tests start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
