"""plangate.testing writes plans as Terraform does, and reads them by the way of `check`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plangate import ABSENT, Change, Finding, Plan, Undecided, is_unknown, policy
from plangate.errors import PlanError
from plangate.testing import (
    create,
    delete,
    forget,
    imported,
    judge,
    moved,
    no_op,
    plan,
    ref,
    replace,
    update,
)


@policy("test/open", types="aws_thing", severity="low")
def open_thing(change: Change, *, allowed: bool = False) -> Iterator[Finding]:
    """A thing is open."""
    if change.after["open"] and not allowed:
        yield Finding("It is open.", "open")


def only(made: Plan) -> Change:
    assert len(made.changes) == 1
    return made.changes[0]


def test_a_value_is_known_and_configured() -> None:
    change = only(plan(create("aws_thing.a", open=True, rule=[{"port": 22}], tags={"a": "b"})))
    assert change.after["open"] is True
    assert change.after.at("rule[0].port") == 22
    assert change.is_set("tags")
    assert change.is_left_out("id")


@pytest.mark.parametrize(
    ("options", "state", "origin"),
    [
        ({"open": ref("aws_kms_key.k.arn")}, "configured", "aws_kms_key.k.arn"),
        ({"unknown": ["open"]}, "left_out", None),
        ({"unknown": ["open"], "expressions": {"open": "var.x"}}, "configured", "var.x"),
    ],
)
def test_the_three_unknowns(options: dict[str, object], state: str, origin: str | None) -> None:
    value = only(plan(create("aws_thing.a", **options))).after["open"]  # type: ignore[arg-type]
    assert is_unknown(value)
    assert (value.state, value.origin) == (state, origin)


def test_unknown_in_a_block_and_in_one_that_a_dynamic_made() -> None:
    body = {"rule": [{"port": 1, "key": "k"}]}
    assert only(plan(create("aws_thing.a", body, unknown=["rule[0].key"]))).is_left_out("rule[0].key")
    dynamic = only(plan(create("aws_thing.a", body, unknown=["rule[0].key"], dynamic=["rule"])))
    value = dynamic.after.at("rule[0].key")
    assert is_unknown(value)
    assert value.state == "uncertain"


def test_a_path_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="nothing is at 'rule'"):
        create("aws_thing.a", unknown=["rule[0].key"])


@pytest.mark.parametrize("address", ["aws_thing", "module.a", "aws_thing.a.b", "a.b[c]", ""])
def test_an_address_that_is_none_is_a_mistake(address: str) -> None:
    with pytest.raises(ValueError, match=r"instance key|not the address"):
        create(address)


def test_addresses_with_modules_and_keys() -> None:
    change = only(plan(create('module.a["x.y"].module.b[0].aws_thing.c["k\\"z"]', open=ref("var.o"))))
    assert (change.module_address, change.type, change.name, change.index) == (
        'module.a["x.y"].module.b[0]',
        "aws_thing",
        "c",
        'k"z',
    )
    assert change.after["open"].state == "configured"
    assert only(plan(create("data.aws_thing.d"))).mode == "data"


def test_every_action() -> None:
    made = plan(
        create("t_t.a"),
        update("t_t.b", {"x": 1}, {"x": 2}),
        replace("t_t.c", {"x": 1}, {"x": 2}, paths=["x", "rule[0].y"], order="create-first"),
        delete("t_t.d", x=1),
        delete("t_t.e", {"x": 1}, deposed="0123abcd"),
        forget("t_t.f", x=1),
        no_op("t_t.g", {"x": 1}),
        moved("t_t.h", {"x": 1}, previous="t_t.old"),
        imported("t_t.i", {"x": 1}),
    )
    said = {c.address: c for c in made.changes}
    assert [c.action for c in made.changes] == [
        "create", "update", "replace", "delete", "delete", "forget", "no-op", "no-op", "no-op",
    ]  # fmt: skip
    assert said["t_t.b"].changed() == ["x"]
    assert said["t_t.c"].replaced_because() == ["x", "rule[0].y"]
    assert said["t_t.c"].order == "create-first"
    assert said["t_t.d"].after is ABSENT
    assert said["t_t.e"].deposed == "0123abcd"
    assert said["t_t.h"].previous_address == "t_t.old"
    assert [a for a, c in said.items() if c.touched] == ["t_t.a", "t_t.b", "t_t.c", "t_t.d", "t_t.e", "t_t.f", "t_t.i"]


def test_sensitive_marks_both_sides() -> None:
    change = only(plan(update("t_t.a", {"x": 1, "r": [{"k": 1}]}, {"x": 2, "r": [{"k": 2}]}, sensitive=["r[0].k"])))
    assert change.is_sensitive("r[0].k")
    assert not change.is_sensitive("x")


def test_joins_by_reference_by_value_and_through_modules() -> None:
    made = plan(
        create("aws_s3_bucket.b", bucket="one"),
        create("aws_s3_bucket.c[0]"),
        create("module.m.aws_x.enc", bucket=ref("var.bucket")),
        create("aws_x.known", bucket="one"),
        create("aws_x.each[0]", bucket=ref(["aws_s3_bucket.c", "count.index"])),
        modules={"module.m": {"source": "./m", "variables": {"bucket": ref("aws_s3_bucket.b.id")}}},
    )
    bucket, counted = made.of_type("aws_s3_bucket")
    assert {c.address for c in bucket.companions("aws_x", by="bucket")} == {"module.m.aws_x.enc", "aws_x.known"}
    assert [c.address for c in counted.companions("aws_x", by="bucket")] == ["aws_x.each[0]"]
    assert made.modules == [{"address": "module.m", "source": "./m", "version_constraint": None}]


def test_companions_that_leave() -> None:
    made = plan(
        no_op("aws_s3_bucket.b", {"id": "one"}),
        delete("aws_x.gone", bucket="one"),
        update("aws_x.moved", {"bucket": "one"}, {"bucket": "two"}),
        no_op("aws_x.stays", {"bucket": "one"}),
    )
    bucket = made.of_type("aws_s3_bucket")[0]
    assert [c.address for c in bucket.companions("aws_x", by="bucket")] == ["aws_x.stays"]
    leaving = bucket.companions("aws_x", by="bucket", leaving=True)
    assert [c.address for c in leaving] == ["aws_x.gone", "aws_x.moved"]


def test_verdicts() -> None:
    made = plan(
        create("aws_thing.a", open=True),
        no_op("aws_thing.b", {"open": True}),
        create("aws_thing.c", open=False),
        create("aws_thing.d", unknown=["open"]),
        delete("aws_thing.e", open=True),
    )
    verdicts = judge(open_thing, made)
    assert verdicts.outcomes == {
        "aws_thing.a": "fail",
        "aws_thing.b": "fail",
        "aws_thing.c": "pass",
        "aws_thing.d": "unknown",
    }
    assert verdicts.messages["aws_thing.a"] == ["It is open."]
    assert verdicts.attributes["aws_thing.a"] == ["open"]
    assert verdicts.new == {"aws_thing.a", "aws_thing.d"}
    assert judge(open_thing, plan(create("aws_thing.a", open=True)), allowed=True).outcome == "pass"


def test_an_unknown_that_is_read_and_not_asked_is_never_a_pass() -> None:
    @policy("test/reads", types="aws_thing")
    def reads(change: Change) -> Iterator[Finding]:
        """Reads."""
        if change.after["key"] is None:
            yield Finding("no key", "key")

    assert judge(reads, plan(create("aws_thing.a", key=ref("aws_kms_key.k.arn")))).outcome == "unknown"
    assert judge(reads, plan(create("aws_thing.a", unknown=["key"]))).outcome == "unknown"


def test_whether_it_is_set_is_an_answer() -> None:
    @policy("test/asks", types="aws_thing")
    def asks(change: Change) -> Iterator[Finding]:
        """Asks."""
        if not change.is_set("key"):
            yield Finding("no key", "key")

    assert judge(asks, plan(create("aws_thing.a", key=ref("aws_kms_key.k.arn")))).outcome == "pass"
    assert judge(asks, plan(create("aws_thing.a", unknown=["key"]))).outcome == "fail"


def test_a_policy_is_called_on_its_actions_and_the_others_pass() -> None:
    called: list[str] = []

    @policy("house/ends", types="a_thing", judges="change", actions=("delete", "replace"))
    def ends(change: Change) -> Iterator[Finding]:
        """A thing ends."""
        called.append(change.action)
        yield Finding("ends")

    made = plan(
        create("a_thing.new", {}),
        delete("a_thing.old", {}),
        update("a_thing.other", {"a": 1}, {"a": 2}),
        replace("a_thing.again", {"a": 1}, {"a": 2}),
    )
    verdicts = judge(ends, made)
    assert called == ["delete", "replace"]
    assert verdicts.outcomes == {
        "a_thing.new": "pass",
        "a_thing.old": "fail",
        "a_thing.other": "pass",
        "a_thing.again": "fail",
    }


def test_whole_plan_policies_and_undecided() -> None:
    @policy("test/whole", judges="plan")
    def whole(plan: Plan, *, most: int = 1) -> Iterator[Finding]:
        """Too many."""
        if len(plan.changes) > most:
            yield Undecided("perhaps too many")

    assert judge(whole, plan(create("t_t.a"))).outcomes == {"plan": "pass"}
    assert judge(whole, plan(create("t_t.a"), create("t_t.b"))).outcomes == {"plan": "unknown"}


def test_settings_are_checked() -> None:
    made = plan(create("aws_thing.a"))
    with pytest.raises(TypeError, match="has no setting allow; it has allowed"):
        judge(open_thing, made, allow=True)
    with pytest.raises(TypeError, match="allowed is of type bool"):
        judge(open_thing, made, allowed="yes")


def test_other_sections_and_refusals() -> None:
    assert plan(variables={"env": {"value": "prod"}}).variables == {"env": "prod"}
    assert plan(complete=False).facts["complete"] is False
    with pytest.raises(PlanError, match="errored"):
        plan(errored=True)
    with pytest.raises(PlanError, match="twice"):
        plan(create("t_t.a"), create("t_t.a"))


def test_providers() -> None:
    change = only(plan(create("aws_thing.a"), providers={"aws": {"region": "eu-west-1"}}))
    assert change.provider == {"region": {"constant_value": "eu-west-1"}}
