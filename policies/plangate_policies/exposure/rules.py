"""Firewall rules of every cloud in one form, and how they are read from AWS resources."""

from __future__ import annotations

from plangate import ABSENT, Block, Items, is_unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    Reader = Callable[[Any], Iterator["Rule"]]
    Ports = list[tuple[float, float]]

ALL_PORTS: Ports = [(0, 65535)]
_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "-1": "all", "*": "all", "any": "all"}


class Rule:
    """One rule that lets in (or keeps out).

    `transport` is "tcp", "udp", "all" or another word; `ports` inclusive ranges; `sources` address ranges as text.
    Each of `allow`, `transport` and `ports` may be an Unknown, and so may elements of `sources`. `order` is the rank
    among rules of which the first that fits decides, None where all of them count. `said` is how it opens, where it
    is not alone.
    """

    __slots__ = ("allow", "order", "path", "ports", "said", "sources", "transport")

    def __init__(
        self, path: str, transport: Any, ports: Any, sources: list[Any], allow: Any = True, order: Any = None
    ) -> None:
        self.path, self.transport, self.ports, self.sources = path, transport, ports, sources
        self.allow, self.order, self.said = allow, order, ""


def transport_of(value: Any) -> Any:
    """A protocol as "tcp", "udp", "all" or another lower-case word; what is not set is "all"."""
    if is_unknown(value):
        return value
    text = str(value).lower() if isinstance(value, str | int | float) else "all"
    return _NUMBERS.get(text, text) or "all"


def number(value: Any) -> float | None:
    """A port as a number, also where it is written as text; None for what is none."""
    if isinstance(value, str):
        text = value.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def ports_of(transport: Any, first: Any, last: Any) -> Any:
    """The ports of a rule that has a first and a last one. Where the protocol has none, or a port is -1, all."""
    if not is_unknown(transport) and transport not in ("tcp", "udp"):
        return ALL_PORTS
    unknown = [value for value in (first, last) if is_unknown(value)]
    if unknown:
        return unknown[0]
    low, high = number(first), number(last)
    if is_unknown(transport) and low == high == 0:
        return transport  # as every port is written where the protocol is every one
    if low is None or high is None or low < 0 or high < 0:
        return ALL_PORTS  # not a number, so nothing that limits it
    return [(low, high)]


def texts(value: Any, *more: Any) -> list[Any]:
    """All elements of lists, and texts by themselves; of an unknown list its Unknown, of one left out nothing."""
    found: list[Any] = []
    for one in (value, *more):
        if is_unknown(one):
            if one.state != "left_out":
                found.append(one)
        elif isinstance(one, Items):
            found += list(one)
        elif isinstance(one, str):
            found.append(one)
    return found


def blocks(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The blocks at a path, each with its own path; an Unknown for what is not known, nothing for what is left out."""
    if is_unknown(value):
        if value.state != "left_out":
            yield path, value
    elif isinstance(value, Items):
        for at, block in enumerate(value):
            if is_unknown(block) or isinstance(block, Block):
                yield f"{path}[{at}]", block
    elif isinstance(value, Block):
        yield path, value


def unknown_rule(path: str, unknown: Any) -> Rule:
    """A rule of which nothing is known."""
    return Rule(path, unknown, unknown, [unknown], unknown)


# -- AWS ------------------------------------------------------------------------------------------------------


def aws_group(direction: str) -> Reader:
    """The inline blocks of aws_security_group and aws_default_security_group, `ingress` or `egress`."""

    def read(body: Any) -> Iterator[Rule]:
        for path, block in blocks(body[direction], direction):
            if is_unknown(block):
                yield unknown_rule(path, block)
                continue
            transport = transport_of(block["protocol"])
            ports = ports_of(transport, block["from_port"], block["to_port"])
            yield Rule(path, transport, ports, texts(block["cidr_blocks"], block["ipv6_cidr_blocks"]))

    return read


def aws_group_rule(direction: str) -> Reader:
    """aws_security_group_rule of one direction."""

    def read(body: Any) -> Iterator[Rule]:
        kind, transport = body["type"], transport_of(body["protocol"])
        if is_unknown(kind) or kind == direction:
            ports = ports_of(transport, body["from_port"], body["to_port"])
            sources = texts(body["cidr_blocks"], body["ipv6_cidr_blocks"])
            yield Rule("cidr_blocks", transport, ports, sources, kind if is_unknown(kind) else True)

    return read


def aws_vpc_rule(body: Any) -> Iterator[Rule]:
    """aws_vpc_security_group_ingress_rule and its egress kin."""
    transport = transport_of(body["ip_protocol"])
    ports = ports_of(transport, body["from_port"], body["to_port"])
    ipv4, ipv6 = texts(body["cidr_ipv4"]), texts(body["cidr_ipv6"])
    yield Rule("cidr_ipv4" if ipv4 else "cidr_ipv6", transport, ports, [*ipv4, *ipv6])


def aws_acl(body: Any) -> Iterator[Rule]:
    """The inline blocks of aws_network_acl and aws_default_network_acl; the lowest number that fits decides."""
    for path, block in blocks(body["ingress"], "ingress"):
        if is_unknown(block):
            yield unknown_rule(path, block)
        else:
            yield _acl_entry(path, block, block["action"], block["rule_no"])


def aws_acl_rule(body: Any) -> Iterator[Rule]:
    """aws_network_acl_rule; `egress` is false when it is not set. For other rules of the list see ranked_rules."""
    if not body["egress"]:
        yield _acl_entry("cidr_block", body, body["rule_action"], body["rule_number"])


def _acl_entry(path: str, block: Any, action: Any, order: Any) -> Rule:
    transport = transport_of(block["protocol"])
    ports = ports_of(transport, block["from_port"], block["to_port"])
    allow = action if is_unknown(action) else action is ABSENT or str(action).lower() == "allow"
    sources = texts(block["cidr_block"], block["ipv6_cidr_block"])
    return Rule(path, transport, ports, sources, allow, order if is_unknown(order) else number(order))
