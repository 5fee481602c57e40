"""The texts of an article go in; its place mentions, people-words and focus come out. Pure: same in, same out.

Every mention keeps its other candidates with what spoke for them. A mention whose best candidate is not sure enough
stays, without a place: an analyst sees that a name stood there and what it could have been.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from etl.geo.accept import Model, accept, fitted
from etl.geo.focus import focus
from etl.geo.fold import fold
from etl.geo.groups import Group, group
from etl.geo.lexicon import Entry, Gazetteer, unit_key
from etl.geo.lone import doubted
from etl.geo.opinion import Opinion
from etl.geo.options import Option
from etl.geo.overrides import overridden
from etl.geo.precision import precision_of
from etl.geo.propose import Span
from etl.geo.relative import relations
from etl.geo.resolve import Choice, resolve
from etl.geo.roles import role_of
from etl.geo.tokens import words_of
from etl.geo.unlisted import LIKELY, METHOD, unlisted
from etl.records import Candidate, Demonym, Mention, NameKind, Override, Relation, Tagged, TextField

TAGGER = "gazetteer-3"  # raise it when tagging changes what it says
SURE_ENOUGH = 0.3  # a best candidate less likely than this is not named
_MOST_OPTIONS = 40
_KEPT = 5
_DEMONYM = NameKind.DEMONYM
_ORDER = {field: n for n, field in enumerate(TextField)}
_MOST_CHARACTERS = 200_000  # of one field; what is longer is tagged up to here


def tag(
    text_by_field: Mapping[TextField, str],
    gazetteer: Gazetteer,
    *,
    home_region: str | None = None,
    language: str | None = None,
    day: date | None = None,
    overrides: Sequence[Override] = (),
    model: Model | None = None,
    opinion: Opinion | None = None,
) -> Tagged:
    """Tag one article. Offsets are code points within each field's text.

    `home_region` is the outlet's, as "US.TX" or "UA"; `language` is ISO 639-1. `day` is the
    article's own, against which names have their time. `overrides` are those concerning it (`overrides.concerning`).
    `model` is the fitted one unless another is being measured. `opinion` is a second reader, heard in English texts.
    """
    opinion = opinion if language in (None, "en") else None
    texts = {field: words_of(text[:_MOST_CHARACTERS]) for field, text in text_by_field.items()}
    field_of = {id(words): field for field, words in texts.items()}
    model = model or fitted(with_opinion=opinion is not None)
    accepted = accept(list(texts.values()), gazetteer, model, home_region, opinion)
    spans, likely = [span for span, _ in accepted], [p for _, p in accepted]
    groups = group(spans, likely, gazetteer, _MOST_OPTIONS)
    choices = doubted(groups, resolve(groups, home_region, day))
    meanings = {n: meaning for meaning in map(_meaning, groups, choices) for n in meaning.group.spans}
    people = [n for n, span in enumerate(spans) if _is_people_word(span)]
    named = sorted(meanings.keys() - people)
    entries = [meanings[n].entry for n in named]
    areas = relations([(spans[n], entry) for n, entry in zip(named, entries, strict=True)])
    demonyms = [_demonym(field_of[id(spans[n].words)], spans[n], meanings[n]) for n in people]
    mentions = [
        (_mention(field_of[id(spans[n].words)], spans[n], likely[n], meanings[n], areas.get(k)), entries[k])
        for k, n in enumerate(named)
    ]
    mentions += [
        (_unlisted(f, span), None)
        for f, words in texts.items()
        for span in unlisted(words, [s for s in spans if s.words is words])
    ]
    mentions.sort(key=lambda found: (_ORDER[found[0].field], found[0].start))
    if overrides:
        mentions = overridden(
            mentions, overrides, texts, {o.surface for o in overrides if gazetteer.find(fold(o.surface))}
        )
    resolved = [(mention, entry) for mention, entry in mentions if entry is not None]
    return Tagged(
        mentions=tuple(mention for mention, _ in mentions),
        demonyms=tuple(demonyms),
        focus=focus(resolved, lambda c: _unit(gazetteer, c), lambda c, a: _unit(gazetteer, c, a)),
    )


def _is_people_word(span: Span) -> bool:
    return all(kind is _DEMONYM for _, kind in span.handles)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What all mentions of a group have in common."""

    group: Group
    best: Option
    entry: Entry | None  # the best, if sure enough
    sure: float
    rule: str  # that decided
    candidates: tuple[Candidate, ...]


def _meaning(group: Group, choice: Choice) -> _Meaning:
    first = choice.order[0]
    best, sure = group.options[first], choice.probabilities[first]
    shown = [(group.options[n], choice.scores[n], choice.evidence(n)) for n in choice.order[:_KEPT]]
    return _Meaning(
        group=group,
        best=best,
        entry=best.entry if sure >= SURE_ENOUGH else None,
        sure=sure,
        rule=_rule(shown[0][2]),
        candidates=tuple([_candidate(*told) for told in shown]),
    )


def _mention(field: TextField, span: Span, likely: float, meaning: _Meaning, area: Relation | None) -> Mention:
    entry = meaning.entry
    place = _meant(entry, area) if entry else {}
    return Mention(
        field=field,
        start=span.start,
        end=span.end,
        surface=span.surface,
        role=role_of(span, entry),
        **(_NOWHERE | place),
        confidence=round(likely * (meaning.sure if entry else 1.0), 4),
        method=f"{span.method}+{meaning.rule}" if entry else "unresolved",
        relation=area,
        candidates=meaning.candidates,
    )


def _unlisted(field: TextField, span: Span) -> Mention:
    """A place the text calls one, and the gazetteer lacks."""
    return Mention(
        field=field,
        start=span.start,
        end=span.end,
        surface=span.surface,
        role=role_of(span, None),
        **_NOWHERE,
        confidence=LIKELY,
        method=METHOD,
    )


_NOWHERE: dict[str, Any] = dict.fromkeys(("place_id", "lat", "lon", "country_code", "precision", "radius_km"))


def _meant(entry: Entry, area: Relation | None) -> dict[str, Any]:
    """The place named, and the point of what is meant: another one where the place only anchors it."""
    return {
        "place_id": entry.place_id,
        "lat": area.lat if area else entry.lat,
        "lon": area.lon if area else entry.lon,
        "country_code": entry.country or None,
        "precision": area.precision if area else precision_of(entry),
        "radius_km": area.radius_km if area else round(entry.radius_km, 1),
    }


def _demonym(field: TextField, span: Span, meaning: _Meaning) -> Demonym:
    place_id = meaning.best.entry.place_id
    return Demonym(field=field, start=span.start, end=span.end, surface=span.surface, place_id=place_id)


def _candidate(option: Option, score: float, evidence: Mapping[str, float]) -> Candidate:
    rounded = {name: round(value, 3) for name, value in evidence.items()}
    return Candidate(place_id=option.entry.place_id, score=round(score, 3), evidence=rounded)


# What may decide between namesakes beyond how known they are, in the order it is looked for.
_DECIDERS = ("beside", "designator", "same_name", "holds", "in_county", "county")


def _rule(evidence: Mapping[str, float]) -> str:
    """What framed the name, and so decided."""
    rule = next((name for name in _DECIDERS if name in evidence), "context")
    return rule + ("+former_name" if "former_name" in evidence else "")


def _unit(gazetteer: Gazetteer, country: str, admin1: str = "") -> int | None:
    found = gazetteer.find(unit_key(country, admin1))
    return gazetteer.entry(found[0][0]).place_id if found else None
