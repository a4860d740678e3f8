"""Every row of the destructive tables against every way a value can be and every action.

What is expected follows from the row: `change` of a weakening says what was something and what is less; `op` and
`when_absent` of a state; what the head of each file says of them. All cases of an action are resources of one plan,
and every policy judges that plan once.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from plangate.plan.blocks import only_written
from plangate.testing import create, delete, forget, imported, judge, moved, no_op, plan, ref, replace, update
from plangate_policies.destructive.weakening import watches

from .rowcases import BY_ID, body, concrete, key, table

LATER = ref("terraform_data.x.output")
MISSING = object()
NOTHING: dict[str, Any] = {"absent": MISSING, "null": None, "text": "", "list": [], "map": {}}
ODD: dict[str, Any] = {"word": "some words", "number": 7, "flag": True, "words": ["a", "b"], "object": {"a": "b"}}
ACTIONS = ["create", "update", "replace", "replace, new first", "no-op", "delete", "forget", "import", "move",
           "import and update", "move and update"]  # fmt: skip
CHANGES = ("update", "replace", "replace, new first", "import and update", "move and update")
Case = tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]  # state, before, after, options, outcome


def placed(path: str, value: Any) -> dict[str, Any]:
    """The body with the value, or with its blocks and without the leaf."""
    made = body(path, None if value is MISSING else value)
    if value is MISSING:
        here: Any = made
        *blocks, leaf = path.split(".")
        for block in blocks:
            here = here[block.removesuffix("[*]")]
            here = here[0] if isinstance(here, list) else here
        del here[leaf]
    return made


def change(action: str, address: str, case: Case) -> Any:
    """The change with this action. Where nothing changes, the object is the one that the case has after it."""
    _, before, after, options, _ = deepcopy(case[0:1]) + tuple(case[1:])
    before, after, options = deepcopy(before), deepcopy(after), deepcopy(options)
    made: Any
    if action == "create":
        return create(address, after, **options)
    if action in ("no-op", "import", "move"):
        if action == "move":
            return moved(address, after, previous=f"{address}_was")
        return (no_op if action == "no-op" else imported)(address, after)
    if action in ("delete", "forget"):
        return (delete if action == "delete" else forget)(address, before)
    if action.startswith("replace"):
        order = "create-first" if action.endswith("first") else "delete-first"
        made = replace(address, before, after, paths=["forces"], order=order, **options)
    else:
        made = update(address, before, {**after, "changed": 1}, **options)
    if action == "import and update":
        made.entry["change"]["importing"] = {"id": "x"}
    if action == "move and update":
        made.entry["previous_address"] = f"{address}_was"
    return made


def told(row: dict[str, Any], path: str) -> list[tuple[str, dict[str, Any], dict[str, Any], str]]:
    """(state, after, options, word) of what is not known: the word is left, dynamic or configured."""
    found = [("configured", body(path, LATER), {}, "configured")]
    found.append(("left_out", body(path, None), {"unknown": [concrete(path)]}, "left"))
    if "[*]" in path:
        top = path.partition("[")[0]
        options = {"unknown": [concrete(path)], "dynamic": [top]}
        found.append(("dynamic", body(path, None), options, "dynamic"))
        whole = "dynamic" if only_written(row["type"], (top,)) else "left"
        found.append(("whole_block", {top: []}, {"unknown": [top]}, whole))
        found.append(("whole_configured", {top: LATER}, {}, "configured"))
    return found


# -- weakening ---------------------------------------------------------------------------------------------------

WEAKENING = table("weakening")[1]
# change -> (strong, weak, what nothing is after something strong, what each odd value is)
KINDS: dict[str, tuple[Any, Any, str, dict[str, str]]] = {
    "true_to_false": (True, False, "fail", {"flag": "pass"}),
    "false_to_true": (False, True, "pass", {"flag": "fail"}),
    "to_zero": (5, 0, "fail", {"number": "pass", "word": "fail", "flag": "fail", "words": "fail", "object": "fail"}),
    "emptied": ("a-name", "", "fail", dict.fromkeys(ODD, "pass")),
    "elements_removed": (["audit", "error"], ["audit"], "fail", dict.fromkeys(ODD, "fail")),
    "shrunk": (100, 99, "pass", {"number": "fail"}),
    "collapsed": (100, 50, "pass", {"number": "fail"}),
    "swapped": ("key-a", "key-b", "fail", dict.fromkeys(ODD, "fail")),
    "version_down": ("15.4", "14.9", "pass", {}),
    "major_up": ("1.28", "2.1", "pass", {}),
}


STRONG, WEAK = 10**8, 10**7


def left(row: dict[str, Any]) -> float | None:
    """What counts where a number is left out: `absent`, and `forever` is without end; None where nothing does."""
    absent = row.get("absent")
    return float("inf") if absent == "forever" or absent in row.get("forever", ()) else absent


def numbers(row: dict[str, Any]) -> tuple[Any, Any, str, dict[str, str]]:
    """Of a number that goes down. A backup that is kept for no time is told by backup-disabled."""
    counts = left(row)
    less = counts is not None and counts < STRONG
    if row["policy"] == "backup-retention-reduced" and counts == 0:
        less = False
    return STRONG, WEAK, "fail" if less else "pass", {"number": "fail"}


def sides(row: dict[str, Any]) -> tuple[Any, Any, str, dict[str, str]]:
    kind = row["change"]
    if kind == "decreased":
        return numbers(row)
    if kind == "from":
        return row["values"][0], "something-else", "fail", dict.fromkeys(ODD, "fail")
    if kind == "to_value":
        return "something-else", row["values"][0], "pass", {}
    return KINDS[kind]


def weakening_cases(row: dict[str, Any]) -> list[Case]:
    path = row["path"]
    strong, weak, nothing, odd = sides(row)
    had, had_not = body(path, strong), body(path, weak)
    measured = row["change"] not in ("swapped", "version_down", "major_up", "shrunk", "collapsed", "elements_removed")
    measured = measured and row["change"] != "decreased"
    found: list[Case] = [
        ("right", had, placed(path, strong), {}, "pass"),
        ("wrong", had, placed(path, weak), {}, "fail"),
        ("sensitive_wrong", had, placed(path, weak), {"sensitive": [concrete(path)]}, "fail"),
        ("sensitive_right", had, placed(path, strong), {"sensitive": [concrete(path)]}, "pass"),
        ("was_wrong", had_not, placed(path, weak), {}, "pass"),
        ("put_right", had_not, placed(path, strong), {}, "fail" if row["change"] == "swapped" else "pass"),
        ("was_not", placed(path, MISSING), placed(path, strong), {}, "fail" if (left(row) or 0) > STRONG else "pass"),
    ]
    found += [(state, had, placed(path, value), {}, nothing) for state, value in NOTHING.items()]
    if row["change"] == "decreased":
        # Nothing at all, or nothing that is a number: only what is left out counts as what the row says.
        found = [c if c[0] not in ("list", "map") else (*c[:4], "pass") for c in found]
    found += [(state, had, placed(path, value), {}, odd.get(state, nothing)) for state, value in ODD.items()]
    if row["change"] in ("decreased", "shrunk", "collapsed", "version_down", "major_up"):
        found = [c if c[0] not in ODD or c[0] == "number" else (*c[:4], "pass") for c in found]
    if "[*]" in path:
        top = path.partition("[")[0]
        for state, value in {"no_block": MISSING, "null_block": None, "empty_block": []}.items():
            found.append((state, had, {} if value is MISSING else {top: value}, {}, nothing))
    for state, after, options, word in told(row, path):
        said = "pass" if word == "left" else "unknown"
        found.append((state, had, after, options, said))
        if measured:
            found.append((f"was_wrong_{state}", had_not, after, options, "pass"))
    return found


def weakening_rows(policy: str) -> list[tuple[dict[str, Any], Case]]:
    return [(row, case) for row in WEAKENING if row["policy"] == policy for case in weakening_cases(row)]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("policy", sorted({row["policy"] for row in WEAKENING}))
def test_every_weakening(policy: str, action: str) -> None:
    named: dict[str, tuple[dict[str, Any], Case]] = {}
    changes, wanted = [], {}
    for number, (row, case) in enumerate(weakening_rows(policy)):
        if action not in ("update", "replace") and case[0] not in ("wrong", "right", "null", "configured"):
            continue
        if action in ("no-op", "import", "move") and case[0] == "configured":
            continue
        address = f"{row['type']}.c{number}"
        named[address] = row, case
        changes.append(change(action, address, case))
        swapped = row["change"] == "swapped" and action.startswith("replace")
        wanted[address] = case[4] if action in CHANGES and not swapped else "pass"
    found = judge(BY_ID[policy], plan(*changes)).outcomes
    wrong = {
        (named[a][0]["change"], named[a][0].get("absent"), named[a][1][0], found.get(a), wanted[a]): key(named[a][0])
        for a in wanted
        if found.get(a, "pass") != wanted[a]
    }
    assert not wrong


# -- states ------------------------------------------------------------------------------------------------------

STATES = table("states")[1]
OUTCOME = {"wrong": "fail", "right": "pass"}


def good(row: dict[str, Any]) -> Any:
    return True if row["op"] == "true" else row["values"][0]


def bad(row: dict[str, Any]) -> Any:
    return {"true": False, "one_of": "something-else", "min": 0 if "forever" not in row else 1}[row["op"]]


def merged(*bodies: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for one in bodies:
        for name, value in one.items():
            if isinstance(value, list) and value and isinstance(made.get(name), list) and made[name]:
                made[name] = [merged(made[name][0], value[0])]
            else:
                made[name] = value
    return made


def asked(row: dict[str, Any]) -> dict[str, Any]:
    """What must stand beside, so that this row alone decides."""
    same = [r for r in STATES if (r["policy"], r["type"]) == (row["policy"], row["type"]) and r is not row]
    only = body(row["only_if"]["path"], row["only_if"]["starts"] + "_8") if "only_if" in row else {}
    return merged(only, *(body(r["path"], good(r)) for r in same))


def holding(row: dict[str, Any], value: Any) -> bool:
    """Whether an odd value is one that the row asks for."""
    if row["op"] == "true":
        return value is True
    if row["op"] == "one_of":
        return value in row["values"]
    return type(value) is int and (value >= row["values"][0] or value in row.get("forever", ()))


def state_cases(row: dict[str, Any]) -> list[Case]:
    path, rest = row["path"], asked(row)
    had = merged(rest, body(path, bad(row)))
    absent = OUTCOME[row["when_absent"]]
    found: list[Case] = [
        ("right", had, merged(rest, placed(path, good(row))), {}, "pass"),
        ("wrong", had, merged(rest, placed(path, bad(row))), {}, "fail"),
        ("sensitive_right", had, merged(rest, placed(path, good(row))), {"sensitive": [concrete(path)]}, "pass"),
        ("sensitive_wrong", had, merged(rest, placed(path, bad(row))), {"sensitive": [concrete(path)]}, "fail"),
    ]
    if row["op"] == "true":
        found.append(("as_text", had, merged(rest, placed(path, "true")), {}, "pass"))
        found.append(("wrong_as_text", had, merged(rest, placed(path, "false")), {}, "fail"))
    found += [(state, had, merged(rest, placed(path, value)), {}, absent) for state, value in NOTHING.items()]
    for state, value in ODD.items():
        said = "pass" if holding(row, value) else "fail"
        found.append((state, had, merged(rest, placed(path, value)), {}, said))
    if "[*]" in path:
        top = path.partition("[")[0]
        without = OUTCOME[row.get("without_block", row["when_absent"])]
        for state, value in {"no_block": MISSING, "null_block": None, "empty_block": []}.items():
            after = {name: inner for name, inner in rest.items() if name != top}
            found.append((state, had, after if value is MISSING else {**after, top: value}, {}, without))
    for state, after, options, word in told(row, path):
        if state == "whole_block" and word == "left":
            said = OUTCOME[row.get("without_block", row["when_absent"])]
        else:
            said = absent if word == "left" else "unknown"
        found.append((state, had, merged(rest, after), options, said))
    return found


@pytest.mark.parametrize("action", ACTIONS)
def test_every_state(action: str) -> None:
    named: dict[str, tuple[dict[str, Any], Case]] = {}
    changes: list[Any] = []
    wanted: dict[str, dict[str, str]] = {}
    for number, (row, case) in enumerate((row, case) for row in STATES for case in state_cases(row)):
        if action in ("no-op", "import", "move") and (LATER in case[2].values() or case[3].get("unknown")):
            continue
        if action in ("no-op", "import", "move") and case[4] == "unknown":
            continue
        address = f"{row['type']}.c{number}"
        named[address] = row, case
        changes.append(change(action, address, case))
        wanted.setdefault(row["policy"], {})[address] = case[4]
        if action not in ("update", "replace"):
            continue
        # What this change takes away is told by the policy about that change, where there is one.
        taken = (case[0], merged(asked(row), body(row["path"], good(row))), *case[2:])
        address = f"{row['type']}.taken{number}"
        named[address] = row, taken
        changes.append(change(action, address, taken))
        wanted[row["policy"]][address] = "pass" if watches(row["type"], row["path"]) else case[4]
    document = plan(*changes)
    for policy, outcomes in wanted.items():
        found = judge(BY_ID[policy], document).outcomes
        wrong = {
            (named[a][1][0], found.get(a), said): key(named[a][0])
            for a, said in outcomes.items()
            if found.get(a) != (None if action in ("delete", "forget") else said)
        }
        assert not wrong


@pytest.mark.parametrize("row", [r for r in STATES if "unless" in r], ids=key)
def test_where_a_state_is_excused(row: dict[str, Any]) -> None:
    condition = row["unless"]
    wrong = merged(asked(row), body(row["path"], bad(row)))
    address, path = f"{row['type']}.x", condition["path"]

    def said(value: Any, **options: Any) -> str:
        return judge(BY_ID[row["policy"]], plan(create(address, merged(wrong, body(path, value)), **options))).outcome

    assert said("some-source" if condition.get("set") else condition["values"][0]) == "pass"
    for nothing in (None, "", [], {}):
        assert said(nothing) == "fail"
    assert said(LATER) == ("pass" if condition.get("set") else "unknown")
    assert said(None, unknown=[concrete(path)]) == "fail"
