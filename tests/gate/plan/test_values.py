"""One tree of three: known, unknown, null and absent stay four different things, and no question gets a guess."""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate import ABSENT, Block, Change, Finding, Items, Plan, Unknown, UnknownValue, is_unknown, policy
from plangate.plan.paths import dotted, first_unknown, parse_path
from plangate.plan.values import merge
from plangate.testing import create, judge, no_op, plan, ref


def explain(path: Any, asked: Any) -> tuple[str, str | None]:
    return "configured", "aws_kms_key.k.arn"


def tree(value: Any, unknown: Any) -> Any:
    return merge(value, unknown, (), explain)


# -- the tree --------------------------------------------------------------------------------------------

BODY = {"known": "a", "null": None, "empty": "", "no": False, "zero": 0, "list": ["a", None], "map": {"k": "v"}}
MASK = {"unknown": True, "list": [False, True], "block": [{"id": True}], "map": {"later": True}, "off": False}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("known", "a"),
        ("null", None),
        ("empty", ""),
        ("no", False),
        ("zero", 0),
        ("list[0]", "a"),
        ("list.0", "a"),
        ("map.k", "v"),
        ('map["k"]', "v"),
        ("absent", ABSENT),
        ("off", ABSENT),
        ("absent.below.that", ABSENT),
        ("known.below", ABSENT),
        ("null.below", ABSENT),
        ("list[2]", ABSENT),
        ("list.name", ABSENT),
        ("map.other", ABSENT),
        ("block[0].other", ABSENT),
    ],
)
def test_what_is_known_is_plain(path: str, value: Any) -> None:
    found = tree(BODY, MASK).at(path)
    assert type(found) is type(value)
    assert found == value


@pytest.mark.parametrize("path", ["unknown", "list[1]", "block[0].id", "map.later"])
def test_what_is_unknown_says_where_it_stands(path: str) -> None:
    found = tree(BODY, MASK).at(path)
    assert is_unknown(found)
    assert (found.path, found.state, found.origin) == (path, "configured", "aws_kms_key.k.arn")
    assert repr(found) == f"<unknown {path}>"
    assert is_unknown(tree(BODY, MASK).at("unknown.below"))


def test_names_hold_those_that_will_come() -> None:
    body = tree(BODY, MASK)
    assert body.keys() == [*BODY, "unknown", "block"]
    assert len(body) == len(BODY) + 2
    assert "unknown" in body
    assert "null" in body
    assert "off" not in body
    assert "absent" not in body
    assert body["map"].keys() == ["k", "later"]
    assert [k for k, _ in body.items()] == list(body) == body.keys()
    assert [is_unknown(v) for v in body["map"].values()] == [False, True]
    assert body.get("absent", 7) == 7
    assert body.get("null", 7) is None


def test_lists_with_unknown_elements() -> None:
    items = tree(["a", None, "c"], [False, True])
    assert isinstance(items, Items)
    assert len(items) == 3
    assert [is_unknown(v) for v in items] == [False, True, False]
    assert items[-1] == "c"
    assert is_unknown(items[-2])
    assert items[5] is ABSENT
    assert "c" in items, "what is known suffices"
    with pytest.raises(UnknownValue):
        _ = "d" in items
    with pytest.raises(UnknownValue):
        _ = "d" in tree([None, None, "c"], [True, True, False])
    assert "c" in tree([None, None, "c"], [True, True, False])
    assert len(tree([], [True, True])) == 2, "a list that is left out as long as its mask says"


def test_a_whole_block_that_is_unknown() -> None:
    body = tree({"rule": [{"id": "a"}]}, {"rule": [True], "later": True})
    assert is_unknown(body["rule"][0])
    assert is_unknown(body.at("rule[0].id"))
    assert is_unknown(body["later"])
    whole = Block({}, True, (), explain, None)
    assert is_unknown(whole["anything"])
    for ask in (whole.keys, lambda: len(whole), lambda: list(whole), lambda: "x" in whole, lambda: whole == {}):
        with pytest.raises(UnknownValue):
            ask()


@pytest.mark.parametrize("mask", [[True], "yes", 1, {"a": True}, True])
def test_a_mask_that_does_not_fit_covers_all_of_it(mask: Any) -> None:
    if not isinstance(mask, dict):
        body = Block({"a": 1}, mask, (), explain, None)
        assert is_unknown(body["a"])
        with pytest.raises(UnknownValue):
            body.items()
    if not isinstance(mask, list):
        assert is_unknown(Items([1], mask, (), explain, None)[0])


