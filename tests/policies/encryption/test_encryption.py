"""What the rows of the encryption pack cannot say: excuses, companions, customer keys."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate.testing import create, delete, forget, judge, no_op, plan, ref, replace, update
from plangate_policies import POLICIES

BY_ID = {p.id.partition("/")[2]: p for p in POLICIES if p.id.startswith("encryption/")}
CONFIGURATION = "aws_s3_bucket_server_side_encryption_configuration"
BUCKET = {"id": "logs", "bucket": "logs"}


def sse(algorithm: Any = "aws:kms", key: Any = None, bucket: Any = "logs") -> dict[str, Any]:
    inner = {"sse_algorithm": algorithm, "kms_master_key_id": key}
    return {"bucket": bucket, "rule": [{"apply_server_side_encryption_by_default": [inner]}]}


def listener(**values: Any) -> str:
    return judge(BY_ID["aws-lb-listener-cleartext"], plan(create("aws_lb_listener.l", **values))).outcome


def redirect(protocol: Any) -> list[dict[str, Any]]:
    return [{"type": "redirect", "redirect": [{"protocol": protocol, "status_code": "HTTP_301"}]}]


def test_http_listener_that_redirects_to_https_is_right() -> None:
    assert listener(protocol="HTTP", default_action=redirect("HTTPS")) == "pass"
    assert listener(protocol="HTTP", default_action=redirect("HTTP")) == "fail"
    assert listener(protocol="HTTP", default_action=[{"type": "forward"}]) == "fail"
    assert listener(protocol="HTTP", default_action=redirect(ref("terraform_data.p.output"))) == "unknown"
    assert listener(protocol="TCP") == "pass"


def test_tls_policy_is_asked_only_of_tls_listeners() -> None:
    old = {"ssl_policy": "ELBSecurityPolicy-2016-08"}
    made = BY_ID["aws-lb-listener-old-tls"]
    assert judge(made, plan(create("aws_lb_listener.l", old, protocol="HTTP"))).outcome == "pass"
    assert judge(made, plan(create("aws_lb_listener.l", old, protocol="TLS"))).outcome == "fail"
    assert judge(made, plan(create("aws_lb_listener.l", old, protocol=ref("var.p")))).outcome == "unknown"
    assert judge(made, plan(create("aws_lb_listener.l", protocol="HTTPS", unknown=["ssl_policy"]))).outcome == "fail"


def test_sqs_with_a_key_of_its_own_needs_no_sse_sqs() -> None:
    made = BY_ID["aws-sqs-unencrypted"]
    off = {"sqs_managed_sse_enabled": False}
    assert judge(made, plan(create("aws_sqs_queue.q", off))).outcome == "fail"
    with_key = create("aws_sqs_queue.q", off, kms_master_key_id=ref("aws_kms_key.k.id"))
    assert judge(made, plan(with_key)).outcome == "pass"


def test_valkey_encrypts_unless_told_not_to() -> None:
    made = BY_ID["aws-elasticache-unencrypted"]
    body = {"engine": "valkey"}
    unknown = ["at_rest_encryption_enabled"]
    assert judge(made, plan(create("aws_elasticache_replication_group.g", body, unknown=unknown))).outcome == "pass"
    body = {"engine": "valkey", "at_rest_encryption_enabled": "false"}
    assert judge(made, plan(create("aws_elasticache_replication_group.g", body))).outcome == "fail"


def test_one_of_many_volumes() -> None:
    volumes = [{"encrypted": True}, {"encrypted": False}, {"encrypted": "false"}]
    said = judge(
        BY_ID["aws-ebs-volume-unencrypted"],
        plan(create("aws_instance.i", root_block_device=[{"encrypted": True}], ebs_block_device=volumes)),
    )
    assert said.attributes["aws_instance.i"] == ["ebs_block_device[1].encrypted", "ebs_block_device[2].encrypted"]


def test_what_is_known_to_be_wrong_is_said_beside_what_is_unknown() -> None:
    transit = {"client_broker": ref("terraform_data.x.output"), "in_cluster": False}
    said = judge(
        BY_ID["aws-msk-cleartext"],
        plan(create("aws_msk_cluster.c", encryption_info=[{"encryption_in_transit": [transit]}])),
    )
    assert said.outcome == "fail"
    assert len(said.messages["aws_msk_cluster.c"]) == 2


def unencrypted(*changes: Any) -> dict[str, str]:
    return judge(BY_ID["aws-rds-unencrypted"], plan(*changes)).outcomes


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ({"storage_encrypted": True}, "pass"),
        ({"storage_encrypted": False}, "fail"),
        ({"storage_encrypted": None}, "fail"),
        ({"storage_encrypted": ref("var.encrypted")}, "unknown"),
        ({"storage_encrypted": None, "snapshot_identifier": "elsewhere"}, "unknown"),
    ],
)
def test_replica_is_as_the_database_of_this_plan_that_it_is_made_from(source: dict[str, Any], outcome: str) -> None:
    first = create("aws_db_instance.first", source)
    named = create("aws_db_instance.copy", replicate_source_db=ref("aws_db_instance.first.arn"))
    assert unencrypted(first, named)["aws_db_instance.copy"] == outcome
    there = no_op("aws_db_instance.first", {"identifier": "first", "storage_encrypted": True})
    assert unencrypted(there, create("aws_db_instance.copy", replicate_source_db="first")) == {
        "aws_db_instance.first": "pass",
        "aws_db_instance.copy": "pass",
    }


@pytest.mark.parametrize("source", ["first", ref("local.first"), ref("data.aws_db_instance.d.id"), ref("var.x")])
def test_replica_of_what_the_plan_does_not_show_is_said_to_be_unknown(source: Any) -> None:
    other = create("aws_db_instance.other", identifier="other", storage_encrypted=True)
    said = judge(BY_ID["aws-rds-unencrypted"], plan(other, create("aws_db_instance.copy", replicate_source_db=source)))
    assert said.outcomes["aws_db_instance.copy"] == "unknown"
    assert "the plan does not show what that has" in said.messages["aws_db_instance.copy"][0]


def test_cluster_of_a_global_one_that_takes_its_answer_over_itself_is_unknown() -> None:
    over = create("aws_rds_global_cluster.g", source_db_cluster_identifier="old", unknown=["storage_encrypted"])
    joins = {"engine": "postgres", "global_cluster_identifier": ref("aws_rds_global_cluster.g.id")}
    assert unencrypted(over, create("aws_rds_cluster.c", joins))["aws_rds_cluster.c"] == "unknown"
    over = create("aws_rds_global_cluster.g", storage_encrypted=True)
    assert unencrypted(over, create("aws_rds_cluster.c", joins))["aws_rds_cluster.c"] == "pass"


def test_an_excuse_of_one_block_is_none_of_another() -> None:
    made = BY_ID["aws-cloudfront-origin-cleartext"]
    plain = {"custom_origin_config": [{"origin_protocol_policy": "http-only"}]}

    def attributes(*names: Any) -> list[str | None]:
        origins = [{"domain_name": name, **plain} for name in names]
        said = judge(made, plan(create("aws_cloudfront_distribution.d", origin=origins)))
        return said.attributes.get("aws_cloudfront_distribution.d", [])

    website = "acme.s3-website-eu-west-1.amazonaws.com"
    at = "origin[{}].custom_origin_config[0].origin_protocol_policy"
    assert attributes(website, website) == []
    assert attributes(website, "www.example.org") == [at.format(1)]
    assert attributes("www.example.org", website, "app.example.org") == [at.format(0), at.format(2)]
    assert attributes("www.example.org", ref("aws_s3_bucket.b.website_endpoint")) == [
        at.format(0),
        "origin[1].domain_name",
    ]


def test_a_wrong_value_in_a_dynamic_block_is_wrong_whatever_else_may_be_written_there() -> None:
    block = {"device_name": "/dev/sdb", "encrypted": False}
    at = "ebs_block_device[0]"
    made = {"root_block_device": [{"encrypted": True}], "ebs_block_device": [block]}
    said = judge(
        BY_ID["aws-ebs-volume-unencrypted"],
        plan(create("aws_instance.i", made, unknown=[f"{at}.snapshot_id"], dynamic=["ebs_block_device"])),
    )
    assert said.outcome == "fail"
    assert said.attributes["aws_instance.i"] == [f"{at}.encrypted"]


def test_message_names_the_parameter_and_the_word_in_a_text() -> None:
    group = create("aws_db_parameter_group.p", family="postgres13", parameter=[])
    assert "has no rds.force_ssl, and" in judge(BY_ID["aws-rds-tls-optional"], plan(group)).message
    group = create("aws_docdb_cluster_parameter_group.p", parameter=[{"name": "tls", "value": "disabled"}])
    assert "`parameter[0].value` (tls) is disabled" in judge(BY_ID["aws-docdb-cleartext"], plan(group)).message
    emr = create("aws_emr_security_configuration.e", configuration="{}")
    wanted = "`EncryptionConfiguration.EnableInTransitEncryption` in `configuration` is not set, and"
    assert wanted in judge(BY_ID["aws-emr-cleartext"], plan(emr)).message


# -- S3 ----------------------------------------------------------------------------------------------------


def removed(*changes: Any) -> dict[str, str]:
    return judge(BY_ID["aws-s3-bucket-kms-removed"], plan(*changes)).outcomes


def test_deleting_the_configuration_of_an_untouched_bucket_is_found_there_and_new() -> None:
    said = judge(
        BY_ID["aws-s3-bucket-kms-removed"],
        plan(no_op("aws_s3_bucket.b", BUCKET), delete(f"{CONFIGURATION}.b", sse())),
    )
    assert said.outcomes == {"aws_s3_bucket.b": "fail"}
    assert said.new == {"aws_s3_bucket.b"}


@pytest.mark.parametrize(
    "changes",
    [
        (no_op("aws_s3_bucket.b", BUCKET),),
        (no_op("aws_s3_bucket.b", BUCKET), delete(f"{CONFIGURATION}.b", sse("AES256"))),
        (no_op("aws_s3_bucket.b", BUCKET), delete(f"{CONFIGURATION}.b", sse(bucket="other"))),
        (no_op("aws_s3_bucket.b", BUCKET), forget(f"{CONFIGURATION}.b", sse())),
        (no_op("aws_s3_bucket.b", BUCKET), delete(f"{CONFIGURATION}.b", sse()), create(f"{CONFIGURATION}.c", sse())),
        (no_op("aws_s3_bucket.b", BUCKET), replace(f"{CONFIGURATION}.b", sse(), sse(), paths=["bucket"])),
    ],
    ids=["never had one", "was AES256", "of another bucket", "only forgotten", "another one comes", "replaced"],
)
def test_what_loses_no_kms_passes(changes: tuple[Any, ...]) -> None:
    assert removed(*changes) == {"aws_s3_bucket.b": "pass"}


def test_nothing_is_said_of_a_bucket_that_goes_away_too() -> None:
    assert removed(delete("aws_s3_bucket.b", BUCKET), delete(f"{CONFIGURATION}.b", sse())) == {}


def test_a_successor_that_cannot_be_told_is_unknown() -> None:
    unclear = create(f"{CONFIGURATION}.c", sse(bucket=ref("local.name")))
    assert removed(no_op("aws_s3_bucket.b", BUCKET), delete(f"{CONFIGURATION}.b", sse()), unclear) == {
        "aws_s3_bucket.b": "unknown"
    }


def test_configuration_moved_to_another_bucket() -> None:
    moved = update(f"{CONFIGURATION}.b", sse(), sse(bucket="other"))
    assert removed(no_op("aws_s3_bucket.b", BUCKET), moved) == {"aws_s3_bucket.b": "fail"}


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (sse(), sse("AES256"), "fail"),
        (sse("aws:kms:dsse"), sse("AES256"), "fail"),
        (sse(), {"bucket": "logs", "rule": []}, "fail"),
        (sse(), sse(ref("var.algorithm")), "unknown"),
        (sse(), sse(key="arn:aws:kms:eu-west-1:1:key/other"), "pass"),
        (sse("AES256"), sse("AES256"), "pass"),
        (sse("AES256"), sse(), "pass"),
    ],
)
def test_configuration_that_is_changed_in_place(before: dict[str, Any], after: dict[str, Any], outcome: str) -> None:
    bucket = no_op("aws_s3_bucket.b", BUCKET)
    assert removed(bucket, update(f"{CONFIGURATION}.b", before, after)) == {"aws_s3_bucket.b": outcome}
    assert removed(bucket, replace(f"{CONFIGURATION}.b", before, after)) == {"aws_s3_bucket.b": outcome}


@pytest.mark.parametrize(
    ("configuration", "outcome"),
    [
        (sse("aws:kms", "arn:aws:kms:eu-west-1:1:key/k"), "pass"),
        (sse("aws:kms", ref("aws_kms_key.k.arn")), "pass"),
        (sse("aws:kms", "arn:aws:kms:eu-west-1:1:alias/aws/s3"), "fail"),
        (sse("aws:kms"), "fail"),
        (sse("AES256"), "fail"),
        (sse(ref("terraform_data.a.output"), "k"), "unknown"),
        ({"bucket": "logs", "rule": []}, "fail"),
    ],
)
def test_customer_key_of_a_bucket(configuration: dict[str, Any], outcome: str) -> None:
    made = BY_ID["aws-s3-bucket-without-customer-key"]
    document = plan(create("aws_s3_bucket.b", bucket="logs"), create(f"{CONFIGURATION}.b", configuration))
    assert judge(made, document, require_cmk=True).outcome == outcome
    assert judge(made, document).outcome == "pass"


def test_customer_key_by_reference_in_a_module_and_in_the_old_block() -> None:
    made = BY_ID["aws-s3-bucket-without-customer-key"]
    old = sse("aws:kms", "arn:aws:kms:eu-west-1:1:key/k")
    document = plan(
        create("module.m[0].aws_s3_bucket.b[0]"),
        create("module.m[0].aws_s3_bucket.b[1]"),
        create(f"module.m[0].{CONFIGURATION}.b[0]", sse("aws:kms", "k", ref("aws_s3_bucket.b[0].id"))),
        create("aws_s3_bucket.old", server_side_encryption_configuration=[{"rule": old["rule"]}]),
        create("aws_s3_bucket.none", unknown=["server_side_encryption_configuration"]),
    )
    assert judge(made, document, require_cmk=True).outcomes == {
        "module.m[0].aws_s3_bucket.b[0]": "pass",
        "module.m[0].aws_s3_bucket.b[1]": "fail",
        "aws_s3_bucket.old": "pass",
        "aws_s3_bucket.none": "fail",
    }


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        (create("aws_s3_bucket_acl.a", bucket="logs", acl="log-delivery-write"), "pass"),
        (create("aws_s3_bucket_acl.a", bucket="logs", acl="private"), "fail"),
        (create("aws_s3_bucket_acl.a", bucket="logs", acl=ref("var.acl")), "unknown"),
        (create("aws_s3_bucket_logging.l", bucket="site", target_bucket="logs"), "pass"),
        (create("aws_s3_bucket_logging.l", bucket="logs", target_bucket="elsewhere"), "fail"),
        (create("aws_s3_bucket_logging.l", bucket="site", target_bucket=ref("aws_s3_bucket.b.id")), "pass"),
        (create("aws_lb.l", load_balancer_type="application", access_logs=[{"bucket": "logs"}]), "pass"),
        (create("aws_lb.l", load_balancer_type="network", access_logs=[{"bucket": "logs"}]), "fail"),
        (create("aws_elb.l", access_logs=[{"bucket": "logs"}]), "pass"),
    ],
)
def test_a_bucket_for_access_logs_cannot_have_a_customer_key(more: Any, outcome: str) -> None:
    made = BY_ID["aws-s3-bucket-without-customer-key"]
    document = plan(create("aws_s3_bucket.b", bucket="logs", unknown=["acl", "logging"]), more)
    assert judge(made, document, require_cmk=True).outcomes["aws_s3_bucket.b"] == outcome


def test_one_that_certainly_delivers_logs_is_enough() -> None:
    made = BY_ID["aws-s3-bucket-without-customer-key"]
    bucket = create("aws_s3_bucket.b", bucket="logs", unknown=["acl", "logging"])
    untold = create("aws_s3_bucket_logging.l", bucket="site", target_bucket=ref("local.t"))
    told = create("aws_elb.l", access_logs=[{"bucket": "logs"}])
    assert judge(made, plan(bucket, untold), require_cmk=True).outcomes == {"aws_s3_bucket.b": "unknown"}
    assert judge(made, plan(bucket, untold, told), require_cmk=True).outcomes == {"aws_s3_bucket.b": "pass"}


@pytest.mark.parametrize(("purpose", "import_only"), [(ref("var.p"), True), ("MAC", ref("var.i"))])
def test_one_excuse_that_certainly_holds_is_enough(purpose: Any, import_only: Any) -> None:
    made = BY_ID["google-kms-key-not-rotated"]
    key = "google_kms_crypto_key.k"
    assert judge(made, plan(create(key, purpose=purpose, import_only=import_only))).outcome == "pass"
    assert judge(made, plan(create(key, purpose=ref("var.p"), import_only=False))).outcome == "unknown"


def test_one_need_that_certainly_fails_is_enough() -> None:
    made = BY_ID["aws-ssm-session-logs-unencrypted"]
    text = json.dumps({"inputs": {"cloudWatchLogGroupName": "g", "cloudWatchEncryptionEnabled": True}})
    document = create("aws_ssm_document.d", content=text, document_type=ref("var.t"))
    assert judge(made, plan(document)).outcome == "pass"


def test_a_bucket_for_access_logs_by_its_own_old_acl() -> None:
    made = BY_ID["aws-s3-bucket-without-customer-key"]
    left = ["acl", "logging"]  # what nobody wrote is unknown in a plan of the real provider
    document = plan(
        create("aws_s3_bucket.logs", bucket="a", acl="log-delivery-write", unknown=["logging"]),
        create("aws_s3_bucket.other", bucket="b", unknown=left),
    )
    wanted = {"aws_s3_bucket.logs": "pass", "aws_s3_bucket.other": "fail"}
    assert judge(made, document, require_cmk=True).outcomes == wanted


def test_customer_keys_wait_and_can_be_excused() -> None:
    made = BY_ID["aws-without-customer-key"]
    document = plan(create("aws_sns_topic.t", kms_master_key_id="alias/aws/sns"))
    assert judge(made, document).outcome == "pass"
    assert judge(made, document, require_cmk=True).outcome == "fail"
    assert judge(made, document, require_cmk=True, exempt_types=["aws_sns_*"]).outcome == "pass"
    assert judge(made, document, require_cmk=True, types=["aws_sqs_queue"]).outcome == "pass"
    assert judge(made, document, require_cmk=True, types=["aws_sqs_queue", "aws_sns_*"]).outcome == "fail"
    both = {"types": ["aws_*"], "exempt_types": ["aws_sns_topic"]}
    assert judge(made, document, require_cmk=True, **both).outcome == "pass"


@pytest.mark.parametrize(
    ("named", "outcome"),
    [
        ({}, "fail"),
        ({"types": ["aws_s3_*"]}, "fail"),
        ({"types": ["aws_db_instance"]}, "pass"),
        ({"exempt_types": ["aws_s3_bucket"]}, "pass"),
    ],
)
def test_buckets_need_a_key_where_their_type_is_named(named: dict[str, Any], outcome: str) -> None:
    made = BY_ID["aws-s3-bucket-without-customer-key"]
    assert judge(made, plan(create("aws_s3_bucket.b")), require_cmk=True, **named).outcome == outcome


def test_customer_key_in_a_resource_of_its_own() -> None:
    made = BY_ID["azurerm-without-customer-key"]
    account = create("azurerm_storage_account.a")
    split = "azurerm_storage_account_customer_managed_key.k"
    key = create(split, storage_account_id=ref("azurerm_storage_account.a.id"))
    assert judge(made, plan(account), require_cmk=True).outcome == "fail"
    assert judge(made, plan(account, key), require_cmk=True).outcome == "pass"
