"""A warehouse told line by line: outlets, places, articles with the places they name, copies, stories, edits.

Articles are written by `etl.warehouse.articles` and tagged by `etl.warehouse.taggings`, as jobs do it; what
deduplication would find is written as rows, so that a test can say what it wants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from etl.records import (
    Article,
    Dated,
    DateOrigin,
    DatePrecision,
    Mention,
    Relation,
    RelationKind,
    Role,
    Source,
    SourceKind,
    Tagged,
    TextField,
)
from etl.warehouse import articles, sources, taggings
from etl.warehouse.articles import Extracted
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.warehouse.factory import make_capture, make_run

# place_id → name, country, admin 1, latitude, longitude, population
PLACES = {
    1: ("Sloviansk", "UA", "05", 48.853, 37.605, 124000),
    2: ("Kramatorsk", "UA", "05", 48.723, 37.556, 157000),
    3: ("Lysychansk", "UA", "14", 48.905, 38.442, 98000),
    4: ("Sievierodonetsk", "UA", "14", 48.948, 38.490, 101000),
    5: ("Kyiv", "UA", "12", 50.450, 30.524, 2797000),
    6: ("Springfield", "US", "IL", 39.802, -89.644, 117000),
    7: ("Springfield", "US", "MO", 37.215, -93.298, 166000),
    8: ("Ukraine", "UA", None, 49.0, 32.0, 44000000),
}


@dataclass(frozen=True)
class Named:
    """A place a text names."""

    place_id: int | None
    role: Role = Role.EVENT
    precision: int = 1
    confidence: float = 0.9
    relation: Relation | None = None


@dataclass
class Newsroom:
    """The hand that writes."""

    db: Warehouse
    run_id: int = 0
    source_ids: dict[str, int] = field(default_factory=dict)
    article_ids: dict[str, int] = field(default_factory=dict)
    content_ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.run_id = make_run(self.db)
        self.do(
            "INSERT INTO geo.gazetteer (version, places, names, loaded_at, is_current)"
            " VALUES ('made', 8, 0, %s, true)", NOW,
        )  # fmt: skip
        for place_id, (name, country, admin1, lat, lon, population) in PLACES.items():
            level = ("A", "PCLI") if admin1 is None else ("P", "PPL")
            self.do(
                "INSERT INTO geo.place VALUES (%s, %s, %s, %s, %s, %s, NULL, %s, %s, %s, 5, 1)",
                place_id, name, *level, country, admin1, lat, lon, population,
            )  # fmt: skip
        self.do("INSERT INTO geo.place_name VALUES (1, 'Слов’янськ', 'alias', 'uk', NULL, NULL)")

    def do(self, statement: str, *values: object) -> None:
        with self.db.connection.cursor() as cursor:
            cursor.execute(statement, values or None)

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with self.db.connection.cursor() as cursor:
            cursor.execute(question, values or None)
            return cursor.fetchall()

    def source(self, name: str, *, outlet: str | None = None, owner: str | None = None) -> None:
        made = Source(
            name=name,
            kind=SourceKind.FEED,
            url=f"https://{name}.example/feed",
            outlet=outlet or name.title(),
            owner=owner,
        )
        sources.synchronise(self.db, [made], at=NOW, is_whole=False)
        self.source_ids[name] = next(s.source_id for s in sources.stored(self.db) if s.source.name == name)

    def article(
        self,
        key: str,
        source: str,
        published: str | None,
        title: str,
        body: str = "Something happened.",
        *,
        places: Sequence[Named] = (),
        observed: datetime | None = None,
        language: str = "en",
        precision: DatePrecision = DatePrecision.INSTANT,
        at: datetime = NOW,
    ) -> int:
        """Keep one state of an article and tag it; a key told before is a further state of the same."""
        published_at = datetime.fromisoformat(published + "+00:00") if published else None
        observed_at = observed or (published_at + timedelta(hours=1) if published_at else NOW)
        capture = make_capture(
            self.db, self.run_id, self.source_ids[source], f"{key}{title}{body}".encode(), observed_at
        )
        made = Article(
            title=title, standfirst=None, body=body, captions=(), authors=(),
            published=Dated(published_at, precision, DateOrigin.META) if published_at else None,
            modified=None, language_code=language, language_confidence=0.99, canonical_url=None, extractor="made",
        )  # fmt: skip
        with self.db.transaction():
            extracted = Extracted(capture=capture, article=made, keys=(f"https://{source}.example/{key}",))
            articles.keep(self.db, self.run_id, [extracted], code_version="0", at=at)
        [(article_id, content_id)] = self.ask(
            "SELECT article_id, max(content_id) FROM news.article_key JOIN news.content USING (article_id)"
            " WHERE article_key = %s GROUP BY 1", f"https://{source}.example/{key}",
        )  # fmt: skip
        self.article_ids[key], self.content_ids[key] = article_id, content_id
        self.tag(content_id, places, at=at)
        return int(article_id)

    def tag(self, content_id: int, places: Sequence[Named], *, tagger: str = "made 1", at: datetime = NOW) -> None:
        tagged = Tagged(mentions=tuple(_mention(n, one) for n, one in enumerate(places)), demonyms=(), focus=())
        with self.db.transaction():
            taggings.keep(
                self.db, self.run_id, {content_id: tagged}, tagger=tagger, gazetteer_id=1, override_versions={}, at=at
            )

    def copy(self, copy: str, origin: str, *, kind: str = "near", similarity: float = 0.9) -> None:
        a, b = self.article_ids[copy], self.article_ids[origin]
        self.do(
            "INSERT INTO news.copy_of VALUES (%s, %s, %s, %s, %s, 'made', %s, tstzrange(%s, NULL))",
            a, b, b, kind, similarity, self.run_id, NOW,
        )  # fmt: skip

    def story(self, *keys: str) -> int:
        [(story_id,)] = self.ask("INSERT INTO news.story (created_at) VALUES (%s) RETURNING story_id", NOW)
        for key in keys:
            self.do(
                "INSERT INTO news.story_article VALUES (%s, %s, %s, tstzrange(%s, NULL))",
                story_id, self.article_ids[key], self.run_id, NOW,
            )  # fmt: skip
        return int(story_id)

    def upstream(self, key: str, name: str) -> None:
        self.do(
            "INSERT INTO news.upstream"
            " VALUES (%s, %s, 'institution', 'body', 0, 1, 'S', 'made', %s, tstzrange(%s, NULL))",
            self.content_ids[key], name, self.run_id, NOW,
        )  # fmt: skip


def south_of(km: float, place_id: int) -> Relation:
    """So many km south of a place."""
    lat, lon = PLACES[place_id][3:5]
    return Relation(
        kind=RelationKind.OFFSET, lat=lat - km / 111.2, lon=lon, radius_km=10, precision=2, distance_km=km, bearing=180
    )


def _mention(n: int, named: Named) -> Mention:
    place = PLACES.get(named.place_id) if named.place_id else None
    r = named.relation
    return Mention(
        field=TextField.BODY, start=n, end=n + 1, surface="S", role=named.role, place_id=named.place_id,
        lat=r.lat if r else place[3] if place else None, lon=r.lon if r else place[4] if place else None,
        country_code=place[1] if place else None, precision=(r.precision if r else named.precision) if place else None,
        radius_km=5 if place else None, confidence=named.confidence, method="made", relation=r,
    )  # fmt: skip
