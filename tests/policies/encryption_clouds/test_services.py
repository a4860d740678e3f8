"""What generated bodies cannot show: joins, blocks beside each other, lists, names that changed.

The plans are built from the schemas' facts; none was made by the providers themselves.
"""

from __future__ import annotations

from typing import Any

import pytest

from plangate.testing import create, judge, no_op, plan, ref

from .rows import BY_ID


def outcome(policy: str, address: str, body: dict[str, Any], *others: Any, **settings: Any) -> str:
    found: str = judge(BY_ID["encryption/" + policy], plan(create(address, body), *others), **settings).outcomes[
        address
    ]
    return found


def listener(name: str, protocol: str) -> dict[str, str]:
    return {"name": name, "protocol": protocol}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], "fail"),
        ([{"http_listener_name": "plain", "redirect_configuration_name": "to-https"}], "pass"),
        ([{"http_listener_name": "plain", "redirect_configuration_name": ref("some_resource.r.name")}], "pass"),
        ([{"http_listener_name": "plain", "backend_address_pool_name": "pool"}], "fail"),
        ([{"http_listener_name": "other", "redirect_configuration_name": "to-https"}], "fail"),
        ([{"http_listener_name": "plain", "redirect_configuration_name": ""}], "fail"),
    ],
)
def test_a_listener_that_redirects(rules: list[dict[str, Any]], expected: str) -> None:
    body = {"http_listener": [listener("safe", "Https"), listener("plain", "Http")], "request_routing_rule": rules}
    assert outcome("azurerm-application-gateway-http-allowed", "azurerm_application_gateway.g", body) == expected


def test_every_listener_is_judged_for_itself() -> None:
    body = {
        "http_listener": [listener("a", "Http"), listener("b", "Http")],
        "request_routing_rule": [{"http_listener_name": "a", "redirect_configuration_name": "r"}],
    }
    made = BY_ID["encryption/azurerm-application-gateway-http-allowed"]
    said = judge(made, plan(create("azurerm_application_gateway.g", body)))
    assert said.attributes["azurerm_application_gateway.g"] == ["http_listener[1].protocol"]


def test_rules_that_nobody_knows_yet_leave_a_listener_undecided() -> None:
    body = {"http_listener": [listener("a", "Http")], "request_routing_rule": []}
    made = BY_ID["encryption/azurerm-application-gateway-http-allowed"]
    changes = plan(create("azurerm_application_gateway.g", body, unknown=["request_routing_rule"]))
    assert judge(made, changes).outcome == "unknown"


@pytest.mark.parametrize(
    ("protocols", "redirect", "expected"),
    [
        (["Http", "Https"], True, "pass"),
        (["Http", "Https"], False, "fail"),
        (["Https"], False, "pass"),
        (["Http", "Https"], None, "pass"),
    ],
)
def test_a_route_of_front_door(protocols: list[str], redirect: bool | None, expected: str) -> None:
    body = {"supported_protocols": protocols, "https_redirect_enabled": redirect}
    assert outcome("azurerm-frontdoor-http-allowed", "azurerm_cdn_frontdoor_route.r", body) == expected


@pytest.mark.parametrize(
    ("policy", "server", "name", "value", "expected"),
    [
        ("mysql-cleartext", "mysql", "require_secure_transport", "OFF", "fail"),
        ("mysql-cleartext", "mysql", "require_secure_transport", "ON", "pass"),
        ("mysql-cleartext", "mysql", "slow_query_log", "OFF", "pass"),
        ("mysql-old-tls", "mysql", "tls_version", "TLSv1.1,TLSv1.2", "fail"),
        ("mysql-old-tls", "mysql", "tls_version", "TLSv1.2,TLSv1.3", "pass"),
        ("postgresql-cleartext", "postgresql", "require_secure_transport", "off", "fail"),
        ("postgresql-cleartext", "postgresql", "require_secure_transport", "on", "pass"),
        ("postgresql-old-tls", "postgresql", "ssl_min_protocol_version", "TLSv1.1", "fail"),
        ("postgresql-old-tls", "postgresql", "ssl_min_protocol_version", "TLSv1.3", "pass"),
    ],
)
def test_a_parameter_of_a_flexible_server(policy: str, server: str, name: str, value: str, expected: str) -> None:
    address = f"azurerm_{server}_flexible_server_configuration.c"
    assert outcome(f"azurerm-{policy}", address, {"name": name, "value": value}) == expected


def test_a_url_map_is_judged_where_an_http_proxy_uses_it() -> None:
    policy, address = "google-url-map-serves-http", "google_compute_url_map.m"
    proxy = create("google_compute_target_http_proxy.p", {"url_map": ref("google_compute_url_map.m.id")})
    tls = create("google_compute_target_https_proxy.p", {"url_map": ref("google_compute_url_map.m.id")})
    redirect = {"name": "m", "default_url_redirect": [{"https_redirect": True, "strip_query": False}]}
    assert outcome(policy, address, {"name": "m"}) == "pass"
    assert outcome(policy, address, {"name": "m"}, tls) == "pass"
    assert outcome(policy, address, {"name": "m"}, proxy) == "fail"
    assert outcome(policy, address, redirect, proxy) == "pass"
    undecided = create("google_compute_target_http_proxy.p", {"url_map": ref("local.map")})
    assert outcome(policy, address, {"name": "m"}, undecided) == "unknown"


