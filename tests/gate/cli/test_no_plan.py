"""A `terraform plan` that failed leaves no plan: `check` still makes a report that every format shows."""

from __future__ import annotations

import json

import pytest

from .conftest import Gate
from .plans import BAD, GOOD

FORMATS = ("text", "json", "markdown", "html", "sarif", "junit", "github", "gitlab")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("content", [None, b"", b"Error: Invalid provider configuration\n"])
def test_every_format_says_that_there_is_no_plan(gate: Gate, format: str, content: bytes | None) -> None:
    if content is not None:
        gate.write("envs/prod/plan.json", content)
    gate.write("plangate.toml", '[environments.production]\npath = ["envs/prod/**"]\n')
    came = gate.run("check", "envs/prod/plan.json", "-f", format)
    assert came.code == 3
    assert "plan.json" in came.out
    assert came.line.startswith("plangate: envs/prod/plan.json: ")


def test_the_report_knows_where_the_plan_should_have_been(gate: Gate) -> None:
    gate.write("plangate.toml", '[environments.production]\npath = ["envs/prod/**"]\n')
    gate.write("envs/prod/main.tf", "")
    report = gate.check("envs/prod/plan.json", "--run", "workspace=eu")
    assert (report["verdict"], report["exit_code"]) == ("error", 3)
    assert (report["run"]["root"], report["run"]["environment"]) == ("envs/prod", "production")
    assert (report["plan"]["path"], report["plan"]["workspace"]) == ("envs/prod/plan.json", "eu")
    assert report["errors"][0]["message"].startswith("there is no such file; did the step that makes the plan run?")


def test_one_of_several_plans_that_is_missing_costs_the_others_nothing(gate: Gate) -> None:
    gate.write("a/plan.json", GOOD)
    gate.write("c/plan.json", BAD)
    came = gate.run("check", "a/plan.json", "b/plan.json", "c/plan.json", "-f", "json")
    assert came.code == 3
    assert [report["exit_code"] for report in json.loads(came.out)] == [0, 3, 1]
    text = gate.run("check", "a/plan.json", "b/plan.json", "c/plan.json").out.splitlines()
    assert text[0] == "plangate: ERROR - 3 plans: 1 error, 1 fail, 1 pass (exit 3)"
    assert [line.split()[:2] for line in text[1:4]] == [
        ["ERROR", "b/plan.json"],
        ["FAIL", "c/plan.json"],
        ["PASS", "a/plan.json"],
    ]
    assert [line for line in text if line.startswith("  plan ")] == [
        f"  plan      {name}/plan.json" + (", Terraform 1.13.0" if name != "b" else "") for name in "bca"
    ]
