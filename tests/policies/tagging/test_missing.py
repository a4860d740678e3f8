"""Required tags: what a resource will really have, on every cloud, and what cannot be told yet."""

from __future__ import annotations

from typing import Any

import pytest

from plangate.testing import create, delete, judge, no_op, plan, ref
from plangate_policies.tagging import missing_tags

REQUIRED = ["Owner", "CostCenter"]
BOTH = {"Owner": "team", "CostCenter": "42"}
ADDRESS = "aws_sqs_queue.q"


def outcome(*changes: Any, **context: Any) -> str:
    return judge(missing_tags, plan(*changes, **context), required=REQUIRED).outcome


def test_waits_until_tags_are_named() -> None:
    assert judge(missing_tags, plan(create(ADDRESS, tags=None))).outcome == "pass"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"tags": BOTH, "tags_all": BOTH}, "pass"),
        ({"tags": None, "tags_all": BOTH}, "pass"),
        ({"tags": {"Owner": "team"}, "tags_all": BOTH}, "pass"),
        ({"tags": {"Owner": "team"}, "tags_all": {"Owner": "team"}}, "fail"),
        ({"tags": None, "tags_all": None}, "fail"),
        ({"tags": {}, "tags_all": {}}, "fail"),
        ({"tags": [], "tags_all": ""}, "fail"),
        ({"tags": 7, "tags_all": False}, "fail"),
        ({"tags": {**BOTH, "Owner": ""}}, "fail"),
        ({"tags": {**BOTH, "Owner": None}}, "fail"),
        ({"tags": {**BOTH, "Owner": "true"}}, "pass"),
    ],
)
def test_tags_all_and_tags(values: dict[str, Any], expected: str) -> None:
    assert outcome(create(ADDRESS, values)) == expected


def test_unknown_maps_and_values() -> None:
    assert outcome(create(ADDRESS, tags=ref("local.tags"), unknown=["tags_all"])) == "unknown"
    assert outcome(create(ADDRESS, tags=BOTH, unknown=["tags_all"])) == "pass"
    value = {"Owner": ref("aws_kms_key.k.id"), "CostCenter": "42"}
    assert outcome(create(ADDRESS, tags=value)) == "pass"
    assert outcome(create(ADDRESS, tags={"Owner": ref("aws_kms_key.k.id")})) == "fail"


def provider(tags: Any) -> dict[str, Any]:
    return {"aws": {"default_tags": [{"tags": tags}]}}


FROM_RESOURCE, FROM_VARIABLE = provider(ref("aws_kms_key.k.key_id")), provider(ref("var.tags"))


def test_default_tags_that_are_not_known_yet() -> None:
    change = create(ADDRESS, tags=None, tags_all={})
    assert outcome(change, providers=FROM_RESOURCE) == "unknown"
    assert outcome(change, providers=FROM_VARIABLE) == "fail"
    assert outcome(no_op(ADDRESS, {"tags_all": {}}), providers=FROM_RESOURCE) == "fail"


@pytest.mark.parametrize("own", [{"tags": None}, {"tags": {}}, {"tags": {"Owner": ""}}, {"tags": {"Owner": "a"}}])
def test_tags_all_that_the_provider_works_out_at_apply(own: dict[str, Any]) -> None:
    change = create(ADDRESS, own, unknown=["tags_all"])  # what a resource without any tags plans as
    assert outcome(change) == "fail"
    assert outcome(change, providers=provider({"Env": "prod"})) == "fail"
    assert outcome(change, providers=FROM_VARIABLE) == "unknown"
    assert outcome(change, providers=FROM_RESOURCE) == "unknown"
    expected = "fail" if own["tags"] == {"Owner": ""} else "pass"
    assert outcome(change, providers=provider(BOTH)) == expected


def test_provider_of_a_module_that_is_named_otherwise() -> None:
    change = create("module.m.aws_sqs_queue.q", tags=None, unknown=["tags_all"], provider="module.m:aws")
    assert outcome(change) == "fail"
    assert outcome(change, providers=provider(BOTH)) == "pass"
    several = {**provider(BOTH), "aws.other": {"region": "eu-west-1"}}
    assert outcome(change, providers=several) == "unknown"


def test_without_a_configuration_nothing_is_told() -> None:
    document = plan(create(ADDRESS, tags=None, unknown=["tags_all"]), configuration={})
    assert judge(missing_tags, document, required=REQUIRED).outcome == "unknown"


@pytest.mark.parametrize(
    ("type", "values", "expected"),
    [
        ("aws_iam_role_policy", {"role": "r"}, "pass"),
        ("aws_devopsguru_resource_collection", {"tags": []}, "pass"),
        ("aws_autoscaling_group", {"tag": []}, "fail"),
        ("aws_autoscaling_group", {"tag": [{"key": k, "value": "a"} for k in REQUIRED]}, "pass"),
        ("aws_autoscaling_group", {"tag": [{"key": ref("local.k"), "value": "a"}]}, "unknown"),
        ("azurerm_storage_account", {"tags": {"owner": "a", "costcenter": "b"}}, "pass"),
        ("azurerm_storage_account", {"tags": None}, "fail"),
        ("google_storage_bucket", {"effective_labels": BOTH, "labels": None}, "pass"),
        ("google_storage_bucket", {"effective_labels": {"goog-terraform-provisioned": "true"}}, "fail"),
        ("google_container_cluster", {"resource_labels": BOTH}, "pass"),
        ("google_sql_database_instance", {"settings": [{"user_labels": {"Owner": "a"}}]}, "fail"),
        ("google_project_service", {"service": "x"}, "pass"),
        ("kubernetes_namespace", {"metadata": [{"labels": BOTH}]}, "pass"),
        ("kubernetes_namespace", {"metadata": [{"labels": None}]}, "fail"),
    ],
)
def test_each_cloud(type: str, values: dict[str, Any], expected: str) -> None:
    assert outcome(create(f"{type}.x", values)) == expected


def test_what_has_no_tags_in_its_schema_is_left_alone_and_so_is_what_goes_away() -> None:
    assert judge(missing_tags, plan(create("random_id.x", tags={})), required=REQUIRED).outcomes == {}
    assert judge(missing_tags, plan(delete(ADDRESS, tags={})), required=REQUIRED).outcomes == {}


def test_one_finding_names_all_and_near_misses_and_no_value() -> None:
    said = judge(
        missing_tags,
        plan(create(ADDRESS, tags={"owner": "hidden", "CostCenter": ""})),
        required=[*REQUIRED, "Env"],
    )
    assert said.messages[ADDRESS] == ["Missing: Owner (found `owner`), CostCenter (there, but empty), Env."]


def test_exempt_types() -> None:
    document = plan(create(ADDRESS, tags={}), create("aws_sns_topic.t", tags={}))
    said = judge(missing_tags, document, required=REQUIRED, exempt_types=["aws_sqs_*"])
    assert said.outcomes == {ADDRESS: "pass", "aws_sns_topic.t": "fail"}
