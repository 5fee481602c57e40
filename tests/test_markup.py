"""Trees, links, signals and plain text: what is read off markup, and that no markup breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.markup import Node, Outline, TooDeep, links, parse, plain_text, signals, text_of
from etl.markup.jsonld import nodes

PLAIN = [
    ("text passes through", "Fish & chips", "Fish & chips"),
    ("entities", "Fish &amp; chips &#8211; now", "Fish & chips – now"),
    ("paragraphs", "<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
    ("unclosed paragraphs", "<p>One.<p>Two.", "One.\n\nTwo."),
    ("line break", "One<br>Two", "One\nTwo"),
    ("inline", "<p>One <b>bold</b>, <a href='x'>linked</a>.</p>", "One bold, linked."),
    ("list", "<ul><li>One</li><li>Two</li></ul>", "One\n\nTwo"),
    ("unseen", "<p>One.</p><script>x()</script><style>p{}</style>", "One."),
    ("escaped twice", "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo."),
    ("about markup", "Write &lt;foo&gt; here", "Write <foo> here"),
    ("comparison", "2 < 3 and 4 > 1", "2 < 3 and 4 > 1"),
    ("comment", "One<!-- not this -->.", "One."),
    ("white space", "<p>\n  One\n  two\u00a0three </p>", "One two three"),
    ("blank line of a text", "One.\n\nTwo.", "One.\n\nTwo."),
    ("picture only", "<img src='a.jpg'>", ""),
    ("empty", "", ""),
    ("NUL", "O\x00ne", "One"),
]


@pytest.mark.parametrize(("name", "fragment", "expected"), PLAIN, ids=[c[0] for c in PLAIN])
def test_plain_text(name: str, fragment: str, expected: str) -> None:
    assert plain_text(fragment) == expected


@given(st.text(alphabet="<>/pbr&;lgt!-'\"= \n\x00é\ud800", max_size=60))
def test_no_fragment_breaks_the_reader(fragment: str) -> None:
    assert "\x00" not in plain_text(fragment)
    tree = parse(fragment)
    if tree is not None:
        signals(Outline(tree), "https://echo.example/")
        list(links(tree, "https://echo.example/"))


@pytest.mark.parametrize("text", ["", "  \n", "<!-- only a comment -->"])
def test_no_markup_is_no_tree(text: str) -> None:
    assert parse(text) is None


@pytest.mark.timeout(5)
def test_markup_nested_without_end_is_refused_at_once() -> None:
    with pytest.raises(TooDeep):
        parse("<div>" * 280_000)
    assert parse("<div>" * 200 + "deep" + "</div>" * 200) is not None


def test_text_of_parts_blocks_and_skips_what_nobody_sees() -> None:
    tree = parse("<div><p>One</p><p>Two<script>x</script><br>three</p><template>four</template> tail</div>")
    assert text_of(tree) == "One Two three tail"


FRAGMENTS = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<a href=x>", "</a>", "<div class=c>", "</div>", "<br>", "<svg><text>axis</text></svg>", "one ",
         "<script>x</script>", "<template>t<b>u</b></template>", "two", "\n", "<noscript><i>n</i>", "</noscript>"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(FRAGMENTS)
def test_an_outline_tells_of_each_element_what_the_tree_does(fragment: str) -> None:
    tree = parse(f"<html><body>{fragment}</body></html>")
    page = Outline(tree)
    assert not any(above.tag == "svg" for e in page.elements for above in e.iterancestors())
    for at, element in enumerate(page.elements):
        assert page.text(at) == text_of(element)
        assert page.attributes[at] == dict(element.attrib)
        assert at == 0 or page.elements[page.parents[at]] is element.getparent()
        assert [page.elements[n] for n in page.within(at, "a")] == list(element.iter("a"))
        assert all(page.elements[n].getparent() is element for n in page.children(at))


def test_what_is_dropped_from_an_outline_is_gone_from_text_and_tree() -> None:
    page = Outline(parse("<html><body><p>One <b>two <i>three</i></b> four</p></body></html>"))
    (bold,), (paragraph,) = page.of("b"), page.of("p")
    page.drop(bold)
    assert (page.text(bold), page.text(paragraph), text_of(page.tree)) == ("", "One four", "One four")
    assert [page.tags[at] for at in page.living()] == ["html", "body", "p"]
    assert page.size(paragraph) == len("One two three four")


def test_links_are_absolute_and_of_the_web() -> None:
    tree = parse(
        "<html><head><base href='/news/'>"
        "<link rel='Alternate feed' type='application/rss+xml' href='/rss'></head><body>"
        "<a href='bridge'>The  <b>bridge</b></a><a href='mailto:x@y.example'>mail</a><a href='javascript:x()'>no</a>"
        "<a href='//cdn.example/x'>cdn</a><a>none</a><a href='http://['>broken</a></body></html>"
    )
    assert [(link.url, link.rel, link.media_type, link.text) for link in links(tree, "https://echo.example/a")] == [
        ("https://echo.example/rss", ("alternate", "feed"), "application/rss+xml", ""),
        ("https://echo.example/news/bridge", (), None, "The bridge"),
        ("https://cdn.example/x", (), None, "cdn"),
    ]


JSON_LD = [
    ("one object", '{"@type": "NewsArticle", "headline": "A"}', [("NewsArticle", "A")]),
    ("a list", '[{"@type": "A", "headline": "1"}, {"@type": "B", "headline": "2"}]', [("A", "1"), ("B", "2")]),
    ("two objects in one script", '{"@type": "A", "headline": "1"}{"@type": "B"}', [("A", "1"), ("B", None)]),
    ("address as type", '{"@type": "https://schema.org/NewsArticle"}', [("NewsArticle", None)]),
    ("line break in a string", '{"@type": "A", "headline": "one\ntwo"}', [("A", "one\ntwo")]),
    ("trailing commas", '{"@type": "A", "headline": "1",}', [("A", "1")]),
    ("comment and CDATA", '//<![CDATA[\n/* x */{"@type": "A"}\n//]]>', [("A", None)]),
    ("escaped quotes", "{&quot;@type&quot;: &quot;A&quot;}", [("A", None)]),
    ("not JSON", "var x = 1;", []),
    ("a number", "42", []),
    ("nothing", "", []),
    ("nested without end", "[" * 100_000, []),
]


@pytest.mark.parametrize(("name", "script", "expected"), JSON_LD, ids=[c[0] for c in JSON_LD])
def test_json_ld(name: str, script: str, expected: list[tuple[str, str | None]]) -> None:
    found = [(n.types[0], n.properties.get("headline")) for n in nodes([script])]
    assert found == expected


def test_json_ld_references_are_followed_within_the_graph() -> None:
    graph = (
        '{"@graph": [{"@id": "#a", "@type": "Person", "name": "Anna"}, {"@type": "Article", "author": {"@id": "#a"}}]}'
    )
    article = next(n for n in nodes([graph]) if n.types == ("Article",))
    assert isinstance(article, Node)
    assert article.properties["author"]["name"] == "Anna"
    assert article.depth == 0  # as a graph's own nodes are


def test_signals_are_the_pages_own_words() -> None:
    page = """<html lang="de-AT"><head><title> A  bridge </title><meta NAME="Author" content="Anna Ray">
    <meta property="og:title" content=""><meta property="og:title" content="A bridge returns">
    <link rel="canonical" href="/a"><link rel="amphtml" href="/amp/a"></head>
    <body><h1>A <em>bridge</em></h1><time datetime="2024-05-14">May 14</time>
    <aside><time datetime="2020-01-01">old</time></aside><input type="PASSWORD"></body></html>"""
    stated = signals(Outline(parse(page)), "https://echo.example/x")
    assert (stated.title_tag, stated.headings, stated.language) == ("A bridge", ("A bridge",), "de-AT")
    assert (stated.first("author"), stated.first("nothing", "og:title")) == ("Anna Ray", "A bridge returns")
    assert (stated.canonical_url, stated.amp_url) == ("https://echo.example/a", "https://echo.example/amp/a")
    assert [(t.stated, t.is_aside, t.is_below_heading) for t in stated.times] == [
        ("2024-05-14", False, True),
        ("2020-01-01", True, True),
    ]
    assert stated.has_password_field