def test_each_disk_of_an_instance_is_judged_for_itself() -> None:
    policy = "google-compute-instance-disks-without-customer-key"
    disks = [{"kms_key_self_link": "k"}, {"source": "a-disk-of-its-own"}, {}]
    made = BY_ID["encryption/" + policy]
    said = judge(made, plan(create("google_compute_instance.i", {"attached_disk": disks})), require_cmk=True)
    assert said.attributes["google_compute_instance.i"] == ["attached_disk[2].kms_key_self_link"]


def test_a_clone_of_a_database_has_what_its_source_has() -> None:
    body = {"clone": [{"source_instance_name": "a"}], "settings": []}
    assert outcome("google-sql-cleartext", "google_sql_database_instance.i", body) == "unknown"


@pytest.mark.parametrize("version", ["", "_v1"])
def test_ingress_and_the_annotations_that_bring_a_certificate(version: str) -> None:
    policy, address = "kubernetes-ingress-cleartext", f"kubernetes_ingress{version}.i"
    assert outcome(policy, address, {"metadata": [{}], "spec": [{}]}) == "fail"
    assert outcome(policy, address, {"metadata": [{}], "spec": [{"tls": [{"secret_name": "s"}]}]}) == "pass"
    for key in ("alb.ingress.kubernetes.io/certificate-arn", "networking.gke.io/managed-certificates"):
        body = {"metadata": [{"annotations": {key: "a"}}], "spec": [{}]}
        assert outcome(policy, address, body) == "pass"
        body["metadata"] = [{"annotations": {key: ref("aws_acm_certificate.c.arn")}}]
        assert outcome(policy, address, body) == "pass"
        body["metadata"] = [{"annotations": ref("some_resource.r.all")}]
        assert outcome(policy, address, body) in ("pass", "unknown")
    assert outcome(policy, address, {"metadata": [{"annotations": {"a": "b"}}], "spec": [{}]}) == "fail"


@pytest.mark.parametrize("version", ["", "_v1"])
def test_storage_classes_of_ebs_only(version: str) -> None:
    policy, address = "kubernetes-storage-class-unencrypted", f"kubernetes_storage_class{version}.s"
    for provisioner, parameters, expected in (
        ("ebs.csi.aws.com", {"encrypted": "true"}, "pass"),
        ("ebs.csi.aws.com", {"encrypted": "false"}, "fail"),
        ("kubernetes.io/aws-ebs", {"type": "gp3"}, "unknown"),
        ("ebs.csi.aws.com", None, "unknown"),
        ("pd.csi.storage.gke.io", {"encrypted": "false"}, "pass"),
    ):
        body = {"storage_provisioner": provisioner, "parameters": parameters}
        assert outcome(policy, address, body) == expected


def test_what_is_not_touched_is_judged_and_not_new() -> None:
    made = BY_ID["encryption/azurerm-redis-cleartext"]
    said = judge(made, plan(no_op("azurerm_redis_cache.c", {"enable_non_ssl_port": True})))
    assert said.outcome == "fail"
    assert not said.new


def test_a_block_that_the_provider_fills_in_and_nobody_wrote() -> None:
    """google plans `ip_configuration` as unknown as a whole where the configuration has none."""
    body = {"settings": [{"tier": "db-f1-micro", "ip_configuration": []}]}
    made = BY_ID["encryption/google-sql-cleartext"]
    changes = plan(create("google_sql_database_instance.i", body, unknown=["settings[0].ip_configuration"]))
    assert judge(made, changes).outcome == "fail"
    mode = {"settings": [{"ip_configuration": [{"ipv4_enabled": False}]}]}
    changes = plan(create("google_sql_database_instance.i", mode, unknown=["settings[0].ip_configuration[0].ssl_mode"]))
    assert judge(made, changes).outcome == "fail"


@pytest.mark.parametrize(
    ("body", "left_out", "expected"),
    [
        ({"https_traffic_only_enabled": False}, "enable_https_traffic_only", "fail"),
        ({"enable_https_traffic_only": False}, "https_traffic_only_enabled", "fail"),
        ({"enable_https_traffic_only": True}, "https_traffic_only_enabled", "pass"),
        ({"https_traffic_only_enabled": True}, "enable_https_traffic_only", "pass"),
    ],
)
def test_a_version_that_knows_the_old_name_and_the_new(body: dict[str, Any], left_out: str, expected: str) -> None:
    """The last versions of azurerm 3 have both; the one that is not written is computed from the other."""
    made = BY_ID["encryption/azurerm-storage-account-http-allowed"]
    changes = plan(create("azurerm_storage_account.a", {**body, left_out: None}, unknown=[left_out]))
    assert judge(made, changes).outcome == expected


def test_an_address_of_a_new_resource_stops_nobody() -> None:
    made = BY_ID["encryption/azurerm-api-management-backend-cleartext"]
    body = {"url": ref("azurerm_linux_web_app.w.default_hostname")}
    assert judge(made, plan(create("azurerm_api_management_backend.b", body))).outcome == "unknown"
    assert made.on_unknown == "warn"
    assert made.on_unknown_reason


def test_keys_of_another_module_are_joined() -> None:
    made = BY_ID["encryption/azurerm-without-customer-key"]
    account = create("module.data.azurerm_storage_account.a", {"name": "n"})
    key = create("azurerm_storage_account_customer_managed_key.k", {"storage_account_id": ref("module.data.account")})
    modules = {"module.data": {"source": "./data", "outputs": {"account": ref("azurerm_storage_account.a.id")}}}
    said = judge(made, plan(account, key, modules=modules), require_cmk=True)
    assert said.outcomes["module.data.azurerm_storage_account.a"] == "pass"
