"""Firewall rules of Azure and Google in the form of `rules`."""

from __future__ import annotations

from plangate import is_unknown

from .rules import ALL_PORTS, Rule, blocks, number, texts, transport_of, unknown_rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_WORLD = ("0.0.0.0/0", "::/0")
# Service tags and short forms that mean every address: Azure documentation, "Virtual network service tags".
_AZURE_EVERYBODY = ("*", "any", "internet", "0.0.0.0", "/0", "<nw>/0")  # noqa: S104 - to find it, not to bind


def azure_group(body: Any) -> Iterator[Rule]:
    """The inline `security_rule` blocks of azurerm_network_security_group."""
    for path, block in blocks(body["security_rule"], "security_rule"):
        if is_unknown(block):
            yield unknown_rule(path, block)
        else:
            yield from _azure(path, block)


def azure_rule(body: Any) -> Iterator[Rule]:
    """azurerm_network_security_rule."""
    yield from _azure("source_address_prefix", body)


def _azure(path: str, block: Any) -> Iterator[Rule]:
    direction, access = block["direction"], block["access"]
    if not is_unknown(direction) and str(direction).lower() != "inbound":
        return
    allow = access if is_unknown(access) else str(access).lower() == "allow"
    if is_unknown(direction):
        if allow is False:
            return  # it may deny what goes out
        allow = direction
    ports = port_list([*texts(block["destination_port_range"]), *texts(block["destination_port_ranges"])])
    sources = [_azure_source(s) for s in texts(block["source_address_prefix"], block["source_address_prefixes"])]
    priority = block["priority"]
    order = priority if is_unknown(priority) else number(priority)
    yield Rule(path, transport_of(block["protocol"]), ports, [s for two in sources for s in two], allow, order)


def _azure_source(value: Any) -> tuple[Any, ...]:
    if is_unknown(value):
        return (value,)
    return _WORLD if str(value).strip().lower() in _AZURE_EVERYBODY else (value,)


def azure_nat_rules(body: Any) -> Iterator[Rule]:
    """azurerm_firewall_nat_rule_collection: what a firewall lets in and passes on."""
    for path, block in blocks(body["rule"], "rule"):
        if is_unknown(block):
            yield unknown_rule(path, block)
            continue
        sources = [s for value in texts(block["source_addresses"]) for s in _azure_source(value)]
        for protocol in texts(block["protocols"]) or ["all"]:
            yield Rule(path, transport_of(protocol), port_list(texts(block["destination_ports"])), sources)


def google_firewall(body: Any) -> Iterator[Rule]:
    """google_compute_firewall: INGRESS unless it says otherwise, and nothing where it is disabled."""
    direction, disabled = body["direction"], body["disabled"]
    if not is_unknown(direction) and str(direction).upper() == "EGRESS":
        return
    if not is_unknown(disabled) and disabled is True:
        return
    doubt = next((v for v in (disabled, direction) if is_unknown(v) and v.state != "left_out"), True)
    sources = texts(body["source_ranges"])
    for path, block in blocks(body["allow"], "allow"):
        if is_unknown(block):
            yield unknown_rule(path, block)
        else:
            ports = block["ports"]
            known = ports if is_unknown(ports) else port_list(texts(ports))
            yield Rule(path, transport_of(block["protocol"]), known, sources, doubt)


def google_policy_rule(body: Any) -> Iterator[Rule]:
    """google_compute_firewall_policy_rule, and those of network firewall policies."""
    direction, action, disabled = body["direction"], body["action"], body["disabled"]
    if not is_unknown(direction) and str(direction).upper() != "INGRESS":
        return
    if not is_unknown(disabled) and disabled is True:
        return
    allow = action if is_unknown(action) else str(action).lower() == "allow"
    for path, match in blocks(body["match"], "match"):
        if is_unknown(match):
            yield unknown_rule(path, match)
            continue
        sources = texts(match["src_ip_ranges"])
        for at, layer in blocks(match["layer4_configs"], f"{path}.layer4_configs"):
            if is_unknown(layer):
                yield unknown_rule(at, layer)
            else:
                ports = layer["ports"]
                known = ports if is_unknown(ports) else port_list(texts(ports))
                yield Rule(at, transport_of(layer["ip_protocol"]), known, sources, allow)


def port_list(words: list[Any]) -> Any:
    """Ports written as `22`, `8000-8080` or `*`; none at all means every port. An Unknown when one of them is."""
    found: list[tuple[float, float]] = []
    unknown = None
    for word in words:
        if is_unknown(word):
            unknown = word
            continue
        low, dash, high = str(word).partition("-")
        first, last = number(low), number(high if dash else low)
        if first is None or last is None:
            return ALL_PORTS
        found.append((first, last))
    if unknown is not None:
        return unknown
    return found or ALL_PORTS
