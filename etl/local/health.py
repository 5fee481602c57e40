"""What runs of Airflow in; which of it works, by its own word, out.

Airflow tells the last heartbeat of each kind of component, be it of one that was killed a moment ago: a beat counts for
a process only if it is younger than that.
"""

from __future__ import annotations

import http.client
import json
from contextlib import suppress
from datetime import UTC, datetime

from etl.local.components import Running

_ANSWER = "/api/v2/version"
_HEALTH = "/api/v2/monitor/health"
_TIMEOUT_S = 5


def answers(address: str) -> bool:
    """Whether the api-server does."""
    return _get(address, _ANSWER) is not None


def beats(running: Running) -> dict[str, datetime]:
    """By component, when it last said that it is well; nothing from before it was started."""
    told = _get(running.address, _HEALTH)
    if told is None:
        return {}
    found = {"api-server": datetime.now(UTC)}  # by answering
    for component in running.components:
        key = component.name.replace("-", "_")
        said = told.get(key, {})
        beat = said.get(f"latest_{key}_heartbeat")
        if said.get("status") == "healthy" and beat:
            at = datetime.fromisoformat(beat)
            if at.timestamp() > component.born:
                found[component.name] = at
    return found


def _get(address: str, path: str) -> dict[str, dict[str, str]] | None:
    host, _, port = address.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=_TIMEOUT_S)
    try:
        with suppress(OSError, http.client.HTTPException, ValueError):
            connection.request("GET", path)
            response = connection.getresponse()
            if response.status == 200:
                return dict(json.loads(response.read()))
    finally:
        connection.close()
    return None
