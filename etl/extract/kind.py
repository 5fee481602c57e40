"""What a page is, told from its address, its statements and its text: an article, or why not.

Theory. A false alarm loses an article and a miss lets in a page of teasers, which later stages take for a copy of
everything; so each rule needs two witnesses unless one is beyond doubt. A page that states itself an article (JSON-LD
article node that is this page, og:type article) is one unless its address is the root. Else: the root or an index
address (tag, category, author, search, page/2) with text that is mostly links or many short pieces; a login or error
page by its title or form, with little text.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from etl.errors import Reason
from etl.extract.node import INDEX_TYPES
from etl.markup import Node, Signals

_ROOT = re.compile(
    r"^/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|default|home|homepage)(?:\.\w{2,5})?)?/?$", re.IGNORECASE
)
_INDEX = re.compile(
    r"/(?:tags?|topics?|themen?|themes?|tema|temas|categor(?:y|ies|ie|ia)|sections?|rubri(?:c|k|que|ka)s?|authors?|autor(?:es|en)?|"
    r"search|suche|archives?|latest|page/\d+|feed|rss|sitemap|newsletters?)(?:/[^/]*){0,2}/?$",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?:^|/)(?:log-?in|sign-?in|sign-?up|register|registration|account|anmelden|connexion|auth|sso)(?:[/.?]|$)",
    re.IGNORECASE,
)
_LOGIN_TITLE = re.compile(
    r"^\W*(?:log ?in|sign ?in|sign ?up|register|anmelden|einloggen|connexion|se connecter|iniciar sesi[oó]n|accedi|"
    r"вход|увійти)\b",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(
    r"\b(?:404|403|500|502|503)\b.*\b(?:error|not found|forbidden|unavailable|page)\b|"
    r"\b(?:page|file|article|content)\s+(?:was\s+|could\s+)?(?:not|no longer|cannot)\b.*\b(?:found|available|exist)\b|"
    r"^\W*(?:404|403|error\s+\d{3}|not found|access denied|forbidden|service unavailable|just a moment|"
    r"attention required)\W*(?:$|[|\-–—])|"
    r"\b(?:seite nicht gefunden|page introuvable|p[aá]gina no encontrada|pagina non trovata|"
    r"страница не найдена|сторінку не знайдено)\b",
    re.IGNORECASE,
)
_LITTLE = 1_200  # characters
_MUCH = 2_000  # of connected text, more than teasers come to
_SENTENCE = re.compile(r"[.!?…。！？।؟]")


def why_not_article(
    signals: Signals, node: Node | None, url: str | None, paragraphs: list[str]
) -> tuple[Reason, str] | None:
    """The reason and one line for a person on why the page is no article; None where it is one."""
    path = unquote(urlsplit(url).path) if url else "/-"
    size = sum(map(len, paragraphs))
    heading = " | ".join(filter(None, (signals.title_tag, *signals.headings[:1])))
    if size < _LITTLE and (
        _ERROR_TITLE.search(signals.title_tag or "") or any(map(_ERROR_TITLE.search, signals.headings[:1]))
    ):
        return Reason.ERROR_PAGE, heading[:80]
    if size < _LITTLE and _is_login(signals, path):
        return Reason.LOGIN_PAGE, heading[:80] or path
    if url and _ROOT.match(path) and not urlsplit(url).query:
        return Reason.HOME_PAGE, path
    if node is None and _is_index(signals, path) and not _reads_on(paragraphs):
        return Reason.INDEX_PAGE, path[:80]
    if _is_video(signals) and size < _LITTLE:
        return Reason.VIDEO_PAGE, heading[:80]
    return None


def _is_video(signals: Signals) -> bool:
    """Whether the page says it is a video, by og:type, and by its data or a player, and states no article."""
    is_typed = (signals.first("og:type") or "").lower().startswith("video")
    types = {t for n in signals.nodes if n.depth == 0 for t in n.types}
    return is_typed and ("VideoObject" in types or bool(signals.first("og:video", "og:video:url", "twitter:player")))


def _is_login(signals: Signals, path: str) -> bool:
    titles = (signals.title_tag or "", *signals.headings[:1])
    return (
        bool(_LOGIN.search(path)) + any(bool(_LOGIN_TITLE.search(t)) for t in titles) + signals.has_password_field >= 2
    )


def _is_index(signals: Signals, path: str) -> bool:
    types = {t for n in signals.nodes for t in n.types if n.depth == 0}
    return bool(_INDEX.search(path)) or bool(types & INDEX_TYPES)


def _reads_on(paragraphs: list[str]) -> bool:
    """Whether it reads as connected text: several paragraphs of two sentences, most of the text in them."""
    long = [p for p in paragraphs if len(p) > 140 and len(_SENTENCE.findall(p)) >= 2]
    size = sum(map(len, long))
    return len(long) >= 3 and (size > 0.6 * sum(map(len, paragraphs)) or size > _MUCH)
