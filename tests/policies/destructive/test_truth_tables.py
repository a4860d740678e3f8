"""Every row of the destructive tables against every way a value can be and every action.

What is expected follows from the row: `change` of a weakening says what was something and what is less; `op` and
`when_absent` of a state; what the head of each file says of them. All cases of an action are resources of one plan,
and every policy judges that plan once.
"""

from __future__ import annotations

from typing import Any

import pytest

from plangate.plan.blocks import only_written
from plangate.testing import create, delete, judge, no_op, plan, ref, replace
from plangate_policies.destructive.weakening import watches

from ..every_action import ACTIONS, change  # noqa: TID252 - the tests are no package
from .rowcases import BY_ID, STATEFUL_TYPES, body, concrete, key, table

LATER = ref("terraform_data.x.output")
MISSING = object()
NOTHING: dict[str, Any] = {"absent": MISSING, "null": None, "text": "", "list": [], "map": {}}
ODD: dict[str, Any] = {"word": "some words", "number": 7, "flag": True, "words": ["a", "b"], "object": {"a": "b"}}
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
    if kind == "decreased" or "absent" in row:
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
    if row["change"] == "decreased" or "absent" in row:
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
        changes.append(change(action, address, *case[1:4]))
        told = row["change"] == "swapped" and action.startswith("replace") and row["type"] in STATEFUL_TYPES
        wanted[address] = case[4] if action in CHANGES and not told else "pass"
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
    return row["values"][0] - 1 if row["op"] == "min" else {"true": False, "one_of": "something-else"}[row["op"]]


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
    for number, (row, case) in enumerate([(one, case) for one in STATES for case in state_cases(one)]):
        if action in ("no-op", "import", "move") and (LATER in case[2].values() or case[3].get("unknown")):
            continue
        if action in ("no-op", "import", "move") and case[4] == "unknown":
            continue
        address = f"{row['type']}.c{number}"
        named[address] = row, case
        changes.append(change(action, address, *case[1:4]))
        wanted.setdefault(row["policy"], {})[address] = case[4]
        if action not in ("update", "replace"):
            continue
        # What this change takes away is told by the policy about that change, where there is one.
        taken = (case[0], merged(asked(row), body(row["path"], good(row))), *case[2:])
        address = f"{row['type']}.taken{number}"
        named[address] = row, taken
        changes.append(change(action, address, *taken[1:4]))
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


@pytest.mark.parametrize(("row", "condition"), [(r, c) for r in STATES for c in r.get("unless", ())])
def test_where_a_state_is_excused(row: dict[str, Any], condition: dict[str, Any]) -> None:
    wrong = merged(asked(row), body(row["path"], bad(row)))
    address, path = f"{row['type']}.x", condition["path"]

    def said(value: Any, **options: Any) -> str:
        return judge(BY_ID[row["policy"]], plan(create(address, merged(wrong, body(path, value)), **options))).outcome

    assert said("some-source" if condition.get("set") else condition["values"][0]) == "pass"
    for nothing in (None, "", [], {}) if path != row["path"] else ():
        assert said(nothing) == "fail"
    assert said(LATER) == ("pass" if condition.get("set") else "unknown")
    if path != row["path"]:
        assert said(None, unknown=[concrete(path)]) == "fail"


# -- what the state decides on a destroy -------------------------------------------------------------------------

STATEFUL = table("stateful")[1]
ENDS = ("stateful-delete", "stateful-replace", "stateful-forgotten", "delete-will-fail")
BEFORE: dict[str, Any] = {**NOTHING, **ODD, "true": True, "false": False, "true_text": "true", "false_text": "false"}
DESTROYS = ["delete", "replace", "replace, new first", "replace, old forgotten", "deposed", "forget", "create",
            "update", "no-op", "import", "move", "import and update", "move and update"]  # fmt: skip


def fits(condition: dict[str, Any], value: Any) -> bool:
    """Whether a condition on the state holds; a boolean may be a text. What the state has not fits nothing."""
    if condition.get("empty"):
        return value in (None, "", [], {})
    as_text = {"true": True, "false": False}.get(value) if isinstance(value, str) else value
    return any(value == v or (type(v) is bool and as_text is v) for v in condition["values"])


def holds(row: dict[str, Any], word: str, held: str | None) -> bool:
    """Whether something does what the word says: the condition that the state has, or the provider by default."""
    does = any(f["does"] == word and f["default"] is f["value"] for f in row.get("features", ()))
    return does or held == word


