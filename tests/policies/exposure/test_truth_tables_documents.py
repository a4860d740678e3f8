"""Principals of resource policies and members of Google's: every state of the documents, every action."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate.testing import ref

from ..every_action import ACTIONS  # noqa: TID252 - the tests are no package
from .states import ENTRIES, LATER, MISSING, NOTHING, Case, check

# -- principals of resource policies -----------------------------------------------------------------------------

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
