"""AWS compute, messaging, keys, identity and observability."""

from __future__ import annotations

import json
from typing import Any

from planmaker.context import ACCOUNT, REGION, Context, Type


def _policy(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Statement": statements, "Version": "2012-10-17"}, separators=(",", ":"))


def kms_key(x: Context) -> dict[str, Any]:
    key = f"{x.hex(8)}-{x.hex(4)}-{x.hex(4)}-{x.hex(4)}-{x.hex(12)}"
    policy = _policy([{"Action": "kms:*", "Effect": "Allow",
                       "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                       "Resource": "*", "Sid": "Enable IAM User Permissions"}])  # fmt: skip
    return {"arn": x.arn("kms", f"key/{key}"), "bypass_policy_lockout_safety_check": False,
            "custom_key_store_id": "", "customer_master_key_spec": "SYMMETRIC_DEFAULT",
            "deletion_window_in_days": x.pick(7, 30), "description": f"Data at rest of {x.slug}",
            "enable_key_rotation": x.pick(True, True, False), "id": key, "is_enabled": True, "key_id": key,
            "key_usage": "ENCRYPT_DECRYPT", "multi_region": False, "policy": policy,
            "rotation_period_in_days": 365, "timeouts": None, "xks_key_id": "", **x.tagged()}  # fmt: skip


def kms_alias(x: Context) -> dict[str, Any]:
    name = f"alias/{x.name}"
    return {"arn": x.arn("kms", name), "id": name, "name": name, "name_prefix": "",
            "target_key_arn": x.ref("key", "arn"), "target_key_id": x.ref("key", "key_id")}  # fmt: skip


def iam_role(x: Context) -> dict[str, Any]:
    assume = _policy([{"Action": "sts:AssumeRole", "Effect": "Allow", "Sid": "",
                       "Principal": {"Service": x.pick("lambda.amazonaws.com",
                                                       "ec2.amazonaws.com")}}])  # fmt: skip
    return {"arn": f"arn:aws:iam::{ACCOUNT}:role/{x.name}", "assume_role_policy": assume,
            "create_date": "2025-03-11T08:14:52Z",
            "description": f"Runs {x.slug} -> reads & writes its own data",
            "force_detach_policies": False, "id": x.name, "inline_policy": [],
            "managed_policy_arns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
            "max_session_duration": x.pick(3600, 7200), "name": x.name, "name_prefix": "", "path": "/",
            "permissions_boundary": "", "unique_id": f"AROA{x.hex(17).upper()}", **x.tagged()}  # fmt: skip


def _data_access(x: Context) -> str:
    wide = x.pick(False, False, False, True)
    statements: list[dict[str, Any]] = [
        {"Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"], "Effect": "Allow", "Sid": "Data",
         "Resource": [f"arn:aws:s3:::{x.slug}", f"arn:aws:s3:::{x.slug}/*"]},
        {"Action": "*" if wide else ["kms:Decrypt", "kms:GenerateDataKey"], "Effect": "Allow", "Sid": "Keys",
         "Resource": "*" if wide else x.arn("kms", f"alias/{x.slug}")},
        {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Effect": "Allow", "Sid": "Logs",
         "Resource": x.arn("logs", f"log-group:/{x.slug}/*"),
         "Condition": {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}},
    ]  # fmt: skip
    return _policy(statements)


def iam_role_policy(x: Context) -> dict[str, Any]:
    return {"id": f"{x.slug}:{x.name}", "name": x.name, "name_prefix": "", "policy": _data_access(x),
            "role": x.ref("role", "id")}  # fmt: skip


def iam_policy(x: Context) -> dict[str, Any]:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{x.name}"
    return {"arn": arn, "attachment_count": 1, "description": f"What {x.slug} may do", "id": arn,
            "name": x.name,
            "name_prefix": "", "path": "/", "policy": _data_access(x),
            "policy_id": f"ANPA{x.hex(17).upper()}",
            **x.tagged()}  # fmt: skip


def iam_attachment(x: Context) -> dict[str, Any]:
    return {"id": f"{x.name}-20250311081453{x.hex(8)}", "policy_arn": x.ref("policy", "arn"),
            "role": x.ref("role", "name")}  # fmt: skip


def iam_instance_profile(x: Context) -> dict[str, Any]:
    return {"arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/{x.name}", "create_date": "2025-03-11T08:14:53Z",
            "id": x.name, "name": x.name, "name_prefix": "", "path": "/", "role": x.ref("role", "name"),
            "unique_id": f"AIPA{x.hex(17).upper()}", **x.tagged()}  # fmt: skip


def lambda_function(x: Context) -> dict[str, Any]:
    arn = x.arn("lambda", f"function:{x.name}")
    return {
        "architectures": ["arm64"], "arn": arn, "code_sha256": x.hex(43), "code_signing_config_arn": "",
        "dead_letter_config": [], "description": "Works through the queue",
        "environment": [{"variables": {"API_TOKEN": f"tok-{x.number:06d}-not-a-secret", "LOG_LEVEL": "info",
                                       "SERVICE": x.slug, "TABLE": f"{x.slug}-table"}}],
        "ephemeral_storage": [{"size": 512}], "file_system_config": [], "filename": "build/worker.zip",
        "function_name": x.name, "handler": "app.handler", "id": x.name, "image_config": [], "image_uri": "",
        "invoke_arn": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations",
        "kms_key_arn": x.shared("key", "arn"), "last_modified": "2025-12-19T07:51:40.000+0000", "layers": [],
        "logging_config": [{"application_log_level": "", "log_format": "Text",
                            "log_group": f"/aws/lambda/{x.name}", "system_log_level": ""}],
        "memory_size": x.pick(128, 512, 1024), "package_type": "Zip", "publish": False,
        "qualified_arn": f"{arn}:$LATEST", "reserved_concurrent_executions": -1, "role": x.ref("role", "arn"),
        "runtime": x.pick("python3.12", "nodejs20.x", "python3.8"), "s3_bucket": None, "s3_key": None,
        "signing_job_arn": "", "skip_destroy": False, "snap_start": [], "source_code_hash": x.hex(43),
        "source_code_size": 48211, "timeout": 30, "timeouts": None,
        "tracing_config": [{"mode": x.pick("Active", "PassThrough")}], "version": "$LATEST",
        "vpc_config": [{"ipv6_allowed_for_dual_stack": False, "security_group_ids": [x.ref("group", "id")],
                        "subnet_ids": [x.shared("subnet", "id")], "vpc_id": x.shared("vpc", "id")}],
        **x.tagged(),
    }  # fmt: skip


def lambda_permission(x: Context) -> dict[str, Any]:
    return {"action": "lambda:InvokeFunction", "event_source_token": None, "function_name": x.ref("function",
                                                                                                  "arn"),
            "function_url_auth_type": None, "id": x.name, "principal": "sns.amazonaws.com",
            "principal_org_id": None, "qualifier": "", "source_account": None, "source_arn": x.ref("topic",
                                                                                                   "arn"),
            "statement_id": x.name, "statement_id_prefix": ""}  # fmt: skip


def lambda_event_source(x: Context) -> dict[str, Any]:
    return {"batch_size": 10, "bisect_batch_on_function_error": False, "destination_config": [],
            "enabled": True,
            "event_source_arn": x.ref("queue", "arn"), "filter_criteria": [],
            "function_arn": x.ref("function", "arn"), "function_name": x.ref("function", "arn"),
            "function_response_types": ["ReportBatchItemFailures"], "id": x.hex(32), "kms_key_arn": "",
            "last_modified": "2025-12-19T07:51:44Z", "maximum_batching_window_in_seconds": 5,
            "scaling_config": [{"maximum_concurrency": 20}], "state": "Enabled",
            "state_transition_reason": "USER_INITIATED", "uuid": x.hex(32)}  # fmt: skip


def sqs_queue(x: Context) -> dict[str, Any]:
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{x.name}"
    return {"arn": x.arn("sqs", x.name), "content_based_deduplication": False, "deduplication_scope": "",
            "delay_seconds": 0, "fifo_queue": False, "fifo_throughput_limit": "", "id": url,
            "kms_data_key_reuse_period_seconds": 300, "kms_master_key_id": x.shared("key", "id"),
            "max_message_size": 262144, "message_retention_seconds": x.pick(345600, 1209600), "name": x.name,
            "name_prefix": "", "policy": "", "receive_wait_time_seconds": 20, "redrive_allow_policy": "",
            "redrive_policy": "", "sqs_managed_sse_enabled": False, "url": url,
            "visibility_timeout_seconds": x.pick(60, 300), **x.tagged()}  # fmt: skip


def sns_topic(x: Context) -> dict[str, Any]:
    arn = x.arn("sns", x.name)
    policy = _policy([{"Action": ["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes"],
                       "Effect": "Allow",
                       "Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}, "Principal": {"AWS": "*"},
                       "Resource": arn, "Sid": "__default_statement_ID"}])  # fmt: skip
    return {"application_failure_feedback_role_arn": "", "application_success_feedback_role_arn": "",
            "application_success_feedback_sample_rate": 0, "archive_policy": "", "arn": arn,
            "beginning_archive_time": "", "content_based_deduplication": False, "delivery_policy": "",
            "display_name": x.slug, "fifo_throughput_scope": "", "fifo_topic": False,
            "firehose_failure_feedback_role_arn": "", "firehose_success_feedback_role_arn": "",
            "firehose_success_feedback_sample_rate": 0, "http_failure_feedback_role_arn": "",
            "http_success_feedback_role_arn": "", "http_success_feedback_sample_rate": 0, "id": arn,
            "kms_master_key_id": "alias/aws/sns", "lambda_failure_feedback_role_arn": "",
            "lambda_success_feedback_role_arn": "", "lambda_success_feedback_sample_rate": 0, "name": x.name,
            "name_prefix": "", "owner": ACCOUNT, "policy": policy, "signature_version": 0,
            "sqs_failure_feedback_role_arn": "", "sqs_success_feedback_role_arn": "",
            "sqs_success_feedback_sample_rate": 0, "tracing_config": "", **x.tagged()}  # fmt: skip


def sns_subscription(x: Context) -> dict[str, Any]:
    arn = x.arn("sns", f"{x.name}:{x.hex(32)}")
    return {"arn": arn, "confirmation_timeout_in_minutes": 1, "confirmation_was_authenticated": True,
            "delivery_policy": "", "endpoint": x.ref("function", "arn"), "endpoint_auto_confirms": False,
            "filter_policy": '{"price":[{"numeric":["<",100]}]}', "filter_policy_scope": "MessageAttributes",
            "id": arn, "owner_id": ACCOUNT, "pending_confirmation": False, "protocol": "lambda",
            "raw_message_delivery": False, "redrive_policy": "", "replay_policy": "",
            "subscription_role_arn": "",
            "topic_arn": x.ref("topic", "arn")}  # fmt: skip


def log_group(x: Context) -> dict[str, Any]:
    name = f"/{x.slug}/{x.role}"
    return {"arn": x.arn("logs", f"log-group:{name}"), "id": name, "kms_key_id": x.shared("key", "arn"),
            "log_group_class": "STANDARD", "name": name, "name_prefix": "",
            "retention_in_days": x.pick(0, 30, 365), "skip_destroy": False, **x.tagged()}  # fmt: skip


def metric_alarm(x: Context) -> dict[str, Any]:
    return {"actions_enabled": True, "alarm_actions": [x.shared("alarms", "arn")],
            "alarm_description": f"{x.slug}: usage > 80 % for 15 minutes", "alarm_name": x.name,
            "arn": x.arn("cloudwatch", f"alarm:{x.name}"), "comparison_operator": "GreaterThanThreshold",
            "datapoints_to_alarm": 3, "dimensions": {"Service": x.slug},
            "evaluate_low_sample_count_percentiles": "",
            "evaluation_periods": 3, "extended_statistic": "", "id": x.name, "insufficient_data_actions": [],
            "metric_name": x.pick("CPUUtilization", "FreeableMemory"), "metric_query": [],
            "namespace": "AWS/RDS", "ok_actions": [], "period": 300, "statistic": "Average",
            "threshold": 80, "threshold_metric_id": "", "treat_missing_data": "missing", "unit": "",
            **x.tagged()}  # fmt: skip


def secret(x: Context) -> dict[str, Any]:
    arn = x.arn("secretsmanager", f"secret:{x.name}-{x.hex(6)}")
    return {"arn": arn, "description": f"Login of {x.slug}", "force_overwrite_replica_secret": False,
            "id": arn,
            "kms_key_id": x.shared("key", "id"), "name": x.name, "name_prefix": "", "policy": "",
            "recovery_window_in_days": x.pick(7, 30), "replica": [], **x.tagged()}  # fmt: skip


def secret_version(x: Context) -> dict[str, Any]:
    return {"arn": x.ref("secret", "arn"), "has_secret_string_wo": None, "id": f"{x.slug}|{x.hex(32)}",
            "secret_binary": "", "secret_id": x.ref("secret", "id"), "secret_string": x.ref("password",
                                                                                            "result"),
            "secret_string_wo": None, "version_id": x.hex(32), "version_stages": ["AWSCURRENT"]}  # fmt: skip


def ssm_parameter(x: Context) -> dict[str, Any]:
    name = f"/{x.slug}/{x.role}/{x.key}"
    return {"allowed_pattern": "", "arn": x.arn("ssm", f"parameter{name}"), "data_type": "text",
            "description": "",
            "has_value_wo": None, "id": name, "insecure_value": None, "key_id": "alias/aws/ssm", "name": name,
            "overwrite": None, "tier": "Standard", "type": "SecureString",
            "value": f"not-a-secret-{x.number}-{x.key}",
            "value_wo": None, "version": 3, **x.tagged()}  # fmt: skip


def random_password(x: Context) -> dict[str, Any]:
    return {"bcrypt_hash": f"$2a$10${x.hex(53)}", "id": "none", "keepers": None, "length": 32, "lower": True,
            "min_lower": 0, "min_numeric": 0, "min_special": 0, "min_upper": 0, "number": True,
            "numeric": True,
            "override_special": "-_<>&", "result": f"<{x.hex(28)}&-", "special": True,
            "upper": True}  # fmt: skip


def ecr_repository(x: Context) -> dict[str, Any]:
    return {"arn": x.arn("ecr", f"repository/{x.name}"), "force_delete": None, "id": x.name,
            "encryption_configuration": [{"encryption_type": "KMS", "kms_key": x.shared("key", "arn")}],
            "image_scanning_configuration": [{"scan_on_push": x.pick(True, False)}],
            "image_tag_mutability": x.pick("IMMUTABLE", "MUTABLE"), "name": x.name, "registry_id": ACCOUNT,
            "repository_url": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{x.name}", "timeouts": None,
            **x.tagged()}  # fmt: skip


TYPES = (
    Type("aws_kms_key", kms_key, computed="id arn key_id policy multi_region rotation_period_in_days",
         settable="deletion_window_in_days description enable_key_rotation tags",
         update=("enable_key_rotation", (False, True))),
    Type("aws_kms_alias", kms_alias, computed="id arn target_key_arn", settable="name target_key_id"),
    Type("aws_iam_role", iam_role, computed="id arn create_date unique_id managed_policy_arns inline_policy",
         settable="assume_role_policy description max_session_duration name tags", force_new="name",
         update=("max_session_duration", (3600, 7200))),
    Type("aws_iam_role_policy", iam_role_policy, settable="name policy role", force_new="role",
         update=("policy", (_policy([{"Action": "*", "Effect": "Allow", "Resource": "*"}]), _policy([])))),
    Type("aws_iam_policy", iam_policy, computed="id arn attachment_count policy_id",
         settable="description name policy tags", force_new="name description"),
    Type("aws_iam_role_policy_attachment", iam_attachment, settable="policy_arn role",
         force_new="policy_arn role"),
    Type("aws_iam_instance_profile", iam_instance_profile, computed="id arn create_date unique_id",
         settable="name role tags", force_new="name"),
    Type("aws_lambda_function", lambda_function, sensitive={"environment": [{"variables": True}]},
         computed="id arn code_sha256 invoke_arn last_modified logging_config qualified_arn signing_job_arn "
         "source_code_size version", force_new="function_name",
         settable="architectures description environment filename function_name handler kms_key_arn "
         "memory_size "
         "role runtime source_code_hash tags timeout tracing_config vpc_config",
         update=("runtime", ("python3.13", "python3.12")), replace=("function_name", ("+-v2",))),
    Type("aws_lambda_permission", lambda_permission, force_new="function_name source_arn",
         settable="action function_name principal source_arn statement_id"),
    Type("aws_lambda_event_source_mapping", lambda_event_source, settable="batch_size event_source_arn "
         "function_name function_response_types scaling_config", force_new="event_source_arn",
         computed="id function_arn last_modified state state_transition_reason uuid",
         update=("batch_size", (20, 10))),
    Type("aws_sqs_queue", sqs_queue, computed="id arn url policy", force_new="name",
         settable="kms_master_key_id message_retention_seconds name receive_wait_time_seconds tags "
         "visibility_timeout_seconds", update=("visibility_timeout_seconds", (120, 300)),
         replace=("fifo_queue", (True,))),
    Type("aws_sns_topic", sns_topic, computed="id arn beginning_archive_time owner policy",
         settable="display_name kms_master_key_id name tags", force_new="name"),
    Type("aws_sns_topic_subscription", sns_subscription, settable="endpoint filter_policy protocol topic_arn",
         computed="id arn confirmation_was_authenticated owner_id pending_confirmation filter_policy_scope",
         force_new="endpoint topic_arn"),
    Type("aws_cloudwatch_log_group", log_group, computed="id arn log_group_class",
         settable="kms_key_id name retention_in_days tags", force_new="name",
         update=("retention_in_days", (90, 30))),
    Type("aws_cloudwatch_metric_alarm", metric_alarm, schema_version=1,
         computed="id arn evaluate_low_sample_count_percentiles",
         settable="alarm_actions alarm_description alarm_name comparison_operator dimensions "
         "evaluation_periods "
         "metric_name namespace period statistic tags threshold", update=("threshold", (90, 70))),
    Type("aws_secretsmanager_secret", secret, computed="id arn policy replica",
         settable="description kms_key_id name recovery_window_in_days tags", force_new="name"),
    Type("aws_secretsmanager_secret_version", secret_version, settable="secret_id secret_string",
         computed="id arn version_id version_stages", force_new="secret_id",
         sensitive={"secret_string": True, "secret_binary": True, "secret_string_wo": True}),
    Type("aws_ssm_parameter", ssm_parameter, computed="id arn data_type insecure_value tier version key_id",
         settable="name tags type value", sensitive={"value": True, "value_wo": True}, force_new="name"),
    Type("random_password", random_password, computed="id bcrypt_hash result",
         settable="length override_special",
         sensitive={"bcrypt_hash": True, "result": True}, schema_version=3, replace=("length", (40, 24))),
    Type("aws_ecr_repository", ecr_repository, computed="id arn registry_id repository_url",
         settable="encryption_configuration image_scanning_configuration image_tag_mutability name tags",
         force_new="name", update=("image_tag_mutability", ("MUTABLE", "IMMUTABLE"))),
)  # fmt: skip
