"""The text of a registry and one change go in; the text with that change alone comes out, comments and order kept."""

from __future__ import annotations

import dataclasses

import yaml

from etl.errors import RegistryError
from etl.records import Source
from etl.sources import registry


def set_enabled(text: str, source_name: str, is_enabled: bool, *, name: str) -> str:
    """Enable or disable a source; raises RegistryError where it is not there or written in a way not to be edited.

    A source that is disabled stays in the registry and the warehouse, and is polled no more.
    """
    before = registry.parse(text, name=name)
    if source_name not in {s.name for s in before}:
        raise RegistryError(name, f"It has no source {source_name!r}; `dateline sources list` shows those it has.")
    keys = _keys(text, source_name)
    word = "true" if is_enabled else "false"
    if "is_enabled" in keys:
        node = keys["is_enabled"][1]
        changed = text[: node.start_mark.index] + word + text[node.end_mark.index :]
    elif is_enabled:
        return text
    else:
        key, value = keys["name"]
        indent = " " * key.start_mark.column
        line, _, rest = text[value.end_mark.index :].partition("\n")  # a comment on the line stays there
        changed = f"{text[: value.end_mark.index]}{line}\n{indent}is_enabled: {word}\n{rest}"
    _agree(before, changed, source_name, is_enabled, name)
    return changed


def _keys(text: str, source_name: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """The keys of a source's entry with the places where they and their values stand."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)  # noqa: S101 - it was parsed before
    entries = next(value for key, value in root.value if key.value == "sources")
    for entry in entries.value:
        keys = {key.value: (key, value) for key, value in entry.value}
        if keys["name"][1].value == source_name:
            return keys
    raise RegistryError(source_name)


def _agree(before: list[Source], changed: str, source_name: str, is_enabled: bool, name: str) -> None:
    """Make sure that nothing else changed."""
    wanted = [dataclasses.replace(s, is_enabled=is_enabled) if s.name == source_name else s for s in before]
    try:
        is_good = registry.parse(changed, name=name) == wanted
    except RegistryError:
        is_good = False
    if not is_good:
        raise RegistryError(name, f"The entry of {source_name!r} is written so that it must be edited by hand.")
