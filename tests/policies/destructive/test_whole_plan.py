"""Limits of a whole plan, and resources that only change their address."""

from __future__ import annotations

import time
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate import SettingMistake
from plangate.testing import create, delete, forget, judge, no_op, plan, replace, update

from .rowcases import BY_ID

MANY, CHANGED = BY_ID["too-many-destroyed"], BY_ID["too-many-changed"]
ALL_GONE, MODULE, WEIGHT = BY_ID["everything-destroyed"], BY_ID["module-removed"], BY_ID["weight-destroyed"]
SHIFT, MOVED = BY_ID["index-shifted"], BY_ID["moved-block-missing"]


def gone(count: int, type_: str = "t_t", where: str = "") -> list[Any]:
    return [delete(f"{where}{type_}.d{i}") for i in range(count)]


def kept(count: int, where: str = "") -> list[Any]:
    return [no_op(f"{where}t_t.k{i}") for i in range(count)]


def test_how_much_is_too_much() -> None:
    one = replace("t_t.r", {}, {})
    assert judge(MANY, plan(*kept(100), *gone(10))).outcome == "pass"
    said = judge(MANY, plan(*kept(100), *gone(10), one))
    assert said.outcome == "fail"
    assert "11 resources are destroyed (10 deleted, 1 replaced)" in said.message
    assert judge(MANY, plan(*kept(100), *gone(10), one), max_destroyed=11).outcome == "pass"
    assert judge(MANY, plan(*kept(100), *gone(10)), max_destroyed=9).outcome == "fail"


def test_share_of_what_exists() -> None:
    assert judge(MANY, plan(*gone(4))).outcome == "pass"
    assert judge(MANY, plan(*gone(5))).outcome == "fail"
    assert judge(MANY, plan(*gone(5), *[create(f"t_t.n{i}") for i in range(20)])).outcome == "fail"
    assert judge(MANY, plan(*gone(5), *kept(5))).outcome == "pass"
    assert judge(MANY, plan(*gone(5)), share_from=6).outcome == "pass"
    assert judge(MANY, plan(*gone(5)), max_share=1.0).outcome == "pass"


def test_a_targeted_plan_is_measured_by_the_state() -> None:
    listed = [{"mode": "managed", "type": "t_t", "name": str(i)} for i in range(20)]
    state = {"values": {"root_module": {"resources": listed[:10], "child_modules": [{"resources": listed[10:]}]}}}
    assert judge(MANY, plan(*gone(5), prior_state=state)).outcome == "pass"
    assert judge(ALL_GONE, plan(*gone(5), prior_state=state)).outcome == "pass"


def test_what_does_not_count() -> None:
    harmless = [forget(f"t_t.f{i}") for i in range(20)]
    harmless += [delete(f"t_t.p{i}", deposed="0a1b2c3d") for i in range(20)]
    harmless += [replace(f"t_t.r{i}", {}, {}, order="create-then-forget") for i in range(20)]
    for made in (MANY, ALL_GONE, MODULE, WEIGHT, SHIFT, MOVED):
        assert judge(made, plan(*harmless)).outcome == "pass"


def test_everything_is_destroyed() -> None:
    assert judge(ALL_GONE, plan(*gone(2))).outcome == "pass"
    assert judge(ALL_GONE, plan(*gone(3))).outcome == "fail"
    assert judge(ALL_GONE, plan(*gone(3), create("t_t.n"))).outcome == "fail"
    assert judge(ALL_GONE, plan(*gone(30), *kept(1))).outcome == "pass"
    assert judge(ALL_GONE, plan(*gone(3)), everything_from=4).outcome == "pass"
    assert judge(ALL_GONE, plan()).outcome == "pass"
    assert judge(ALL_GONE, plan(), everything_from=0).outcome == "pass"


def test_too_many_changes() -> None:
    updates = [update(f"t_t.u{i}", {"a": 1}, {"a": 2}) for i in range(100)]
    assert judge(CHANGED, plan(*updates, *[create(f"t_t.n{i}") for i in range(300)])).outcome == "pass"
    assert judge(CHANGED, plan(*updates, forget("t_t.f"))).outcome == "fail"
    assert judge(CHANGED, plan(*updates), max_changed=99).outcome == "fail"


def test_a_whole_module_is_removed() -> None:
    a = gone(3, where="module.a.")
    assert judge(MODULE, plan(*a, *kept(1))).outcomes == {"module.a.t_t.d0": "fail"}
    assert judge(MODULE, plan(*a, *kept(1, where="module.a."))).outcome == "pass"
    assert judge(MODULE, plan(*a), module_from=4).outcome == "pass"
    assert judge(MODULE, plan(*gone(9))).outcome == "pass"
    inner = [*gone(2, where='module.a["x.module.y"].module.b[0].'), *gone(1, where='module.a["x.module.y"].')]
    said = judge(MODULE, plan(*inner, *kept(3, where='module.a["z"].')))
    assert said.message.startswith('The whole module module.a["x.module.y"] is deleted: 3 resources')
    assert len(said.messages) == 1
    assert judge(MODULE, plan(*inner, *kept(1, where='module.a["x.module.y"].'))).outcome == "pass"


