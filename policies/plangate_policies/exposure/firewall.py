"""What firewall rules leave open to everybody.

`asks` of an entry says what is looked for: {"ports": [22], "named": "SSH (port 22)"}, optionally with "transports";
{"all_ports": true}; {"services": true}: the services of `ports.json`; {"others": true}: any other port;
{"transport_only": "udp"}: any port of a protocol.
"""

from __future__ import annotations

from plangate import is_unknown
from plangate_policies.tables import load

from . import other_rules, prefix_lists, ranked_rules, rules, together
from .cidr import open_families
from .since import Fault, body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

    from .rules import Reader, Rule

INGRESS: dict[str, Reader] = {
    "aws_security_group": rules.aws_group("ingress"),
    "aws_default_security_group": rules.aws_group("ingress"),
    "aws_security_group_rule": rules.aws_group_rule("ingress"),
    "aws_vpc_security_group_ingress_rule": rules.aws_vpc_rule,
    "aws_network_acl": rules.aws_acl,
    "aws_default_network_acl": rules.aws_acl,
    "aws_network_acl_rule": rules.aws_acl_rule,
    "azurerm_network_security_group": other_rules.azure_group,
    "azurerm_network_security_rule": other_rules.azure_rule,
    "azurerm_firewall_nat_rule_collection": other_rules.azure_nat_rules,
    "google_compute_firewall": other_rules.google_firewall,
    "google_compute_firewall_policy_rule": other_rules.google_policy_rule,
    "google_compute_network_firewall_policy_rule": other_rules.google_policy_rule,
    "google_compute_region_network_firewall_policy_rule": other_rules.google_policy_rule,
}
EGRESS: dict[str, Reader] = {
    "aws_security_group": rules.aws_group("egress"),
    "aws_default_security_group": rules.aws_group("egress"),
    "aws_security_group_rule": rules.aws_group_rule("egress"),
    "aws_vpc_security_group_egress_rule": rules.aws_vpc_rule,
}
WEB = (80, 443)
_ADMIN = (22, 3389)
_TRANSPORTS = ("tcp", "udp")


class Doubt:
    """The first thing that a judgement would have to know and cannot."""

    __slots__ = ("unknown",)

    def __init__(self) -> None:
        self.unknown: Any = None

    def on(self, unknown: Any) -> None:
        if self.unknown is None:
            self.unknown = unknown

    def ask(self) -> None:
        """Raises UnknownValue when there was one."""
        if self.unknown is not None:
            bool(self.unknown)


def faults(change: Change, side: str, entry: Row, settings: dict[str, Any]) -> Iterator[Fault]:
    """What is open, of one resource; raises UnknownValue behind what is certain."""
    asks = entry["asks"]
    rules = _open_rules(change, side, bool(asks.get("egress")))
    if not rules:
        return
    doubt = Doubt()
    find = next(made for name, made in _FINDERS.items() if name in asks)
    closed: frozenset[str] = frozenset()
    for rule, everybody, untold in rules:
        keys, text, severity = find(rule, asks, settings)
        if text is None:
            continue
        if not is_unknown(rule.allow) and rule.allow is False:
            if rule.order is not None and not _unknowns(rule) and _whole(rule, asks):
                closed |= everybody
            continue
        families = everybody - closed
        unknown = [v for v in (rule.allow, rule.transport, rule.ports) if is_unknown(v)]
        if unknown or not families:
            if families or untold:
                doubt.on((unknown or untold)[0])
            continue
        whom = " and ".join(sorted(families))
        opened = {(key, family) for key in keys for family in families}
        yield Fault(opened, f"{text} to every {whom} address{rule.said}.", rule.path or None, severity)
    doubt.ask()


def _open_rules(change: Change, side: str, egress: bool) -> list[tuple[Rule, frozenset[str], list[Any]]]:
    """The rules that let somebody from everywhere in, or may: (rule, families, sources not known). Most have none;
    ten policies ask."""
    key = "exposure/firewall", id(change), side, egress
    plan = change.plan
    known: tuple[list[tuple[Rule, frozenset[str], list[Any]]], list[Change]] | None = plan.memo.get(key)
    if known is None:
        looked = len(plan.read)
        earlier = ranked_rules.earlier(change, side) if change.type in ranked_rules.KINDS else []
        listed = prefix_lists.held(change, side) if change.type in prefix_lists.NAMES and not egress else {}
        found = []
        reader = (EGRESS if egress else INGRESS)[change.type]
        own = list(reader(body_of(change, side)))
        for rule in own if listed else ():
            rule.sources = [*rule.sources, *listed.get(rule.path, listed.get("", ()))]
        if any(together.is_large(source) for rule in own for source in rule.sources):
            own += together.joined(change, side, own, reader)
        for rule in _ordered([*earlier, *own]):
            families = open_families(rule.sources)
            untold = [source for source in rule.sources if is_unknown(source)]
            if families or untold:
                found.append((rule, families, untold))
        known = plan.memo[key] = found, plan.read[looked:]
    else:
        plan.read += known[1]  # what was looked at for it, for each policy that asks
    return known[0]


def _ordered(every: list[Rule]) -> list[Rule]:
    """In the order in which they decide, where they have one."""
    if len(every) > 1 and all(type(r.order) in (int, float) for r in every):
        every.sort(key=lambda rule: float(rule.order))
    elif len(every) > 1:
        for rule in every:
            rule.order = None  # of some the rank is not known: a denial proves nothing
    return every


def _unknowns(rule: Rule) -> bool:
    return any(is_unknown(v) for v in (rule.transport, rule.ports, *rule.sources))


