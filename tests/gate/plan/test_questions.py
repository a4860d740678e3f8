"""Asking what is unknown: no question gets a guess, and whoever catches the answer hides nothing by it."""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from plangate import ABSENT, Change, Finding, Plan, UnknownValue, is_unknown, policy
from plangate.testing import create, judge, no_op, plan, ref

from .test_values import BODY, tree

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
    "in a set": lambda v: v in {"a", "b"},
    "in a tuple": lambda v: v in ("a", "b"),
    "in a list": lambda v: v in ["a", "b"],
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
    "join": lambda v: ".".join(["a", *[v]]),
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
