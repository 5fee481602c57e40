"""`dateline`: thin commands over `etl.jobs` and `etl.local`. Words in; rows, a sentence and an exit code out.

Exit codes: 0 done, 1 Dateline could not do it (one sentence says why), 2 the command was not understood, 130 Ctrl-C.
"""

from __future__ import annotations

import signal
import sys

import click

from etl import __version__
from etl.cli import (
    article,
    ask,
    backfill,
    backup,
    captures,
    changes,
    codebook,
    cookbook,
    digest,
    evaluate,
    explain,
    export,
    freeze,
    gazetteer,
    local,
    maintain,
    places,
    rejected,
    reprocess,
    sources,
    stopping,
    takedown,
)
from etl.errors import DatelineError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dateline")
def dateline() -> None:
    """Turn the news into a Postgres warehouse, and question it with SQL.

    \b
    See it work:       dateline demo
    Ask something:     dateline sql "SELECT * FROM mart.place ORDER BY articles DESC LIMIT 10"
    The usual things:  dateline cookbook
    Run it for real:   dateline up        (Airflow's UI, scheduler and all; stop with `dateline down`)
    Something wrong:   dateline doctor

    Without DATELINE_DATABASE_URL an embedded PostgreSQL is started when needed, and stopped after.
    """  # noqa: D301 - click wants the backspace itself: it keeps the lines below as they are


for command in (
    local.demo,
    local.up,
    local.down,
    local.status,
    local.doctor,
    local.airflow,
    sources.sources,
    backfill.backfill,
    rejected.rejected,
    gazetteer.gazetteer,
    places.place,
    article.article,
    ask.migrate,
    ask.sql,
    cookbook.cookbook,
    ask.psql,
    ask.check,
    backup.backup,
    backup.restore,
    maintain.maintain,
    digest.digest,
    reprocess.reprocess,
    explain.explain,
    changes.changes,
    takedown.takedown,
    codebook.codebook,
    captures.captures,
    export.export,
    freeze.freeze,
    freeze.rebuild,
    evaluate.evaluate,
):
    dateline.add_command(command)


def main() -> None:
    """The console script."""
    for sign in (signal.SIGTERM, signal.SIGHUP):  # ended from outside we still clean up, as on Ctrl-C
        signal.signal(sign, lambda number, _: sys.exit(128 + number))
    try:
        with stopping.heard():
            dateline(standalone_mode=False)
    except DatelineError as error:
        click.echo(f"dateline: {error}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