def test_plain_is_the_value_or_unknown() -> None:
    body = tree(BODY, MASK)
    assert body["map"].known is False
    assert body.known is False
    assert tree({"a": [1, {"b": 2}]}, {}).plain() == {"a": [1, {"b": 2}]}
    assert tree({"a": [1]}, {"a": [False]})["a"] == [1]
    assert tree({"a": [1]}, {})["a"] == tree([1], None)
    assert tree({"a": [1]}, {})["a"] != [2]
    with pytest.raises(UnknownValue) as asked:
        body["map"].plain()
    assert asked.value.path == "map.later"
    with pytest.raises(UnknownValue):
        _ = body["list"] == ["a", "b"]


def test_absent_is_false_and_empty_all_the_way_down() -> None:
    assert not ABSENT
    assert len(ABSENT) == 0
    assert list(ABSENT) == []
    assert "x" not in ABSENT
    assert ABSENT["a"]["b"][0] is ABSENT
    assert ABSENT.get("a") is None
    assert ABSENT.get("a", 3) == 3
    assert ABSENT != ""
    assert ABSENT is not None
    assert ABSENT != {}
    change = plan(create("aws_x.a", null=None, empty=[])).changes[0]
    assert change.before is ABSENT
    assert change.before["a"]["b"] is ABSENT
    assert change.after["absent"]["a"] is ABSENT
    assert change.after["null"] is None
    assert change.after["empty"] is not ABSENT
    assert not change.after["empty"]
    assert change.after.at("null.a.b") is ABSENT


@pytest.mark.parametrize(
    ("attribute", "is_set", "left_out"),
    [
        ("known", True, False),
        ("empty", True, False),
        ("null", False, False),
        ("absent", False, False),
        ("configured", True, False),
        ("forgotten", False, True),
    ],
)
def test_is_it_set_and_is_it_left_out(attribute: str, is_set: bool, left_out: bool) -> None:
    values = {"known": "a", "empty": "", "null": None, "configured": ref("aws_kms_key.k.arn")}
    change = plan(create("aws_x.a", values, unknown=["forgotten"])).changes[0]
    assert change.is_set(attribute) is is_set
    assert change.is_left_out(attribute) is left_out


def test_in_a_block_that_a_dynamic_made_nothing_is_told() -> None:
    made = create("aws_x.a", rule=[{"key": None}], unknown=["rule[0].key"], dynamic=["rule"])
    change = plan(made).changes[0]
    assert change.after.at("rule[0].key").state == "uncertain"
    assert change.is_left_out("rule[0].key") is False
    with pytest.raises(UnknownValue):
        change.is_set("rule[0].key")


def test_in_a_block_that_a_dynamic_made_inside_another_one_nothing_is_told() -> None:
    made = create("aws_x.a", rule=[{"name": "n", "inner": [{"key": None}]}], unknown=["rule[0].inner[0].key"])
    assert plan(made).changes[0].after.at("rule[0].inner[0].key").state == "left_out"  # the block is written
    assert made.configured is not None
    del made.configured["expressions"]["rule"][0]["inner"]
    assert plan(made).changes[0].after.at("rule[0].inner[0].key").state == "uncertain"


def test_a_block_that_the_provider_never_fills_in_is_a_dynamics_where_it_is_unknown() -> None:
    # Terraform 1.11.4 and hashicorp/aws 5.100.0: forgotten it plans as [], but root_block_device as unknown.
    group = plan(create("aws_autoscaling_group.g", tag=[], unknown=["tag"])).changes[0]
    assert group.after["tag"].state == "uncertain"
    for name in ("type", "blocks", "g", ""):
        attribute = plan(create("aws_autoscaling_group.g", {name: ""}, unknown=[name or "id"])).changes[0]
        assert attribute.after[name or "id"].state == "left_out"
    written = plan(create("aws_autoscaling_group.g", tag=ref("var.tags"))).changes[0]
    assert written.after["tag"].state == "configured"
    machine = plan(create("aws_instance.i", root_block_device=[], unknown=["root_block_device"])).changes[0]
    assert machine.after["root_block_device"].state == "left_out"
    template = create(
        "aws_launch_template.t", block_device_mappings=[{"ebs": []}], unknown=["block_device_mappings[0].ebs"]
    )
    assert plan(template).changes[0].after.at("block_device_mappings[0].ebs").state == "uncertain"
    at = "broker_node_group_info[0].connectivity_info[0].public_access"  # filled in, once the block around it is there
    brokers = create("aws_msk_cluster.m", broker_node_group_info=[{"connectivity_info": [{}]}], unknown=[at])
    assert plan(brokers).changes[0].after.at(at).state == "left_out"
    assert plan(create("azurerm_x.y", block=[], unknown=["block"])).changes[0].after["block"].state == "left_out"


