"""Drift, outputs, checks and what runs at apply, as the report lists them."""

from __future__ import annotations

from typing import Any

from plangate.plan.read import read
from plangate.report.around import checks, drift, invocations, outputs
from plangate.testing import create, delete, plan, update

from ..cli.plans import document, entry  # noqa: TID252 - the tests are no package


def read_plan(**sections: Any) -> Any:
    import json

    made = document(entry("aws_x.y", ["create"], None, {"name": "n"}))
    return read(json.dumps({**made, **sections}).encode(), "plan.json")


def drifted(address: str, before: Any, after: Any, actions: tuple[str, ...] = ("update",)) -> dict[str, Any]:
    return entry(address, list(actions), before, after)


def test_drift_is_apart_from_changes_and_names_what_may_have_caused_one() -> None:
    found = drift(
        read_plan(
            resource_drift=[
                drifted("aws_a.one", {"size": 1, "note": "a"}, {"size": 2, "note": "b"}),
                drifted("aws_a.two", {"size": 1}, {"size": 2}),
                drifted("aws_a.gone", {"size": 1}, None, ("delete",)),
            ],
            relevant_attributes=[
                {"resource": "aws_a.one", "attribute": ["size"]},
                {"resource": "aws_a.two", "attribute": ["other"]},
            ],
        )
    )
    assert [(d["address"], d["action"], d["attributes"], d["relevant"]) for d in found] == [
        ("aws_a.one", "update", ["note", "size"], ["size"]),
        ("aws_a.two", "update", ["size"], []),
        ("aws_a.gone", "delete", [], []),
    ]


def test_a_relevant_attribute_of_an_instance_may_be_named_without_its_key() -> None:
    one = drifted("aws_a.one", {"size": 1}, {"size": 2})
    one.update(address="aws_a.one[0]", index=0)
    (found,) = drift(
        read_plan(resource_drift=[one], relevant_attributes=[{"resource": "aws_a.one", "attribute": ["size", 0]}])
    )
    assert found["relevant"] == ["size"]


def test_odd_relevant_attributes_are_no_trouble() -> None:
    for odd in (None, 3, "x", [None, 3, {}, {"resource": 1, "attribute": ["a"]}, {"resource": "a", "attribute": "b"}]):
        drift(read_plan(resource_drift=[drifted("aws_a.b", {"s": 1}, {"s": 2})], relevant_attributes=odd))


def test_outputs_that_change_by_name_alone() -> None:
    def output(actions: list[str], **more: Any) -> dict[str, Any]:
        return {"actions": actions, "before": "v1", "after": "v2", "after_unknown": False, **more}

    found = outputs(
        read_plan(
            output_changes={
                "same": output(["no-op"]),
                "new": output(["create"], before_sensitive=False, after_sensitive=False),
                "key": output(["update"], before_sensitive=True, after_sensitive=False),
                "gone": output(["delete"]),
            }
        )
    )
    assert found == [
        {"name": "new", "action": "create", "sensitive": False},
        {"name": "key", "action": "update", "sensitive": True},
        {"name": "gone", "action": "delete", "sensitive": False},
    ]


def test_checks_that_do_not_pass_without_their_words() -> None:
    def check(name: str, status: str, *messages: str) -> dict[str, Any]:
        instance = {"status": status, "problems": [{"message": m} for m in messages]}
        address = {"kind": "check", "name": name, "to_display": f"check.{name}"}
        return {"address": address, "status": status, "instances": [instance]}

    found = checks(read_plan(checks=[check("a", "pass"), check("b", "fail", "secret words"), check("c", "unknown")]))
    assert [(c["address"], c["status"], c["problems"]) for c in found] == [
        ("check.b", "fail", 1),
        ("check.c", "unknown", 0),
    ]
    assert "secret words" not in str(found)


def test_what_runs_at_apply_is_provisioners_of_what_is_made_or_goes_and_actions() -> None:
    found = invocations(
        plan(
            create("aws_x.new", {"a": 1}, provisioners=["local-exec"]),
            update("aws_x.kept", {"a": 1}, {"a": 2}, provisioners=["local-exec"]),
            delete("aws_x.gone", {"a": 1}),
        )
    )
    assert found == [{"kind": "provisioner", "address": "aws_x.new", "type": "local-exec", "when": "create"}]
    acted = invocations(
        read_plan(
            action_invocations=[
                {
                    "address": "action.aws_lambda_invoke.x",
                    "type": "aws_lambda_invoke",
                    "name": "x",
                    "config_values": {"payload": "secret words"},
                    "lifecycle_action_trigger": {"action_trigger_event": "AfterCreate"},
                }
            ]
        )
    )
    assert [(i["kind"], i["address"], i["when"]) for i in acted] == [
        ("action", "action.aws_lambda_invoke.x", "AfterCreate")
    ]
    assert "secret words" not in str(acted)
