"""Cover of address ranges, against the standard library's ipaddress."""

from __future__ import annotations

import ipaddress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate_policies.exposure.cidr import IPV4, IPV6, is_much, open_families, parse

V4 = st.integers(0, 2**32 - 1)
V6 = st.integers(0, 2**128 - 1)


@given(V4, st.integers(0, 32))
def test_ipv4_block(address: int, prefix: int) -> None:
    text = f"{ipaddress.IPv4Address(address)}/{prefix}"
    network = ipaddress.IPv4Network(text, strict=False)
    assert parse(text) == (IPV4, int(network.network_address), int(network.broadcast_address))


@given(V6, st.integers(0, 128), st.sampled_from(["compressed", "exploded"]))
def test_ipv6_block(address: int, prefix: int, form: str) -> None:
    written = getattr(ipaddress.IPv6Address(address), form)
    network = ipaddress.IPv6Network(f"{written}/{prefix}", strict=False)
    assert parse(f"{written}/{prefix}") == (IPV6, int(network.network_address), int(network.broadcast_address))


@given(st.text(alphabet="0123456789abcdef.:/*-+ \u0661", max_size=45) | st.text(max_size=80))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    found = parse(text)
    if found is not None:
        address = text.strip().partition("/")[0]
        ipaddress.ip_address(address)  # we read nothing that the standard library does not
        assert found[1] <= found[2]


@pytest.mark.parametrize(
    "text", ["", "/", "0.0.0.0/33", "0.0.0.0/-1", "1.2.3", "1.2.3.4.5", "::/129", ":::", "1::2::3", "x", None, 5, True]
)
def test_what_is_no_range_counts_for_nothing(text: object) -> None:
    assert parse(text) is None
    assert open_families([text]) == frozenset()


@pytest.mark.parametrize(
    ("ranges", "families"),
    [
        (["0.0.0.0/0"], {IPV4}),
        (["::/0"], {IPV6}),
        (["0:0:0:0:0:0:0:0/0", "0.0.0.0/0"], {IPV4, IPV6}),
        (["0.0.0.0/1", "128.0.0.0/1"], {IPV4}),
        (["2000::/3"], {IPV6}),
        (["2000::/4"], {IPV6}),
        (["0.0.0.0/4", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/3", "100.0.0.0/6", "128.0.0.0/2", "1.2.3.4"], {IPV4}),
        (["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"], set()),
        (["fc00::/7", "fe80::/10"], set()),
        (["128.0.0.0/2"], set()),
        ([], set()),
    ],
)  # fmt: skip
def test_everybody(ranges: list[str], families: set[str]) -> None:
    assert open_families(ranges) == families


@given(st.lists(st.tuples(V4, V4), max_size=12), st.randoms())
def test_cover_is_the_size_of_the_union_in_any_order(pairs: list[tuple[int, int]], random: object) -> None:
    ranges = [(min(p), max(p)) for p in pairs]
    points = sorted({p for low, high in ranges for p in (low, high + 1)})
    size = sum(b - a for a, b in pairwise(points) if any(low <= a <= high for low, high in ranges))
    assert is_much(IPV4, ranges) == (size >= 2**31)
    random.shuffle(ranges)  # type: ignore[attr-defined]
    assert is_much(IPV4, ranges) == (size >= 2**31)


@given(st.integers(0, 31), st.lists(V4, max_size=5))
def test_the_whole_split_in_any_number_of_parts_is_the_whole(prefix: int, more: list[int]) -> None:
    depth = min(prefix, 8)
    parts = [f"{ipaddress.IPv4Address(i << (32 - depth))}/{depth}" for i in range(2**depth)]
    assert open_families([*parts, *(str(ipaddress.IPv4Address(m)) for m in more)]) == {IPV4}
