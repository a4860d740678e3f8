"""Every row of the weakening table against every way its attribute can change: the outcome comes from the row."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate import SettingMistake
from plangate.plan.blocks import only_written
from plangate.testing import create, delete, imported, judge, no_op, plan, ref, replace, update
from plangate_policies.destructive.measures import number, version

from .rowcases import BY_ID, STATEFUL_TYPES, body, concrete, key, table

ROWS = table("weakening")[1]
SECRET = "hunter2"
# kind -> (strong values, weak ones)
SIDES: dict[str, tuple[list[Any], list[Any]]] = {
    "true_to_false": ([True, "true"], [False, "false", None]),
    "false_to_true": ([False, "false", None], [True, "true"]),
    "to_zero": ([7], [0]),
    "emptied": (["a-name"], [None, ""]),
    "elements_removed": ([["audit", "error"]], [["audit"], [], None]),
    "shrunk": ([100], [99, 1]),
    "collapsed": ([10], [5, 1, 0]),
    "swapped": (["key-a"], ["key-b", None]),
}


def sides(row: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    kind = row["change"]
    if kind == "from":
        return [row["values"][0]], ["something else", None]
    if kind == "to_value":
        return ["something else", None], [row["values"][0]]
    if kind == "decreased":
        forever = row.get("forever", [])
        strong: list[Any] = [30, *forever] if row.get("absent") != "forever" else [30, None]
        return strong, [7, "7"]
    if kind == "version_down":
        return ["15.4"], ["14.9", "14"]
    if kind == "major_up":
        return ["1.28"], ["2.1"]
    return SIDES[kind]


def outcome(row: dict[str, Any], before: Any, after: Any, **options: Any) -> str:
    old, new = body(row["path"], before), {**body(row["path"], after), "changed": 1}
    return judge(BY_ID[row["policy"]], plan(update(f"{row['type']}.x", old, new, **options))).outcome


each_row = pytest.mark.parametrize("policy", sorted({row["policy"] for row in ROWS}))


def rows_of(policy: str) -> list[dict[str, Any]]:
    return [row for row in ROWS if row["policy"] == policy]


@each_row
def test_weakened_fails_with_the_severity_of_the_row(policy: str) -> None:
    for row in rows_of(policy):
        strong, weak = sides(row)
        for before in strong:
            for after in weak:
                if row["policy"] == "backup-retention-reduced" and after == 0:
                    continue
                assert outcome(row, before, after) == "fail", (key(row), before, after)
        address = f"{row['type']}.x"
        made = plan(update(address, body(row["path"], strong[0]), {**body(row["path"], weak[0]), "password": SECRET}))
        said = judge(BY_ID[policy], made)
        assert row["severity"] in said.severities[address], key(row)
        assert concrete(row["path"]) in said.attributes[address], key(row)
        assert f"{row['says']}: {row['loss']}." in said.messages[address]


@each_row
def test_unchanged_and_strengthened_passes(policy: str) -> None:
    for row in rows_of(policy):
        strong, weak = sides(row)
        for value in (*strong, *weak):
            assert outcome(row, value, deepcopy(value)) == "pass", (key(row), value)
        if row["change"] == "swapped":
            assert outcome(row, None, "key-a") == "pass", key(row)
            continue
        for before in weak:
            assert outcome(row, before, strong[0]) == "pass", (key(row), before)


@each_row
def test_unknown_and_left_out(policy: str) -> None:
    for row in rows_of(policy):
        strong, weak = sides(row)
        assert outcome(row, strong[0], ref("terraform_data.x.output")) == "unknown", key(row)
        top = row["path"].partition("[")[0]
        old, address = body(row["path"], strong[0]), f"{row['type']}.x"
        for where in {top, concrete(row["path"])}:
            new = {"changed": 1} if where == top else {**body(row["path"], None), "changed": 1}
            left = update(address, old, new, unknown=[where])
            # Unknown, a block that the provider never fills in is one that a dynamic makes.
            said = "unknown" if where == top and only_written(row["type"], (top,)) else "pass"
            assert judge(BY_ID[policy], plan(left)).outcome == said, (key(row), where)
        if row["change"] in ("true_to_false", "false_to_true", "to_zero", "from", "to_value", "emptied"):
            assert outcome(row, weak[0], ref("terraform_data.x.output")) == "pass", key(row)
        if "[*]" in row["path"]:
            unsure = update(
                address, old, {**body(row["path"], None), "changed": 1}, unknown=[concrete(row["path"])], dynamic=[top]
            )
            assert judge(BY_ID[policy], plan(unsure)).outcome == "unknown", key(row)


@each_row
def test_only_a_change_of_what_exists_is_judged(policy: str) -> None:
    for row in rows_of(policy):
        strong, weak = sides(row)
        address = f"{row['type']}.x"
        good, bad = body(row["path"], strong[0]), body(row["path"], weak[0])
        for change in (create(address, bad), no_op(address, bad), delete(address, good), imported(address, bad)):
            assert judge(BY_ID[policy], plan(change)).outcome == "pass", key(row)
        made = plan(replace(address, good, bad, paths=["x"]))
        told = row["change"] == "swapped" and row["type"] in STATEFUL_TYPES  # by stateful-replace
        assert judge(BY_ID[policy], made).outcome == ("pass" if told else "fail"), key(row)


ODD: list[Any] = [
    None,
    "",
    [],
    {},
    "x",
    7,
    -1,
    1.5,
    True,
    "false",
    [{}],
    [[]],
    [None],
    {"a": 1},
    10**30,
    "9" * 500,
    "٣",
    "²d",
]


@each_row
def test_odd_values_break_no_policy(policy: str) -> None:
    for row in rows_of(policy)[:40]:  # those that follow are of the same kinds
        strong = sides(row)[0][0]
        made = []
        for number_, value in enumerate(ODD):
            for side, (before, after) in enumerate(((strong, value), (value, strong), (value, value))):
                old, new = body(row["path"], before), {**body(row["path"], after), "changed": 1}
                made.append(update(f"{row['type']}.x{number_}_{side}", old, new))
            block = row["path"].partition("[")[0]
            made.append(update(f"{row['type']}.b{number_}", body(row["path"], strong), {block: value, "changed": 1}))
        assert set(judge(BY_ID[policy], plan(*made)).outcomes.values()) <= {"pass", "fail"}, key(row)


# -- what only some rows know --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "type", "path", "before", "after", "expected"),
    [
        ("retention-reduced", "aws_cloudwatch_log_group", "retention_in_days", 365, 1, "fail"),
        ("retention-reduced", "aws_cloudwatch_log_group", "retention_in_days", 0, 365, "fail"),  # 0 is for ever
        ("retention-reduced", "aws_cloudwatch_log_group", "retention_in_days", 365, 0, "pass"),
        ("retention-reduced", "google_pubsub_subscription", "message_retention_duration", "604800s", "3600s", "fail"),
        ("retention-reduced", "google_pubsub_subscription", "message_retention_duration", "604800s", "7d", "pass"),
        ("retention-reduced", "google_spanner_database", "version_retention_period", "7d", "1h", "fail"),
        ("recovery-window-reduced", "aws_secretsmanager_secret", "recovery_window_in_days", 30, 0, "fail"),
        ("recovery-window-reduced", "aws_secretsmanager_secret", "recovery_window_in_days", None, 7, "fail"),
        ("recovery-window-reduced", "aws_secretsmanager_secret", "recovery_window_in_days", 7, None, "pass"),
        ("retention-reduced", "google_pubsub_topic", "message_retention_duration", "86600s", None, "fail"),
        ("recovery-window-reduced", "google_secret_manager_secret", "version_destroy_ttl", "86400s", None, "fail"),
        ("recovery-window-reduced", "google_secret_manager_secret", "version_destroy_ttl", None, "86400s", "pass"),
        ("retention-reduced", "azurerm_kusto_database", "soft_delete_period", "P1Y", "P31D", "fail"),
        ("retention-reduced", "azurerm_kusto_database", "soft_delete_period", "P31D", None, "pass"),
        ("retention-reduced", "azurerm_kusto_database", "soft_delete_period", None, "P31D", "fail"),
        ("retention-reduced", "azurerm_servicebus_queue", "default_message_ttl", "P14D", "PT1H", "fail"),
        (
            "retention-reduced",
            "azurerm_servicebus_topic",
            "default_message_ttl",
            "P10675199DT2H48M5.4775807S",
            "P14D",
            "fail",
        ),
        *(
            (policy, "azurerm_mssql_database", "long_term_retention_policy[*].weekly_retention", "P1Y", after, expected)
            for policy, after, expected in (
                ("backup-disabled", "PT0S", "fail"),
                ("backup-disabled", None, "fail"),
                ("backup-disabled", "P1W", "pass"),
                ("backup-retention-reduced", "PT0S", "pass"),  # said once
                ("backup-retention-reduced", "P1M", "fail"),
                ("backup-retention-reduced", "P2Y", "pass"),
            )
        ),
        ("backup-disabled", "aws_db_instance", "backup_retention_period", 7, 0, "fail"),
        ("backup-retention-reduced", "aws_db_instance", "backup_retention_period", 7, 0, "pass"),  # said once
        ("backup-retention-reduced", "aws_db_instance", "backup_retention_period", 35, 7, "fail"),
        ("capacity-collapsed", "aws_eks_node_group", "scaling_config[*].desired_size", 10, 1, "fail"),
        ("capacity-collapsed", "aws_eks_node_group", "scaling_config[*].desired_size", 10, 6, "pass"),
        ("capacity-collapsed", "aws_ebs_volume", "size", 10, 9, "fail"),
        (
            "engine-downgraded",
            "google_sql_database_instance",
            "database_version",
            "POSTGRES_15",
            "POSTGRES_9_6",
            "fail",
        ),
        ("engine-downgraded", "google_sql_database_instance", "database_version", "POSTGRES_15", "MYSQL_8_0", "fail"),
        ("engine-downgraded", "aws_db_instance", "engine_version", "14.7", "14", "pass"),
        (
            "engine-downgraded",
            "aws_opensearch_domain",
            "engine_version",
            "Elasticsearch_7.10",
            "OpenSearch_1.0",
            "pass",
        ),
        (
            "engine-downgraded",
            "aws_opensearch_domain",
            "engine_version",
            "OpenSearch_1.0",
            "Elasticsearch_7.10",
            "fail",
        ),
        (
            "engine-major-upgrade",
            "aws_opensearch_domain",
            "engine_version",
            "Elasticsearch_7.10",
            "OpenSearch_1.0",
            "fail",
        ),
        ("engine-major-upgrade", "aws_eks_cluster", "version", "1.28", "1.29", "fail"),
        ("engine-major-upgrade", "aws_db_instance", "engine_version", "14.7", "14.9", "pass"),
        ("expiration-added", "aws_s3_bucket_lifecycle_configuration", "rule[*].expiration[*].days", None, 30, "fail"),
        ("expiration-added", "aws_s3_bucket_lifecycle_configuration", "rule[*].expiration[*].days", 30, 90, "pass"),
        ("protection-removed", "google_project", "deletion_policy", "PREVENT", "DELETE", "fail"),
        ("force-destroy-enabled", "google_alloydb_cluster", "deletion_policy", "DEFAULT", "FORCE", "fail"),
        ("key-disabled", "aws_kms_key", "is_enabled", True, False, "fail"),
    ],
)
def test_meaning(policy: str, type: str, path: str, before: Any, after: Any, expected: str) -> None:
    made = plan(update(f"{type}.x", body(path, before), {**body(path, after), "changed": 1}))
    assert judge(BY_ID[policy], made).outcome == expected


def test_elements_are_compared_in_their_places_and_by_the_best_where_there_are_more() -> None:
    path = "replica[*].deletion_protection_enabled"
    row = next(r for r in ROWS if r["path"] == path and r["type"] == "aws_dynamodb_table")

    def said(before: list[bool], after: list[bool]) -> Any:
        sides_ = ({"replica": [{"deletion_protection_enabled": v} for v in side]} for side in (before, after))
        old, new = sides_
        return judge(BY_ID[row["policy"]], plan(update("aws_dynamodb_table.t", old, {**new, "x": 1})))

    assert said([True, True], [True, False]).attributes["aws_dynamodb_table.t"] == [
        "replica[1].deletion_protection_enabled"
    ]
    assert said([True, True], [True]).outcome == "pass"
    assert said([True, True], [False]).outcome == "fail"
    assert said([True], []).outcome == "fail"
    assert said([False], [False, True]).outcome == "pass"


def test_several_at_once_and_one_unknown() -> None:
    before = {"deletion_protection": True, "copy_tags_to_snapshot": True}
    after = {"deletion_protection": ref("var.p"), "copy_tags_to_snapshot": False}
    said = judge(BY_ID["protection-removed"], plan(update("aws_db_instance.m", before, after)))
    assert said.outcome == "fail"
    assert said.attributes["aws_db_instance.m"] == ["copy_tags_to_snapshot", "deletion_protection"]


def test_a_name_that_is_no_longer_needed_is_no_loss() -> None:
    before = {"skip_final_snapshot": False, "final_snapshot_identifier": "last"}
    both = plan(update("aws_db_instance.m", before, {"skip_final_snapshot": True}))
    said = judge(BY_ID["final-copy-skipped"], both)
    assert said.attributes == {"aws_db_instance.m": ["skip_final_snapshot"]}
    unnamed = plan(update("aws_db_instance.m", before, {"skip_final_snapshot": False}))
    assert judge(BY_ID["final-copy-skipped"], unnamed).severities == {"aws_db_instance.m": ["low"]}


LIFECYCLES = {
    "aws_s3_bucket_lifecycle_configuration": (
        lambda on, days: {"rule": [{"status": on, "expiration": [{"days": days}]}]},
        ("Enabled", "Disabled"),
    ),
    "aws_s3_bucket": (
        lambda on, days: {"lifecycle_rule": [{"enabled": on, "noncurrent_version_expiration": [{"days": days}]}]},
        (True, False),
    ),
    "azurerm_storage_management_policy": (
        lambda on, days: {
            "rule": [
                {
                    "enabled": on,
                    "actions": [{"base_blob": [{"delete_after_days_since_modification_greater_than": days}]}],
                }
            ]
        },
        (True, False),
    ),
}


@pytest.mark.parametrize("type", LIFECYCLES)
def test_a_rule_that_is_switched_on_is_one_that_is_added(type: str) -> None:
    made, (on, off) = LIFECYCLES[type]

    def said(before: dict[str, Any], after: dict[str, Any]) -> str:
        return judge(BY_ID["expiration-added"], plan(update(f"{type}.x", before, {**after, "changed": 1}))).outcome

    assert said(made(off, 30), made(on, 30)) == "fail"
    assert said(made(off, 7), made(on, 30)) == "fail"  # it deleted nothing before, whatever it said
    assert said(made(on, 30), made(off, 7)) == "pass"
    assert said(made(on, 30), made(off, 30)) == "pass"
    assert said(made(off, 30), made(off, 30)) == "pass"
    assert said(made(off, 30), made(off, 7)) == "fail"  # disabled, and watched all the same
    assert said(made(off, 30), made(ref("var.on"), 30)) == "unknown"
    assert said(made(off, None), made(ref("var.on"), None)) == "pass"
    (rules,) = made(on, 30)
    two = {rules: made(off, 30)[rules] + made(on, 30)[rules]}
    assert said({rules: made(off, 30)[rules] * 2}, two) == "fail"
    assert said(made(off, 30), two) == "fail"
    assert said({rules: []}, made(off, 30)) == "pass"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"years": 2}, {"days": 30}, ["days"]),
        ({"years": 2}, {"days": 30, "years": 0}, ["days"]),  # as hashicorp/aws 5.100 plans what is not written
        ({"years": 1}, {"days": 365, "years": 0}, []),
        ({"years": 1}, {"days": 800, "years": 0}, []),
        ({"days": 800}, {"years": 2, "days": 0}, ["years"]),
        ({"days": 730}, {"years": 2, "days": 0}, []),
        ({"days": 30}, {"years": 1}, []),
        ({"years": 3}, {"years": 2, "days": 0}, ["years"]),
        ({"days": 30}, {"days": 7, "years": 0}, ["days"]),
        ({"years": 2}, {"days": ref("var.days"), "years": 0}, None),
    ],
)
def test_days_and_years_are_the_same_time(before: Any, after: Any, told: list[str] | None) -> None:
    path, address = "rule[*].default_retention[*]", "aws_s3_bucket_object_lock_configuration.x"
    old, new = ({"rule": [{"default_retention": [side]}]} for side in (before, after))
    said = judge(BY_ID["protection-removed"], plan(update(address, old, {**new, "changed": 1})))
    assert said.outcome == ("unknown" if told is None else "fail" if told else "pass")
    if told is not None:
        assert said.attributes.get(address, []) == [f"{concrete(path)}.{leaf}" for leaf in told]


@pytest.mark.parametrize(
    ("type", "path", "before"),
    [
        ("aws_codebuild_project", "encryption_key", "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3"),
        ("aws_qldb_ledger", "kms_key", "AWS_OWNED_KMS_KEY"),
        ("aws_ssmincidents_replication_set", "region[*].kms_key_arn", "DefaultKey"),
    ],
)
def test_a_first_own_key_is_no_swap(type: str, path: str, before: str) -> None:
    def said(was: str, will: str) -> str:
        made = plan(update(f"{type}.x", body(path, was), {**body(path, will), "changed": 1}))
        return judge(BY_ID["key-swapped"], made).outcome

    own = "arn:aws:kms:eu-west-1:111122223333:key/a"
    assert said(before, own) == "pass"
    assert said(own, before) == "fail"


def test_how_much_must_stay_is_a_setting() -> None:
    made = BY_ID["capacity-collapsed"]
    half = plan(update("aws_ecs_service.s", {"desired_count": 10}, {"desired_count": 5}))
    assert judge(made, half).outcome == "fail"
    assert judge(made, half, keep_share=0.4).outcome == "pass"
    assert judge(made, half, keep_share=0.9).outcome == "fail"
    assert made.check_settings is not None
    for share in (-0.1, 1.1):
        with pytest.raises(SettingMistake):
            made.check_settings({"keep_share": share})
    assert list(made.check_settings({"keep_share": 1})) == []


# -- parsing -------------------------------------------------------------------------------------------------


@given(st.text(max_size=120) | st.integers() | st.floats(allow_nan=False) | st.none() | st.booleans())
def test_any_value_is_a_number_or_none(value: Any) -> None:
    found = number(value, {})
    assert found is None or isinstance(found, float)


@given(st.integers(min_value=0, max_value=10**6), st.sampled_from("smhd"))
def test_durations_are_seconds(amount: int, unit: str) -> None:
    assert number(f"{amount}{unit}", {}) == amount * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT0S", 0),
        ("P1D", 86400),
        ("P4W", 4 * 7 * 86400),
        ("P1Y2M3DT4H5M6.5S", 365 * 86400 + 60 * 86400 + 3 * 86400 + 4 * 3600 + 300 + 6.5),
        ("PT1M", 60),
        ("P1M", 30 * 86400),
        *(
            (text, None)
            for text in ("P", "PT", "P1", "PT5", "P1H", "PT1D", "P1DT1HT1M", "P-1D", "P.D", "P1.2.3D", "p1D")
        ),
    ],
)
def test_durations_of_iso_8601(text: str, seconds: float | None) -> None:
    assert number(text, {}) == seconds


@given(st.text("PTYMWDHS.0123456789", max_size=20))
def test_any_duration_is_a_number_or_none(text: str) -> None:
    found = number(f"P{text}", {})
    assert found is None or found >= 0


@given(st.text(max_size=200))
def test_any_text_is_a_version_or_none(text: str) -> None:
    found = version(text)
    assert (found is None) == (len(text) > 100)


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=4))
def test_numbers_of_a_version_are_found(parts: list[int]) -> None:
    assert version("POSTGRES_" + "_".join(map(str, parts))) == ("postgres_", tuple(parts))
