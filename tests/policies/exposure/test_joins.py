"""Buckets with their guards, policy documents, Google members, Azure address ranges."""

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


NAMELESS = "aws-function-source-without-account"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("arn:aws:s3:::events", "fail"),
        ("arn:aws-cn:s3:::events", "fail"),
        ("arn:aws:sns:eu-west-1:*:topic", "fail"),
        ("arn:aws:execute-api:eu-west-1:11112222333?:a/*", "fail"),
        ("arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/*/*", "pass"),
        ("arn:aws:s3:eu-west-1:111122223333:accesspoint/a", "pass"),
        ("no ARN", "pass"),
        (ref("aws_s3_bucket.events.arn"), "fail"),
        (ref("aws_sns_topic.t.arn"), "pass"),
        (ref("var.source"), "unknown"),
    ],
)
def test_the_account_of_whom_a_function_is_invoked_for(source: Any, expected: str) -> None:
    body = {"function_name": "f", "action": "lambda:InvokeFunction", "principal": "s3.amazonaws.com"}
    assert said(NAMELESS, create("aws_lambda_permission.p", body | {"source_arn": source})).outcome == expected
    ours = body | {"source_arn": source, "source_account": ref("data.aws_caller_identity.me.account_id")}
    assert said(NAMELESS, create("aws_lambda_permission.p", ours)).outcome == "pass"
    everybody = body | {"source_arn": source, "principal": "*"}  # that is aws-function-public
    assert said(NAMELESS, create("aws_lambda_permission.p", everybody)).outcome == "pass"
    assert (
        said("aws-function-any-source", create("aws_lambda_permission.p", body | {"source_arn": source})).outcome
        == "pass"
    )


ADMIN, ACTIONS = "aws-iam-policy-allows-all", "aws-iam-policy-allows-all-actions"


@pytest.mark.parametrize(
    ("actions", "resources", "both", "one"),
    [
        ("*", "*", "fail", "fail"),
        (["s3:Get*", "*"], ["*"], "fail", "fail"),
        ("*", "arn:aws:s3:::logs", "pass", "fail"),
        ("s3:*", "*", "pass", "pass"),
    ],
)
def test_permissions(actions: Any, resources: Any, both: str, one: str) -> None:
    text = document({"Effect": "Allow", "Action": actions, "Resource": resources})
    assert said(ADMIN, create("aws_iam_policy.p", policy=text)).outcome == both
    assert said("aws-iam-policy-allows-all-actions", create("aws_iam_policy.p", policy=text)).outcome == one
    denied = document({"Effect": "Deny", "Action": actions, "Resource": resources})
    assert said(ADMIN, create("aws_iam_role_policy.p", policy=denied)).outcome == "pass"
    inline = create("aws_ssoadmin_permission_set_inline_policy.p", inline_policy=text)
    assert said(ADMIN, inline).outcome == both


@pytest.mark.parametrize(
    ("words", "resources", "both", "one"),
    [
        (["iam:*", "organizations:*"], "*", "pass", "fail"),  # as PowerUserAccess is written
        ("IAM:*", ["*"], "pass", "fail"),
        ("s3:DeleteBucket", "*", "fail", "fail"),
        (["iam:DeleteRole"], "*", "fail", "fail"),  # the rest of IAM is enough
        ("s3:DeleteBucket", "arn:aws:s3:::logs/*", "pass", "pass"),
        ("*", "*", "pass", "pass"),
    ],
)
def test_all_actions_but_some(words: Any, resources: Any, both: str, one: str) -> None:
    text = document({"Effect": "Allow", "NotAction": words, "Resource": resources})
    change = create("aws_iam_policy.p", policy=text)
    assert (said(ADMIN, change).outcome, said(ACTIONS, change).outcome) == (both, one)
    denied = create("aws_iam_policy.p", policy=document({"Effect": "Deny", "NotAction": words, "Resource": resources}))
    assert (said(ADMIN, denied).outcome, said(ACTIONS, denied).outcome) == ("pass", "pass")


