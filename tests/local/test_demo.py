"""The demo as a person runs it: stopped in the middle, run to its end, run again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

DATELINE = Path(sys.executable).parent / "dateline"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "DATELINE"))}
    environment = {**clean, "DATELINE_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    yield environment
    subprocess.run([DATELINE, "down", "--destroy"], env=environment, check=True)


def children(environment: dict[str, str]) -> list[str]:
    """What still runs for this home, Postgres included: its command lines name the folder or its environment does."""
    home = environment["DATELINE_HOME"]
    found = []
    for process in psutil.process_iter(["cmdline", "environ"]):
        words = " ".join(process.info["cmdline"] or [])
        if home in words or (process.info["environ"] or {}).get("DATELINE_HOME") == home:
            found.append(words)
    return found


def interrupted_after(words: str, environment: dict[str, str]) -> tuple[int, str]:
    """Run the demo, press Ctrl-C when it says `words`; its exit code and the rest of what it said."""
    demo = subprocess.Popen(
        [DATELINE, "demo"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert demo.stdout is not None
    for line in demo.stdout:
        if words in line:
            demo.send_signal(signal.SIGINT)
            break
    rest = demo.stdout.read()
    return demo.wait(60), rest


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_stopped_in_the_middle_it_leaves_nothing_and_then_runs_to_its_end(environment: dict[str, str]) -> None:
    for moment in ("gazetteer: 250,000 places", "Airflow is ready", "news_backfill for"):
        code, rest = interrupted_after(moment, environment)
        assert code == 130, rest
        assert "dateline: stopped" in rest
        assert "Traceback" not in rest
        assert children(environment) == []
    whole = subprocess.run([DATELINE, "demo"], env=environment, capture_output=True, text=True, check=False)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert "does not balance" not in whole.stdout
    assert "У Чернівцях після ремонту відкрили автовокзал" in whole.stdout
    again = subprocess.run([DATELINE, "demo"], env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Nothing is new: no row of raw, news or geo changed." in again.stdout
    assert children(environment) == []
