"""The address asked for, the one that answered and its page go in; why the page is not what was asked comes out.

Theory. Sites answer 200 for what is no article: consent pages, logins, offers of subscriptions, the front page in
place of an article that was taken down, and pages that say "not found". Stored as articles they look like news that
says nothing. The address tells most, as people are sent to such a page by a redirect: a step of its path or a label
of its host that has one meaning, and that the address asked for did not have (an article may be about consent, logins
or the number 404). Without a redirect only a title or heading decides, and only if one of its parts says "not found"
and nothing else, in one of the main languages, on a page that does not call itself an article. Feeds and other
documents that are not HTML are never judged. Not done: reading the page's text for such phrases, which footers and
live blogs carry too; judging pages that keep the article's address and fade it out (extraction sees the text).
"""

from __future__ import annotations

import html
import re
from itertools import islice
from urllib.parse import urlsplit

from etl.errors import Reason
from etl.fetch.charset import decode

_SEEN = 100_000  # bytes of the page looked at: title and heading stand early

# Steps of a path, each alone between slashes (an ending like .html aside), and what a page there is.
_STEPS: tuple[tuple[Reason, str, frozenset[str]], ...] = (
    (
        Reason.CONSENT_WALL,
        "a consent page",
        frozenset(
            {
                *("consent", "collectconsent", "cookieconsent", "cookie-consent", "cookie-wall", "cookiewall"),
                *("privacy-gate", "privacygate", "privacy-wall", "privacywall", "privacy-consent", "consentwall"),
            }
        ),
    ),
    (
        Reason.LOGIN_WALL,
        "a login",
        frozenset(
            {
                *("login", "log-in", "signin", "sign-in", "sign_in", "logon", "anmelden", "einloggen", "connexion"),
                *("se-connecter", "iniciar-sesion", "inicia-sesion", "entrar", "accedi", "inloggen", "logga-in"),
                *("zaloguj", "logowanie", "giris", "oauth", "sso", "authorize"),
            }
        ),
    ),
    (
        Reason.PAYWALL,
        "an offer of subscriptions",
        frozenset(
            {
                *("subscribe", "subscription", "subscriptions", "paywall", "abo", "abonnement", "abonnements"),
                *("abonnieren", "abonnez-vous", "sabonner", "suscripcion", "suscripciones", "suscribete"),
                *("assine", "assinatura", "assinaturas", "abbonamenti", "abbonati", "prenumerera", "abonneren"),
            }
        ),
    ),
    (
        Reason.NOT_FOUND,
        'a page for what is "not found"',
        frozenset(
            {
                *("404", "error404", "error-404", "404-error", "not-found", "notfound", "not_found", "page-not-found"),
                *("pagenotfound", "page_not_found", "404notfound", "error", "errorpage", "error-page"),
            }
        ),
    ),
)

# Labels of a host that nothing but such pages has: consent.news.example, guce.advertising.example, login.news.example.
_HOST_LABELS = {
    Reason.CONSENT_WALL: ("a consent page", frozenset({"consent", "guce", "myprivacy", "cmp", "cookiewall"})),
    Reason.LOGIN_WALL: ("a login", frozenset({"login", "signin", "sso", "auth", "oauth"})),
    Reason.PAYWALL: ("an offer of subscriptions", frozenset({"subscribe", "abo", "abonnement", "suscripciones"})),
}

# Front pages: nothing, a language or edition of two letters, or one of the names servers give it.
_FRONT = re.compile(
    r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default|main)(?:\.\w{2,5})?/?)?", re.IGNORECASE
)
# An article's address: a name of several words, or a number, in its last step or its query.
_ARTICLE = re.compile(r"[^\W_]+(?:[-_][^\W_]+){2,}|\d{4,}")

