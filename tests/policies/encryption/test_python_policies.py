"""Policies of the encryption pack that are no rows: S3 buckets over plain HTTP, secrets kept as plain text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate.testing import create, delete, forget, judge, no_op, plan, ref, update
from plangate_policies import POLICIES

BY_ID = {p.id.removeprefix("encryption/"): p for p in POLICIES}


def statement(effect: str = "Deny", **condition: Any) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
        "Condition": condition or {"Bool": {"aws:SecureTransport": "false"}},
    }


def bucket(policy: Any, *more: Any, **settings: Any) -> str:
    changes = [create("aws_s3_bucket.b", bucket="b"), *more]
    if policy is not None:
        text = json.dumps({"Version": "2012-10-17", "Statement": policy}) if isinstance(policy, list | dict) else policy
        changes.append(create("aws_s3_bucket_policy.p", bucket=ref("aws_s3_bucket.b.id"), policy=text))
    return judge(BY_ID["aws-s3-bucket-cleartext"], plan(*changes), **settings).outcomes["aws_s3_bucket.b"]


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        ([statement()], "pass"),
        (statement(), "pass"),
        ([statement(Bool={"aws:SecureTransport": False})], "pass"),
        ([statement(BoolIfExists={"aws:securetransport": ["false"]})], "pass"),
        ([statement(Bool={"aws:SecureTransport": "true"})], "fail"),
        ([statement("Allow")], "fail"),
        ([statement(Bool={"aws:SecureTransport": []})], "fail"),
        ([{**statement(), "Principal": {"AWS": "arn:aws:iam::123456789012:role/one"}}], "fail"),
        ([{**statement(), "Principal": {"AWS": "*"}}], "pass"),
        ([statement(StringEquals={"aws:PrincipalOrgID": "o-1"})], "fail"),
        ([], "fail"),
        (ref("local.policy"), "unknown"),
        (None, "pass"),
    ],
)
def test_a_bucket_with_a_policy_that_does_not_ask_for_tls(policy: Any, outcome: str) -> None:
    assert bucket(policy) == outcome


def test_the_old_attribute_of_the_bucket_is_its_policy_too() -> None:
    name, address = "aws-s3-bucket-cleartext", "aws_s3_bucket.b"
    tls, none = (json.dumps({"Version": "2012-10-17", "Statement": s}) for s in ([statement()], []))

    def said(change: Any, *more: Any, **settings: Any) -> str:
        return judge(BY_ID[name], plan(change, *more), **settings).outcomes[address]

    for every in (False, True):
        assert said(create(address, bucket="b", policy=tls), every_bucket=every) == "pass"
        assert said(create(address, bucket="b", policy=none), every_bucket=every) == "fail"
        assert said(create(address, bucket="b", policy=ref("local.policy")), every_bucket=every) == "unknown"
        assert said(create(address, bucket="b", unknown=["policy"]), every_bucket=every) == (
            "fail" if every else "pass"
        )
    # A resource of its own is what holds; the attribute of a bucket that exists tells what was there before.
    there = no_op(address, {"bucket": "b", "policy": tls})
    weaker = update("aws_s3_bucket_policy.p", {"bucket": "b", "policy": tls}, {"bucket": "b", "policy": none})
    assert said(there) == "pass"
    assert said(there, weaker) == "fail"
    assert said(there, delete("aws_s3_bucket_policy.p", {"bucket": "b", "policy": tls}), every_bucket=True) == "fail"


def test_every_bucket_can_be_asked() -> None:
    assert bucket(None, every_bucket=True) == "fail"
    assert bucket([statement()], every_bucket=True) == "pass"


def test_a_policy_that_the_apply_writes_is_read_from_its_data_source() -> None:
    blocks = [
        {
            "effect": "Deny",
            "actions": ["s3:*"],
            "resources": [ref("aws_s3_bucket.b.arn")],
            "principals": [{"type": "*", "identifiers": ["*"]}],
            "condition": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}],
        }
    ]
    source = create("data.aws_iam_policy_document.tls", statement=blocks)
    assert bucket(ref("data.aws_iam_policy_document.tls.json"), source) == "pass"
    open_ = create("data.aws_iam_policy_document.tls", statement=[{**blocks[0], "condition": []}])
    assert bucket(ref("data.aws_iam_policy_document.tls.json"), open_) == "fail"


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("/prod/db/password", "fail"),
        ("github-token", "fail"),
        ("payment_api_key", "fail"),
        ("/app/db_password_arn", "pass"),
        ("/app/password-policy", "pass"),
        ("/app/keyboard", "pass"),
        ("/app/region", "pass"),
        (ref("terraform_data.n.output"), "unknown"),
    ],
)
def test_secrets_in_plain_text_are_told_by_their_name(name: Any, outcome: str) -> None:
    made = BY_ID["aws-ssm-parameter-plaintext-secret"]
    for type_ in ("String", "StringList"):
        assert judge(made, plan(create("aws_ssm_parameter.p", name=name, type=type_))).outcome == outcome
    assert judge(made, plan(create("aws_ssm_parameter.p", name=name, type="SecureString"))).outcome == "pass"


def classed(*changes: Any, made: str = "aws-without-customer-key", **more: Any) -> str:
    settings = {"require_cmk": True, "data_classes": ["secret"], "data_class_tag": "Data"}
    return judge(BY_ID[made], plan(*changes, **more), **settings).outcomes[changes[0].entry["address"]]


@pytest.mark.parametrize(
    ("tags", "outcome"),
    [
        ({"Data": "secret"}, "fail"),
        ({"Data": "public"}, "pass"),
        ({"data": "secret"}, "pass"),
        ({"Other": "secret"}, "pass"),
        ({}, "pass"),
        ({"Data": ref("terraform_data.x.output")}, "unknown"),
    ],
)
def test_only_resources_of_a_data_class_need_a_key_of_their_own(tags: dict[str, Any], outcome: str) -> None:
    assert classed(create("aws_cloudwatch_log_group.g", tags_all=tags)) == outcome


def test_class_of_data_is_read_from_the_tags_that_the_resource_will_have() -> None:
    group = "aws_cloudwatch_log_group.g"
    left = ["tags_all"]  # what the provider plans for a resource without tags of its own
    assert classed(create(group, unknown=left)) == "pass"
    assert classed(create(group, tags={"Data": "secret"}, unknown=left)) == "fail"
    assert classed(create(group, tags=ref("local.tags"), unknown=left)) == "unknown"
    defaults = {"aws": {"default_tags": [{"tags": {"Data": "secret"}}]}}
    assert classed(create(group, unknown=left), providers=defaults) == "fail"
    assert classed(create(group, tags={"Data": "public"}, unknown=left), providers=defaults) == "pass"
    untold = {"aws": {"default_tags": [{"tags": ref("local.tags")}]}}
    assert classed(create(group, unknown=left), providers=untold) == "unknown"


def test_class_of_data_as_each_cloud_tells_it() -> None:
    account = create("azurerm_storage_account.a", tags={"DATA": "secret"})
    assert classed(account, made="azurerm-without-customer-key") == "fail"
    database = create("google_sql_database_instance.d", settings=[{"user_labels": {"data": "secret"}}])
    assert classed(database, made="google-without-customer-key") == "fail"
    bucket = create("google_storage_bucket.b", labels={"data": "secret"}, unknown=["effective_labels"])
    assert classed(bucket, made="google-without-customer-key") == "fail"


def test_the_account_default_of_the_same_plan_decides() -> None:
    made = BY_ID["aws-ebs-volume-unencrypted"]
    volume = create("aws_ebs_volume.v", unknown=["encrypted"])

    def outcome(*more: Any) -> str:
        regions = {"aws": {"region": "eu-west-1"}, "aws.other": {"region": "eu-north-1"}}
        return judge(made, plan(volume, *more, providers=regions)).outcomes["aws_ebs_volume.v"]

    default = "aws_ebs_encryption_by_default.d"
    assert outcome() == "unknown"
    assert outcome(create(default, enabled=True)) == "pass"
    assert outcome(create(default, enabled=False)) == "fail"
    assert outcome(create(default, enabled=True, provider="aws.other")) == "unknown"


@pytest.mark.parametrize("text", ["inputs: kmsKeyId", "{", "[" * 100_000])
def test_what_is_no_json_says_nothing(text: str) -> None:
    document = create("aws_ssm_document.d", name="d", document_type="Session", document_format="JSON", content=text)
    assert judge(BY_ID["aws-ssm-session-without-key"], plan(document)).outcomes["aws_ssm_document.d"] == "fail"
    emr = create("aws_emr_security_configuration.e", name="e", configuration=text)
    assert judge(BY_ID["aws-emr-cleartext"], plan(emr)).outcomes["aws_emr_security_configuration.e"] == "fail"


@pytest.mark.parametrize(
    ("switch", "outcome"),
    [
        (delete("aws_ebs_encryption_by_default.d", enabled=True), "fail"),
        (delete("aws_ebs_encryption_by_default.d", enabled=False), "pass"),
        (forget("aws_ebs_encryption_by_default.d", enabled=True), "pass"),
        (no_op("aws_ebs_encryption_by_default.d", {"enabled": True}), "pass"),
        (create("aws_ebs_encryption_by_default.d", enabled=True), "pass"),
    ],
)
def test_a_delete_switches_the_default_of_the_account_off(switch: Any, outcome: str) -> None:
    made = BY_ID["aws-ebs-default-encryption-removed"]
    assert judge(made, plan(switch)).outcome == outcome
    other = create("aws_ebs_encryption_by_default.other", enabled=True)
    said = judge(made, plan(switch, other))
    assert said.outcomes["aws_ebs_encryption_by_default.d"] == outcome
    assert ("unless the other one" in " ".join(map(str, said.messages.values()))) == (outcome == "fail")
