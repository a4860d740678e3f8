"""What policies allow whom they name: every action, everything; and for whose resources a function is invoked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate.testing import create, no_op, ref, update

from .test_joins import document, said

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
