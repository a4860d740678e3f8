"""GitLab CI/CD, Atlantis and Terragrunt: their files parsed, and their scripts run with real plans."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..terraform import why_not  # noqa: TID252 - the tests are no package
from .composite import ROOT, SOURCES
from .taken import POLICY

EXAMPLES = ROOT / "examples/ci"
real = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


class Place:
    """A repository with a policy on main, and tools on PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin = folder / "work", folder / "bin"
        for path in (self.folder, self.bin):
            path.mkdir()
        self.tool("plangate", f'PYTHONPATH="{SOURCES}" exec "{sys.executable}" -P -m plangate "$@"')
        (self.folder / "policies").mkdir()
        (self.folder / "policies/taken.py").write_text(POLICY, encoding="utf-8")
        (self.folder / "plangate.toml").write_text('[policies]\npaths = ["policies"]\n', encoding="utf-8")
        self.sh("git init -q -b main . && git add -A && git -c user.name=a -c user.email=a@example.com commit -qm x")
        self.base = self.sh("git rev-parse HEAD").stdout.strip()

    def tool(self, name: str, script: str) -> None:
        (self.bin / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def root(self, word: str, folder: str = ".") -> None:
        path = self.folder / folder
        path.mkdir(parents=True, exist_ok=True)
        (path / "main.tf").write_text(f'resource "terraform_data" "a" {{\n  input = "{word}"\n}}\n', encoding="utf-8")

    def sh(self, script: str, **env: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "GIT_"))}
        more = {"PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}", "CHECKPOINT_DISABLE": "1", **env}
        words = ["bash", "-eo", "pipefail", "-c", script]
        return subprocess.run(
            words, cwd=self.folder, env={**kept, **more}, capture_output=True, text=True, check=False, timeout=120
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


# -- GitLab ------------------------------------------------------------------------------------------------

GITLAB: dict[str, Any] = yaml.safe_load((EXAMPLES / "gitlab/.gitlab-ci.yml").read_text(encoding="utf-8"))
CI = {
    "GITLAB_CI": "true", "CI": "true", "CI_PROJECT_PATH": "acme/infra", "CI_COMMIT_SHA": "a" * 40,
    "CI_COMMIT_REF_NAME": "main", "CI_JOB_NAME": "plan", "TF_ROOT": ".", "CI_SERVER_URL": "https://gitlab.com",
}  # fmt: skip


def job(place: Place, name: str, **env: str) -> subprocess.CompletedProcess[str]:
    return place.sh("\n".join(GITLAB[name]["script"]), **{**CI, **env})


@real
def test_gitlab_plans_judges_and_applies(place: Place) -> None:
    place.root("free")
    planned = job(place, "plan")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    reports = GITLAB["plan"]["artifacts"]["reports"]
    for name in reports.values():
        assert (place.folder / name).exists(), name
    counts = json.loads((place.folder / reports["terraform"]).read_text(encoding="utf-8"))
    assert counts == {"create": 1, "update": 0, "delete": 0}
    name, _, digest = (place.folder / reports["dotenv"]).read_text(encoding="utf-8").strip().partition("=")
    assert job(place, "apply", **{name: "0" * 64}).returncode != 0
    assert not (place.folder / "terraform.tfstate").exists()
    applied = job(place, "apply", **{name: digest})
    assert applied.returncode == 0, applied.stderr


@real
@pytest.mark.parametrize(("word", "code"), [("taken", 1), ("${nowhere.is.it}", 3)])
def test_gitlab_stops_and_reports(place: Place, word: str, code: int) -> None:
    place.root(word)
    place.sh("git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m change")
    (place.folder / "tfplan").write_text("of yesterday", encoding="utf-8")
    planned = job(place, "plan", CI_MERGE_REQUEST_DIFF_BASE_SHA=place.base, CI_MERGE_REQUEST_IID="7")
    assert planned.returncode == code, planned.stdout + planned.stderr
    assert not (place.folder / "plangate.env").exists()
    assert json.loads((place.folder / "plangate.json").read_text(encoding="utf-8"))["exit_code"] == code
    assert GITLAB["plan"]["artifacts"]["when"] == "always"
    assert GITLAB["apply"]["needs"] == ["plan"]


@real
def test_gitlab_judges_a_merge_request_by_its_target(place: Place) -> None:
    place.root("taken")
    (place.folder / "plangate.toml").write_text('[policies]\nignore = ["acme/*"]\n', encoding="utf-8")
    place.sh("git add -A && git -c user.name=a -c user.email=a@example.com commit -qm loosen")
    assert job(place, "plan", CI_MERGE_REQUEST_DIFF_BASE_SHA=place.base, CI_MERGE_REQUEST_IID="7").returncode == 1


# -- Atlantis ----------------------------------------------------------------------------------------------

ATLANTIS: dict[str, Any] = yaml.safe_load((EXAMPLES / "atlantis/repos.yaml").read_text(encoding="utf-8"))


def atlantis(place: Place, stage: str) -> tuple[int, str]:
    """The steps of a stage, as the server runs them: `run` by sh, its own commands by Terraform."""
    plan = place.folder / "default.tfplan"
    env = {
        "PLANFILE": str(plan), "BASE_BRANCH_NAME": "main", "HEAD_BRANCH_NAME": "x", "PULL_NUM": "7",
        "ATLANTIS_TERRAFORM_VERSION": "1.11.4", "WORKSPACE": "default", "REPO_REL_DIR": ".",
        "BASE_REPO_OWNER": "acme", "BASE_REPO_NAME": "infra", "HEAD_REPO_OWNER": "acme",
    }  # fmt: skip
    own = {
        "init": "terraform init -input=false",
        "plan": 'terraform plan -input=false -out="$PLANFILE"',
        "apply": 'terraform apply -input=false "$PLANFILE"',
    }
    log = ""
    for step in ATLANTIS["workflows"]["plangate"][stage]["steps"]:
        done = place.sh(own[step] if isinstance(step, str) else step["run"], **env)
        log += done.stdout + done.stderr
        if done.returncode != 0:
            return done.returncode, log
    return 0, log


@real
def test_atlantis_plans_judges_and_applies(place: Place) -> None:
    place.sh("git checkout -qb x && git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m y")
    place.root("free")
    assert atlantis(place, "plan")[0] == 0
    code, log = atlantis(place, "apply")
    assert code == 0, log
    assert "1 added" in log


@real
def test_atlantis_keeps_no_plan_that_was_stopped(place: Place) -> None:
    place.sh("git checkout -qb x && git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m y")
    place.root("taken")
    code, log = atlantis(place, "plan")
    assert code == 1, log
    assert not (place.folder / "default.tfplan").exists()
    assert atlantis(place, "apply")[0] != 0
    assert not (place.folder / "terraform.tfstate").exists()


def test_atlantis_leaves_repositories_no_way_out() -> None:
    (repo,) = ATLANTIS["repos"]
    assert (repo["allowed_overrides"], repo["allow_custom_workflows"]) == ([], False)


# -- Terragrunt --------------------------------------------------------------------------------------------

# What `terragrunt run --all --out-dir --json-out-dir plan` does with units that have no dependencies.
TERRAGRUNT = """
dir=; out=; json=
while [ $# -gt 0 ]; do
    case $1 in
    --working-dir) dir=$2; shift 2 ;;
    --out-dir) out=$2; shift 2 ;;
    --json-out-dir) json=$2; shift 2 ;;
    *) shift ;;
    esac
done
code=0
for unit in "$dir"/*/; do
    name=$(basename "$unit"); mkdir -p "$out/$name" "$json/$name"
    if terraform -chdir="$unit" plan -input=false -out="$out/$name/tfplan.tfplan" >/dev/null 2>&1; then
        terraform -chdir="$unit" show -json "$out/$name/tfplan.tfplan" > "$json/$name/tfplan.json"
    else
        code=1; rm -rf "$json/$name"
    fi
done
exit $code
"""


@real
@pytest.mark.parametrize(
    ("units", "code"),
    [
        ({"a": "free", "b": "free"}, 0),
        ({"a": "free", "b": "taken"}, 1),
        ({"a": "free", "b": "${no.such.thing}"}, 3),
        ({"a": "${no.such.thing}"}, 3),
    ],
)
def test_terragrunt_judges_every_unit(place: Place, units: dict[str, str], code: int) -> None:
    place.tool("terragrunt", TERRAGRUNT)
    for name, word in units.items():
        place.root(word, f"live/{name}")
    done = place.sh(f'sh -eu "{EXAMPLES}/terragrunt/plan.sh" live')
    assert done.returncode == code, done.stdout + done.stderr
    if "free" in units.values():
        reports = json.loads((place.folder / "plangate-out/report.json").read_text(encoding="utf-8"))
        planned = [name for name, word in units.items() if "$" not in word]
        assert sorted(one["run"]["root"] for one in reports) == [f"live/{name}" for name in planned]


def test_the_hooks_of_terragrunt_are_hcl() -> None:
    import hcl2

    with open(EXAMPLES / "terragrunt/root.hcl", encoding="utf-8") as file:
        found = hcl2.load(file)
    text = json.dumps(found)
    assert "after_hook" in text
    assert "before_hook" in text
