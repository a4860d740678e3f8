"""AWS storage and data stores: values as the provider's state has them."""

from __future__ import annotations

import json
from typing import Any

from planmaker.context import ACCOUNT, REGION, Context, Type


def s3_bucket(x: Context) -> dict[str, Any]:
    name = f"{x.name}-{x.number}"
    return {
        "acceleration_status": "", "acl": None, "arn": f"arn:aws:s3:::{name}", "bucket": name,
        "bucket_domain_name": f"{name}.s3.amazonaws.com", "bucket_prefix": "",
        "bucket_regional_domain_name": f"{name}.s3.{REGION}.amazonaws.com", "cors_rule": [],
        "force_destroy": x.pick(False, False, True),
        "grant": [{"id": x.hex(64), "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}],
        "hosted_zone_id": "Z1BKCTXD74EZPE", "id": name, "lifecycle_rule": [], "logging": [],
        "object_lock_configuration": [], "object_lock_enabled": False, "policy": "", "region": REGION,
        "replication_configuration": [], "request_payer": "BucketOwner",
        "server_side_encryption_configuration": [{"rule": [{
            "apply_server_side_encryption_by_default": [{"kms_master_key_id": "", "sse_algorithm": "AES256"}],
            "bucket_key_enabled": False}]}],
        "timeouts": None, "versioning": [{"enabled": True, "mfa_delete": False}], "website": [],
        "website_domain": None, "website_endpoint": None, **x.tagged(),
    }  # fmt: skip


def s3_versioning(x: Context) -> dict[str, Any]:
    bucket = x.ref("bucket", "id")
    return {"bucket": bucket, "expected_bucket_owner": "", "id": bucket, "mfa": None,
            "versioning_configuration": [
                {"mfa_delete": "", "status": x.pick("Enabled", "Enabled", "Suspended")}]}  # fmt: skip


def s3_encryption(x: Context) -> dict[str, Any]:
    bucket = x.ref("bucket", "id")
    return {"bucket": bucket, "expected_bucket_owner": "", "id": bucket, "rule": [{
        "apply_server_side_encryption_by_default": [
            {"kms_master_key_id": x.ref("key", "arn"), "sse_algorithm": "aws:kms"}],
        "bucket_key_enabled": True}]}  # fmt: skip


def s3_public_access(x: Context) -> dict[str, Any]:
    bucket = x.ref("bucket", "id")
    return {"block_public_acls": True, "block_public_policy": x.pick(True, True, True, False),
            "bucket": bucket,
            "id": bucket, "ignore_public_acls": True, "restrict_public_buckets": True,
            "skip_destroy": None}  # fmt: skip


def s3_lifecycle(x: Context) -> dict[str, Any]:
    bucket = x.ref("bucket", "id")
    rules = [{
        "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}],
        "expiration": [{"date": None, "days": days, "expired_object_delete_marker": False}],
        "filter": [{"and": [], "object_size_greater_than": None, "object_size_less_than": None,
                    "prefix": prefix, "tag": []}],
        "id": f"expire-{prefix.strip('/')}", "noncurrent_version_expiration": [
            {"newer_noncurrent_versions": None, "noncurrent_days": 30}],
        "noncurrent_version_transition": [], "prefix": "", "status": "Enabled",
        "transition": [{"date": None, "days": 30, "storage_class": "STANDARD_IA"}],
    } for prefix, days in (("logs/", 365), ("tmp/", 60))]  # fmt: skip
    return {"bucket": bucket, "expected_bucket_owner": "", "id": bucket, "rule": rules, "timeouts": None,
            "transition_default_minimum_object_size": "all_storage_classes_128K"}  # fmt: skip


def s3_policy(x: Context) -> dict[str, Any]:
    bucket = x.ref("bucket", "id")
    policy = json.dumps({"Statement": [{
        "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Effect": "Deny",
        "Principal": "*", "Resource": [f"arn:aws:s3:::{x.slug}", f"arn:aws:s3:::{x.slug}/*"],
        "Sid": "DenyInsecureTransport"}], "Version": "2012-10-17"}, separators=(",", ":"))  # fmt: skip
    return {"bucket": bucket, "id": bucket, "policy": policy}


def db_instance(x: Context) -> dict[str, Any]:
    name = x.name
    host = f"{name}.c{x.number:08x}.{REGION}.rds.amazonaws.com"
    return {
        "address": host, "allocated_storage": x.pick(20, 100, 500), "allow_major_version_upgrade": None,
        "apply_immediately": False, "arn": x.arn("rds", f"db:{name}"), "auto_minor_version_upgrade": True,
        "availability_zone": f"{REGION}a", "backup_retention_period": x.pick(0, 7, 30),
        "backup_target": "region", "backup_window": "02:10-02:40", "blue_green_update": [],
        "ca_cert_identifier": "rds-ca-rsa2048-g1", "character_set_name": "", "copy_tags_to_snapshot": True,
        "custom_iam_instance_profile": "", "customer_owned_ip_enabled": False, "db_name": "app",
        "db_subnet_group_name": x.ref("subnets", "id"), "dedicated_log_volume": False,
        "delete_automated_backups": True, "deletion_protection": x.pick(True, True, False), "domain": "",
        "domain_auth_secret_arn": "", "domain_dns_ips": [], "domain_fqdn": "", "domain_iam_role_name": "",
        "domain_ou": "", "enabled_cloudwatch_logs_exports": ["postgresql", "upgrade"],
        "endpoint": f"{host}:5432", "engine": "postgres",
        "engine_lifecycle_support": "open-source-rds-extended",
        "engine_version": "16.3", "engine_version_actual": "16.3",
        "final_snapshot_identifier": f"{name}-final",
        "hosted_zone_id": "Z29XKXDKYMONMX", "iam_database_authentication_enabled": False,
        "id": f"db-{x.hex(26).upper()}", "identifier": name, "identifier_prefix": "",
        "instance_class": x.pick("db.t4g.medium", "db.r6g.large"), "iops": 3000, "kms_key_id": x.ref("key",
                                                                                                     "arn"),
        "latest_restorable_time": "2026-01-14T21:55:00Z", "license_model": "postgresql-license",
        "listener_endpoint": [], "maintenance_window": "sun:03:00-sun:03:30",
        "manage_master_user_password": None,
        "master_user_secret": [], "max_allocated_storage": 1000, "monitoring_interval": 60,
        "monitoring_role_arn": f"arn:aws:iam::{ACCOUNT}:role/rds-monitoring", "multi_az": x.pick(True, False),
        "nchar_character_set_name": "", "network_type": "IPV4", "option_group_name": "default:postgres-16",
        "parameter_group_name": x.ref("parameters", "id"), "password": x.ref("password", "result"),
        "performance_insights_enabled": True, "performance_insights_kms_key_id": x.ref("key", "arn"),
        "performance_insights_retention_period": 7, "port": 5432, "publicly_accessible": x.pick(False, False,
                                                                                                True),
        "replica_mode": "", "replicas": [], "replicate_source_db": "",
        "resource_id": f"db-{x.hex(26).upper()}",
        "restore_to_point_in_time": [], "s3_import": [], "skip_final_snapshot": False,
        "snapshot_identifier": None, "status": "available", "storage_encrypted": x.pick(True, True, True,
                                                                                        False),
        "storage_throughput": 125, "storage_type": "gp3", "timeouts": None, "timezone": "",
        "upgrade_storage_config": None, "username": "app_owner",
        "vpc_security_group_ids": [x.ref("group", "id")], **x.tagged(),
    }  # fmt: skip


def db_subnet_group(x: Context) -> dict[str, Any]:
    return {"arn": x.arn("rds", f"subgrp:{x.name}"), "description": f"Subnets of {x.slug} <private>",
            "id": x.name, "name": x.name, "name_prefix": "",
            "subnet_ids": [x.shared("subnet", "id")], "supported_network_types": ["IPV4"],
            "vpc_id": x.shared("vpc", "id"), **x.tagged()}  # fmt: skip


def db_parameter_group(x: Context) -> dict[str, Any]:
    return {"arn": x.arn("rds", f"pg:{x.name}"), "description": "Managed by Terraform",
            "family": "postgres16",
            "id": x.name, "name": x.name, "name_prefix": "", "parameter": [
                {"apply_method": "immediate", "name": "log_statement", "value": "ddl"},
                {"apply_method": "pending-reboot", "name": "rds.force_ssl", "value": "1"}],
            "skip_destroy": False, **x.tagged()}  # fmt: skip


def ebs_volume(x: Context) -> dict[str, Any]:
    volume = x.aws_id("vol")
    return {"arn": x.arn("ec2", f"volume/{volume}"), "availability_zone": f"{REGION}a",
            "create_time": "2025-11-03T10:22:31Z", "encrypted": x.pick(True, True, False),
            "final_snapshot": False, "id": volume, "iops": 3000, "kms_key_id": x.shared("key", "arn"),
            "multi_attach_enabled": False, "outpost_arn": "", "size": x.pick(50, 100, 500), "snapshot_id": "",
            "throughput": 125, "timeouts": None, "type": x.pick("gp3", "gp2"),
            "volume_initialization_rate": 0, **x.tagged()}  # fmt: skip


def efs_file_system(x: Context) -> dict[str, Any]:
    system = x.aws_id("fs")
    return {"arn": x.arn("elasticfilesystem", f"file-system/{system}"), "availability_zone_id": "",
            "availability_zone_name": "", "creation_token": x.name,
            "dns_name": f"{system}.efs.{REGION}.amazonaws.com", "encrypted": x.pick(True, True, False),
            "id": system, "kms_key_id": x.shared("key", "arn"),
            "lifecycle_policy": [{"transition_to_archive": "", "transition_to_ia": "AFTER_30_DAYS",
                                  "transition_to_primary_storage_class": ""}],
            "name": x.name, "number_of_mount_targets": 2, "owner_id": ACCOUNT,
            "performance_mode": "generalPurpose", "protection": [{"replication_overwrite": "ENABLED"}],
            "provisioned_throughput_in_mibps": 0,
            "size_in_bytes": [{"value": 6144, "value_in_ia": 0, "value_in_standard": 6144}],
            "throughput_mode": x.pick("bursting", "elastic"), **x.tagged()}  # fmt: skip


def efs_mount_target(x: Context) -> dict[str, Any]:
    return {"availability_zone_id": "euw1-az1", "availability_zone_name": f"{REGION}a",
            "dns_name": f"fs-{x.number:08x}.efs.{REGION}.amazonaws.com",
            "file_system_arn": x.ref("system", "arn"), "file_system_id": x.ref("system", "id"),
            "id": x.aws_id("fsmt"), "ip_address": f"10.0.{x.number % 250}.{x.rng.randrange(4, 250)}",
            "ip_address_type": "IPV4_ONLY", "network_interface_id": x.aws_id("eni"), "owner_id": ACCOUNT,
            "security_groups": [x.ref("group", "id")], "subnet_id": x.shared("subnet", "id"),
            "timeouts": None}  # fmt: skip


def dynamodb_table(x: Context) -> dict[str, Any]:
    return {
        "arn": x.arn("dynamodb", f"table/{x.name}"),
        "attribute": [{"name": "pk", "type": "S"}, {"name": "sk", "type": "S"}, {"name": "gsi1",
                                                                                 "type": "S"}],
        "billing_mode": "PAY_PER_REQUEST", "deletion_protection_enabled": x.pick(True, False),
        "global_secondary_index": [{
            "hash_key": "gsi1", "name": "gsi1", "non_key_attributes": [], "on_demand_throughput": [],
            "projection_type": "ALL", "range_key": "sk", "read_capacity": 0, "write_capacity": 0}],
        "hash_key": "pk", "id": x.name, "import_table": [], "local_secondary_index": [], "name": x.name,
        "on_demand_throughput": [],
        "point_in_time_recovery": [{"enabled": x.pick(True, False), "recovery_period_in_days": 35}],
        "range_key": "sk", "read_capacity": 0, "replica": [], "restore_date_time": None,
        "server_side_encryption": [{"enabled": True, "kms_key_arn": x.shared("key", "arn")}],
        "stream_arn": x.arn("dynamodb", f"table/{x.name}/stream/2025-11-03T10:22:31.507"),
        "stream_enabled": True, "stream_label": "2025-11-03T10:22:31.507",
        "stream_view_type": "NEW_AND_OLD_IMAGES", "table_class": "STANDARD", "timeouts": None,
        "ttl": [{"attribute_name": "expires_at", "enabled": True}], "write_capacity": 0, **x.tagged(),
    }  # fmt: skip


def elasticache(x: Context) -> dict[str, Any]:
    return {
        "apply_immediately": False, "arn": x.arn("elasticache", f"replicationgroup:{x.name}"),
        "at_rest_encryption_enabled": x.pick(True, True, False), "auth_token": None,
        "auto_minor_version_upgrade": True, "automatic_failover_enabled": True, "cluster_enabled": False,
        "configuration_endpoint_address": None, "data_tiering_enabled": False,
        "description": f"Sessions of {x.slug} & friends", "engine": "valkey", "engine_version": "8.0",
        "engine_version_actual": "8.0.1", "id": x.name, "kms_key_id": x.shared("key", "arn"),
        "maintenance_window": "sun:04:00-sun:05:00", "member_clusters": [f"{x.name}-001", f"{x.name}-002"],
        "multi_az_enabled": True, "node_type": x.pick("cache.t4g.small", "cache.r7g.large"),
        "num_cache_clusters": 2, "num_node_groups": 1, "parameter_group_name": "default.valkey8",
        "port": 6379,
        "primary_endpoint_address": f"master.{x.name}.abc123.euw1.cache.amazonaws.com",
        "reader_endpoint_address": f"replica.{x.name}.abc123.euw1.cache.amazonaws.com",
        "replicas_per_node_group": 1, "replication_group_id": x.name, "security_group_ids": [x.ref("group",
                                                                                                   "id")],
        "snapshot_retention_limit": x.pick(0, 7), "snapshot_window": "01:00-02:00",
        "subnet_group_name": "default", "timeouts": None, "transit_encryption_enabled": x.pick(True, True,
                                                                                               False),
        "transit_encryption_mode": "required", "user_group_ids": [], **x.tagged(),
    }  # fmt: skip


TYPES = (
    Type("aws_s3_bucket", s3_bucket, update=("force_destroy", (True, False)),
         computed="id arn bucket_domain_name bucket_regional_domain_name hosted_zone_id region grant "
         "acceleration_status acl versioning server_side_encryption_configuration request_payer policy",
         settable="bucket force_destroy tags", force_new="bucket",
         replace=("bucket", ("+-v2",))),
    Type("aws_s3_bucket_versioning", s3_versioning, computed="id", force_new="bucket",
         settable="bucket versioning_configuration",
         update=("versioning_configuration", ([{"mfa_delete": "", "status": "Suspended"}],
                                              [{"mfa_delete": "", "status": "Enabled"}]))),
    Type("aws_s3_bucket_server_side_encryption_configuration", s3_encryption, force_new="bucket",
         settable="bucket rule"),
    Type("aws_s3_bucket_public_access_block", s3_public_access, force_new="bucket",
         settable="block_public_acls block_public_policy bucket ignore_public_acls restrict_public_buckets",
         update=("block_public_acls", (False, True))),
    Type("aws_s3_bucket_lifecycle_configuration", s3_lifecycle, force_new="bucket",
         settable="bucket rule", computed="id transition_default_minimum_object_size", schema_version=1),
    Type("aws_s3_bucket_policy", s3_policy, force_new="bucket", settable="bucket policy"),
    Type("aws_db_instance", db_instance, schema_version=2, sensitive={"password": True},
         computed="id address arn availability_zone backup_target ca_cert_identifier character_set_name "
         "endpoint engine_version_actual hosted_zone_id latest_restorable_time license_model "
         "listener_endpoint "
         "master_user_secret nchar_character_set_name network_type option_group_name replicas "
         "resource_id status "
         "timezone",
         settable="allocated_storage backup_retention_period db_name db_subnet_group_name "
         "deletion_protection "
         "enabled_cloudwatch_logs_exports engine engine_version identifier instance_class kms_key_id "
         "multi_az "
         "parameter_group_name password publicly_accessible storage_encrypted storage_type tags username "
         "vpc_security_group_ids", force_new="kms_key_id storage_encrypted",
         update=("instance_class", ("db.r6g.xlarge", "db.r6g.large")), replace=("storage_encrypted", (True,
             False))),
    Type("aws_db_subnet_group", db_subnet_group, computed="id arn supported_network_types vpc_id",
         settable="description name subnet_ids tags", force_new="name"),
    Type("aws_db_parameter_group", db_parameter_group, computed="id arn",
         settable="family name parameter tags",
         force_new="family", replace=("family", ("postgres17", "postgres16"))),
    Type("aws_ebs_volume", ebs_volume, computed="id arn create_time iops throughput snapshot_id",
         settable="availability_zone encrypted kms_key_id size tags type", force_new="encrypted kms_key_id",
         update=("size", (250, 1000)), replace=("encrypted", (True, False))),
    Type("aws_efs_file_system", efs_file_system,
         settable="creation_token encrypted kms_key_id lifecycle_policy "
         "tags throughput_mode", force_new="encrypted kms_key_id creation_token",
         computed="id arn availability_zone_id dns_name name number_of_mount_targets owner_id "
         "performance_mode "
         "protection size_in_bytes", update=("throughput_mode", ("elastic", "bursting")),
         replace=("encrypted", (True, False))),
    Type("aws_efs_mount_target", efs_mount_target, settable="file_system_id security_groups subnet_id",
         computed="id availability_zone_id availability_zone_name dns_name file_system_arn ip_address "
         "ip_address_type network_interface_id owner_id", force_new="file_system_id subnet_id"),
    Type("aws_dynamodb_table", dynamodb_table, schema_version=1, computed="id arn stream_arn stream_label",
         settable="attribute billing_mode deletion_protection_enabled global_secondary_index hash_key name "
         "point_in_time_recovery range_key server_side_encryption stream_enabled tags ttl", force_new="name",
         update=("deletion_protection_enabled", (False, True)), replace=("range_key", ("sort", "sk"))),
    Type("aws_elasticache_replication_group", elasticache, schema_version=2, force_new="kms_key_id",
         computed="id arn configuration_endpoint_address engine_version_actual member_clusters "
         "primary_endpoint_address reader_endpoint_address parameter_group_name",
         settable="at_rest_encryption_enabled automatic_failover_enabled description engine node_type "
         "kms_key_id num_cache_clusters replication_group_id security_group_ids tags "
         "transit_encryption_enabled",
         update=("node_type", ("cache.r7g.xlarge", "cache.r7g.large")),
         replace=("at_rest_encryption_enabled", (True, False))),
)  # fmt: skip
