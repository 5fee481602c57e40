"""What the web's vendors add to addresses goes in as tables; `canonical` reads them. Each group says whose habit it is.

A name is here only if no publisher is known to find an article by it. `id`, `p`, `cid`, `sid`, `a`, `n`, `page`,
`lang` and the like are content somewhere, so they are kept everywhere.
"""

from __future__ import annotations

import re


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Prefixes of parameter names, lower case: families in which vendors keep inventing members.
TRACKING_PREFIXES: tuple[str, ...] = (
    # Google Analytics and its misspelt relatives; Showcase access tokens (gaa_)
    *("utm_", "utm-", "utm.", "ga_", "gaa_", "_ga_"),
    # AT Internet (BBC, France 24, Le Monde), comScore (ns_), Webtrekk and Webtrends (wt_, wt.)
    *("at_", "ns_", "wt_", "wt."),
    # Matomo, once Piwik
    *("pk_", "piwik_", "mtm_", "matomo_"),
    # Newsletters: HubSpot, Mailchimp, Marketo, Vero, Omeda, Eloqua, Blueshift, Klaviyo
    *("_hs", "__hs", "hsa_", "mc_", "mkt_", "vero_", "oly_", "elq", "bsft_", "_ke"),
    # Social referrals: Facebook, Yahoo's consent hop, ShareThis
    *("fb_", "guce_", "soc_", "__twitter_"),
    # Inside campaigns: Vox and Adobe itm_, Piano cx_, Marfeel mrf, Taboola and Outbrain
    *("itm_", "cx_", "mrf", "taboola", "outbrain"),
    # AMP runtime: amp_js_v, amp_gsa, amp_r
    "amp_",
)

# Whole names, lower case.
TRACKING_NAMES: frozenset[str] = _names(
    # click ids: Google, Microsoft, Meta, X, TikTok, LinkedIn, Yandex, Pinterest, Snap, Reddit, Adobe
    "gclid gclsrc dclid gbraid wbraid _ga _gl srsltid usqp msclkid fbclid fbc igshid igsh mibextid twclid ttclid "
    "li_fat_id yclid ysclid ymclid _openstat epik sccid rdt_cid s_kwcid ef_id irclickid "
    # mailings: campaign and recipient of the letter the link stood in
    "spmailingid spuserid spjobid spreportid et_cid et_rid ck_subscriber_id ss_source ss_campaign_id ss_email_id "
    "cndid bxid nltrk nlid nrid nname newsletter_id mailing_id emci emdi ceid wickedid esrc trackingid "
    # where a reader stood: internal promotion and site catalysts
    "intcmp intcid int_source int_medium int_campaign icid ncid s_cid cmpid cmp cmpgn ito xtor xtref ocid cvid "
    "campaign_id campaignid ref_src ref_url refsrc reflink referringsource rref tblci dicbo oborigurl obinternalid "
    "outbrainclickid guccounter .tsrc tsrc trk trkcampaign spref tse_id smid smtyp smprod sref srnd leadsource wpisrc "
    "wpmm hpid itid traffic_source spm scm spm_id_from xing_share dlvrit sr_share echobox ftag pnespid "
    # gift and share tokens open the same page for someone else
    "unlocked_article_code sharetoken share_token accesstoken giftcopy gift_token gaa "
    # feed readers: Reuters, FeedBurner, WordPress
    "feedtype feedname virtualbrandchannel rpc wprss rssfeed "
    # WeChat and Weibo wrappers
    "isappinstalled weibo_id "
    # the same text on paper, on a phone, on one page
    "amp noamp nonamp print printable printer_friendly print_view singlepage pagewanted mobile nomobile "
    "isamp is_amp m_view desktop "
    # sessions: a visitor, never an article
    "phpsessid jsessionid cfid cftoken oscsid zenid sessionid session_id phpsession aspsessionid "
    # cache busters
    "_ nocache cachebuster cache_buster cb"
)

# Names that are content on some sites: dropped only when the value is a word for a channel.
CHANNEL_NAMES: frozenset[str] = _names(
    "ref referer referrer source src from via share shared origin medium channel partner campaign mod "
    "emc cn rss feed ns nl s_source link_source link_from from_source utm soc app output outputtype "
    "output_type view mode format type version template tpl layout m device"
)
CHANNELS: frozenset[str] = _names(
    "1 y yes true rss rss2 atom feed feeds feedburner twitter tw x facebook fb linkedin reddit "
    "pinterest instagram whatsapp wa telegram tg vk weibo wechat timeline singlemessage groupmessage "
    "line email mail e-mail newsletter nl sms push notification alert share social sharing socialflow "
    "hootsuite buffer google googlenews gnews news_google bing yahoo msn flipboard applenews apple "
    "smartnews pocket feedly home homepage hp front frontpage sidebar footer header top most-read "
    "mostread most_read related recirc readmore trending search app android ios iphone ipad mobile "
    "desktop web amp print printable printer amphtml webview copy-link copylink link qr widget"
)
# A bare "1" or "yes" means the reader came that way only under these: `?m=1`, but `?version=1` is a version.
FLAG_NAMES: frozenset[str] = _names("m rss feed share shared app amp utm nl")
FLAGS: frozenset[str] = _names("1 y yes true")

