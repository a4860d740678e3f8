"""Every row for Azure, Google and Kubernetes against every way an attribute can be: the verdict comes from the row.

The plans are built with plangate.testing from the schemas' facts; none was made by the providers themselves.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from plangate.testing import create, judge, no_op, plan, ref

from ..every_action import ACTIONS, change  # noqa: TID252 - the tests are no package
from .rows import (
    BY_ID,
    ENTRIES,
    MISSING,
    OUTCOME,
    ROWS,
    Row,
    base,
    block,
    concrete,
    judged,
    meet,
    name,
    put,
    right,
    rows_of,
    said,
    settings,
    wrong,
)


def each(rows: list[Row]) -> Any:
    return pytest.mark.parametrize("row", rows, ids=map(name, rows))


written = [row for row in ROWS if row["op"] != "joined"]
joined = [row for row in ROWS if row["op"] == "joined"]
can_be_wrong = [row for row in written if wrong(row) is not MISSING]
in_blocks = [row for row in written if block(row)]


def bad(row: Row) -> tuple[Row, list[Any]]:
    """A body in which only this row is wrong: by its value, or by its absence."""
    body, others = base(row)
    put(body, row["path"], wrong(row))
    return body, others


@each(written)
def test_right_passes(row: Row) -> None:
    assert said(row, *base(row)) == "pass"


@each(can_be_wrong)
def test_wrong_fails_at_its_path_and_names_no_foreign_value(row: Row) -> None:
    body, others = bad(row)
    for options in ({}, {"sensitive": [concrete(row)]}):
        found = judged(row, body, others, **options)
        assert found.outcomes[f"{row['type']}.x"] == "fail"
        assert concrete(row) in found.attributes[f"{row['type']}.x"]
        assert "SOMETHING-ELSE" not in found.message


@each(written)
@pytest.mark.parametrize("value", [MISSING, None, "", [], {}], ids=["absent", "null", "text", "list", "map"])
def test_nothing_there_is_what_the_row_says(row: Row, value: Any) -> None:
    body, others = base(row)
    put(body, row["path"], value)
    assert said(row, body, others) == OUTCOME[row["when_absent"]]


in_maps = ("parameters.", '["')  # a key of a map is written or is not there


@each([row for row in written if not any(word in row["path"] for word in in_maps)])
def test_left_out_for_the_provider_is_what_the_row_says(row: Row) -> None:
    body, others = base(row)
    assert said(row, body, others, unknown=[concrete(row)]) == OUTCOME[row["when_absent"]]


@each(written)
def test_configured_and_unknown_is_set_but_not_told(row: Row) -> None:
    body, others = base(row)
    put(body, row["path"], ref("some_resource.k.id"))
    assert said(row, body, others) == ("pass" if row["op"] == "set" else "unknown")


@each(in_blocks)
def test_in_a_dynamic_block_nothing_is_told(row: Row) -> None:
    body, others = base(row)
    assert said(row, body, others, unknown=[concrete(row)], dynamic=[block(row)]) == "unknown"


def beside(row: Row) -> list[Row]:
    """The rows of the same policy, type and outermost block."""
    return [r for r in rows_of(row["policy"], row["type"]) if block(r) == block(row)]


def needs_its_block(row: Row) -> bool:
    """Whether what a row needs stands in the block: without it the row is not about the resource."""
    return any(c.get("path", "").startswith(block(row)) for r in beside(row) for c in r.get("only_if", ()))


@each([row for row in in_blocks if not needs_its_block(row)])
@pytest.mark.parametrize("how", ["absent", "null", "empty", "left out", "text", "number"])
def test_a_block_that_is_not_there(row: Row, how: str) -> None:
    outer, same = block(row), beside(row)
    expected = {OUTCOME[r.get("without_block", r["when_absent"])] for r in same}
    body, others = base(row)
    body[outer] = {"absent": None, "null": None, "empty": [], "left out": [], "text": "x", "number": 7}[how]
    if how == "absent":
        del body[outer]
    options: dict[str, Any] = {"unknown": [outer]} if how == "left out" else {}
    assert said(row, body, others, **options) == next(o for o in ("fail", "unknown", "pass") if o in expected)


@each([row for row in written if row["op"] in ("true", "false")])
def test_booleans_written_as_text(row: Row) -> None:
    body, others = base(row)
    for text, outcome in ((row["op"], "pass"), ({"true": "false", "false": "true"}[row["op"]], "fail"), (7, "fail")):
        put(body, row["path"], text)
        assert said(row, body, others) == outcome


@each([row for row in can_be_wrong if "only_if" in row])
def test_a_row_is_only_about_what_it_needs(row: Row) -> None:
    for condition in row["only_if"]:
        body, others = bad(row)
        if "companion" in condition:
            others = []
        elif "values" in condition:
            put(body, condition["path"], "something-else")
        else:
            put(body, condition["path"], MISSING)
        assert said(row, body, others) == "pass"


excused = [(row, at) for row in written for at, c in enumerate(row.get("unless", ())) if "element" not in c]


@pytest.mark.parametrize(("row", "at"), excused, ids=[f"{name(row)}-{at}" for row, at in excused])
def test_each_excuse_excuses(row: Row, at: int) -> None:
    excuse = row["unless"][at]
    body, others = bad(row)
    if excuse.get("absent") or excuse.get("path", "").startswith("."):
        put(body, row["path"], MISSING)
    if excuse.get("path", "").startswith("."):
        excuse = {**excuse, "path": row["path"].rpartition(".")[0] + excuse["path"]}
    others += meet(body, excuse, row["type"])
    assert said(row, body, others) == "pass"


@each(joined)
def test_what_stands_in_another_resource_is_joined(row: Row) -> None:
    body: Row = {"name": "n"}
    assert said(row, body, []) == "fail"
    child = meet({}, row["unless"][0], row["type"])
    assert said(row, body, child) == "pass"
    elsewhere = create(f"{row['unless'][0]['companion']}.c", {row["unless"][0]["by"]: ref(f"{row['type']}.other.id")})
    assert said(row, body, [elsewhere, create(f"{row['type']}.other", {})]) == "fail"
    undecided = create(f"{row['unless'][0]['companion']}.c", {row["unless"][0]["by"]: ref("local.which")})
    assert said(row, body, [undecided]) == "unknown"


# A value of a type that the attribute cannot have, and what it is then.
ODD: dict[str, tuple[Any, str]] = {
    "true": (7, "fail"),
    "false": (7, "fail"),
    "one_of": (7, "fail"),
    "none_of": (7, "pass"),
    "excludes": (7, "pass"),
    "set": (7, "pass"),
    "at_least": ("x", "fail"),
    "seconds_within": (["x"], "fail"),
}


def states(row: Row) -> list[tuple[str, Any, Row, str]]:
    """(state, value at the path, options, outcome): every way the attribute can be."""
    absent, where = OUTCOME[row["when_absent"]], concrete(row)
    found: list[tuple[str, Any, Row, str]] = [
        (f"nothing_{at}", value, {}, absent) for at, value in enumerate((MISSING, None, "", [], {}))
    ]
    found += [("right", right(row), {}, "pass"), ("sensitive_right", right(row), {"sensitive": [where]}, "pass")]
    if wrong(row) is not MISSING:
        found += [("wrong", wrong(row), {}, "fail"), ("sensitive_wrong", wrong(row), {"sensitive": [where]}, "fail")]
    odd, said_of_odd = ODD[row["op"]]
    found.append(("odd", odd, {}, said_of_odd))
    found.append(("configured", ref("some_resource.k.id"), {}, "pass" if row["op"] == "set" else "unknown"))
    if not any(word in row["path"] for word in in_maps):
        found.append(("left_out", MISSING, {"unknown": [where]}, absent))
    if block(row):
        found.append(("dynamic", MISSING, {"unknown": [where], "dynamic": [block(row)]}, "unknown"))
    return found


@each(written)
def test_every_state_with_every_action(row: Row) -> None:
    made, good = BY_ID["encryption/" + row["policy"]], base(row)[0]
    alone: list[Any] = []
    wanted: dict[str, str | None] = {}
    for number, (action, (state, value, options, outcome)) in enumerate(
        (action, state) for action in ACTIONS for state in states(row)
    ):
        if action in ("no-op", "import", "move") and state in ("configured", "left_out", "dynamic"):
            continue  # nothing that stays as it is is unknown
        body, others = base(row)
        put(body, row["path"], value)
        expected = None if action in ("delete", "forget") else outcome
        if others:  # what is joined names the resource
            address = f"{row['type']}.x"
            found = judge(made, plan(change(action, address, good, body, options), *others), **settings(row["policy"]))
            assert found.outcomes.get(address) == expected, (action, state)
            continue
        address = f"{row['type']}.n{number}_{state}_{action.replace(' ', '_').replace(',', '')}"
        alone.append(change(action, address, good, body, options))
        wanted[address] = expected
    outcomes = judge(made, plan(*alone), **settings(row["policy"])).outcomes if alone else {}
    assert {a: (outcomes.get(a), o) for a, o in wanted.items() if outcomes.get(a) != o} == {}


@each([row for row in can_be_wrong if row.get("replaces")])
def test_advice_says_how_to_get_there_where_mending_replaces(row: Row) -> None:
    body, others = bad(row)
    made, address = BY_ID["encryption/" + row["policy"]], f"{row['type']}.x"
    how = ENTRIES[row["policy"]]["migrate"]
    for one, said_so in ((no_op(address, deepcopy(body)), True), (create(address, deepcopy(body)), False)):
        (judged,) = plan(one, *others).of_type(row["type"])
        advice = [f.remediation for f in made(judged, **settings(row["policy"]))]
        assert any(how in text for text in advice) is said_so


@each([row for row in ROWS if settings(row["policy"])])
def test_what_is_opt_in_says_nothing_by_default(row: Row) -> None:
    body, others = bad(row) if row["op"] != "joined" else ({}, [])
    made = BY_ID["encryption/" + row["policy"]]
    assert judge(made, plan(create(f"{row['type']}.x", body), *others)).outcomes[f"{row['type']}.x"] == "pass"
