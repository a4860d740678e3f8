"""Every row for Azure, Google and Kubernetes against every way an attribute can be: the verdict comes from the row.

The plans are built with plangate.testing from the schemas' facts; none was made by the providers themselves.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from plangate.testing import create, imported, judge, moved, no_op, plan, ref, replace, update

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


@each(can_be_wrong)
def test_what_stays_is_judged_whatever_is_done_to_it(row: Row) -> None:
    body, others = bad(row)
    good, _ = base(row)
    made, address = BY_ID["encryption/" + row["policy"]], f"{row['type']}.x"
    for change in (
        update(address, deepcopy(good), deepcopy(body)),
        replace(address, deepcopy(good), deepcopy(body)),
        no_op(address, deepcopy(body)),
        moved(address, deepcopy(body), previous=f"{row['type']}.old"),
        imported(address, deepcopy(body)),
    ):
        assert judge(made, plan(change, *others), **settings(row["policy"])).outcomes[address] == "fail"


@each([row for row in can_be_wrong if row.get("replaces")])
def test_advice_says_how_to_get_there_where_mending_replaces(row: Row) -> None:
    body, others = bad(row)
    made, address = BY_ID["encryption/" + row["policy"]], f"{row['type']}.x"
    how = ENTRIES[row["policy"]]["migrate"]
    for change, said_so in ((no_op(address, deepcopy(body)), True), (create(address, deepcopy(body)), False)):
        (judged,) = plan(change, *others).of_type(row["type"])
        advice = [f.remediation for f in made(judged, **settings(row["policy"]))]
        assert any(how in text for text in advice) is said_so


@each([row for row in ROWS if settings(row["policy"])])
def test_what_is_opt_in_says_nothing_by_default(row: Row) -> None:
    body, others = bad(row) if row["op"] != "joined" else ({}, [])
    made = BY_ID["encryption/" + row["policy"]]
    assert judge(made, plan(create(f"{row['type']}.x", body), *others)).outcomes[f"{row['type']}.x"] == "pass"
