"""Airflow's environment: settings and database addresses in, the variables its first import must find out.

Secrets are made once per home and shared by every component: components that do not share the JWT secret cannot talk.
"""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

from etl.local.databases import Databases
from etl.local.files import kept_secret
from etl.settings import ROOT, Settings

USER = "admin"  # the one login of the local Airflow
_PARALLELISM = 4  # tasks at once; a laptop's worth


def environment(settings: Settings, databases: Databases, *, dags: Path = ROOT / "dags") -> dict[str, str]:
    """The variables for Airflow and for the tasks it runs; put them into `os.environ` before importing Airflow."""
    home = folder(settings)
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__SECRET_KEY": kept_secret(home / "api.secret", _token),
        "AIRFLOW__API_AUTH__JWT_SECRET": kept_secret(home / "jwt.secret", _token),
        "AIRFLOW__CORE__FERNET_KEY": kept_secret(home / "fernet.secret", _fernet_key),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",  # the default asks DNS, and may wait for it
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": str(_PARALLELISM),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(password_file(settings)),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": _with_driver(databases.metadata_url),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "DATELINE_ANALYST_URL": databases.analyst_url,
        "DATELINE_DATABASE_URL": databases.work_url,  # so that no task ever starts a server, or alters the schema
        "DATELINE_HOME": str(settings.home),
        "DATELINE_SOURCES": str(settings.sources_file),
        "PYTHONPATH": str(ROOT),
    }


def folder(settings: Settings) -> Path:
    """Airflow's folder in the home, made private when missing: logs quote what tasks print."""
    made = settings.home / "airflow"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def password_file(settings: Settings) -> Path:
    """The login of the local Airflow's page. Left to Airflow, it would be readable by all and printed to a log."""
    path = folder(settings) / "login.json"
    kept_secret(path, lambda: json.dumps({USER: secrets.token_urlsafe(12)}))
    path.chmod(0o600)
    return path


def password(settings: Settings) -> str:
    """The password of `USER`."""
    return str(json.loads(password_file(settings).read_text())[USER])


def _token() -> str:
    return secrets.token_urlsafe(48)


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _with_driver(url: str) -> str:
    """Name the driver: SQLAlchemy 2 knows no `postgres://`, and Airflow's own choice may differ from ours."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg2{separator}{rest}" if scheme in ("postgres", "postgresql") else url
