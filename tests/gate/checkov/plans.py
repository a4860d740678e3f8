"""Plan documents for Checkov: resources it knows, with what its checks look at."""

from __future__ import annotations

from typing import Any

from ..cli.plans import document, entry  # noqa: TID252 - the tests are no package

OPEN = {
    "description": "d",
    "ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}],
}


def group(name: str = "open", **more: Any) -> dict[str, Any]:
    """A security group whose SSH port the world reaches: CKV_AWS_24 fails."""
    return entry(f"aws_security_group.{name}", ["create"], None, {"name": name, **OPEN, **more}, {"id": True})


def untouched(change: dict[str, Any]) -> dict[str, Any]:
    """The same resource, which exists and stays as it is."""
    values = change["change"]["after"]
    body = {**change["change"], "actions": ["no-op"], "before": values, "before_sensitive": {}, "after_unknown": {}}
    return {**change, "change": body}


PLAN = document(group())


def log_group_in_module(after: dict[str, Any], unknown: dict[str, Any]) -> dict[str, Any]:
    """A log group in a module whose key comes through the module's variable from a key that is to be made."""
    key = entry("aws_kms_key.k", ["create"], None, {"description": "k", "enable_key_rotation": True}, {"arn": True})
    log = entry("aws_cloudwatch_log_group.lg", ["create"], None, {"name": "lg", **after}, unknown)
    log = {**log, "address": "module.m.aws_cloudwatch_log_group.lg", "module_address": "module.m"}
    made = document(key)
    made["resource_changes"].append(log)
    kept = {k: log[k] for k in ("address", "mode", "type", "name", "provider_name")}
    made["planned_values"]["root_module"]["child_modules"] = [
        {
            "address": "module.m",
            "resources": [{**kept, "values": {"name": "lg", **after}, "sensitive_values": {}}],
        }
    ]
    made["configuration"]["root_module"]["module_calls"] = {
        "m": {
            "source": "./m",
            "expressions": {"key": {"references": ["aws_kms_key.k.arn", "aws_kms_key.k"]}},
            "module": {
                "variables": {"key": {}},
                "resources": [
                    {
                        "address": "aws_cloudwatch_log_group.lg",
                        "mode": "managed",
                        "type": "aws_cloudwatch_log_group",
                        "name": "lg",
                        "expressions": {
                            "name": {"constant_value": "lg"},
                            "kms_key_id": {"references": ["var.key"]},
                        },
                    }
                ],
            },
        }
    }
    return made


def bucket_guarded_in_module() -> dict[str, Any]:
    """A bucket in the root, its public access block in a module that is given the bucket's id."""
    made = document(entry("aws_s3_bucket.b", ["create"], None, {"bucket": "b"}, {"id": True}))
    guards = dict.fromkeys(
        ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
    )
    block = entry("aws_s3_bucket_public_access_block.g", ["create"], None, guards, {"id": True, "bucket": True})
    block = {**block, "address": "module.m.aws_s3_bucket_public_access_block.g", "module_address": "module.m"}
    made["resource_changes"].append(block)
    kept = {k: block[k] for k in ("address", "mode", "type", "name", "provider_name")}
    made["planned_values"]["root_module"]["child_modules"] = [
        {"address": "module.m", "resources": [{**kept, "values": guards, "sensitive_values": {}}]}
    ]
    resource = {"address": "aws_s3_bucket_public_access_block.g", "mode": "managed", "name": "g"}
    resource["type"] = "aws_s3_bucket_public_access_block"
    made["configuration"]["root_module"]["module_calls"] = {
        "m": {
            "source": "./m",
            "expressions": {"id": {"references": ["aws_s3_bucket.b.id", "aws_s3_bucket.b"]}},
            "module": {
                "variables": {"id": {}},
                "resources": [{**resource, "expressions": {"bucket": {"references": ["var.id"]}}}],
            },
        }
    }
    return made
