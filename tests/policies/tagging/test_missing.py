"""Required tags: what a resource will really have, on every cloud, and what cannot be told yet."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from plangate.plan.read import read
from plangate.policy.engine import evaluate
from plangate.testing import create, delete, judge, no_op, plan, ref
from plangate_policies.tagging import autoscaling_group_untagged, missing_recommended_tags, missing_tags

from ...terraform import Root  # noqa: TID252 - the tests are no package
from .. import real  # noqa: TID252
from .stack_plan import HERE, KEPT, reduced, written

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
    empty = own["tags"] == {"Owner": ""}  # its own come first, whatever the default ones are
    assert outcome(change, providers=FROM_VARIABLE) == ("fail" if empty else "unknown")
    assert outcome(change, providers=FROM_RESOURCE) == ("fail" if empty else "unknown")
    assert outcome(change, providers=provider(BOTH)) == ("fail" if empty else "pass")


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
        ("kubernetes_manifest", {"manifest": {"metadata": {"labels": BOTH}}}, "pass"),
        ("kubernetes_manifest", {"manifest": {"kind": "Pod", "metadata": {"name": "x"}}}, "fail"),
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


# -- selection -------------------------------------------------------------------------------------------


def messages(document: Any, **settings: Any) -> dict[str, list[str]]:
    return judge(missing_tags, document, **settings).messages


def test_tags_for_types_modules_and_environments() -> None:
    document = plan(
        create("aws_s3_bucket.b", tags={"Owner": "a"}),
        create('module.payments["x.y"].module.db.aws_db_instance.d', tags={"Owner": "a"}),
        create("module.payments_old.aws_sqs_queue.q", tags={"Owner": "a"}),
    )
    document.run = {"environment": "production"}
    found = messages(
        document,
        required=["Owner"],
        required_for_types={"aws_s3_*": ["DataClass"]},
        required_in_modules={"module.payments": ["Pci"]},
        required_in_environments={"prod*": ["OnCall"], "dev": ["Ttl"]},
    )
    assert found == {
        "aws_s3_bucket.b": ["Missing: DataClass, OnCall."],
        'module.payments["x.y"].module.db.aws_db_instance.d': ["Missing: Pci, OnCall."],
        "module.payments_old.aws_sqs_queue.q": ["Missing: OnCall."],
    }


@pytest.mark.parametrize(
    ("settings", "judged"),
    [
        ({}, {"aws_sqs_queue.q", "module.a.aws_sqs_queue.q", "module.a.module.b[0].aws_sns_topic.t"}),
        ({"types": ["aws_sns_*"]}, {"module.a.module.b[0].aws_sns_topic.t"}),
        ({"exempt_types": ["aws_sqs_queue"]}, {"module.a.module.b[0].aws_sns_topic.t"}),
        ({"modules": ["root"]}, {"aws_sqs_queue.q"}),
        ({"modules": ["module.a"]}, {"module.a.aws_sqs_queue.q", "module.a.module.b[0].aws_sns_topic.t"}),
        ({"exempt_modules": ["module.a.module.b"]}, {"aws_sqs_queue.q", "module.a.aws_sqs_queue.q"}),
        ({"exempt_modules": ["module.*"]}, {"aws_sqs_queue.q"}),
    ],
)
def test_which_resources_need_them(settings: dict[str, Any], judged: set[str]) -> None:
    document = plan(
        create("aws_sqs_queue.q", tags={}),
        create("module.a.aws_sqs_queue.q", tags={}),
        create("module.a.module.b[0].aws_sns_topic.t", tags={}),
    )
    assert set(messages(document, required=["Owner"], **settings)) == judged


def test_what_is_exempt_from_all_may_still_need_its_own() -> None:
    found = messages(
        plan(create("google_pubsub_topic.t", labels={})),
        required=["Owner"],
        exempt_types=["google_*"],
        required_for_types={"google_*": ["cost_center"]},
    )
    assert found == {"google_pubsub_topic.t": ["Missing: cost_center."]}


def test_case_matters_where_the_cloud_tells_it_apart() -> None:
    low = {"owner": "a", "costcenter": "b"}
    assert outcome(create(ADDRESS, tags=low)) == "fail"
    assert judge(missing_tags, plan(create(ADDRESS, tags=low)), required=REQUIRED, ignore_case=True).outcome == "pass"
    assert outcome(create("google_pubsub_topic.t", labels=low)) == "pass"


def test_keys_of_a_sensitive_map_are_not_named() -> None:
    document = plan(create(ADDRESS, tags={"owner": "a"}, sensitive=["tags"]))
    assert messages(document, required=["Owner"]) == {ADDRESS: ["Missing: Owner."]}


def test_hostile_keys_stay_between_their_marks() -> None:
    document = plan(create(ADDRESS, tags={"own`er\u202e": "a", "own\ner": "b"}))
    assert messages(document, required=["Owner"]) == {ADDRESS: ["Missing: Owner (found `own?er`)."]}


# -- places ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "values", "place"),
    [
        ("aws_launch_template.t", {"tag_specifications": [{"tags": {"Name": "x"}}]}, "tag_specifications[0].tags"),
        ("aws_instance.i", {"volume_tags": {"Name": "x"}}, "volume_tags"),
        ("aws_instance.i", {"ebs_block_device": [{"tags": {"Name": "x"}}]}, "ebs_block_device[0].tags"),
        ("aws_batch_compute_environment.b", {"compute_resources": [{"tags": {"N": "x"}}]}, "compute_resources[0].tags"),
        ("aws_spot_fleet_request.f", {"launch_specification": [{"tags": {"N": "x"}}]}, "launch_specification[0].tags"),
        (
            "aws_ecs_service.s",
            {"volume_configuration": [{"managed_ebs_volume": [{"tag_specifications": [{"tags": {"N": "x"}}]}]}]},
            "volume_configuration[0].managed_ebs_volume[0].tag_specifications[0].tags",
        ),
        (
            "kubernetes_deployment.d",
            {
                "metadata": [{"labels": BOTH}],
                "spec": [{"template": [{"metadata": [{"labels": {"app": "x"}}]}]}],
            },
            "spec[0].template[0].metadata[0].labels",
        ),
        (
            "azurerm_kubernetes_cluster.k",
            {"default_node_pool": [{"tags": {"N": "x"}}]},
            "default_node_pool[0].tags",
        ),
        (
            "google_compute_instance.i",
            {"labels": BOTH, "boot_disk": [{"initialize_params": [{"labels": {"n": "x"}}]}]},
            "boot_disk[0].initialize_params[0].labels",
        ),
    ],
)
def test_tags_of_what_a_resource_makes(address: str, values: dict[str, Any], place: str) -> None:
    own = {} if "metadata" in values or "labels" in values else {"tags": BOTH}
    document = plan(create(address, {**own, **values}))
    found = judge(missing_tags, document, required=REQUIRED)
    assert found.messages == {address: [f"Missing in {place}: Owner, CostCenter."]}
    assert found.attributes == {address: [place]}
    assert judge(missing_tags, document, required=REQUIRED, nested=False).outcome == "pass"


@pytest.mark.parametrize(
    "values",
    [
        {"root_block_device": [{"volume_size": 1, "tags": None}], "volume_tags": None},
        {"root_block_device": [{"volume_size": 1, "tags": {}}], "volume_tags": {}},
        {"volume_tags": BOTH},
    ],
)
def test_only_tags_that_are_written_are_judged(values: dict[str, Any]) -> None:
    assert outcome(create("aws_instance.i", {"tags": BOTH, **values})) == "pass"


def test_propagated_tags_of_a_service_are_not_its_own() -> None:
    inner = {"tags": {"N": "x"}, "propagate_tags": "SERVICE"}
    volume = [{"managed_ebs_volume": [{"tag_specifications": [inner]}]}]
    assert outcome(create("aws_ecs_service.s", tags=BOTH, volume_configuration=volume)) == "pass"


def group(*tags: tuple[str, Any]) -> dict[str, Any]:
    return {"tag": [{"key": key, "value": "x", "propagate_at_launch": there} for key, there in tags]}


@pytest.mark.parametrize(
    ("tags", "plain", "propagated"),
    [
        (group(("Owner", True), ("CostCenter", True)), "pass", "pass"),
        (group(("Owner", True), ("CostCenter", False)), "pass", "fail"),
        (group(("Owner", True)), "fail", "fail"),
        (group(("Owner", True), ("CostCenter", ref("var.x"))), "pass", "pass"),
    ],
)
def test_autoscaling_group(tags: dict[str, Any], plain: str, propagated: str) -> None:
    document = plan(create("aws_autoscaling_group.g", tags))
    assert judge(missing_tags, document, required=REQUIRED).outcome == plain
    found = judge(missing_tags, document, required=REQUIRED, propagated=True)
    assert found.outcome == propagated


def test_tags_that_other_resources_give() -> None:
    volume = create("aws_ebs_volume.v", tags={"Owner": "a"})
    tag = create("aws_ec2_tag.t", resource_id=ref("aws_ebs_volume.v.id"), key="CostCenter", value="1")
    assert judge(missing_tags, plan(volume, tag), required=REQUIRED).outcomes["aws_ebs_volume.v"] == "pass"
    assert judge(missing_tags, plan(volume), required=REQUIRED).outcome == "fail"


@pytest.mark.parametrize(
    ("address", "values", "expected"),
    [
        ("aws_new_thing.n", {"tags": None, "tags_all": None}, "fail"),
        ("aws_new_thing.n", {"tags": None}, "pass"),
        ("google_new_thing.n", {"labels": None, "effective_labels": {}}, "fail"),
        ("google_compute_firewall.f", {"source_tags": ["x"]}, "pass"),
        ("google_cloud_identity_group.g", {"labels": {"x": "y"}}, "pass"),
        ("azurerm_new_thing.n", {"tags": None}, "fail"),
        ("azurerm_api_management_named_value.n", {"tags": ["a"]}, "pass"),
        ("aws_inspector_resource_group.g", {"tags": {"a": "b"}}, "pass"),
        ("aws_s3_bucket_metric.m", {"filter": [{"tags": {"a": "b"}}]}, "pass"),
        ("awscc_sqs_queue.q", {"tags": [{"key": k, "value": "a"} for k in REQUIRED]}, "pass"),
        ("awscc_sqs_queue.q", {"tags": [{"key": "Owner", "value": "a"}]}, "fail"),
        ("kubernetes_labels.l", {"metadata": [{"name": "x"}], "labels": {}}, "pass"),
    ],
)
def test_exactly_what_is_taggable(address: str, values: dict[str, Any], expected: str) -> None:
    assert outcome(create(address, values)) == expected


# -- one hint for many -----------------------------------------------------------------------------------


def remedies(count: int, **context: Any) -> set[str | None]:
    document = plan(*(create(f"aws_sqs_queue.q{n}", tags=None, unknown=["tags_all"]) for n in range(count)), **context)
    result = evaluate(document, missing_tags, {"required": ("Owner", "CostCenter")})
    return {row[7] for row in result.found}


def test_many_that_lack_the_same_are_told_of_default_tags_once() -> None:
    (said,) = remedies(12)
    assert said is not None
    assert said.startswith("Set once in `default_tags` of provider `aws`: CostCenter (12 resources lack it), Owner")
    assert remedies(3) == {None}


def test_what_default_tags_do_not_reach_is_not_told_of_them() -> None:
    for address, values in (
        ("aws_autoscaling_group.g", {"tag": []}),
        ("azurerm_virtual_network.n", {"tags": None}),
        ("aws_launch_template.t", {"tags": BOTH, "tag_specifications": [{"tags": {"a": "b"}}]}),
    ):
        (row,) = evaluate(plan(create(address, values)), missing_tags, {"required": ("Owner",)}).found
        assert row[7] is not None
        assert "in `default_tags`" not in row[7]


def test_the_hint_counts_each_provider_configuration_apart() -> None:
    here = [create(f"aws_sqs_queue.q{n}", tags=None, provider="aws.east") for n in range(6)]
    there = [create(f"aws_sns_topic.t{n}", tags=None) for n in range(2)]
    result = evaluate(plan(*here, *there), missing_tags, {"required": ("Owner",)})
    assert {(row[1].partition(".")[0], (row[7] or "")[:58]) for row in result.found} == {
        ("aws_sqs_queue", "Set once in `default_tags` of provider `aws` (`east`): Own"),
        ("aws_sns_topic", ""),
    }


def test_the_hint_stays_linear_and_asks_nothing_of_others() -> None:
    many = [create(f"aws_sqs_queue.q{n}", tags=ref("local.t"), unknown=["tags_all"]) for n in range(300)]
    document = plan(create(ADDRESS, tags=None, tags_all={}), *many)
    found = judge(missing_tags, document, required=REQUIRED)
    assert found.outcomes[ADDRESS] == "fail"
    assert document.pending == []


def test_recommended_tags_have_a_policy_of_their_own() -> None:
    document = plan(create(ADDRESS, tags={"owner": "a"}))
    found = judge(missing_recommended_tags, document, recommended=["Owner"])
    assert found.messages == {ADDRESS: ["Recommended and missing: Owner (found `owner`)."]}
    assert missing_recommended_tags.severity == "low"
    assert judge(missing_recommended_tags, document).outcome == "pass"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"tag": []}, "fail"),
        ({}, "fail"),
        ({"tag": [{"key": "a", "value": "b", "propagate_at_launch": False}]}, "pass"),
        ({"tags": [{"key": "a", "value": "b", "propagate_at_launch": True}]}, "pass"),
        ({"tag": ref("local.tags")}, "unknown"),
    ],
)
def test_autoscaling_group_without_tags(values: dict[str, Any], expected: str) -> None:
    assert judge(autoscaling_group_untagged, plan(create("aws_autoscaling_group.g", values))).outcome == expected


def test_autoscaling_group_whose_tags_stand_apart() -> None:
    tag = create("aws_autoscaling_group_tag.t", autoscaling_group_name=ref("aws_autoscaling_group.g.name"), tag=[{}])
    document = plan(create("aws_autoscaling_group.g", unknown=["name"]), tag)
    assert judge(autoscaling_group_untagged, document).outcome == "pass"


# -- the real thing --------------------------------------------------------------------------------------

WRONG = {
    "aws_autoscaling_group.untagged",
    "aws_batch_compute_environment.batch",
    "aws_instance.root_device",
    "aws_instance.volume_tags",
    "aws_launch_template.bad_instances",
    "aws_spot_fleet_request.fleet",
    "aws_sqs_queue.common_lacks_one",
    "aws_sqs_queue.empty",
    "aws_sqs_queue.empty_over_default",
    "aws_sqs_queue.none",
    "aws_sqs_queue.other_case",
    "aws_vpc_security_group_ingress_rule.unknown_value_and_missing",
    "module.inherits.aws_sqs_queue.in_module",
}
OPEN = {
    "aws_sqs_queue.common_beside_unknown_map",
    "aws_sqs_queue.late_default",
    "aws_sqs_queue.late_default_only",
    "aws_sqs_queue.unknown_value",
}


def judged_stack(data: bytes) -> dict[str, str]:
    found = judge(missing_tags, read(data, "stack"), required=REQUIRED)
    assert len(found.outcomes) > len(WRONG | OPEN)
    return {address: said for address, said in found.outcomes.items() if said != "pass"}


EXPECTED = dict.fromkeys(WRONG, "fail") | dict.fromkeys(OPEN, "unknown")


def test_the_kept_plan_of_the_stack() -> None:
    assert judged_stack(KEPT.read_bytes()) == EXPECTED


def test_the_stack_planned_by_terraform(aws: Path, tmp_path: Path) -> None:
    """PLANGATE_TEST_KEEP=1 keeps it."""
    root = Root(tmp_path / "stack")
    shutil.copytree(HERE / "stack", root.folder, dirs_exist_ok=True)
    root.init(aws)
    made = root.planned()
    assert judged_stack(made.json.read_bytes()) == EXPECTED
    again = written(reduced(made.document))
    if real.KEEP:
        KEPT.write_text(again, encoding="utf-8")
    assert judged_stack(again.encode()) == EXPECTED