_NOT_FOUND = re.compile(
    r"(?:(?:http )?(?:error|fehler|erreur|ошибка|errore|erro)?[ :]*404(?: error)?(?:[ :!.-]+(?:page |file )?not found)?"
    r"|(?:(?:sorry|oops|uh[- ]oh|whoops)[,!. ]+)?(?:the |this |that )?(?:page|article|story|content)"
    r"(?: you(?:['’]re| are| were) looking for)?"
    r" (?:(?:was |is |could |can|does |not |be |no longer |cannot |['’]t )+)?(?:found|available|exists?)"
    r"|not found|page (?:unavailable|missing|doesn['’]t exist)|nothing found"
    r"|(?:die )?(?:seite|artikel|inhalt)(?: wurde)?(?: leider)? nicht (?:gefunden|verfügbar)"
    r"|(?:la )?page (?:introuvable|non trouvée|inexistante|n['’]existe (?:pas|plus))|contenu introuvable"
    r"|(?:la )?página no (?:encontrada|existe|disponible)|no se (?:ha )?encontr(?:ó|ado) la página"
    r"|página não (?:encontrada|existe)|pagina non (?:trovata|esiste)|pagina niet gevonden"
    r"|strona nie (?:została znaleziona|istnieje)|nie znaleziono strony|stránka nenalezena|stránka nebola nájdená"
    r"|(?:страница|материал) не (?:найдена?|существует)|сторінк[ау] не знайдено|страницата не е намерена"
    r"|sidan (?:kunde inte hittas|hittades inte)|siden (?:blev|ble) ikke (?:fundet|funnet)|sivua ei löyt(?:ynyt|y)"
    r"|sayfa bulunamadı|az oldal nem található|pagina nu (?:a fost găsită|există)|η σελίδα δεν βρέθηκε"
    r"|الصفحة غير موجودة|صفحه (?:مورد نظر )?یافت نشد|הדף לא נמצא"
    r"|ページが見つかりません(?:でした)?|お探しのページは見つかりません(?:でした)?|页面(?:不存在|未找到)|找不到(?:该|此)?(?:页面|網頁|頁面)"
    r"|페이지를 찾을 수 없습니다|halaman tidak ditemukan|không tìm thấy trang|पृष्ठ नहीं मिला)[.!…]*",
    re.IGNORECASE,
)
_HEADING = re.compile(r"<(?:title|h1)\b[^<>]*>", re.IGNORECASE)
_HEADINGS, _HEADING_LENGTH = 5, 500  # looked at, and characters of one
_APART = re.compile(r"\s+[|–—·•:»«-]+\s+|\s*[|–—·•»«]\s*|:\s+")
_TAG = re.compile(r"<[^<>]*>")
_IS_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_CALLS_ITSELF_ARTICLE = re.compile(
    r"\"@type\"\s*:\s*\[?\s*\"(?:\w*NewsArticle|Article|BlogPosting|LiveBlogPosting)\""
    r"|<meta[^>]{0,80}\bog:type[^>]{0,80}\barticle\b|article:published_time",
    re.IGNORECASE,
)

Ended = tuple[Reason, str]


def dead_end(asked: str, final: str, content_type: str | None, body: bytes) -> Ended | None:
    """Name what answered in place of the document, with a line for a person; None if it may be the document."""
    if not _IS_HTML.match(body.removeprefix(b"\xef\xbb\xbf")):
        return None
    if ended := _by_address(asked, final):
        return ended
    return _by_page(decode(body[:_SEEN], content_type)[0])


def _by_address(asked: str, final: str) -> Ended | None:
    if _place(asked) == _place(final):
        return None
    before, after = _steps(asked), _steps(final)
    # news/login and login/start, but not login/how-our-accounts-work: there a step is a section's name.
    ending = after[-1:] if after and _ARTICLE.search(after[-1][:300]) else after[-2:]
    for reason, what, steps in _STEPS:
        if found := next((s for s in ending if s in steps and s not in before), None):
            return reason, f"redirected to {what}: …/{found}"
    hosts_before, hosts_after = _labels(asked), _labels(final)
    for reason, (what, labels) in _HOST_LABELS.items():
        if found := next((s for s in hosts_after if s in labels and s not in hosts_before), None):
            return reason, f"redirected to {what}: {found}.…"
    if _is_front(final) and not _is_front(asked) and _looks_like_article(asked):
        return Reason.REDIRECTED_HOME, f"redirected to the front page {final[:200]}"
    return None


def _by_page(text: str) -> Ended | None:
    for heading in islice(_HEADING.finditer(text), _HEADINGS):
        inside = re.split(
            r"</(?:title|h1)", text[heading.end() : heading.end() + _HEADING_LENGTH], maxsplit=1, flags=re.IGNORECASE
        )
        words = " ".join(html.unescape(_TAG.sub(" ", inside[0])).split())
        if said := next((part for part in [words, *_APART.split(words)] if _NOT_FOUND.fullmatch(part)), None):
            return None if _CALLS_ITSELF_ARTICLE.search(text) else (Reason.NOT_FOUND, f"the page says: {said}")
    return None


def _place(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/"), parts.query


def _steps(url: str) -> list[str]:
    steps = [step for step in urlsplit(url).path.lower().split("/") if step]
    return [re.sub(r"\.(?:html?|php|aspx?|jsp)$", "", step) for step in steps]


def _labels(url: str) -> list[str]:
    """The labels before the site's own name."""
    return (urlsplit(url).hostname or "").split(".")[:-2]


def _is_front(url: str) -> bool:
    return bool(_FRONT.fullmatch(urlsplit(url).path))


def _looks_like_article(url: str) -> bool:
    parts = urlsplit(url)
    last = next((step for step in reversed(parts.path.split("/")) if step), "")
    return bool(_ARTICLE.search(last[:300]) or _ARTICLE.search(parts.query[:300]))