def test_the_weight_of_what_is_destroyed() -> None:
    buckets, roles = gone(7, "aws_s3_bucket"), gone(1, "aws_iam_role")
    assert judge(WEIGHT, plan(*buckets)).outcome == "pass"  # 140
    said = judge(WEIGHT, plan(*buckets, *roles, replace("t_t.r", {}, {})))
    assert "9 resources are destroyed that weigh 151 together" in said.message
    assert judge(WEIGHT, plan(*buckets, *roles, *gone(1)), weights={"access": 0}).outcome == "pass"
    assert judge(WEIGHT, plan(*roles), max_weight=9).outcome == "fail"
    assert WEIGHT.check_settings is not None
    with pytest.raises(SettingMistake):
        WEIGHT.check_settings({"weights": {"dater": 1}})
    assert list(WEIGHT.check_settings({"weights": {"data": 1}})) == []


@pytest.mark.parametrize(
    ("policy", "setting", "changes"),
    [
        (MANY, "max_destroyed", [*kept(100), *gone(5)]),
        (CHANGED, "max_changed", [update(f"t_t.u{i}", {"a": 1}, {"a": 2}) for i in range(5)]),
        (WEIGHT, "max_weight", gone(5)),
    ],
)
def test_limits_by_environment(policy: Any, setting: str, changes: list[Any]) -> None:
    def outcome(environment: str | None, limits: dict[str, int], **more: int) -> str:
        made = plan(*changes)
        made.run["environment"] = environment
        return judge(policy, made, **{f"{setting}_in_environments": limits}, **more).outcome

    assert outcome("production", {"production": 4}) == "fail"
    assert outcome("production", {"prod*": 4}) == outcome("production", {"prod*": 4, "production": 9}) == "fail"
    assert outcome("production", {"production": 5}) == outcome("dev", {"production": 4}) == "pass"
    assert outcome(None, {"production": 4}) == "pass"
    assert outcome("production", {"production": 5}, **{setting: 4}) == "pass"
    assert outcome("dev", {"production": 5}, **{setting: 4}) == "fail"
    assert policy.check_settings is not None
    with pytest.raises(SettingMistake):
        policy.check_settings({f"{setting}_in_environments": {"*a": 1}})
    assert list(policy.check_settings({f"{setting}_in_environments": {"a*": 1}})) == []


# -- shifts --------------------------------------------------------------------------------------------------


def users(names: list[str], new: list[str]) -> list[Any]:
    """A count over one list of names, and over another one."""
    made: list[Any] = []
    for i in range(max(len(names), len(new))):
        address = f"aws_iam_user.u[{i}]"
        old, after = ({"name": side[i], "path": "/"} if i < len(side) else None for side in (names, new))
        if old is None:
            made.append(create(address, after))
        elif after is None:
            made.append(delete(address, old, reason="delete_because_count_index"))
        elif old == after:
            made.append(no_op(address, old))
        else:
            made.append(replace(address, old, after, paths=["name"]))
    return made


def test_an_element_taken_out_of_the_middle() -> None:
    said = judge(SHIFT, plan(*users(["a", "b", "c", "d"], ["a", "c", "d"])))
    assert said.outcomes == {"aws_iam_user.u[1]": "fail"}
    assert said.severities == {"aws_iam_user.u[1]": ["high"]}
    assert "2 elements of a count become what their neighbour above was" in said.message
    assert judge(SHIFT, plan(*users(["a", "b", "c", "d"], ["a", "b", "c"]))).outcome == "pass"
    assert "below" in judge(SHIFT, plan(*users(["a", "b"], ["new", "a", "b"]))).message
    assert judge(SHIFT, plan(*users(["a", "b"], ["a", "b", "c"]))).outcome == "pass"
    assert judge(SHIFT, plan(*users(["a", "b", "c"], ["x", "y"]))).outcome == "pass"


def machines(where: str, names: list[str], new: list[str]) -> list[Any]:
    """A module with count over one list of names, and over another one: two resources that tell the name."""
    made: list[Any] = []
    for change in users(names, new):
        index = change.entry["index"]
        for type_, inner in (("aws_iam_user", "u"), ("aws_ebs_volume", 'v["x[0]"]')):
            one = deepcopy(change)
            one.entry.update(type=type_, address=f"{where}[{index}].module.in.{type_}.{inner}")
            one.entry.update(module_address=f"{where}[{index}].module.in", name=inner[0])
            one.entry.pop("index")
            made.append(one)
    return made