def _whole(rule: Rule, asks: Row) -> bool:
    """Whether a denial closes all that is asked about, and not a part of it."""
    if rule.transport != "all" and (len(asks.get("transports", _TRANSPORTS[:1])) > 1 or "ports" not in asks):
        return False
    wanted = asks.get("ports", (0, 65535))
    return any(low <= min(wanted) and max(wanted) <= high for low, high in rule.ports)


# What is looked for in one rule: (keys, the beginning of the message, severity). No keys and a text: perhaps,
# something is not known. No keys and no text: no.
_NO: tuple[tuple[Any, ...], str | None, str | None] = ((), None, None)


def _speaks(rule: Rule, transports: Any) -> bool | None:
    if is_unknown(rule.transport):
        return None
    return rule.transport == "all" or rule.transport in transports


def _holds(rule: Rule, port: float) -> bool | None:
    if is_unknown(rule.ports):
        return None
    for low, high in rule.ports:  # noqa: SIM110 - asked for each service of each rule: any() takes twice the time
        if low <= port <= high:
            return True
    return False


def _ports(rule: Rule, asks: Row, _: dict[str, Any]) -> Any:
    speaks = _speaks(rule, asks.get("transports", ("tcp",)))
    held = [_holds(rule, port) for port in asks["ports"]]
    if speaks is False or not any(h is not False for h in held):
        return _NO
    keys = tuple(port for port, is_held in zip(asks["ports"], held, strict=True) if is_held)
    return (keys if speaks else ()), f"{asks['named']} is open", None


def _all_ports(rule: Rule, asks: Row, _: dict[str, Any]) -> Any:
    opens = "Everything may be sent" if asks.get("egress") else "All ports and protocols are open"
    if not is_unknown(rule.ports) and not is_all(rule.ports):
        return _NO  # also where the protocol is any: `*` with one port, as Azure writes it, is one port
    if is_unknown(rule.transport) or (rule.transport == "all" and is_unknown(rule.ports)):
        return (), opens, None
    if rule.transport == "all":
        return ("all",), opens, None
    if rule.transport not in (_TRANSPORTS[:1] if asks.get("egress") else _TRANSPORTS):
        return _NO
    if is_unknown(rule.ports):
        return (), opens, None
    return (rule.transport,), f"All {rule.transport.upper()} ports are open", None


def is_all(ports: Any) -> bool:
    """Whether known ranges hold every port that anything listens on."""
    upto = 1.0
    for low, high in sorted(ports):
        if low > upto:
            return False
        upto = max(upto, high + 1)
    return upto > 65535


def _services(rule: Rule, asks: Row, settings: dict[str, Any]) -> Any:
    perhaps = (), "A service that is not made for the Internet may be open", None
    if is_unknown(rule.ports):
        return perhaps
    untold = is_unknown(rule.transport)
    each = untold or rule.transport == "all"
    if is_all(rule.ports) or not (each or rule.transport in _TRANSPORTS):
        return _NO  # everything: that is another policy's finding
    leave = {*settings["allowed_ports"], *asks.get("leave", ())}
    names: dict[str, None] = {}
    keys = []
    for name, transport, ports in _known_services():
        for port in ports if each or rule.transport == transport else ():
            if port not in leave and _holds(rule, port):
                names[f"{name} (port {port})"] = None
                keys.append((transport, port))
    for port in settings["more_ports"]:
        if _holds(rule, port):
            names[f"port {port}"] = None
            keys.append((rule.transport, port))
    if not keys or untold:
        return perhaps if keys else _NO
    said = list(names)
    text = said[0] if len(said) == 1 else ", ".join(said[:5]) + (f" and {len(said) - 5} more" if said[5:] else "")
    return tuple(keys), f"{text} {'is' if len(said) == 1 else 'are'} open", None


_SERVICES: list[tuple[str, str, list[int]]] = []


def _known_services() -> list[tuple[str, str, list[int]]]:
    if not _SERVICES:
        _SERVICES.extend((s["name"], s["transport"], s["ports"]) for s in load("exposure/ports.json")["services"])
    return _SERVICES


def _others(rule: Rule, asks: Row, settings: dict[str, Any]) -> Any:
    """Any other port: one that no other policy of the pack names."""
    named, _, _ = _services(rule, asks, settings)
    if is_unknown(rule.transport) or is_unknown(rule.ports):
        return _NO  # the other policies say that it cannot be told
    if not _speaks(rule, _TRANSPORTS) or is_all(rule.ports) or named:
        return _NO
    leave = {*WEB, *settings["allowed_ports"]}
    ranges = [r for r in rule.ports if not (r[0] == r[1] and r[0] in leave)]
    if not ranges or (rule.transport != "udp" and any(_holds(rule, port) for port in _ADMIN)):
        return _NO
    kind = "port" if rule.transport == "all" else f"{rule.transport.upper()} port"
    return tuple((rule.transport, *r) for r in ranges), f"A {kind} is open", None


def _transport_only(rule: Rule, asks: Row, _: dict[str, Any]) -> Any:
    speaks = None if is_unknown(rule.transport) else rule.transport == asks["transport_only"]
    if speaks is False:
        return _NO
    text = f"{asks['transport_only'].upper()} is open"
    if not speaks or is_unknown(rule.ports):
        return (), text, None
    return tuple(rule.ports), text, None


_FINDERS: dict[str, Callable[[Rule, Row, dict[str, Any]], Any]] = {
    "all_ports": _all_ports,
    "services": _services,
    "others": _others,
    "transport_only": _transport_only,
    "ports": _ports,
}
