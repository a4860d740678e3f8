"""The workflows: this project's own, and the examples for others."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from .composite import ROOT

EXAMPLES = sorted((ROOT / "examples/ci/github").glob("*.yml"))
OWN = sorted((ROOT / ".github/workflows").glob("*.yml"))
INPUTS = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", EXAMPLES + OWN, ids=lambda path: path.name)
def test_actions_are_named_by_commit_and_rights_are_named(path: Path) -> None:
    workflow = load(path)
    assert "permissions" in workflow, "without it the token may do what the repository allows"
    assert isinstance(workflow["permissions"], dict), "read-all and write-all are too much"
    for step in steps(workflow):
        if "uses" in step:
            assert step["uses"] == "./" or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        assert not re.search(r"\$\{\{(?!\s*(?:'|\"))", step.get("run", "")), "an expression in a script"


@pytest.mark.parametrize("path", EXAMPLES + OWN, ids=lambda path: path.name)
def test_uses_of_the_action_have_inputs_and_outputs_that_there_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for job in load(path)["jobs"].values():
        ids = {
            step.get("id") for step in job["steps"] if "plangate" in step.get("uses", "") or step.get("uses") == "./"
        }
        for step in job["steps"]:
            if "plangate" in step.get("uses", "") or step.get("uses") == "./":
                assert set(step["with"]) <= set(INPUTS["inputs"])
        for name, output in re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", text):
            if name in ids:
                assert output in INPUTS["outputs"]


def test_the_last_job_of_many_roots_always_runs_and_knows_them() -> None:
    job = load(ROOT / "examples/ci/github/roots.yml")["jobs"]["plangate"]
    assert job["if"] == "${{ always() }}"
    assert set(job["needs"]) == {"roots", "plan"}
    assert job["steps"][-1]["with"]["expect"] == "${{ needs.roots.outputs.roots }}"


def test_the_list_of_roots_is_json_that_merge_reads(tmp_path: Path) -> None:
    (step,) = [s for s in load(ROOT / "examples/ci/github/roots.yml")["jobs"]["roots"]["steps"] if s.get("id")]
    if subprocess.run(["bash", "-c", "command -v jq"], check=False, capture_output=True).returncode:
        pytest.skip("jq is not on PATH")
    for names, said in (((), "[]"), (("live/a", 'live/b "c'), '["live/a","live/b \\"c"]')):
        (tmp_path / "live").mkdir(exist_ok=True)
        for name in names:
            (tmp_path / name).mkdir()
            (tmp_path / name / "backend.tf").touch()
        out = tmp_path / "out"
        out.write_text("", encoding="utf-8")
        subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=tmp_path,
            check=True,
            env={"PATH": "/usr/bin:/bin", "GITHUB_OUTPUT": str(out)},
        )
        assert out.read_text(encoding="utf-8") == f"roots={said}\n"


def test_what_judges_forks_runs_no_code_of_theirs() -> None:
    workflow = load(ROOT / "examples/ci/github/untrusted-judge.yml")
    judge = workflow["jobs"]["judge"]
    checkout = judge["steps"][0]
    assert "ref" not in checkout["with"]
    assert not any("terraform" in step.get("run", "") for step in judge["steps"])
    (gate,) = [step for step in judge["steps"] if step.get("id") == "gate"]
    assert gate["with"]["plan"].startswith("${{ runner.temp }}/")
    assert gate["with"]["plan"].endswith(".json"), "a plan file would start providers"
    assert "success" not in str(judge["if"])


def test_nothing_untrusted_holds_a_secret() -> None:
    text = (ROOT / "examples/ci/github/untrusted-plan.yml").read_text(encoding="utf-8")
    assert "secrets." not in text
    assert load(ROOT / "examples/ci/github/untrusted-plan.yml")["permissions"] == {"contents": "read"}


def test_apply_takes_the_plan_that_was_judged() -> None:
    jobs = load(ROOT / "examples/ci/github/apply.yml")["jobs"]
    assert jobs["apply"]["needs"] == "plan"
    assert "environment" in jobs["apply"]
    assert "if" not in jobs["apply"]
    last = jobs["apply"]["steps"][-1]["run"]
    assert last.index("sha256sum --check") < last.index("terraform apply")
    assert last.startswith("set -euo pipefail")
