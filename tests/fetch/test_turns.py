"""Slots taken several at a time: how many, how far apart, and when those in hand are let go."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from etl.errors import Reason
from etl.fetch.hosts import MemoryHosts, Slot
from etl.fetch.turns import Turns
from tests.fetch.conftest import NOW

HOST = "news.example"


class Counting(MemoryHosts):
    """Counts how often it is asked; its clock stands still until a test moves it."""

    def __init__(self) -> None:
        self.passed_s = 0.0
        self.asked: list[int] = []
        super().__init__(self.now)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.passed_s)

    def seconds(self) -> float:
        return self.passed_s

    def reserve(self, host: str, delay_s: float, max_wait_s: float, slots: int = 1) -> Slot:
        self.asked.append(slots)
        return super().reserve(host, delay_s, max_wait_s, slots)


@pytest.fixture
def hosts() -> Counting:
    return Counting()


@pytest.fixture
def turns(hosts: Counting) -> Turns:
    return Turns(hosts, hosts.seconds)


@pytest.mark.parametrize(("delay_s", "asked"), [(0, [20, 20]), (0.1, [10] * 4), (0.4, [2] * 20), (1, [1] * 40)])
def test_close_slots_are_asked_for_together(hosts: Counting, turns: Turns, delay_s: float, asked: list[int]) -> None:
    began = []
    for _ in range(40):
        hosts.passed_s += turns.take(HOST, delay_s, 60).wait_s
        began.append(hosts.passed_s)
    assert hosts.asked == asked
    assert began == pytest.approx([n * delay_s for n in range(40)])


def test_requests_that_take_long_come_no_closer_than_the_pause(hosts: Counting, turns: Turns) -> None:
    began = []
    for took_s in [0.0, 0.35, 0.02, 0.0, 0.9, 0.0, 0.0, 3.0, 0.0, 0.0]:
        hosts.passed_s += turns.take(HOST, 0.2, 60).wait_s
        began.append(hosts.passed_s)
        hosts.passed_s += took_s
    assert min(b - a for a, b in pairwise(began)) >= 0.2 - 1e-9


def test_two_workers_never_get_one_slot(hosts: Counting, turns: Turns) -> None:
    other = Turns(hosts, hosts.seconds)
    comes = sorted(t.take(HOST, 0.25, 60).wait_s for t in [turns, other] * 6)
    assert min(b - a for a, b in pairwise(comes)) >= 0.25 - 1e-9


def test_a_pause_told_to_us_is_kept_at_once(turns: Turns) -> None:
    turns.take(HOST, 0, 60)
    turns.back_off(HOST, 300, Reason.RATE_LIMITED)
    assert turns.take(HOST, 0, 60) == Slot(wait_s=300, is_taken=False, pause=Reason.RATE_LIMITED)


def test_a_pause_told_to_another_worker_is_kept_within_a_second(hosts: Counting, turns: Turns) -> None:
    turns.take(HOST, 0, 60)
    hosts.back_off(HOST, 300, Reason.RATE_LIMITED)
    hosts.passed_s += 1.1
    assert not turns.take(HOST, 0, 60).is_taken
