"""Pages we wrote, one oddity each, beside what must be made of them: `data/<oddity>.html` and `data/<oddity>.yaml`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from etl.extract.article import extract
from etl.records import Article, Capture, CaptureKind, Dated, DateOrigin, DatePrecision, Hints, Rejected

DATA = Path(__file__).parent / "data"
CASES = sorted(path.stem for path in DATA.glob("*.html"))
SEEN = datetime(2024, 7, 1, 12, 0, tzinfo=UTC)

# Asked of an article only where the expectation names it; the rest of the expectation has rules of its own below.
PLAIN = [
    "title",
    "standfirst",
    "authors",
    "captions",
    "canonical_url",
    "alias_urls",
    "site_name",
    "section",
    "extractor",
    "agencies",
    "credits",
    "is_paywalled",
    "refused_dates",
]


def capture(name: str, expected: dict[str, Any]) -> Capture:
    hinted = expected.get("hint_published")
    at = Dated(datetime.fromisoformat(hinted), DatePrecision.INSTANT, DateOrigin.FEED) if hinted else None
    return Capture(
        kind=CaptureKind.PAGE,
        url=expected["url"],
        observed_at=SEEN,
        media_type=expected.get("media_type", "text/html"),
        body=(DATA / f"{name}.html").read_bytes(),
        hints=Hints(published=at),
        time_zone=expected.get("time_zone", "UTC"),
    )


def stated(dated: Dated | None) -> str | None:
    if dated is None:
        return None
    return dated.at.date().isoformat() if dated.precision is DatePrecision.DAY else dated.at.isoformat()


def told(article: Article, key: str) -> Any:
    value = getattr(article, key)
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", CASES)
def test_page(name: str) -> None:
    expected = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf8"))
    result = extract(capture(name, expected))
    if "rejected" in expected:
        assert isinstance(result, Rejected)
        assert (result.reason, result.key) == (expected["rejected"], expected["url"])
        return
    assert isinstance(result, Article), result
    assert {k: told(result, k) for k in PLAIN if k in expected} == {k: expected[k] for k in PLAIN if k in expected}
    if "body" in expected:
        assert result.body.split("\n\n") == expected["body"]
    check_dates(result, expected)
    check_spans(result, expected)
    for part in expected.get("body_has", ()):
        assert part in result.body
    if "language" in expected:
        assert result.language_code == expected["language"]
        assert result.language_confidence is not None
        assert 0.5 < result.language_confidence <= 1
    if "standfirst_or_body" in expected:
        assert f"{result.standfirst}\n{result.body}".count(expected["standfirst_or_body"]) == 1


def check_dates(article: Article, expected: dict[str, Any]) -> None:
    published = article.published
    for key in ("published", "modified"):
        if key in expected:
            assert stated(getattr(article, key)) == expected[key]
    if "precision" in expected:
        assert published
        assert published.precision == expected["precision"]
    if "origin" in expected:
        assert published
        assert published.origin == expected["origin"]
    if "origin_not" in expected:
        assert not published or published.origin != expected["origin_not"]


def check_spans(article: Article, expected: dict[str, Any]) -> None:
    """Offsets are code points of the stored body."""
    if "dateline" in expected:
        assert article.dateline
        assert article.body[article.dateline.start : article.dateline.end] == expected["dateline"]
    if "quotes" in expected:
        assert [article.body[start:end] for start, end in article.quotes] == expected["quotes"]
    if "image" in expected:
        assert [image.url for image in article.images] == [expected["image"]]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 40
    assert {path.stem for path in DATA.glob("*.yaml")} == set(CASES)
