"""What right and wrong configurations mean, by the ids of the checks of other tools that ask the same.

Each configuration is judged through the policies that have the id among their aliases. The outcome is what the check
means; where ours differs on purpose, the row says so in `differs` and a test here says what ours is. The plans are
built from the schemas' facts; none was made by the providers themselves.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate.testing import create, judge, plan, ref
from plangate_policies import POLICIES

from .rows import BY_ID, CLOUDS, ENTRIES, FOLDER, settings

A, G = "azurerm_", "google_"
TLS = [{"minimum_tls_version": "1.2"}]


def by_alias(alias: str, type: str, body: dict[str, Any], *others: Any) -> str:
    """The worst outcome of the policies that ask the same as that check for the type."""
    made = [p for p in POLICIES if p.id.startswith("encryption/") and type in p.alias_types.get(alias, ())]
    assert made, (alias, type)
    changes = plan(create(f"{type}.x", body), *others)
    outcomes = [judge(p, changes, **settings(p.id.partition("/")[2])).outcomes[f"{type}.x"] for p in made]
    return max(outcomes, key=("pass", "unknown", "fail").index)


@pytest.mark.parametrize(
    ("alias", "type", "right", "wrong"),
    [
        (
            "CKV_AZURE_3",
            A + "storage_account",
            {"enable_https_traffic_only": True},
            {"enable_https_traffic_only": False},
        ),
        ("CKV_AZURE_3", A + "storage_account", {}, {"https_traffic_only_enabled": False}),
        ("AVD-AZU-0008", A + "storage_account", {}, {"https_traffic_only_enabled": False}),
        ("CKV_AZURE_44", A + "storage_account", {"min_tls_version": "TLS1_2"}, {"min_tls_version": "TLS1_1"}),
        ("CKV_AZURE_44", A + "storage_account", {"min_tls_version": "TLS1_3"}, {"min_tls_version": "TLS1_0"}),
        ("CKV_AZURE_91", A + "redis_cache", {"enable_non_ssl_port": False}, {"enable_non_ssl_port": True}),
        ("CKV_AZURE_91", A + "redis_cache", {}, {"non_ssl_port_enabled": True}),
        ("CKV_AZURE_148", A + "redis_cache", {"minimum_tls_version": "1.2"}, {}),
        ("CKV_AZURE_148", A + "redis_cache", {"minimum_tls_version": "1.2"}, {"minimum_tls_version": "1.1"}),
        ("CKV_AZURE_14", A + "linux_web_app", {"https_only": True}, {}),
        ("CKV_AZURE_14", A + "app_service", {"https_only": True}, {"https_only": False}),
        ("CKV_AZURE_153", A + "windows_web_app_slot", {"https_only": True}, {"https_only": False}),
        ("CKV_AZURE_70", A + "function_app", {"https_only": True}, {}),
        (
            "CKV_AZURE_70",
            A + "linux_function_app",
            {"https_only": True, "auth_settings_v2": [{"require_https": True}]},
            {"https_only": True, "auth_settings_v2": [{"require_https": False}]},
        ),
        (
            "CKV_AZURE_78",
            A + "linux_web_app",
            {"site_config": [{"ftps_state": "FtpsOnly"}]},
            {"site_config": [{"ftps_state": "AllAllowed"}]},
        ),
        ("CKV_AZURE_78", A + "app_service", {"site_config": [{"ftps_state": "Disabled"}]}, {"site_config": [{}]}),
        ("CKV_AZURE_15", A + "linux_web_app", {"site_config": TLS}, {"site_config": [{"minimum_tls_version": "1.1"}]}),
        ("CKV_AZURE_15", A + "app_service", {"site_config": [{}]}, {"site_config": [{"min_tls_version": "1.0"}]}),
        ("CKV_AZURE_154", A + "app_service_slot", {}, {"site_config": [{"min_tls_version": "1.1"}]}),
        ("CKV_AZURE_145", A + "function_app", {}, {"site_config": [{"min_tls_version": "1.1"}]}),
        (
            "CKV_AZURE_145",
            A + "windows_function_app",
            {"site_config": TLS},
            {"site_config": [{"minimum_tls_version": "1.0"}]},
        ),
        ("CKV_AZURE_52", A + "mssql_server", {"minimum_tls_version": "1.2"}, {"minimum_tls_version": "1.1"}),
        ("CKV2_AZURE_25", A + "mssql_database", {}, {"transparent_data_encryption_enabled": False}),
        (
            "CKV_AZURE_29",
            A + "postgresql_server",
            {"ssl_enforcement_enabled": True},
            {"ssl_enforcement_enabled": False},
        ),
        (
            "CKV_AZURE_147",
            A + "postgresql_server",
            {"ssl_minimal_tls_version_enforced": "TLS1_2"},
            {"ssl_minimal_tls_version_enforced": "TLS1_1"},
        ),
        ("CKV_AZURE_130", A + "postgresql_server", {"infrastructure_encryption_enabled": True}, {}),
        ("CKV_AZURE_28", A + "mysql_server", {"ssl_enforcement_enabled": True}, {"ssl_enforcement_enabled": False}),
        (
            "CKV_AZURE_54",
            A + "mysql_server",
            {"ssl_minimal_tls_version_enforced": "TLS1_2"},
            {"ssl_minimal_tls_version_enforced": "TLS1_0"},
        ),
        (
            "CKV_AZURE_96",
            A + "mysql_server",
            {"infrastructure_encryption_enabled": True},
            {"infrastructure_encryption_enabled": False},
        ),
        ("CKV_AZURE_47", A + "mariadb_server", {"ssl_enforcement_enabled": True}, {"ssl_enforcement_enabled": False}),
        (
            "CKV2_AZURE_37",
            A + "mariadb_server",
            {"ssl_enforcement_enabled": True},
            {"ssl_enforcement_enabled": True, "ssl_minimal_tls_version_enforced": "TLS1_1"},
        ),
        (
            "CKV2_AZURE_37",
            A + "mariadb_server",
            {"ssl_enforcement_enabled": True, "ssl_minimal_tls_version_enforced": "TLS1_2"},
            {"ssl_enforcement_enabled": False},
        ),
        ("CKV_AZURE_241", A + "synapse_sql_pool", {"data_encrypted": True}, {}),
        ("CKV_AZURE_74", A + "kusto_cluster", {"disk_encryption_enabled": True}, {}),
        ("CKV_AZURE_75", A + "kusto_cluster", {"double_encryption_enabled": True}, {}),
        ("CKV_AZURE_105", A + "data_lake_store", {}, {"encryption_state": "Disabled"}),
        ("CKV_AZURE_223", A + "eventhub_namespace", {}, {"minimum_tls_version": "1.1"}),
        ("CKV_AZURE_205", A + "servicebus_namespace", {"minimum_tls_version": "1.2"}, {"minimum_tls_version": "1.0"}),
        (
            "CKV_AZURE_199",
            A + "servicebus_namespace",
            {"customer_managed_key": [{"key_vault_key_id": "k", "infrastructure_encryption_enabled": True}]},
            {"customer_managed_key": [{"key_vault_key_id": "k"}]},
        ),
        ("CKV_AZURE_201", A + "servicebus_namespace", {"customer_managed_key": [{"key_vault_key_id": "k"}]}, {}),
        ("CKV_AZURE_197", A + "cdn_endpoint", {"is_http_allowed": False}, {}),
        ("CKV_AZURE_198", A + "cdn_endpoint", {}, {"is_https_allowed": False}),
        (
            "CKV_AZURE_200",
            A + "cdn_endpoint_custom_domain",
            {"cdn_managed_https": [{"tls_version": "TLS12"}]},
            {"cdn_managed_https": [{"tls_version": "TLS10"}]},
        ),
        ("CKV_AZURE_200", A + "cdn_endpoint_custom_domain", {}, {"user_managed_https": [{"tls_version": "None"}]}),
        (
            "CKV_AZURE_217",
            A + "application_gateway",
            {"http_listener": [{"protocol": "Https"}]},
            {"http_listener": [{"protocol": "Http"}]},
        ),
        (
            "CKV_AZURE_218",
            A + "application_gateway",
            {"ssl_policy": [{"policy_type": "Predefined", "policy_name": "AppGwSslPolicy20220101S"}]},
            {"ssl_policy": [{"policy_type": "Predefined", "policy_name": "AppGwSslPolicy20170401"}]},
        ),
        (
            "CKV_AZURE_218",
            A + "application_gateway",
            {
                "ssl_policy": [
                    {
                        "policy_type": "Custom",
                        "min_protocol_version": "TLSv1_2",
                        "cipher_suites": ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
                    }
                ]
            },
            {
                "ssl_policy": [
                    {
                        "policy_type": "Custom",
                        "min_protocol_version": "TLSv1_2",
                        "cipher_suites": ["TLS_RSA_WITH_AES_256_CBC_SHA256"],
                    }
                ]
            },
        ),
        (
            "CKV_AZURE_218",
            A + "application_gateway",
            {"ssl_policy": [{"policy_type": "CustomV2", "min_protocol_version": "TLSv1_3"}]},
            {"ssl_policy": [{"policy_type": "Custom", "min_protocol_version": "TLSv1_1"}]},
        ),
        ("CKV_AZURE_173", A + "api_management", {}, {"security": [{"enable_frontend_tls11": True}]}),
        ("CKV_AZURE_173", A + "api_management", {"security": [{}]}, {"security": [{"backend_ssl30_enabled": True}]}),
        ("CKV_AZURE_215", A + "api_management_backend", {"url": "https://b.example"}, {"url": "http://b.example"}),
        ("CKV_AZURE_152", A + "api_management", {"sku_name": "Developer_1"}, {"sku_name": "Consumption_0"}),
        (
            "CKV2_AZURE_30",
            A + "container_registry_webhook",
            {"service_uri": "https://b.example"},
            {"service_uri": "http://b.example"},
        ),
        ("CKV_AZURE_73", A + "automation_variable_int", {"encrypted": True}, {}),
        ("CKV_AZURE_151", A + "windows_virtual_machine", {"encryption_at_host_enabled": True}, {}),
        (
            "CKV_AZURE_97",
            A + "linux_virtual_machine_scale_set",
            {"encryption_at_host_enabled": True},
            {"encryption_at_host_enabled": False},
        ),
        (
            "CKV_AZURE_227",
            A + "kubernetes_cluster",
            {"default_node_pool": [{"enable_host_encryption": True}]},
            {"default_node_pool": [{}]},
        ),
        (
            "CKV_AZURE_227",
            A + "kubernetes_cluster_node_pool",
            {"host_encryption_enabled": True},
            {"enable_host_encryption": False},
        ),
        ("CKV_AZURE_2", A + "managed_disk", {}, {"encryption_settings": [{"enabled": False}]}),
        ("CKV_AZURE_93", A + "managed_disk", {"disk_encryption_set_id": "k"}, {}),
        ("CKV_AZURE_117", A + "kubernetes_cluster", {"disk_encryption_set_id": "k"}, {}),
        ("CKV_AZURE_100", A + "cosmosdb_account", {"key_vault_key_id": "k"}, {}),
        ("CKV_AZURE_186", A + "app_configuration", {"encryption": [{"key_vault_key_identifier": "k"}]}, {}),
        ("CKV_AZURE_240", A + "synapse_workspace", {"customer_managed_key": [{"key_name": "k"}]}, {}),
        (
            "CKV_AZURE_125",
            A + "service_fabric_cluster",
            {
                "fabric_settings": [
                    {"name": "Diagnostics"},
                    {"name": "Security", "parameters": {"ClusterProtectionLevel": "EncryptAndSign"}},
                ]
            },
            {"fabric_settings": [{"name": "Security", "parameters": {"ClusterProtectionLevel": "Sign"}}]},
        ),
        (
            "CKV_AZURE_125",
            A + "service_fabric_cluster",
            {
                "fabric_settings": [
                    {"name": "Security", "parameters": {"name": "ClusterProtectionLevel", "value": "EncryptAndSign"}}
                ]
            },
            {"fabric_settings": [{"name": "Diagnostics"}]},
        ),
        ("CKV_AZURE_161", A + "spring_cloud_api_portal", {"https_only_enabled": True}, {}),
        ("CKV2_AZURE_55", A + "spring_cloud_app", {"tls_enabled": True}, {}),
        ("CKV_AZURE_40", A + "key_vault_key", {"expiration_date": "2031-01-01T00:00:00Z"}, {}),
        ("CKV_AZURE_112", A + "key_vault_key", {"key_type": "RSA-HSM"}, {"key_type": "RSA"}),
        ("CKV_AZURE_41", A + "key_vault_secret", {"expiration_date": "2031-01-01T00:00:00Z"}, {}),
        ("CKV_AZURE_114", A + "key_vault_secret", {"content_type": "password"}, {}),
        ("AVD-AZU-0061", A + "storage_account", {"infrastructure_encryption_enabled": True}, {}),
        (
            "FG_R00433",
            G + "sql_database_instance",
            {"settings": [{"ip_configuration": [{"require_ssl": True}]}]},
            {"settings": [{"ip_configuration": [{}]}]},
        ),
        (
            "CKV_GCP_6",
            G + "sql_database_instance",
            {"settings": [{"ip_configuration": [{"ssl_mode": "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"}]}]},
            {"settings": [{"ip_configuration": [{"ssl_mode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"}]}]},
        ),
        ("CKV_GCP_97", G + "redis_instance", {"transit_encryption_mode": "SERVER_AUTHENTICATION"}, {}),
        ("CKV_GCP_95", G + "redis_instance", {"auth_enabled": True}, {}),
        ("CKV_GCP_4", G + "compute_ssl_policy", {"profile": "RESTRICTED"}, {}),
        (
            "CKV_GCP_4",
            G + "compute_ssl_policy",
            {"profile": "MODERN", "min_tls_version": "TLS_1_2"},
            {"profile": "MODERN"},
        ),
        (
            "CKV_GCP_4",
            G + "compute_ssl_policy",
            {
                "profile": "CUSTOM",
                "min_tls_version": "TLS_1_2",
                "custom_features": ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"],
            },
            {"profile": "CUSTOM", "min_tls_version": "TLS_1_2", "custom_features": ["TLS_RSA_WITH_AES_128_GCM_SHA256"]},
        ),
        ("FG_R00410", G + "compute_target_https_proxy", {"ssl_policy": "p"}, {}),
        (
            "CKV2_GCP_10",
            G + "cloudfunctions_function",
            {"trigger_http": True, "https_trigger_security_level": "SECURE_ALWAYS"},
            {"trigger_http": True},
        ),
        (
            "CKV2_GCP_10",
            G + "cloudfunctions_function",
            {},
            {"trigger_http": True, "https_trigger_security_level": "SECURE_OPTIONAL"},
        ),
        ("CKV_GCP_16", G + "dns_managed_zone", {"dnssec_config": [{"state": "on"}]}, {}),
        (
            "CKV_GCP_16",
            G + "dns_managed_zone",
            {"visibility": "private"},
            {"visibility": "public", "dnssec_config": [{"state": "off"}]},
        ),
        (
            "CKV_GCP_17",
            G + "dns_managed_zone",
            {"dnssec_config": [{}]},
            {"dnssec_config": [{"default_key_specs": [{"algorithm": "rsasha256"}, {"algorithm": "rsasha1"}]}]},
        ),
        ("CKV_GCP_43", G + "kms_crypto_key", {"rotation_period": "7776000s"}, {"rotation_period": "7776001s"}),
        ("CKV_GCP_43", G + "kms_crypto_key", {"purpose": "ASYMMETRIC_SIGN"}, {"purpose": "ENCRYPT_DECRYPT"}),
        ("CKV_GCP_43", G + "kms_crypto_key", {"rotation_period": "86400s"}, {"rotation_period": "3600s"}),
        ("CKV_GCP_37", G + "compute_disk", {"disk_encryption_key": [{"kms_key_self_link": "k"}]}, {}),
        ("CKV_GCP_37", G + "compute_disk", {"disk_encryption_key": [{"raw_key": "k"}]}, {"disk_encryption_key": []}),
        (
            "CKV_GCP_38",
            G + "compute_instance",
            {"boot_disk": [{"kms_key_self_link": "k"}]},
            {"boot_disk": [{}], "attached_disk": [{"kms_key_self_link": "k"}]},
        ),
        ("CKV_GCP_38", G + "compute_instance", {"boot_disk": [{"disk_encryption_key_raw": "k"}]}, {"boot_disk": [{}]}),
        ("CKV_GCP_80", G + "bigquery_table", {"encryption_configuration": [{"kms_key_name": "k"}]}, {}),
        ("CKV_GCP_81", G + "bigquery_dataset", {"default_encryption_configuration": [{"kms_key_name": "k"}]}, {}),
        ("CKV_GCP_83", G + "pubsub_topic", {"kms_key_name": "k"}, {}),
        ("CKV_GCP_84", G + "artifact_registry_repository", {"kms_key_name": "k"}, {}),
        ("CKV_GCP_85", G + "bigtable_instance", {"cluster": [{"kms_key_name": "k"}]}, {"cluster": [{}]}),
        ("CKV_GCP_90", G + "dataflow_job", {"kms_key_name": "k"}, {}),
        (
            "CKV_GCP_91",
            G + "dataproc_cluster",
            {"cluster_config": [{"encryption_config": [{"kms_key_name": "k"}]}]},
            {},
        ),
        ("CKV_GCP_92", G + "vertex_ai_dataset", {"encryption_spec": [{"kms_key_name": "k"}]}, {}),
        ("CKV_GCP_93", G + "spanner_database", {"encryption_config": [{"kms_key_name": "k"}]}, {}),
        ("CKV_GCP_96", G + "vertex_ai_metadata_store", {"encryption_spec": [{"kms_key_name": "k"}]}, {}),
        ("AVD-GCP-0066", G + "storage_bucket", {"encryption": [{"default_kms_key_name": "k"}]}, {}),
        ("CKV2_GCP_21", G + "notebooks_instance", {"kms_key": "k", "disk_encryption": "CMEK"}, {"kms_key": "k"}),
        (
            "CKV2_GCP_27",
            G + "workbench_instance",
            {"gce_setup": [{"boot_disk": [{"kms_key": "k"}]}]},
            {"gce_setup": [{"boot_disk": [{"kms_key": "k"}], "data_disks": [{}]}]},
        ),
        (
            "CKV2_GCP_35",
            G + "notebooks_runtime",
            {"virtual_machine": [{"virtual_machine_config": [{"encryption_config": [{"kms_key": "k"}]}]}]},
            {"virtual_machine": [{"virtual_machine_config": [{}]}]},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_outcomes_are_what_the_check_means(alias: str, type: str, right: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert by_alias(alias, type, right) == "pass"
    assert by_alias(alias, type, wrong) == "fail"


@pytest.mark.parametrize(
    ("alias", "type", "body", "outcome"),
    [
        ("CKV_AZURE_44", A + "storage_account", {}, "pass"),
        ("CKV_AZURE_52", A + "mssql_server", {"minimum_tls_version": "1.3"}, "pass"),
        ("CKV_AZURE_205", A + "servicebus_namespace", {}, "pass"),
        ("CKV_AZURE_218", A + "application_gateway", {}, "pass"),
        (
            "CKV_AZURE_197",
            A + "cdn_endpoint",
            {"delivery_rule": [{"url_redirect_action": [{"protocol": "Https"}]}]},
            "pass",
        ),
        ("CKV_AZURE_40", A + "key_vault_key", {"rotation_policy": [{"expire_after": "P90D"}]}, "pass"),
        (
            "CKV_GCP_6",
            G + "sql_database_instance",
            {"settings": [{"ip_configuration": [{"ssl_mode": "ENCRYPTED_ONLY"}]}]},
            "pass",
        ),
        (
            "CKV_GCP_4",
            G + "compute_ssl_policy",
            {"profile": "CUSTOM", "custom_features": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]},
            "fail",
        ),
        ("CKV_GCP_43", G + "kms_crypto_key", {"purpose": "MAC"}, "pass"),
        ("CKV_GCP_80", G + "bigquery_table", {"view": [{"query": "select 1"}]}, "pass"),
    ],
)
def test_where_ours_differs_the_row_gives_the_reason(alias: str, type: str, body: dict[str, Any], outcome: str) -> None:
    assert by_alias(alias, type, body) == outcome
    (entry,) = [e for e in ENTRIES.values() if type in e.get("aliases", {}).get(alias, ())]
    reasons = [row.get("differs", "") for row in BY_ID["encryption/" + entry["id"]].rows() if row["type"] == type]
    assert any(alias in reason for reason in reasons)


def test_joins_of_customer_keys() -> None:
    account = A + "storage_account"
    key = create(A + "storage_account_customer_managed_key.k", {"storage_account_id": ref(account + ".x.id")})
    assert by_alias("CKV2_AZURE_1", account, {"name": "n"}, key) == "pass"
    assert by_alias("CKV2_AZURE_1", account, {"name": "n"}) == "fail"
    for alias, type, child, by in (
        ("CKV2_AZURE_11", "kusto_cluster", "kusto_cluster_customer_managed_key", "cluster_id"),
        ("CKV2_AZURE_16", "mysql_server", "mysql_server_key", "server_id"),
        ("CKV2_AZURE_17", "postgresql_server", "postgresql_server_key", "server_id"),
        ("CKV2_AZURE_22", "cognitive_account", "cognitive_account_customer_managed_key", "cognitive_account_id"),
    ):
        key = create(f"{A}{child}.k", {by: ref(f"{A}{type}.x.id")})
        assert by_alias(alias, A + type, {"name": "n"}, key) == "pass"
        assert by_alias(alias, A + type, {"name": "n"}) == "fail"


def test_a_server_key_set_back_to_the_services_own_is_none() -> None:
    made = BY_ID["encryption/azurerm-without-customer-key"]
    server = create(A + "mssql_server.x", {"name": "n"})
    for body, outcome in (({}, "fail"), ({"key_vault_key_id": ref("azurerm_key_vault_key.k.id")}, "pass")):
        child = create(
            A + "mssql_server_transparent_data_encryption.k", {"server_id": ref(A + "mssql_server.x.id"), **body}
        )
        assert judge(made, plan(server, child), require_cmk=True).outcomes[A + "mssql_server.x"] == outcome


@pytest.mark.parametrize("names", ["aliases", "migrate"])
def test_entries_name_what_they_need(names: str) -> None:
    """Whatever replaces a resource says how to get there; ids are of the known tools."""
    rows = [json.loads(line) for cloud in CLOUDS for line in (FOLDER / f"{cloud}.jsonl").read_text().splitlines()[1:]]
    if names == "migrate":
        assert {row["policy"] for row in rows if row.get("replaces")} <= {e for e in ENTRIES if "migrate" in ENTRIES[e]}
    else:
        ids = {alias for entry in ENTRIES.values() for alias in entry.get("aliases", {})}
        assert all(alias.startswith(("CKV_", "CKV2_", "AVD-", "FG_R")) for alias in ids)