def test_a_count_of_modules_shifts() -> None:
    where = 'module.a["x[1]"].module.vm'
    said = judge(SHIFT, plan(*machines(where, ["a", "b", "c", "d"], ["a", "c", "d"])))
    assert said.severities == {f"{where}[1].module.in.aws_iam_user.u": ["high"]}
    assert f"({where}[1], {where}[2])" in said.message
    one = judge(SHIFT, plan(*machines(where, ["a", "b"], ["b"])))
    assert "1 element of a count becomes what its neighbour above was" in one.message
    for harmless in (["a", "b", "c"], ["x", "y"], ["a", "b", "c", "d", "e"]):
        assert judge(SHIFT, plan(*machines(where, ["a", "b", "c", "d"], harmless))).outcome == "pass"


names = st.lists(st.text("abcdefgh", min_size=1, max_size=3), unique=True, min_size=2, max_size=12)


@given(names, st.data())
@settings(deadline=None, max_examples=60)
def test_every_removal_but_the_last_is_a_shift(listed: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(listed) - 1))
    said = judge(SHIFT, plan(*users(listed, listed[:at] + listed[at + 1 :])))
    assert said.outcome if at == len(listed) - 1 else said.outcomes == {f"aws_iam_user.u[{at}]": "fail"}
    assert ("pass" in said.outcomes.values()) == (at == len(listed) - 1)


@given(names, names)
@settings(deadline=None, max_examples=60)
def test_any_two_lists_are_told_apart_without_an_error(old: list[str], new: list[str]) -> None:
    made = plan(*users(old, new))
    for policy in (SHIFT, MOVED):
        assert set(judge(policy, made).outcomes.values()) <= {"pass", "fail"}


# -- moves ---------------------------------------------------------------------------------------------------

ROLE = {"name": "app", "path": "/svc/", "description": "of the app", "max_session_duration": 3600}


@pytest.mark.parametrize(
    ("old", "new", "after", "suggested"),
    [
        (
            'aws_iam_role.r["a"]',
            'aws_iam_role.r["b"]',
            {**ROLE, "name": "b"},
            'from = aws_iam_role.r["a"] to = aws_iam_role.r["b"]',
        ),
        ("aws_iam_role.r[0]", 'aws_iam_role.r["app"]', ROLE, 'from = aws_iam_role.r[0] to = aws_iam_role.r["app"]'),
        ("aws_iam_role.r", "aws_iam_role.r[0]", ROLE, "from = aws_iam_role.r to = aws_iam_role.r[0]"),
        ("aws_iam_role.old", "aws_iam_role.new", ROLE, "from = aws_iam_role.old to = aws_iam_role.new"),
        ("module.a.aws_iam_role.r", "module.b.aws_iam_role.r", ROLE, "from = module.a to = module.b"),
        ("aws_iam_role.r", "module.b.aws_iam_role.r", ROLE, "from = aws_iam_role.r to = module.b.aws_iam_role.r"),
        ("aws_iam_role.old", "aws_iam_role.new", {**ROLE, "name": "x", "path": "/y/"}, None),
        ('aws_iam_role.r["a"]', 'aws_iam_role.r["b"]', {"name": "x", "path": "/y/", "description": "z"}, None),
        ("aws_iam_role.old", "aws_iam_user.new", ROLE, None),
    ],
)
def test_a_moved_block_is_suggested(old: str, new: str, after: dict[str, Any], suggested: str | None) -> None:
    said = judge(MOVED, plan(delete(old, ROLE), create(new, after)))
    if suggested is None:
        assert said.outcome == "pass"
    else:
        assert said.outcomes == {old: "fail"}
        assert f"moved {{ {suggested} }}" in said.message
        assert said.severities == {old: ["medium"]}


def test_what_is_stateless_is_low_and_a_block_is_told_once() -> None:
    rules = [{"cidr_block": f"10.{i}.0.0/16", "name": f"n{i}", "kind": "k"} for i in range(20)]
    old = [delete(f"t_rule.r[{i}]", rule) for i, rule in enumerate(rules)]
    new = [create(f't_rule.r["n{i}"]', rule) for i, rule in reversed(list(enumerate(rules)))]
    said = judge(MOVED, plan(*old, *new))
    assert list(said.severities.values()) == [["low"]]
    assert "20 deleted and made again under another address" in said.message
    assert 'moved { from = t_rule.r[19] to = t_rule.r["n19"] }' in said.message
    assert "and 17 more" in said.message


def test_cost_is_linear() -> None:
    def seconds(count: int) -> float:
        same = {"name": "same", "kind": "k", "size": "small"}
        changes = [delete(f't_t.a["{i}"]', {**same, "n": str(i // 20)}) for i in range(count)]
        changes += [create(f't_t.b["{i}"]', {**same, "n": str(i // 20), "other": "x"}) for i in range(count)]
        changes += users([f"u{i}" for i in range(count)], [f"u{i}" for i in range(1, count)])
        made = plan(*changes)
        started = time.process_time()
        for policy in (SHIFT, MOVED, MANY, MODULE, WEIGHT):
            judge(policy, made)
        return time.process_time() - started

    small = max(min(seconds(250) for _ in range(3)), 0.001)
    assert min(seconds(2000) for _ in range(2)) < 8 * 4 * small  # eight times as many; quadratic would be 64 times