# -- no question gets a guess ----------------------------------------------------------------------------

QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "truth": bool,
    "not": lambda v: not v,
    "if": lambda v: 1 if v else 2,
    "equal": lambda v: v == "a",
    "equal from the other side": lambda v: "a" == v,  # noqa: SIM300
    "equal to None": lambda v: v == None,  # noqa: E711
    "equal to itself": lambda v: v == v,  # noqa: PLR0124
    "differs": lambda v: v != "a",
    "less": lambda v: v < 1,
    "less from the other side": lambda v: 1 < v,  # noqa: SIM300
    "at least": lambda v: v >= 1,
    "hash": hash,
    "key of a dict": lambda v: {"a": 1}[v],
    "in a set": lambda v: v == "a",
    "in a tuple": lambda v: v in ("a", "b"),
    "in a list": lambda v: v == "a",
    "holds": lambda v: "a" in v,
    "length": len,
    "loop": list,
    "any": any,
    "first": lambda v: v[0],
    "name": lambda v: v["a"],
    "str": str,
    "format": lambda v: f"{v}",
    "old format": lambda v: "%s" % v,  # noqa: UP031
    "int": int,
    "float": float,
    "bytes": bytes,
    "index": lambda v: [1, 2][v],
    "sum": lambda v: v + 1,
    "sum from the other side": lambda v: 1 + v,
    "text": lambda v: "arn:" + v,
    "difference": lambda v: 3 - v,
    "product": lambda v: v * 2,
    "quotient": lambda v: v / 2,
    "remainder": lambda v: v % 2,
    "or": lambda v: v | 1,
    "minus": lambda v: -v,
    "round": round,
    "floor": math.floor,
    "reversed": reversed,
    "sorted": lambda v: sorted([v, v]),
    "max": lambda v: max(v, 1),
    "isinstance": lambda v: isinstance(v, str),
    "isinstance of several": lambda v: isinstance(v, list | dict),
    "isinstance of an interface": lambda v: isinstance(v, Mapping),
    "a method of text": lambda v: v.startswith("arn:"),
    "a method of a map": lambda v: v.get("a"),
    "lower": lambda v: v.lower() == "a",
    "glob": lambda v: fnmatch.fnmatch(v, "a*"),
    "call": lambda v: v(),
    "unpack": lambda v: [*v],
    "merge": lambda v: {**v},
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_raises(question: str) -> None:
    with pytest.raises(UnknownValue) as asked:
        QUESTIONS[question](tree({}, {"a": True})["a"])
    assert (asked.value.path, asked.value.origin) == ("a", "aws_kms_key.k.arn")


# What no object can see: only the engine.
BLIND: dict[str, Callable[[Any], Any]] = {
    "regular expression": lambda v: re.match("a", v),
    "join": lambda v: f"{v}",
    "in a text": lambda v: v in "abc",
    "starts with it": "abc".startswith,
    "is None": lambda v: v is None,
    "is False": lambda v: v is False,
    "type": lambda v: type(v) is str and v == "",
    "identity with absent": lambda v: v is ABSENT,
}


def asking(question: Callable[[Any], Any]) -> Any:
    @policy("test/asks", types="aws_x")
    def asks(change: Change) -> Iterator[Finding]:
        """Asks."""
        if question(change.after["a"]):
            yield Finding("it is so", "a")

    return asks


UNKNOWNS = {
    "configured": create("aws_x.a", a=ref("aws_kms_key.k.arn")),
    "left out": create("aws_x.a", unknown=["a"]),
    "in a dynamic": create("aws_x.a", a=[{"b": 1}], unknown=["a"], dynamic=["a"]),
}