# By site: names that are tracking there and may be content elsewhere.
TRACKING_BY_SITE: dict[str, frozenset[str]] = {
    "npr.org": frozenset({"ft", "f", "sc"}),  # feed and topic the reader came from
    "nytimes.com": _names(
        "action module pgtype region contentcollection clicksource contentplacement version _r gwh gwt hp "
        "partner emc ref src smid nl te mc rref"
    ),  # position on the page that linked
    "washingtonpost.com": frozenset({"tid", "wpsrc", "carta-url", "noredirect", "pwapi_token"}),
    "wsj.com": frozenset({"mod", "st", "tesla", "ns"}),
    "marketwatch.com": frozenset({"mod", "siteid", "link", "dist"}),
    "cnbc.com": frozenset({"__source", "par"}),
    "forbes.com": frozenset({"sh", "ss"}),
    "msn.com": frozenset({"ei", "pc", "li"}),
    "twitter.com": frozenset({"s", "t"}),
    "x.com": frozenset({"s", "t"}),
    "youtube.com": frozenset({"feature", "si", "ab_channel", "pp"}),
    "dailymail.co.uk": frozenset({"ico"}),
    "telegraph.co.uk": frozenset({"fb", "li_source", "li_medium"}),
    "bloomberg.com": frozenset({"cmpid", "embedded-checkout"}),
}

# Host labels that name a device or a format, not a publication.
DEVICE_LABELS: frozenset[str] = frozenset({"m", "mobile", "mobi", "amp", "wap", "touch"})

# One newsroom, two hosts: the same path shows the same article.
HOST_TWINS: dict[str, str] = {
    "edition.cnn.com": "cnn.com",  # international front page, common articles
    "us.cnn.com": "cnn.com",
    "bbc.co.uk": "bbc.com",  # .com abroad, .co.uk at home
    "news.bbc.co.uk": "news.bbc.com",
}

# Redirectors that carry the whole address in a parameter: (host pattern, path prefix, names in order).
CARRIERS: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = (
    (re.compile(r"(^|\.)google\.[a-z]{2,3}(\.[a-z]{2})?$"), "/url", ("url", "q")),
    (re.compile(r"(^|\.)facebook\.com$"), "/l.php", ("u",)),
    (re.compile(r"(^|\.)instagram\.com$"), "/", ("u",)),
    (re.compile(r"^out\.reddit\.com$"), "/", ("url",)),
    (re.compile(r"(^|\.)bing\.com$"), "/news/apiclick.aspx", ("url",)),
    (re.compile(r"(^|\.)youtube\.com$"), "/redirect", ("q",)),
    (re.compile(r"(^|\.)linkedin\.com$"), "/redir", ("url",)),
    (re.compile(r"(^|\.)vk\.com$"), "/away.php", ("to",)),
    (re.compile(r"\.safelinks\.protection\.outlook\.com$"), "/", ("url",)),
)

# Hosts that carry it in the path: AMP caches (Google's, Bing's, viewers) and the Wayback Machine.
EMBEDDERS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"(^|\.)cdn\.ampproject\.org$"), re.compile(r"^/[civ]/(?:s/)?(?P<inner>[^/]+\..*)$")),
    (re.compile(r"(^|\.)bing-amp\.com$"), re.compile(r"^/[civ]/(?:s/)?(?P<inner>[^/]+\..*)$")),
    (
        re.compile(r"(^|\.)google\.[a-z]{2,3}(\.[a-z]{2})?$"),
        re.compile(r"^/amp/(?:s/)?(?P<inner>[^/]+\..*)$"),
    ),
    (re.compile(r"(^|\.)bing\.com$"), re.compile(r"^/amp/(?:s/)?(?P<inner>[^/]+\..*)$")),
    (
        re.compile(r"^web\.archive\.org$"),
        re.compile(r"^/web/\d{1,14}(?:[a-z]{2}_)?/(?:https?:/{1,2})?(?P<inner>[^/]+\..*)$"),
    ),
)

# Labels under which registries sell the third one (co.uk, com.au), and hosts that let rooms to many publishers.
REGISTRY_LABELS: frozenset[str] = _names(
    "co com org net gov gob gouv gub edu ac ne or go nom ltd plc me sch info web in mil asn id nsw govt"
)
LANDLORDS: frozenset[str] = _names(
    "blogspot.com wordpress.com substack.com medium.com tumblr.com github.io netlify.app vercel.app "
    "pages.dev livejournal.com over-blog.com typepad.com wixsite.com weebly.com ghost.io beehiiv.com "
    "herokuapp.com"
)
