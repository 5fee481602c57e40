"""What can be known of the image without building it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from etl.settings import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
LOCK = (ROOT / "requirements.lock").read_text()
# Spelled in two parts, or this file would be the first to name one.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "docker" + ".io",
    "ghcr" + ".io",
    "quay" + ".io",
    "npm" + "js.",
]


def copied() -> list[str]:
    """The sources of every COPY from the checkout."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_the_image_copies_what_exists_and_the_ignore_file_lets_through() -> None:
    assert copied(), "no COPY found"
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert sorted(copied()) == sorted(let_through)
    assert [name for name in copied() if not (ROOT / name).exists()] == []


def test_the_image_holds_every_folder_the_code_reads() -> None:
    assert {"dags", "etl", "seeds", "sql"} <= set(copied())


def test_the_base_is_pinned_to_a_release_and_the_last_stage_is_not_root() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert set(bases) == {"python:3.12-slim-bookworm"}
    assert re.findall(r"^USER (.+)$", DOCKERFILE.split("FROM")[-1], re.MULTILINE) == ["10001:10001"]


def test_packages_come_from_the_hashed_lock_alone() -> None:
    installs = re.findall(r"pip install[^&\n]*", DOCKERFILE)
    assert all("--require-hashes" in line or "--offline" in line for line in installs), installs
    assert all("--no-deps" in line for line in installs), installs


def test_every_package_in_the_lock_is_hashed_and_celery_is_one_the_provider_works_with() -> None:
    packages = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)([^\n]*\n(?:    .*\n)*)", LOCK, re.MULTILINE)
    pinned = {name.lower(): version for name, version, _ in packages}
    assert [name for name, _, rest in packages if "--hash=sha256:" not in rest] == []
    assert len(packages) == len(re.findall(r"^[A-Za-z0-9]", LOCK, re.MULTILINE))
    assert tuple(map(int, pinned["celery"].split(".")[:2])) < (5, 7)
    assert {"redis", "apache-airflow-providers-celery"} <= set(pinned)


def test_the_project_installs_offline_as_the_image_does_it(tmp_path: Path) -> None:
    checkout, venv = tmp_path / "dateline", tmp_path / "venv"
    for name in copied():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            checkout.mkdir(exist_ok=True)
            shutil.copy(source, checkout)
    told = re.search(r"uv (pip install --offline .*) \\$", DOCKERFILE, re.MULTILINE)
    assert told
    arguments = told[1].replace("/opt/venv", str(venv)).split()
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "UV_CACHE_DIR": str(tmp_path / "cache")}
    subprocess.run([uv, "venv", "--offline", "--python", sys.executable, str(venv)], env=env, check=True, timeout=60)
    subprocess.run([uv, *arguments], cwd=checkout, env=env, check=True, timeout=60)
    assert (venv / "bin" / "dateline").exists()
    asked = [str(venv / "bin" / "python"), "-c", "from etl.settings import ROOT; print(ROOT)"]
    answer = subprocess.run(asked, cwd="/", env=env, check=True, capture_output=True, text=True, timeout=60)
    assert Path(answer.stdout.strip()) == checkout.resolve()


def test_no_committed_file_names_the_host_of_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = [
        f"{name}: {host}"
        for name in filter(None, listed.stdout.split("\0"))
        if (ROOT / name).is_file()
        for host in REGISTRIES
        if host.encode() in (ROOT / name).read_bytes()
    ]
    assert found == []
