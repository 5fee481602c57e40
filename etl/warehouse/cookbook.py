"""`sql/queries/cookbook.sql` and what a person wants to know go in; out comes the question as SQL, its values in it.

A recipe is a named query whose comments tell its parameters: `-- param: name type = default | meaning`. Types are text,
place (a name or an id), date (2022-07-01, today, today-7), integer and number. Values are written into the SQL as
literals, so that what is printed can be run anywhere, and anything but a value of its type is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from etl.errors import RecipeRefused
from etl.settings import ROOT
from etl.warehouse import queries

_PARAM = re.compile(r"-- param: (\w+) (\w+) = (.*?) \| (.+)\n")
_USE = re.compile(r"%\((\w+)\)s|%%")
_DAY = re.compile(r"today(?:-(\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Param:
    """Something a recipe asks for."""

    name: str
    kind: str  # text, place, date, integer or number
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A question with a name."""

    name: str
    description: str  # one sentence
    params: tuple[Param, ...]
    template: str  # SQL with %(name)s


@cache
def recipes() -> dict[str, Recipe]:
    """All recipes by name, in the order of the file."""
    text = (ROOT / "sql" / "queries" / "cookbook.sql").read_text(encoding="utf8")
    return {q.name: _recipe(q) for q in queries.parse(text)}


def find(name: str) -> Recipe:
    """The recipe of this name. Raises RecipeRefused."""
    try:
        return recipes()[name]
    except KeyError:
        raise RecipeRefused(f'"{name}" is not in the cookbook; `dateline cookbook` lists what is.') from None


def render(recipe: Recipe, given: Mapping[str, str]) -> str:
    """The recipe as SQL with the values given, else the defaults. Raises RecipeRefused for what it cannot take."""
    known = {p.name: p for p in recipe.params}
    if strangers := sorted(set(given) - set(known)):
        allowed = ", ".join(known) or "nothing"
        raise RecipeRefused(f"{recipe.name} does not ask for {', '.join(strangers)}, but for {allowed}.")
    literals = {name: _literal(p, given.get(name, p.default)) for name, p in known.items()}
    return _USE.sub(lambda m: literals[m[1]] if m[1] else "%", recipe.template)


def _recipe(query: queries.Query) -> Recipe:
    params = tuple(Param(*found) for found in _PARAM.findall(query.sql))
    return Recipe(query.name, query.description, params, _PARAM.sub("", query.sql).strip())


def _literal(param: Param, value: str) -> str:
    try:
        return _LITERALS[param.kind](value.strip())
    except ValueError:
        raise RecipeRefused(f'{param.name} is "{value}"; wanted is {_WANTED[param.kind]}.') from None


def _text(value: str) -> str:
    if "\x00" in value:
        raise ValueError
    return "'" + value.replace("'", "''") + "'" if "\\" not in value else " E'" + _escaped(value) + "'"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _place(value: str) -> str:
    if not value:
        raise ValueError
    return _text(value)


def _date(value: str) -> str:
    if found := _DAY.fullmatch(value):
        return f"(current_date - {int(found[1] or 0)})"
    return f"date '{date.fromisoformat(value).isoformat()}'"


def _integer(value: str) -> str:
    number = int(value)
    if not -(2**31) <= number < 2**31:
        raise ValueError
    return f"({number})" if number < 0 else str(number)


def _number(value: str) -> str:
    number = float(value)
    if number != number or abs(number) > 1e15:  # noqa: PLR0124 - nan
        raise ValueError
    return f"({value})" if number < 0 else repr(number)


_LITERALS: dict[str, Callable[[str], str]] = {
    "text": _text,
    "place": _place,
    "date": _date,
    "integer": _integer,
    "number": _number,
}
_WANTED = {
    "text": "a text",
    "place": 'the name of a place ("Sloviansk", "Springfield, US") or its place_id',
    "date": "a day as 2022-07-01, today or today-7",
    "integer": "a whole number",
    "number": "a number",
}
