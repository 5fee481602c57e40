"""The registry: what is read, what is refused and how a person is told, and that adding keeps the file as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import RegistryError
from etl.records import Source, SourceKind
from etl.settings import ROOT
from etl.sources import registry

FEED = Source(name="courier", kind=SourceKind.FEED, url="https://courier.example/feed", outlet="The Courier")
ENTRY = "  - name: courier\n    kind: feed\n    url: https://courier.example/feed\n"


def parse(text: str) -> list[Source]:
    return registry.parse(text, name="sources.yaml")


def test_an_entry_and_its_defaults() -> None:
    assert parse(f"sources:\n{ENTRY}    outlet: The Courier\n") == [FEED]


def test_all_fields() -> None:
    text = f"""sources:
{ENTRY}    outlet: The Courier
    owner: Harbour Press
    country_code: GB
    language_code: en
    home_region: GB.ENG
    time_zone: Europe/London
    tier: 1
    terms: with thanks
    poll_minutes: 30
    is_enabled: false
    allow_private: true
"""
    [source] = parse(text)
    assert (source.owner, source.country_code, source.language_code) == ("Harbour Press", "GB", "en")
    assert (source.home_region, source.time_zone, source.tier) == ("GB.ENG", "Europe/London", 1)
    assert (source.terms, source.poll_minutes) == ("with thanks", 30)
    assert (source.is_enabled, source.allow_private) == (False, True)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("name: The Courier", "line 2: name: 'The Courier' is not allowed; write lower-case words"),
        ("name: 7", "line 2: name: 7 is not allowed"),
        ("kind: rss", "line 3: kind: 'rss' is not allowed; write one of feed, sitemap, pages, warc, files"),
        ("url: courier.example/feed", "url: 'courier.example/feed' is not allowed; a feed source has an address like"),
        ("url: ftp://courier.example/", "line 4: url: 'ftp://courier.example/' is not allowed"),
        ("url: http://", "line 4: url: 'http://' is not allowed"),
        ("url: http://a:99999/", "line 4: url: 'http://a:99999/' is not allowed"),
        ("outlet: ''", "line 5: outlet: '' is not allowed; write the publication's name, or null"),
        ("outlet: [a, b]", "line 5: outlet: ['…'] is not allowed"),
        (
            "country_code: NO",
            "line 5: country_code: False is not allowed; write two capital letters (ISO 3166)",
        ),
        ("country_code: uk", "line 5: country_code: 'uk' is not allowed"),
        ("language_code: eng", "line 5: language_code: 'eng' is not allowed"),
        ("time_zone: Mars/Olympus", "line 5: time_zone: 'Mars/Olympus' is not allowed; write an IANA name"),
        ("time_zone: ../etc/passwd", "line 5: time_zone"),
        ("time_zone: Europe", "line 5: time_zone"),
        ("tier: 4", "line 5: tier: 4 is not allowed; write 1 (agency or national)"),
        ("tier: true", "line 5: tier: True is not allowed"),
        ("poll_minutes: -1", "line 5: poll_minutes: -1 is not allowed"),
        ("is_enabled: 'yes'", "line 5: is_enabled: 'yes' is not allowed; write true or false"),
        ("teir: 1", "line 5: teir: unknown key, perhaps tier was meant; allowed are name, kind, url"),
        ("colour: red", "line 5: colour: unknown key; allowed are name, kind, url"),
        ("country_code: UK", "line 5: country_code: 'UK' is not allowed; write two capital letters (ISO 3166) of a"),
        ("language_code: jp", "line 5: language_code: 'jp' is not allowed; write two small letters (ISO 639-1) of a"),
        ("home_region: Texas", "line 5: home_region: 'Texas' is not allowed; write country and region like US.TX"),
        ("home_region: UK.ENG", "line 5: home_region: 'UK.ENG' is not allowed"),
        ("link_selector: 'a['", "line 5: link_selector: 'a[' is not allowed; write a CSS selector"),
        ("link_selector: h2 a", "line 5: link_selector: only a pages source has one, and this is a feed source"),
        ("terms: !!python/name:os.system ''", "line 5: terms: '' is not allowed"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(line: str, told: str) -> None:
    key = line.partition(":")[0]
    kept = [k for k in ENTRY.splitlines() if k.strip("- ").partition(":")[0] != key]
    entry = {"name": 0, "kind": 1, "url": 2}.get(key, 3)
    indent = "  - " if entry == 0 else "    "
    text = "\n".join(["sources:", *kept[:entry], indent + line, *kept[entry:]])
    with pytest.raises(RegistryError) as wrong:
        parse(text)
    assert told in str(wrong.value)


POLLED = {"feed": "https://a.example/feed", "sitemap": "https://a.example/map.xml", "pages": "https://a.example/news/"}
READ = {"files": "archive", "warc": "/data/CC-NEWS"}


@pytest.mark.parametrize(("kind", "url"), [*POLLED.items(), *READ.items(), ("warc", "crawl/warc.paths.gz")])
def test_every_kind(kind: str, url: str) -> None:
    [source] = parse(f"sources:\n  - {{name: a, kind: {kind}, url: '{url}', outlet: null}}\n")
    assert (source.kind, source.url, source.is_polled) == (SourceKind(kind), url, kind in POLLED)
    assert source.has_archive == (kind in {"sitemap", "warc", "files"})
    assert parse("sources:\n" + registry.dump([source])) == [source]


def test_a_page_list_with_its_selector() -> None:
    [source] = parse(
        "sources:\n  - {name: a, kind: pages, url: 'https://a.example/', link_selector: 'h2:has(a) > a'}\n"
    )
    assert source.link_selector == "h2:has(a) > a"


@pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        *((kind, "url: archive", f"line 4: url: 'archive' is not allowed; a {kind} source has an") for kind in POLLED),
        *(
            (kind, "url: http://a.example/", f"line 4: url: 'http://a.example/' is not allowed; a {kind}")
            for kind in READ
        ),
        *((kind, "poll_minutes: 5", "poll_minutes: a") for kind in READ),
        *((kind, "allow_private: true", "is not asked over the network; leave it out") for kind in READ),
        *((kind, "link_selector: a", "link_selector: only a pages source") for kind in ("sitemap", "warc", "files")),
    ],
)
def test_keys_that_do_not_go_together(kind: str, more: str, told: str) -> None:
    url = "" if more.startswith("url") else f"    url: {(POLLED | READ)[kind]}\n"
    with pytest.raises(RegistryError) as wrong:
        parse(f"sources:\n  - name: a\n    kind: {kind}\n{url}    {more}\n")
    assert told in str(wrong.value)


def test_every_problem_is_told_at_once() -> None:
    text = f"sources:\n  - name: x\n{ENTRY}{ENTRY}  - just text\nmore: 1\n"
    with pytest.raises(RegistryError) as wrong:
        parse(text)
    said = str(wrong.value)
    assert "line 2: kind: missing" in said
    assert "line 2: url: missing" in said
    assert "line 6: name: 'courier' stands in line 3 already" in said
    assert "line 9: an entry is a block" in said
    assert "line 10: more" in said
    assert said.startswith("The source registry is wrong: sources.yaml.")


@pytest.mark.parametrize(
    "text", ["", "[]", "just text", "sources: 3", "sources:\n  name: x", "a: [", "? [a]\n: b", "[" * 1200, "\0"]
)
def test_a_file_of_another_form(text: str) -> None:
    with pytest.raises(RegistryError):
        parse(text)


def test_a_key_given_twice() -> None:
    with pytest.raises(RegistryError, match="line 5: kind: given twice"):
        parse(f"sources:\n{ENTRY}    kind: feed\n")


def test_no_sources_yet() -> None:
    assert parse("sources:\n") == parse("sources: []\n") == []


@given(st.text(max_size=60))
def test_no_text_makes_it_crash(text: str) -> None:
    try:
        parse(text)
    except RegistryError:
        return


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"nowhere\.yaml"):
        registry.read(tmp_path / "nowhere.yaml")


BEFORE = """# Our sources.
sources:
  # the local paper
  - {name: old, kind: feed, url: "https://old.example/", outlet: null}   # flow style is fine
  - name: archive
    kind: files
    url: archive
    outlet: null"""  # no line break at the end


def test_adding_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(BEFORE)
    registry.append(path, [FEED, replace(FEED, name="second", time_zone="Europe/Kyiv", is_enabled=False)])
    assert (
        path.read_text()
        == BEFORE
        + """
  - name: courier
    kind: feed
    url: https://courier.example/feed
    outlet: The Courier
  - name: second
    kind: feed
    url: https://courier.example/feed
    outlet: The Courier
    time_zone: Europe/Kyiv
    is_enabled: false
