"""Firewall rules for the real provider, as each type of resource writes them, and which policies find them open."""

from __future__ import annotations

from typing import Any, NamedTuple

from .. import real  # noqa: TID252 - the tests are no package
from ..real import Body  # noqa: TID252 - as above

WORLD, WORLD6 = "0.0.0.0/0", "::/0"
GROUP = ("ssh", "rdp", "http", "all-ports", "service", "port")
ACL = ("nacl-ssh", "nacl-rdp", "nacl-ftp", "nacl-ftp-data", "nacl-all-ports")
EGRESS = ("egress",)


class Rule(NamedTuple):
    """A rule; `fails` and `unknown` are the words of GROUP, ACL and EGRESS that are no pass."""

    transport: Any
    first: Any
    last: Any
    source: str
    fails: str = ""
    unknown: str = ""


_ANY = "ssh rdp http all-ports nacl-ssh nacl-rdp nacl-ftp nacl-ftp-data nacl-all-ports egress"
_TCP = "ssh rdp http all-ports service nacl-ssh nacl-rdp nacl-ftp nacl-ftp-data nacl-all-ports egress"
_FTP = "nacl-ftp nacl-ftp-data"
RULES: dict[str, Rule] = {
    "ssh": Rule("tcp", 22, 22, WORLD, "ssh nacl-ssh"),
    "ssh-ipv6": Rule("tcp", 22, 22, WORLD6, "ssh nacl-ssh"),
    "rdp": Rule("tcp", 3389, 3389, WORLD, "rdp nacl-rdp"),
    "http": Rule("tcp", 80, 80, WORLD, "http"),
    "https": Rule("tcp", 443, 443, WORLD),
    "ftp": Rule("tcp", 20, 21, WORLD, f"service {_FTP}"),
    "mysql": Rule("tcp", 3306, 3306, WORLD, "service"),
    "snmp": Rule("udp", 161, 161, WORLD, "service"),
    "dns": Rule("udp", 53, 53, WORLD, "port"),
    "other": Rule("tcp", 8443, 8443, WORLD, "port"),
    "low-ports": Rule("tcp", 1, 1023, WORLD, f"ssh http service nacl-ssh {_FTP}"),
    "udp-on-ssh": Rule("udp", 22, 22, WORLD, "port"),
    "everything": Rule("-1", 0, 0, WORLD, _ANY),
    "everything-ipv6": Rule("-1", 0, 0, WORLD6, _ANY),
    "all-tcp": Rule("tcp", 0, 65535, WORLD, _ANY),
    "all-udp": Rule("udp", 0, 65535, WORLD, "all-ports nacl-all-ports"),
    "private": Rule("-1", 0, 0, "10.0.0.0/8"),
    "half": Rule("tcp", 22, 22, "128.0.0.0/1", "ssh nacl-ssh"),
    "office": Rule("tcp", 22, 22, "192.0.2.0/24"),
    "source-later": Rule("tcp", 22, 22, real.UNKNOWN, "", "ssh nacl-ssh"),
    "everything-for-later": Rule("-1", 0, 0, real.UNKNOWN, "", _ANY),
    "ports-later": Rule("tcp", real.UNKNOWN, real.UNKNOWN, WORLD, "", _TCP),
    "protocol-later": Rule(real.UNKNOWN, 22, 22, WORLD, "", "ssh nacl-ssh"),
    "protocol-of-every-port-later": Rule(real.UNKNOWN, 0, 0, WORLD, "", _TCP),
}


def _group(direction: str, rule: Rule) -> Body:
    block: Body = {"from_port": rule.first, "to_port": rule.last, "protocol": rule.transport}
    block |= dict.fromkeys(("description", "prefix_list_ids", "security_groups", "self"))
    return {direction: [{**block, **_sources(rule)}]}


def _sources(rule: Rule) -> Body:
    ipv6 = ":" in rule.source
    return {"cidr_blocks": None if ipv6 else [rule.source], "ipv6_cidr_blocks": [rule.source] if ipv6 else None}


def _group_rule(direction: str, rule: Rule) -> Body:
    return {
        "type": direction,
        "from_port": rule.first,
        "to_port": rule.last,
        "protocol": rule.transport,
        **{name: value for name, value in _sources(rule).items() if value},
    }


def _vpc_rule(_: str, rule: Rule) -> Body:
    ports = {} if rule.transport == "-1" else {"from_port": rule.first, "to_port": rule.last}
    return {"ip_protocol": rule.transport, "cidr_ipv6" if ":" in rule.source else "cidr_ipv4": rule.source, **ports}


def _acl_entry(rule: Rule) -> Body:
    ipv6 = ":" in rule.source
    return {
        "protocol": rule.transport,
        "from_port": rule.first,
        "to_port": rule.last,
        "ipv6_cidr_block" if ipv6 else "cidr_block": rule.source,
    }


def _acl(_: str, rule: Rule) -> Body:
    block = {**dict.fromkeys(("cidr_block", "ipv6_cidr_block", "icmp_code", "icmp_type")), **_acl_entry(rule)}
    return {"ingress": [{**block, "rule_no": 100, "action": "allow"}]}


def _acl_rule(_: str, rule: Rule) -> Body:
    return {**_acl_entry(rule), "rule_number": 100, "rule_action": "allow"}


# type -> how it writes a rule, and the words of the policies that ask it, by direction
TYPES: dict[str, tuple[Any, dict[str, tuple[str, ...]]]] = {
    "aws_security_group": (_group, {"ingress": GROUP, "egress": EGRESS}),
    "aws_default_security_group": (_group, {"ingress": GROUP, "egress": EGRESS}),
    "aws_security_group_rule": (_group_rule, {"ingress": GROUP, "egress": EGRESS}),
    "aws_vpc_security_group_ingress_rule": (_vpc_rule, {"ingress": GROUP}),
    "aws_vpc_security_group_egress_rule": (_vpc_rule, {"egress": EGRESS}),
    "aws_network_acl": (_acl, {"ingress": ACL}),
    "aws_default_network_acl": (_acl, {"ingress": ACL}),
    "aws_network_acl_rule": (_acl_rule, {"ingress": ACL}),
}


def policy(word: str) -> str:
    """The policy of a word."""
    return f"aws-{word}-open-to-world"
