"""What is destroyed, what protection goes, and how much is too much."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import plangate_policies
from plangate import stateful_rows
from plangate.testing import create, delete, forget, imported, judge, moved, no_op, plan, ref, replace, update
from plangate_policies.destructive.limits import too_many_destroyed
from plangate_policies.destructive.protection import guard_deleted, protection_removed
from plangate_policies.destructive.stateful import stateful_delete, stateful_replace

FOLDER = Path(plangate_policies.__file__).parent / "destructive"
STATEFUL = list(stateful_rows().values())
PROTECTION = json.loads((FOLDER / "protection.json").read_bytes())
DB = "aws_db_instance.main"
SECRET = "hunter2"


@pytest.mark.parametrize("row", STATEFUL, ids=lambda row: row["type"])
def test_every_stateful_type(row: dict[str, Any]) -> None:
    address = f"{row['type']}.x"
    said = judge(stateful_delete, plan(delete(address, id=SECRET)))
    assert said.outcome == "fail"
    assert said.severities[address] == [row["severity"]]
    assert row["loss"] in said.message
    assert SECRET not in said.message
    made = plan(replace(address, {"id": "a"}, {}, paths=["name"], order="create-first"))
    assert judge(stateful_replace, made).outcome == "fail"
    assert judge(stateful_delete, made).outcome == "pass"


@pytest.mark.parametrize(
    "change",
    [
        create(DB),
        update(DB, {"a": 1}, {"a": 2}),
        no_op(DB),
        forget(DB),
        moved(DB, {}, previous="aws_db_instance.old"),
        imported(DB, {}),
        replace(DB, {}, {}, order="create-then-forget"),
    ],
    ids=repr,
)
def test_what_deletes_nothing_passes(change: Any) -> None:
    for made in (stateful_delete, stateful_replace):
        assert judge(made, plan(change)).outcome == "pass"


def test_a_deposed_object_is_the_end_of_a_replace() -> None:
    said = judge(stateful_delete, plan(no_op(DB), delete(DB, deposed="0a1b2c3d")))
    assert said.outcomes == {DB: "pass", f"{DB} (deposed 0a1b2c3d)": "fail"}
    assert said.severities[f"{DB} (deposed 0a1b2c3d)"] == ["low"]


@pytest.mark.parametrize("value", [True, "true"])
def test_the_state_decides_about_the_last_copy(value: Any) -> None:
    assert "No last copy" in judge(stateful_delete, plan(delete(DB, skip_final_snapshot=value))).message
    for kept in (False, "false", None, [], {}):
        assert "What remains" in judge(stateful_delete, plan(delete(DB, skip_final_snapshot=kept))).message
    switched = replace(DB, {"skip_final_snapshot": value}, {"skip_final_snapshot": False}, paths=["engine"])
    assert "No last copy" in judge(stateful_replace, plan(switched)).message


def test_a_replace_names_its_cause() -> None:
    said = judge(stateful_replace, plan(replace(DB, {}, {}, paths=["engine_version", "storage[0].type"])))
    assert "because of `engine_version`, `storage[0].type`" in said.message
    assert said.attributes[DB] == ["engine_version"]
    tainted = judge(stateful_replace, plan(replace(DB, {}, {}, reason="replace_because_tainted")))
    assert "tainted" in tainted.message
    assert judge(stateful_replace, plan(replace(DB, {}, {}))).outcome == "fail"


# -- protection --------------------------------------------------------------------------------------------

CASES = [(row, type) for row in PROTECTION["rows"] for type in row["types"]]
SIDES: dict[str, tuple[list[Any], list[Any]]] = {
    "true_to_false": ([True, "true"], [False, "false", None]),
    "false_to_true": ([False, "false", None], [True, "true"]),
    "to_zero": ([7], [0, None]),
    "decreased": ([30], [7]),
}


def body(path: str, value: Any) -> dict[str, Any]:
    *blocks, leaf = path.split(".")
    made: dict[str, Any] = {leaf: value}
    for block in reversed(blocks):
        made = {block.removesuffix("[*]"): [made]}
    return made


def sides(row: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    return SIDES.get(row["change"]) or ([row["values"][0]], ["something else", None])


@pytest.mark.parametrize(("row", "type"), CASES, ids=lambda v: v if isinstance(v, str) else v["path"])
def test_every_protection(row: dict[str, Any], type: str) -> None:
    good, bad = sides(row)
    address = f"{type}.x"

    def outcome(before: Any, after: Any) -> str:
        made = plan(update(address, body(row["path"], before), {**body(row["path"], after), "changed": 1}))
        return judge(protection_removed, made).outcome

    for before in good:
        for after in bad:
            assert outcome(before, after) == "fail", (before, after)
        assert outcome(before, before) == "pass"
        if row["change"] != "decreased":
            assert outcome(before, ref("terraform_data.x.output")) == "unknown"
    for before in bad:
        assert outcome(before, before) == "pass"
        assert outcome(before, good[0]) == "pass"


@pytest.mark.parametrize(("row", "type"), CASES, ids=lambda v: v if isinstance(v, str) else v["path"])
@pytest.mark.parametrize("value", [None, "", [], {}, "x", 7, -1, 1.5, True, "false", [{}], [[]]], ids=repr)
def test_odd_values_break_no_policy(row: dict[str, Any], type: str, value: Any) -> None:
    good, _ = sides(row)
    for before, after in ((good[0], value), (value, good[0]), (value, value)):
        made = plan(update(f"{type}.x", body(row["path"], before), {**body(row["path"], after), "changed": 1}))
        assert judge(protection_removed, made).outcome in ("pass", "fail")
    block = row["path"].partition("[")[0]
    made = plan(update(f"{type}.x", body(row["path"], good[0]), {block: value, "changed": 1}))
    assert judge(protection_removed, made).outcome in ("pass", "fail")


def test_what_nobody_writes_is_left_as_it_is() -> None:
    before = {"id": "b", "versioning": [{"enabled": True}], "force_destroy": False}
    after = {"force_destroy": False, "bucket": "new"}
    made = plan(replace("aws_s3_bucket.b", before, after, paths=["bucket"], unknown=["versioning"]))
    assert judge(protection_removed, made).outcome == "pass"
    dynamic = {**after, "versioning": [{"enabled": True}]}
    options = {"unknown": ["versioning[0].enabled"], "dynamic": ["versioning"]}
    made = plan(update("aws_s3_bucket.b", before, dynamic, **options))
    assert judge(protection_removed, made).outcome == "unknown"


def test_several_protections_at_once_and_one_unknown() -> None:
    before = {"deletion_protection": True, "skip_final_snapshot": False, "backup_retention_period": 7}
    after = {"deletion_protection": ref("var.p"), "skip_final_snapshot": True, "backup_retention_period": 0}
    said = judge(protection_removed, plan(update(DB, before, after)))
    assert said.outcome == "fail"
    assert said.attributes[DB] == ["skip_final_snapshot", "backup_retention_period", "deletion_protection"]


def test_only_what_was_protected_is_judged() -> None:
    for change in (create(DB, deletion_protection=False), no_op(DB, {"deletion_protection": False}), delete(DB)):
        assert judge(protection_removed, plan(change)).outcome == "pass"


# -- guards ------------------------------------------------------------------------------------------------


def guarded(row: dict[str, Any]) -> dict[str, Any]:
    condition = row.get("if_any", [{"path": "some", "values": ["thing"]}])[0]
    return {row["by"]: "the-id", **body(condition["path"], condition["values"][0])}


@pytest.mark.parametrize("row", PROTECTION["guards"], ids=lambda row: row["guard"])
def test_every_guard(row: dict[str, Any]) -> None:
    parent, guard = f"{row['parent']}.p", f"{row['guard']}.g"
    stays = no_op(parent, {"id": "the-id", "name": "the-id"})
    said = judge(guard_deleted, plan(stays, delete(guard, guarded(row))))
    assert said.outcomes == {parent: "fail"}
    assert said.severities[parent] == [row["severity"]]
    assert said.new == {parent}
    for harmless in (
        plan(stays),
        plan(stays, no_op(guard, guarded(row))),
        plan(stays, forget(guard, guarded(row))),
        plan(stays, delete(guard, {**guarded(row), row["by"]: "another"})),
        plan(stays, delete(guard, guarded(row)), create(f"{row['guard']}.new", guarded(row))),
        plan(stays, replace(guard, guarded(row), guarded(row), paths=["x"])),
    ):
        assert judge(guard_deleted, harmless).outcomes == {parent: "pass"}
    both = plan(delete(parent, id="the-id", name="the-id"), delete(guard, guarded(row)))
    assert judge(guard_deleted, both).outcomes == {}
    untold = create(f"{row['guard']}.new", {**guarded(row), row["by"]: ref("local.x")})
    assert judge(guard_deleted, plan(stays, delete(guard, guarded(row)), untold)).outcomes == {parent: "unknown"}


def test_a_guard_that_did_not_guard() -> None:
    bucket = no_op("aws_s3_bucket.b", {"id": "b"})
    suspended = delete("aws_s3_bucket_versioning.v", bucket="b", versioning_configuration=[{"status": "Suspended"}])
    assert judge(guard_deleted, plan(bucket, suspended)).outcome == "pass"


# -- the plan as a whole -----------------------------------------------------------------------------------


def test_how_much_is_too_much() -> None:
    kept = [no_op(f"t_t.k{i}") for i in range(100)]
    ten = [delete(f"t_t.d{i}") for i in range(10)]
    assert judge(too_many_destroyed, plan(*kept, *ten)).outcome == "pass"
    one = replace("t_t.r", {}, {})
    said = judge(too_many_destroyed, plan(*kept, *ten, one))
    assert said.outcome == "fail"
    assert "11 resources are destroyed (10 deleted, 1 replaced)" in said.message
    assert judge(too_many_destroyed, plan(*kept, *ten, one), max_destroyed=11).outcome == "pass"
    assert judge(too_many_destroyed, plan(*kept, *ten), max_destroyed=9).outcome == "fail"


def test_share_of_what_exists() -> None:
    four = [delete(f"t_t.d{i}") for i in range(4)]
    assert judge(too_many_destroyed, plan(*four)).outcome == "pass"
    five = [*four, delete("t_t.e")]
    assert judge(too_many_destroyed, plan(*five)).outcome == "fail"
    assert judge(too_many_destroyed, plan(*five, *[create(f"t_t.n{i}") for i in range(20)])).outcome == "fail"
    assert judge(too_many_destroyed, plan(*five, *[no_op(f"t_t.k{i}") for i in range(5)])).outcome == "pass"
    assert judge(too_many_destroyed, plan(*five), share_from=6).outcome == "pass"
    assert judge(too_many_destroyed, plan(*five), max_share=1.0).outcome == "pass"


def test_what_does_not_count() -> None:
    harmless = [forget(f"t_t.f{i}") for i in range(20)]
    harmless += [delete(f"t_t.p{i}", deposed="0a1b2c3d") for i in range(20)]
    harmless += [replace(f"t_t.r{i}", {}, {}, order="create-then-forget") for i in range(20)]
    assert judge(too_many_destroyed, plan(*harmless)).outcome == "pass"
