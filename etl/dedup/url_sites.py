"""What single publishers do to their addresses goes in as tables by site; `canonical` reads them.

A parameter or a host stands here when it is known of this publisher that the article stays the same, while elsewhere
the same word may be content. In alphabetical order within each kind.
"""

from __future__ import annotations

import re


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Parameters that are tracking on this site: where the reader stood, which wall or gift, which recommendation.
TRACKING_BY_SITE: dict[str, frozenset[str]] = {
    "baidu.com": _names("wfr for"),
    "bloomberg.com": _names("embedded-checkout"),
    "businessinsider.com": _names("op r ir"),
    "cbsnews.com": _names("linkid"),
    "cnbc.com": _names("__source par"),
    "corriere.it": _names("refresh_ce refresh_ce-cp"),
    "dailymail.co.uk": _names("ico"),
    "dw.com": _names("maca"),
    "elpais.com": _names("ssm rel prm int event_log"),
    "faz.net": _names("gepc"),
    "forbes.com": _names("sh ss"),
    "ft.com": _names("ftcamp segmentid token syn-25a6b1a6"),
    "go.com": _names("cid"),  # abcnews.go.com, espn.go.com
    "independent.co.uk": _names("r"),
    "indiatimes.com": _names("from"),
    "lefigaro.fr": _names("een seen m_i"),
    "marketwatch.com": _names("mod siteid link dist"),
    "medium.com": _names("source sk"),
    "msn.com": _names("ei pc li"),
    "ndtv.com": _names("akamai-rum browserpush"),
    "npr.org": _names("ft f sc t"),  # feed and topic the reader came from
    "nytimes.com": _names(
        "action module pgtype region contentcollection clicksource contentplacement version _r gwh gwt hp "
        "partner emc ref src smid nl te mc rref"
    ),  # position on the page that linked
    "nzz.ch": _names("mktcid mktcval kid ga trco"),
    "rbc.ru": _names("from"),
    "repubblica.it": _names("ref"),
    "reuters.com": _names("il"),
    "ria.ru": _names("in rcmd_alg rcmd_id"),
    "scmp.com": _names("module pgtype"),
    "spiegel.de": _names("sara_ref sara_ecid"),
    "substack.com": _names("r s isfreemail triedredirect"),
    "sueddeutsche.de": _names("reduced"),
    "telegraph.co.uk": _names("fb"),
    "thehindu.com": _names("homepage"),
    "time.com": _names("xid"),
    "twitter.com": _names("s t"),
    "usatoday.com": _names("gnt-cfr gca-cat"),
    "washingtonpost.com": _names("tid carta-url noredirect pwapi_token"),
    "wsj.com": _names("mod st tesla ns"),
    "x.com": _names("s t"),
    "yna.co.kr": _names("input section site"),
    "youtube.com": _names("feature si ab_channel pp"),
}

# One newsroom, two hosts: the same path shows the same article. Devices' labels are gone before this is read.
HOST_TWINS: dict[str, str] = {
    # the page for readers abroad, without advertisements that need consent
    **{f"eu.{site}.com": f"{site}.com" for site in (
        "usatoday", "azcentral", "freep", "tennessean", "indystar", "jsonline", "desmoinesregister", "dispatch",
        "northjersey", "courier-journal", "cincinnati", "statesman", "palmbeachpost", "lohud",
    )},
    # editions in one language on common articles
    **dict.fromkeys(("edition.cnn.com", "us.cnn.com", "lite.cnn.com"), "cnn.com"),
    **{f"{edition}.reuters.com": "reuters.com" for edition in ("uk", "us", "in", "ca", "af")},
    # .com abroad, .co.uk at home
    "bbc.co.uk": "bbc.com",
    "news.bbc.co.uk": "news.bbc.com",
    "dailymail.com": "dailymail.co.uk",
    # renamed, and old addresses go on
    "guardian.co.uk": "theguardian.com",
    "huffingtonpost.com": "huffpost.com",
    "twitter.com": "x.com",
    # faces of one forum
    **dict.fromkeys(("old.reddit.com", "new.reddit.com", "np.reddit.com"), "reddit.com"),
    # the phones' domain
    "timesofindia.com": "timesofindia.indiatimes.com",
    "economictimes.com": "economictimes.indiatimes.com",
}  # fmt: skip
BLOG_COUNTRY = re.compile(r"\.blogspot\.(?:com?\.)?[a-z]{2}$")  # Blogger shows each blog under the reader's country

# Paths of views of one article: (host, as it stands there, as it is without). Tried before the general rules.
PATHS: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?:^|\.){host}$"), re.compile(path), put)
    for host, path, put in (
        (r"amp\.cnn\.com", r"^/cnn(?=/)", ""),
        (r"amp\.rbc\.ru", r"^/rbcnews(?=/)", ""),
        (r"corriere\.it", r"_amp\.html$", ".shtml"),
        (r"indianexpress\.com", r"(?<=\d)/lite/?$", ""),
        (r"(?:indiatimes|timesofindia|economictimes)\.com", r"/amp_(?=\w+/\d+\.cms$)", "/"),
        (r"reuters\.com", r"^/article/amp/", "/article/"),
        (r"spiegel\.de", r"-amp$", ""),
        (r"t\.me", r"^/s/(?=[^/]+/\d+)", "/"),  # the channel as the web shows it
        (r"unian\.net", r"/amp-(?=[^/]+\d\.html$)", "/"),
        (r"zeit\.de", r"/komplettansicht$", ""),  # all pages of it
    )
)
