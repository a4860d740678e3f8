"""The plan file itself (a zip, made by `terraform plan -out`), turned into JSON by Terraform."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from ..terraform import TERRAFORM, Made, Root, why_not  # noqa: TID252 - the tests are no package
from .judged import HARMLESS, judge, passed

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

BEFORE = 'resource "terraform_data" "a" { input = "x" }\n'
AFTER = 'resource "terraform_data" "a" { input = "y" }\nresource "terraform_data" "b" {}\n'


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path / "root")


@pytest.fixture
def plan(root: Root) -> Made:
    root.apply(BEFORE)
    return root.plan(AFTER)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_plan_file_is_judged_as_its_json_is(plan: Made) -> None:
    of_file, of_json = passed(plan.file), passed(plan.json)
    for part in ("verdict", "exit_code", "summary", "changes", "policies", "findings"):
        assert of_file[part] == of_json[part], part
    assert of_file["plan"]["sha256"] == sha256(plan.file)
    assert of_json["plan"]["sha256"] == sha256(plan.json)
    assert of_file["plan"]["json_sha256"] == of_json["plan"]["json_sha256"] == sha256(plan.json)


def test_only_a_plan_file_knows_its_state_and_workspace(root: Root, plan: Made) -> None:
    def known(path: Path) -> tuple[Any, Any, Any]:
        fields = passed(path)["plan"]
        return fields["lineage"], fields["serial"], fields["workspace"]

    state = json.loads((root.folder / "terraform.tfstate").read_bytes())
    assert known(plan.file) == (state["lineage"], state["serial"], "default")
    assert known(plan.json) == (None, None, None)

    root.run("workspace", "new", "stage")
    root.apply(BEFORE)
    staged = json.loads((root.folder / "terraform.tfstate.d" / "stage" / "terraform.tfstate").read_bytes())
    assert staged["lineage"] != state["lineage"]
    assert known(root.plan(AFTER).file) == (staged["lineage"], staged["serial"], "stage")


BACKEND_POLICY = """from plangate import Finding, policy


@policy("acme/backend", judges="plan", severity="low")
def backend(plan):
    \"\"\"Says where the state is.\"\"\"
    yield Finding(f"{plan.backend}")
"""


def test_a_policy_reads_the_backend_that_holds(root: Root, tmp_path: Path) -> None:
    (tmp_path / "backend.py").write_text(BACKEND_POLICY, encoding="utf-8")
    root.write('terraform {\n  backend "local" {}\n}\n')
    root.run("init", "-input=false", "-backend-config=path=kept/here.tfstate")
    plan = root.plan('terraform {\n  backend "local" {}\n}\n' + BEFORE)

    def said(path: Path) -> str:
        found = judge(path, "-f", "json", "--fail-on", "none", "-p", str(tmp_path / "backend.py")).report["findings"]
        (message,) = [f["message"] for f in found if f["policy"] == "acme/backend"]
        return str(message)

    assert said(plan.file) == "{'type': 'local', 'config': {'path': 'kept/here.tfstate'}}"
    assert said(plan.json) == "None"


def test_a_plan_without_a_state_is_judged(root: Root) -> None:
    report = passed(root.plan(AFTER).file)
    assert report["summary"]["create"] == 2
    assert not report["plan"]["lineage"]


def test_without_terraform_one_line_says_what_to_run(plan: Made, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    judged = judge(plan.file, *HARMLESS, PATH=str(nowhere))
    assert judged.code == 3
    assert "terraform show -json" in judged.one_line()
    assert passed(plan.json, PATH=str(nowhere))["verdict"] == "pass"  # a plan document needs no terraform


def test_terraform_is_taken_from_where_it_is_said_to_be(plan: Made, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    assert TERRAFORM is not None
    report = passed(plan.file, "--terraform", TERRAFORM, PATH=str(nowhere))
    assert report["summary"] == passed(plan.json)["summary"]
    missing = judge(plan.file, *HARMLESS, "--terraform", str(nowhere / "terraform"))
    assert missing.code in (2, 3)
    assert "nowhere" in missing.one_line()


def test_terraform_runs_without_the_jobs_tokens(plan: Made, tmp_path: Path) -> None:
    seen, wrapper = tmp_path / "seen.json", tmp_path / "wrapper"
    dump = f"import json, os; json.dump(dict(os.environ), open({str(seen)!r}, 'w'))"
    commands = [[sys.executable, "-c", dump], ["exec", str(TERRAFORM)]]
    wrapper.write_text(
        "#!/bin/sh\n" + shlex.join(commands[0]) + "\n" + shlex.join(commands[1]) + ' "$@"\n', encoding="utf-8"
    )
    wrapper.chmod(0o755)
    tokens = {
        name: f"cAnArY-{name}"
        for name in ("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "SLACK_WEBHOOK_URL", "PLANGATE_SIGNING_KEY")
    }
    passed(plan.file, "--terraform", str(wrapper), **tokens)
    environment = json.loads(seen.read_bytes())
    assert "PATH" in environment
    assert "cAnArY" not in json.dumps(environment)


def test_a_plan_file_may_lie_elsewhere(root: Root, plan: Made, tmp_path: Path) -> None:
    elsewhere = tmp_path / "artifacts" / "made.tfplan"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(plan.file.read_bytes())
    report = passed(elsewhere, "--chdir", str(root.folder))
    assert report["plan"]["sha256"] == sha256(plan.file)
    relative = judge(Path("made.tfplan"), "-f", "json", *HARMLESS, cwd=elsewhere.parent)
    assert relative.code == 0, relative.err
    assert relative.report["summary"] == report["summary"]


@pytest.mark.parametrize("kept", [0, 2, 200, -1])
def test_a_damaged_plan_file_is_no_plan(plan: Made, kept: int) -> None:
    plan.file.write_bytes(plan.file.read_bytes()[:kept])
    judged = judge(plan.file, *HARMLESS)
    assert judged.code == 3
    assert plan.file.name in judged.one_line()


def test_a_plan_file_leaves_nothing_behind(root: Root, plan: Made) -> None:
    before = sorted(os.listdir(root.folder))
    passed(plan.file)
    assert sorted(os.listdir(root.folder)) == before
