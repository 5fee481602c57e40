"""What the web's vendors add to queries goes in as tables; `canonical` reads them. Each group says whose habit it is.

A name is here only if no publisher is known to find an article by it. `id`, `p`, `cid`, `sid`, `a`, `n`, `page`,
`lang` and the like are content somewhere: they are kept, unless their value is a word for a channel. What one site
does stands in `url_sites`; wrappers around whole addresses stand in `url_wrappers`.
"""

from __future__ import annotations

import re


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Prefixes of parameter names, lower case: families in which vendors keep inventing members.
TRACKING_PREFIXES: tuple[str, ...] = (
    # Google: Analytics and its misspelt relatives, Ads (gad_), Showcase access tokens (gaa_), page translation
    *("utm_", "utm-", "utm.", "ga_", "gaa_", "gad_", "_ga_", "_x_tr_"),
    # AT Internet (BBC, France 24, Le Monde), comScore (ns_), Webtrekk and Webtrends (wt_, wt.), Coremetrics (cm_)
    *("at_", "ns_", "wt_", "wt.", "cm_"),
    # Matomo, once Piwik
    *("pk_", "piwik_", "mtm_", "matomo_"),
    # Letters: HubSpot, Mailchimp, Marketo, Vero, Omeda, Eloqua, Blueshift, Klaviyo, MailerLite, Salesforce, Beehiiv
    *("_hs", "__hs", "hsa_", "hss_", "mc_", "mkt_", "vero_", "oly_", "elq", "bsft_", "_ke", "ml_subscriber", "sfmc_"),
    # Social referrals: Facebook, X, Yahoo's consent hop, ShareThis
    *("fb_", "tw_", "guce_", "soc_", "__twitter_"),
    # Inside campaigns: Vox and Adobe itm_, Piano cx_, Marfeel mrf, Taboola and Outbrain, related posts of Jetpack
    *("itm_", "cx_", "piano_", "piano-", "mrf", "taboola", "outbrain", "relatedposts_"),
    # AMP runtime: amp_js_v, amp_gsa, amp_r
    "amp_",
    # sessions of old ASP, whose name ends in random letters
    "aspsessionid",
)

# Whole names, lower case.
TRACKING_NAMES: frozenset[str] = _names(
    # click ids: Google, Microsoft, Meta, X, TikTok, LinkedIn, Yandex, Pinterest, Snap, Reddit, Adobe, Baidu, shops
    "gclid gclsrc dclid gbraid wbraid _ga _gl srsltid usqp aoh msclkid fbclid fbc igshid igsh mibextid sfns twclid "
    "ttclid li_fat_id li_source li_medium yclid ysclid ymclid _openstat epik sccid rdt_cid s_kwcid ef_id bd_vid "
    "qhclickid irclickid irgwc awc cjevent cjdata sscid zanpid kwp_0 _branch_match_id _branch_referrer "
    # mailings: campaign and recipient of the letter the link stood in
    "spmailingid spuserid spjobid spreportid et_cid et_rid ck_subscriber_id ss_source ss_campaign_id ss_email_id "
    "cndid bxid nltrk nlid nrid nname newsletter_id mailing_id emci emdi emcdi ceid wickedid esrc trackingid dm_i "
    "__s _bhlid inf_contact_key mcid tpcc "
    # where a reader stood: internal promotion and site catalysts
    "intcmp intcid int_source int_medium int_campaign icid ncid s_cid sc_cid sc_campaign sc_channel ex_cid mbid iref "
    "cmpid cmp cmpgn ito xtor xtref ocid cvid campaign_id campaignid ref_src ref_url refsrc reflink referringsource "
    "rref tblci dicbo oborigurl obinternalid outbrainclickid guccounter .tsrc tsrc trk trkcampaign spref tse_id smid "
    "smtyp smprod sref srnd leadsource wpisrc wpsrc wpmm hpid itid traffic_source spm scm spm_id_from xing_share "
    "dlvrit sr_share echobox ftag pnespid taid recirc yptr searchresultposition google_editors_picks hootpostid pfrom "
    "wtmcid wtmc wtrid fsrc "
    # gift and share tokens open the same page for someone else
    "unlocked_article_code sharetoken share_token sharetype sharedfrom accesstoken giftcopy gift_token gaa "
    # feed readers: Reuters, FeedBurner, WordPress
    "feedtype feedname virtualbrandchannel rpc wprss rssfeed fromrss "
    # WeChat and Weibo wrappers
    "isappinstalled weibo_id sharer_shareid sharer_sharetime nsukey "
    # WordPress and Blogger: a comment to answer, its own errands, plugins for phones
    "replytocom showcomment doing_wp_cron wpmp_switcher "
    # the same text on paper, on a phone, on one page
    "amp _amp noamp nonamp ampmode print printable printer printer_friendly print_view printview printmode isprint "
    "forprint singlepage onepage pagewanted mobile nomobile isamp is_amp m_view desktop "
    # sessions: a visitor, never an article
    "phpsessid jsessionid cfid cftoken oscsid zenid sessionid session_id sessid phpsession "
    # cache busters
    "_ nocache cachebuster cache_buster cachebust cb rnd rand random"
)

# Names that are content on some sites: dropped only when the value is a word for a channel …
CHANNEL_NAMES: frozenset[str] = _names(
    "share shared rss feed ns nl s_source utm soc app output outputtype output_type outputmode view viewmode display "
    "mode format type version template tpl tmpl layout m device emc cn nb"
)
# … and those that only ever say where a reader came from: here the first word of the value decides (`rss_world`).
REFERRAL_NAMES: frozenset[str] = _names(
    "ref refer referer referrer source src from via origin medium channel partner campaign mod cid xid iid "
    "link_source link_from from_source"
)
# Where the path alone finds the article, these are dropped whatever they say, unless it is a number.
IDLE_NAMES: frozenset[str] = _names("ref refer referer referrer source src from via linkid")
CHANNELS: frozenset[str] = _names(
    "1 y yes true rss rss2 atom feed feeds feedburner twitter tw x t facebook fb linkedin reddit "
    "pinterest instagram whatsapp wa telegram tg vk weibo wechat timeline singlemessage groupmessage threads bluesky "
    "line email mail e-mail newsletter newsletters nl sms push notification alert share social sharing socialflow "
    "hootsuite buffer google googlenews gnews news_google bing yahoo msn flipboard applenews apple tcoshare "
    "smartnews pocket feedly home homepage hp front frontpage sidebar footer header top most-read synd syndication "
    "mostread most_read related recirc readmore trending search app android ios iphone ipad mobile "
    "desktop web amp print printable printer amphtml webview copy-link copylink link qr widget component twsrc"
)
# A bare "1" or "yes" means the reader came that way only under these: `?m=1`, but `?version=1` is a version.
FLAG_NAMES: frozenset[str] = _names("m rss feed share shared app amp utm nl nb")
FLAGS: frozenset[str] = _names("1 y yes true")

# A whole article on one page.
WHOLE_PAGE: frozenset[tuple[str, str]] = frozenset({("page", "all"), ("page", "full"), ("showall", "1")})

# `sid` is content in some systems and the session in others, where it is a long random number.
SESSION_NAMES: frozenset[str] = _names("sid s session")
SESSION_VALUE = re.compile(r"[0-9a-f]{26,64}")
