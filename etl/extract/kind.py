"""What a page is, told from its address, its statements and its text: an article, or why not.

Theory. A false alarm loses an article and a miss lets in a page of teasers, which later stages take for a copy of
everything; so each rule needs two witnesses unless one is beyond doubt. A page that states itself an article (JSON-LD
article node that is this page, og:type article) is one unless its address is the root. Else: the root or an index
address (tag, category, author, search, page/2) with text that is mostly links or many short pieces; a login or error
page by its title or form, with little text. A live blog whose posts stand on its page is an article; the list of live
blogs is none: an address that ends in "live" and has no slug, and text that does not read on. A gallery is an article
where more than captions is said; without text it says so by its data, or by its address and its number of pictures.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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
# Where live coverage is listed, in the languages of most of what we read; the last part of the address.
_LIVE = re.compile(
    r"/(?:live|live-?(?:blogs?|updates?|news|coverage|tv|stream|ticker)|liveticker|ticker|en-direct|directs?|en-vivo|"
    r"directos?|in-diretta|dirette|ao-vivo|na-zywo|onlayn|online|прямой-эфир)(?:\.\w{2,5})?/?$",
    re.IGNORECASE,
)
_SLUG = re.compile(r"\d{4}|[^/-]+-[^/-]+-[^/-]+-[^/-]+")  # an article's: a long number, four words
_GALLERY = re.compile(
    r"/(?:photo-?|image-?|picture-?)?(?:galler(?:y|ies)|photos|pictures|slideshows?|fotos?|fotostrecken?|bildergalerien?|"
    r"fotogaler(?:ie|ia|ías?)|galer(?:ie|ia|ias|ía|ías)|diaporamas?|fotogallery|fotoreport\w*|photoreports?)/[^/]",
    re.IGNORECASE,
)
_GALLERY_TYPES = frozenset({"ImageGallery", "MediaGallery", "PhotoGallery"})
_FEW_WORDS = 300  # characters: a sentence that leads to the pictures
_PICTURES = 4
_SEVERAL = 3  # live blogs on a page that is none of them
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
    signals: Signals, node: Node | None, url: str | None, paragraphs: list[str], *, pictures: int = 0
) -> tuple[Reason, str] | None:
    """The reason and one line on why the page, with so many pictures, is no article; None where it is one."""
    path = unquote(urlsplit(url).path) if url else "/-"
    size = sum(map(len, paragraphs))
    is_little = size < _LITTLE
    heading = " | ".join(filter(None, (signals.title_tag, *signals.headings[:1])))
    rules: tuple[tuple[Reason, Callable[[], bool], str], ...] = (
        (Reason.ERROR_PAGE, lambda: is_little and _is_error(signals), heading),
        (Reason.LOGIN_PAGE, lambda: is_little and _is_login(signals, path), heading),
        (Reason.HOME_PAGE, lambda: bool(url and _ROOT.match(path) and not urlsplit(url).query), path),
        (Reason.LIVE_INDEX, lambda: _is_live_index(signals, node, path) and not _reads_on(paragraphs), path),
        (Reason.INDEX_PAGE, lambda: node is None and _is_index(signals, path) and not _reads_on(paragraphs), path),
        (Reason.VIDEO_PAGE, lambda: is_little and _is_video(signals), heading),
        (Reason.GALLERY, lambda: size < _FEW_WORDS and _is_gallery(signals, path, pictures), heading),
    )
    return next(((reason, (told or path)[:80]) for reason, holds, told in rules if holds()), None)


def _is_error(signals: Signals) -> bool:
    return any(_ERROR_TITLE.search(t) for t in (signals.title_tag or "", *signals.headings[:1]))


def _is_live_index(signals: Signals, node: Node | None, path: str) -> bool:
    """Whether it is where live coverage is listed, and the page is none of the live blogs itself."""
    blogs = [n for n in signals.nodes if "LiveBlogPosting" in n.types]
    return bool(_LIVE.search(path)) and not _SLUG.search(path) and (node is None or len(blogs) >= _SEVERAL)


def _is_gallery(signals: Signals, path: str, pictures: int) -> bool:
    types = {t for n in signals.nodes if n.depth <= 1 for t in n.types}
    return bool(types & _GALLERY_TYPES) or (bool(_GALLERY.search(path)) and pictures >= _PICTURES)


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
