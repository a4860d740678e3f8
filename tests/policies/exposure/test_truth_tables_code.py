"""The attributes that the written policies of exposure read: firewall rules in all forms, principals, members, ranges.

Each in every state and with every action, all cases of an action in one plan. What is expected follows from the
pages of the policies and the clouds' documentation of each attribute, written down in the tables here.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from plangate.testing import create, delete, imported, judge, no_op, plan, ref, replace, update

from ..every_action import ACTIONS, change  # noqa: TID252 - the tests are no package
from .test_rows import BY_ID, put
from .test_rows import ROOT as EXPOSURE

LATER = ref("terraform_data.later.output")
MISSING = object()
NOTHING: dict[str, Any] = {"absent": MISSING, "null": None, "text": "", "list": [], "map": {}}
ODD: dict[str, Any] = {"word": "some words", "number": 7, "flag": True, "words": ["a", "b"], "object": {"a": "b"}}
Case = tuple[str, dict[str, Any], dict[str, Any], str]  # state, body, options, outcome


def has_unknown(case: Case) -> bool:
    return bool(case[2].get("unknown")) or "ref(" in repr(case[1])


def check(action: str, policy: str, table: list[tuple[str, dict[str, Any], Case]]) -> None:
    """`table`: (type, what was there before, case)."""
    stays = action in ("no-op", "import", "move")
    named = {
        f"{type_}.c{number}": (before, case)
        for number, (type_, before, case) in enumerate(table)
        if not (stays and has_unknown(case))
    }
    changes = [change(action, address, before, case[1], case[2]) for address, (before, case) in named.items()]
    found = judge(BY_ID[policy], plan(*changes)).outcomes
    wrong = {}
    for address, (_, case) in named.items():
        said = None if action in ("delete", "forget") else case[3]
        if found.get(address) != said:
            wrong[address.partition(".")[0], case[0]] = found.get(address), said
    assert not wrong, (policy, len(wrong), wrong)


# -- firewall rules ----------------------------------------------------------------------------------------------

SSH = {"from_port": 22, "to_port": 22}
AZURE = {"direction": "Inbound", "access": "Allow", "protocol": "Tcp", "destination_port_range": "22", "priority": 100}
LAYER = {"ip_protocol": "tcp", "ports": ["22"]}
# (type, a rule that is closed for want of sources, where they are, of which kind, where protocol and ports are)
FORMS: list[tuple[str, dict[str, Any], str, str, str, str]] = [
    *(
        (type_, {"ingress": [{**SSH, "protocol": "tcp"}]}, f"ingress[*].{family}", "list", "ingress[*].protocol",
         "ingress[*].from_port")
        for type_ in ("aws_security_group", "aws_default_security_group")
        for family in ("cidr_blocks", "ipv6_cidr_blocks")
    ),
    *(
        ("aws_security_group_rule", {**SSH, "type": "ingress", "protocol": "tcp"}, family, "list", "protocol",
         "from_port")
        for family in ("cidr_blocks", "ipv6_cidr_blocks")
    ),
    *(
        ("aws_vpc_security_group_ingress_rule", {**SSH, "ip_protocol": "tcp"}, family, "one", "ip_protocol",
         "from_port")
        for family in ("cidr_ipv4", "cidr_ipv6")
    ),
    *(
        (type_, {"ingress": [{**SSH, "protocol": "tcp", "action": "allow", "rule_no": 100}]}, f"ingress[*].{family}",
         "one", "ingress[*].protocol", "ingress[*].from_port")
        for type_ in ("aws_network_acl", "aws_default_network_acl")
        for family in ("cidr_block", "ipv6_cidr_block")
    ),
    *(
        ("aws_network_acl_rule", {**SSH, "protocol": "tcp", "rule_action": "allow"}, family, "one", "protocol",
         "from_port")
        for family in ("cidr_block", "ipv6_cidr_block")
    ),
    ("azurerm_network_security_rule", AZURE, "source_address_prefix", "azure", "protocol", "destination_port_range"),
    ("azurerm_network_security_rule", AZURE, "source_address_prefixes", "azures", "protocol", "destination_port_range"),
    ("azurerm_network_security_group", {"security_rule": [AZURE]}, "security_rule[*].source_address_prefix", "azure",
     "security_rule[*].protocol", "security_rule[*].destination_port_range"),
    ("azurerm_network_security_group", {"security_rule": [AZURE]}, "security_rule[*].source_address_prefixes", "azures",
     "security_rule[*].protocol", "security_rule[*].destination_port_range"),
    ("azurerm_firewall_nat_rule_collection", {"rule": [{"destination_ports": ["22"], "protocols": ["TCP"]}]},
     "rule[*].source_addresses", "azures", "rule[*].protocols", "rule[*].destination_ports"),
    ("google_compute_firewall", {"allow": [{"protocol": "tcp", "ports": ["22"]}]}, "source_ranges", "list",
     "allow[*].protocol", "allow[*].ports"),
    *(
        (type_, {"action": "allow", "direction": "INGRESS", "match": [{"layer4_configs": [LAYER]}]},
         "match[*].src_ip_ranges", "list", "match[*].layer4_configs[*].ip_protocol", "match[*].layer4_configs[*].ports")
        for type_ in ("google_compute_firewall_policy_rule", "google_compute_network_firewall_policy_rule",
                      "google_compute_region_network_firewall_policy_rule")
    ),
]  # fmt: skip
POLICY = {"aws_network_acl": "aws-nacl-ssh-open-to-world", "aws_default_network_acl": "aws-nacl-ssh-open-to-world",
          "aws_network_acl_rule": "aws-nacl-ssh-open-to-world"}  # fmt: skip
OPEN4, OPEN6 = "0.0.0.0/0", "::/0"
# What is everybody and what is not, as one address range: half of what is routed is everybody.
RANGES = {
    OPEN4: "fail", " 0.0.0.0/0 ": "fail", "0.0.0.0/1": "fail", "128.0.0.0/1": "fail", "10.1.2.3/0": "fail",
    OPEN6: "fail", "2000::/3": "fail", "2000::/4": "fail", "0:0:0:0:0:0:0:0/0": "fail", "0::/0": "fail",
    "10.0.0.0/8": "pass", "0.0.0.0/2": "pass", "192.0.2.1": "pass", "0.0.0.0/32": "pass", "fd00::/8": "pass",
    "2000::/5": "pass", "::/128": "pass", "0.0.0.0/33": "pass", "1.2.3/0": "pass", "text": "pass",
    "0.0.0.0/00000": "pass",
}  # fmt: skip
AZURE_WORDS = {"*": "fail", "Internet": "fail", "internet": "fail", "Any": "fail", "VirtualNetwork": "pass",
               "AzureLoadBalancer": "pass", "Storage.WestEurope": "pass"}  # fmt: skip


def placed(base: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    made = put(deepcopy(base), path, None if value is MISSING else value)
    if value is MISSING:
        here: Any = made
        for step in path.split(".")[:-1]:
            here = here[step.removesuffix("[*]")][0] if step.endswith("[*]") else here[step]
        del here[path.rpartition(".")[2]]
    return made


def concrete(path: str) -> str:
    return path.replace("[*]", "[0]")


def source_cases(base: dict[str, Any], path: str, kind: str) -> list[Case]:
    listed = kind in ("list", "azures")
    words = RANGES | (AZURE_WORDS if kind.startswith("azure") else {})
    everybody = OPEN6 if "6" in path else OPEN4

    def value(*ranges: Any) -> Any:
        return list(ranges) if listed else ranges[0]

    found: list[Case] = [(f"range {text}", placed(base, path, value(text)), {}, said) for text, said in words.items()]
    found += [(state, placed(base, path, nothing), {}, "pass") for state, nothing in NOTHING.items()]
    found += [(state, placed(base, path, odd), {}, "pass") for state, odd in ODD.items()]
    place = concrete(path)
    found += [
        ("sensitive", placed(base, path, value(everybody)), {"sensitive": [place]}, "fail"),
        ("sensitive_right", placed(base, path, value("10.0.0.0/8")), {"sensitive": [place]}, "pass"),
        ("configured", placed(base, path, LATER), {}, "unknown"),
        ("left_out", placed(base, path, None), {"unknown": [place]}, "pass"),
    ]
    if listed:
        found += [
            ("halves", placed(base, path, ["0.0.0.0/2", "64.0.0.0/2"]), {}, "fail"),
            ("all_but_one", placed(base, path, [f"{n}.0.0.0/8" for n in range(256) if n != 10]), {}, "fail"),
            ("many_small", placed(base, path, [f"10.{n}.0.0/16" for n in range(200)]), {}, "pass"),
            ("one_unknown", placed(base, path, ["10.0.0.0/8", LATER]), {}, "unknown"),
            ("one_unknown_and_open", placed(base, path, [LATER, everybody]), {}, "fail"),
            ("odd_inside", placed(base, path, [None, 7, [], {"a": 1}]), {}, "pass"),
            ("odd_and_open", placed(base, path, [None, 7, {"a": 1}, everybody]), {}, "fail"),
        ]
    if "[*]" in path:
        top = path.partition("[")[0]
        inside = {"unknown": [place], "dynamic": [top]}
        found += [
            ("dynamic", placed(base, path, None), inside, "unknown"),
            ("dynamic_open", placed(base, path, value(everybody)), {"dynamic": [top]}, "fail"),
            ("no_block", {k: v for k, v in base.items() if k != top}, {}, "pass"),
            ("null_block", {**base, top: None}, {}, "pass"),
            ("empty_block", {**base, top: []}, {}, "pass"),
            ("whole_configured", {**base, top: LATER}, {}, "unknown"),
        ]
    return found


@pytest.mark.parametrize("action", ACTIONS)
def test_sources_of_firewall_rules(action: str) -> None:
    tables: dict[str, list[Any]] = {}
    for type_, base, path, kind, _, _ in FORMS:
        policy = POLICY.get(type_, f"{type_.partition('_')[0].removesuffix('rm')}-ssh-open-to-world")
        for case in source_cases(base, path, kind):
            tables.setdefault(policy, []).append((type_, placed(base, path, None), case))
    for policy, table in tables.items():
        check(action, policy, table)
    assert sum(map(len, tables.values())) > 800


# What a protocol means for a port of TCP. Nothing at all limits nothing; neither does what is no word.
PROTOCOLS = {"tcp": "fail", "TCP": "fail", "6": "fail", "-1": "fail", "all": "fail", "ALL": "fail", "*": "fail",
             "udp": "pass", "Udp": "pass", "17": "pass", "icmp": "pass", "1": "pass", "esp": "pass"}  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_protocols_and_ports_of_firewall_rules(action: str) -> None:
    tables: dict[str, list[Any]] = {}
    for type_, base, path, kind, protocol, ports in FORMS:
        everybody: Any = OPEN6 if "6" in path else OPEN4
        opened = placed(base, path, [everybody] if kind in ("list", "azures") else everybody)
        listed = protocol.endswith("protocols")
        cases: list[Case] = [
            (f"protocol {word}", placed(opened, protocol, [word] if listed else word), {}, said)
            for word, said in PROTOCOLS.items()
        ]
        cases += [
            (f"protocol {state}", placed(opened, protocol, nothing), {}, "fail") for state, nothing in NOTHING.items()
        ]
        cases.append(("protocol configured", placed(opened, protocol, LATER), {}, "unknown"))
        cases.append(("protocol sensitive", opened, {"sensitive": [concrete(protocol)]}, "fail"))
        cases.append(("port configured", placed(opened, ports, LATER), {}, "unknown"))
        cases.append(("port sensitive", opened, {"sensitive": [concrete(ports)]}, "fail"))
        cases += [(f"port {state}", placed(opened, ports, nothing), {}, "fail") for state, nothing in NOTHING.items()]
        if ports.endswith("from_port"):
            to = ports.replace("from_port", "to_port")
            for name, low, high, said in (
                ("above", 23, 80, "pass"), ("below", 1, 21, "pass"), ("around", 20, 30, "fail"),
                ("as text", "22", "22", "fail"),
                ("float", 22.0, 22.0, "fail"), ("all", 0, 65535, "fail"), ("minus", -1, -1, "fail"),
                ("down", 30, 20, "pass"),
                ("untold end", 20, LATER, "unknown"), ("words", "a", "b", "fail"), ("flags", True, True, "fail"),
            ):  # fmt: skip
                cases.append((f"ports {name}", placed(placed(opened, ports, low), to, high), {}, said))
        else:
            many = ports.endswith("ports")
            for word, said in {"22": "fail", "20-30": "fail", "*": "fail", "0-65535": "fail", "23-80": "pass",
                               "443": "pass",
                               "some words": "fail", "-": "fail", "22-": "fail"}.items():  # fmt: skip
                cases.append((f"ports {word}", placed(opened, ports, [word] if many else word), {}, said))
            if many:
                cases.append(("ports several", placed(opened, ports, ["443", "20-25"]), {}, "fail"))
                cases.append(("ports several others", placed(opened, ports, ["443", "8000-9000"]), {}, "pass"))
                cases.append(("ports one untold", placed(opened, ports, ["443", LATER]), {}, "unknown"))
        policy = POLICY.get(type_, f"{type_.partition('_')[0].removesuffix('rm')}-ssh-open-to-world")
        tables.setdefault(policy, []).extend((type_, placed(base, path, None), case) for case in cases)
    for policy, table in tables.items():
        check(action, policy, table)


# -- principals of resource policies -----------------------------------------------------------------------------

ENTRIES = json.loads((EXPOSURE / "policies.json").read_text(encoding="utf-8"))["policies"]
ROOT = {"AWS": "arn:aws:iam::123456789012:root"}


def document(principal: Any, *more: dict[str, Any], **fields: Any) -> str:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": principal, **fields}
    return json.dumps({"Version": "2012-10-17", "Statement": [s for s in (statement, *more) if s]})


def when(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


# Who is everybody, and what ties everybody to somebody (IAM user guide: principals, global condition keys).
DOCUMENTS: dict[str, tuple[Any, str]] = {
    "right": (document(ROOT), "pass"),
    "wrong": (document("*"), "fail"),
    "wrong_aws": (document({"AWS": "*"}), "fail"),
    "wrong_list": (document({"AWS": ["arn:aws:iam::123456789012:root", "*"]}), "fail"),
    "service": (document({"Service": "sns.amazonaws.com"}), "pass"),
    "denied": (document("*", Effect="Deny"), "pass"),
    "second": (document(ROOT, {"Effect": "Allow", "Principal": "*", "Action": "a:B", "Resource": "*"}), "fail"),
    "all_but": (document(ROOT, {"Effect": "Allow", "Principal": "*", "NotAction": "a:B", "Resource": "*"}), "fail"),
    "not_him": (document(ROOT, {"Effect": "Allow", "NotPrincipal": ROOT, "Action": "a:B", "Resource": "*"}), "fail"),
    "single_statement": (json.dumps({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*"}}), "fail"),
    "account": (document("*", **when("StringEquals", "aws:SourceAccount", "123456789012")), "pass"),
    "organization": (document("*", **when("StringEquals", "aws:PrincipalOrgID", "o-abc")), "pass"),
    "source": (document("*", **when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:123456789012:t")), "pass"),
    "any_source": (document("*", **when("ArnLike", "aws:SourceArn", "*")), "fail"),
    "vpc": (document("*", **when("StringEquals", "aws:SourceVpce", "vpce-1")), "pass"),
    "network": (document("*", **when("IpAddress", "aws:SourceIp", "192.0.2.0/24")), "pass"),
    "every_network": (document("*", **when("IpAddress", "aws:SourceIp", "0.0.0.0/0")), "fail"),
    "transport": (document("*", **when("Bool", "aws:SecureTransport", "true")), "fail"),
    "not_an_account": (document("*", **when("StringNotEquals", "aws:SourceAccount", "123456789012")), "fail"),
    "if_there": (document("*", **when("StringEqualsIfExists", "aws:SourceAccount", "123456789012")), "fail"),
    "no_statement": (json.dumps({"Version": "2012-10-17", "Statement": []}), "pass"),
    "null": (None, "pass"),
    "text": ("", "pass"),
    "absent": (MISSING, "pass"),
    "word": ("some words", "unknown"),
    "array": ("[]", "unknown"),
    "cut_off": (document("*")[:-5], "unknown"),
    "configured": (LATER, "unknown"),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("entry", [e for e in ENTRIES if e["by"] == "principals"], ids=lambda e: e["id"])
def test_principals(entry: dict[str, Any], action: str) -> None:
    table: list[Any] = []
    for type_ in entry["types"]:
        path = entry["asks"].get("documents", {}).get(type_, entry["asks"]["document"])
        for state, (value, said) in DOCUMENTS.items():
            body = {} if value is MISSING else {path: value}
            if type_ == "aws_iam_role" and "Condition" in str(value) and said == "pass" and state != "organization":
                continue  # a role's trust has conditions of its own
            table.append((type_, {path: document(ROOT)}, (state, body, {}, said)))
        table.append((type_, {path: document(ROOT)}, ("left_out", {path: None}, {"unknown": [path]}, "pass")))
        for state, said in (("wrong", "fail"), ("right", "pass")):
            options = {"sensitive": [path]}
            table.append(
                (type_, {path: document(ROOT)}, (f"sensitive_{state}", {path: DOCUMENTS[state][0]}, options, said))
            )
    check(action, entry["id"], table)


# -- members of Google's policies --------------------------------------------------------------------------------

MEMBERS: dict[str, tuple[Any, str]] = {
    "right": ("user:a@example.com", "pass"),
    "wrong": ("allUsers", "fail"),
    "wrong_too": ("allAuthenticatedUsers", "fail"),
    "domain": ("domain:example.com", "pass"),
    "another_case": ("ALLUSERS", "pass"),
    "configured": (LATER, "unknown"),
    "of_a_resource": (ref("google_service_account.s.member"), "pass"),
}


def bound(*members: Any) -> str:
    return json.dumps({"bindings": [{"role": "roles/viewer", "members": list(members)}]})


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("entry", [e for e in ENTRIES if e["by"] == "members"], ids=lambda e: e["id"])
def test_members(entry: dict[str, Any], action: str) -> None:
    table: list[Any] = []
    for type_ in entry["types"]:
        path = {"member": "member", "binding": "members", "policy": "policy_data"}[type_.rpartition("_")[2]]
        cases: list[Case] = []
        for state, (value, said) in MEMBERS.items():
            known = isinstance(value, str)
            if path == "member" or known:
                after = bound(value) if path == "policy_data" else [value] if path == "members" else value
                cases.append((state, {path: after}, {}, said))
            else:  # one that is not known hides the whole set, or document
                cases.append((state, {path: value}, {}, "unknown"))
            if path == "members" and known:
                cases.append((f"{state}_second", {path: ["user:b@example.com", value]}, {}, said))
            if known:
                after = {path: bound(value) if path == "policy_data" else [value] if path == "members" else value}
                cases.append((f"sensitive_{state}", after, {"sensitive": [path]}, said))
        cases += [(state, {} if value is MISSING else {path: value}, {}, "pass") for state, value in NOTHING.items()
                  if not (path == "policy_data" and state in ("list", "map"))]  # fmt: skip
        cases.append(("left_out", {path: None}, {"unknown": [path]}, "pass"))
        if path == "policy_data":
            cases.append(("word", {path: "some words"}, {}, "unknown"))
            cases.append(("array", {path: "[]"}, {}, "unknown"))
        table += [(type_, {}, case) for case in cases]
    check(action, entry["id"], table)


# -- ranges of database firewalls --------------------------------------------------------------------------------

LIMITS: dict[str, tuple[Any, Any, str, str]] = {
    # (first, last, open to the world, open to Azure)
    "wrong": ("0.0.0.0", "255.255.255.255", "fail", "pass"),
    "half": ("0.0.0.0", "127.255.255.255", "fail", "pass"),
    "less": ("0.0.0.0", "63.255.255.255", "pass", "pass"),
    "azure": ("0.0.0.0", "0.0.0.0", "pass", "fail"),
    "right": ("192.0.2.1", "192.0.2.1", "pass", "pass"),
    "down": ("255.255.255.255", "0.0.0.0", "pass", "pass"),
    "ipv6": ("::", "ffff::", "pass", "pass"),
    "configured": (LATER, "255.255.255.255", "unknown", "unknown"),
    "configured_last": ("0.0.0.0", LATER, "unknown", "unknown"),
    **{f"{state}": (value, value, "pass", "pass") for state, value in {**NOTHING, **ODD}.items()},
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("entry", [e for e in ENTRIES if e["by"] == "address_range"], ids=lambda e: e["id"])
def test_address_ranges(entry: dict[str, Any], action: str) -> None:
    table: list[Any] = []
    at = {"world": 2, "azure": 3}[entry["asks"]["range"]]
    for type_ in entry["types"]:
        short = type_ == "azurerm_redis_firewall_rule"
        names = ("start_ip", "end_ip") if short else ("start_ip_address", "end_ip_address")
        before = dict.fromkeys(names, "192.0.2.1")
        for state, row in LIMITS.items():
            body = {name: value for name, value in zip(names, row[:2], strict=True) if value is not MISSING}
            table.append((type_, before, (state, body, {}, row[at])))
            if row[at] in ("pass", "fail") and state in ("wrong", "azure", "right"):
                table.append((type_, before, (f"sensitive_{state}", body, {"sensitive": [names[0]]}, row[at])))
    check(action, entry["id"], table)


# -- buckets -----------------------------------------------------------------------------------------------------

USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
ACLS: dict[str, tuple[Any, str, str]] = {
    # what `acl` is: (value, everybody reads, everybody writes)
    "private": ("private", "pass", "pass"),
    "read": ("public-read", "fail", "pass"),
    "read_write": ("public-read-write", "fail", "fail"),
    "accounts": ("authenticated-read", "fail", "pass"),
    "configured": (LATER, "unknown", "unknown"),
    **{state: (value, "pass", "pass") for state, value in {**NOTHING, **ODD}.items()},
}
GRANTS: dict[str, tuple[str, str, str]] = {
    # what a grant to everybody allows: (everybody reads, everybody writes, everybody reads who may)
    "READ": ("fail", "pass", "pass"),
    "WRITE": ("pass", "fail", "pass"),
    "READ_ACP": ("fail", "pass", "fail"),
    "WRITE_ACP": ("pass", "fail", "pass"),
    "FULL_CONTROL": ("fail", "fail", "fail"),
}
ASKED = ("aws-s3-bucket-public-read", "aws-s3-bucket-public-write", "aws-s3-acl-readable-by-all")


def acl_cases(type_: str) -> list[tuple[dict[str, Any], str, dict[str, Any], tuple[str, str, str]]]:
    found: list[Any] = [
        ({} if value is MISSING else {"acl": value}, state, {}, (read, write, "pass"))
        for state, (value, read, write) in ACLS.items()
    ]
    found.append(({"acl": None}, "left_out", {"unknown": ["acl"]}, ("pass", "pass", "pass")))
    found.append(({"acl": "public-read"}, "sensitive", {"sensitive": ["acl"]}, ("fail", "pass", "pass")))
    for permission, said in GRANTS.items():
        for who, uri in (("everybody", USERS), ("owner", None), ("untold", LATER)):
            mine = {
                "everybody": said,
                "owner": ("pass",) * 3,
                "untold": tuple("unknown" if s == "fail" else s for s in said),
            }
            if type_ == "aws_s3_bucket":
                grant: dict[str, Any] = {"grant": [{"permissions": [permission], "uri": uri, "type": "Group"}]}
                head = "grant"
            else:
                inner = [{"permission": permission, "grantee": [{"uri": uri, "type": "Group"}]}]
                grant, head = {"access_control_policy": [{"grant": inner}]}, "access_control_policy"
            found.append((grant, f"{permission}_{who}", {}, mine[who]))
            found.append((grant, f"{permission}_{who}_dynamic", {"dynamic": [head]}, mine[who]))
    head = "grant" if type_ == "aws_s3_bucket" else "access_control_policy"
    for state, value in NOTHING.items():
        found.append(({} if value is MISSING else {head: value}, f"no_grant_{state}", {}, ("pass",) * 3))
    found.append(({head: LATER}, "grant_configured", {}, ("unknown",) * 3))
    found.append(({head: []}, "grant_left_out", {"unknown": [head]}, ("pass",) * 3))
    return found


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("at", range(3), ids=ASKED)
def test_access_lists_of_buckets(action: str, at: int) -> None:
    table: list[Any] = [
        (type_, {"acl": "private"}, (state, body, options, said[at]))
        for type_ in ("aws_s3_bucket", "aws_s3_bucket_acl")
        for body, state, options, said in acl_cases(type_)
    ]
    check(action, ASKED[at], table)


FLAGS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
# A switch of a public access block: whether it is on. Left out it is off.
SWITCHES: dict[str, tuple[Any, dict[str, Any], str]] = {
    "right": (True, {}, "on"),
    "right_text": ("true", {}, "on"),
    "wrong": (False, {}, "off"),
    "wrong_text": ("false", {}, "off"),
    "configured": (LATER, {}, "untold"),
    "sensitive": (True, {"sensitive": ["SWITCH"]}, "on"),
    "left_out": (None, {"unknown": ["SWITCH"]}, "off"),
    **{state: (value, {}, "off") for state, value in {**NOTHING, **ODD}.items() if value is not True},
}
BLOCKED = {
    # policy, switch that makes it void, what the bucket is, and what is said where the switch is on, off, untold
    "aws-s3-bucket-public-read": ("ignore_public_acls", {"acl": "public-read"}, ("pass", "fail", "unknown")),
    "aws-s3-bucket-policy-public": ("restrict_public_buckets", {"policy": document("*")}, ("pass", "fail", "unknown")),
    "aws-s3-public-access-block-missing": ("block_public_policy", {}, ("pass", "fail", "unknown")),
}


@pytest.mark.parametrize("state", SWITCHES)
@pytest.mark.parametrize("policy", BLOCKED)
def test_switches_of_public_access_blocks(policy: str, state: str) -> None:
    switch, body, said = BLOCKED[policy]
    value, options, meaning = SWITCHES[state]
    options = {key: [switch] for key in options}
    flags = dict.fromkeys(FLAGS, True) | ({} if value is MISSING else {switch: value})
    if value is MISSING:
        del flags[switch]
    wanted = dict(zip(("on", "off", "untold"), said, strict=True))[meaning]
    bucket, block = "aws_s3_bucket.b", "aws_s3_bucket_public_access_block.b"
    by = {"bucket": ref("aws_s3_bucket.b.id")}
    known = {"id": "b", "bucket": "b"}
    cases = {
        "create": (create(bucket, body), create(block, {**flags, **by}, **options)),
        "update": (no_op(bucket, {**known, **body}), update(block, {**known}, {**flags, **known}, **options)),
        "replace": (no_op(bucket, {**known, **body}), replace(block, {**known}, {**flags, **known}, **options)),
    }
    if meaning != "untold" and state != "left_out":
        cases["no-op"] = (no_op(bucket, {**known, **body}), no_op(block, {**flags, **known}))
        cases["import"] = (no_op(bucket, {**known, **body}), imported(block, {**flags, **known}))
    for action, changes in cases.items():
        assert judge(BY_ID[policy], plan(*changes)).outcomes[bucket] == wanted, action
    gone = judge(BY_ID[policy], plan(no_op(bucket, {**known, **body}), delete(block, {**flags, **known}))).outcomes
    assert gone[bucket] == "fail"


@pytest.mark.parametrize(
    ("ownership", "acl", "said"),
    [
        ("BucketOwnerEnforced", "public-read", "pass"),
        ("BucketOwnerEnforced", LATER, "pass"),
        ("ObjectWriter", "public-read", "fail"),
        ("ObjectWriter", LATER, "unknown"),
        (None, "public-read", "fail"),
        (LATER, "public-read", "unknown"),
        (LATER, "private", "pass"),
    ],
)
def test_ownership_of_buckets(ownership: Any, acl: Any, said: str) -> None:
    by = {"bucket": ref("aws_s3_bucket.b.id")}
    changes = (
        create("aws_s3_bucket.b"),
        create("aws_s3_bucket_acl.a", {**by, "acl": acl}),
        create("aws_s3_bucket_ownership_controls.o", {**by, "rule": [{"object_ownership": ownership}]}),
    )
    assert judge(BY_ID["aws-s3-bucket-public-read"], plan(*changes)).outcomes["aws_s3_bucket.b"] == said


@pytest.mark.parametrize("on", [True, False, LATER])
@pytest.mark.parametrize(("acl", "alone"), [("public-read", "fail"), ("private", "pass"), (LATER, "unknown")])
def test_a_guard_of_a_bucket_elsewhere(acl: Any, alone: str, on: Any) -> None:
    guard = create("aws_s3_bucket_public_access_block.b", bucket="elsewhere", ignore_public_acls=on)
    changes = create("aws_s3_bucket_acl.a", bucket="elsewhere", acl=acl), guard
    said = alone if on is False or alone == "pass" else "pass" if on is True else "unknown"
    found = judge(BY_ID["aws-s3-bucket-public-read"], plan(*changes)).outcomes
    assert found["aws_s3_bucket_acl.a"] == said
