"""One switch is turned, and nothing else in the file changes."""

from __future__ import annotations

import pytest

from etl.errors import RegistryError
from etl.sources import registry
from etl.sources.registry_edit import set_enabled

TEXT = """# Our sources.
sources:
  - kind: feed
    name: a  # the local paper
    url: https://a.example/
    outlet: A
  # kept for its name
  - name: b
    is_enabled: false   # for now
    kind: feed
    url: https://b.example/
    outlet: null
  - {name: c, kind: feed, url: "https://c.example/", outlet: null}
"""


def switched(name: str, is_enabled: bool) -> str:
    return set_enabled(TEXT, name, is_enabled, name="sources.yaml")


def test_a_line_is_added_and_taken_as_it_stands() -> None:
    assert switched("a", False) == TEXT.replace("local paper\n", "local paper\n    is_enabled: false\n")
    assert switched("b", True) == TEXT.replace("is_enabled: false", "is_enabled: true")
    assert switched("a", True) == switched("b", False) == TEXT


def test_off_and_on_again() -> None:
    off = switched("a", False)
    assert [s.is_enabled for s in registry.parse(off, name="x")] == [False, False, True]
    on = set_enabled(off, "a", True, name="x")
    assert registry.parse(on, name="x") == registry.parse(TEXT, name="x")


@pytest.mark.parametrize(("name", "told"), [("c", "must be edited by hand"), ("d", "no source 'd'")])
def test_what_cannot_be_switched_says_why(name: str, told: str) -> None:
    with pytest.raises(RegistryError, match=told):
        switched(name, False)
