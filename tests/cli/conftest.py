"""Commands are run with the environment their test gives them; what a DAG's test left there is not theirs."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def no_logins_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATELINE_ANALYST_URL", "DATELINE_LOADER_URL"):
        monkeypatch.delenv(name, raising=False)
