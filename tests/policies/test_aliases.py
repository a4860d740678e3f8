"""What other tools call the same question: every check of theirs is named by a policy, or not with a reason."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import plangate.checkov
import plangate_policies
from plangate.cli.main import run
from plangate.cli.streams import Streams
from plangate.testing import create, judge, plan, ref
from plangate_policies import POLICIES

HERE, PACKS = Path(__file__).parent, Path(plangate_policies.__file__).parent
ELSEWHERE = json.loads((HERE / "checks_elsewhere.json").read_bytes())
DOCUMENT = json.loads((PACKS / "not_aliased.json").read_bytes())
REASONS = [id for one in DOCUMENT["reasons"] for id in one["ids"]]
SUBJECTS = Path(plangate.checkov.__file__).with_name("severities.jsonl")
OURS = (
    "administration-open",
    "anonymous",
    "data-loss",
    "default-encrypted",
    "exposed",
    "exposure-possible",
    "key-care",
    "old-tls",
    "own-key",
    "plain-data",
    "plain-traffic",
)


def listed() -> dict[str, dict[str, list[str]]]:
    """Check elsewhere -> policy -> types, as `policies list` says it."""
    out = io.StringIO()
    assert run(["policies", "list", "-f", "json"], Streams(io.BytesIO(), out, io.StringIO(), {"PATH": ""})) == 0
    found: dict[str, dict[str, list[str]]] = {}
    for one in json.loads(out.getvalue()):
        assert list(one["alias_types"]) == one["aliases"]
        for alias, types in one["alias_types"].items():
            found.setdefault(alias, {})[one["id"]] = types
    return found


NAMED = listed()


def subjects() -> list[str]:
    """Checkov's checks for the three clouds about what the packs ask."""
    rows = [json.loads(line) for line in SUBJECTS.read_text(encoding="utf-8").splitlines()[1:]]
    found = [id for row in rows if row["subject"] in OURS for id in row["checks"]]
    return [id for id in found if id.split("_")[1] in ("AWS", "AZURE", "GCP")]


