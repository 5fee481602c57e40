"""An address and a document go in; the document is posted there as JSON, and why it was not taken comes back, or None.

The address passes the guard as every other does: a private one is dialled only if its host is pinned by the operator.
Redirects are not followed: who is told of an alert is written down, not decided by an answer.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
from collections.abc import Mapping

from urllib3.exceptions import HTTPError

from etl.fetch import guard
from etl.fetch.answers import Target
from etl.fetch.dial import Deadline, connection
from etl.fetch.guard import FetchError

TIMEOUT_S = 10.0
_OK = range(200, 300)


def post(
    url: str,
    document: Mapping[str, object],
    *,
    user_agent: str,
    pins: Mapping[str, str],
    tls: ssl.SSLContext | None = None,
) -> str | None:
    """Post a document; why it was not taken, or None."""
    body = json.dumps(document, ensure_ascii=False, default=str).encode()
    headers = {"User-Agent": user_agent, "Content-Type": "application/json", "Connection": "close"}
    with Deadline(TIMEOUT_S) as deadline:
        try:
            target = Target(url)
            allowed = guard.endpoints(
                target.host, target.port, pins=pins, allow_private=False, resolve=guard.system_resolve,
                timeout_s=deadline.left_s,
            )  # fmt: skip
            secure = (tls or ssl.create_default_context()) if target.scheme == "https" else None
            asked = connection(
                target.scheme, target.host, target.port, allowed, deadline=deadline, connect_s=TIMEOUT_S, tls=secure
            )
            with contextlib.closing(asked):
                asked.request("POST", target.path, body=body, headers=headers, preload_content=False)
                with asked.getresponse() as answer:
                    return (
                        None if answer.status in _OK else f"it answered {answer.status} {answer.reason or ''}".strip()
                    )
        except FetchError as refused:
            return refused.detail
        except (OSError, http.client.HTTPException, HTTPError) as error:
            return "it did not answer in time" if deadline.is_over else f"the connection failed: {error}"[:300]