def ends(row: dict[str, Any], action: str, held: str | None) -> dict[str, str]:
    """What each policy says of an action on a resource of this row, where a condition of one kind holds."""
    said = dict.fromkeys(ENDS, "pass")
    severity = row["severity"]
    if action in ("forget", "replace, old forgotten"):
        said["stateful-forgotten"] = "pass" if severity == "info" else "fail"
    if action not in ("delete", "deposed", "replace", "replace, new first"):
        return said
    if holds(row, "stays", held):
        said["stateful-forgotten"] = "pass" if severity == "info" else "fail"
        return said
    replaced = row.get("on_replace", severity)
    if action == "replace, new first":
        replaced = row.get("create_first", replaced)
    if action in ("delete", "deposed"):
        said["stateful-delete"] = "fail"
    elif replaced is not None:
        said["stateful-replace"] = "fail"
    if action != "deposed" and (holds(row, "stops", held) or holds(row, "holds", held)):
        said["delete-will-fail"] = "fail"
    return said


def destroyed(action: str, address: str, before: dict[str, Any], after: dict[str, Any], **options: Any) -> Any:
    if action == "deposed":
        return delete(address, before, deposed="0a1b2c3d")
    if action == "replace, old forgotten":
        return replace(address, before, after, order="create-then-forget", **options)
    return change(action, address, before, after, options)


@pytest.mark.parametrize("action", DESTROYS)
def test_every_condition_on_the_state(action: str) -> None:
    changes: list[Any] = []
    wanted: dict[str, tuple[dict[str, str], bool, str]] = {}
    number = 0
    for row in STATEFUL:
        conditions = [(word, c) for word in ("no_copy", "stays", "stops", "holds") for c in row.get(word, ())]
        for word, condition in conditions:
            values = BEFORE | {"fitting": None if condition.get("empty") else condition["values"][0]}
            for state, value in values.items():
                held = word if value is not MISSING and fits(condition, value) else None
                before = placed(condition["path"], value)
                if value is MISSING and condition.get("empty") and "[" in condition["path"]:
                    held = word
                # What comes afterwards decides nothing: the opposite of what was, or what is not known yet.
                for how, after in (
                    ("known", placed(condition["path"], not held)),
                    ("untold", body(condition["path"], LATER)),
                ):
                    if how == "untold" and action not in ("replace", "replace, new first", "update"):
                        continue
                    number += 1
                    address = f"{row['type']}.c{number}"
                    same = action in ("no-op", "import", "move")
                    changes.append(destroyed(action, address, before, before if same else after))
                    copied = not holds(row, "no_copy", held)
                    said = ends(row, action, held)
                    unnamed = row.get("unnamed", {}).get("skip") == condition["path"] and value in (False, "false")
                    if unnamed and action in ("delete", "replace", "replace, new first"):
                        said["delete-will-fail"] = "fail"
                    where = f"{address} (deposed 0a1b2c3d)" if action == "deposed" else address
                    wanted[where] = said, copied, f"{word} {condition} {state}={value!r} {how}"
    document = plan(*changes)
    for policy in ENDS:
        found = judge(BY_ID[policy], document)
        wrong = {
            (w[2], found.outcomes.get(a, "pass"), w[0][policy]): a
            for a, w in wanted.items()
            if found.outcomes.get(a, "pass") != w[0][policy]
        }
        assert not wrong, policy
        if policy in ("stateful-delete", "stateful-replace") and action != "deposed":
            told_ = {a for a, messages in found.messages.items() if "No last copy is made" in messages[0]}
            assert told_ == {a for a, w in wanted.items() if w[0][policy] == "fail" and not w[1]}
    assert number > 1500


@pytest.mark.parametrize("row", [row for row in STATEFUL if "unnamed" in row], ids=lambda row: row["type"])
def test_a_last_copy_without_a_name_in_every_state(row: dict[str, Any]) -> None:
    skip, path = row["unnamed"]["skip"], row["unnamed"]["path"]
    wanted, changes = {}, []
    for skipped, value in BEFORE.items():
        for named, name in BEFORE.items():
            address = f"{row['type']}.{skipped}_{named}"
            state = {key: v for key, v in ((skip, value), (path, name)) if v is not MISSING}
            changes.append(delete(address, state))
            refused = value in (False, "false") and type(value) is not int
            wanted[address] = "fail" if refused and name in (MISSING, None, "", [], {}) else "pass"
    assert judge(BY_ID["delete-will-fail"], plan(*changes)).outcomes == wanted


# -- what protects another resource ------------------------------------------------------------------------------