def test_reasons_keep_their_schema_and_stand_once() -> None:
    schema = json.loads((PACKS / "not_aliased.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(DOCUMENT)
    assert len(REASONS) == len(set(REASONS))


def test_a_check_is_named_or_has_a_reason_and_not_both() -> None:
    assert not {*REASONS} & NAMED.keys()
    for tool in ("trivy", "regula", "checkov"):
        assert not [id for id in ELSEWHERE[tool] if id not in NAMED and id not in REASONS], tool
    assert not [id for id in subjects() if id not in NAMED and id not in REASONS]


def test_a_reason_names_policies_that_there_are() -> None:
    words = {word.strip(",;:.") for one in DOCUMENT["reasons"] for word in one["why"].split() if "/" in word}
    assert words <= {made.id for made in POLICIES}


def test_an_alias_names_types_that_its_policy_judges() -> None:
    for made in POLICIES:
        for alias, types in made.alias_types.items():
            assert types, (made.id, alias)
            assert set(types) <= set(made.types), (made.id, alias)


@pytest.mark.parametrize("check", ["AVD-AWS-0131", "FG_R00093", "CKV_AZURE_110", "CKV_AWS_31"])
def test_a_policy_is_found_by_what_others_call_it(check: str) -> None:
    out = io.StringIO()
    assert run(["policies", "show", check], Streams(io.BytesIO(), out, io.StringIO(), {"PATH": ""})) == 0
    assert any(id in out.getvalue() for id in NAMED[check])


# -- what it says ------------------------------------------------------------------------------------------


def said(check: str, type: str, body: dict[str, Any], *more: Any) -> str:
    """The worst answer of the policies that name the check for the type, with everything asked that can be."""
    address = f"{type}.x"
    document = plan(create(address, body), *more)
    outcomes = []
    for made in POLICIES:
        if type in made.alias_types.get(check, ()):
            words = ("require_cmk", "required", "every_bucket", "every_parameter")
            settings = {word: True for word in words if word in made.settings}
            outcomes.append(judge(made, document, **settings).outcomes.get(address, "pass"))
    assert outcomes, f"nothing names {check} for {type}"
    return next(word for word in ("fail", "unknown", "pass") if word in outcomes)


def emr(mode: str) -> str:
    at_rest = {"S3EncryptionConfiguration": {"EncryptionMode": mode}}
    return json.dumps({"EncryptionConfiguration": {"AtRestEncryptionConfiguration": at_rest}})


def ingress(first: int, last: int, protocol: str = "tcp") -> dict[str, Any]:
    rule = {"from_port": first, "to_port": last, "protocol": protocol, "cidr_blocks": ["0.0.0.0/0"], "self": False}
    return {"ingress": [rule], "egress": []}


def acl(port: str) -> dict[str, Any]:
    rule = {"action": "allow", "cidr_block": "0.0.0.0/0", "protocol": "tcp", "rule_no": 1}
    return {**rule, "from_port": int(port), "to_port": int(port), "ipv6_cidr_block": ""}


@pytest.mark.parametrize(
    ("check", "type", "wrong", "right"),
    [
        ("CKV2_AWS_2", "aws_ebs_volume", {"encrypted": False}, {"encrypted": True}),
        ("CKV2_AWS_34", "aws_ssm_parameter", {"name": "/app/region", "type": "String"}, {"type": "SecureString"}),
        (
            "CKV2_AWS_54",
            "aws_cloudfront_distribution",
            {"origin": [{"custom_origin_config": [{"origin_ssl_protocols": ["SSLv3", "TLSv1.2"]}]}]},
            {"origin": [{"custom_origin_config": [{"origin_ssl_protocols": ["TLSv1.2"]}]}]},
        ),
        ("CKV2_AWS_64", "aws_kms_key", {}, {"policy": "{}"}),
        ("CKV2_AWS_73", "aws_sqs_queue", {"kms_master_key_id": "alias/aws/sqs"}, {"kms_master_key_id": "alias/own"}),
        (
            "CKV_AWS_159",
            "aws_athena_workgroup",
            {"configuration": [{"result_configuration": [{"output_location": "s3://b/"}]}]},
            {
                "configuration": [
                    {"result_configuration": [{"encryption_configuration": [{"encryption_option": "SSE_S3"}]}]}
                ]
            },
        ),
        ("CKV_AWS_77", "aws_athena_database", {}, {"encryption_configuration": [{"encryption_option": "SSE_S3"}]}),
        (
            "CKV_AWS_171",
            "aws_emr_security_configuration",
            {"configuration": emr("SSE-S3")},
            {"configuration": emr("SSE-KMS")},
        ),
        (
            "CKV_AWS_253",
            "aws_dlm_lifecycle_policy",
            {
                "policy_details": [
                    {"action": [{"cross_region_copy": [{"encryption_configuration": [{"encrypted": False}]}]}]}
                ]
            },
            {
                "policy_details": [
                    {"action": [{"cross_region_copy": [{"encryption_configuration": [{"encrypted": True}]}]}]}
                ]
            },
        ),
        (
            "CKV_AWS_31",
            "aws_elasticache_replication_group",
            {"transit_encryption_enabled": True},
            {"transit_encryption_enabled": True, "auth_token": "a-token-of-sixteen"},
        ),
        (
            "CKV_AWS_31",
            "aws_elasticache_replication_group",
            {"transit_encryption_enabled": False},
            {"transit_encryption_enabled": True, "user_group_ids": ["g"]},
        ),
        (
            "CKV_AWS_376",
            "aws_elb",
            {"listener": [{"lb_protocol": "https", "instance_protocol": "http"}]},
            {"listener": [{"lb_protocol": "https", "instance_protocol": "https"}]},
        ),
        ("CKV_AZURE_110", "azurerm_key_vault", {}, {"purge_protection_enabled": True}),
        ("CKV_AZURE_110", "azurerm_key_vault", {"purge_protection_enabled": False}, {"purge_protection_enabled": True}),
        ("CKV_AZURE_111", "azurerm_key_vault", {"soft_delete_enabled": False}, {}),
        ("CKV_AZURE_42", "azurerm_key_vault", {}, {"purge_protection_enabled": True}),
        ("AVD-AZU-0016", "azurerm_key_vault", {}, {"purge_protection_enabled": True}),
        (
            "FG_R00227",
            "azurerm_key_vault",
            {"purge_protection_enabled": True, "soft_delete_enabled": False},
            {"purge_protection_enabled": True},
        ),
        (
            "CKV_AZURE_37",
            "azurerm_monitor_log_profile",
            {"retention_policy": [{"days": 90}]},
            {"retention_policy": [{"days": 365}]},
        ),
        ("CKV_AZURE_24", "azurerm_sql_server", {"extended_auditing_policy": [{"retention_in_days": 30}]}, {}),
        (
            "AVD-AZU-0025",
            "azurerm_mssql_server_extended_auditing_policy",
            {"retention_in_days": 30},
            {"retention_in_days": 0},
        ),
        ("CKV_GCP_120", "google_spanner_database", {}, {"enable_drop_protection": True}),
        ("CKV_AWS_100", "aws_eks_node_group", {"remote_access": [{"ec2_ssh_key": "k"}]}, {}),
        (
            "CKV_AWS_100",
            "aws_eks_node_group",
            {"remote_access": [{"ec2_ssh_key": "k"}]},
            {"remote_access": [{"ec2_ssh_key": "k", "source_security_group_ids": ["sg-1"]}]},
        ),
        (
            "CKV_AWS_371",
            "aws_sagemaker_notebook_instance",
            {},
            {"instance_metadata_service_configuration": [{"minimum_instance_metadata_service_version": "2"}]},
        ),
        ("AVD-AWS-0053", "aws_lb", {}, {"internal": True}),
        ("AVD-AWS-0053", "aws_lb", {"internal": False}, {"internal": False, "load_balancer_type": "gateway"}),
        (
            "AVD-AWS-0104",
            "aws_security_group_rule",
            {"type": "egress", "cidr_blocks": ["0.0.0.0/0"]},
            {"type": "egress"},
        ),
        ("AVD-AWS-0180", "aws_db_instance", {"publicly_accessible": True}, {}),
        (
            "AVD-AWS-0008",
            "aws_launch_configuration",
            {"root_block_device": [{"encrypted": False}]},
            {"root_block_device": [{"encrypted": True}]},
        ),
        ("FG_R00280", "aws_db_instance", {}, {"deletion_protection": True}),
        ("FG_R00251", "aws_db_instance", {}, {"multi_az": True}),
        ("FG_R00357", "aws_network_acl", {"ingress": [acl("22")]}, {"ingress": []}),
        (
            "AVD-AZU-0012",
            "azurerm_storage_account",
            {"network_rules": [{"default_action": "Allow"}]},
            {"network_rules": [{"default_action": "Deny"}]},
        ),
        ("AVD-AZU-0035", "azurerm_data_factory", {}, {"public_network_enabled": False}),
        ("CKV2_AZURE_24", "azurerm_automation_account", {}, {"public_network_access_enabled": False}),
        ("CKV_AZURE_64", "azurerm_storage_sync", {}, {"incoming_traffic_policy": "AllowVirtualNetworksOnly"}),
        ("CKV2_GCP_28", "google_workbench_instance", {"gce_setup": [{}]}, {"gce_setup": [{"disable_public_ip": True}]}),
        (
            "CKV2_GCP_32",
            "google_tpu_v2_vm",
            {"network_config": [{"enable_external_ips": True}]},
            {"network_config": [{}]},
        ),
        ("AVD-GCP-0002", "google_storage_bucket", {}, {"uniform_bucket_level_access": True}),
    ],
)
def test_what_the_policies_of_a_check_say(check: str, type: str, wrong: dict[str, Any], right: dict[str, Any]) -> None:
    assert said(check, type, wrong) == "fail"
    assert said(check, type, right) == "pass"


PORTS = {
    "FG_R00037": 5900, "FG_R00038": 5800, "FG_R00039": 5500, "FG_R00040": 23, "FG_R00041": 80, "FG_R00085": 22,
    "FG_R00087": 3389, "FG_R00212": 9200, "FG_R00213": 9300, "FG_R00214": 2379, "FG_R00215": 27017,
    "FG_R00216": 27018, "FG_R00217": 27019, "FG_R00234": 389, "FG_R00242": 11214, "FG_R00243": 11215,
    "FG_R00244": 135, "FG_R00245": 137, "FG_R00246": 138, "FG_R00247": 139, "FG_R00248": 1433, "FG_R00249": 1434,
    "FG_R00256": 2382, "FG_R00257": 2383, "FG_R00258": 2484, "FG_R00259": 3000, "FG_R00260": 3020,
    "FG_R00261": 3306, "FG_R00262": 4505, "FG_R00263": 4506, "FG_R00264": 5432, "FG_R00265": 61621,
    "FG_R00266": 636, "FG_R00267": 7001, "FG_R00268": 8000, "FG_R00377": 8443,
}  # fmt: skip


@pytest.mark.parametrize(("check", "port"), PORTS.items())
def test_ports_that_nobody_should_reach_from_everywhere(check: str, port: int) -> None:
    group = "aws_security_group"
    assert said(check, group, ingress(port, port)) == "fail"
    assert said(check, group, ingress(port - 1, port + 1)) == "fail"
    assert said(check, group, ingress(0, 0, "-1")) == "fail"
    assert said(check, group, ingress(443, 443)) == "pass"
    assert said(check, group, {"ingress": [], "egress": []}) == "pass"


BUCKET = "aws_s3_bucket"
BLOCK = dict.fromkeys(
    ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
)


@pytest.mark.parametrize(
    ("check", "off"),
    [
        ("AVD-AWS-0086", "block_public_acls"),
        ("AVD-AWS-0087", "block_public_policy"),
        ("AVD-AWS-0091", "ignore_public_acls"),
        ("AVD-AWS-0093", "restrict_public_buckets"),
    ],
)
def test_a_switch_of_a_public_access_block(check: str, off: str) -> None:
    block = "aws_s3_bucket_public_access_block"
    for id in (check, "FG_R00229"):
        assert said(id, block, {**BLOCK, "bucket": "b"}) == "pass"
        assert said(id, block, {**BLOCK, "bucket": "b", off: False}) == "fail"


@pytest.mark.parametrize("check", ["AVD-AWS-0094", "FG_R00229"])
def test_a_bucket_without_a_block(check: str) -> None:
    beside = create("aws_s3_bucket_public_access_block.b", {"bucket": ref(f"{BUCKET}.x.id"), **BLOCK})
    assert said(check, BUCKET, {"bucket": "b"}) == "fail"
    assert said(check, BUCKET, {"bucket": "b"}, beside) == "pass"


@pytest.mark.parametrize("check", ["AVD-AWS-0088", "FG_R00099"])
def test_a_bucket_that_says_how_it_is_encrypted(check: str) -> None:
    own = "server_side_encryption_configuration"
    rule = [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}]
    beside = create(f"aws_s3_bucket_{own}.c", bucket=ref(f"{BUCKET}.x.id"), rule=rule)
    assert said(check, BUCKET, {"bucket": "b"}) == "fail"
    assert said(check, BUCKET, {"bucket": "b"}, beside) == "pass"
    assert said(check, BUCKET, {"bucket": "b", own: [{"rule": rule}]}) == "pass"
    assert said(check, BUCKET, {"bucket": "b", own: ref("var.rules")}) == "pass"
    made = next(p for p in POLICIES if p.id == "encryption/aws-s3-bucket-encryption-not-stated")
    left_out = plan(create(f"{BUCKET}.x", {"bucket": "b"}, unknown=[own]))
    assert judge(made, left_out, required=True).outcome == "fail"
    assert judge(made, left_out).outcome == "pass"  # S3 encrypts anyway


def test_a_key_that_has_its_policy_beside_it() -> None:
    beside = create("aws_kms_key_policy.p", key_id=ref("aws_kms_key.x.id"), policy="{}")
    assert said("CKV2_AWS_64", "aws_kms_key", {}, beside) == "pass"