"""
    )
    assert [s.name for s in registry.read(path)] == ["old", "archive", "courier", "second"]


def test_adding_to_no_file_and_to_entries_without_indent(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    registry.append(path, [FEED])
    assert registry.read(path) == [FEED]
    flat = tmp_path / "flat.yaml"
    flat.write_text("sources:\n- name: a\n  kind: files\n  url: a\n")
    registry.append(flat, [FEED])
    assert flat.read_text().splitlines()[4] == "- name: courier"


FLOW = "sources: [{name: a, kind: files, url: a}]\n"


@pytest.mark.parametrize("before", ["sources: []\n", FLOW, "sources:\n" + ENTRY])
def test_what_cannot_be_added_changes_nothing(tmp_path: Path, before: str) -> None:
    """A list in flow style has no end to append to; a name may be taken."""
    path = tmp_path / "sources.yaml"
    path.write_text(before)
    with pytest.raises(RegistryError):
        registry.append(path, [FEED])
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]


NAMES = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
TEXTS = st.one_of(st.none(), st.text(min_size=1, max_size=40).filter(lambda t: bool(t.strip()) and t.isprintable()))


@given(NAMES, TEXTS, TEXTS, st.sampled_from([None, "NO", "GB"]), st.sampled_from([None, "no", "en"]))
def test_what_is_dumped_reads_back(
    name: str, outlet: str | None, terms: str | None, country: str | None, language: str | None
) -> None:
    source = replace(FEED, name=name, outlet=outlet, terms=terms, country_code=country, language_code=language)
    assert parse("sources:\n" + registry.dump([source])) == [source]


def test_the_registry_that_is_shipped() -> None:
    sources = registry.read(ROOT / "seeds" / "sources.yaml")
    feeds = [s for s in sources if s.kind is SourceKind.FEED]
    assert [s.name for s in sources if s.has_archive] == ["lysychansk-report"]
    assert len(feeds) >= 20
    assert len({s.country_code for s in feeds}) >= 10
    assert len({s.language_code for s in feeds}) >= 8
    assert all(s.outlet and s.owner and s.country_code and s.language_code for s in feeds)
    assert all(s.time_zone != "UTC" and s.url.startswith("https://") for s in feeds)
