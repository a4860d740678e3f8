"""AWS networks, load balancers, instances and names."""

from __future__ import annotations

from typing import Any

from planmaker.context import ACCOUNT, REGION, Context, Type


def vpc(x: Context) -> dict[str, Any]:
    network = x.aws_id("vpc")
    return {"arn": x.arn("ec2", f"vpc/{network}"), "assign_generated_ipv6_cidr_block": False,
            "cidr_block": f"10.{x.number % 250}.0.0/16", "default_network_acl_id": x.aws_id("acl"),
            "default_route_table_id": x.aws_id("rtb"), "default_security_group_id": x.aws_id("sg"),
            "dhcp_options_id": x.aws_id("dopt"), "enable_dns_hostnames": True, "enable_dns_support": True,
            "enable_network_address_usage_metrics": False, "id": network, "instance_tenancy": "default",
            "ipv4_ipam_pool_id": None, "ipv4_netmask_length": None, "ipv6_association_id": "",
            "ipv6_cidr_block": "", "ipv6_ipam_pool_id": "", "ipv6_netmask_length": 0,
            "main_route_table_id": x.aws_id("rtb"), "owner_id": ACCOUNT, **x.tagged()}  # fmt: skip


def subnet(x: Context) -> dict[str, Any]:
    network = x.aws_id("subnet")
    zone = sum(map(ord, str(x.key))) % 200
    return {"arn": x.arn("ec2", f"subnet/{network}"), "assign_ipv6_address_on_creation": False,
            "availability_zone": x.key if isinstance(x.key, str) else f"{REGION}a",
            "availability_zone_id": "euw1-az1", "cidr_block": f"10.{x.number % 250}.{zone}.0/24",
            "customer_owned_ipv4_pool": "", "enable_dns64": False, "enable_lni_at_device_index": 0,
            "enable_resource_name_dns_a_record_on_launch": False,
            "enable_resource_name_dns_aaaa_record_on_launch": False, "id": network, "ipv6_cidr_block": "",
            "ipv6_cidr_block_association_id": "", "ipv6_native": False,
            "map_customer_owned_ip_on_launch": False,
            "map_public_ip_on_launch": x.pick(False, False, True), "outpost_arn": "", "owner_id": ACCOUNT,
            "private_dns_hostname_type_on_launch": "ip-name", "timeouts": None, "vpc_id": x.ref("vpc", "id"),
            **x.tagged()}  # fmt: skip


def route_table(x: Context) -> dict[str, Any]:
    table = x.aws_id("rtb")
    return {"arn": x.arn("ec2", f"route-table/{table}"), "id": table, "owner_id": ACCOUNT,
            "propagating_vgws": [], "route": [{
                "carrier_gateway_id": "", "cidr_block": "0.0.0.0/0", "core_network_arn": "",
                "destination_prefix_list_id": "", "egress_only_gateway_id": "",
                "gateway_id": x.ref("gateway", "id"), "ipv6_cidr_block": "", "local_gateway_id": "",
                "nat_gateway_id": "", "network_interface_id": "", "transit_gateway_id": "",
                "vpc_endpoint_id": "", "vpc_peering_connection_id": ""}],
            "timeouts": None, "vpc_id": x.ref("vpc", "id"), **x.tagged()}  # fmt: skip


def route_table_association(x: Context) -> dict[str, Any]:
    return {"gateway_id": "", "id": x.aws_id("rtbassoc"), "route_table_id": x.ref("routes", "id"),
            "subnet_id": x.ref("subnet", "id"), "timeouts": None}  # fmt: skip


def internet_gateway(x: Context) -> dict[str, Any]:
    gateway = x.aws_id("igw")
    return {"arn": x.arn("ec2", f"internet-gateway/{gateway}"), "id": gateway, "owner_id": ACCOUNT,
            "timeouts": None, "vpc_id": x.ref("vpc", "id"), **x.tagged()}  # fmt: skip


def eip(x: Context) -> dict[str, Any]:
    address = f"52.{x.rng.randrange(16, 250)}.{x.rng.randrange(250)}.{x.rng.randrange(250)}"
    allocation = x.aws_id("eipalloc")
    return {"address": None, "allocation_id": allocation, "arn": x.arn("ec2", f"elastic-ip/{allocation}"),
            "associate_with_private_ip": None, "association_id": x.aws_id("eipassoc"), "carrier_ip": "",
            "customer_owned_ip": "", "customer_owned_ipv4_pool": "", "domain": "vpc", "id": allocation,
            "instance": "", "ipam_pool_id": None, "network_border_group": REGION,
            "network_interface": x.aws_id("eni"), "private_ip": "10.0.1.12", "ptr_record": "",
            "public_dns": f"ec2-{address.replace('.', '-')}.{REGION}.compute.amazonaws.com",
            "public_ip": address,
            "public_ipv4_pool": "amazon", "timeouts": None, **x.tagged()}  # fmt: skip


