"""Which resources stand together, and where: the layout of an estate before any value is made up."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from planmaker import types_compute, types_network, types_storage
from planmaker.context import Type

TYPES: dict[str, Type] = {
    kind.name: kind for kinds in (types_compute.TYPES, types_network.TYPES, types_storage.TYPES) for kind in kinds
}

Keys = tuple[int | str | None, ...]
Path = tuple[tuple[str, int | str | None], ...]
ONE: Keys = (None,)
ZONES: Keys = ("eu-west-1a", "eu-west-1b", "eu-west-1c")


class Role:
    """One block of a blueprint; a leaf is nothing another block refers to, so it may come and go alone."""

    __slots__ = ("keys", "kind", "leaf", "name")

    def __init__(self, name: str, kind: str, keys: Keys = ONE, *, leaf: bool = False) -> None:
        self.name = name
        self.kind = TYPES[kind]
        self.keys = keys
        self.leaf = leaf


# Instances of these exist before every group and never go away, so that groups may refer to them.
FOUNDATION = (
    Role("vpc", "aws_vpc"), Role("subnet", "aws_subnet", ZONES), Role("key", "aws_kms_key"),
    Role("alarms", "aws_sns_topic"), Role("gateway", "aws_internet_gateway"),
    Role("routes", "aws_route_table"), Role("association", "aws_route_table_association", ZONES, leaf=True),
)  # fmt: skip

BLUEPRINTS: tuple[tuple[str, int, tuple[Role, ...]], ...] = (
    ("store", 6, (
        Role("key", "aws_kms_key"), Role("alias", "aws_kms_alias", leaf=True), Role("bucket",
                                                                                    "aws_s3_bucket"),
        Role("versioning", "aws_s3_bucket_versioning", leaf=True),
        Role("encryption", "aws_s3_bucket_server_side_encryption_configuration", leaf=True),
        Role("public_access", "aws_s3_bucket_public_access_block", leaf=True),
        Role("lifecycle", "aws_s3_bucket_lifecycle_configuration", leaf=True),
        Role("policy", "aws_s3_bucket_policy", leaf=True))),
    ("buckets", 8, (
        Role("bucket", "aws_s3_bucket", ("raw.in", "clean", "for export")),
        Role("versioning", "aws_s3_bucket_versioning", ("raw.in", "clean", "for export"), leaf=True),
        Role("public_access", "aws_s3_bucket_public_access_block", ("raw.in", "clean", "for export"),
             leaf=True))),
    ("database", 3, (
        Role("key", "aws_kms_key"), Role("password", "random_password"), Role("secret",
                                                                              "aws_secretsmanager_secret"),
        Role("secret_version", "aws_secretsmanager_secret_version", leaf=True),
        Role("subnets", "aws_db_subnet_group"), Role("parameters", "aws_db_parameter_group"),
        Role("group", "aws_security_group"),
        Role("rule", "aws_vpc_security_group_ingress_rule", (0, 1, 2), leaf=True),
        Role("database", "aws_db_instance", leaf=True),
        Role("alarm", "aws_cloudwatch_metric_alarm", (0, 1), leaf=True))),
    ("web", 3, (
        Role("group", "aws_security_group"), Role("balancer", "aws_lb"), Role("targets",
                                                                              "aws_lb_target_group"),
        Role("listener", "aws_lb_listener", ("http", "https"), leaf=True),
        Role("record", "aws_route53_record", leaf=True), Role("role", "aws_iam_role"),
        Role("profile", "aws_iam_instance_profile"), Role("machine", "aws_instance", (0, 1)),
        Role("volume", "aws_ebs_volume", (0, 1)), Role("attachment", "aws_volume_attachment", (0, 1),
                                                       leaf=True),
        Role("logs", "aws_cloudwatch_log_group", leaf=True))),
    ("worker", 5, (
        Role("role", "aws_iam_role"), Role("inline", "aws_iam_role_policy", leaf=True),
        Role("policy", "aws_iam_policy"), Role("attach", "aws_iam_role_policy_attachment", (0, 1, 2),
                                               leaf=True),
        Role("group", "aws_security_group"), Role("function", "aws_lambda_function"),
        Role("queue", "aws_sqs_queue"), Role("topic", "aws_sns_topic"),
        Role("subscription", "aws_sns_topic_subscription", leaf=True),
        Role("permission", "aws_lambda_permission", leaf=True),
        Role("mapping", "aws_lambda_event_source_mapping", leaf=True),
        Role("logs", "aws_cloudwatch_log_group", leaf=True))),
    ("access", 8, (
        Role("role", "aws_iam_role"), Role("policy", "aws_iam_policy"),
        Role("attach", "aws_iam_role_policy_attachment", (0, 1, 2, 3, 4), leaf=True))),
    ("tables", 3, (
        Role("table", "aws_dynamodb_table", ("orders", "items"), leaf=True),
        Role("repository", "aws_ecr_repository", leaf=True))),
    ("files", 2, (
        Role("group", "aws_security_group"), Role("system", "aws_efs_file_system"),
        Role("mount", "aws_efs_mount_target", (0, 1), leaf=True))),
    ("settings", 4, (
        Role("parameter", "aws_ssm_parameter", ("db/host", "db/port", "feature.x", "log-level"),
             leaf=True),)),
    ("cache", 2, (
        Role("group", "aws_security_group"), Role("cache", "aws_elasticache_replication_group", leaf=True))),
    ("network", 1, (
        Role("vpc", "aws_vpc"), Role("gateway", "aws_internet_gateway"), Role("subnet", "aws_subnet", ZONES),
        Role("routes", "aws_route_table"),
        Role("association", "aws_route_table_association", ZONES, leaf=True), Role("address", "aws_eip"),
        Role("nat", "aws_nat_gateway", leaf=True))),
)  # fmt: skip

_WORDS = (
    "orders", "billing", "search", "catalog", "identity", "ledger", "media", "payments", "pricing", "reports",
    "returns", "shipping", "stock", "support", "tax", "users",
)  # fmt: skip
_REGIONS: Keys = ("eu-west-1", "us-east-1", "ap/south.1")


class Group:
    """One blueprint at one place; `alone`: its module has this instance only."""

    __slots__ = ("alone", "base", "blueprint", "number", "path", "roles", "slug")

    def __init__(
        self, blueprint: str, roles: tuple[Role, ...], base: str, number: int, path: Path, alone: bool
    ) -> None:
        self.blueprint = blueprint
        self.roles = roles
        self.base = base
        self.number = number
        self.path = path
        self.alone = alone
        keys = "-".join(str(key) for _, key in path if key is not None)
        self.slug = f"{base}-{keys}".rstrip("-").replace("/", "-").replace(".", "-")

    @property
    def size(self) -> int:
        return sum(len(role.keys) for role in self.roles)


def layout(rng: Random) -> Iterator[Group]:
    """Groups without end: the foundation, then blueprints in the root, in modules and in their modules."""
    yield Group("foundation", FOUNDATION, "shared-main", 1, (), True)
    weights = [weight for _, weight, _ in BLUEPRINTS]
    number = 1
    while True:
        number += 1
        name, _, roles = rng.choices(BLUEPRINTS, weights)[0]
        base = f"{rng.choice(_WORDS)}-{name}-{number}"
        call = base.replace("-", "_")
        place = rng.random()
        if place < 0.3:
            yield Group(name, roles, base, number, (), True)
        elif place < 0.68:
            yield Group(name, roles, base, number, ((call, None),), True)
        elif place < 0.9:
            keys = _REGIONS[: rng.randint(2, 3)] if place < 0.8 else (0, 1)
            for key in keys:
                yield Group(name, roles, base, number, ((call, key),), False)
        else:
            keys = ONE if place < 0.95 else _REGIONS[:2]
            inner = rng.choices(BLUEPRINTS, weights, k=2)
            for key in keys:
                for child, (name, _, roles) in enumerate(inner):
                    path: Path = ((f"platform_{number}", key), (f"{name}_{child}", None))
                    yield Group(name, roles, f"{base}-{name}-{child}", number, path, key is None)
