"""An agency counts where a text credits it, not where it quotes it."""

from __future__ import annotations

import pytest

from etl.dedup.agencies import agency_named


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("KYIV (Reuters) - The bridge was closed on Monday.", "Reuters"),
        ("PARIS (AFP) — The bridge was closed.", "AFP"),
        ("(AP) The bridge was closed.", "AP"),
        ("By Jane Doe, Associated Press\nThe bridge was closed.", "AP"),
        ("By Jane Doe, Bloomberg Correspondent\nThe bridge was closed.", "Bloomberg"),
        ("The bridge was closed.\n© dpa", "dpa"),
        ("The bridge was closed.\nSource: Interfax-Ukraine", "Interfax-Ukraine"),
        ("Міст закрито.\nДжерело: Укрінформ", "Ukrinform"),
        ("The bridge was closed.\n\nXinhua", "Xinhua"),
        ("The bridge was closed. (Reporting by Jane Doe; Editing by John Roe)", "Reuters"),
        ("The mayor told Reuters that the bridge was closed.", None),
        ("An AP reporter saw it.", None),
        ("The pa and the ap were closed. By the way, it rained.", None),
        ("The bridge (AParis) was closed.", None),
        ("", None),
        ("x" * 1000 + " (AFP) " + "x" * 1000, None),  # in the middle: somebody else's
    ],
)
def test_agency_named(text: str, agency: str | None) -> None:
    assert agency_named(text) == agency
