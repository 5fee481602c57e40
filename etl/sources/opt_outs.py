"""What a publisher tells machines goes in (robots.txt, ai.txt, tdmrep.json, headers, meta tags); `OptOuts` comes out.

Theory. Nobody agrees on where to say it, so every place in use is read: 1. groups of robots.txt that turn known AI
crawlers away from the whole site; 2. ai.txt (Spawning), the same rules with `User-Agent: *` meaning every AI system;
3. the TDM Reservation Protocol (W3C community group), where the header or meta tag of a page goes before the site's
/.well-known/tdmrep.json, whose entry with the longest matching path counts; 4. X-Robots-Tag and robots meta tags,
directives for all agents or for known AI crawlers. What is read is recorded, not judged: whether a use is allowed is
for people. A crawler is turned away only if the root is closed to it by name: a group for `*` says nothing of
training. Not done: terms of use in prose, licences, and files an answer links to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from etl.records import OptOuts

# Agents their owners name as gathering text for training or for answers by machines. Search engines' own crawlers are
# left out: closing to those is another matter. Each group: vendors' published names.
AI_AGENTS = (
    # OpenAI, Anthropic, Google, Apple, Meta, Amazon, Microsoft-backed and other makers of models
    *("GPTBot", "ChatGPT-User", "OAI-SearchBot", "ClaudeBot", "Claude-Web", "Claude-User", "anthropic-ai"),
    *("Google-Extended", "GoogleOther", "Applebot-Extended", "FacebookBot", "meta-externalagent", "Amazonbot"),
    *("Bytespider", "cohere-ai", "MistralAI-User", "PerplexityBot", "YouBot", "DuckAssistBot", "xAI-Bot"),
    # gatherers whose collections models are trained on
    *("CCBot", "Diffbot", "AI2Bot", "Omgilibot", "omgili", "webzio-extended", "ImagesiftBot", "Timpibot", "PetalBot"),
    "img2dataset",
)
_LOWER = {agent.lower(): agent for agent in AI_AGENTS}
# noai and noimageai: DeviantArt's, taken up widely; noml: Mojeek's; the others are how Bing lets pages out of answers.
_DIRECTIVES = frozenset({"noai", "noimageai", "noml", "noarchive", "nocache", "nosnippet"})
_WITH_COLON = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})  # no agents
_AGENT_PREFIX = re.compile(r"^\s*([\w .-]{1,40}?)\s*:\s*(.*)$")
_MAX_CHARS = 512_000
_MAX_RULES = 1_000


def read(
    *,
    robots_txt: str | None = None,
    headers: Mapping[str, str] | None = None,
    meta: Mapping[str, tuple[str, ...]] | None = None,
    tdmrep: str | None = None,
    ai_txt: str | None = None,
    path: str = "/",
) -> OptOuts:
    """Read what is at hand; None means a place was not looked at or is not there.

    `headers` and `meta` are of one answer, names in lower case; `path` is its path, for tdmrep.json.
    """
    said: list[str] = []
    agents = [*_refused(robots_txt, "robots.txt", said), *_refused_by_ai_txt(ai_txt, said)]
    reserved, policy = _tdm(headers or {}, meta or {}, tdmrep, path, said)
    directives = [*_of_header(headers or {}, said), *_of_meta(meta or {}, said)]
    places = {
        "robots.txt": robots_txt,
        "ai.txt": ai_txt,
        "tdmrep.json": tdmrep,
        "headers": headers,
        "meta": meta,
    }
    return OptOuts(
        disallowed_agents=tuple(dict.fromkeys(agents)),
        is_tdm_reserved=reserved,
        tdm_policy_url=policy,
        directives=tuple(dict.fromkeys(directives)),
        said_in=tuple(dict.fromkeys(said)),
        read=tuple(name for name, what in places.items() if what is not None),
    )


def is_meant(text: str, name: str) -> bool:
    """Whether a file is what its address says ("ai_txt" or "tdmrep"), and not a page a server has for all addresses."""
    if name == "tdmrep":
        return bool(_rules(text))
    return bool(_groups(text))


def _refused(text: str | None, place: str, said: list[str]) -> Iterator[str]:
    """The known agents that a group of their own closes the root to, as their owners write them."""
    for name, rules in _groups(text or "").items():
        if name in _LOWER and _is_closed(rules):
            said.append(place)
            yield _LOWER[name]


def _refused_by_ai_txt(text: str | None, said: list[str]) -> Iterator[str]:
    """In ai.txt the group for everyone is meant for AI systems; it is written `*` here."""
    yield from _refused(text, "ai.txt", said)
    if _is_closed(_groups(text or "").get("*", ())):
        said.append("ai.txt")
        yield "*"


def _groups(text: str) -> dict[str, list[tuple[str, str]]]:
    """Agent in lower case → the rules of all its groups (RFC 9309: groups of one name are one)."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names: list[str] = []
    is_open = True  # still naming agents
    for line in text[:_MAX_CHARS].splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if colon and key == "user-agent":
            names = [*names, value.lower()] if is_open else [value.lower()]
            is_open = True
            groups.setdefault(value.lower(), [])
        elif colon and key in {"allow", "disallow"}:
            is_open = False
            for name in names:
                groups[name].append((key, value))
    return groups


