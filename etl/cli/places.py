"""`dateline place …`: why a name was taken for a place, and an analyst's corrections, which survive reprocessing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from etl import settings

_LONGEST_NAME = 200


@click.group()
def place() -> None:
    """Ask why a name means what it means, and correct it."""


@place.command()
@click.argument("mention_id", type=int)
def why(mention_id: int) -> None:
    """Explain mention MENTION_ID (mart.mention): what it could have been, and what spoke for each."""
    from etl.local.databases import open_databases
    from etl.warehouse import overrides
    from etl.warehouse.connect import connect

    with open_databases(settings.read()) as databases, connect(databases.analyst_url, name="place") as db:
        found = overrides.mention(db, mention_id)
        if found is None:
            raise click.ClickException(f"There is no mention {mention_id}.")
        for line in (*_told(found), *map(_candidate, overrides.candidates(db, mention_id))):
            click.echo(line)


@place.command()
@click.argument("name", required=False)
@click.option("--place", "place_id", type=int, help="The place it means, by its id.")
@click.option("--no-place", is_flag=True, help="It is no place.")
@click.option("--mention", "mention_id", type=int, help="Only this mention, and the same text wherever it is held.")
@click.option("--outlet", help="Only in texts of this outlet or source.")
@click.option("--language", "language_code", help="Only in texts of this language (ISO 639-1).")
@click.option("--note", required=True, help="Who says so, and why.")
def override(name: str | None, place_id: int | None, mention_id: int | None, *, no_place: bool, **scope: str) -> None:
    """Say what NAME, or one mention, means; the texts it concerns are tagged anew by the next run.

    The narrower correction wins: a mention before an outlet's language, an outlet, a language, every text; of two
    alike the later.
    """
    from etl.jobs import corrections
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    if (place_id is None) is not no_place:
        raise click.UsageError("Say --place ID or --no-place.")
    if (name is None) is (mention_id is None):
        raise click.UsageError("Give a NAME, or one --mention.")
    if mention_id is not None and (scope["outlet"] or scope["language_code"]):
        raise click.UsageError("One mention is of one text: leave --outlet and --language out.")
    _check_words(name, scope["note"], scope["language_code"])
    configured, at = settings.read(), datetime.now(UTC)
    with open_databases(configured) as databases, connect(databases.warehouse_url, name="place") as db:
        asked = corrections.Asked(name=name, mention_id=mention_id, place_id=place_id, **scope)
        done = corrections.add(db, asked, code_version=configured.code_version, at=at)
    click.echo(f"override {done.override_id}: {done.contents} texts will be tagged anew")
    if done.conflict:
        click.echo(_mark(done.conflict))


@place.command()
@click.option("--conflicts", "only_conflicts", is_flag=True, help="Only those that contradict or have nothing left.")
def overrides(*, only_conflicts: bool) -> None:
    """List the corrections that hold, and what conflicts."""
    from etl.local.databases import open_databases
    from etl.warehouse import overrides as held
    from etl.warehouse.connect import connect

    with open_databases(settings.read()) as databases, connect(databases.warehouse_url, name="place") as db:
        wrong = held.conflicts(db)
        for o in held.active(db):
            if o.override_id in wrong or not only_conflicts:
                means = f"{o.place.name} ({o.place.place_id})" if o.place else "no place"
                where = [o.outlet, o.language_code, f"{o.field}:{o.start} of one text" if o.text_hash else None]
                scope = ", ".join(filter(None, where)) or "everywhere"
                click.echo(f"{o.override_id}: {o.surface} = {means}; {scope}" + _mark(wrong.get(o.override_id)))


@place.command()
@click.argument("override_id", type=int)
def forget(override_id: int) -> None:
    """End correction OVERRIDE_ID; the texts it concerned are tagged anew by the next run."""
    from etl.jobs import corrections
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    configured, at = settings.read(), datetime.now(UTC)
    with open_databases(configured) as databases, connect(databases.warehouse_url, name="place") as db:
        contents = corrections.end(db, override_id, code_version=configured.code_version, at=at)
    click.echo(f"override {override_id} ended: {contents} texts will be tagged anew")


def _check_words(name: str | None, note: str, language_code: str | None) -> None:
    """Raises UsageError for what could never apply."""
    if name is not None and not name.strip():
        raise click.UsageError("NAME is empty.")
    if name is not None and len(name) > _LONGEST_NAME:
        raise click.UsageError(f"NAME is longer than {_LONGEST_NAME} characters.")
    if not note.strip():
        raise click.UsageError("--note is empty.")
    if language_code is not None and not (len(language_code) == 2 and language_code.isalpha()):
        raise click.UsageError("--language takes two letters (ISO 639-1), as in uk.")


def _mark(conflict: str | None) -> str:
    return f"  ! {conflict}" if conflict else ""


def _told(m: Any) -> list[str]:
    """What was decided, in a few lines."""
    before, after = m.text[max(0, m.start_offset - 50) : m.start_offset], m.text[m.end_offset : m.end_offset + 50]
    lines = [
        f"mention {m.mention_id} in {m.field} of article {m.article_id}, content {m.content_id}",
        f"  … {before}[{m.surface}]{after} …".replace("\n", " "),
    ]
    if m.place_id is None:
        return [*lines, f"unresolved ({m.method}); role {m.role}; could be:"]
    lines.append(f"means {m.place} ({m.place_id}) by {m.method}, confidence {m.confidence:.2f}; role {m.role}")
    if m.relation:
        off = " ".join(
            filter(
                None,
                (
                    f"{m.relation_km:g} km" if m.relation_km else "",
                    f"bearing {m.bearing}" if m.bearing is not None else "",
                    f"and {m.other_place}" if m.other_place else "",
                ),
            )
        )
        lines.append(f"only as an anchor: {m.relation} {off}".rstrip())
    lines.append(f"  {m.lat:.4f} {m.lon:.4f}, precision {m.precision}, within {m.radius_km:g} km")
    used = f"tagger {m.tagger}, gazetteer {m.gazetteer}" + (
        f", overrides {m.override_version}" if m.override_version else ""
    )
    return [*lines, f"  {used}", "could be:"]


def _candidate(c: Any) -> str:
    where = ", ".join(filter(None, (c.feature_code, c.country_code, c.admin1_code)))
    parts = sorted(c.evidence.items(), key=lambda item: -abs(item[1]))
    evidence = "  ".join(f"{name} {value:+.2f}" for name, value in parts)
    return f"  {c.rank}. {c.name} ({c.place_id}; {where}; {c.population:,} people)  {c.score:.2f} = {evidence}"
