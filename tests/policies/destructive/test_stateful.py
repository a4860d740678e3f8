"""What is lost, left behind or refused when a stateful type is deleted, replaced or forgotten: from its row."""

from __future__ import annotations

from typing import Any

import pytest

from plangate import SettingMistake
from plangate.policy.engine import evaluate
from plangate.testing import create, delete, forget, imported, judge, moved, no_op, plan, ref, replace, update

from .rowcases import BY_ID, body, table

ROWS = table("stateful")[1]
DELETE, REPLACE = BY_ID["stateful-delete"], BY_ID["stateful-replace"]
FORGOTTEN, WILL_FAIL = BY_ID["stateful-forgotten"], BY_ID["delete-will-fail"]
ALL = (DELETE, REPLACE, FORGOTTEN, WILL_FAIL)
DB = "aws_db_instance.main"
SECRET = "hunter2"


def cases(key: str) -> list[Any]:
    return [
        pytest.param(row, condition, id=f"{row['type']}.{condition['path']}")
        for row in ROWS
        for condition in row.get(key, ())
    ]


def held(condition: dict[str, Any]) -> dict[str, Any]:
    """A state in which a condition holds."""
    return body(condition["path"], None if condition.get("empty") else condition["values"][0])


def let_go(condition: dict[str, Any]) -> dict[str, Any]:
    """A state in which it does not."""
    other = (
        "a-name" if condition.get("empty") else next(v for v in (True, False, "other") if v not in condition["values"])
    )
    return body(condition["path"], other)


def everything(make: Any) -> Any:
    """One plan with a change of every type of the table."""
    return plan(*(make(f"{row['type']}.x") for row in ROWS))


def test_a_delete_is_found_with_the_severity_of_the_row_and_no_value() -> None:
    made = everything(lambda address: delete(address, id=SECRET))
    said = judge(DELETE, made)
    assert said.severities == {f"{row['type']}.x": [row["severity"]] for row in ROWS}
    for row in ROWS:
        assert row["loss"] in said.messages[f"{row['type']}.x"][0]
    assert SECRET not in said.message
    for other in (REPLACE, FORGOTTEN):
        assert not judge(other, made).messages


@pytest.mark.parametrize("order", ["delete-first", "create-first"])
def test_a_replace_is_found_in_both_orders(order: str) -> None:
    made = everything(lambda address: replace(address, {"id": "a"}, {}, paths=["name"], order=order))
    expected = {}
    for row in ROWS:
        severity = row.get("on_replace", row["severity"])
        if order == "create-first":
            severity = row.get("create_first", severity)
        if severity is not None:
            expected[f"{row['type']}.x"] = [severity]
    assert judge(REPLACE, made).severities == expected
    assert not judge(DELETE, made).messages
    assert not judge(FORGOTTEN, made).messages


@pytest.mark.parametrize("how", ["forget", "create-then-forget"])
def test_what_is_forgotten_is_left_behind_and_not_lost(how: str) -> None:
    made = everything(
        lambda address: forget(address, id="a") if how == "forget" else replace(address, {"id": "a"}, {}, order=how)
    )
    assert set(judge(FORGOTTEN, made).messages) == {f"{r['type']}.x" for r in ROWS if r["severity"] != "info"}
    for other in (DELETE, REPLACE, WILL_FAIL):
        assert not judge(other, made).messages


@pytest.mark.parametrize("action", ["create", "update", "no-op", "move", "import"])
def test_what_deletes_nothing_passes(action: str) -> None:
    make: dict[str, Any] = {
        "create": create,
        "update": lambda address: update(address, {"a": 1}, {"a": 2}),
        "no-op": no_op,
        "move": lambda address: moved(address, {}, previous=address[:-1] + "old"),
        "import": lambda address: imported(address, {}),
    }
    made = everything(make[action])
    for policy in ALL:
        said = judge(policy, made)
        assert set(said.outcomes.values()) == {"pass"}
        assert len(said.outcomes) == len(policy.types)
        assert len(policy.types) == len(ROWS) or policy is WILL_FAIL


def test_a_deposed_object_is_the_end_of_a_replace() -> None:
    made = everything(lambda address: delete(address, deposed="0a1b2c3d"))
    said = judge(DELETE, made)
    assert len(said.severities) == len(ROWS)
    assert {str(found) for found in said.severities.values()} == {"['low']"}
    assert not judge(WILL_FAIL, made).messages


