"""The JSON-LD of a page in, its nodes out: flat, references by @id resolved.

Publishers write it by template, so it is often not quite JSON: control characters, HTML entities, comments, CDATA,
trailing commas, two objects in one script. Each repair is tried in turn and the first that parses wins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

_MAX_NODES = 2_000
_MAX_DEPTH = 12
_WRAPPING = re.compile(r"^\s*(?://)?\s*(?:<!\[CDATA\[|<!--)\s*|\s*(?://)?\s*(?:\]\]>|-->)\s*;?\s*$")
_WRAPPERS = ("<!", "]]>", "-->")  # one of which all that has a wrapping has
_COMMENT = re.compile(r"^\s*//[^\n]*$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
_TRAILING = re.compile(r",\s*([}\]])")


@dataclass(frozen=True, slots=True)
class Node:
    """One object of the graph."""

    types: tuple[str, ...]  # without the schema.org address
    properties: Mapping[str, Any]  # values as in the JSON; references resolved one level
    depth: int  # 0 at the top of its script or @graph


def nodes(scripts: Iterable[str]) -> tuple[Node, ...]:
    """Every object of every script, outermost first within each. What cannot be read is left out."""
    tops = [top for script in scripts for top in _load(script)]
    found = [hit for top in tops for hit in _walk(top, 0)][:_MAX_NODES]
    by_id = {str(o["@id"]): o for o, _ in found if "@id" in o and len(o) > 1}
    return tuple(Node(_types(o), _resolved(o, by_id), depth) for o, depth in found)


def _load(script: str) -> list[Any]:
    for candidate in _readings(script):
        try:
            return _decode_all(candidate)
        except (ValueError, RecursionError):
            continue
    return []


def _readings(script: str) -> Iterator[str]:
    """The script as it stands, then with each repair; nearly always the first can be read."""
    is_wrapped = any(mark in script for mark in _WRAPPERS)
    text = (_WRAPPING.sub("", _WRAPPING.sub("", script)) if is_wrapped else script).strip().rstrip(";")
    yield text
    bare = _TRAILING.sub(r"\1", _COMMENT.sub("", text))
    yield bare
    yield unescape(bare)


def _decode_all(text: str) -> list[Any]:
    decoder, at = json.JSONDecoder(strict=False), 0
    out: list[Any] = []
    while True:
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
        if at >= len(text):
            return out
        value, at = decoder.raw_decode(text, at)
        out.append(value)


def _walk(value: Any, depth: int) -> Iterator[tuple[Mapping[str, Any], int]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth)
    elif isinstance(value, dict):
        yield value, depth
        for key, item in value.items():
            if isinstance(item, dict | list):
                yield from _walk(item, depth if key == "@graph" else depth + 1)


def _types(node: Mapping[str, Any]) -> tuple[str, ...]:
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return tuple(re.split(r"[/#:]", name)[-1] for name in names if isinstance(name, str))


def _resolved(node: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    return {key: _follow(value, by_id) for key, value in node.items()}


def _follow(value: Any, by_id: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_follow(item, by_id) for item in value[:100] if not isinstance(item, list)]
    if isinstance(value, dict) and len(value) <= 2 and "name" not in value:
        return by_id.get(str(value.get("@id")), value)
    return value
