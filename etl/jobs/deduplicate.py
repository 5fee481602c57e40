"""New contents in; copies, stories, named upstreams and typed edits out, decided anew for what they touch."""

from __future__ import annotations

from etl.errors import Stage
from etl.jobs.job import Job
from etl.records import Counts
from etl.warehouse import copies, edits, lines, stories, taggings, work
from etl.warehouse.fingerprints import Comparable
from etl.warehouse.taggings import StoredContent

_BATCH = 500


def deduplicate(job: Job) -> Counts:
    """Compare whatever waits; answers the tally."""
    total = Counts()
    with job.holder(Stage.DEDUPLICATE) as holder:
        while True:
            with holder.claim(_BATCH) as items:
                if not items:
                    break
                total += _batch(job, holder, items)
    stories.settle(job.db, run_id=job.run_id, at=job.clock())
    edits.settle(job.db, run_id=job.run_id, clock=job.clock)
    return total


def _batch(job: Job, holder: work.Holder, items: list[work.Item]) -> Counts:
    done = work.poisoned(Stage.DEDUPLICATE, items)
    given_up = {d.item.work_id for d in done}
    item_of = {int(i.key.removeprefix("content:")): i for i in items if i.work_id not in given_up}
    contents = taggings.load(job.db, sorted(item_of))
    named = lines.read({i: {"title": c.title, "standfirst": c.standfirst, "body": c.body} for i, c in contents.items()})
    with job.db.transaction():
        held = holder.held(items)
        mine = [c for content_id, c in contents.items() if item_of[content_id].work_id in held]
        at = job.clock()
        copies.deduplicate(job.db, [comparable(c) for c in mine], run_id=job.run_id, at=at)
        lines.keep(job.db, [c.content_id for c in mine], named, run_id=job.run_id, at=at)
        done += [work.Done(item_of[c.content_id]) for c in mine]
        return holder.finish([d for d in done if d.item.work_id in held])


def comparable(content: StoredContent) -> Comparable:
    """What is compared of a content as held."""
    return Comparable(
        content_id=content.content_id,
        article_id=content.article_id,
        outlet=content.outlet or content.source_name,
        published_at=content.published_at,
        observed_at=content.observed_at,
        title=content.title,
        text=content.body,
    )
