"""`dateline eval KIND INPUT`: measure Dateline on a corpus of one's own; a JSON summary out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TextIO

import click

from etl import settings

Runner = Callable[[TextIO | None], dict[str, Any]]

_folder = click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
_file = click.argument("corpus", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_predictions = click.option(
    "--predictions", type=click.Path(dir_okay=False, path_type=Path), help="Write what was predicted to this file."
)


@click.group("eval")
def evaluate() -> None:
    """Measure Dateline on a corpus of your own, by the pipeline's own functions.

    Prints one JSON object: items, seconds, memory and, where the corpus has gold answers, scores.
    """


def _report(kind: str, run: Runner, predictions: Path | None) -> None:
    from etl.evaluate.measure import measured

    with predictions.open("w", encoding="utf8") if predictions else nullcontext() as out, measured() as cost:
        summary = run(out)
    click.echo(json.dumps({"kind": kind, **summary, **cost.as_dict()}, ensure_ascii=False))


@contextmanager
def _scratch_database() -> Iterator[str]:
    """A migrated throwaway database on the server in use."""
    from etl.local.databases import open_databases
    from etl.warehouse import scratch

    with open_databases(settings.read()) as databases, scratch.database(databases.warehouse_url) as url:
        yield url


@evaluate.command()
@_folder
@_predictions
def extract(corpus: Path, predictions: Path | None) -> None:
    """Pages of CORPUS (gold.jsonl, pages/<id>.html.gz) → text, title, authors, date."""
    from datetime import UTC, datetime

    from etl.evaluate import extract as runner

    _report("extract", lambda out: runner.run(corpus, out, now=datetime.now(UTC)), predictions)


@evaluate.command()
@_folder
@_predictions
@click.option("--compare", is_flag=True, help="Have feedparser read them too: agreement, and how much faster we are.")
def feeds(corpus: Path, predictions: Path | None, *, compare: bool) -> None:
    """Feeds of CORPUS (*.xml.gz) → entries; one given up is said so."""
    from etl.evaluate import feeds as runner

    _report("feeds", lambda out: runner.run(corpus, out, compare=compare), predictions)


@evaluate.command()
@_file
@_predictions
def urls(corpus: Path, predictions: Path | None) -> None:
    """Pairs of addresses in CORPUS ({a, b} a line) → the same article or not."""
    from etl.evaluate import urls as runner

    _report("urls", lambda out: runner.run(corpus, out), predictions)


@evaluate.command()
@_file
@_predictions
def dedup(corpus: Path, predictions: Path | None) -> None:
    """Texts of CORPUS → clusters of copies, by the warehouse's own path in a scratch database."""
    from etl.evaluate import dedup as runner

    with _scratch_database() as url:
        _report("dedup", lambda out: runner.run(corpus, out, database_url=url), predictions)


@evaluate.command()
@_file
@_predictions
def stories(corpus: Path, predictions: Path | None) -> None:
    """Texts of CORPUS → stories, by the warehouse's own path in a scratch database."""
    from etl.evaluate import stories as runner

    with _scratch_database() as url:
        _report("stories", lambda out: runner.run(corpus, out, database_url=url), predictions)


@evaluate.command()
@_file
@_predictions
@click.option("--given-gold", is_flag=True, help="Only resolve the gold spans.")
@click.option("--demonyms", type=click.Choice(["include", "drop"]), default="include", show_default=True)
@click.option("--spacy", "is_spacy_heard", is_flag=True, help="Hear the neural tagger too (`make spacy` installs it).")
def geo(corpus: Path, predictions: Path | None, *, given_gold: bool, demonyms: str, is_spacy_heard: bool) -> None:
    """Texts of CORPUS ({doc_id, text} a line) → places with offsets and points."""
    from etl.evaluate import geo as runner
    from etl.evaluate.packaged import open_packaged
    from etl.geo import neural

    if is_spacy_heard:
        neural.name()  # loaded before the clock runs; says at once where it is missing
    with open_packaged(settings.read().home / "gazetteer") as lexicon:
        _report(
            "geo",
            lambda out: runner.run(
                corpus,
                lexicon,
                out,
                given_gold=given_gold,
                demonyms="include" if demonyms == "include" else "drop",
                opinion=neural.entities if is_spacy_heard else None,
            ),
            predictions,
        )