def test_all_actions_are_more_than_all_but_some() -> None:
    every = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    some = document({"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "*"})
    for before, after, severity in ((some, every, "high"), (every, some, "medium"), (some, some + " ", "medium")):
        change = update("aws_iam_policy.p", {"policy": before}, {"policy": after})
        assert said(ADMIN, change).severities == {"aws_iam_policy.p": [severity]}


def test_each_policy_says_what_of_a_document_it_cannot_know() -> None:
    changes = create("aws_iam_policy.p", policy=ref("local.policy"))
    assert (said(ADMIN, changes).outcome, said(ACTIONS, changes).outcome) == ("unknown", "unknown")
    source = "data.aws_iam_policy_document.d"
    made = create("aws_iam_policy.p", policy=ref(source + ".json"))

    def each(**statement: Any) -> tuple[str, str]:
        found = create(source, statement=[{"effect": "Allow", **statement}], unknown=["json"])
        return said(ADMIN, found, made).outcome, said(ACTIONS, found, made).outcome

    later = ref("terraform_data.later.output")
    assert each(actions=[later], resources=["*"]) == ("unknown", "unknown")
    assert each(actions=[later], resources=["arn:aws:s3:::logs"]) == ("pass", "unknown")
    assert each(actions=["*"], resources=[later]) == ("unknown", "fail")


def test_a_policy_inside_a_role_is_one_too() -> None:
    everything = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    some = everything.replace('"Action": "*"', '"Action": "s3:GetObject"')
    role = "aws_iam_role.r"
    for name in (ADMIN, ACTIONS):
        for policies, expected in (
            ([some, everything], "fail"),
            ([some], "pass"),
            ([], "pass"),
            ([ref("local.policy")], "unknown"),
            ([ref("local.policy"), everything], "fail"),
        ):
            inline = [{"name": f"p{at}", "policy": text} for at, text in enumerate(policies)]
            assert said(name, create(role, inline_policy=inline)).outcome == expected
        assert said(name, create(role, unknown=["inline_policy"])).outcome == "pass"  # nobody wrote one
        known = {"name": "r", "inline_policy": [{"name": "p", "policy": everything}]}
        opened = update(role, {**known, "inline_policy": [{"name": "p", "policy": some}]}, known)
        assert role in said(name, opened).new
        assert role not in said(name, no_op(role, known)).new


@pytest.mark.parametrize("queue", ["aws_sqs_queue_policy.p", "aws_sqs_queue.p"])
@pytest.mark.parametrize(
    ("actions", "principal", "wanted"),
    [
        ("*", "111122223333", "fail"),
        ("SQS:*", "arn:aws:iam::111122223333:role/deploy", "fail"),
        (["sqs:SendMessage", "sqs:*"], ["111122223333", "arn:aws:iam::111122223333:user/ann"], "fail"),
        ("sqs:*", "*", "fail"),
        ("SQS:*", "arn:aws:iam::111122223333:root", "pass"),
        ("sqs:*", ["111122223333", "444455556666"], "pass"),
        (["sqs:SendMessage", "sqs:Receive*"], "*", "pass"),
        ("sns:*", "arn:aws:iam::111122223333:role/deploy", "pass"),
        (None, "arn:aws:iam::111122223333:role/deploy", "fail"),
        (None, "arn:aws:iam::111122223333:root", "pass"),
    ],
)
def test_every_action_of_a_queue(queue: str, actions: Any, principal: Any, wanted: str) -> None:
    which = {"Action": actions} if actions is not None else {"NotAction": "sqs:DeleteQueue"}
    text = document({"Effect": "Allow", "Principal": {"AWS": principal}, **which, "Resource": "*"})
    assert said("aws-queue-allows-all-actions", create(queue, policy=text)).outcome == wanted


def test_a_queue_without_a_policy_allows_nothing() -> None:
    assert said("aws-queue-allows-all-actions", create("aws_sqs_queue.p", unknown=["policy"])).outcome == "pass"


# -- Google ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"member": "allUsers"}, "fail"),
        ({"member": "allAuthenticatedUsers"}, "fail"),
        ({"member": "user:a@example.com"}, "pass"),
        ({"members": ["user:a@example.com", "allUsers"]}, "fail"),
        ({"members": []}, "pass"),
        ({"policy_data": json.dumps({"bindings": [{"role": "r", "members": ["allUsers"]}]})}, "fail"),
        ({"policy_data": json.dumps({"bindings": []})}, "pass"),
        ({"policy_data": "{"}, "unknown"),
        ({"policy_data": '{"bindings": 7}'}, "unknown"),
        ({"policy_data": "[" * 100_000}, "unknown"),
        ({"member": ref("google_service_account.s.member")}, "pass"),
        ({"member": ref("var.member")}, "unknown"),
    ],
)
def test_google_members(values: dict[str, Any], expected: str) -> None:
    assert said("google-resource-public", create("google_storage_bucket_iam_policy.x", values)).outcome == expected


def test_google_document_read_during_the_apply_is_judged_from_its_bindings() -> None:
    public = create("data.google_iam_policy.p", binding=[{"role": "roles/run.invoker", "members": ["allUsers"]}])
    private = create(
        "data.google_iam_policy.p", binding=[{"role": "roles/run.invoker", "members": ["user:a@example.com"]}]
    )
    policy = create("google_cloud_run_service_iam_policy.x", policy_data=ref("data.google_iam_policy.p.policy_data"))
    assert said("google-service-public", policy, public).outcome == "fail"
    assert said("google-service-public", policy, private).outcome == "pass"
    assert said("google-service-public", policy).outcome == "unknown"


def test_google_data_is_critical() -> None:
    assert said(
        "google-resource-public", create("google_storage_bucket_iam_member.x", member="allUsers")
    ).severities == {"google_storage_bucket_iam_member.x": ["critical"]}
    assert said("google-resource-public", create("google_pubsub_topic_iam_member.x", member="allUsers")).severities == {
        "google_pubsub_topic_iam_member.x": ["high"]
    }


# -- Azure address ranges -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "world", "azure"),
    [
        ("0.0.0.0", "255.255.255.255", "fail", "pass"),
        ("0.0.0.1", "255.255.255.254", "fail", "pass"),
        ("0.0.0.0", "0.0.0.0", "pass", "fail"),
        ("192.0.2.1", "192.0.2.9", "pass", "pass"),
        ("192.0.2.9", "192.0.2.1", "pass", "pass"),
        ("x", None, "pass", "pass"),
        (ref("var.a"), "192.0.2.1", "unknown", "unknown"),
    ],
)
def test_database_firewall(first: Any, last: Any, world: str, azure: str) -> None:
    rule = create("azurerm_mssql_firewall_rule.r", start_ip_address=first, end_ip_address=last)
    assert said("azure-database-open-to-world", rule).outcome == world
    assert said("azure-database-open-to-azure", rule).outcome == azure
    redis = create("azurerm_redis_firewall_rule.r", start_ip=first, end_ip=last)
    assert said("azure-database-open-to-world", redis).outcome == world
