"""Buckets with their guards, documents, and what stands beside them: networks of search domains, private APIs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.testing import Verdicts, create, delete, judge, no_op, plan, ref, update
from plangate_policies import exposure

BY_ID = {p.id.partition("/")[2]: p for p in exposure.POLICIES}
BUCKET, ACL, BLOCK = "aws_s3_bucket.b", "aws_s3_bucket_acl.b", "aws_s3_bucket_public_access_block.b"
POLICY, OWNERSHIP = "aws_s3_bucket_policy.b", "aws_s3_bucket_ownership_controls.b"
ID = ref("aws_s3_bucket.b.id")
ALL = dict.fromkeys(("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True)
USERS = "http://acs.amazonaws.com/groups/global/AllUsers"


def said(id: str, *changes: Any, **settings: Any) -> Verdicts:
    return judge(BY_ID[id], plan(*changes), **settings)


def statement(principal: Any = "*", effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": "s3:GetObject", "Resource": "*", **more}


def document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


# -- ACLs -----------------------------------------------------------------------------------------------------

READ, WRITE = "aws-s3-bucket-public-read", "aws-s3-bucket-public-write"


@pytest.mark.parametrize(
    ("acl", "read", "write"),
    [
        ("private", "pass", "pass"),
        ("public-read", "fail", "pass"),
        ("public-read-write", "fail", "fail"),
        ("authenticated-read", "fail", "pass"),
        ("log-delivery-write", "pass", "pass"),
        (None, "pass", "pass"),
        (ref("var.acl"), "unknown", "unknown"),
    ],
)
def test_acl_of_a_bucket_in_each_form(acl: Any, read: str, write: str) -> None:
    split = create(BUCKET), create(ACL, bucket=ID, acl=acl)
    assert said(READ, *split).outcomes[BUCKET] == read
    assert said(WRITE, *split).outcomes[BUCKET] == write
    assert said(READ, create(BUCKET, acl=acl)).outcomes[BUCKET] == read
    assert said(READ, create(ACL, bucket="elsewhere", acl=acl)).outcomes[ACL] == read


def test_acl_of_a_bucket_is_told_of_the_bucket_once() -> None:
    outcomes = said(READ, create(BUCKET), create(ACL, bucket=ID, acl="public-read")).outcomes
    assert outcomes == {BUCKET: "fail", ACL: "pass"}


@pytest.mark.parametrize(
    ("permission", "read", "write", "full"),
    [
        ("READ", "fail", "pass", "pass"),
        ("WRITE", "pass", "fail", "pass"),
        ("READ_ACP", "fail", "pass", "fail"),
        ("FULL_CONTROL", "fail", "fail", "fail"),
    ],
)
def test_grants(permission: str, read: str, write: str, full: str) -> None:
    grants = [
        {"permission": "FULL_CONTROL", "grantee": [{"id": "1", "type": "CanonicalUser"}]},
        {"permission": permission, "grantee": [{"uri": USERS, "type": "Group"}]},
    ]
    acl = create(ACL, bucket=ID, access_control_policy=[{"grant": grants}])
    assert said(READ, create(BUCKET), acl).outcomes[BUCKET] == read
    assert said(WRITE, create(BUCKET), acl).outcomes[BUCKET] == write
    assert said("aws-s3-acl-readable-by-all", acl).outcomes[ACL] == full
    old = [{"permissions": [permission], "uri": USERS, "type": "Group"}]
    assert said(READ, create(BUCKET, grant=old)).outcomes[BUCKET] == read
    assert said("aws-s3-acl-readable-by-all", create(BUCKET, grant=old)).outcomes[BUCKET] == full


def test_every_account_is_let_in_by_the_old_attributes_of_the_bucket_too() -> None:
    name, accounts = "aws-s3-acl-authenticated-users", USERS.replace("AllUsers", "AuthenticatedUsers")
    assert said(name, create(BUCKET, acl="authenticated-read")).outcomes[BUCKET] == "fail"
    assert said(name, create(BUCKET, acl="private")).outcomes[BUCKET] == "pass"
    assert said(name, create(BUCKET, acl=ref("var.acl"))).outcomes[BUCKET] == "unknown"
    for uri, expected in ((accounts, "fail"), (USERS, "pass")):
        grant = [{"permissions": ["READ"], "uri": uri, "type": "Group"}]
        assert said(name, create(BUCKET, grant=grant)).outcomes[BUCKET] == expected


def test_a_grant_that_only_the_apply_can_tell_is_unknown() -> None:
    hidden = ref("local.hidden")
    reads = {"permission": "READ", "grantee": [{"type": "Group", "uri": hidden}]}
    someone = {"permission": hidden, "grantee": [{"type": "Group", "uri": USERS}]}
    mine = {"permission": hidden, "grantee": [{"type": "CanonicalUser", "id": "x"}]}
    for granted, read, write in (
        (hidden, "unknown", "unknown"),
        ([{"grant": [reads]}], "unknown", "pass"),
        ([{"grant": [someone]}], "unknown", "unknown"),
        ([{"grant": [mine]}], "pass", "pass"),
    ):
        changes = create(BUCKET), create(ACL, bucket=ID, access_control_policy=granted)
        assert (said(READ, *changes).outcomes[BUCKET], said(WRITE, *changes).outcomes[BUCKET]) == (read, write)
    assert said(READ, create(BUCKET, unknown=["grant"])).outcomes[BUCKET] == "pass"  # the provider's to say
    assert said(READ, create(BUCKET, grant=hidden)).outcomes[BUCKET] == "unknown"


def test_guards_make_an_acl_void() -> None:
    acl = create(BUCKET), create(ACL, bucket=ID, acl="public-read")
    assert said(READ, *acl, create(BLOCK, ALL, bucket=ID)).outcomes[BUCKET] == "pass"
    assert said(READ, *acl, create(BLOCK, {**ALL, "ignore_public_acls": False}, bucket=ID)).outcomes[BUCKET] == "fail"
    assert said(READ, *acl, create("aws_s3_account_public_access_block.a", ALL)).outcomes[BUCKET] == "pass"
    assert (
        said(READ, *acl, create(OWNERSHIP, bucket=ID, rule=[{"object_ownership": "BucketOwnerEnforced"}])).outcomes[
            BUCKET
        ]
        == "pass"
    )
    assert (
        said(READ, *acl, create(OWNERSHIP, bucket=ID, rule=[{"object_ownership": "ObjectWriter"}])).outcomes[BUCKET]
        == "fail"
    )


def test_taking_the_guard_away_is_what_opens() -> None:
    old = {"id": "logs", "bucket": "logs"}
    bucket, acl = no_op(BUCKET, old), no_op(ACL, {"bucket": "logs", "acl": "public-read"})
    opened = said(READ, bucket, acl, delete(BLOCK, {**ALL, "bucket": "logs"}))
    assert opened.severities[BUCKET] == ["critical"]
    assert BUCKET in opened.new
    weakened = update(BLOCK, {**ALL, "bucket": "logs"}, {**ALL, "bucket": "logs", "ignore_public_acls": False})
    assert said(READ, bucket, acl, weakened).severities[BUCKET] == ["critical"]
    still = update(BUCKET, {**old, "tags": {}}, {**old, "tags": {"a": "b"}})
    assert said(READ, still, acl).severities[BUCKET] == ["medium"]


def test_public_access_block() -> None:
    name = "aws-s3-public-access-block-missing"
    assert said(name, create(BUCKET), create(BLOCK, ALL, bucket=ID)).outcomes[BUCKET] == "pass"
    assert said(name, create(BUCKET)).severities[BUCKET] == ["low"]
    assert said(name, create(BUCKET), create("aws_s3_account_public_access_block.a", ALL)).outcomes[BUCKET] == "pass"
    half = create(BLOCK, {**ALL, "block_public_policy": False}, bucket=ID)
    assert said(name, create(BUCKET), half).severities[BUCKET] == ["medium"]
    unknown = create(BLOCK, {**ALL, "block_public_policy": ref("var.x")}, bucket=ID)
    assert said(name, create(BUCKET), unknown).outcomes[BUCKET] == "unknown"
    assert said(name, create(BUCKET), create(BLOCK, ALL, bucket=ref("local.id"))).outcomes[BUCKET] == "unknown"
    old = {"id": "logs", "bucket": "logs"}
    taken = said(name, no_op(BUCKET, old), delete(BLOCK, {**ALL, "bucket": "logs"}))
    assert taken.severities[BUCKET] == ["medium"]


ACCOUNT = "aws_s3_account_public_access_block.a"


@pytest.mark.parametrize(
    ("bucket", "account", "expected"),
    [
        ({"region": "eu-west-1"}, {"region": "eu-north-1"}, "pass"),  # the block of an account is everywhere
        ({"profile": "a"}, {"profile": "a", "default_tags": [{"tags": {"a": "b"}}]}, "pass"),
        ({"profile": "a"}, {"profile": "b"}, "fail"),
        ({}, {"assume_role": [{"role_arn": "arn:aws:iam::111122223333:role/r"}]}, "fail"),
    ],
)
def test_the_block_of_an_account_is_for_the_buckets_of_that_account(bucket: Any, account: Any, expected: str) -> None:
    changes = (
        create(BUCKET, provider="aws.one"),
        create(ACL, bucket=ID, acl="public-read", provider="aws.one"),
        create(ACCOUNT, ALL, provider="aws.two"),
    )
    found = judge(BY_ID[READ], plan(*changes, providers={"aws.one": bucket, "aws.two": account}))
    assert found.outcomes[BUCKET] == expected


def test_weakening_the_block_of_an_account_is_what_opens() -> None:
    bucket, acl = no_op(BUCKET, {"id": "logs", "bucket": "logs"}), no_op(ACL, {"bucket": "logs", "acl": "public-read"})
    elsewhere = no_op("aws_s3_bucket_acl.elsewhere", {"bucket": "elsewhere", "acl": "public-read"})
    for change in (
        update(ACCOUNT, ALL, {**ALL, "ignore_public_acls": False}),
        delete(ACCOUNT, ALL),
    ):
        opened = said(READ, bucket, acl, elsewhere, change)
        assert opened.severities == {BUCKET: ["critical"], "aws_s3_bucket_acl.elsewhere": ["critical"]}
        assert opened.new == {BUCKET, "aws_s3_bucket_acl.elsewhere"}
    opened = said(READ, elsewhere, delete(BLOCK, {**ALL, "bucket": "elsewhere"}))
    assert opened.new == {"aws_s3_bucket_acl.elsewhere"}
    assert said(READ, bucket, acl, no_op(ACCOUNT, {**ALL, "ignore_public_acls": False})).new == set()


def test_the_blocks_of_a_bucket_that_is_not_in_the_plan() -> None:
    acl, policy = (
        create(ACL, bucket="logs", acl="public-read"),
        create(POLICY, bucket="logs", policy=document(statement())),
    )
    for block in (create(BLOCK, ALL, bucket="logs"), create(ACCOUNT, ALL)):
        assert said(READ, acl, block).outcomes[ACL] == "pass"
        assert said(OPEN, policy, block).outcomes[POLICY] == "pass"
    for block in (create(BLOCK, ALL, bucket="others"), create(BLOCK, ALL, bucket=ref("local.name"))):
        assert said(READ, acl, block).outcomes[ACL] == "fail"
        assert said(OPEN, policy, block).outcomes[POLICY] == "fail"


# -- documents ------------------------------------------------------------------------------------------------

OPEN = "aws-s3-bucket-policy-public"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (statement(), "fail"),
        (statement({"AWS": "*"}), "fail"),
        (statement({"AWS": ["arn:aws:iam::123456789012:root", "*"]}), "fail"),
        (statement({"AWS": "arn:aws:iam::123456789012:root"}), "pass"),
        (statement({"Service": "cloudfront.amazonaws.com"}), "pass"),
        (statement(effect="Deny"), "pass"),
        (statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), "pass"),
        (statement(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}), "pass"),
        (statement(Condition={"Bool": {"aws:SecureTransport": "true"}}), "fail"),
        (statement(Condition={"StringLike": {"aws:PrincipalArn": "*"}}), "fail"),
    ],
)
def test_bucket_policy(made: dict[str, Any], expected: str) -> None:
    assert said(OPEN, create(POLICY, bucket="logs", policy=document(made))).outcomes[POLICY] == expected
    assert (
        said(
            OPEN, create(POLICY, bucket="logs", policy=document(statement(effect="Deny", Action="s3:Put*"), made))
        ).outcomes[POLICY]
        == expected
    )


@pytest.mark.parametrize("text", ["{", "[]", "x", '{"Statement": 7}', "[" * 3000, '{"Statement": [[]]}', "\u202e"])
def test_what_is_no_document_is_unknown(text: str) -> None:
    assert said(OPEN, create(POLICY, bucket="logs", policy=text)).outcomes[POLICY] == "unknown"


WORDS = st.sampled_from(["Statement", "Effect", "Principal", "AWS", "Action", "Condition", "x"])
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=15,
)


@given(TREES)
def test_no_document_breaks_a_policy(tree: Any) -> None:
    for made in (tree, {"Statement": [tree]}, {"Statement": [{"Effect": "Allow", "Principal": tree, "Action": "*"}]}):
        for name, address, attribute in (
            (OPEN, POLICY, "policy"),
            ("aws-role-trusts-everybody", "aws_iam_role.r", "assume_role_policy"),
            ("aws-iam-policy-allows-all", "aws_iam_policy.p", "policy"),
        ):
            assert said(name, create(address, {attribute: json.dumps(made)})).outcome != "error"


def test_restricted_buckets_make_a_policy_void() -> None:
    public = document(statement())
    joined = create(BUCKET), create(POLICY, bucket=ID, policy=public)
    assert said(OPEN, *joined).outcomes[POLICY] == "fail"
    assert said(OPEN, *joined, create(BLOCK, ALL, bucket=ID)).outcomes[POLICY] == "pass"
    assert (
        said(OPEN, *joined, create(BLOCK, {**ALL, "restrict_public_buckets": False}, bucket=ID)).outcomes[POLICY]
        == "fail"
    )
    alone = create(POLICY, bucket="logs", policy=public)
    assert said(OPEN, alone, create(BLOCK, ALL, bucket="logs")).outcomes[POLICY] == "pass"
    assert said(OPEN, alone, create(BLOCK, ALL, bucket="other")).outcomes[POLICY] == "fail"


def test_one_more_public_action_is_new_and_the_same_is_not() -> None:
    get, put = statement(), statement(Action=["s3:GetObject", "s3:PutObject"])
    old = {"bucket": "logs", "policy": document(get)}
    same = said(OPEN, update(POLICY, old, {"bucket": "logs", "policy": document(get, statement("x", "Deny"))}))
    assert same.severities[POLICY] == ["medium"]
    assert "open before this change" in same.message
    assert said(OPEN, update(POLICY, old, {"bucket": "logs", "policy": document(put)})).severities[POLICY] == [
        "critical"
    ]
    star = document(statement(Action="S3:getobject"))
    assert said(OPEN, update(POLICY, old, {"bucket": "logs", "policy": star})).severities[POLICY] == ["medium"]


def test_no_document_is_the_services_own_and_not_public() -> None:
    assert said("aws-key-public", create("aws_kms_key.k", unknown=["policy"])).outcome == "pass"
    assert said("aws-key-public", create("aws_kms_key.k", policy=ref("var.policy"))).outcome == "unknown"
    assert said("aws-queue-public", create("aws_sqs_queue.q", policy="")).outcome == "pass"


def test_search_domain_in_a_vpc_is_not_public() -> None:
    name, open_ = "aws-search-policy-public", document(statement(Action="es:*"))
    assert said(name, create("aws_opensearch_domain.d", access_policies=open_)).outcome == "fail"
    assert (
        said(
            name, create("aws_opensearch_domain.d", access_policies=open_, vpc_options=[{"subnet_ids": ["a"]}])
        ).outcome
        == "pass"
    )


def test_policy_of_a_search_domain_in_a_vpc_is_not_public() -> None:
    body = {"domain_name": ref("aws_opensearch_domain.d.domain_name"), "access_policies": document(statement())}
    policy = create("aws_opensearch_domain_policy.p", body)
    address, name = "aws_opensearch_domain_policy.p", "aws-search-policy-public"
    inside = create("aws_opensearch_domain.d", domain_name="d", vpc_options=[{"subnet_ids": ["a"]}])
    assert said(name, policy, inside).outcomes[address] == "pass"
    assert said(name, policy, create("aws_opensearch_domain.d", domain_name="d")).outcomes[address] == "fail"
    assert said(name, policy).outcomes[address] == "fail"


def test_bucket_that_cannot_be_told_excuses_nothing() -> None:
    acl = create(ACL, bucket=ref("local.name"), acl="public-read")
    assert said(READ, acl).outcomes == {ACL: "fail"}
    policy = create(POLICY, bucket=ref("local.name"), policy=document(statement()))
    assert said(OPEN, create(BUCKET), policy, create(BLOCK, ALL, bucket=ID)).outcomes[POLICY] == "fail"


METHOD, API = "aws_api_gateway_method.m", "aws_api_gateway_rest_api.a"


def api(kind: Any, **more: Any) -> Any:
    return create(API, {"name": "a", "endpoint_configuration": [{"types": kind}], **more}, unknown=["id"])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(["PRIVATE"], "pass"), (["REGIONAL"], "fail"), (["EDGE"], "fail"), (ref("local.kinds"), "unknown")],
)
def test_a_private_api_is_reached_from_networks_that_are_let_in(kind: Any, expected: str) -> None:
    method = create(METHOD, rest_api_id=ref(API + ".id"), http_method="GET", authorization="NONE")
    assert said("aws-api-method-without-auth", method, api(kind)).outcome == expected
    authorized = create(METHOD, rest_api_id=ref(API + ".id"), http_method="GET", authorization="AWS_IAM")
    assert said("aws-api-method-without-auth", authorized, api(kind)).outcome == "pass"


def test_one_excuse_of_a_method_that_certainly_holds_is_enough() -> None:
    method = create(METHOD, rest_api_id=ref(API + ".id"), http_method=ref("var.m"), authorization="NONE")
    assert said("aws-api-method-without-auth", method, api(["PRIVATE"])).outcome == "pass"
    assert said("aws-api-method-without-auth", method, api(["REGIONAL"])).outcome == "unknown"


def test_an_api_that_cannot_be_told_excuses_no_method() -> None:
    for id in ("a1b2c3d4e5", ref("local.api"), ref("data.aws_api_gateway_rest_api.a.id")):
        method = create(METHOD, rest_api_id=id, http_method="GET", authorization="NONE")
        assert said("aws-api-method-without-auth", method, api(["PRIVATE"])).outcome == "fail"
    left_out = create(API, name="a", unknown=["id", "endpoint_configuration"])
    method = create(METHOD, rest_api_id=ref(API + ".id"), http_method="GET", authorization="NONE")
    assert said("aws-api-method-without-auth", method, left_out).outcome == "fail"


def test_an_api_that_is_private_no_more_opens_its_methods() -> None:
    body = {"rest_api_id": "a1b2c3d4e5", "http_method": "GET", "authorization": "NONE"}
    closed, opened = ({"id": "a1b2c3d4e5", "endpoint_configuration": [{"types": [k]}]} for k in ("PRIVATE", "REGIONAL"))
    method = no_op(METHOD, body, expressions={"rest_api_id": API + ".id"})
    found = said("aws-api-method-without-auth", method, update(API, closed, opened))
    assert (found.outcome, found.severities) == ("fail", {METHOD: ["medium"]})
    assert METHOD in found.new
    assert "before" not in found.message