def nat_gateway(x: Context) -> dict[str, Any]:
    return {"allocation_id": x.ref("address", "id"), "association_id": x.aws_id("eipassoc"),
            "connectivity_type": "public", "id": x.aws_id("nat"), "network_interface_id": x.aws_id("eni"),
            "private_ip": "10.0.1.12", "public_ip": x.ref("address", "public_ip"),
            "secondary_allocation_ids": [], "secondary_private_ip_address_count": 0,
            "secondary_private_ip_addresses": [], "subnet_id": x.ref("subnet", "id"), "timeouts": None,
            **x.tagged()}  # fmt: skip


def security_group(x: Context) -> dict[str, Any]:
    group = x.aws_id("sg")
    cidr = x.pick("10.0.0.0/8", "10.0.0.0/8", "0.0.0.0/0")
    rule = {
        "description": "",
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "security_groups": [],
        "self": False,
    }
    return {"arn": x.arn("ec2", f"security-group/{group}"), "description": f"Traffic of {x.slug}",
            "egress": [{**rule, "cidr_blocks": ["0.0.0.0/0"], "from_port": 0, "protocol": "-1",
                        "to_port": 0}],
            "id": group, "ingress": [
                {**rule, "cidr_blocks": [cidr], "description": "clients -> service", "from_port": 443,
                 "protocol": "tcp", "to_port": 443}],
            "name": x.name, "name_prefix": "", "owner_id": ACCOUNT, "revoke_rules_on_delete": False,
            "timeouts": None, "vpc_id": x.shared("vpc", "id"), **x.tagged()}  # fmt: skip


def ingress_rule(x: Context) -> dict[str, Any]:
    rule = x.aws_id("sgr")
    port = x.pick(22, 443, 5432)
    return {"arn": x.arn("ec2", f"security-group-rule/{rule}"), "cidr_ipv4": x.pick("10.20.0.0/16",
                                                                                    "0.0.0.0/0"),
            "cidr_ipv6": None, "description": "peers & jump host", "from_port": port, "id": rule,
            "ip_protocol": "tcp", "prefix_list_id": None, "referenced_security_group_id": None,
            "security_group_id": x.ref("group", "id"), "security_group_rule_id": rule, "to_port": port,
            **x.tagged()}  # fmt: skip


def instance(x: Context) -> dict[str, Any]:
    machine = x.aws_id("i")
    ip = f"10.{x.number % 250}.{x.rng.randrange(250)}.{x.rng.randrange(4, 250)}"
    host = f"ip-{ip.replace('.', '-')}.{REGION}.compute.internal"
    return {
        "ami": "ami-0c38b837cd80f13bb", "arn": x.arn("ec2", f"instance/{machine}"),
        "associate_public_ip_address": x.pick(False, True), "availability_zone": f"{REGION}a",
        "capacity_reservation_specification": [
            {"capacity_reservation_preference": "open", "capacity_reservation_target": []}],
        "cpu_options": [{"amd_sev_snp": "", "core_count": 2, "threads_per_core": 2}],
        "credit_specification": [{"cpu_credits": "unlimited"}], "disable_api_stop": False,
        "disable_api_termination": False, "ebs_block_device": [], "ebs_optimized": True,
        "enclave_options": [{"enabled": False}], "ephemeral_block_device": [], "get_password_data": False,
        "hibernation": False, "host_id": "", "iam_instance_profile": x.ref("profile", "name"), "id": machine,
        "instance_initiated_shutdown_behavior": "stop", "instance_lifecycle": "", "instance_state": "running",
        "instance_type": x.pick("t3.medium", "m6i.large"), "ipv6_addresses": [], "key_name": "",
        "launch_template": [], "maintenance_options": [{"auto_recovery": "default"}],
        "metadata_options": [{"http_endpoint": "enabled", "http_protocol_ipv6": "disabled",
                              "http_put_response_hop_limit": 1, "http_tokens": x.pick("required", "optional"),
                              "instance_metadata_tags": "disabled"}],
        "monitoring": x.pick(True, False), "network_interface": [], "outpost_arn": "", "password_data": "",
        "placement_group": "", "primary_network_interface_id": x.aws_id("eni"),
        "private_dns": host, "private_dns_name_options": [{
            "enable_resource_name_dns_a_record": False, "enable_resource_name_dns_aaaa_record": False,
            "hostname_type": "ip-name"}],
        "private_ip": ip, "public_dns": "", "public_ip": "", "root_block_device": [{
            "delete_on_termination": True, "device_name": "/dev/xvda", "encrypted": x.pick(True, False),
            "iops": 3000, "kms_key_id": "", "tags": {}, "throughput": 125, "volume_id": x.aws_id("vol"),
            "volume_size": 30, "volume_type": "gp3"}],
        "secondary_private_ips": [], "security_groups": [], "source_dest_check": True,
        "subnet_id": x.shared("subnet", "id"), "tenancy": "default", "timeouts": None,
        "user_data": x.hex(40), "user_data_base64": None, "user_data_replace_on_change": False,
        "volume_tags": None, "vpc_security_group_ids": [x.ref("group", "id")], **x.tagged(),
    }  # fmt: skip


