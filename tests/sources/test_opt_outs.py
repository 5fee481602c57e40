"""What publishers say of training and mining, each place on its own and against the others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.records import OptOuts
from etl.sources.opt_outs import read

ROBOTS = """# closed to some
User-agent: *
Disallow: /search

User-agent: GPTBot
user-agent: CCBot  # and its friends
Disallow: /

User-agent: ClaudeBot
Disallow: /archive/

User-agent: Bytespider
Disallow: /
Allow: /

User-agent: Googlebot
Disallow: /

User-agent: Diffbot
Crawl-delay: 5
User-agent: PerplexityBot
Disallow: /*
"""


def test_agents_turned_away_by_name() -> None:
    found = read(robots_txt=ROBOTS)
    assert found == OptOuts(
        disallowed_agents=("GPTBot", "CCBot", "Diffbot", "PerplexityBot"), said_in=("robots.txt",), read=("robots.txt",)
    )
    assert found.is_opted_out


def test_a_site_closed_to_all_says_nothing_of_training() -> None:
    assert not read(robots_txt="User-agent: *\nDisallow: /\n").is_opted_out


def test_ai_txt_means_ai_systems_by_everyone() -> None:
    assert read(ai_txt="User-Agent: *\nDisallow: /\n").disallowed_agents == ("*",)
    assert read(ai_txt="User-Agent: *\nDisallow: *.jpg\n").disallowed_agents == ()
    assert not read(ai_txt="<html>not found</html>").is_opted_out


@pytest.mark.parametrize(
    ("given_", "reserved", "policy", "said"),
    [
        ({"headers": {"tdm-reservation": "1"}}, True, None, ("header tdm-reservation",)),
        ({"headers": {"tdm-reservation": " 0 "}}, False, None, ("header tdm-reservation",)),
        ({"headers": {"tdm-reservation": "yes"}}, None, None, ()),
        (
            {"headers": {"tdm-reservation": "1", "tdm-policy": "https://a.example/p.json"}},
            True,
            "https://a.example/p.json",
            ("header tdm-reservation",),
        ),
        (
            {"meta": {"tdm-reservation": ("1",), "tdm-policy": ("javascript:x",)}},
            True,
            None,
            ("meta tdm-reservation",),
        ),
        ({"tdmrep": '[{"location": "/", "tdm-reservation": 1}]'}, True, None, ("tdmrep.json",)),
        ({"tdmrep": '{"location": "/"}'}, None, None, ()),
        ({"tdmrep": "<html>"}, None, None, ()),
        ({"tdmrep": "[1, null, []]"}, None, None, ()),
        (
            {"headers": {"tdm-reservation": "0"}, "tdmrep": '[{"location": "/", "tdm-reservation": 1}]'},
            False,
            None,
            ("header tdm-reservation",),
        ),
        ({}, None, None, ()),
    ],
)
def test_mining_reserved(
    given_: dict[str, Any], reserved: bool | None, policy: str | None, said: tuple[str, ...]
) -> None:
    found = read(**given_)
    assert (found.is_tdm_reserved, found.tdm_policy_url, found.said_in) == (reserved, policy, said)


@pytest.mark.parametrize(
    ("path", "reserved"),
    [
        ("/", True),
        ("/news/a", True),
        ("/news/open/a", False),
        ("/news/open/a.pdf", True),
        ("/news/open/a.pdf?x", False),
        ("/blog", None),
    ],
)
def test_the_most_specific_location_counts(path: str, reserved: bool | None) -> None:
    rules = [
        {"location": "/news/", "tdm-reservation": 1},
        {"location": "/news/open/*", "tdm-reservation": 0},
        {"location": "/news/open/*.pdf$", "tdm-reservation": 1},
        {"location": "/$", "tdm-reservation": 1},
    ]
    assert read(tdmrep=json.dumps(rules), path=path).is_tdm_reserved is reserved


@pytest.mark.parametrize(
    ("given_", "directives"),
    [
        ({"headers": {"x-robots-tag": "noai, noimageai"}}, ("noai", "noimageai")),
        ({"headers": {"x-robots-tag": "otherbot: noai"}}, ()),
        ({"headers": {"x-robots-tag": "gptbot: noindex, NoArchive"}}, ("noarchive",)),
        ({"headers": {"x-robots-tag": "unavailable_after: 25 Jun 2030 15:00:00 PST, noai"}}, ("noai",)),
        ({"meta": {"robots": ("index, noai", "noarchive")}}, ("noai", "noarchive")),
        ({"meta": {"ccbot": ("nosnippet",), "otherbot": ("noai",)}}, ("nosnippet",)),
        ({"meta": {"robots": ("index, follow, max-image-preview:large",)}}, ()),
    ],
)
def test_directives(given_: dict[str, Any], directives: tuple[str, ...]) -> None:
    assert read(**given_).directives == directives


def test_an_archive_kept_shut_is_no_word_on_training() -> None:
    assert not read(headers={"x-robots-tag": "noarchive"}).is_opted_out


def test_it_travels_as_json() -> None:
    found = read(robots_txt=ROBOTS, headers={"tdm-reservation": "1"})
    assert json.loads(json.dumps(found.to_json())) == {
        "disallowed_agents": ["GPTBot", "CCBot", "Diffbot", "PerplexityBot"],
        "is_tdm_reserved": True,
        "tdm_policy_url": None,
        "directives": [],
        "said_in": ["robots.txt", "header tdm-reservation"],
        "read": ["robots.txt", "headers"],
        "is_opted_out": True,
    }


@given(st.text(), st.text(), st.text(), st.text())
def test_no_text_is_too_odd(robots: str, ai: str, tdmrep: str, header: str) -> None:
    read(robots_txt=robots, ai_txt=ai, tdmrep=tdmrep, headers={"x-robots-tag": header, "tdm-reservation": header})
