"""Policy documents: from JSON that may be hostile, and from what is planned of the data source that makes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate import Change, Finding, NotADocument, UnknownValue, is_unknown, policy
from plangate.plan.denials import denied, fits
from plangate.plan.documents import Condition, Document, Principal, Statement
from plangate.plan.documents_json import MAX_LENGTH, parse
from plangate.plan.values import Unknown
from plangate.testing import create, judge, no_op, plan, ref, update

QUEUE = "aws_sqs_queue_policy.q"
ANYONE = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
SOURCE = "data.aws_iam_policy_document"


@policy("test/public", types="aws_sqs_queue_policy", severity="high")
def public(change: Change) -> Any:
    """Public."""
    document = change.document("policy")
    for statement in document.public_statements() if document is not None else ():
        yield Finding(f"public: {statement.sid}", "policy")


def document_of(*changes: Any, path: str = "policy", **options: Any) -> Document | None:
    made = plan(*changes, **options)
    return next(c for c in made.changes if c.address == QUEUE or c.type == "aws_sqs_queue_policy").document(path)


def outcome(*changes: Any, **options: Any) -> str:
    return judge(public, plan(*changes, **options)).outcomes.popitem()[1]


def literal(*statements: Any) -> Any:
    return create(QUEUE, policy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def block(
    sid: str | None = None, *, who: Any = "*", kind: str = "*", condition: Any = None, **more: Any
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "sid": sid,
        "effect": None,
        "actions": ["sqs:SendMessage"],
        "resources": [ref("aws_sqs_queue.q.arn")],
        "principals": [{"type": kind, "identifiers": who if isinstance(who, list) else [who]}],
    }
    if condition is not None:
        made["condition"] = [condition]
    return {**made, **more}


def source(name: str, *statements: Any, **more: Any) -> Any:
    return create(f"{SOURCE}.{name}", statement=list(statements), **more, unknown=["json", "minified_json"])


def by(name: str) -> Any:
    return create(QUEUE, policy=ref(f"{SOURCE}.{name}.json"))


# -- known text -------------------------------------------------------------------------------------------


def test_every_part_is_there() -> None:
    statement = {
        "Sid": "One",
        "Effect": "Deny",
        "NotPrincipal": {"AWS": ["1", "2"], "Service": "x.amazonaws.com"},
        "NotAction": ["a:B"],
        "NotResource": "r",
        "Condition": {"Bool": {"aws:SecureTransport": False}, "StringEquals": {"k": ["a", "b"]}},
    }
    found = document_of(literal(statement, ANYONE))
    assert found is not None
    assert found.complete
    assert found.version == "2012-10-17"
    first, second = found
    assert (first.sid, first.effect, first.allows, second.allows) == ("One", "Deny", False, True)
    assert [(p.type, p.id) for p in first.not_principals] == [
        ("AWS", "1"), ("AWS", "2"), ("Service", "x.amazonaws.com"),
    ]  # fmt: skip
    assert (first.not_actions, first.not_resources, first.actions) == (["a:B"], ["r"], [])
    assert [(c.operator, c.key, c.values) for c in first.conditions] == [
        ("Bool", "aws:SecureTransport", ["false"]), ("StringEquals", "k", ["a", "b"]),
    ]  # fmt: skip
    assert [(p.type, p.id, p.is_everyone()) for p in second.principals] == [("*", "*", True)]


@pytest.mark.parametrize("value", [None, ""])
def test_no_document_is_none(value: Any) -> None:
    assert document_of(create(QUEUE, policy=value)) is None
    assert document_of(create(QUEUE)) is None


HOSTILE = {
    "no JSON": "{",
    "not an object": "[]",
    "a key twice": '{"Statement": [], "Statement": []}',
    "a key twice but for case": '{"Statement": [], "statement": []}',
    "a field twice": '{"Statement": {"Effect": "Allow", "effect": "Deny"}}',
    "no effect": '{"Statement": [{"Principal": "*"}]}',
    "another effect": '{"Statement": [{"Effect": "allow"}]}',
    "a number": '{"Statement": [{"Effect": "Allow", "Action": 1}]}',
    "NaN": '{"Statement": [], "x": NaN}',
    "no statement": "{}",
    "deep": "[" * 100_000,
    "deep inside": '{"Statement": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "long": '{"Statement": [], "Id": "' + "x" * MAX_LENGTH + '"}',
    "long number": '{"Statement": [], "Id": ' + "9" * 5000 + "}",
    "principal": '{"Statement": [{"Effect": "Allow", "Principal": 1}]}',
    "condition": '{"Statement": [{"Effect": "Allow", "Condition": {"a": [1]}}]}',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_document_is_unknown_and_never_a_pass(text: str) -> None:
    with pytest.raises(NotADocument):
        parse(text, "policy")
    verdicts = judge(public, plan(create(QUEUE, policy=text)))
    assert verdicts.outcome == "unknown"
    assert verdicts.message == "policy is not a policy document"


def test_an_attribute_of_another_type_is_no_document() -> None:
    assert outcome(create(QUEUE, policy=[1])) == "unknown"


NAMES = st.sampled_from(["Statement", "Effect", "Principal", "Action", "Condition", "AWS"]) | st.text()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)
)


@given(JSON)
def test_any_json_is_a_document_or_none(value: Any) -> None:
    try:
        found = parse(json.dumps(value), "policy")
    except NotADocument:
        return
    for statement in found:
        assert statement.is_public() in (True, False)


def test_before_is_asked_for() -> None:
    old, new = json.dumps({"Statement": []}), json.dumps({"Statement": [ANYONE]})
    change = plan(update(QUEUE, {"policy": old}, {"policy": new})).changes[0]
    assert [len(d.statements) for d in (change.document("policy", before=True), change.document("policy")) if d] == [
        0,
        1,
    ]


# -- planned documents ------------------------------------------------------------------------------------


def test_only_what_is_unknown_in_it_is_unknown() -> None:
    found = document_of(by("d"), source("d", block("Open")))
    assert found is not None
    (statement,) = found
    assert (statement.sid, statement.effect, statement.actions) == ("Open", "Allow", ["sqs:SendMessage"])
    assert statement.is_public()
    assert is_unknown(statement.resources[0])
    with pytest.raises(UnknownValue):
        bool(statement.resources[0] == "x")
    assert outcome(by("d"), source("d", block("Open"))) == "fail"


def test_a_role_of_the_plan_is_somebody() -> None:
    assert (
        outcome(by("d"), source("d", block(kind="AWS", who=ref("aws_iam_role.r.arn"))), create("aws_iam_role.r"))
        == "pass"
    )


def test_a_principal_that_nobody_can_follow_is_unknown() -> None:
    assert outcome(by("d"), source("d", block(kind="AWS", who=ref("local.who")))) == "unknown"
    assert outcome(by("d"), source("d", block(kind="AWS", who=[ref("local.who"), "*"]))) == "fail"


def test_a_narrowing_condition_counts_also_when_its_value_is_unknown() -> None:
    condition = {"test": "ArnEquals", "variable": "aws:SourceArn", "values": [ref("aws_sns_topic.t.arn")]}
    assert outcome(by("d"), source("d", block(condition=condition)), create("aws_sns_topic.t")) == "pass"


def test_through_a_module_both_ways() -> None:
    inside = create(f"module.m.{SOURCE}.d", statement=[block("In")], unknown=["json"])
    out = create(QUEUE, policy=ref(["module.m.json", "module.m"]))
    modules = {"module.m": {"outputs": {"json": ref(f"{SOURCE}.d.json")}}}
    assert outcome(out, inside, modules=modules) == "fail"
    down = create("module.m.aws_sqs_queue_policy.q", policy=ref("var.document"))
    given_in = {"module.m": {"variables": {"document": ref(f"{SOURCE}.d.json")}}}
    assert outcome(down, source("d", block("In")), modules=given_in) == "fail"


def test_by_for_each() -> None:
    made = [
        create(f'{SOURCE}.d["{k}"]', statement=[block(k, who=w)], unknown=["json"]) for k, w in (("a", "*"), ("b", "1"))
    ]
    queues = [create(f'aws_sqs_queue_policy.q["{k}"]', policy=ref([f"{SOURCE}.d", "each.key"])) for k in "ab"]
    assert judge(public, plan(*made, *queues)).outcomes == {
        'aws_sqs_queue_policy.q["a"]': "fail", 'aws_sqs_queue_policy.q["b"]': "pass",
    }  # fmt: skip


def test_through_another_resources_attribute() -> None:
    mine = create("aws_sqs_queue_policy.q", policy=ref("aws_iam_policy.p.policy"))
    assert outcome(mine, create("aws_iam_policy.p", policy=ref(f"{SOURCE}.d.json")), source("d", block())) == "fail"


def test_sources_and_overrides_are_merged_by_sid() -> None:
    base = source("base", block("One"), block("Two"))
    over = source("over", block("Two", who="123456789012", kind="AWS"), block("Four"))
    top = source(
        "top",
        block("One", who="123456789012", kind="AWS"),
        block(),
        source_policy_documents=[ref(f"{SOURCE}.base.json"), json.dumps({"Statement": [{**ANYONE, "Sid": "Three"}]})],
        override_policy_documents=[ref(f"{SOURCE}.over.json")],
    )
    found = document_of(by("top"), base, over, top)
    assert found is not None
    assert [(s.sid, s.is_public()) for s in found] == [
        ("One", False), ("Two", False), ("Three", True), (None, True), ("Four", True),
    ]  # fmt: skip


def test_a_source_that_cannot_be_followed_leaves_the_rest_to_be_judged() -> None:
    top = source("top", block("Own"), source_policy_documents=[ref("local.more")])
    found = document_of(by("top"), top)
    assert found is not None
    assert not found.complete
    assert [s.sid for s in found.statements] == ["Own"]
    with pytest.raises(UnknownValue):
        list(found)
    verdicts = judge(public, plan(by("top"), top))
    assert verdicts.outcome == "fail"
    assert len(verdicts.messages[QUEUE]) == 2
    assert outcome(by("top"), source("top", block(who="1"), source_policy_documents=[ref("local.more")])) == "unknown"


def test_two_documents_of_which_one_is_meant_are_unknown() -> None:
    either = create(QUEUE, policy=ref("var.on", f"{SOURCE}.a.json", f"{SOURCE}.b.json"))
    assert outcome(either, source("a", block(who="1")), source("b", block(who="1"))) == "unknown"


def test_a_jsonencode_with_something_unknown_is_unknown() -> None:
    assert outcome(create(QUEUE, policy=ref("aws_sqs_queue.q.arn")), create("aws_sqs_queue.q")) == "unknown"
    assert outcome(create(QUEUE, policy=ref("local.document"))) == "unknown"
    assert outcome(create(QUEUE, unknown=["policy"])) == "unknown"


def test_a_document_that_merges_itself_ends() -> None:
    top = source("top", source_policy_documents=[ref(f"{SOURCE}.top.json")])
    assert outcome(by("top"), top) == "unknown"


def test_statements_of_a_dynamic_block() -> None:
    unknown = create(f"{SOURCE}.d", unknown=["json", "statement"])
    assert outcome(by("d"), unknown) == "unknown"
    made = create(f"{SOURCE}.d", statement=[block("Open")], dynamic=["statement"], unknown=["json"])
    assert outcome(by("d"), made) == "fail"


def test_a_known_document_asks_nothing_of_the_plan() -> None:
    assert outcome(no_op(QUEUE, {"policy": json.dumps({"Statement": [ANYONE]})})) == "fail"


# -- weighing ---------------------------------------------------------------------------------------------

NARROW = [
    ("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3"),
    ("stringequals", "AWS:sourceaccount", "123456789012"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1/*"),
    ("ArnLike", "aws:SourceArn", "arn:aws:sns:eu-west-1:123456789012:*"),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket"),
    ("StringEquals", "aws:SourceVpce", "vpce-1"),
    ("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
    ("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("IpAddress", "aws:VpcSourceIp", "2001:db8::/32"),
    ("Bool", "aws:PrincipalIsAWSService", "true"),
    ("StringEquals", "kms:CallerAccount", "123456789012"),
]
WIDE = [
    ("StringEquals", "aws:PrincipalType", "User"),
    ("Bool", "aws:SecureTransport", "true"),
    ("StringEqualsIfExists", "aws:SourceArn", "arn:aws:sns:eu-west-1:123456789012:t"),
    ("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-a1b2c3"),
    ("StringNotEquals", "aws:SourceAccount", "123456789012"),
    ("Null", "aws:SourceArn", "false"),
    ("StringLike", "aws:PrincipalOrgID", "*"),
    ("StringLike", "aws:SourceAccount", "12*"),
    ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:*"),
    ("ArnLike", "aws:SourceArn", "arn:aws:s3:::*"),
    ("ArnLike", "aws:SourceArn", "nonsense"),
    ("IpAddress", "aws:SourceIp", "0.0.0.0/0"),
    ("IpAddress", "aws:SourceIp", "0.0.0.0/1"),
    ("IpAddress", "aws:SourceIp", "::/0"),
    ("IpAddress", "aws:SourceIp", "everywhere"),
    ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"),
    ("Bool", "aws:PrincipalIsAWSService", "false"),
]


@pytest.mark.parametrize(
    ("operator", "key", "value", "narrow"), [(*c, True) for c in NARROW] + [(*c, False) for c in WIDE]
)
def test_what_narrows(operator: str, key: str, value: str, narrow: bool) -> None:
    assert Condition(operator, key, [value]).narrows() is narrow
    assert not Condition(operator, key, [value, "*"]).narrows() or operator == "StringEquals"
    assert not Condition(operator, key, []).narrows()
    statement = Statement("Allow", principals=[Principal("AWS", "*")], conditions=[Condition(operator, key, [value])])
    assert statement.is_public() is not narrow


def test_everybody_but_some_is_everybody() -> None:
    assert Statement("Allow", not_principals=[Principal("AWS", "123456789012")]).is_public()
    assert not Statement("Deny", principals=[Principal("*", "*")]).is_public()
    assert not Statement("Allow").is_public()


# -- denials ---------------------------------------------------------------------------------------------------

ORG = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
KEEPS = [
    ("StringNotEqualsIfExists", "aws:SourceVpce", "vpce-1"),
    ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/*"),
    ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"),
    ("ForAllValues:StringNotLike", "aws:PrincipalOrgPaths", "o-1/*"),
    ("BoolIfExists", "aws:PrincipalIsAWSService", "false"),
]
LETS = [
    ("StringEquals", "aws:PrincipalOrgID", "o-1"),
    ("StringNotLike", "aws:PrincipalOrgID", "*"),
    ("ForAnyValue:StringNotLike", "aws:PrincipalOrgPaths", "o-1/*"),
    ("NotIpAddress", "aws:SourceIp", "0.0.0.0/0"),
    ("Bool", "aws:SecureTransport", "false"),
    ("Bool", "aws:PrincipalIsAWSService", "true"),
    ("Null", "aws:PrincipalOrgID", "true"),
    ("StringNotEquals", "aws:UserAgent", "x"),
]


def deny(**more: Any) -> dict[str, Any]:
    made = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": ORG, **more}
    return {key: value for key, value in made.items() if value is not None}


@pytest.mark.parametrize(
    ("operator", "key", "value", "expected"), [(*c, "pass") for c in KEEPS] + [(*c, "fail") for c in LETS]
)
def test_what_a_denial_leaves_by_its_condition(operator: str, key: str, value: str, expected: str) -> None:
    assert outcome(literal(ANYONE, deny(Condition={operator: {key: value}}))) == expected
    two = {operator: {key: value}, "StringNotEquals": {"aws:SourceAccount": "123456789012"}}
    if operator != "StringNotEquals":
        assert outcome(literal(ANYONE, deny(Condition=two))) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "pass"),
        ({"Condition": None}, "pass"),
        ({"Action": "*"}, "pass"),
        ({"Action": "SQS:Send*"}, "pass"),
        ({"Action": ["sqs:SendMessage"]}, "pass"),
        ({"Action": "sqs:ReceiveMessage"}, "fail"),
        ({"Action": None, "NotAction": "sqs:ReceiveMessage"}, "fail"),
        ({"Resource": "arn:aws:sqs:*:*:other"}, "fail"),
        ({"Resource": None}, "pass"),
        ({"Resource": None, "NotResource": "x"}, "fail"),
        ({"Principal": {"AWS": "*"}}, "pass"),
        ({"Principal": {"AWS": "123456789012"}}, "fail"),
        ({"Principal": {"Federated": "*"}}, "fail"),
        ({"Principal": None, "NotPrincipal": {"AWS": "123456789012"}, "Condition": None}, "pass"),
        ({"Principal": None, "NotPrincipal": {"AWS": "*"}, "Condition": None}, "fail"),
        ({"Resource": ["*"] * 300}, "fail"),
    ],
)
def test_what_a_denial_leaves_by_what_it_holds_for(more: dict[str, Any], expected: str) -> None:
    assert outcome(literal(ANYONE, deny(**more))) == outcome(literal(deny(**more), ANYONE)) == expected


def test_denials_together() -> None:
    here, there = "arn:aws:s3:::b", "arn:aws:s3:::b/*"
    both = {**ANYONE, "Resource": [here, "arn:aws:s3:::b/x/*"]}
    assert outcome(literal(both, deny(Resource=here), deny(Resource=there))) == "pass"
    assert outcome(literal(both, deny(Resource=there))) == "fail"
    all_but = {**ANYONE, "NotAction": "sqs:Purge*"}
    del all_but["Action"]
    assert outcome(literal(all_but, deny(Action="*"))) == "pass"
    assert outcome(literal(all_but, deny(Action="sqs:Send*"))) == "fail"


def test_denials_that_a_data_source_makes() -> None:
    def made(effect: str, resource: Any, **more: Any) -> dict[str, Any]:
        everybody = [{"type": "*", "identifiers": ["*"]}]
        return {"effect": effect, "actions": ["sqs:*"], "resources": [resource], "principals": everybody, **more}

    def judged(allowed: Any, denied: Any, values: Any = "o-1") -> str:
        but = [{"test": "StringNotEquals", "variable": "aws:PrincipalOrgID", "values": [values]}]
        statements = [made("Allow", allowed), made("Deny", denied, condition=but)]
        source = create(f"{SOURCE}.d", statement=statements)
        return outcome(source, create(QUEUE, policy=ref(f"{SOURCE}.d.json")), create("aws_sqs_queue.q"))

    arn = ref("aws_sqs_queue.q.arn")
    assert judged(arn, "*") == judged(arn, "*", ref("aws_organizations_organization.o.id")) == "pass"
    assert judged("*", arn) == judged(arn, "arn:aws:sqs:eu-west-1:123456789012:q") == "fail"
    assert judged(arn, arn) == "unknown"


def test_an_unknown_list_of_exceptions_hides_no_other_statement() -> None:
    everybody = [Principal("*", "*")]
    unknown = Unknown(("not_resources",), lambda path, asked: ("configured", None))
    but = Statement("Allow", principals=everybody, actions=["s3:*"], not_resources=unknown)
    public = Statement("Allow", principals=everybody, actions=["s3:*"], resources=["arn:b"])
    deny_ = Statement("Deny", principals=everybody, actions=["*"], resources=["arn:a"])
    assert list(Document([but, public, deny_], [], "policy").public_statements()) == [but, public]
    deny_.resources = ["*"]
    assert list(Document([but, public, deny_], [], "policy").public_statements()) == []


def test_unknown_values_of_one_statement_are_told_apart() -> None:
    def unknown(origin: str | None) -> Unknown:
        return Unknown(("resources", 0), lambda path, asked: ("configured", origin))

    def judged(allowed: str | None, denied_: str | None) -> Any:
        everybody = [Principal("*", "*")]
        allow = Statement("Allow", principals=everybody, actions=["s3:*"], resources=[unknown(allowed)])
        deny_ = Statement("Deny", principals=everybody, actions=["s3:*"], resources=[unknown(denied_), "x"])
        return denied(allow, [deny_])

    assert judged("aws_s3_bucket.a.arn", "aws_s3_bucket.b.arn") is False
    for one, other in (("a.arn", "a.arn"), (None, "a.arn"), ("a.arn", None)):
        assert is_unknown(judged(one, other))


@given(st.text("ab*", max_size=6), st.text("ab", max_size=8))
def test_a_pattern_stands_for_what_it_matches(pattern: str, text: str) -> None:
    def matches(p: str, t: str) -> bool:
        if not p:
            return not t
        if p[0] == "*":
            return matches(p[1:], t) or (bool(t) and matches(p, t[1:]))
        return bool(t) and t[0] == p[0] and matches(p[1:], t[1:])

    assert fits(pattern, text) == matches(pattern, text)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (Statement("Allow", actions=["S3:get*"], resources=["arn:x/*"]), True),
        (Statement("Allow", actions=["s3:Put*"], resources=["*"]), False),
        (Statement("Allow", actions=["s3:*"], resources=["arn:y"]), False),
        (Statement("Allow", actions=["s3:*"]), True),
        (Statement("Allow"), True),
        (Statement("Allow", not_actions=["s3:Put*"], resources=["*"]), False),
        (Statement("Allow", actions=["*"], not_resources=["arn:y"]), False),
    ],
)
def test_what_a_statement_includes(statement: Statement, expected: bool) -> None:
    assert statement.includes("s3:GetObject", "arn:x/a*") is expected


def test_what_is_unknown_includes_nothing() -> None:
    unknown = Unknown(("a",), lambda path, asked: ("configured", None))
    for parts in ({"actions": unknown}, {"resources": unknown}, {"actions": [unknown]}, {"not_actions": unknown}):
        assert not Statement("Allow", **parts).includes("s3:GetObject", "arn:x")
