"""A correction holds through reprocessing: the texts it concerns are tagged anew, no other, and once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from etl import jobs
from etl.errors import SettingError
from etl.jobs import Job, corrections
from etl.jobs.corrections import Asked
from etl.warehouse import overrides
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW

Begin = Callable[..., Job]
TEXT = "Police closed a road in Zagreb on Friday, twenty km south of Freiburg. Zagreb was quiet."
CONTENT = """
INSERT INTO news.article (source_id, first_observed_at, run_id, created_at)
SELECT s.source_id, %(at)s, %(run_id)s, %(at)s FROM (SELECT min(source_id) AS source_id FROM ops.source) s;
INSERT INTO news.content (article_id, content_hash, title, body, authors, extractor, code_version, run_id, created_at)
SELECT a.article_id, sha256(b::bytea), NULL, b, '{}', 'x', 't', a.run_id, %(at)s
FROM news.article a, unnest(%(bodies)s) b;
INSERT INTO ops.work (stage, item_key, source_id, payload, queued_by, queued_at)
SELECT 'geotag', 'content:' || c.content_id, a.source_id, '{}', c.run_id, %(at)s - interval '1 day'
FROM news.content c JOIN news.article a USING (article_id);
"""


def rows(db: Warehouse, question: str) -> list[tuple[object, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


MEANT = """
SELECT m.surface, m.place_id, m.method FROM news.mention m JOIN news.tagging t USING (tagging_id)
WHERE upper_inf(t.recorded) ORDER BY t.content_id, m.start_offset
"""


@pytest.fixture
def tagged(begin: Begin) -> Job:
    """Two texts, tagged: one with two Zagrebs, one without."""
    job = begin()
    with job.db.connection.cursor() as cursor:
        cursor.execute(CONTENT, {"at": NOW, "run_id": job.run_id, "bodies": [TEXT, "A fire broke out in Freiburg."]})
    assert jobs.geotag(job).kept == 2
    return job


def ask(job: Job, **what: object) -> corrections.Noted:
    asked = Asked(**({"name": None, "mention_id": None, "place_id": None, "note": "we know"} | what))  # type: ignore[arg-type]
    return corrections.add(job.db, asked, code_version="t", at=NOW)


def test_a_relative_place_is_kept_with_its_anchor(tagged: Job) -> None:
    found = rows(
        tagged.db,
        "SELECT surface, relation, relation_km, bearing, precision FROM news.mention WHERE relation IS NOT NULL",
    )
    assert found == [("Freiburg", "offset", 20.0, 180, 2)]


def test_a_correction_is_the_last_word_and_leaves_other_texts_alone(tagged: Job, begin: Begin) -> None:
    before = rows(tagged.db, "SELECT content_id, tagging_id FROM news.tagging ORDER BY 1")
    noted = ask(tagged, name="Zagreb", place_id=3882428)
    assert (noted.contents, noted.conflict) == (1, None)
    assert jobs.geotag(begin()).kept == 1
    assert rows(tagged.db, MEANT)[0] == ("Zagreb", 3882428, "override")
    now = rows(tagged.db, "SELECT content_id, override_version FROM news.tagging WHERE upper_inf(recorded) ORDER BY 1")
    assert [version for _, version in now] == [str(noted.override_id), None]
    assert rows(tagged.db, "SELECT content_id, tagging_id FROM news.tagging WHERE tagging_id <= 2 ORDER BY 1") == before
    assert ask(tagged, name="Zagreb", place_id=3882428).override_id == noted.override_id  # said twice is said once


def test_one_mention_and_back(tagged: Job, begin: Begin) -> None:
    (first,), *_ = rows(tagged.db, "SELECT mention_id FROM news.mention WHERE surface = 'Zagreb' ORDER BY start_offset")
    noted = ask(tagged, mention_id=first)
    jobs.geotag(begin())
    assert [m for m in rows(tagged.db, MEANT) if m[0] == "Zagreb"] == [("Zagreb", 3186886, "name+context")]
    assert corrections.end(tagged.db, noted.override_id, code_version="t", at=NOW + timedelta(hours=1)) == 1
    jobs.geotag(begin())
    assert len([m for m in rows(tagged.db, MEANT) if m[0] == "Zagreb"]) == 2


def test_conflicts_are_said(tagged: Job) -> None:
    one, two = ask(tagged, name="Zagreb", place_id=3882428), ask(tagged, name="Zagreb")
    assert two.conflict is not None
    assert two.conflict.startswith("contradicted")
    (mention, *_), *_ = rows(tagged.db, "SELECT mention_id FROM news.mention ORDER BY 1")
    gone = ask(tagged, mention_id=mention)
    assert gone.conflict is not None  # no version holds this text now
    assert gone.conflict.startswith("text is gone")
    assert set(overrides.conflicts(tagged.db)) == {one.override_id, two.override_id, gone.override_id}


@pytest.mark.parametrize("what", [{"name": "Zagreb", "place_id": 1}, {"mention_id": 99}])
def test_what_is_not_there_is_refused(tagged: Job, what: dict[str, object]) -> None:
    with pytest.raises(SettingError):
        ask(tagged, **what)