@pytest.mark.parametrize("made", UNKNOWNS)
@pytest.mark.parametrize("question", [*QUESTIONS, *BLIND])
def test_every_question_of_a_policy_is_unknown(question: str, made: str) -> None:
    verdicts = judge(asking({**QUESTIONS, **BLIND}[question]), plan(UNKNOWNS[made]))
    assert verdicts.outcomes == {"aws_x.a": "unknown"}
    assert verdicts.attributes == {"aws_x.a": ["a"]}


def test_a_mistake_that_has_nothing_to_do_with_it_stays_one() -> None:
    @policy("test/breaks", types="aws_x")
    def breaks(change: Change) -> Iterator[Finding]:
        """Breaks."""
        _ = change.after["a"]
        yield Finding("a" + 1)  # type: ignore[operator]

    assert judge(breaks, plan(UNKNOWNS["configured"])).outcomes == {"aws_x.a": "error"}


# -- whoever catches it ----------------------------------------------------------------------------------


def swallow(change: Change, ask: Callable[[Change], Any]) -> Iterator[Finding]:
    try:
        if ask(change):
            yield Finding("wrong", "a")
    except:  # noqa: E722 - the point
        return


SWALLOWED: dict[str, Callable[[Change], Any]] = {
    "by name": lambda c: c.after["a"] == "x",
    "by path": lambda c: c.after.at("rule[0].key") == "x",
    "an element": lambda c: "x" in c.after["list"],
    "an element by loop": lambda c: any(v == "x" for v in c.after["list"]),
    "a whole list": lambda c: c.after["list"] == ["x"],
    "plain": lambda c: c.after.plain(),
    "by pairs": lambda c: any(v == "x" for _, v in c.after.items()),
    "by values": lambda c: "x" in c.after.values(),
    "type": lambda c: isinstance(c.after["a"], str),
    "a method": lambda c: c.after["a"].startswith("x"),
    "regular expression": lambda c: re.match("x", c.after["a"]),
    "is it set": lambda c: c.is_set("dynamic[0].key"),
    "a companion": lambda c: c.companions("aws_y", by="x_id") == [],
}


@pytest.mark.parametrize("how", SWALLOWED)
def test_a_swallowed_unknown_is_no_pass(how: str) -> None:
    @policy("test/swallows", types="aws_x")
    def swallows(change: Change) -> Iterator[Finding]:
        """Swallows."""
        yield from swallow(change, SWALLOWED[how])

    made = create(
        "aws_x.a",
        a=ref("aws_k.k.arn"),
        rule=[{"key": ref("aws_k.k.arn")}],
        list=["a", ref("aws_k.k.arn")],
        dynamic=["dynamic"],
        expressions={},
        id="x-1",
    )
    hidden = create("aws_x.a", {**BODY, "dynamic": [{"key": 1}]}, unknown=["dynamic[0].key"], dynamic=["dynamic"])
    other = create("aws_y.y", x_id=ref("local.x"))
    assert judge(swallows, plan(hidden if how == "is it set" else made, other)).outcomes == {"aws_x.a": "unknown"}


def test_a_swallowed_unknown_of_a_whole_plan_is_no_pass() -> None:
    @policy("test/whole", judges="plan")
    def whole(plan: Plan) -> Iterator[Finding]:
        """Whole."""
        for change in plan.of_type("aws_x"):
            yield from swallow(change, lambda c: c.after["a"] == "x")

    known, unknown = create("aws_x.b", a="y"), UNKNOWNS["configured"]
    assert judge(whole, plan(known)).outcomes == {"plan": "pass"}
    assert judge(whole, plan(unknown, known)).outcomes == {"plan": "unknown"}


def test_a_swallowed_unknown_hides_no_finding_and_stays_with_its_change() -> None:
    @policy("test/mixed", types="aws_x")
    def mixed(change: Change) -> Iterator[Finding]:
        """Mixed."""
        yield from swallow(change, lambda c: c.after["a"] == "x")
        if change.after["b"] == "bad":
            yield Finding("bad", "b")

    made = [
        create("aws_x.a", a=ref("aws_k.k.arn"), b="bad"),
        create("aws_x.b", a="y", b="good"),
        create("aws_x.c", a=ref("aws_k.k.arn"), b="good"),
        no_op("aws_x.d", {"a": "x", "b": "good"}),
    ]
    outcomes = judge(mixed, plan(*made)).outcomes
    assert outcomes == {"aws_x.a": "fail", "aws_x.b": "pass", "aws_x.c": "unknown", "aws_x.d": "fail"}


