"""Protection that is off: every row of the table of states, and what joins more than one resource."""

from __future__ import annotations

from typing import Any

import pytest

from plangate.testing import create, delete, forget, judge, no_op, plan, ref, update
from plangate_policies.destructive.weakening import watches

from .rowcases import BY_ID, body, concrete, key, table

ROWS = table("states")[1]
OUTCOME = {"wrong": "fail", "right": "pass"}


def merged(*bodies: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for one in bodies:
        for name, value in one.items():
            if isinstance(value, list) and isinstance(made.get(name), list):
                made[name] = [merged(made[name][0], value[0])]
            else:
                made[name] = value
    return made


def right(row: dict[str, Any]) -> Any:
    return True if row["op"] == "true" else row["values"][0]


def wrong(row: dict[str, Any]) -> Any:
    zero_is_right = "forever" in row or any(one["path"] == row["path"] for one in row.get("unless", ()))
    return 1 if zero_is_right else {"true": False, "one_of": "something else", "min": 0}[row["op"]]


def others(row: dict[str, Any]) -> dict[str, Any]:
    """What the other rows of this policy and type, and the condition, ask for."""
    same = [r for r in ROWS if (r["policy"], r["type"]) == (row["policy"], row["type"]) and r is not row]
    only = body(row["only_if"]["path"], row["only_if"]["starts"] + "_8") if "only_if" in row else {}
    return merged(only, *(body(r["path"], right(r)) for r in same))


def outcome(row: dict[str, Any], after: dict[str, Any], **options: Any) -> str:
    return judge(BY_ID[row["policy"]], plan(create(f"{row['type']}.x", after, **options))).outcome


@pytest.mark.parametrize("row", ROWS, ids=key)
def test_every_state(row: dict[str, Any]) -> None:
    rest, address = others(row), f"{row['type']}.x"
    good, bad = merged(rest, body(row["path"], right(row))), merged(rest, body(row["path"], wrong(row)))
    assert outcome(row, good) == "pass"
    assert outcome(row, bad) == "fail"
    assert outcome(row, merged(rest, body(row["path"], ref("terraform_data.x.output")))) == "unknown"
    assert outcome(row, merged(rest, body(row["path"], None))) == OUTCOME[row["when_absent"]]
    left = merged(rest, body(row["path"], None))
    assert outcome(row, left, unknown=[concrete(row["path"])]) == OUTCOME[row["when_absent"]]
    for forever in row.get("forever", ()):
        assert outcome(row, merged(rest, body(row["path"], forever))) == "pass"
    made = BY_ID[row["policy"]]
    for stays in (no_op(address, bad), update(address, bad, {**bad, "changed": 1})):
        assert judge(made, plan(stays)).outcome == "fail"
    # What this change takes away is told by the policy about that change.
    taken = plan(update(address, good, {**bad, "changed": 1}))
    assert judge(made, taken).outcome == ("pass" if watches(row["type"], row["path"]) else "fail")
    for leaves in (delete(address, bad), forget(address, bad)):
        assert judge(made, plan(leaves)).outcomes == {}
    assert made.severity in ("info", "low", "medium")  # it stops nobody by default


@pytest.mark.parametrize(("row", "condition"), [(r, c) for r in ROWS for c in r.get("unless", ())])
def test_where_it_is_not_meant(row: dict[str, Any], condition: dict[str, Any]) -> None:
    value = "some-source" if condition.get("set") else condition["values"][0]
    bad = merged(others(row), body(row["path"], wrong(row)))
    assert outcome(row, merged(bad, body(condition["path"], value))) == "pass"


def test_one_reason_is_enough_where_another_is_unknown() -> None:
    row = next(r for r in ROWS if r["type"] == "aws_elasticache_cluster")
    later = ref("terraform_data.x.output")
    table = [
        (later, "cache.t1.micro", "pass"),
        ("memcached", later, "pass"),
        (later, later, "unknown"),
        ("redis", later, "unknown"),
        ("redis", "cache.t3.micro", "fail"),
    ]
    for engine, node, said in table:
        after = {"snapshot_retention_limit": 0, "engine": engine, "node_type": node}
        assert outcome(row, after) == said
        assert outcome(row, {**after, "snapshot_retention_limit": 1}) == "pass"  # nothing to excuse


@pytest.mark.parametrize("row", [r for r in ROWS if "part_of" in r], ids=key)
def test_a_part_is_not_asked_but_the_whole(row: dict[str, Any]) -> None:
    for written in ("the-whole", ref("aws_elasticache_replication_group.g.id")):
        for value in (None, wrong(row)):
            part = merged(others(row), body(row["path"], value), body(row["part_of"], written))
            assert outcome(row, part) == "pass"
    assert outcome(row, merged(others(row), body(row["path"], wrong(row))), unknown=[row["part_of"]]) == "fail"


@pytest.mark.parametrize("row", [r for r in ROWS if "inherits" in r], ids=key)
def test_what_a_new_object_takes_over_from_its_source_is_unknown(row: dict[str, Any]) -> None:
    address, made = f"{row['type']}.x", BY_ID[row["policy"]]
    for source in row["inherits"]:
        for written in ("some-source", [{"a": "some-source"}]):
            left = merged(others(row), body(source, written))
            assert outcome(row, left, unknown=[concrete(row["path"])]) == "unknown"
            assert outcome(row, merged(left, body(row["path"], wrong(row)))) == "fail"  # written down, it counts
            assert outcome(row, merged(left, body(row["path"], right(row)))) == "pass"
            there = merged(left, body(row["path"], wrong(row)))
            assert judge(made, plan(no_op(address, there))).outcome == "fail"  # by now the object has its own
        assert outcome(row, body(source, ref("var.source")), unknown=[concrete(row["path"])]) == "unknown"


@pytest.mark.parametrize("row", [r for r in ROWS if "only_if" in r], ids=key)
def test_where_alone_it_is_meant(row: dict[str, Any]) -> None:
    path = row["only_if"]["path"]
    bad = merged(others(row), body(row["path"], wrong(row)))
    assert outcome(row, {**bad, path: "POSTGRES_15"}) == "pass"
    assert outcome(row, {**bad, path: ref("var.version")}) == "unknown"


@pytest.mark.parametrize("row", ROWS, ids=key)
@pytest.mark.parametrize("value", [None, "", [], {}, "x", 7, True, [{}], [[]], [None]], ids=repr)
def test_odd_values_break_no_policy(row: dict[str, Any], value: Any) -> None:
    for after in (body(row["path"], value), {row["path"].partition("[")[0]: value}):
        assert outcome(row, merged(others(row), {}) | after) in ("pass", "fail")


# -- joined --------------------------------------------------------------------------------------------------

BUCKET = "aws_s3_bucket.b"
VERSIONING = "aws_s3_bucket_versioning.v"


@pytest.mark.parametrize(
    ("bucket", "versioning", "expected"),
    [
        ({}, None, "fail"),
        ({"versioning": [{"enabled": True}]}, None, "pass"),
        ({"versioning": [{"enabled": False}]}, None, "fail"),
        ({}, "Enabled", "pass"),
        ({}, "Suspended", "fail"),
        ({}, ref("var.status"), "unknown"),
        ({"versioning": [{"enabled": ref("var.on")}]}, None, "unknown"),
        ({"versioning": [{"enabled": ref("var.on")}]}, "Enabled", "pass"),
    ],
)
def test_versioning_of_a_bucket(bucket: dict[str, Any], versioning: Any, expected: str) -> None:
    changes = [create(BUCKET, bucket)]
    if versioning is not None:
        configuration = [{"status": versioning}]
        changes.append(create(VERSIONING, bucket=ref(f"{BUCKET}.id"), versioning_configuration=configuration))
    assert judge(BY_ID["s3-versioning-off"], plan(*changes)).outcome == expected


def test_backup_plans() -> None:
    made = BY_ID["not-in-a-backup-plan"]
    files = create("aws_efs_file_system.f", unknown=["arn"])

    def said(**selection: Any) -> str:
        return judge(made, plan(files, create("aws_backup_selection.s", selection))).outcome

    assert judge(made, plan(files)).outcome == "pass"  # another configuration may have it
    assert said(resources=["arn:aws:rds:x"]) == "fail"
    assert said(resources=ref("aws_efs_file_system.f.arn")) == "pass"
    assert said(resources=ref("aws_efs_file_system.other.arn")) == "fail"
    assert said(resources=ref("var.arns")) == "pass"
    assert said(resources=["arn:aws:elasticfilesystem:*"]) == "pass"
    assert said(resources=[], selection_tag=[{"key": "backup"}]) == "pass"
    # What nobody wrote is unknown in every first plan of the real provider.
    written = create("aws_backup_selection.s", resources=["arn:aws:rds:x"], unknown=["condition", "not_resources"])
    assert judge(made, plan(files, written)).outcome == "fail"
    by_condition = create("aws_backup_selection.s", resources=["*"], condition=ref("var.condition"))
    assert judge(made, plan(files, by_condition)).outcome == "pass"
    machine = create("azurerm_virtual_machine.m", id="the-id")
    assert judge(made, plan(machine)).outcome == "pass"
    protected = create("azurerm_backup_protected_vm.p", source_vm_id="the-id")
    assert judge(made, plan(machine, protected)).outcome == "pass"
    other = create("azurerm_backup_protected_vm.p", source_vm_id="other")
    assert judge(made, plan(machine, other)).outcome == "fail"


def test_what_holds_nothing_is_a_remark() -> None:
    made = BY_ID["deletion-protection-off"]
    assert judge(made, plan(create("aws_lb.l"))).severities == {"aws_lb.l": ["info"]}
    assert judge(made, plan(create("aws_db_instance.d"))).severities == {"aws_db_instance.d": [None]}  # the policy's


def test_backups_of_one_day() -> None:
    made = BY_ID["backup-retention-minimal"]
    days = "backup_retention_period"

    def cluster(**values: Any) -> str:
        return judge(
            made, plan(create("aws_rds_cluster.c", unknown=[] if days in values else [days], **values))
        ).outcome

    assert cluster() == "fail"  # a new one gets one day
    assert cluster(backup_retention_period=1) == "fail"
    assert cluster(backup_retention_period=2) == "pass"
    assert cluster(replication_source_identifier="arn:aws:rds:eu-west-1:111122223333:cluster:a") == "pass"
    assert cluster(snapshot_identifier="last-night") == "unknown"

    def instance(**values: Any) -> str:
        return judge(made, plan(create("aws_db_instance.d", **values))).outcome

    assert instance() == "pass"  # none at all: the other policy tells
    assert judge(BY_ID["backup-off"], plan(create("aws_db_instance.d"))).outcome == "fail"
    assert instance(backup_retention_period=1) == "fail"
    assert instance(backup_retention_period=0) == "pass"
    assert instance(replicate_source_db="d", unknown=[days]) == "pass"


@pytest.mark.parametrize(
    ("status", "expected"), [("Suspended", "fail"), (ref("var.status"), "unknown"), ("Enabled", "pass")]
)
def test_versioning_that_this_change_suspends_is_told_once(status: Any, expected: str) -> None:
    off, suspended = BY_ID["s3-versioning-off"], BY_ID["versioning-suspended"]

    def versioning(status: Any) -> dict[str, Any]:
        return {"bucket": "b", "versioning_configuration": [{"status": status}]}

    bucket = no_op(BUCKET, {"bucket": "b", "id": "b"})
    changed = plan(bucket, update(VERSIONING, versioning("Enabled"), versioning(status)))
    assert judge(off, changed).outcomes[BUCKET] == "pass"
    assert judge(suspended, changed).outcomes[VERSIONING] == expected
    before = plan(bucket, update(VERSIONING, versioning("Suspended"), {**versioning("Suspended"), "x": 1}))
    assert judge(off, before).outcomes[BUCKET] == "fail"
