"""Contents in, places out: each text is scanned against the compiled gazetteer, and a batch is written at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etl.errors import Stage
from etl.geo import lexicon, neural
from etl.geo.opinion import Opinion
from etl.geo.overrides import concerning, version_of
from etl.geo.tag import TAGGER, tag
from etl.jobs.job import Job
from etl.jobs.lookup import lookup
from etl.records import Counts, Override, Tagged, TextField
from etl.settings import Settings
from etl.warehouse import overrides, taggings, work
from etl.warehouse.taggings import StoredContent

_BATCH = 100


def geotag(job: Job) -> Counts:
    """Tag whatever waits; answers the tally."""
    total = Counts()
    held, path = lookup(job.db, job.settings.home)
    with job.holder(Stage.GEOTAG) as holder, lexicon.Lexicon.open(path) as look_up:
        while True:
            with holder.claim(_BATCH) as items:
                if not items:
                    return total
                total += _batch(job, holder, items, look_up, held.gazetteer_id)


def _batch(
    job: Job, holder: work.Holder, items: list[work.Item], look_up: lexicon.Gazetteer, gazetteer_id: int
) -> Counts:
    done = work.poisoned(Stage.GEOTAG, items)
    given_up = {d.item.work_id for d in done}
    item_of = {int(i.key.removeprefix("content:")): i for i in items if i.work_id not in given_up}
    contents = taggings.load(job.db, sorted(item_of))
    held_overrides = overrides.active(job.db)
    mine = {c: concerned(content, held_overrides) for c, content in contents.items()}
    opinion = neural.entities if job.settings.is_spacy_heard else None
    tagged = {c: tagged_anew(content, look_up, mine[c], opinion) for c, content in contents.items()}
    with job.db.transaction():
        held = holder.held(items)
        tagged = {c: t for c, t in tagged.items() if item_of[c].work_id in held}
        versions = {c: version for c in tagged if (version := version_of(mine[c]))}
        taggings.keep(
            job.db,
            job.run_id,
            tagged,
            tagger=tagger_of(job.settings),
            gazetteer_id=gazetteer_id,
            override_versions=versions,
            at=job.clock(),
        )
        done += [work.Done(item_of[c]) for c in tagged]
        return holder.finish([d for d in done if d.item.work_id in held])


def concerned(content: StoredContent, held: Sequence[Override]) -> list[Override]:
    """The corrections that a content has to follow."""
    outlets = {content.outlet, content.source_name}
    return concerning(held, texts(content), outlets=outlets, language=content.language_code)


def tagger_of(settings: Settings) -> str:
    """What tagging is called in the warehouse: which code, and which second reader if one is heard."""
    return f"{TAGGER}+{neural.name()}" if settings.is_spacy_heard else TAGGER


def tagged_anew(
    content: StoredContent, look_up: lexicon.Gazetteer, mine: Sequence[Override], opinion: Opinion | None = None
) -> Tagged:
    """The places of a content, with the corrections that concern it."""
    return tag(
        texts(content),
        look_up,
        home_region=content.home_region,
        language=content.language_code,
        day=(content.published_at or content.observed_at).date(),
        overrides=mine,
        opinion=opinion,
    )


def texts(content: StoredContent) -> Mapping[TextField, str]:
    """The parts of a content that are tagged."""
    parts = {
        TextField.TITLE: content.title,
        TextField.STANDFIRST: content.standfirst,
        TextField.BODY: content.body,
        TextField.CAPTION: content.captions,
    }
    return {field: text for field, text in parts.items() if text}
