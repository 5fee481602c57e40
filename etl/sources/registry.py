"""A registry file (YAML) goes in; its sources come out, or one RegistryError listing every problem by line.

The file is a mapping with one key, `sources`, a list of entries whose keys are the fields of
`records.Source`.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from etl.errors import RegistryError
from etl.records import Source, SourceKind
from etl.sources.fields import FIELDS, REQUIRED, mismatches, problem_of

_DEFAULTS = {f.name: f.default for f in dataclasses.fields(Source)}


def read(path: Path) -> list[Source]:
    """Read and validate a registry file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise RegistryError(str(path), f"It cannot be read: {error}") from error
    return parse(text, name=str(path))


def parse(text: str, *, name: str) -> list[Source]:
    """Validate the text of a registry; `name` is what errors call it."""
    root = _compose(text, name)
    entries, problems = _entries(root)
    sources: list[Source] = []
    lines: dict[str, int] = {}  # name of a source → where it stands
    for entry in entries:
        source = _source(entry, problems)
        if source is None:
            continue
        line = _line(entry)
        if source.name in lines:
            problems.append(f"line {line}: name: {source.name!r} stands in line {lines[source.name]} already")
        lines.setdefault(source.name, line)
        sources.append(source)
    if problems:
        raise RegistryError(name, "\n  ".join(["", *problems]).rstrip() if len(problems) > 1 else problems[0])
    return sources


def dump(sources: Iterable[Source], *, indent: int = 2) -> str:
    """Sources as the list items of a registry, defaults left out."""
    return "".join(_item(source, " " * indent) for source in sources)


def append(path: Path, sources: Iterable[Source]) -> None:
    """Add sources at the end of a registry file, all of it before kept to the byte, comments too."""
    added = list(sources)
    before = path.read_text(encoding="utf-8-sig") if path.exists() else "sources:\n"
    kept = parse(before, name=str(path))
    text = before + ("" if before.endswith("\n") else "\n") + dump(added, indent=_indent(before))
    if parse(text, name=str(path)) != kept + added:
        raise RegistryError(str(path), "`sources` must be the last thing in the file, one entry a block.")
    write(path, text)


def write(path: Path, text: str) -> None:
    """Put a text in place of a registry file in one step, whatever is there."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)  # noqa: PTH105 - one step


def _compose(text: str, name: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise RegistryError(name, f"It is no YAML: {' '.join(str(error).split())}") from error


def _entries(root: yaml.Node | None) -> tuple[list[yaml.Node], list[str]]:
    form = "the file must hold one key, `sources`, with a list of entries under it"
    if not isinstance(root, yaml.MappingNode):
        return [], [form]
    strangers = [f"line {_line(key)}: {key.value}: {form}" for key, _ in root.value if key.value != "sources"]
    listed = next((value for key, value in root.value if key.value == "sources"), None)
    if isinstance(listed, yaml.SequenceNode):
        return list(listed.value), strangers
    is_empty = isinstance(listed, yaml.ScalarNode) and listed.value == ""
    return [], strangers if is_empty else [*strangers, form]


def _source(entry: yaml.Node, problems: list[str]) -> Source | None:
    """The source an entry describes; None after noting what is wrong with it."""
    if not isinstance(entry, yaml.MappingNode):
        problems.append(f"line {_line(entry)}: an entry is a block of `key: value` lines")
        return None
    values: dict[str, Any] = {}
    found = [*_problems(entry, values)]
    found += [f"line {_line(entry)}: {key}: missing" for key in REQUIRED if key not in values and not found]
    if not found:
        lines = {key.value: _line(key) for key, _ in entry.value}
        found += [f"line {lines[key]}: {key}: {why}" for key, why in mismatches(values)]
    problems += found
    return None if found else Source(**{"outlet": None} | values)


def _problems(entry: yaml.MappingNode, values: dict[str, Any]) -> Iterator[str]:
    """Fill `values` from an entry; what is wrong with each key."""
    for key, node in entry.value:
        value = _value(node)
        if not isinstance(key, yaml.ScalarNode) or key.value not in FIELDS:
            yield f"line {_line(key)}: {key.value}: unknown key{_meant(key.value)}; allowed are {', '.join(FIELDS)}"
        elif key.value in values:
            yield f"line {_line(key)}: {key.value}: given twice in one entry"
        elif problem := problem_of(key.value, value):
            yield f"line {_line(key)}: {key.value}: {value!r} is not allowed; {problem}"
        else:
            values[key.value] = SourceKind(value) if key.value == "kind" else value


def _meant(key: object) -> str:
    near = difflib.get_close_matches(str(key), FIELDS, n=1)
    return f", perhaps {near[0]} was meant" if near else ""


def _value(node: yaml.Node) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        return ["…"]  # no key takes a list or a block
    try:
        return yaml.SafeLoader("").construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):  # an odd tag, a date like 2022-13-45
        return node.value


def _item(source: Source, indent: str) -> str:
    """One entry as a block; `outlet` is always said, since null is a statement there."""
    lines = []
    for field in dataclasses.fields(source):
        value = getattr(source, field.name)
        if field.name in {"outlet", *REQUIRED} or value != _DEFAULTS[field.name]:
            plain = value.value if isinstance(value, Enum) else value
            lines.append(f"{field.name}: {_scalar(plain)}")
    return f"{indent}- " + f"\n{indent}  ".join(lines) + "\n"


def _scalar(value: object) -> str:
    text: str = yaml.safe_dump(value, allow_unicode=True, width=10_000)
    return text.removesuffix("\n").removesuffix("\n...")


def _indent(text: str) -> int:
    """How far the file indents its entries, so that a block added looks like its neighbours."""
    entries, _ = _entries(yaml.compose(text, Loader=yaml.SafeLoader))
    return max(0, entries[0].start_mark.column - 2) if entries else 2


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