def _is_closed(rules: Iterable[tuple[str, str]]) -> bool:
    """Whether the root is closed; of rules as long as each other, the one that allows counts."""
    of_root = {key for key, value in rules if value in {"/", "/*"}}
    return of_root == {"disallow"}


def _tdm(
    headers: Mapping[str, str],
    meta: Mapping[str, tuple[str, ...]],
    tdmrep: str | None,
    path: str,
    said: list[str],
) -> tuple[bool | None, str | None]:
    """Whether mining is reserved and where its terms stand, from the nearest place that says so."""
    stated = (
        ("header tdm-reservation", headers.get("tdm-reservation"), headers.get("tdm-policy")),
        ("meta tdm-reservation", _first(meta, "tdm-reservation"), _first(meta, "tdm-policy")),
        ("tdmrep.json", *_rule(tdmrep, path)),
    )
    for place, reservation, policy in stated:
        if str(reservation).strip() in {"0", "1"}:
            said.append(place)
            return str(reservation).strip() == "1", _web(policy)
    return None, None


def _rule(tdmrep: str | None, path: str) -> tuple[Any, Any]:
    """The entry of a tdmrep.json for a path: the most specific location counts."""
    fitting = [r for r in _rules(tdmrep or "") if _fits(str(r.get("location", "")), path)]
    best = max(fitting, key=lambda r: len(str(r["location"])), default={})
    return best.get("tdm-reservation"), best.get("tdm-policy")


def _rules(tdmrep: str) -> list[dict[str, Any]]:
    try:
        listed = json.loads(tdmrep[:_MAX_CHARS])
    except (ValueError, RecursionError):
        return []
    return [r for r in listed[:_MAX_RULES] if isinstance(r, dict)] if isinstance(listed, list) else []


def _fits(location: str, path: str) -> bool:
    """Whether a path matches a location, in which `*` stands for anything and a final `$` for the end."""
    is_whole = location.endswith("$")
    first, *others = location.removesuffix("$").split("*")
    if not location or not path.startswith(first):
        return False
    at = len(first)
    for piece in others:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not is_whole or at == len(path) or (bool(others) and path.endswith(others[-1]))


def _of_header(headers: Mapping[str, str], said: list[str]) -> Iterator[str]:
    for agent, directive in _directives(headers.get("x-robots-tag", "")):
        if agent is None or agent in _LOWER:
            said.append("header x-robots-tag")
            yield directive


def _of_meta(meta: Mapping[str, tuple[str, ...]], said: list[str]) -> Iterator[str]:
    for name in ("robots", *_LOWER):
        for content in meta.get(name, ()):
            for _, directive in _directives(content):
                said.append(f"meta {name}")
                yield directive


def _directives(stated: str) -> Iterator[tuple[str | None, str]]:
    """`gptbot: noai, nosnippet, noarchive`: an agent is named before the first of its directives."""
    agent: str | None = None
    for part in stated[:2_000].split(","):
        named = _AGENT_PREFIX.match(part)
        if named and named.group(1).lower() not in _WITH_COLON:
            agent = named.group(1).lower()
        directive = (named.group(2) if named else part).strip().lower()
        if directive in _DIRECTIVES:
            yield agent, directive


def _first(meta: Mapping[str, tuple[str, ...]], name: str) -> str | None:
    return next(iter(meta.get(name, ())), None)


def _web(url: Any) -> str | None:
    text = str(url or "").strip()
    return text[:2_000] if urlsplit(text[:2_000]).scheme in {"http", "https"} else None
