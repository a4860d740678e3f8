"""What is handed through a module and is null there counts as left out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate.plan.model import Plan
from plangate.plan.read import read
from plangate.plan.values import Unknown


def made(expression: Any, *, call: Any = None, default: Any = ..., root: Any = None, key: str = "") -> Plan:
    """A file system in a module whose `key` is unknown, written as `expression`; `call` is what the caller gives."""
    variable = {} if default is ... else {"default": default}
    resource = {
        "address": "aws_efs_file_system.f",
        "mode": "managed",
        "type": "aws_efs_file_system",
        "name": "f",
        "expressions": {"key": expression},
    }
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {name: {"value": value} for name, value in (root or {}).items()},
        "resource_changes": [
            {
                "address": f"module.m{key}.aws_efs_file_system.f",
                "module_address": f"module.m{key}",
                "mode": "managed",
                "type": "aws_efs_file_system",
                "name": "f",
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": {},
                    "after_unknown": {"key": True},
                    "before_sensitive": False,
                    "after_sensitive": {},
                },
            }
        ],
        "configuration": {
            "root_module": {
                "module_calls": {
                    "m": {
                        "source": "./m",
                        "expressions": {} if call is None else {"given": call},
                        "module": {"resources": [resource], "variables": {"given": variable}},
                    }
                }
            }
        },
    }
    return read(json.dumps(document).encode(), "plan")


def state(plan: Plan) -> str:
    value = plan.changes[0].after["key"]
    assert isinstance(value, Unknown)
    return value.state


GIVEN = {"references": ["var.given"]}


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_an_empty_literal_is_nothing(nothing: Any) -> None:
    assert state(made({"constant_value": nothing})) == "left_out"


@pytest.mark.parametrize("default", [None, ""])
def test_a_variable_that_nobody_gives_is_its_default(default: Any) -> None:
    assert state(made(GIVEN, default=default)) == "left_out"


def test_a_variable_is_followed_to_the_root() -> None:
    assert state(made(GIVEN, call={"references": ["var.top"]}, root={"top": None})) == "left_out"
    assert state(made(GIVEN, call={"constant_value": None}, default="k")) == "left_out"


def test_a_conditional_of_variables_that_are_null_is_nothing() -> None:
    assert state(made({"references": ["var.given", "var.given"]}, default=None)) == "left_out"


def test_an_attribute_of_a_variable_may_be_missing() -> None:
    given = {"references": ["var.given.key", "var.given"]}
    assert state(made(given, call={"constant_value": {"other": 1}})) == "left_out"
    assert state(made(given, call={"constant_value": {"key": "k"}})) == "configured"


@pytest.mark.parametrize(
    "expression",
    [
        {},  # timestamp()
        {"constant_value": "k"},
        {"references": ["aws_kms_key.k.arn", "aws_kms_key.k"]},
        {"references": ["var.given", "aws_kms_key.k.arn"]},
        {"references": ["local.key"]},
        {"references": ["each.value"]},
        {"references": ["var.nowhere"]},
        {"references": ["count.index"]},
    ],
)
def test_what_may_be_something_stays_configured(expression: Any) -> None:
    assert state(made(expression, default=None)) == "configured"


def test_text_made_of_a_name_and_of_the_time_stays_configured() -> None:
    assert state(made(GIVEN, default="backup")) == "configured"  # "${var.given}-${timestamp()}"


def test_a_variable_that_a_resource_fills_stays_configured() -> None:
    assert state(made(GIVEN, call={"references": ["aws_kms_key.k.arn"]}, default=None)) == "configured"
    assert state(made(GIVEN, call={"references": ["each.value.key"]}, default=None, key='["a"]')) == "configured"


def test_a_variable_without_default_or_value_stays_configured() -> None:
    assert state(made(GIVEN)) == "configured"


def test_variables_that_walk_in_a_circle_end() -> None:
    assert state(made(GIVEN, call={"references": ["module.m.x"]})) == "configured"


def test_an_expression_with_very_many_references_stays_configured() -> None:
    many = {"references": [f"var.given.{n}" for n in range(100_000)]}
    assert state(made(many, call={"constant_value": {}})) == "configured"


def test_variables_that_fork_in_every_module_are_each_looked_at_once() -> None:
    both = {"references": ["var.a", "var.b"]}
    resource = {"address": "x_y.f", "mode": "managed", "type": "x_y", "name": "f", "expressions": {"key": both}}
    module: dict[str, Any] = {"resources": [resource], "variables": {"a": {}, "b": {}}}
    for given in (*[both] * 30, {"constant_value": None}):
        module = {"module_calls": {"m": {"expressions": {"a": given, "b": given}, "module": module}}}
    address = ".".join(["module.m"] * 31)
    change = {"actions": ["create"], "before": None, "after": {}, "after_unknown": {"key": True}}
    document = {
        "format_version": "1.2",
        "resource_changes": [
            {"address": f"{address}.x_y.f", "module_address": address, "mode": "managed", "type": "x_y", "name": "f"}
            | {"provider_name": "x", "change": change}
        ],
        "configuration": {"root_module": module},
    }
    assert state(read(json.dumps(document).encode(), "plan")) == "left_out"
