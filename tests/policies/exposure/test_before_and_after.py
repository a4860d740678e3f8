"""What a change opens or widens, and what was as open before: documents by their parts, guards that stay or go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate.testing import Verdicts, create, delete, forget, judge, no_op, plan, ref, replace, update
from plangate_policies import exposure

BY_ID = {p.id.partition("/")[2]: p for p in exposure.POLICIES}
PUBLIC, READ, MISSING = "aws-s3-bucket-policy-public", "aws-s3-bucket-public-read", "aws-s3-public-access-block-missing"
BUCKET, ACL, POLICY = "aws_s3_bucket.b", "aws_s3_bucket_acl.b", "aws_s3_bucket_policy.b"
BLOCK, OWNERSHIP = "aws_s3_bucket_public_access_block.b", "aws_s3_bucket_ownership_controls.b"
ALL = dict.fromkeys(("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True)
OPEN, WIDE = "arn:aws:s3:::b/open/*", "arn:aws:s3:::b/*"


def said(id: str, *changes: Any) -> Verdicts:
    return judge(BY_ID[id], plan(*changes))


def document(**more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": OPEN, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [{k: v for k, v in statement.items() if v is not None}]})


# -- documents -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        ({}, {}, "medium"),
        ({}, {"Sid": "other"}, "medium"),
        ({"Resource": WIDE}, {}, "medium"),
        ({}, {"Resource": WIDE}, "critical"),
        ({"Resource": [OPEN, WIDE]}, {"Resource": [OPEN]}, "medium"),
        ({"Action": "s3:*"}, {"Action": ["s3:GetObject", "s3:List*"]}, "medium"),
        ({"Action": "S3:get*"}, {}, "medium"),
        ({}, {"Action": ["s3:GetObject", "s3:PutObject"]}, "critical"),
        ({"Action": "s3:Get*"}, {"Action": "s3:*"}, "critical"),
        ({"Action": "*", "Resource": "*"}, {"Action": None, "NotAction": "s3:PutObject"}, "critical"),
        ({"Action": None, "NotAction": "s3:Put*"}, {"Action": None, "NotAction": "s3:Put*"}, "medium"),
        ({"Action": None, "NotAction": "s3:Put*"}, {"Action": None, "NotAction": "s3:PutObject"}, "critical"),
        ({"Resource": None, "NotResource": OPEN}, {"Resource": None, "NotResource": WIDE}, "critical"),
        ({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, {}, "critical"),
        ({"Principal": {"AWS": "111122223333"}}, {}, "critical"),
        ({"Action": [f"s3:A{i}" for i in range(200)]}, {"Action": [f"s3:A{i}" for i in range(150)]}, "medium"),
    ],
)
def test_what_a_document_widens(old: dict[str, Any], new: dict[str, Any], severity: str) -> None:
    before, after = {"bucket": "b", "policy": document(**old)}, {"bucket": "b", "policy": document(**new)}
    assert said(PUBLIC, update(POLICY, {**before, "x": 1}, {**after, "x": 2})).severities == {POLICY: [severity]}


def test_a_document_before_that_is_none() -> None:
    found = said(PUBLIC, update(POLICY, {"bucket": "b", "policy": "{"}, {"bucket": "b", "policy": document()}))
    assert found.severities == {POLICY: ["critical"]}


# -- guards --------------------------------------------------------------------------------------------------

OLD = {"id": "b", "bucket": "b"}
HERE, ELSEWHERE = {**ALL, "bucket": "b"}, {**ALL, "bucket": "c"}


def test_a_guard_that_is_only_forgotten_still_guards() -> None:
    bucket = no_op(BUCKET, OLD)
    policy = no_op(POLICY, {"bucket": "b", "policy": document()})
    acl = no_op(ACL, {"bucket": "b", "acl": "public-read"})
    owned = {"bucket": "b", "rule": [{"object_ownership": "BucketOwnerEnforced"}]}
    for guard in (forget(BLOCK, HERE), forget("aws_s3_account_public_access_block.a", ALL)):
        assert said(PUBLIC, bucket, policy, guard).outcomes[POLICY] == "pass"
        assert said(PUBLIC, policy, guard).outcomes == {POLICY: "pass"}  # its bucket is elsewhere
        assert said(READ, bucket, acl, guard).outcomes[BUCKET] == "pass"
        assert said(MISSING, bucket, guard).outcomes == {BUCKET: "pass"}
    assert said(READ, bucket, acl, forget(OWNERSHIP, owned)).outcomes[BUCKET] == "pass"
    assert said(READ, bucket, acl, delete(OWNERSHIP, owned)).outcomes[BUCKET] == "fail"
    off = forget(BLOCK, {**HERE, "restrict_public_buckets": False})
    assert said(PUBLIC, bucket, policy, off).outcomes[POLICY] == "fail"


def test_an_acl_that_is_only_forgotten_is_still_there() -> None:
    bucket, acl = no_op(BUCKET, OLD), {"bucket": "b", "acl": "public-read"}
    assert said(READ, bucket, forget(ACL, acl)).outcomes == {BUCKET: "fail"}
    assert said(READ, bucket, delete(ACL, acl)).outcomes == {BUCKET: "pass"}


def test_a_guard_that_goes_to_another_bucket_opens_this_one() -> None:
    policy = no_op(POLICY, {"bucket": "b", "policy": document()})
    for gone in (replace(BLOCK, HERE, ELSEWHERE, paths=["bucket"]), delete(BLOCK, HERE)):
        found = said(PUBLIC, no_op(BUCKET, OLD), policy, gone)
        assert found.severities == {POLICY: ["critical"]}
        assert found.new == {POLICY}


def test_the_finding_names_the_acl() -> None:
    assert ACL in said(READ, create(BUCKET, OLD), create(ACL, bucket="b", acl="public-read")).message
    assert ACL not in said(READ, create(ACL, bucket="elsewhere", acl="public-read")).message


def test_what_is_unknown_of_a_neighbour_names_the_neighbour() -> None:
    hidden = update(BLOCK, HERE, {**HERE, "restrict_public_buckets": ref("var.x")})
    policy = no_op(POLICY, {"bucket": "b", "policy": document()})
    found = said(PUBLIC, no_op(BUCKET, OLD), policy, hidden)
    assert found.outcomes[POLICY] == "unknown"
    assert found.messages[POLICY] == [f"restrict_public_buckets of {BLOCK} is known only after the apply"]
    assert found.attributes[POLICY] == [None]
    own = said(PUBLIC, create(POLICY, bucket="b", policy=ref("local.x")))
    assert own.messages[POLICY] == ["policy is known only after the apply"]
    assert own.attributes[POLICY] == ["policy"]


def test_a_block_of_a_region_that_is_off_is_no_snapshot() -> None:
    for address in ("aws_ebs_snapshot_block_public_access.b", "aws_ec2_image_block_public_access.b"):
        found = said("aws-snapshot-public", create(address, state="unblocked"))
        assert found.severities == {address: ["medium"]}
        assert found.message.startswith("Nothing keeps ")
        assert "is shared" not in found.message