# -- the state decides ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("row", "condition"), cases("no_copy"))
def test_the_state_decides_about_the_last_copy(row: dict[str, Any], condition: dict[str, Any]) -> None:
    address = f"{row['type']}.x"
    assert "No last copy" in judge(DELETE, plan(delete(address, held(condition)))).message
    assert "No last copy" not in judge(DELETE, plan(delete(address, let_go(condition)))).message
    if row.get("on_replace", "") is not None:
        switched = replace(address, held(condition), let_go(condition), paths=["engine"])
        assert "No last copy" in judge(REPLACE, plan(switched)).message  # not what the configuration says now


@pytest.mark.parametrize(("row", "condition"), cases("stays"))
def test_what_its_own_setting_keeps_is_left_behind(row: dict[str, Any], condition: dict[str, Any]) -> None:
    address = f"{row['type']}.x"
    kept = plan(delete(address, held(condition)))
    assert judge(DELETE, kept).outcome == "pass"
    assert not judge(WILL_FAIL, kept).messages
    assert judge(FORGOTTEN, kept).outcome == "fail"
    lost = plan(delete(address, let_go(condition)))
    assert judge(DELETE, lost).outcome == "fail"
    assert judge(FORGOTTEN, lost).outcome == "pass"


@pytest.mark.parametrize(("row", "condition"), cases("stops"))
def test_a_guard_that_is_on_stops_the_apply(row: dict[str, Any], condition: dict[str, Any]) -> None:
    address = f"{row['type']}.x"
    on, off = held(condition), let_go(condition)
    for change in (delete(address, on), replace(address, on, off, paths=["x"])):
        said = judge(WILL_FAIL, plan(change))
        assert said.outcome == "fail"
        assert condition["path"] in said.message
    assert condition["path"] not in judge(WILL_FAIL, plan(delete(address, off))).message
    assert judge(DELETE, plan(delete(address, on))).outcome == "fail"  # the plan says delete all the same
    if "unless" in condition:
        assert judge(WILL_FAIL, plan(delete(address, {**on, **held(condition["unless"])}))).outcome == "pass"


@pytest.mark.parametrize(("row", "condition"), cases("holds"))
def test_what_must_be_empty_may_stop_the_apply(row: dict[str, Any], condition: dict[str, Any]) -> None:
    address = f"{row['type']}.x"
    said = judge(WILL_FAIL, plan(delete(address, body(condition["path"], False))))
    assert said.severities[address] == ["low"]
    assert judge(WILL_FAIL, plan(delete(address, body(condition["path"], True)))).outcome == "pass"


UNNAMED = [row for row in ROWS if "unnamed" in row]


@pytest.mark.parametrize("row", UNNAMED, ids=lambda row: row["type"])
def test_a_last_copy_without_a_name_stops_the_apply(row: dict[str, Any]) -> None:
    skip, name = row["unnamed"]["skip"], row["unnamed"]["path"]

    def outcome(**state: Any) -> str:
        return judge(WILL_FAIL, plan(delete(f"{row['type']}.x", state))).outcome

    assert outcome(**{skip: False, name: None}) == outcome(**{skip: "false"}) == "fail"
    assert outcome(**{skip: False, name: "last"}) == outcome(**{skip: True, name: None}) == outcome() == "pass"


@pytest.mark.parametrize("value", [None, "", [], {}, "x", 7, [{}], [[]], {"a": 1}], ids=repr)
def test_odd_states_break_no_policy(value: Any) -> None:
    for row in ROWS:
        conditions = [c for key in ("no_copy", "stays", "stops", "holds") for c in row.get(key, ())]
        for condition in conditions:
            block = condition["path"].partition("[")[0]
            for made in ALL:
                said = judge(made, plan(delete(f"{row['type']}.x", {block: value})))
                assert set(said.outcomes.values()) <= {"pass", "fail"}


# -- the provider decides ------------------------------------------------------------------------------------

FEATURES = [
    pytest.param(row, feature, id=f"{row['type']}.{feature['path']}")
    for row in ROWS
    for feature in row.get("features", ())
]
POLICY_OF = {"no_copy": DELETE, "stays": FORGOTTEN, "stops": WILL_FAIL, "holds": WILL_FAIL}


@pytest.mark.parametrize(("row", "feature"), FEATURES)
@pytest.mark.parametrize("written", [True, False, None, "unknown"])
def test_features_of_the_provider_decide(row: dict[str, Any], feature: dict[str, Any], written: Any) -> None:
    block, name = feature["path"].split(".")
    inner = {} if written is None else {name: ref("var.x") if written == "unknown" else written}
    made = plan(delete(f"{row['type']}.x", id="a"), providers={"azurerm": {"features": [{block: [inner]}]}})
    said = judge(POLICY_OF[feature["does"]], made)
    told = said.outcome == "fail" and feature["path"] in said.message
    assert told == ((feature["default"] if written is None else written) is feature["value"])


