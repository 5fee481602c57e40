"""A page's statements and its text in, whether it is behind a paywall out, and whether what it shows is a mere stub.

Theory. Publishers tell search engines that a page is not free (isAccessibleForFree) and often send its whole text all
the same: such an article is kept and flagged. A stub is a page that says so, or ends in an offer to subscribe, and
shows next to nothing. A short text alone is no stub, for news in brief is short; nor is an offer below a long text.
"""

from __future__ import annotations

import re

from etl.markup import Signals

_LITTLE = 500  # characters of a stub that says it is not free
_OFFERED = 800  # of one that ends in an offer
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORTH = 2  # letters more that a character of Chinese, Japanese or Korean is worth
_TAIL = 2  # last paragraphs
# Offers as pages end in them, in the languages news is most read in.
_OFFER = re.compile(
    r"\b(?:subscribe|sign up|log ?in|register)\b.{0,30}\b"
    r"(?:to (?:read|continue|unlock|keep reading)|for (?:full )?access)\b|"
    r"\b(?:already|not yet) a subscriber\b|"
    r"\bthis (?:article|story|content) is (?:only )?(?:for|available to) subscribers\b|"
    r"\bjetzt (?:weiterlesen|abonnieren)\b|\bweiterlesen mit\b|\bréservée? (?:à nos|aux) abonnés\b|"
    r"\b(?:solo|exclusivo) para suscriptores\b|\bper gli abbonati\b|\bconteúdo exclusivo para assinantes\b|"
    r"\btylko dla subskrybentów\b|доступн\w+ (?:только )?(?:по подписке|подписчикам|за передплатою)|"
    r"للمشتركين فقط|有料会員(?:限定|登録)|会員限定|订阅后(?:阅读|继续)|付费(?:阅读|会员)",
    re.IGNORECASE,
)


def is_paywalled(signals: Signals) -> bool:
    """Whether the page says that it is not free."""
    stated = [n.properties.get("isAccessibleForFree") for n in signals.nodes if n.depth == 0]
    return any(s is False or str(s).strip().lower() in ("false", "no") for s in stated if s is not None)


def why_stub(signals: Signals, paragraphs: list[str]) -> str | None:
    """One line on why the page is a stub; None where it is an article."""
    size = sum(len(p) + _WORTH * len(_DENSE.findall(p)) for p in paragraphs)
    if is_paywalled(signals) and size < _LITTLE:
        return f"says it is not free and shows {size} characters"
    offer = next((p for p in paragraphs[-_TAIL:] if len(p) < 300 and _OFFER.search(p)), None)
    return f"{size} characters and an offer: {offer[:80]}" if offer and size < _OFFERED else None
