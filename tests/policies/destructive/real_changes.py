"""Real changes of one attribute or block: for each row of weakening.jsonl and blocks.jsonl one that weakens and one
that does not; and for each row of states.jsonl what is right, wrong and left out in a first plan.
"""

from __future__ import annotations

from typing import Any

from .. import real  # noqa: TID252 - the tests are no package
from ..real import MISSING, Body, Schema  # noqa: TID252 - as above
from .real_cases import NEW, VALUES, Case, Made, Resource, Schemas, aws_rows, body, whole
from .rowcases import STATEFUL_TYPES, key

KEYS = [f"arn:aws:kms:eu-west-1:111122223333:key/0000000{n}-0000-4000-8000-000000000000" for n in (1, 2)]
# kind -> (what protects, what protects less)
SIDES: dict[str, tuple[Any, Any]] = {
    "true_to_false": (True, False),
    "false_to_true": (False, True),
    "to_zero": (7, 0),
    "decreased": (30, 7),
    "emptied": ("last-copy", MISSING),
    "shrunk": (200, 100),
    "collapsed": (10, 2),
    "swapped": (KEYS[0], KEYS[1]),
    "elements_removed": (["audit", "error"], ["audit"]),
    "version_down": ("15.4", "14.9"),
    "major_up": ("14.9", "15.4"),
}
OUTCOME = {"wrong": "fail", "right": "pass"}


def at(row: dict[str, Any]) -> str:
    """What `real_values.json` calls the attribute of a row."""
    return f"{row['type']}.{row['path']}"


def sides(row: dict[str, Any]) -> tuple[Any, Any]:
    """(a value that protects, one that protects less)"""
    given = VALUES["values"].get(f"{at(row)}:{row['change']}", VALUES["values"].get(at(row)))
    strong, weak = SIDES[row["change"]] if given is None else given
    return strong, weak


def is_told_of_the_replace(row: dict[str, Any]) -> bool:
    """Whether the change of a key replaces a resource of which `stateful-replace` says what is lost."""
    return row["change"] == "swapped" and "replaces" in row and row["type"] in STATEFUL_TYPES


# -- weakening --------------------------------------------------------------------------------------------


def weakening(schemas: Schemas) -> Made:
    """Each row weakened and strengthened; and left out after, where the row knows what then counts."""
    resources: list[Resource] = []
    cases: list[Case] = []
    for number, row in enumerate(aws_rows("weakening")):
        for kind, before, after, outcome in _ways(row, schemas[row["type"]]["block"]):
            address = f"{row['type']}.{kind}_{number}"
            bodies = [body(schemas, row, row["path"], value) for value in (before, after)]
            if kind == "without_block":
                bodies[1].pop(row["path"].partition("[")[0])
            if kind == "kept":
                _change_otherwise(row["type"], schemas[row["type"]]["block"], bodies[1])
            told = {row["path"]: VALUES["of_the_service"][at(row)]} if kind == "first_own" else {}
            resources.append(Resource(address, bodies[0], told=told, after=bodies[1]))
            found = {"severity": row["severity"], "path": row["path"]} if outcome == "fail" else {}
            cases.append(Case(row["policy"], key(row), kind, address, outcome, **found))
    return resources, cases


def _ways(row: dict[str, Any], schema: Schema) -> list[tuple[str, Any, Any, str]]:
    """(kind, value before, value after, outcome)"""
    strong, weak = sides(row)
    ways = [("weakened", strong, weak, "pass" if is_told_of_the_replace(row) else "fail")]
    if row["change"] == "swapped":
        # A first key is no swap; where the provider tells the service's own, or one is required, there is no first.
        first = _may_be_left_out(row["path"], schema)
        ways.append(("first", MISSING, strong, "pass") if first else ("kept", strong, strong, "pass"))
        own = at(row) in VALUES["of_the_service"]
        return [*ways, ("first_own", MISSING, strong, "pass")] if own else ways
    other = VALUES["strengthened"].get(f"{at(row)}:{row['change']}", (weak, strong))
    ways.append(("strengthened", *other, "pass"))
    if at(row) in VALUES["without_block"]:
        ways.append(("without_block", strong, weak, "fail"))
    if "absent" in row and not real.leaf(row["path"], schema)[0]:
        ways.append(("left_out", strong, MISSING, _left_out(row, strong)))
    return ways