def volume_attachment(x: Context) -> dict[str, Any]:
    return {"device_name": "/dev/sdh", "force_detach": None, "id": f"vai-{x.rng.getrandbits(32)}",
            "instance_id": x.ref("machine", "id"), "skip_destroy": None,
            "stop_instance_before_detaching": None,
            "timeouts": None, "volume_id": x.ref("volume", "id")}  # fmt: skip


def lb(x: Context) -> dict[str, Any]:
    arn = x.arn("elasticloadbalancing", f"loadbalancer/app/{x.name}/{x.number:016x}")
    return {
        "access_logs": [{"bucket": "central-access-logs", "enabled": x.pick(True, False), "prefix": x.slug}],
        "arn": arn, "arn_suffix": arn.partition("loadbalancer/")[2], "client_keep_alive": 3600,
        "connection_logs": [{"bucket": "", "enabled": False, "prefix": ""}], "customer_owned_ipv4_pool": "",
        "desync_mitigation_mode": "defensive", "dns_name": f"{x.name}.{REGION}.elb.amazonaws.com",
        "drop_invalid_header_fields": x.pick(True, False), "enable_deletion_protection": x.pick(True, False),
        "enable_http2": True, "enable_waf_fail_open": False, "enable_xff_client_port": False, "id": arn,
        "idle_timeout": 60, "internal": x.pick(True, False), "ip_address_type": "ipv4",
        "load_balancer_type": "application", "name": x.name[:32], "name_prefix": "",
        "preserve_host_header": False, "security_groups": [x.ref("group", "id")], "subnet_mapping": [],
        "subnets": [x.shared("subnet", "id")], "timeouts": None, "vpc_id": x.shared("vpc", "id"),
        "xff_header_processing_mode": "append", "zone_id": "Z32O12XQLNTSW2", **x.tagged(),
    }  # fmt: skip


def lb_target_group(x: Context) -> dict[str, Any]:
    arn = x.arn("elasticloadbalancing", f"targetgroup/{x.name}/{x.number:016x}")
    return {"arn": arn, "arn_suffix": arn.partition("targetgroup/")[2], "connection_termination": None,
            "deregistration_delay": "300", "health_check": [{
                "enabled": True, "healthy_threshold": 3, "interval": 30, "matcher": "200", "path": "/healthz",
                "port": "traffic-port", "protocol": "HTTP", "timeout": 5, "unhealthy_threshold": 3}],
            "id": arn, "ip_address_type": "ipv4", "load_balancing_algorithm_type": "round_robin",
            "name": x.name[:32], "name_prefix": "", "port": 8080, "protocol": "HTTP",
            "protocol_version": "HTTP1", "slow_start": 0,
            "stickiness": [{"cookie_duration": 86400, "cookie_name": "", "enabled": False,
                            "type": "lb_cookie"}],
            "target_type": "ip", "vpc_id": x.shared("vpc", "id"), **x.tagged()}  # fmt: skip


def lb_listener(x: Context) -> dict[str, Any]:
    arn = x.arn("elasticloadbalancing", f"listener/app/{x.slug}/{x.number:016x}/{x.hex(16)}")
    plain = x.key == "http"
    return {"alpn_policy": None, "arn": arn, "certificate_arn": None if plain else x.arn("acm",
                                                                                         "certificate/1f0c"),
            "default_action": [{
                "authenticate_cognito": [], "authenticate_oidc": [], "fixed_response": [], "forward": [],
                "order": 1, "redirect": [], "target_group_arn": x.ref("targets", "arn"), "type": "forward"}],
            "id": arn, "load_balancer_arn": x.ref("balancer", "arn"), "mutual_authentication": [],
            "port": 80 if plain else 443, "protocol": "HTTP" if plain else "HTTPS",
            "ssl_policy": "" if plain else "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "tcp_idle_timeout_seconds": None,
            "timeouts": None, **x.tagged()}  # fmt: skip


