"""The warehouse's catalogue goes in; what it says of itself comes out: tables, views, functions, references."""

from __future__ import annotations

from dataclasses import dataclass

from etl.warehouse.connect import Warehouse


@dataclass(frozen=True, slots=True)
class Column:
    """A column as declared."""

    name: str
    type: str
    is_key: bool  # part of the primary key
    refers_to: str | None  # schema.table
    meaning: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view."""

    schema: str
    name: str
    is_view: bool
    meaning: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function that analysts call."""

    name: str
    parameters: str
    answers: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: the child's column leads to the parent."""

    child: str
    parent: str
    column_name: str
    is_optional: bool  # the column may be null
    is_one: bool  # at most one child a parent


@dataclass(frozen=True, slots=True)
class Codebook:
    """All of it."""

    schemas: tuple[tuple[str, str], ...]  # name, meaning; the public one first
    relations: tuple[Relation, ...]
    functions: tuple[Function, ...]
    references: tuple[Reference, ...]


def read(db: Warehouse) -> Codebook:
    """What the schema says of itself now."""
    return Codebook(
        schemas=tuple((r.schema, r.meaning) for r in db.rows("codebook_schemas")),
        relations=tuple(
            Relation(r.schema, r.name, r.is_view, r.meaning, tuple(Column(**c) for c in r.columns))
            for r in db.rows("codebook_relations")
        ),
        functions=tuple(Function(*r) for r in db.rows("codebook_functions")),
        references=tuple(Reference(*r) for r in db.rows("codebook_references")),
    )