def test_a_provider_with_an_alias_and_one_without_features() -> None:
    vault = "azurerm_key_vault.k"
    assert "No last copy" in judge(DELETE, plan(delete(vault, id="a"))).message
    kept = {"features": [{"key_vault": [{"purge_soft_delete_on_destroy": False}]}]}
    purged = {"features": [{}]}
    made = plan(delete(vault, id="a"), providers={"azurerm": kept, "azurerm.other": purged})
    assert "What remains: soft delete" in judge(DELETE, made).message


BUCKET = "aws_s3_bucket.b"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            delete(BUCKET, force_destroy=True),
            "may take its name. What is in it goes too: the state has `force_destroy`",
        ),
        (delete(BUCKET, force_destroy="true"), "What is in it goes too"),
        (delete(BUCKET, force_destroy=False), "What remains: the API refuses while it holds objects."),
        (delete(BUCKET), "What remains: the API refuses while it holds objects, unless force_destroy was applied"),
        (replace(BUCKET, {"force_destroy": True}, {}, paths=["bucket"]), "What is in it goes too"),
        (
            delete("google_storage_bucket.b", force_destroy=True),
            "What remains: soft delete of 7 days. What is in it goes too: the state has `force_destroy` so.",
        ),
        (delete("aws_secretsmanager_secret.s", recovery_window_in_days=7), "What remains: a window to restore it."),
        (delete("aws_secretsmanager_secret.s"), "a window to restore it, unless recovery_window_in_days is 0."),
    ],
)
def test_what_remains_by_what_the_state_has(change: Any, said: str) -> None:
    assert said in judge(DELETE if change.entry["change"]["after"] is None else REPLACE, plan(change)).message


@pytest.mark.parametrize(
    ("block", "switch", "written", "said"),
    [
        ("key_vault", "purge_soft_delete_on_destroy", False, "What remains: soft delete of 7 to 90 days."),
        ("key_vault", "purge_soft_delete_on_destroy", ref("var.p"), "unless the provider purges on destroy."),
        ("resource_group", "prevent_deletion_if_contains_resources", False, "goes too: the provider has `features.res"),
        ("resource_group", "prevent_deletion_if_contains_resources", True, "Nothing remains."),
        ("resource_group", "prevent_deletion_if_contains_resources", ref("var.p"), "Nothing remains."),
    ],
)
def test_what_remains_by_the_features_of_the_provider(block: str, switch: str, written: Any, said: str) -> None:
    made = plan(
        delete(f"azurerm_{block}.x", id="a"), providers={"azurerm": {"features": [{block: [{switch: written}]}]}}
    )
    assert said in judge(DELETE, made).message


@pytest.mark.parametrize("row", table("parts")[1], ids=lambda row: f"{row['type']}.{row['whole']}")
def test_a_part_of_what_is_replaced_is_not_told_besides(row: dict[str, Any]) -> None:
    part, whole = f"{row['type']}.p", f"{row['whole']}.w"
    before = {row["by"]: "the-id"}
    changed = replace(part, before, {row["by"]: ref(f"{whole}.id")}, paths=[row["by"]])
    own = judge(REPLACE, plan(changed)).outcomes.get(part)  # of some types a replace is no loss at all
    for order in ("delete-first", "create-first"):
        both = plan(replace(whole, {"id": "the-id"}, {"x": 1}, paths=["x"], order=order), changed)
        assert judge(REPLACE, both).outcomes.get(part) != "fail"
    gone = plan(replace(whole, {"id": "the-id"}, {"x": 1}, paths=["x"]), delete(part, before))
    assert judge(DELETE, gone).outcomes.get(part) != "fail"
    for stays in (
        no_op(whole, {"id": "the-id"}),
        replace(whole, {"id": "another"}, {"x": 1}, paths=["x"]),
        replace(whole, {"id": "the-id"}, {"x": 1}, paths=["x"], order="create-then-forget"),
    ):
        assert judge(REPLACE, plan(stays, changed)).outcomes.get(part) == own


def test_a_guard_goes_with_what_it_guards() -> None:
    old, new = {"bucket": "b"}, {"bucket": ref("aws_s3_bucket.b.id")}
    versioning = replace("aws_s3_bucket_versioning.v", old, new, paths=["bucket"])
    bucket = replace("aws_s3_bucket.b", {"id": "b"}, {}, paths=["bucket"])
    assert judge(REPLACE, plan(versioning, bucket)).outcomes["aws_s3_bucket_versioning.v"] == "pass"
    assert judge(REPLACE, plan(versioning)).outcomes["aws_s3_bucket_versioning.v"] == "fail"


