"""Values, forbidden and misspelt keys, and the limits of the clouds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.testing import Verdicts, create, judge, plan, ref
from plangate_policies.tagging import forbidden_tags, misspelt_tags, tags_over_limits, wrong_tag_values
from plangate_policies.tagging.cover import near, shown, wild

QUEUE = "aws_sqs_queue.q"
VALUES = {"Environment": ["prod", "dev", "pr-*"]}
PATTERN = {"CostCenter": "^[0-9]{4}$"}


def on(policy: Any, tags: Any, address: str = QUEUE, **settings: Any) -> Verdicts:
    return judge(policy, plan(create(address, tags=tags)), **settings)


@pytest.mark.parametrize(
    ("tags", "expected", "words"),
    [
        ({"Environment": "prod", "CostCenter": "1234"}, "pass", ""),
        ({"Environment": "pr-17"}, "pass", ""),
        (None, "pass", ""),  # what is missing is asked by tagging/missing-tags
        ({"environment": "nowhere"}, "pass", ""),
        ({"Environment": "staging"}, "fail", "Environment is none of: prod, dev, pr-*."),
        ({"Environment": ""}, "fail", "none of"),
        ({"CostCenter": "12345"}, "fail", "CostCenter does not match ^[0-9]{4}$."),
        ({"CostCenter": "1", "Environment": "x"}, "fail", "Environment is none of: prod, dev, pr-*. CostCenter"),
        ({"CostCenter": ref("aws_x.y.z")}, "unknown", ""),
        (ref("local.tags"), "unknown", ""),
        ({"CostCenter": "1", "Environment": ref("aws_x.y.z")}, "fail", "CostCenter"),
    ],
)
def test_values(tags: Any, expected: str, words: str) -> None:
    found = on(wrong_tag_values, tags, values=VALUES, pattern=PATTERN)
    assert found.outcome == expected
    assert words in found.message


def test_default_tags_that_come_later_may_be_wrong() -> None:
    late = {"aws": {"default_tags": [{"tags": ref("aws_x.y.z")}]}}
    document = plan(create(QUEUE, tags={"CostCenter": "1234"}, tags_all={"CostCenter": "1234"}), providers=late)
    assert judge(wrong_tag_values, document, values=VALUES, pattern=PATTERN).outcome == "unknown"
    assert judge(wrong_tag_values, document, pattern=PATTERN).outcome == "pass"
    assert judge(forbidden_tags, document, forbidden=["Temp"]).outcome == "unknown"
    assert judge(forbidden_tags, document, forbidden=["CostCenter"]).outcome == "fail"


def test_own_tags_that_are_not_known_may_put_a_default_right() -> None:
    default = {"aws": {"default_tags": [{"tags": {"Environment": "x"}}]}}
    unknown = create(QUEUE, tags=ref("local.tags"), unknown=["tags_all"])
    assert judge(wrong_tag_values, plan(unknown, providers=default), values=VALUES).outcome == "unknown"
    none = create(QUEUE, tags=None, unknown=["tags_all"])
    assert judge(wrong_tag_values, plan(none, providers=default), values=VALUES).outcome == "fail"


def test_values_wait_and_hide_what_they_judge() -> None:
    assert on(wrong_tag_values, {"Environment": "x"}).outcome == "pass"
    assert "secret" not in on(wrong_tag_values, {"Environment": "secret"}, values=VALUES).message


@pytest.mark.parametrize(("address", "expected"), [("azurerm_virtual_network.n", "fail"), (QUEUE, "pass")])
def test_keys_ignore_case_where_the_cloud_does(address: str, expected: str) -> None:
    tags = {"environment": "x"}
    assert on(wrong_tag_values, tags, address, values=VALUES).outcome == expected
    assert on(wrong_tag_values, tags, address, values=VALUES, ignore_case=True).outcome == "fail"


def test_values_of_what_a_resource_makes() -> None:
    template = create(
        "aws_launch_template.t",
        tags={"Environment": "prod"},
        tag_specifications=[{"resource_type": "instance", "tags": {"Environment": "x"}}],
    )
    found = judge(wrong_tag_values, plan(template), values=VALUES)
    assert found.attributes == {"aws_launch_template.t": ["tag_specifications[0].tags"]}
    assert judge(wrong_tag_values, plan(template), values=VALUES, nested=False).outcome == "pass"


@given(st.text(max_size=5), st.text(max_size=5), st.text(max_size=8))
def test_one_star_is_any_text(head: str, tail: str, middle: str) -> None:
    head, tail = head.replace("*", ""), tail.replace("*", "")
    assert wild(head + middle + tail, f"{head}*{tail}")
    assert wild(head, head)


def test_a_star_does_not_use_a_character_twice() -> None:
    assert not wild("aba", "ab*ba")


# -- keys ------------------------------------------------------------------------------------------------


def test_forbidden_keys() -> None:
    found = on(forbidden_tags, {"Temp": "a", "legacy-1": "b", "Owner": "c"}, forbidden=["Temp", "legacy-*"])
    assert found.messages[QUEUE] == ["Forbidden: `Temp`, `legacy-1`."]
    assert on(forbidden_tags, {"temp": "a"}, forbidden=["Temp"]).outcome == "pass"
    assert on(forbidden_tags, {"temp": "a"}, "azurerm_virtual_network.n", forbidden=["Temp"]).outcome == "fail"
    assert on(forbidden_tags, ref("local.tags"), forbidden=["Temp"]).outcome == "unknown"
    assert on(forbidden_tags, {"Temp": "a"}).outcome == "pass"
    assert on(forbidden_tags, {"Temp": ref("aws_x.y.z")}, forbidden=["Temp"]).outcome == "fail"


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"owner": "a"}, "Found `owner`, want `Owner`."),
        ({"cost_center": "a", "Owner": "b"}, "Found `cost_center`, want `CostCenter`."),
        ({"Onwer": "a"}, "Found `Onwer`, want `Owner`."),
        ({"Ownr": "a"}, "Found `Ownr`, want `Owner`."),
        ({"Owner": "a", "owner": "b"}, "Found `owner`, want `Owner`."),
        ({"Owner": "a", "CostCenter": "b", "Other": "c"}, ""),
        ({"aws:owner": "a"}, ""),
        ({}, ""),
    ],
)
def test_misspelt_keys(tags: Any, words: str) -> None:
    found = on(misspelt_tags, tags, keys=["Owner", "CostCenter"])
    assert found.message == words
    assert found.outcome == ("fail" if words else "pass")


def test_pattern_of_keys() -> None:
    assert on(misspelt_tags, {"CostCenter": "a"}, pattern="[A-Z][A-Za-z]*").outcome == "pass"
    found = on(misspelt_tags, {"cost-center": "a"}, pattern="[A-Z][A-Za-z]*")
    assert found.messages[QUEUE] == ["Found `cost-center`, which does not match [A-Z][A-Za-z]*."]
    assert on(misspelt_tags, ref("local.tags"), pattern="[A-Z]+").outcome == "unknown"
    assert on(misspelt_tags, {"x": "a"}).outcome == "pass"


def test_keys_of_a_map_that_is_sensitive_are_not_named() -> None:
    document = plan(create(QUEUE, tags={"owner": "a", "Temp": "b"}, sensitive=["tags"]))
    for policy, settings in (
        (misspelt_tags, {"keys": ["Owner"]}),
        (forbidden_tags, {"forbidden": ["Temp"]}),
    ):
        found = judge(policy, document, **settings)
        assert found.outcome == "fail"
        assert "owner" not in found.message
        assert "Temp" not in found.message


@given(st.text(max_size=200))
def test_keys_in_messages_are_short_and_on_one_line(key: str) -> None:
    text = shown(key)
    assert len(text) <= 65
    assert text.isprintable()
    assert text.count("`") == 2


@given(st.text(alphabet="abcAB_-", max_size=6), st.lists(st.text(alphabet="abcAB_-", max_size=6), max_size=4))
def test_a_near_key_is_one_of_those_that_are_there(name: str, keys: list[str]) -> None:
    found = near(name, keys, [name])
    assert found is None or (found in keys and found != name)


# -- limits ----------------------------------------------------------------------------------------------

CLOUDS = ["aws", "azure", "google", "kubernetes"]
MANY = {f"k{n}": "v" for n in range(51)}


@pytest.mark.parametrize(
    ("address", "values", "words"),
    [
        (QUEUE, {"tags": {"Owner": "a b+c"}}, ""),
        (QUEUE, {"tags": MANY}, "51 tags; 50 are the most."),
        (QUEUE, {"tags": {"k" * 129: "v"}}, "has 129 characters; 128 are the most."),
        (QUEUE, {"tags": {"k": "v" * 257}}, "The value of `k` has 257 characters; 256 are the most."),
        (QUEUE, {"tags": {"AWS:x": "v"}}, "`AWS:x` begins as only the cloud's own tags may."),
        (QUEUE, {"tags": {"k": ref("aws_x.y.z")}}, ""),
        ("aws_s3_object.o", {"tags": MANY}, ""),
        ("azurerm_virtual_network.n", {"tags": {"a/b": "v"}}, "`a/b` has characters that a key may not have."),
        ("azurerm_virtual_network.n", {"tags": {"windowsTeam": "v"}}, "begins as only"),
        ("azurerm_virtual_network.n", {"tags": {"Kostenstelle Süd": "v"}}, ""),
        ("google_pubsub_topic.t", {"labels": {"owner": "team-a"}}, ""),
        ("google_pubsub_topic.t", {"labels": {"Owner": "a"}}, "`Owner` has characters that a key may not have."),
        ("google_pubsub_topic.t", {"labels": {"owner": "A B"}}, "The value of `owner` has characters"),
        ("google_pubsub_topic.t", {"labels": {"größe": "zwölf"}}, ""),
        ("google_pubsub_topic.t", {"effective_labels": {"goog-terraform-provisioned": "true"}}, ""),
        ("google_pubsub_topic.t", {"labels": {"google": "x"}}, "begins as only"),
        ("kubernetes_namespace.n", {"metadata": [{"labels": {"app.kubernetes.io/name": "x"}}]}, ""),
        ("kubernetes_namespace.n", {"metadata": [{"labels": {"a b": "x"}}]}, "`a b` has characters"),
        ("kubernetes_namespace.n", {"metadata": [{"labels": {"a": "-x"}}]}, "The value of `a` has characters"),
        ("kubernetes_namespace.n", {"metadata": [{"labels": {"a": ""}}]}, ""),
    ],
)
def test_limits(address: str, values: Any, words: str) -> None:
    found = judge(tags_over_limits, plan(create(address, values)), clouds=CLOUDS)
    assert found.outcome == ("fail" if words else "pass"), found
    assert words in found.message


def test_limits_wait_for_a_cloud() -> None:
    assert on(tags_over_limits, MANY).outcome == "pass"
    assert on(tags_over_limits, MANY, clouds=["google"]).outcome == "pass"
