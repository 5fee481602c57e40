"""Ctrl-C ends a command with 130 and one sentence, whatever became of the exception on its way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from etl.warehouse.connect import Warehouse
from tests.cli.test_backfill import crawl
from tests.cli.test_commands import DATELINE, here, run

__all__ = ["crawl", "here"]  # fixtures

_PRESS = "import os, signal, time; press = lambda: os.kill(os.getpid(), signal.SIGINT)\n"
_IN = "from etl.cli.stopping import heard\nwith heard():\n    "
_EACH_DAY_ENDS_LATE = """
CREATE FUNCTION public.end_late() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN new; END';
CREATE TRIGGER ends_late BEFORE UPDATE OF finished_at ON ops.run FOR EACH ROW EXECUTE FUNCTION public.end_late();
"""  # two days or more are one worker's, so that on no machine all is done before it is stopped


def ended(code: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", _PRESS + code], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "work",
    [
        "press()",
        "try: press()\n    finally: raise ValueError('the clearing up failed')",
        "try: press()\n    finally: raise SystemExit(1)",
        "try: press()\n    except KeyboardInterrupt: pass",
        "D = type('D', (), {'__del__': lambda self: press()}); D(); time.sleep(5); print('went on', flush=True)",
        "import click; raise click.Abort",
    ],
)
def test_who_was_asked_to_stop_has_stopped(work: str) -> None:
    assert ended(_IN + work) == (130, "dateline: stopped\n")


def test_what_nobody_stopped_ends_as_it_ends() -> None:
    assert ended(_IN + "pass") == (0, "")
    assert ended(_IN + "raise SystemExit(3)")[0] == 3
    assert "ValueError: x" in ended(_IN + "raise ValueError('x')")[1]
    code = "D = type('D', (), {'__del__': lambda self: 1 / 0}); D()"
    assert "ZeroDivisionError" in ended(_IN + code)[1]


def test_ctrl_c_after_the_end_changes_nothing() -> None:
    assert ended(_IN + "pass\npress()") == (0, "")


def test_where_it_is_ignored_it_stays_so() -> None:
    assert ended("signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + _IN + "press()") == (0, "")


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_backfill_is_stopped_at_any_moment_by_a_terminal(db: Warehouse, crawl: dict[str, str]) -> None:
    """A terminal's Ctrl-C reaches every process at once, the helpers while they start, too."""
    words = ("backfill", "run", "2022-07-02", "2022-07-04", "--rerun", "all")
    assert run(*words[:3], words[2], **crawl).returncode == 0  # the gazetteer is loaded
    with db.connection.cursor() as cursor:
        cursor.execute(_EACH_DAY_ENDS_LATE)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "DATELINE"))} | crawl
    for n in range(12):
        process = subprocess.Popen(
            [DATELINE, *words, "--workers", "12"[n % 2]],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout is not None
        for line in process.stdout:
            if b"days to do" in line:
                break
        time.sleep(0.15 * (n // 2))
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors.strip()) == (130, b"dateline: stopped"), n
    assert run(*words, **crawl).returncode == 0
