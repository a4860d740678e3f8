"""Every row of the encryption tables against every way a value can be and every action.

What is expected follows from the row: from `op`, `values` and `when_absent`. One plan a row holds all its cases, each a
resource of its own.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from plangate.plan.blocks import only_written
from plangate.testing import create, judge, no_op, plan
from plangate_policies import POLICIES

from ..every_action import ACTIONS, change  # noqa: TID252 - the tests are no package
from .rowcases import (
    MISSING,
    ROWS,
    absent,
    base,
    concrete,
    condition_path,
    configured,
    name,
    put,
    right,
    satisfy,
    with_value,
    wrong,
    wrong_type,
)

BY_ID = {p.id: p for p in POLICIES}
each_row = pytest.mark.parametrize("row", ROWS, ids=map(name, ROWS))
State = tuple[str, dict[str, Any], dict[str, Any], str]  # name, body, options, outcome


def outcomes(row: dict[str, Any], *changes: Any) -> dict[str, str]:
    made = BY_ID["encryption/" + row["policy"]]
    settings = {word: True for word in ("require_cmk", "required") if word in made.settings}
    return judge(made, plan(*changes), **settings).outcomes


def known_states(row: dict[str, Any]) -> list[State]:
    bad, odd = wrong(row), wrong_type(row)
    states: list[State] = [("right", with_value(row, right(row)), {}, "pass")]
    states += [
        (f"nothing_{i}", with_value(row, value), {}, absent(row)) for i, value in enumerate((MISSING, None, "", [], {}))
    ]
    states.append(("odd", with_value(row, odd[0]), {}, odd[1]))
    if bad is not MISSING:
        states.append(("wrong", with_value(row, bad), {}, "fail"))
        body = with_value(row, bad)
        states.append(("sensitive_wrong", body, {"sensitive": [concrete(row, body)]}, "fail"))
    body = with_value(row, right(row))
    states.append(("sensitive_right", body, {"sensitive": [concrete(row, body)]}, "pass"))
    return states


def unknown_states(row: dict[str, Any]) -> list[State]:
    in_json, path = "{}." in row["path"], row["path"]
    is_set = row["op"] in ("set", "customer_key") and not in_json
    states: list[State] = [("configured", configured(row), {}, "pass" if is_set else "unknown")]
    steps = path.split(".")[:-1]
    if not in_json and "=" not in path and all(step.endswith("[*]") for step in steps):
        where = path.replace("[*]", "[0]")
        states.append(("left_out", base(row), {"unknown": [where]}, absent(row)))
        if steps:
            options = {"unknown": [where], "dynamic": [steps[0][:-3]]}
            states.append(("dynamic", base(row), options, "unknown"))
    return states


@each_row
def test_every_state_with_every_action(row: dict[str, Any]) -> None:
    type_, good = row["type"], base(row)
    changes: list[Any] = []
    expected: dict[str, str] = {}
    for state, body, options, outcome in known_states(row) + unknown_states(row):
        for action in ACTIONS:
            if action in ("no-op", "import", "move") and state in ("configured", "left_out", "dynamic"):
                continue  # nothing that stays as it is is unknown
            address = f"{type_}.{action.replace(', ', '_').replace(' ', '_')}_{state}"
            changes.append(change(action, address, good, body, options))
            if action not in ("delete", "forget"):
                expected[address] = outcome
    assert outcomes(row, *changes) == expected


@each_row
def test_where_the_block_is_not_there(row: dict[str, Any]) -> None:
    block, star, _ = row["path"].partition("[*]")
    if not star:
        return
    same = [r for r in ROWS if (r["policy"], r["type"]) == (row["policy"], row["type"])]
    inside = [r for r in same if r["path"].startswith(f"{block}[*]")]
    word = {"wrong": "fail", "right": "pass", "depends": "unknown"}
    possible = set()
    for other in inside:
        asked = not any(
            c.get("path", "").startswith(block) and c.get("set", True) and not c.get("not")
            for c in other.get("only_if", ())
        )
        possible.add(word[other.get("without_block", other["when_absent"])] if asked else "pass")
    expected = next(o for o in ("fail", "unknown", "pass") if o in possible)
    if any("any" in c for c in row.get("only_if", ())):
        return
    type_ = row["type"]
    bodies: dict[str, dict[str, Any]] = {}
    odd = (
        {} if any(str(c.get("path")).startswith(block) for c in row.get("only_if", ())) else {"text": "x", "number": 7}
    )
    for how, value in {"absent": MISSING, "null": None, "empty": [], **odd}.items():
        bodies[how] = body = base(row)
        put(body, block, value)
    changes = [create(f"{type_}.{how}", body) for how, body in bodies.items()]
    found = outcomes(row, *changes)
    assert found == dict.fromkeys(found, expected)
    body = base(row)
    body[block] = []
    unknown = outcomes(row, create(f"{type_}.unknown", body, unknown=[block]))
    # Some blocks the provider fills in itself; unknown, all others come from a dynamic that has to be seen.
    assert unknown == {f"{type_}.unknown": "unknown" if only_written(type_, (block,)) else expected}


conditional = [(row, i) for row in ROWS for i in range(len(row.get("only_if", ())))]


@pytest.mark.parametrize(("row", "i"), conditional, ids=[f"{name(r)}-{i}" for r, i in conditional])
def test_a_row_is_not_about_resources_for_which_its_condition_does_not_hold(row: dict[str, Any], i: int) -> None:
    condition = row["only_if"][i]
    if "any" in condition:
        flat, bodies = condition["any"], [base(row)]
        for one in flat:
            put(bodies[0], condition_path(row, one), MISSING)
    else:
        path = condition_path(row, condition)
        bodies = [base(row), base(row)]
        if condition.get("not"):
            bodies = bodies[:1]
            put(bodies[0], path, str(condition["values"][0]).strip("*"))
        elif condition.get("set") is False:
            bodies = bodies[:1]
            put(bodies[0], path, "something")
        elif row["path"].startswith(path):
            return  # the block itself, see above
        else:
            put(bodies[0], path, MISSING)
            put(bodies[1], path, None)
    same = [r for r in ROWS if (r["policy"], r["type"]) == (row["policy"], row["type"]) and r is not row]
    paths = {c.get("path") for c in row["only_if"]}
    if any(r["path"].startswith(row["path"]) or r["path"] in paths for r in same):
        return  # another row of the policy is about what the condition asks
    for number, body in enumerate(bodies):
        value = wrong(row)
        put(body, row["path"], value)
        assert outcomes(row, create(f"{row['type']}.x{number}", body)) == {f"{row['type']}.x{number}": "pass"}


excused = [
    (row, excuse) for row in ROWS for excuse in row.get("unless", ()) if "path" in excuse and "beside" not in excuse
]


@pytest.mark.parametrize(("row", "excuse"), excused, ids=[name(r) for r, _ in excused])
def test_what_is_excused_passes(row: dict[str, Any], excuse: dict[str, Any]) -> None:
    bad = MISSING if excuse.get("absent") else wrong(row)
    body = with_value(row, bad)
    address = f"{row['type']}.x"
    assert outcomes(row, create(address, deepcopy(body))) == {address: absent(row) if bad is MISSING else "fail"}
    satisfy(body, row, excuse)
    assert outcomes(row, create(address, body)) == {address: "pass"}


decided = [
    (row, one) for row in ROWS for one in row.get("when", ()) if "path" in one["if"] and "beside" not in one["if"]
]


@pytest.mark.parametrize(("row", "one"), decided, ids=[name(r) for r, _ in decided])
def test_what_decides_where_nobody_wrote_it(row: dict[str, Any], one: dict[str, Any]) -> None:
    body = with_value(row, MISSING)
    satisfy(body, row, one["if"])
    word = {"wrong": "fail", "right": "pass", "depends": "unknown"}
    address = f"{row['type']}.x"
    assert outcomes(row, create(address, deepcopy(body))) == {address: word[one["absent"]]}
    bad = wrong(row)
    if bad is not MISSING:
        put(body, row["path"], bad)
        assert outcomes(row, create(address, body)) == {address: "fail"}


inheriting = [row for row in ROWS if "inherits" in row]


@pytest.mark.parametrize("row", inheriting, ids=map(name, inheriting))
def test_what_is_taken_over_from_a_source_is_unknown_when_made_and_judged_when_there(row: dict[str, Any]) -> None:
    address = f"{row['type']}.x"
    for source in row["inherits"]:
        body = with_value(row, wrong(row))
        assert outcomes(row, create(address, deepcopy(body))) == {address: "fail"}
        put(body, condition_path(row, {"path": source}), "some-source")
        assert outcomes(row, create(address, deepcopy(body))) == {address: "unknown"}
        assert outcomes(row, no_op(address, deepcopy(body))) == {address: "fail"}


def test_no_value_that_is_not_of_the_table_is_shown() -> None:
    for row in ROWS:
        if row["op"] in ("one_of", "contains", "subset"):
            made = BY_ID["encryption/" + row["policy"]]
            said = judge(made, plan(create(f"{row['type']}.x", with_value(row, wrong(row)))))
            assert "SOMETHING-ELSE" not in said.message


@pytest.mark.parametrize("row", [r for r in ROWS if r["op"] in ("true", "false")], ids=name)
def test_booleans_written_as_text(row: dict[str, Any]) -> None:
    address, other = f"{row['type']}.x", {"true": "false", "false": "true"}[row["op"]]
    for text, expected in ((row["op"], "pass"), (other, "fail"), (other.upper(), "fail")):
        assert outcomes(row, create(address, with_value(row, text))) == {address: expected}
