"""Tag policies of AWS Organizations: every form that AWS writes is read, everything else is named with its line."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.testing import create, judge, no_op, plan, ref
from plangate_policies.tagging import tag_policy_violated
from plangate_policies.tagging.tag_policy import TagPolicyMistake, names_type, parse

RAW = {
    "tags": {
        "costcenter": {
            "tag_key": {"@@assign": "CostCenter", "@@operators_allowed_for_child_policies": ["@@none"]},
            "tag_value": {"@@assign": ["100", "2*"]},
            "enforced_for": {"@@assign": ["sqs:queue", "secretsmanager:ALL_SUPPORTED"]},
        },
        "owner": {
            "tag_key": {"@@assign": "Owner"},
            "report_required_tag_for": {"@@assign": ["sqs:*"]},
        },
    }
}
EFFECTIVE = {
    "tags": {
        "costcenter": {
            "tag_key": "CostCenter",
            "tag_value": ["100", "2*"],
            "enforced_for": ["sqs:queue", "secretsmanager:ALL_SUPPORTED"],
        },
        "owner": {"tag_key": "Owner", "report_required_tag_for": ["sqs:*"]},
    }
}
ANSWER = {"EffectivePolicy": {"PolicyContent": json.dumps(EFFECTIVE), "PolicyType": "TAG_POLICY", "TargetId": "1"}}
DESCRIBED = {"Policy": {"PolicySummary": {"Name": "tags"}, "Content": json.dumps(RAW)}}
INNER = ANSWER["EffectivePolicy"]
FORMS = [RAW, EFFECTIVE, ANSWER, DESCRIBED, INNER]


def told(text: str) -> list[tuple[str, list[str] | None, list[str], list[str]]]:
    return [(r.key, r.values, r.enforced, r.required) for r in parse(text).rules]


@pytest.mark.parametrize("form", FORMS, ids=["raw", "effective", "answer", "described", "inner"])
def test_every_form_means_the_same(form: Any) -> None:
    assert told(json.dumps(form, indent=2)) == [
        ("CostCenter", ["100", "2*"], ["sqs:queue", "secretsmanager:ALL_SUPPORTED"], []),
        ("Owner", None, [], ["sqs:*"]),
    ]
    assert not parse(json.dumps(form)).inherits


def test_operators_in_the_order_in_which_they_stand() -> None:
    values = {"@@assign": ["a", "b"], "@@append": ["c"], "@@remove": ["a"]}
    made = parse(json.dumps({"tags": {"x": {"tag_value": values}}}))
    assert [(r.key, r.values) for r in made.rules] == [("x", ["b", "c"])]
    assert made.inherits


def test_a_key_without_tag_key_is_lower_case() -> None:
    assert told('{"tags": {"CostCenter": {}}}') == [("costcenter", None, [], [])]


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(lambda k: not k.startswith("@@")),
        st.lists(st.text(max_size=5).filter(lambda v: v.count("*") < 2), max_size=3),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_written_is_read(tags: dict[str, list[str]]) -> None:
    distinct = {key.lower(): (key, values) for key, values in tags.items() if key.lower() == key.lower().lower()}
    stated = {low: {"tag_key": low, "tag_value": values} for low, (_, values) in distinct.items()}
    rules = parse(json.dumps({"tags": stated})).rules
    assert [(r.key, r.values) for r in rules] == [(low, values or None) for low, (_, values) in distinct.items()]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["tags", "tag_key", "tag_value", "@@assign", "@@append", "enforced_for", "Policy", "x"])
            | st.text(max_size=4),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_document_is_a_policy_or_a_mistake(document: Any) -> None:
    for wrapped in (document, {"tags": document}, {"tags": {"x": document}}, {"Policy": {"Content": str(document)}}):
        try:
            parse(json.dumps(wrapped))
        except TagPolicyMistake:
            continue


@given(st.text(max_size=40))
def test_any_text_is_a_policy_or_a_mistake(text: str) -> None:
    with pytest.raises(TagPolicyMistake):
        parse(text)


# -- a policy with its operators, by a model ------------------------------------------------------------------

WORDS = st.sampled_from(["a", "b", "c", "d*", "*", ""])
TYPES = st.sampled_from(["sqs:queue", "sqs:*", "ec2:ALL_SUPPORTED", "s3:bucket"])
CHILDREN = "@@operators_allowed_for_child_policies"


def operated(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """A list as a policy may write it: plain, or as operators in some order."""
    listed = st.lists(texts, max_size=4)
    given_ = listed | texts
    operators = st.permutations(["@@assign", "@@append", "@@remove", CHILDREN]).flatmap(
        lambda names: st.tuples(*(st.none() | given_ for _ in names)).map(
            lambda values: {n: v for n, v in zip(names, values, strict=True) if v is not None}
        )
    )
    return st.none() | given_ | operators


def resolved(stated: Any) -> list[str]:
    """What AWS makes of a list: each operator in its order."""
    if not isinstance(stated, dict):
        stated = {"@@assign": [] if stated is None else stated}
    found: list[str] = []
    for operator, given_ in stated.items():
        texts = [given_] if isinstance(given_, str) else given_
        if operator == "@@assign":
            found = list(texts)
        elif operator == "@@append":
            found += texts
        elif operator == "@@remove":
            found = [text for text in found if text not in texts]
    return found


RULES = st.dictionaries(
    st.sampled_from(["Owner", "CostCenter", "env"]),
    st.fixed_dictionaries(
        {"tag_value": operated(WORDS), "enforced_for": operated(TYPES), "report_required_tag_for": operated(TYPES)}
    ),
    min_size=1,
)


@given(RULES, st.integers(0, 4), st.booleans())
def test_operators_mean_what_a_model_says(tags: dict[str, Any], form: int, plain_key: bool) -> None:
    body = {
        "tags": {
            name.lower(): {"tag_key": name if plain_key else {"@@assign": name, CHILDREN: ["@@none"]}} | parts
            for name, parts in tags.items()
        }
    }
    text = json.dumps(body)
    wrapped = [
        body,
        {"Policy": {"Content": text}},
        {"EffectivePolicy": {"PolicyContent": text}},
        {"PolicyContent": text},
        {"Content": text},
    ]
    made = parse(json.dumps(wrapped[form]))
    expected = [
        (
            name,
            resolved(parts["tag_value"]) or None,
            resolved(parts["enforced_for"]),
            resolved(parts["report_required_tag_for"]),
        )
        for name, parts in tags.items()
    ]
    assert [(r.key, r.values, r.enforced, r.required) for r in made.rules] == expected
    operators = {o for parts in tags.values() for given_ in parts.values() if isinstance(given_, dict) for o in given_}
    assert made.inherits == bool(operators & {"@@append", "@@remove"})


@given(RULES, st.data())
def test_a_policy_with_a_fault_is_a_mistake_with_a_line_of_the_text(tags: dict[str, Any], data: Any) -> None:
    """One thing somewhere in a good policy is put for another: it is read, or said where it is wrong."""
    text = json.dumps({"tags": {name.lower(): {"tag_key": name, **parts} for name, parts in tags.items()}}, indent=1)
    at = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(0, 6))
    put = data.draw(st.text(alphabet='{}[]",:@*aA \n\\u0é1', max_size=3))
    broken = text[:at] + put + text[at + length :]
    mistake: TagPolicyMistake | None = None
    try:
        assert parse(broken).rules
    except TagPolicyMistake as raised:
        mistake = raised
    if mistake is not None:
        said, line = str(mistake), mistake.line
        assert said.isprintable()
        assert 0 < len(said) <= 400
        assert line is None or 1 <= line <= broken.count("\n") + 1


@given(
    st.lists(st.sampled_from(["a", "ab", "x*", "*y", "*", "p*q", ""]), max_size=4),
    st.text(alphabet="abxypq*", max_size=5),
)
def test_a_value_complies_where_a_pattern_says_so(allowed: list[str], value: str) -> None:
    rule = parse(json.dumps({"tags": {"k": {"tag_value": allowed}}})).rules[0]
    meant = not allowed or any(
        re.fullmatch(".*".join(map(re.escape, one.split("*"))), value, re.DOTALL) for one in allowed
    )
    assert rule.takes(value) == meant


@given(st.lists(TYPES, max_size=3), st.lists(st.sampled_from(["sqs:queue", "ec2:instance", "s3:bucket"]), max_size=2))
def test_a_type_is_named_by_itself_or_by_its_service(listed: list[str], mine: list[str]) -> None:
    services = {item.partition(":")[0] for item in listed if item.endswith((":*", ":ALL_SUPPORTED"))}
    assert names_type(listed, mine) == any(m in listed or m.partition(":")[0] in services for m in mine)


BAD = {
    "": ("is not JSON", 1),
    "[]": ('no table "tags"', 1),
    '{"tags": []}': ('no table "tags"', 1),
    '{"tags": {}}': ("no rule", 1),
    '{\n "tags": {\n  "a": {"tag_key": "A"\n }': ("is not JSON", 4),
    '{"tags": {"a": {}},\n "tagz": {}}': ("'tagz' beside tags", 2),
    '{"tags": {\n "a": "A"}}': ("must be a table", 2),
    '{"tags": {\n "a": {\n  "tag_kee": "A"}}}': ("'tag_kee'", 3),
    '{"tags": {"a": {\n "tag_key": "B"}}}': ("is not 'a' but for case", 2),
    '{"tags": {"a": {\n "tag_key": ["A"]}}}': ("is no text", 2),
    '{"tags": {"a": {"tag_key": {\n "@@append": "A"}}}}': ("'@@append' in tag_key", 2),
    '{"tags": {"a": {\n "tag_value": ["*x*"]}}}': ("several `*`", 2),
    '{"tags": {"a": {\n "tag_value": [1]}}}': ("no list of texts", 2),
    '{"tags": {"a": {"tag_value": {\n "@@assing": ["x"]}}}}': ("'@@assing'", 2),
    '{"tags": {"a": {"enforced_for": [\n "instance"]}}}': ("service:type", 2),
    '{"tags": {"a": {}, "A": {}}}': ("two rules", 1),
    '{"tags": {"a": {}, "a": {}}}': ("twice", None),
    '{"Policy": {"Content": "no"}}': ("Content that is not JSON", 1),
    '{"a":' * 100_000: ("is not JSON", None),
}


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_mistakes_are_named_with_their_line(text: str) -> None:
    with pytest.raises(TagPolicyMistake) as raised:
        parse(text)
    said, line = BAD[text]
    assert said in str(raised.value)
    assert raised.value.line == line


def test_lists_of_types() -> None:
    assert names_type(["ec2:instance"], ["ec2:instance"])
    assert names_type(["ec2:*"], ["ec2:instance"])
    assert names_type(["ec2:ALL_SUPPORTED"], ["ec2:instance"])
    assert not names_type(["ec2:volume", "rds:*"], ["ec2:instance"])
    assert not names_type(["ec2:*"], [])


# -- the policy ------------------------------------------------------------------------------------------

TEXT = json.dumps(RAW)
QUEUE = "aws_sqs_queue.q"


def said(address: str, tags: Any, text: str = TEXT, **options: Any) -> tuple[str, str, list[str | None]]:
    made = judge(tag_policy_violated, plan(create(address, tags=tags, **options)), tag_policy=text)
    return made.outcome, made.message, made.severities.get(address, [])


@pytest.mark.parametrize(
    ("tags", "outcome", "words", "severity"),
    [
        ({"CostCenter": "100", "Owner": "x"}, "pass", "", []),
        ({"CostCenter": "277", "Owner": ""}, "pass", "", []),
        ({"Owner": "x"}, "pass", "", []),  # enforced_for never refuses a missing key
        ({"CostCenter": "300", "Owner": "x"}, "fail", "value that the tag policy does not allow", ["high"]),
        ({"costcenter": "100", "Owner": "x"}, "fail", "Found `costcenter`, want `CostCenter`", ["high"]),
        ({"CostCenter": "100"}, "fail", "Missing: Owner.", [None]),
        ({"CostCenter": "100", "OWNER": "x"}, "fail", "Found `OWNER`, want `Owner`", [None]),
        (None, "fail", "Missing: Owner.", [None]),
        ({"CostCenter": ref("aws_x.y.z"), "Owner": "x"}, "unknown", "", [None]),
        ({"CostCenter": "1", "Owner": ref("aws_x.y.z")}, "fail", "value", ["high"]),
        ({"Owner": ref("aws_x.y.z")}, "pass", "", []),  # any value of Owner complies
        (ref("local.tags"), "unknown", "", [None]),
    ],
)
def test_queue(tags: Any, outcome: str, words: str, severity: list[str | None]) -> None:
    found = said(QUEUE, tags)
    assert (found[0], found[2]) == (outcome, severity)
    assert words in found[1]


def test_values_are_never_shown() -> None:
    assert "hidden" not in said(QUEUE, {"CostCenter": "hidden"})[1]


def test_types_that_are_not_named_are_reported_and_nothing_is_required_of_them() -> None:
    assert said("aws_sns_topic.t", None)[0] == "pass"
    assert said("aws_sns_topic.t", {"CostCenter": "7"})[2] == [None]
    assert said("aws_secretsmanager_secret.s", {"CostCenter": "7"})[2] == ["high"]


def test_one_tag_type_is_many_terraform_types() -> None:
    text = json.dumps({"tags": {"owner": {"tag_key": "Owner", "report_required_tag_for": ["rds:cluster"]}}})
    for type_ in ("aws_rds_cluster", "aws_neptune_cluster", "aws_docdb_cluster"):
        assert said(f"{type_}.c", None, text)[0] == "fail"
    assert said("aws_db_instance.d", None, text)[0] == "pass"


def test_default_tags_that_come_later_may_bring_what_is_missing() -> None:
    document = plan(
        create(QUEUE, tags=None, tags_all={}), providers={"aws": {"default_tags": [{"tags": ref("aws_x.y.z")}]}}
    )
    assert judge(tag_policy_violated, document, tag_policy=TEXT).outcome == "unknown"


def test_it_waits_and_leaves_alone_what_it_is_told_to() -> None:
    document = plan(no_op(QUEUE, {"tags": {"costcenter": "7"}}))
    assert judge(tag_policy_violated, document).outcome == "pass"
    assert judge(tag_policy_violated, document, tag_policy=TEXT, exempt_types=["aws_sqs_*"]).outcome == "pass"


VPC = json.dumps({"tags": {"owner": {"tag_key": "Owner", "tag_value": ["x"], "report_required_tag_for": ["ec2:vpc"]}}})


@pytest.mark.parametrize(
    ("tags", "resource", "outcome"),
    [
        ({"Name": "n"}, "vpc-1", "pass"),
        ({"Name": "n"}, "vpc-2", "fail"),
        ({"Name": "n"}, ref("local.vpc"), "unknown"),
        ({"owner": "y"}, ref("local.vpc"), "fail"),
    ],
)
def test_a_tag_of_a_resource_of_its_own_is_not_missing(tags: Any, resource: Any, outcome: str) -> None:
    vpc = create("aws_vpc.v", id="vpc-1", tags=tags)
    tag = create("aws_ec2_tag.t", resource_id=resource, key="Owner", value="x")
    said = judge(tag_policy_violated, plan(vpc, tag), tag_policy=VPC)
    assert said.outcomes["aws_vpc.v"] == outcome
