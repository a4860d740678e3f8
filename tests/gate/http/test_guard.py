from __future__ import annotations

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.http import DeliveryError, Rules, guard

PLAIN, OWN, TEST = Rules(), Rules(private=True), Rules(insecure=True)
NEVER = [
    "169.254.169.254", "169.254.170.2", "fe80::1", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "0.0.0.0", "::",
    "224.0.0.1", "ff02::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1",
]  # fmt: skip
HERE = ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"]
PRIVATE = ["10.0.0.1", "172.16.5.4", "192.168.1.1", "fd12:3456::1", "100.64.0.1", "::ffff:10.0.0.1", "2002:a00:1::"]
PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "8.8.8.8", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("rules", [PLAIN, OWN, TEST, Rules(True, True)])
def test_metadata_and_what_is_no_server_is_never_reached(address: str, rules: Rules) -> None:
    assert guard.forbidden(address, rules)


@pytest.mark.parametrize("address", HERE)
def test_this_machine_is_reached_in_tests_only(address: str) -> None:
    assert guard.forbidden(address, PLAIN)
    assert guard.forbidden(address, OWN)
    assert guard.forbidden(address, TEST) is None


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_reached_where_settings_say_so(address: str) -> None:
    assert guard.forbidden(address, PLAIN)
    assert guard.forbidden(address, TEST)
    assert guard.forbidden(address, OWN) is None


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_reached(address: str) -> None:
    assert guard.forbidden(address, PLAIN) is None


@given(st.ip_addresses())
def test_whatever_is_allowed_is_a_global_address(address: Any) -> None:
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
    if guard.forbidden(str(address), PLAIN) is None:
        assert inner.is_global
        assert not inner.is_link_local


def test_one_forbidden_address_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: object, **__: object) -> list[Any]:
        return [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("169.254.169.254", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(DeliveryError) as caught:
        guard.addresses("rebind.example.com", 443, PLAIN)
    assert caught.value.retry == "no"


@pytest.mark.parametrize("written", ["127.1", "0x7f000001", "2130706433", "017700000001", "localhost"])
def test_odd_ways_to_write_this_machine_are_resolved_first(written: str) -> None:
    with pytest.raises(DeliveryError):
        guard.addresses(written, 443, PLAIN)
