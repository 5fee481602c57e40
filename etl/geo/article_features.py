"""A candidate and its article after the first look go in; what the rest of the article says of it comes out."""

from __future__ import annotations

from dataclasses import dataclass

from etl.geo.options import LEVEL_LETTER, PEOPLE_EDGES, Option, bin_of
from etl.geo.propose import Span
from etl.geo.resolve import WEIGHTS


@dataclass(frozen=True, slots=True)
class ArticleView:
    """All candidates of an article after the first look."""

    of_surface: dict[str, list[tuple[Span, float]]]
    meanings: dict[int, tuple[Option, dict[str, float], float]]  # by id of the span
    count: int

    def meaning(self, span: Span) -> tuple[Option, dict[str, float], float] | None:
        """The option a span was first taken for, what spoke for it, and how surely."""
        return self.meanings.get(id(span))


def article_features(span: Span, likely: float, article: ArticleView) -> list[str]:
    """What the rest of the article says, once every candidate has a first likelihood and a first meaning."""
    own = _likely_bin(likely)
    others = [p for other, p in article.of_surface[span.surface] if other is not span]
    twin = _likely_bin(max(others)) if others else "none"
    low = _likely_bin(min(others)) if others else "none"
    best = article.meaning(span)
    found = [f"own={own}", f"twin={twin}", f"low={low}", f"own={own}|twin={twin}", f"twin={twin}|low={low}"]
    if best is None:
        return [*found, "means=none"]
    option, evidence, sure = best
    level = LEVEL_LETTER[option.entry.level]
    context = sum(
        v for k, v in evidence.items() if k in ("country", "unit", "near_50", "near_200", "near_500", "inside")
    )
    ctx = f"ctx={min(int(context * 2), 12)}"
    people = bin_of(option.entry.population, PEOPLE_EDGES)
    beside = "b" if "beside" in evidence else "h" if "holds" in evidence else "-"
    return [
        *found,
        ctx,
        f"means={level}{people}",
        f"beside={beside}",
        f"sure={int(sure * 4)}",
        f"dist={int(evidence.get('distance', 4 * WEIGHTS['distance']) / WEIGHTS['distance'])}",
        f"{ctx}|own={own}",
        f"{ctx}|means={level}{people}",
        f"beside={beside}|own={own}",
        f"means={level}{people}|own={own}",
        f"n={bin_of(article.count, (4, 10, 25, 60))}|{ctx}",
    ]


def _likely_bin(p: float) -> str:
    return str(sum(p >= edge for edge in (0.05, 0.15, 0.3, 0.45, 0.6, 0.75, 0.88, 0.95)))
