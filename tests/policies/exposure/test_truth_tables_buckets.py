"""What decides who reads and writes a bucket: its access lists, blocks and ownership in every state."""

from __future__ import annotations

from typing import Any

import pytest

from plangate.testing import create, delete, imported, judge, no_op, plan, ref, replace, update

from ..every_action import ACTIONS  # noqa: TID252 - the tests are no package
from .states import LATER, MISSING, NOTHING, ODD, check
from .test_rows import BY_ID
from .test_truth_tables_documents import document

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