def route53_record(x: Context) -> dict[str, Any]:
    name = f"{x.slug}.example.com"
    return {"alias": [{"evaluate_target_health": True, "name": x.ref("balancer", "dns_name"),
                       "zone_id": x.ref("balancer", "zone_id")}],
            "allow_overwrite": None, "cidr_routing_policy": [], "failover_routing_policy": [], "fqdn": name,
            "geolocation_routing_policy": [], "health_check_id": "", "id": f"Z0123456789ABC_{name}_A",
            "latency_routing_policy": [], "multivalue_answer_routing_policy": False, "name": name,
            "records": [],
            "set_identifier": "", "timeouts": None, "ttl": 0, "type": "A", "weighted_routing_policy": [],
            "zone_id": "Z0123456789ABC"}  # fmt: skip


TYPES = (
    Type("aws_vpc", vpc, schema_version=1, settable="cidr_block enable_dns_hostnames tags",
         force_new="cidr_block",
         computed="id arn default_network_acl_id default_route_table_id default_security_group_id "
         "dhcp_options_id "
         "ipv6_association_id ipv6_cidr_block main_route_table_id owner_id"),
    Type("aws_subnet", subnet, schema_version=1, force_new="cidr_block availability_zone vpc_id",
         settable="availability_zone cidr_block map_public_ip_on_launch tags vpc_id",
         computed="id arn availability_zone_id ipv6_cidr_block_association_id owner_id "
         "private_dns_hostname_type_on_launch", update=("map_public_ip_on_launch", (True, False))),
    Type("aws_route_table", route_table, computed="id arn owner_id propagating_vgws",
         settable="route tags vpc_id",
         force_new="vpc_id"),
    Type("aws_route_table_association", route_table_association, settable="route_table_id subnet_id",
         force_new="subnet_id"),
    Type("aws_internet_gateway", internet_gateway, computed="id arn owner_id", settable="tags vpc_id"),
    Type("aws_eip", eip, settable="domain tags", computed="id allocation_id arn association_id carrier_ip "
         "customer_owned_ip instance network_border_group network_interface private_ip ptr_record public_dns "
         "public_ip public_ipv4_pool"),
    Type("aws_nat_gateway", nat_gateway,
         computed="id association_id network_interface_id private_ip public_ip",
         settable="allocation_id subnet_id tags", force_new="allocation_id subnet_id"),
    Type("aws_security_group", security_group, schema_version=1, computed="id arn owner_id",
         settable="description egress ingress name tags vpc_id", force_new="description name vpc_id",
         replace=("description", ("+, second set",))),
    Type("aws_vpc_security_group_ingress_rule", ingress_rule, computed="id arn security_group_rule_id",
         settable="cidr_ipv4 description from_port ip_protocol security_group_id tags to_port",
         force_new="security_group_id", update=("cidr_ipv4", ("0.0.0.0/0", "10.30.0.0/16"))),
    Type("aws_instance", instance, schema_version=1, force_new="ami subnet_id",
         computed="id arn capacity_reservation_specification cpu_options enclave_options host_id "
         "instance_lifecycle "
         "instance_state ipv6_addresses maintenance_options network_interface password_data placement_group "
         "primary_network_interface_id private_dns private_dns_name_options private_ip public_dns public_ip "
         "secondary_private_ips security_groups tenancy",
         settable="ami associate_public_ip_address iam_instance_profile instance_type metadata_options "
         "monitoring "
         "root_block_device subnet_id tags user_data vpc_security_group_ids",
         update=("instance_type", ("m6i.xlarge", "m6i.large")),
         replace=("ami", ("ami-0f1a2b3c4d5e6f708", "ami-0c38b837cd80f13bb"))),
    Type("aws_volume_attachment", volume_attachment, settable="device_name instance_id volume_id",
         force_new="instance_id volume_id"),
    Type("aws_lb", lb, computed="id arn arn_suffix dns_name vpc_id zone_id", force_new="internal name",
         settable="access_logs drop_invalid_header_fields enable_deletion_protection internal "
         "load_balancer_type "
         "name security_groups subnets tags", update=("idle_timeout", (120, 60))),
    Type("aws_lb_target_group", lb_target_group, computed="id arn arn_suffix load_balancing_algorithm_type",
         settable="health_check name port protocol tags target_type vpc_id", force_new="port vpc_id",
         replace=("port", (9090, 8081))),
    Type("aws_lb_listener", lb_listener, computed="id arn tcp_idle_timeout_seconds",
         settable="certificate_arn default_action load_balancer_arn port protocol ssl_policy tags",
         force_new="load_balancer_arn", update=("ssl_policy", ("ELBSecurityPolicy-2016-08",
                                                               "ELBSecurityPolicy-TLS13-1-2-2021-06"))),
    Type("aws_route53_record", route53_record, schema_version=2, settable="alias name type zone_id",
         computed="id fqdn"),
)  # fmt: skip
