"""Which addresses may be dialled, however they are spelled."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import Reason
from etl.fetch.guard import Endpoint, FetchError, endpoints, is_public


@pytest.mark.parametrize(
    "ip",
    ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:0808:0808::1"],
)
def test_public_addresses(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    ("ip", "why"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback, all of 127/8"),
        ("0.0.0.0", "this host"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("192.168.1.1", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("169.254.169.254", "link-local: the clouds' metadata service"),
        ("192.0.2.1", "documentation"),
        ("198.18.0.1", "benchmarking"),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "broadcast"),
        ("::1", "loopback"),
        ("::", "unspecified"),
        ("::127.0.0.1", "IPv4-compatible, long deprecated"),
        ("::ffff:127.0.0.1", "mapped loopback"),
        ("::ffff:169.254.169.254", "mapped link-local"),
        ("64:ff9b::10.0.0.1", "NAT64 of a private address"),
        ("64:ff9b:1::1", "local-use NAT64"),
        ("2002:7f00:0001::", "6to4 of loopback"),
        ("2001:0:4136:e378::1", "Teredo"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local with a zone"),
        ("fec0::1", "site-local, deprecated"),
        ("fd00::1", "unique local"),
        ("ff02::1", "multicast"),
        ("2001:db8::1", "documentation"),
        ("not an address", "nonsense"),
    ],
)
def test_addresses_that_are_not_public(ip: str, why: str) -> None:
    assert not is_public(ip), why


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.0.1.",
        "::1",
        "0",
    ],
)
def test_a_numeric_host_is_judged_whatever_its_spelling(host: str) -> None:
    def must_not_be_asked(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was looked up")

    with pytest.raises(FetchError) as refused:
        endpoints(host, 80, pins={}, allow_private=False, resolve=must_not_be_asked, timeout_s=1)
    assert refused.value.reason is Reason.ADDRESS_REFUSED


@given(st.integers(0, 255), st.integers(0, 2**24 - 1))
def test_mapping_an_address_into_ipv6_changes_no_verdict(first: int, rest: int) -> None:
    ip = f"{first}.{rest >> 16}.{rest >> 8 & 255}.{rest & 255}"
    assert is_public(ip) == is_public(f"::ffff:{ip}") == is_public(f"64:ff9b::{ip}")


def ask(host: str, *answer: str, allow_private: bool = False) -> tuple[Endpoint, ...]:
    return endpoints(
        host, 80, pins={"news.example": "127.0.0.1:8123"}, allow_private=allow_private,
        resolve=lambda _host, _port: answer, timeout_s=1,
    )  # fmt: skip


def test_a_name_is_judged_by_what_it_resolves_to() -> None:
    with pytest.raises(FetchError, match=r"harmless\.example is 10\.0\.0\.1"):
        ask("harmless.example", "10.0.0.1")


def test_of_several_addresses_only_the_public_ones_are_dialled() -> None:
    assert ask("mixed.example", "127.0.0.1", "8.8.8.8", "::1") == (Endpoint("8.8.8.8", 80),)


def test_leave_is_given_by_name() -> None:
    assert ask("news.example") == (Endpoint("127.0.0.1", 8123),)
    assert ask("intranet.example", "10.0.0.1", allow_private=True) == (Endpoint("10.0.0.1", 80),)


def test_a_name_that_does_not_resolve() -> None:
    with pytest.raises(FetchError, match="no address") as failed:
        ask("empty.example")
    assert failed.value.reason is Reason.DNS_FAILED


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    def hangs(host: str, port: int) -> list[str]:
        time.sleep(2)
        return ["8.8.8.8"]

    began = time.monotonic()
    with pytest.raises(FetchError) as failed:
        endpoints(
            "slow.example", 80, pins={}, allow_private=False,
            resolve=hangs, timeout_s=0.05,
        )  # fmt: skip
    assert failed.value.reason is Reason.TIMED_OUT
    assert time.monotonic() - began < 1