GUARDS = table("guards")[1]
LEAVES = {"delete": "fail", "forget": "pass", "no-op": "pass", "update": "pass", "replace": "pass", "deposed": "pass",
          "replace, new first": "pass", "move": "pass", "import": "pass"}  # fmt: skip
STAYS = ["create", "update", "replace", "replace, new first", "no-op", "import", "move", "import and update",
         "move and update"]  # fmt: skip
KNOWN = {"id": "the-id", "name": "the-id"}


@pytest.mark.parametrize("row", GUARDS, ids=key)
def test_every_guard_with_every_action(row: dict[str, Any]) -> None:
    parent, guard = f"{row['type']}.p", f"{row['guard']}.g"
    condition = row.get("if_any", [{"path": "some", "values": ["thing"]}])[0]
    holding_ = {row["by"]: "the-id", **body(condition["path"], condition["values"][0])}
    for leaves, said in LEAVES.items():
        for stays in STAYS:
            new = [no_op(guard, holding_)] if leaves == "deposed" else []
            made = plan(destroyed(stays, parent, KNOWN, KNOWN), destroyed(leaves, guard, holding_, holding_), *new)
            found = judge(BY_ID["guard-deleted"], made)
            assert found.outcomes == {parent: said}, (leaves, stays)
        for gone in ("delete", "forget"):
            made = plan(destroyed(gone, parent, KNOWN, {}), destroyed(leaves, guard, holding_, holding_))
            assert judge(BY_ID["guard-deleted"], made).outcomes == {}
    for state, value in BEFORE.items():
        stays_ = no_op(parent, KNOWN)
        # Of whose reference the state says nothing, or another thing, it is not this one's.
        other = {row["by"]: value, **body(condition["path"], condition["values"][0])}
        if value is MISSING:
            del other[row["by"]]
        assert judge(BY_ID["guard-deleted"], plan(stays_, delete(guard, other))).outcomes == {parent: "pass"}, state
        if "if_any" in row:
            off = {row["by"]: "the-id", **placed(condition["path"], value)}
            said = "fail" if value is not MISSING and fits(condition, value) else "pass"
            assert judge(BY_ID["guard-deleted"], plan(stays_, delete(guard, off))).outcomes == {parent: said}, state


# -- blocks ------------------------------------------------------------------------------------------------------

BLOCKS = table("blocks")[1]


@pytest.mark.parametrize("action", ACTIONS)
def test_every_block_that_goes_away(action: str) -> None:
    one, two = [{"name": "a"}], [{"name": "a"}, {"name": "b"}]
    changes, wanted, named = [], {}, {}
    number = 0
    for row in BLOCKS:
        path = row["block"]
        top = path.partition("[")[0].partition(".")[0]
        steps = tuple(step.removesuffix("[*]") for step in path.split("."))
        cases: list[Case] = [
            ("right", body(path, two), body(path, two), {}, "pass"),
            ("more", body(path, one), body(path, two), {}, "pass"),
            ("another", body(path, one), body(path, [{"name": "c"}]), {}, "pass"),
            ("wrong", body(path, two), body(path, one), {}, "fail"),
            ("sensitive", body(path, two), body(path, one), {"sensitive": [concrete(path)]}, "fail"),
            ("unknown_inside", body(path, two), body(path, [{"name": LATER}]), {}, "fail"),
            ("untold", body(path, two), body(path, LATER), {}, "unknown"),
            ("were_none", body(path, []), body(path, LATER), {}, "pass"),
            ("left_out", body(path, two), body(path, []), {"unknown": [concrete(path)]}, "pass"),
        ]
        if only_written(row["type"], steps):
            cases[-1] = (*cases[-1][:4], "unknown")
        cases += [
            (state, body(path, two), placed(path, value), {}, "fail")
            for state, value in NOTHING.items()
            if state != "map"
        ]
        if top != path:
            cases.append(("no_block", body(path, two), {}, {}, "fail"))
        for case in cases:
            if action in ("no-op", "import", "move") and case[0] in (
                "unknown_inside", "untold", "were_none", "left_out"
            ):  # fmt: skip
                continue
            number += 1
            address = f"{row['type']}.c{number}"
            changes.append(change(action, address, *case[1:4]))
            wanted[address] = case[4] if action in ("update", "import and update", "move and update") else "pass"
            named[address] = key(row), case[0]
    found = judge(BY_ID["nested-block-removed"], plan(*changes)).outcomes
    wrong = {(named[a], found.get(a, "pass"), said) for a, said in wanted.items() if found.get(a, "pass") != said}
    assert not wrong
