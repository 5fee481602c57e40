"""What the compose file promises, asked of the real Compose binary."""

from __future__ import annotations

import re
from typing import Any

import pytest

from etl.settings import ROOT
from tests.deploy.conftest import Compose

Services = dict[str, dict[str, Any]]

EXAMPLE = (ROOT / ".env.example").read_text()
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SECRETS = re.findall(r"^([A-Z_]+)=$", EXAMPLE, re.MULTILINE)
OPTIONAL = re.findall(r"^# ([A-Z_]+)=", EXAMPLE, re.MULTILINE)
SAYS_SECRET = re.compile(r"PASSWORD|SECRET|KEY|AUTH|CONN|URL|BACKEND")
NOT_SECRET = {
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",
    "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
}
AIRFLOW = ["api-server", "scheduler", "dag-processor", "triggerer", "worker"]


def test_the_filled_in_example_is_accepted(compose: Compose) -> None:
    answer = compose.config("--quiet")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_the_example_as_shipped_is_refused(compose: Compose) -> None:
    assert compose.config("--quiet", env=EXAMPLE).returncode != 0


@pytest.mark.parametrize("missing", SECRETS)
@pytest.mark.parametrize("line", ["", "{missing}=\n"], ids=["absent", "empty"])
def test_a_missing_secret_is_refused_by_name_with_the_way_out(compose: Compose, missing: str, line: str) -> None:
    env = re.sub(rf"^{missing}=.*\n", line.format(missing=missing), compose.filled, flags=re.MULTILINE)
    answer = compose.config("--quiet", env=env)
    assert answer.returncode != 0
    assert missing in answer.stderr
    assert ".env.example" in answer.stderr


def test_the_example_and_the_compose_file_name_the_same_settings() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE)) == set(SECRETS)
    assert set(re.findall(r"\$\{([A-Z_]+):-", COMPOSE)) == set(OPTIONAL)
    used = re.findall(r"(?<!\$)\$\{?([A-Z_]+)", COMPOSE)  # a bare ${X} would be empty without a word
    assert set(used) == {*SECRETS, *OPTIONAL}


def test_no_setting_with_a_default_is_a_secret() -> None:
    assert [name for name in OPTIONAL if SAYS_SECRET.search(name)] == []


def test_the_generated_secrets_differ_and_are_long(compose: Compose) -> None:
    values = list(compose.secrets.values())
    assert len(set(values)) == len(values) == len(SECRETS)
    assert min(map(len, values)) >= 32


def test_every_secret_reaching_a_container_comes_from_the_env_file(compose: Compose, services: Services) -> None:
    known = compose.secrets.values()
    literal = [
        f"{name}.{key}"
        for name, service in services.items()
        for key, value in service.get("environment", {}).items()
        if SAYS_SECRET.search(key) and key not in NOT_SECRET and not any(v in value for v in known)
    ]
    assert literal == []


def test_secrets_stand_in_no_command_line(compose: Compose, services: Services) -> None:
    spoken = [
        " ".join([*(s.get("command") or []), *s.get("healthcheck", {}).get("test", [])]) for s in services.values()
    ]
    assert [v for v in compose.secrets.values() if any(v in line for line in spoken)] == []


def test_ports_are_on_loopback_only(services: Services) -> None:
    ports = [(name, port["host_ip"]) for name, s in services.items() for port in s.get("ports", [])]
    assert sorted(ports) == [("api-server", "127.0.0.1"), ("warehouse", "127.0.0.1")]


def test_every_service_is_watched_or_runs_once_and_is_waited_for(services: Services) -> None:
    once = {name for name, s in services.items() if s.get("restart") == "no"}
    waited = {
        name
        for s in services.values()
        for name, how in s.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    assert once == waited == {"init", "warehouse-roles"}
    assert {name for name, s in services.items() if not s.get("healthcheck", {}).get("test")} == once
    assert {s["restart"] for name, s in services.items() if name not in once} == {"unless-stopped"}


def test_no_container_is_root_or_may_become_it(services: Services) -> None:
    for name, service in services.items():
        assert service.get("user") in {"10001:10001", "postgres", "redis"}, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
        assert service["init"] is True, name


def test_images_are_pinned_to_a_release_or_built_here(services: Services) -> None:
    for name, service in services.items():
        if "build" in service:
            assert (service["image"], service["pull_policy"]) == ("dateline:local", "build"), name
        else:
            assert re.fullmatch(r"(postgres:18|redis:7\.2)-bookworm", service["image"]), name


def test_postgres_keeps_its_data_where_version_18_looks_for_it(services: Services) -> None:
    kept = {n: services[n]["volumes"][0] for n in ("metadata-db", "warehouse")}
    assert {n: (v["source"], v["target"]) for n, v in kept.items()} == {
        "metadata-db": ("metadata", "/var/lib/postgresql"),
        "warehouse": ("warehouse", "/var/lib/postgresql"),
    }


def test_two_workers_that_end_their_tasks_before_they_go(services: Services) -> None:
    worker = services["worker"]
    assert worker["deploy"]["replicas"] == 2
    assert worker["stop_grace_period"] == "5m0s"


def test_every_service_has_longer_than_the_engine_s_ten_seconds_to_end(services: Services) -> None:
    """Measured: the triggerer takes twelve."""
    assert {s["stop_grace_period"] for s in services.values()} <= {"1m0s", "2m0s", "5m0s"}


def test_the_pools_the_dags_name_are_made(services: Services) -> None:
    """A task whose pool is missing is never scheduled, and nobody says so."""
    named = {m for path in (ROOT / "dags").glob("*.py") for m in re.findall(r"pool=\"(\w+)\"", path.read_text())}
    assert named
    assert named == set(re.findall(r"airflow pools set (\w+) \d+", " ".join(services["init"]["command"])))


def test_workers_hold_no_key_to_airflow(services: Services) -> None:
    """They read strangers' pages: taking one over gives the queue and the warehouse, not Airflow's state."""
    names = set(services["worker"]["environment"])
    assert not {n for n in names if re.search(r"SQL_ALCHEMY|FERNET|JWT|SECRET|UI_PASSWORD", n)}


def test_only_who_reads_and_writes_news_knows_the_warehouse(compose: Compose, services: Services) -> None:
    def holders(secret: str) -> set[str]:
        value = compose.secrets[secret]
        return {n for n, s in services.items() if any(value in str(v) for v in s.get("environment", {}).values())}

    assert holders("DATELINE_WAREHOUSE_PASSWORD") == {"warehouse-roles", "init"}
    assert holders("DATELINE_LOADER_PASSWORD") == {"warehouse-roles", "worker"}
    assert holders("DATELINE_WAREHOUSE_ADMIN_PASSWORD") == {"warehouse", "warehouse-roles"}
    assert holders("DATELINE_UI_PASSWORD") == {"api-server"}


def test_the_components_start_after_what_they_need(services: Services) -> None:
    for name in AIRFLOW[1:]:
        assert services[name]["depends_on"]["api-server"]["condition"] == "service_healthy", name
    assert services["api-server"]["depends_on"]["init"]["condition"] == "service_completed_successfully"
    assert set(services["init"]["depends_on"]) == {"metadata-db", "warehouse-roles"}


def test_every_named_volume_is_declared_and_used(model: dict[str, Any], services: Services) -> None:
    used = {v["source"] for s in services.values() for v in s.get("volumes", []) if v["type"] == "volume"}
    assert used == set(model["volumes"])
