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
