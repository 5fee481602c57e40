"""What the schema says of itself goes in; the data dictionary comes out: as Markdown, one HTML page, or a diagram.

The HTML is static and whole (no script, nothing loaded), and every word of it that comes from the database is escaped.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

from etl.warehouse.codebook import Codebook, Column, Reference, Relation

_TITLE = "Dateline: the codebook"
_INTRO = (
    "One entry a table or view, with what each column means. Ask the views of schema mart: they stay stable while "
    "tables change. Instants are timestamptz, UTC; _at is an instant, _on a date, is_ a yes or no, _id a key."
)
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 0 auto; padding: 1rem; }
nav ul { columns: 14rem; padding-left: 1rem; }
h2 { border-bottom: 2px solid; margin-top: 3rem; }
h3 { margin: 2rem 0 .25rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; }
td:nth-child(2) { white-space: nowrap; }
div { overflow-x: auto; }
code { font-size: .9em; }
"""


def markdown(book: Codebook) -> str:
    """The dictionary as Markdown."""
    parts = [f"# {_TITLE}", _INTRO]
    for schema, meaning in book.schemas:
        parts.append(f"## {schema}\n\n{meaning}.")
        for relation in _of(book, schema):
            rows = [f"| `{c.name}` | {_told_type(c)} | {_cell(c.meaning)} |" for c in relation.columns]
            table = "\n".join(["| column | type | meaning |", "|---|---|---|", *rows])
            parts.append(f"### {_full(relation)}\n\n{relation.meaning}.\n\n{table}")
        if schema == "mart":
            parts += [f"### mart.{f.name}({f.parameters})\n\n{f.meaning}. Answers {f.answers}." for f in book.functions]
    return "\n\n".join(parts) + "\n"


def html(book: Codebook) -> str:
    """The dictionary as one page."""
    links = "".join(
        f'<li><a href="#{escape(_full(r))}">{escape(_full(r))}</a></li>'
        for schema, _ in book.schemas
        for r in _of(book, schema)
    )
    body = "".join(_section(book, schema, meaning) for schema, meaning in book.schemas)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{_TITLE}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{_TITLE}</h1>\n<p>{escape(_INTRO)}</p>\n<nav><ul>{links}</ul></nav>\n{body}</body>\n</html>\n"
    )


def diagram(book: Codebook) -> str:
    """How the tables of the news, the places and the bodies hang together, as a Mermaid entity diagram."""
    drawn = [r for r in book.references if r.child.split(".")[0] in {"news", "geo", "raw"}]
    lines = ["erDiagram"]
    for (parent, child), group in groupby(sorted(drawn, key=_pair), _pair):
        columns = list(group)
        one = "o|" if any(r.is_one for r in columns) else "o{"
        by = ", ".join(r.column_name for r in columns)
        left = "|o" if all(r.is_optional for r in columns) else "||"
        lines.append(f'    {_entity(parent)} {left}--{one} {_entity(child)} : "{by}"')
    return "\n".join(lines) + "\n"


def _pair(reference: Reference) -> tuple[str, str]:
    return reference.parent, reference.child


def _entity(name: str) -> str:
    """Mermaid wants a plain word; what needs no schema to be understood goes without."""
    return name.removeprefix("news.").replace(".", "_")


def _of(book: Codebook, schema: str) -> list[Relation]:
    """A schema's relations by name."""
    return next((list(found) for name, found in groupby(book.relations, lambda r: r.schema) if name == schema), [])


def _full(relation: Relation) -> str:
    return f"{relation.schema}.{relation.name}"


def _told_type(column: Column) -> str:
    marks = ["key"] if column.is_key else []
    if column.refers_to:
        marks.append(f"→ {column.refers_to}")
    return ", ".join([column.type, *marks])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _section(book: Codebook, schema: str, meaning: str) -> str:
    parts = [f'<h2 id="{escape(schema)}">{escape(schema)}</h2>\n<p>{escape(meaning)}.</p>\n']
    for r in _of(book, schema):
        rows = "".join(
            f"<tr><td><code>{escape(c.name)}</code></td><td>{escape(_told_type(c))}</td><td>{escape(c.meaning)}</td></tr>\n"
            for c in r.columns
        )
        parts.append(
            f'<h3 id="{escape(_full(r))}">{escape(_full(r))}</h3>\n<p>{escape(r.meaning)}.</p>\n<div><table>\n'
            f"<thead><tr><th>column</th><th>type</th><th>meaning</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n"
        )
    if schema == "mart":
        parts += [
            f"<h3>mart.{escape(f.name)}</h3>\n<p><code>{escape(f.parameters)}</code></p>\n"
            f"<p>{escape(f.meaning)}. Answers <code>{escape(f.answers)}</code>.</p>\n"
            for f in book.functions
        ]
    return "".join(parts)