# -- what the message says -----------------------------------------------------------------------------------


def test_a_replace_names_its_cause_and_its_order() -> None:
    said = judge(REPLACE, plan(replace(DB, {}, {}, paths=["engine_version", "storage[0].type"])))
    assert "because of `engine_version`, `storage[0].type` (the old one is deleted first)" in said.message
    assert said.attributes[DB] == ["engine_version"]
    many = judge(REPLACE, plan(replace(DB, {}, {}, paths=[f"a{i}" for i in range(8)])))
    assert "`a3`, `a4` and 3 more (the old" in many.message
    for reason, word in (
        ("replace_because_tainted", "tainted"),
        ("replace_by_request", "-replace"),
        ("replace_by_triggers", "replace_triggered_by"),
    ):
        assert word in judge(REPLACE, plan(replace(DB, {}, {}, reason=reason, order="create-first"))).message


def test_switching_encryption_on_says_how_without_loss() -> None:
    made = plan(replace(DB, {"storage_encrypted": False}, {"storage_encrypted": True}, paths=["storage_encrypted"]))
    said = judge(REPLACE, made)
    assert "`storage_encrypted`" in said.message
    assert "restore it encrypted beside the old one" in evaluate(made, REPLACE).found[0][7]


def test_provisioners_that_run_again_are_told() -> None:
    for type_ in ("null_resource", "terraform_data"):
        with_ones = replace(f"{type_}.x", {"id": "1"}, {}, provisioners=["local-exec"])
        assert judge(REPLACE, plan(with_ones)).severities == {f"{type_}.x": ["low"]}
        assert judge(REPLACE, plan(replace(f"{type_}.x", {"id": "1"}, {}))).outcome == "pass"


# -- told elsewhere ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", table("parts")[1], ids=lambda row: f"{row['type']}:{row['whole']}")
def test_a_part_of_what_is_deleted_too_is_none_besides(row: dict[str, Any]) -> None:
    part, whole = f"{row['type']}.p", f"{row['whole']}.w"
    child = delete(part, {row["by"]: "the-id"})
    state = {"id": "the-id", "name": "the-id"}
    assert judge(DELETE, plan(child, delete(whole, state))).outcomes.get(part) == "pass"
    assert judge(DELETE, plan(child, delete(whole, {"id": "other"}))).outcomes[part] == "fail"
    assert judge(DELETE, plan(child)).outcomes[part] == "fail"


@pytest.mark.parametrize("row", table("guards")[1], ids=lambda row: f"{row['guard']}:{row['type']}")
def test_a_guard_is_told_at_what_it_protects(row: dict[str, Any]) -> None:
    guard = delete(f"{row['guard']}.g", {row["by"]: "the-id"})
    if row["guard"] not in DELETE.types:
        return
    stays = no_op(f"{row['type']}.p", {"id": "the-id"})
    assert judge(DELETE, plan(guard, stays)).outcomes == {f"{row['guard']}.g": "pass"} | (
        {f"{row['type']}.p": "pass"} if row["type"] in DELETE.types else {}
    )
    assert judge(DELETE, plan(guard)).outcome == "fail"


# -- settings ------------------------------------------------------------------------------------------------


def test_the_severity_by_class_and_by_type() -> None:
    role = plan(delete("aws_iam_role.r", name="r"))
    assert judge(DELETE, role, classes={"access": "low"}).severities == {"aws_iam_role.r": ["low"]}
    assert judge(DELETE, role, classes={"access": "off"}).outcome == "pass"
    both = {"classes": {"access": "off"}, "types": {"aws_iam_role": "critical"}}
    assert judge(DELETE, role, **both).severities == {"aws_iam_role.r": ["critical"]}
    made = plan(replace("aws_iam_role.r", {"name": "r"}, {"name": "s"}, paths=["name"]))
    assert judge(REPLACE, made, types={"aws_iam_role": "info"}).severities == {"aws_iam_role.r": ["info"]}


@pytest.mark.parametrize(
    "given",
    [
        {"classes": {"acces": "low"}},
        {"classes": {"access": "lowest"}},
        {"types": {"aws_rol": "low"}},
        {"types": {DB: "off"}},
    ],
)
def test_settings_that_name_nothing_are_refused(given: dict[str, Any]) -> None:
    for made in (DELETE, REPLACE):
        assert made.check_settings is not None
        with pytest.raises(SettingMistake):
            list(made.check_settings(given))
        assert list(made.check_settings({"classes": {"access": "off"}, "types": {"aws_iam_role": "low"}})) == []
