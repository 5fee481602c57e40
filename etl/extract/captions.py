"""Paragraphs in, picture captions told apart from body text out.

Theory. In a page a caption is what <figcaption> holds, and is taken from the tree before the body is read. In a plain
text nothing marks it but its form: one short line that ends in a credit, either in brackets ("[Source: x]",
"(Photo: y)", "(AP Photo/z)") or as its last sentence ("Photo: y", "Image credit: z"). A credit word with the name of
a rights holder after it makes a caption of the line; a sentence that merely speaks of a photo or cites a source in
passing does not, because its credit is not at the end or is not set apart.
Chosen not to do: taking short lines without a credit for captions.
"""

from __future__ import annotations

import re

_MAX = 400  # characters; longer paragraphs are text whatever ends them

_WORDS = (
    r"(?:sources?|photos?|photographs?|pictures?|images?|credits?|graphics?|maps?|illustrations?|videos?|screenshots?|"
    r"courtesy|foto|fotos|bild|quelle|cr[eé]dit|fuente|imagen|immagine|fonte|фото|источник|джерело|図|写真|图)"
)
_CREDIT = rf"{_WORDS}(?:\s+(?:credits?|source|by|courtesy(?:\s+of)?))?"
_BRACKETED = re.compile(
    rf"[\[(（【]\s*(?:{_CREDIT}\s*[:：/]\s*[^\[\]()（）【】]{{2,100}}|(?:courtesy|photo|image|picture)\s+(?:of|by)\s+[^\[\]()]{{2,80}}"
    rf"|[A-Z][\w.]*(?:\s[A-Z][\w.]*)?\s+(?:Photo|Image|Picture)s?(?:/[^\[\]()]{{2,80}})?)\s*[\])）】]\s*[.。]?\s*$",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    rf"(?:^|[.!?…\"”»|]\s+){_CREDIT}\s*[:：]\s*[^.!?:]{{2,80}}(?:\.\w{{2,4}}[^.!?:]{{0,20}})?\.?\s*$", re.IGNORECASE
)


def is_caption(paragraph: str) -> bool:
    """Whether one line of a text is a picture's caption."""
    line = paragraph.strip()
    if not line or len(line) > _MAX or "\n" in line:
        return False
    return bool(_BRACKETED.search(line) or _TRAILING.search(line))


def parted(paragraphs: list[str]) -> tuple[list[str], list[str]]:
    """(body, captions), each in order. A text that would be all captions stays a text."""
    captions = [p for p in paragraphs if is_caption(p)]
    if len(captions) == len(paragraphs):
        return paragraphs, []
    return [p for p in paragraphs if not is_caption(p)], captions
