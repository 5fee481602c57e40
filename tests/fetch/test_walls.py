"""A bot wall is told from a refusal, and from an article that speaks of one."""

from __future__ import annotations

import pytest

from etl.fetch.walls import wall

STORY = b"<html><body>" + b"<p>The harbour was quiet on Monday as boats stayed in.</p>" * 40


@pytest.mark.parametrize(
    ("status", "headers", "body", "vendor"),
    [
        (403, {"cf-mitigated": "challenge"}, b"", "Cloudflare"),
        (503, {}, b"<html><head><title>Just a moment...</title>", "Cloudflare"),
        (403, {"x-datadome": "protected"}, b"{}", "DataDome"),
        (403, {}, b'<script src="https://ct.captcha-delivery.com/c.js"></script>', "DataDome"),
        (403, {}, b"<TITLE>Access Denied</TITLE> You don't have permission. Reference #18.2d", "Akamai"),
        (403, {}, b'<a href="https://errors.edgesuite.net/18">', "Akamai"),
        (200, {}, b'<script src="/_Incapsula_Resource?SWJIYLWA=1"></script>', "Imperva"),
        (202, {"x-amzn-waf-action": "challenge"}, b"", "AWS WAF"),
        (403, {}, b"window._pxAppId = 'PX1'", "HUMAN"),
        (429, {"x-kpsdk-ct": "x"}, b"", "Kasada"),
        (200, {}, b"<title>Pardon Our Interruption</title><p>As you were browsing", "Imperva"),
        (403, {}, b"<title>Access to this page has been denied</title>", "HUMAN"),
        (403, {}, b"<TITLE>DDoS-Guard</TITLE>", "DDoS-Guard"),
        (200, {}, b"The requested URL was rejected. Please consult with your administrator.", "F5"),
        (200, {}, b"<title>Are you a robot?</title>", "a bot check"),
        (503, {}, b"<h1>Checking your browser before accessing news.example</h1>", "a bot check"),
        (403, {}, b"<title>Sind Sie ein Mensch?</title>", "a bot check"),
        (200, {}, b'<form><div class="g-recaptcha" data-sitekey=x></div></form>', "a bot check"),
        (200, {}, b"<title>Are you a robot? Ten questions about machines that write</title>" + STORY, None),
        (200, {}, STORY + b'<form><div class="g-recaptcha"></div></form>', None),  # a newsletter's form
        (200, {}, b"<title>How Cloudflare came to say 'Just a moment...'</title>" + STORY, None),
        (200, {}, b"<title>Police seek witnesses</title><p>A short item.</p>", None),
        (403, {}, b"<title>Robot wars return to television, and fans cannot wait for it</title>", None),
        (403, {}, b"<p>Forbidden</p>", None),
        (404, {}, b"<title>Just a moment...</title>", None),  # no wall answers 404
        (403, {"server": "cloudflare"}, b"<p>Subscribers only</p>", None),  # the site's own no, through Cloudflare
        (200, {"server": "cloudflare"}, STORY, None),
        (200, {}, STORY + b'<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>', None),
        (200, {}, STORY + b"<p>The site showed a page called px-captcha.</p>", None),
    ],
)
def test_walls(status: int, headers: dict[str, str], body: bytes, vendor: str | None) -> None:
    assert wall(status, headers, body) == vendor


@pytest.mark.parametrize(
    ("url", "vendor"),
    [
        ("https://validate.perfdrive.com/x?ssa=1", "Radware"),
        ("https://geo.captcha-delivery.com/captcha/?x", "DataDome"),
        ("https://news.example/showcaptcha?ret=x", "a bot check"),
        ("https://news.example/.well-known/sgcaptcha/", "SiteGround"),
        ("https://news.example/2022/captcha-turns-25", None),
        ("https://news.example/captcha/why-we-hate-it", None),
    ],
)
def test_an_address_that_only_a_wall_has(url: str, vendor: str | None) -> None:
    assert wall(200, {}, STORY, url) == vendor
