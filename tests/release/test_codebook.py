"""The data dictionary says what the database says, and the picture in the README is the schema's own."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from etl.release import codebook as written
from etl.settings import ROOT
from etl.warehouse import codebook as told
from etl.warehouse.codebook import Codebook, Column, Reference, Relation
from etl.warehouse.connect import Warehouse

HOSTILE = Codebook(
    schemas=(("news", "What is <b>new</b>"),),
    relations=(
        Relation(
            "news",
            "article",
            is_view=False,
            meaning="One | row",
            columns=(Column("article_id", "bigint", True, "ops.source", "<script>alert(1)</script> | or"),),
        ),
    ),
    functions=(),
    references=(),
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)


def test_every_column_of_every_view_is_in_both_forms(db: Warehouse) -> None:
    book = told.read(db)
    text, page = written.markdown(book), written.html(book)
    assert {r.schema for r in book.relations} == {"mart", "news", "geo", "ops", "raw"}
    for relation in book.relations:
        assert f"### {relation.schema}.{relation.name}\n" in text
        assert f'id="{relation.schema}.{relation.name}"' in page
        assert all(f"| `{column.name}` |" in text for column in relation.columns)


def test_what_a_column_refers_to_is_told(db: Warehouse) -> None:
    relations = {(r.schema, r.name): r for r in told.read(db).relations}
    columns = {c.name: c for c in relations["news", "content"].columns}
    assert columns["content_id"].is_key
    assert columns["article_id"].refers_to == "news.article"


def test_words_from_the_database_are_never_markup() -> None:
    page = written.html(HOSTILE)
    tags = Tags()
    tags.feed(page)
    assert "script" not in tags.found
    assert "b" not in tags.found
    assert "&lt;script&gt;" in page
    row = "| `article_id` | bigint, key, → ops.source | <script>alert(1)</script> \\| or |"
    assert row in written.markdown(HOSTILE)


def test_columns_that_lead_to_one_table_are_one_line_of_the_picture() -> None:
    references = (
        Reference("news.copy_of", "news.article", "copy_article_id", is_optional=False, is_one=False),
        Reference("news.copy_of", "news.article", "origin_article_id", is_optional=False, is_one=False),
        Reference("ops.fetch", "ops.source", "source_id", is_optional=False, is_one=False),
    )
    drawn = written.diagram(Codebook((), (), (), references))
    assert drawn == 'erDiagram\n    article ||--o{ copy_of : "copy_article_id, origin_article_id"\n'


def test_the_readme_draws_the_schema_as_it_is(db: Warehouse) -> None:
    """When it fails: put the answer of `dateline codebook --format diagram` into the README."""
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    drawn = re.search(r"```mermaid\n(erDiagram\n.*?)```", readme, re.DOTALL)
    assert drawn
    assert drawn[1] == written.diagram(told.read(db))
