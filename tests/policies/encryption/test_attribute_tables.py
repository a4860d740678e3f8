"""Every row of the encryption table against every way an attribute can be: the verdict comes from the row."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import plangate_policies
from plangate.testing import Verdicts, create, judge, no_op, plan, ref
from plangate_policies import POLICIES

FOLDER = Path(plangate_policies.__file__).parent / "encryption"
ROWS: list[dict[str, Any]] = [
    json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text().splitlines()[1:]
]
BY_ID = {p.id: p for p in POLICIES}
OUTCOME = {"wrong": "fail", "right": "pass", "depends": "unknown"}
MISSING = object()


def name(row: dict[str, Any]) -> str:
    return f"{row['policy']}:{row['type']}.{row['path']}"


def right(row: dict[str, Any]) -> Any:
    return {
        "true": True,
        "false": False,
        "set": "arn:of:a:key",
        "customer_key": "arn:of:a:key",
        "none_of": "something-new",
    }.get(row["op"]) or (False if row["op"] == "false" else row["values"][0])


def wrong(row: dict[str, Any]) -> Any:
    exact = [v for v in row.get("values", ()) if not v.endswith("*")]
    return {"true": False, "false": True, "one_of": "SOMETHING-ELSE", "customer_key": "alias/aws/x"}.get(
        row["op"], exact[0] if exact else None
    )


def put(body: dict[str, Any], path: str, value: Any) -> None:
    *blocks, leaf = path.split(".")
    for block in blocks:
        body = body.setdefault(block.removesuffix("[*]"), [{}])[0]
    if value is MISSING:
        body.pop(leaf, None)
    else:
        body[leaf] = value


def concrete(row: dict[str, Any]) -> str:
    return str(row["path"]).replace("[*]", "[0]")


def base(row: dict[str, Any]) -> dict[str, Any]:
    """A body in which all rows of this policy and type are right."""
    body: dict[str, Any] = {}
    for other in ROWS:
        if (other["policy"], other["type"]) == (row["policy"], row["type"]):
            put(body, other["path"], right(other))
            if "only_if" in other:
                put(body, other["only_if"][0]["path"], other["only_if"][0]["values"][0])
    return body


def verdict(row: dict[str, Any], body: dict[str, Any], **options: Any) -> Verdicts:
    made = BY_ID["encryption/" + row["policy"]]
    settings = {"require_cmk": True} if "require_cmk" in made.settings else {}
    return judge(made, plan(create(f"{row['type']}.x", body, **options)), **settings)


each_row = pytest.mark.parametrize("row", ROWS, ids=map(name, ROWS))
can_be_wrong = [row for row in ROWS if wrong(row) is not None]  # elsewhere only absence is
in_blocks = [row for row in ROWS if "[*]" in row["path"]]


@each_row
def test_right_passes(row: dict[str, Any]) -> None:
    assert verdict(row, base(row)).outcome == "pass"


@pytest.mark.parametrize("row", can_be_wrong, ids=map(name, can_be_wrong))
def test_wrong_fails_at_its_path_and_names_no_foreign_value(row: dict[str, Any]) -> None:
    body = base(row)
    put(body, row["path"], wrong(row))
    for options in ({}, {"sensitive": [concrete(row)]}):
        said = verdict(row, body, **options)
        assert said.outcome == "fail"
        assert concrete(row) in said.attributes[f"{row['type']}.x"]
        assert "SOMETHING-ELSE" not in said.message


@each_row
@pytest.mark.parametrize("value", [MISSING, None, "", [], {}], ids=["absent", "null", "text", "list", "map"])
def test_nothing_there_is_what_the_row_says(row: dict[str, Any], value: Any) -> None:
    body = base(row)
    put(body, row["path"], value)
    assert verdict(row, body).outcome == OUTCOME[row["when_absent"]]


@each_row
def test_left_out_for_the_provider_is_what_the_row_says(row: dict[str, Any]) -> None:
    said = verdict(row, base(row), unknown=[concrete(row)])
    assert said.outcome == OUTCOME[row["when_absent"]]


@each_row
def test_configured_and_unknown_is_set_but_not_told(row: dict[str, Any]) -> None:
    body = base(row)
    put(body, row["path"], ref("aws_kms_key.k.arn"))
    assert verdict(row, body).outcome == ("pass" if row["op"] in ("set", "customer_key") else "unknown")


@pytest.mark.parametrize("row", in_blocks, ids=map(name, in_blocks))
def test_in_a_dynamic_block_nothing_is_told(row: dict[str, Any]) -> None:
    said = verdict(row, base(row), unknown=[concrete(row)], dynamic=[row["path"].partition("[")[0]])
    assert said.outcome == "unknown"


@pytest.mark.parametrize("row", in_blocks, ids=map(name, in_blocks))
@pytest.mark.parametrize("how", ["absent", "null", "empty", "left out", "text", "number"])
def test_a_block_that_is_not_there(row: dict[str, Any], how: str) -> None:
    block = row["path"].partition("[")[0]
    same = [r for r in ROWS if r["policy"] == row["policy"] and r["type"] == row["type"]]
    expected = {OUTCOME[r.get("without_block", r["when_absent"])] for r in same if r["path"].startswith(f"{block}[")}
    body = base(row)
    options: dict[str, Any] = {}
    if how == "left out":
        options["unknown"] = [block]
    body[block] = {"absent": None, "null": None, "empty": [], "left out": [], "text": "x", "number": 7}[how]
    if how == "absent":
        del body[block]
    worst = next(o for o in ("fail", "unknown", "pass") if o in expected)
    assert verdict(row, body, **options).outcome == worst


@each_row
@pytest.mark.parametrize("value", ["true", "false", "TRUE", 7, [1], {"a": 1}, "\x1b]0;x"], ids=repr)
def test_values_of_another_type_are_judged_and_break_nothing(row: dict[str, Any], value: Any) -> None:
    body = base(row)
    put(body, row["path"], value)
    expected = "pass"
    if row["op"] in ("true", "false"):
        expected = "pass" if isinstance(value, str) and value.lower() == row["op"] else "fail"
    elif row["op"] == "one_of":
        expected = "fail"
    said = verdict(row, body)
    assert said.outcome == expected
    assert "\x1b" not in said.message


inheriting = [row for row in ROWS if "inherits" in row]


@pytest.mark.parametrize("row", inheriting, ids=map(name, inheriting))
def test_what_is_taken_over_from_a_source_is_unknown_when_made_and_judged_when_there(row: dict[str, Any]) -> None:
    bad = wrong(row)
    for source in row["inherits"]:
        body = base(row)
        put(body, row["path"], bad)
        body[source] = []
        assert verdict(row, body).outcome == "fail"
        body[source] = "some-source"
        assert verdict(row, body).outcome == "unknown"
        made = BY_ID["encryption/" + row["policy"]]
        assert judge(made, plan(no_op(f"{row['type']}.x", deepcopy(body)))).outcome == "fail"


def test_unknowns_of_an_account_default_stop_nobody() -> None:
    made = BY_ID["encryption/aws-ebs-volume-unencrypted"]
    said = judge(made, plan(create("aws_ebs_volume.v", unknown=["encrypted"])))
    assert said.outcome == "unknown"
    assert said.severities["aws_ebs_volume.v"] == ["medium"]