def test_an_answer_for_one_resource_is_none_for_another() -> None:
    @policy("test/whole", judges="plan")
    def whole(plan: Plan) -> Iterator[Finding]:
        """Whole."""
        first, second = plan.of_type("aws_x")
        if second.after["a"] is False or first.after["a"] is False or not first.is_set("a"):
            yield Finding("wrong")

    made = [create(f"aws_x.{name}", a=ref("aws_k.k.arn")) for name in "ab"]
    assert judge(whole, plan(*made)).outcomes == {"plan": "unknown"}


def test_what_is_known_suffices_for_a_pass() -> None:
    @policy("test/list", types="aws_x")
    def holds(change: Change) -> Iterator[Finding]:
        """Holds."""
        if "deny" not in change.after["list"]:
            yield Finding("nothing is denied", "list")

    assert judge(holds, plan(create("aws_x.a", list=[ref("aws_k.k.arn"), "deny"]))).outcome == "pass"
    assert judge(holds, plan(create("aws_x.a", list=[ref("aws_k.k.arn"), "allow"]))).outcome == "unknown"
    assert judge(holds, plan(create("aws_x.a", list=["a", "b"]))).outcome == "fail"


def test_who_looks_that_it_is_unknown_answers_for_it() -> None:
    @policy("test/looks", types="aws_x")
    def looks(change: Change) -> Iterator[Finding]:
        """Looks."""
        value = change.after["a"]
        if is_unknown(value):
            return
        if value == "x":
            yield Finding("wrong", "a")

    @policy("test/set", types="aws_x")
    def is_set(change: Change) -> Iterator[Finding]:
        """Set."""
        if not change.is_set("a"):
            yield Finding("not set", "a")

    for made in (looks, is_set):
        assert judge(made, plan(UNKNOWNS["configured"])).outcome == "pass"
    assert judge(is_set, plan(UNKNOWNS["left out"])).outcome == "fail"


# -- properties ------------------------------------------------------------------------------------------

keys = st.text(max_size=6) | st.sampled_from(["a", "a.b", "a[0]", 'q"', "\\", "0", "é", ""])
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
masks = st.recursive(
    st.booleans(), lambda m: st.lists(m, max_size=3) | st.dictionaries(keys, m, max_size=3), max_leaves=8
)
bodies = st.recursive(scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(keys, v, max_size=3), max_leaves=8)


def unknown_leaves(mask: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if mask is True:
        return [path]
    pairs = mask.items() if isinstance(mask, dict) else enumerate(mask) if isinstance(mask, list) else ()
    return [leaf for step, below in pairs for leaf in unknown_leaves(below, (*path, step))]


def reached(found: Any, path: tuple[Any, ...]) -> bool:
    """Whether the way along the path meets an unknown."""
    for step in path:
        if is_unknown(found):
            return True
        if not isinstance(found, Block | Items):
            return False
        found = found[step]
    return is_unknown(found)


@given(bodies, masks)
def test_no_unknown_leaf_is_lost(value: Any, mask: Any) -> None:
    """Whatever the shapes of value and mask, also such as no tool writes."""
    found = merge(value, mask, (), explain)
    leaves = unknown_leaves(mask)
    assert (first_unknown(mask) is None) == (not leaves)
    for path in leaves:
        assert reached(found, path), path
    if leaves:
        with pytest.raises(UnknownValue):
            _ = found == value
    elif isinstance(found, Block | Items):
        assert found.plain() is value
    else:
        assert found is value


@given(bodies, masks)
def test_every_loop_meets_what_is_unknown(value: Any, mask: Any) -> None:
    def met(here: Any) -> bool:
        if type(here) is Unknown:
            return True
        try:
            below = here.values() if isinstance(here, Block) else list(here) if isinstance(here, Items) else []
        except UnknownValue:
            return True
        return any(met(each) for each in below)

    assert met(merge(value, mask, (), explain)) == (first_unknown(mask) is not None)


steps = st.lists(keys | st.integers(0, 10**6), max_size=5).map(tuple)


@given(steps)
def test_a_path_is_written_and_read(path: tuple[Any, ...]) -> None:
    assert parse_path(dotted(path)) == path


@given(st.text(max_size=30))
def test_any_text_is_some_path(text: str) -> None:
    path = parse_path(text)
    assert parse_path(dotted(path)) == path
