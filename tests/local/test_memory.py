"""How much the embedded server keeps of its pages: of a small machine, of a large one, of this one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from etl.local import memory
from etl.local.postgres import Server
from etl.warehouse.connect import connect

GB = 1024**3


@pytest.mark.parametrize(
    ("machine", "kept"), [(GB // 2, "128MB"), (4 * GB, "512MB"), (8 * GB, "1024MB"), (256 * GB, "2048MB")]
)
def test_an_eighth_of_the_machine_within_bounds(machine: int, kept: str) -> None:
    assert memory.share(machine) == kept


def test_a_container_is_taken_for_what_it_may_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "_LIMITS", (limit, tmp_path / "missing"))
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit.write_text("max\n")
    assert memory.shared_buffers() == memory.share(machine)
    limit.write_text(f"{machine // 3}\n")
    assert memory.shared_buffers() == memory.share(machine // 3)
    limit.write_text(f"{1000 * machine}\n")
    assert memory.shared_buffers() == memory.share(machine)
    limit.write_text(f"{GB}\n")
    assert memory.shared_buffers() == "128MB"


def test_the_server_keeps_as_much(postgres: Server) -> None:
    with connect(postgres.url()) as db, db.connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_bytes(current_setting('shared_buffers')) = pg_size_bytes(%s), current_setting('jit')",
            (memory.shared_buffers(),),
        )
        assert cursor.fetchone() == (True, "off")
