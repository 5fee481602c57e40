"""The texts of an article go in; its place mentions, people-words and focus come out. Pure: same in, same out.

Every mention keeps its other candidates with what spoke for them. A mention whose best candidate is not sure enough
stays, without a place: an analyst sees that a name stood there and what it could have been.
"""

from __future__ import annotations

from collections.abc import Mapping

from etl.geo.accept import Model, accept, fitted
from etl.geo.focus import focus
from etl.geo.groups import Group, group
from etl.geo.lexicon import Entry, Gazetteer, unit_key
from etl.geo.precision import precision_of
from etl.geo.propose import Span
from etl.geo.resolve import Choice, resolve
from etl.geo.roles import role_of
from etl.geo.tokens import words_of
from etl.records import Candidate, Demonym, Mention, NameKind, Tagged, TextField

TAGGER = "gazetteer-1"  # raise it when tagging changes what it says
SURE_ENOUGH = 0.3  # a best candidate less likely than this is not named
_MOST_OPTIONS = 40
_KEPT = 5
_MOST_CHARACTERS = 200_000  # of one field; what is longer is tagged up to here


def tag(
    text_by_field: Mapping[TextField, str],
    gazetteer: Gazetteer,
    *,
    home_region: str | None = None,
    language: str | None = None,
    model: Model | None = None,
) -> Tagged:
    """Tag one article. Offsets are code points within each field's text.

    `model` is the fitted one unless another is being measured. `home_region` is the outlet's, as "US.TX" or "UA";
    `language` (ISO 639-1) changes nothing yet.
    """
    del language
    texts = {field: words_of(text[:_MOST_CHARACTERS]) for field, text in text_by_field.items()}
    field_of = {id(words): field for field, words in texts.items()}
    accepted = accept(list(texts.values()), gazetteer, model or fitted(), home_region)
    spans, likely = [span for span, _ in accepted], [p for _, p in accepted]
    groups = group(spans, likely, gazetteer, _MOST_OPTIONS)
    choices = resolve(groups, home_region)
    meanings = {n: (g, choice) for g, choice in zip(groups, choices, strict=True) for n in g.spans}
    mentions: list[tuple[Mention, Entry | None]] = []
    demonyms: list[Demonym] = []
    for n, span in enumerate(spans):
        field = field_of[id(span.words)]
        if _is_people_word(span):
            demonyms.append(_demonym(field, span, *meanings[n]))
        else:
            mentions.append(_mention(field, span, likely[n], *meanings[n]))
    resolved = [(mention, entry) for mention, entry in mentions if entry is not None]
    return Tagged(
        mentions=tuple(mention for mention, _ in mentions),
        demonyms=tuple(demonyms),
        focus=focus(resolved, lambda c: _unit(gazetteer, c), lambda c, a: _unit(gazetteer, c, a)),
    )


def _is_people_word(span: Span) -> bool:
    return all(kind is NameKind.DEMONYM for _, kind in span.handles)


def _mention(field: TextField, span: Span, likely: float, group: Group, choice: Choice) -> tuple[Mention, Entry | None]:
    best = choice.order[0]
    entry = group.options[best].entry if choice.probabilities[best] >= SURE_ENOUGH else None
    sure = choice.probabilities[best] if entry else 1.0
    mention = Mention(
        field=field,
        start=span.start,
        end=span.end,
        surface=span.surface,
        role=role_of(span, entry),
        place_id=entry.place_id if entry else None,
        lat=entry.lat if entry else None,
        lon=entry.lon if entry else None,
        country_code=(entry.country or None) if entry else None,
        precision=precision_of(entry) if entry else None,
        radius_km=round(entry.radius_km, 1) if entry else None,
        confidence=round(likely * sure, 4),
        method=_method(span, choice.evidence[best]) if entry else "unresolved",
        candidates=tuple(_candidate(group, choice, n) for n in choice.order[:_KEPT]),
    )
    return mention, entry


def _demonym(field: TextField, span: Span, group: Group, choice: Choice) -> Demonym:
    place_id = group.options[choice.order[0]].entry.place_id
    return Demonym(field=field, start=span.start, end=span.end, surface=span.surface, place_id=place_id)


def _candidate(group: Group, choice: Choice, n: int) -> Candidate:
    evidence = {name: round(value, 3) for name, value in choice.evidence[n].items()}
    return Candidate(place_id=group.options[n].entry.place_id, score=round(choice.scores[n], 3), evidence=evidence)


# What may decide between namesakes beyond how known they are, in the order it is looked for.
_DECIDERS = ("beside", "designator", "same_name", "holds")


def _method(span: Span, evidence: Mapping[str, float]) -> str:
    """The rule that decided: how the name was found, and what framed it."""
    rule = next((name for name in _DECIDERS if name in evidence), "context")
    return f"{span.method}+{rule}"


def _unit(gazetteer: Gazetteer, country: str, admin1: str = "") -> int | None:
    found = gazetteer.find(unit_key(country, admin1))
    return gazetteer.entry(found[0][0]).place_id if found else None