def _change_otherwise(type_: str, schema: Schema, after: Body) -> None:
    for path, value in VALUES["otherwise"].get(type_, {}).items():
        real.put(schema, after, path, value)
    if "tags" in schema["attributes"]:
        after["tags"] = {"changed": "yes"}
    else:
        after["lifecycle"] = {}  # nothing is ignored: what else it requires changes, too


def _left_out(row: dict[str, Any], strong: float) -> str:
    absent = row["absent"]
    forever = absent == "forever" or absent in row.get("forever", ())
    told_as_off = row["policy"] == "backup-retention-reduced" and absent == 0
    return "pass" if forever or told_as_off or absent >= strong else "fail"


def _may_be_left_out(path: str, schema: Schema) -> bool:
    words = path.replace("[*]", "").split(".")
    for word in words[:-1]:
        block = schema.get("block_types", {}).get(word) or {"block": schema["attributes"][word].get("nested_type")}
        if block["block"] is None:
            return False
        schema = block["block"]
    attribute = schema["attributes"][words[-1]]
    return bool(attribute.get("optional")) and not attribute.get("computed")


# -- blocks -----------------------------------------------------------------------------------------------


def blocks(schemas: Schemas) -> Made:
    """Each row with fewer blocks after, and with more."""
    resources: list[Resource] = []
    cases: list[Case] = []
    for number, row in enumerate(aws_rows("blocks")):
        more, fewer = VALUES["blocks"][f"{row['type']}.{row['block']}"]
        for kind, before, after, outcome in (("fewer", more, fewer, "fail"), ("more", fewer, more, "pass")):
            address = f"{row['type']}.{kind}_{number}"
            bodies = [body(schemas, row, row["block"], value) for value in (before, after)]
            resources.append(Resource(address, bodies[0], after=bodies[1]))
            found = {"severity": row["severity"], "path": row["block"]} if outcome == "fail" else {}
            cases.append(Case(row["policy"], key(row), kind, address, outcome, **found))
    return resources, cases


# -- states -----------------------------------------------------------------------------------------------


def states(schemas: Schemas) -> Made:
    """Each row right, wrong and left out, in resources that are new; and right again by its exception."""
    resources: list[Resource] = []
    cases: list[Case] = []
    for number, row in enumerate(aws_rows("states")):
        for kind, value, outcome in _stands(row, schemas[row["type"]]["block"]):
            address = f"{row['type']}.{kind}_state_{number}"
            resources.append(Resource(address, _standing(schemas, row, value), fate="new"))
            cases.append(Case(row["policy"], key(row), kind, address, outcome, NEW))
        for excuse, unless in enumerate(row.get("unless", ())):
            address = f"{row['type']}.excused_state_{number}" + (f"_{excuse}" if excuse else "")
            excused = _standing(schemas, row, _wrong(row))
            value = unless["values"][0] if "values" in unless else real.UNKNOWN
            real.put(schemas[row["type"]]["block"], excused, unless["path"], value)
            resources.append(Resource(address, excused, fate="new"))
            cases.append(Case(row["policy"], key(row), "excused", address, "pass", NEW))
    return resources, cases


def _stands(row: dict[str, Any], schema: Schema) -> list[tuple[str, Any, str]]:
    found = [("right", _right(row), "pass"), ("wrong", _wrong(row), "fail")]
    required, block = real.leaf(row["path"], schema)
    if not required:
        found.append(("absent", MISSING, OUTCOME[row["when_absent"]]))
    elif block:
        found.append(("no_block", None, OUTCOME[row.get("without_block", row["when_absent"])]))
    return found


def _standing(schemas: Schemas, row: dict[str, Any], value: Any) -> Body:
    same = (row["policy"], row["type"])
    made = whole(schemas, row["type"]) if value is None else body(schemas, row, row["path"], value)
    for other in aws_rows("states"):
        if (other["policy"], other["type"]) == same and other["path"] != row["path"]:
            real.put(schemas[row["type"]]["block"], made, other["path"], _right(other))
    return made


def _right(row: dict[str, Any]) -> Any:
    return True if row["op"] == "true" else row["values"][0]


def _wrong(row: dict[str, Any]) -> Any:
    given = VALUES["wrong"].get(f"{row['policy']}:{at(row)}")
    return given if given is not None else {"true": False, "min": 0}[row["op"]]
