"""A shadow in; what would change in words: how many articles by kind, rule and outlet, the greatest as examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from etl.warehouse import shadows
from etl.warehouse.connect import Warehouse
from etl.warehouse.shadows import Shadow

_RULES = 5  # of a kind
_WORDS = {
    "text": ("texts read differently", "of the words", 100, "%"),
    "title": ("headlines read differently", "of the words", 100, "%"),
    "standfirst": ("standfirsts read differently", "of the words", 100, "%"),
    "captions": ("captions read differently", "of the words", 100, "%"),
    "authors": ("authors read differently", "of the words", 100, "%"),
    "date": ("dates of publication", "moved", 1, " days"),
    "beside": ("values beside the same text", "", 0, ""),
    "refused": ("captures that today's code takes for no article; left as they are", "", 0, ""),
    "unread": ("captures that cannot be read again; left as they are", "", 0, ""),
    "mention_added": ("mentions added", "confidence", 1, ""),
    "mention_removed": ("mentions removed", "confidence", 1, ""),
    "mention_moved": ("mentions that mean another place", "moved", 1, " km"),
    "mention_role": ("mentions in another role", "", 0, ""),
    "evidence": ("only evidence, people-words or focus differ", "mentions", 1, ""),
    "copy_added": ("copies recognised", "similarity", 1, ""),
    "copy_removed": ("no copies any more", "similarity", 1, ""),
    "copy_regrouped": ("copies of another origin", "similarity", 1, ""),
    "copy_retold": ("copies of another kind, likeness or rule", "similarity", 1, ""),
    "story_joined": ("articles that enter a story", "", 0, ""),
    "story_left": ("articles that leave a story", "", 0, ""),
    "story_moved": ("articles that change their story", "", 0, ""),
    "edit_added": ("edits told", "", 0, ""),
    "edit_removed": ("edits taken back", "", 0, ""),
    "override_lost": ("corrections that find nothing to apply to", "", 0, ""),
}


def document(db: Warehouse, reprocess_id: int, *, examples: int = 3) -> dict[str, Any]:
    """The report as plain values. Raises ReprocessRefused where there is no such shadow."""
    shadow = shadows.find(db, reprocess_id)
    counts = [r._asdict() for r in db.rows("count_differences", reprocess_id=reprocess_id)]
    shown = [r._asdict() for r in db.rows("examples_of_differences", reprocess_id=reprocess_id, most=examples)]
    articles = {r.kind: r.articles for r in db.rows("articles_differing", reprocess_id=reprocess_id)}
    about = {name: getattr(shadow, name) for name in Shadow.__slots__}
    return {"shadow": about, "articles": articles, "differences": counts, "examples": shown}


def told(report: dict[str, Any]) -> Iterator[str]:
    """The report in lines."""
    about = report["shadow"]
    yield heading(about)
    if not report["articles"]:
        yield "No difference: today's code makes of these captures what is held."
    for kind in sorted(report["articles"], key=list(_WORDS).index):
        yield from _kind(kind, report)


def heading(about: dict[str, Any]) -> str:
    """One shadow in a line."""
    source = f" of {about['source_name']}" if about["source_name"] else ""
    waits = f", {about['waiting']} still to be read" if about["waiting"] else ""
    alone = f", {about['left_alone']} left alone" if about["left_alone"] else ""
    return (
        f"{about['reprocess_id']}: {about['start_at']:%Y-%m-%d %H:%M} to {about['end_at']:%Y-%m-%d %H:%M}{source},"
        f" {'+'.join(about['what'])}, code {about['code_version']}: {about['state']};"
        f" {about['articles']} articles, {about['captures']} captures read, {about['differing']} articles differ"
        f"{waits}{alone}"
    )


def _kind(kind: str, report: dict[str, Any]) -> Iterator[str]:
    words, measure, scale, unit = _WORDS[kind]
    rows = [r for r in report["differences"] if r["kind"] == kind]
    yield f"\n{sum(r['n'] for r in rows):>8,} {words} ({report['articles'][kind]:,} articles)"
    for r in rows[:_RULES]:
        by = ", ".join(filter(None, (r["rule"], r["outlet"])))
        mean = f"; {measure} {r['mean'] * scale:.3g}{unit} on average" if scale and r["mean"] is not None else ""
        yield f"{r['n']:>12,} by {by or 'no rule'}{mean}"
    if len(rows) > _RULES:
        yield f"             and {len(rows) - _RULES} other rules or outlets"
    for e in report["examples"]:
        if e["kind"] == kind:
            amount = f" ({e['amount'] * scale:.3g}{unit})" if scale and e["amount"] is not None else ""
            yield f"             e.g. {e['url'] or '-'}{amount}"
            yield from (
                f"               {mark} {_line(e[side])}" for mark, side in (("-", "before"), ("+", "after")) if e[side]
            )


def _line(text: str) -> str:
    return " ".join(text.split())[:160]
