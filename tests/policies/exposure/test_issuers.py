"""Trust policies for the jobs of a CI service: whose jobs may come."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.testing import Verdicts, create, judge, plan, ref, update
from plangate_policies import exposure

NAME, ROLE = "aws-role-trusts-any-repository", "aws_iam_role.r"
POLICY = next(p for p in exposure.POLICIES if p.id == f"exposure/{NAME}")
ROOT = Path(exposure.__file__).parent
DATA = json.loads((ROOT / "issuers.json").read_bytes())
GITHUB = "token.actions.githubusercontent.com"
AUDIENCE = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}
LATER = ref("terraform_data.later.output")
SOURCE, PROVIDER = "data.aws_iam_policy_document.d", "aws_iam_openid_connect_provider.p"


def statement(conditions: dict[str, Any] | None = None, issuer: str = GITHUB, **more: Any) -> dict[str, Any]:
    principal = {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{issuer}"}
    found = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRoleWithWebIdentity", **more}
    return {**found, "Condition": conditions} if conditions is not None else found


def text(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def said(*changes: Any) -> Verdicts:
    return judge(POLICY, plan(*changes))


def outcome(*statements: dict[str, Any]) -> str:
    return said(create(ROLE, assume_role_policy=text(*statements))).outcome


def subject(value: Any, operator: str = "StringLike", key: str = f"{GITHUB}:sub") -> dict[str, Any]:
    return statement({**AUDIENCE, operator: {**AUDIENCE.get(operator, {}), key: value}})


def test_issuers_keep_their_schema() -> None:
    schema = json.loads((ROOT / "issuers.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(DATA)
    names = [one["issuer"] for one in DATA["issuers"]]
    assert len(names) == len(set(names))
    assert not {*names} & {one["issuer"] for one in DATA["own"]}


# Each claim of each issuer: a text that names somebody, and the same with a wildcard in the name.
CLAIMS = [
    (one["issuer"], claim, beginning, end)
    for one in DATA["issuers"]
    for claim, beginnings in one["claims"].items()
    for beginning, end in beginnings.items()
]


@pytest.mark.parametrize(("issuer", "claim", "beginning", "end"), CLAIMS)
def test_a_claim_that_names_somebody_limits(issuer: str, claim: str, beginning: str, end: str) -> None:
    key = f"{issuer}:{claim}"
    rest = f"{end}more" if end else ""

    def with_(value: str, operator: str = "StringLike") -> str:
        return outcome(statement({operator: {key: value}}, issuer))

    assert with_(f"{beginning}acme{rest}") == "pass"
    assert with_(f"{beginning}acme{rest}", "StringEquals") == "pass"
    assert with_(f"{beginning}acme") == "pass"
    for name in ("*", "acme*", "a?me", "*acme"):
        assert with_(f"{beginning}{name}{rest}") == "fail"
    if end:
        assert with_(f"{beginning}acme{end}*") == "pass"
    if beginning:
        assert with_(f"nothing:{beginning}acme{rest}", "StringEquals") == "fail"
        assert with_(f"{beginning}") == "fail"


@pytest.mark.parametrize("issuer", [one["issuer"] for one in DATA["issuers"]])
def test_the_audience_limits_nothing(issuer: str) -> None:
    assert outcome(statement({"StringEquals": {f"{issuer}:aud": "sts.amazonaws.com"}}, issuer)) == "fail"
    assert outcome(statement(None, issuer)) == "fail"
    found = said(create(ROLE, assume_role_policy=text(statement(None, issuer))))
    assert f"`{issuer}:sub`" in found.message
    assert found.attributes == {ROLE: ["assume_role_policy"]}


@pytest.mark.parametrize("one", DATA["own"], ids=lambda one: one["named"])
def test_an_issuer_of_one_customer_limits_by_itself(one: dict[str, str]) -> None:
    assert outcome(statement(None, one["issuer"])) == "pass"


@pytest.mark.parametrize(
    ("value", "operator", "wanted"),
    [
        ("repo:acme/*", "ForAnyValue:StringLike", "pass"),
        ("repo:acme/*", "StringLikeIfExists", "pass"),  # the subject is in every token
        ("repo:acme/shop:*", "stringlike", "pass"),
        (["repo:acme/*", "repo:acme-labs/*"], "StringLike", "pass"),
        (["repo:acme/*", "*"], "StringLike", "fail"),
        ([], "StringLike", "fail"),
        ("repo:acme/*", "StringNotLike", "fail"),
        ("true", "Null", "fail"),
        ("repo:*", "StringEquals", "pass"),  # letter by letter: no token has it
        ("workflow:deploy", "StringEquals", "fail"),  # whoever calls his workflow so
    ],
)
def test_operators_of_a_subject(value: Any, operator: str, wanted: str) -> None:
    assert outcome(subject(value, operator)) == wanted


def test_the_case_of_a_key_does_not_count() -> None:
    assert outcome(subject("repo:acme/*", key="Token.Actions.GitHubUserContent.com:SUB")) == "pass"


def test_the_claim_of_another_issuer_limits_nothing() -> None:
    assert outcome(subject("project_path:acme/shop:*", key="gitlab.com:sub")) == "fail"


def test_a_network_limits_too() -> None:
    assert outcome(statement({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})) == "pass"
    assert outcome(statement({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}})) == "fail"


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"Effect": "Deny"}, "pass"),
        ({"Action": "sts:TagSession"}, "pass"),
        ({"Action": ["sts:TagSession", "STS:AssumeRoleWithWebIdentity"]}, "fail"),
        ({"Action": "sts:AssumeRole*"}, "fail"),
        ({"Action": "sts:*"}, "fail"),
        ({"Action": "*"}, "fail"),
        ({"Action": "sts:AssumeRoleWithSAML"}, "pass"),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, "pass"),
        ({"Principal": {"AWS": "111122223333"}}, "pass"),
        ({"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}}, "pass"),
        ({"Principal": {"Federated": "cognito-identity.amazonaws.com"}}, "pass"),
    ],
)
def test_what_a_statement_is_about(more: dict[str, Any], wanted: str) -> None:
    assert outcome({**statement(AUDIENCE), **more}) == wanted


def test_one_open_statement_is_enough() -> None:
    assert outcome(subject("repo:acme/*"), statement(AUDIENCE, "gitlab.com")) == "fail"
    assert outcome(subject("repo:acme/*"), subject("repo:acme-labs/*")) == "pass"


def test_what_was_open_before() -> None:
    open_, own = text(statement(AUDIENCE)), text(subject("repo:acme/*"))
    assert said(update(ROLE, {"assume_role_policy": own}, {"assume_role_policy": open_})).severities == {
        ROLE: ["critical"]
    }
    both = {"assume_role_policy": open_}
    changed = update(ROLE, {**both, "description": "a"}, {**both, "description": "b"})
    assert said(changed).severities == {ROLE: ["medium"]}


# -- what only the apply tells --------------------------------------------------------------------------------


def planned(conditions: list[dict[str, Any]], principal: Any, *beside: Any, **more: Any) -> str:
    block = {
        "effect": "Allow",
        "actions": ["sts:AssumeRoleWithWebIdentity"],
        "principals": [{"type": "Federated", "identifiers": [principal]}],
        "condition": conditions,
        **more,
    }
    source = create(SOURCE, statement=[block], unknown=["json"])
    role = create(ROLE, assume_role_policy=ref(SOURCE + ".json"))
    return said(role, source, *beside).outcomes[ROLE]


def one(variable: Any, *values: Any, test: str = "StringLike") -> dict[str, Any]:
    return {"test": test, "variable": variable, "values": list(values)}


AUD = one(f"{GITHUB}:aud", "sts.amazonaws.com", test="StringEquals")


def test_a_provider_of_the_same_plan() -> None:
    arn, url = ref(PROVIDER + ".arn"), f"https://{GITHUB}"
    github = create(PROVIDER, url=url, unknown=["arn"])
    assert planned([], arn, github) == "fail"
    assert planned([AUD], arn, github) == "fail"
    assert planned([AUD, one(f"{GITHUB}:sub", "repo:acme/*")], arn, github) == "pass"
    assert planned([AUD, one(f"{GITHUB}:sub", LATER)], arn, github) == "pass"  # somebody's repository of this plan
    assert planned([one(LATER, "repo:acme/*")], arn, github) == "unknown"
    for other in ("https://oidc.circleci.com/org/0a1b", f"{url}/acme", ref("aws_eks_cluster.c.identity")):
        assert planned([], arn, create(PROVIDER, url=other, unknown=["arn"])) == "pass"


def test_a_provider_that_comes_from_elsewhere_is_known_by_the_claims() -> None:
    assert planned([AUD], LATER) == "fail"
    assert planned([AUD, one(f"{GITHUB}:sub", "repo:acme/*")], LATER) == "pass"
    assert planned([], LATER) == "unknown"
    assert planned([], ref(PROVIDER + ".arn")) == "unknown"  # it is in no change of this plan
    assert planned([], ref("aws_iam_saml_provider.s.arn")) == "pass"


def test_an_unknown_action_or_effect() -> None:
    arn = f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"
    assert planned([AUD], arn, actions=[LATER]) == "unknown"
    assert planned([AUD], arn, effect=LATER) == "unknown"
    assert planned([one(f"{GITHUB}:sub", "repo:acme/*")], arn, actions=[LATER]) == "pass"


def test_an_unknown_document() -> None:
    assert said(create(ROLE, assume_role_policy=ref("local.policy"))).outcome == "unknown"
    assert said(create(ROLE, assume_role_policy="{")).outcome == "unknown"


@given(st.text(max_size=40), st.sampled_from(["StringLike", "StringEquals"]))
def test_any_subject_is_judged(value: str, operator: str) -> None:
    own = value.startswith("repo:") and value[5:].partition("/")[0] and not {*"*?"} & {*value[5:].partition("/")[0]}
    if own:
        assert outcome(subject(value, operator)) == "pass"
    elif operator == "StringLike" and not value.startswith(("rep", "job", "ent")):
        assert outcome(subject(value, operator)) == "fail"


ACTION = "sts:AssumeRoleWithWebIdentity"


@given(st.lists(st.sampled_from(["*", "?", ""]), min_size=len(ACTION), max_size=len(ACTION)))
def test_an_action_with_wildcards_anywhere_is_the_action(wild: list[str]) -> None:
    pattern = "".join({"*": char + "*", "?": "?", "": char}[how] for how, char in zip(wild, ACTION, strict=True))
    assert outcome(statement(Action=pattern)) == "fail"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("sts:Assume*Identity", "fail"),
        ("sts:?ssumeRoleWithWebIdentity", "fail"),
        ("*:assumerolewithwebidentity", "fail"),
        ("sts:AssumeRole", "pass"),
        ("sts:AssumeRole?", "pass"),
        ("sts:Assume*SAML", "pass"),
        ("s3:*", "pass"),
    ],
)
def test_which_actions_assume_a_role(action: str, expected: str) -> None:
    assert outcome(statement(Action=action)) == expected
