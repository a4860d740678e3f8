"""Configurations of real resources made from the rows: for each row one that is right, one that is wrong, and one that
says nothing.

What else a type requires comes from the provider's schema (../real.py); what the provider checks beyond its schema
stands in `real_values.json`.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, NamedTuple

from .. import real  # noqa: TID252 - the tests are no package
from ..real import UNKNOWN, Body, Schema  # noqa: TID252 - as above
from . import rowcases as rc

HERE = Path(__file__).parent
VALUES: dict[str, Any] = json.loads((HERE / "real_values.json").read_bytes())
KEY = "${aws_kms_key.k.arn}"
CLOUD_KEY = "arn:aws:kms:eu-west-1:123456789012:alias/aws/service"
WORD = {"wrong": "fail", "right": "pass", "depends": "unknown"}
# It decides for every volume of its plan, so it is kept apart.
APART = "aws_ebs_encryption_by_default"
ROWS = [row for row in rc.ROWS if row["type"].startswith("aws_") and "since" not in row]


class Case(NamedTuple):
    """One resource of the plan, and what the row's policy is to say of it."""

    row: dict[str, Any]
    kind: str
    address: str
    outcome: str
    body: Body


def cases(schemas: dict[str, Schema]) -> list[Case]:
    """All cases, in the order of the rows."""
    found: list[Case] = []
    for row in ROWS:
        schema = schemas[row["type"]]["block"]
        for kind, value, outcome in _kinds(row, schema):
            name = f"{row['policy'].removeprefix('aws-').replace('-', '_')}_{kind}_{len(found)}"
            body = _body(row, kind, value, schema)
            found.append(Case(row, kind, f"{row['type']}.{name}", outcome, body))
    return found


def _kinds(row: dict[str, Any], schema: Schema) -> list[tuple[str, Any, str]]:
    key = f"{row['type']}.{row['path']}"
    bad = rc.MISSING if row["op"] == "customer_key" else VALUES["wrong"].get(key, rc.wrong(row))
    found = [("right", VALUES["right"].get(key, rc.right(row)), "pass")]
    if bad is not rc.MISSING:
        found.append(("wrong", bad, "fail"))
    plain = "=" not in row["path"] and "{}" not in row["path"]
    required, block = real.leaf(row["path"], schema) if plain else (False, None)
    if not required:
        found.append(("absent", rc.MISSING, VALUES["expect"].get(key, rc.absent(row))))
    elif block and row["type"] not in VALUES["always_a_block"]:
        word = WORD[row.get("without_block", row["when_absent"])]
        found.append(("no_block", rc.MISSING, VALUES["expect"].get(f"{key}:no_block", word)))
    if required and row["op"] == "customer_key":
        found.append(("wrong", CLOUD_KEY, "fail"))
    return found


def _body(row: dict[str, Any], kind: str, value: Any, schema: Schema) -> Body:
    type_, body = row["type"], {}
    for other in ROWS:
        key = f"{other['type']}.{other['path']}"
        same = (other["policy"], other["type"]) == (row["policy"], type_)
        if same and other is not row and key not in VALUES["not_together"]:
            rc.put(body, other["path"], VALUES["right"].get(key, rc.right(other)))
    rc.put(body, row["path"], value)
    for condition in row.get("only_if", ()):
        _satisfy(body, row, condition, schema)
    for path, more in VALUES["besides"].get(type_, {}).items():
        if not real.has(body, path):
            rc.put(body, path, copy.deepcopy(more))
    for path, more in VALUES["besides_for_row"].get(f"{row['policy']}/{type_}/{row['path']}", {}).items():
        rc.put(body, path, copy.deepcopy(more))
    for path, more in VALUES.get(f"with_{kind}", {}).get(type_, {}).items():
        rc.put(body, path, copy.deepcopy(more))
    real.complete(type_, schema, body)
    if kind == "no_block":
        real.leave_out(body, real.leaf(row["path"], schema)[1] or "")
    if kind == "absent" and ("=" in row["path"] or "." not in row["path"]):  # also what the type requires
        body.pop(row["path"].partition("[")[0], None)
    cleaned: Body = _clean(body)
    return cleaned


def _satisfy(body: Body, row: dict[str, Any], condition: dict[str, Any], schema: Schema) -> None:
    if condition.get("set") is True and "{}." not in condition["path"]:
        _set_anything(body, rc.condition_path(row, condition), schema)
    elif (
        condition.get("set")
        or "any" in condition
        or "at_least" in condition
        or ("values" in condition and not condition.get("not"))
    ):
        rc.satisfy(body, row, condition)
        path = condition.get("path")
        if path and f"{row['type']}.{path}" in VALUES["condition"]:
            rc.put(body, path, VALUES["condition"][f"{row['type']}.{path}"])


def _set_anything(body: Body, path: str, schema: Schema) -> None:
    for word in path.replace("[*]", "").split("."):
        block = schema.get("block_types", {}).get(word)
        if block is None:
            body.setdefault(word, UNKNOWN)
            return
        listed = body.setdefault(word, [{}])
        body, schema = listed[0] if isinstance(listed, list) else listed, block["block"]


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items() if one is not rc.MISSING}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return KEY if value == rc.KEY else value


# -- terraform --------------------------------------------------------------------------------------------


def planned(folder: Path, mirror: Path, schemas: dict[str, Schema]) -> tuple[list[Case], list[Body]]:
    """The cases and the plan documents that the real provider makes of them."""
    made = cases(schemas)
    resources: Body = {**real.SOURCE, "aws_kms_key": {"k": {}}}
    for case in made:
        resources.setdefault(case.row["type"], {})[case.address.partition(".")[2]] = case.body
    real.write(folder / "all", {"resource": resources})
    document = real.reduced(real.planned(folder / "all", mirror), real.read_by(ROWS))
    return made, list(real.apart(document, APART, "aws_kms_key.k"))
