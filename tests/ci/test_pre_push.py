"""The hook: a real `git push` with real plans, and what it makes of everything else."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from ..gate.cli.plans import document, queue  # noqa: TID252 - the tests are no package
from ..terraform import why_not  # noqa: TID252
from .composite import ROOT, SOURCES
from .taken import POLICY

real = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


class Repository:
    """A repository with a remote, plangate on PATH, and the hook of examples/ci/pre-push."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.remote = folder / "work", folder / "remote.git"
        self.folder.mkdir()
        bin = folder / "bin"
        bin.mkdir()
        (bin / "plangate").write_text(
            f'#!/bin/sh\nPYTHONPATH="{SOURCES}" exec "{sys.executable}" -P -m plangate "$@"\n', encoding="utf-8"
        )
        (bin / "plangate").chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "GIT_"))}
        self.env = {
            **kept,
            "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
            "CHECKPOINT_DISABLE": "1",
        }
        (folder / "gitconfig").write_text(
            "[user]\n name = a\n email = a@example.com\n[init]\n defaultBranch = main\n[push]\n default = current\n",
            encoding="utf-8",
        )
        self.git("init", "-q", "--bare", str(self.remote))
        self.git("init", "-q")
        self.git("remote", "add", "origin", str(self.remote))
        self.write(".gitignore", "tfplan\n.terraform*\n*.tfstate*\n")
        self.commit()
        self.git("push", "-q", "origin", "main")
        assert self.run("plangate", "init", "pre-push").returncode == 0

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=self.folder, env={**self.env, **env}, capture_output=True, text=True, check=False, timeout=120
        )

    def git(self, *words: str) -> str:
        done = self.run("git", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def root(self, folder: str, word: str) -> None:
        self.write(f"{folder}/main.tf", f'resource "terraform_data" "a" {{\n  input = "{word}"\n}}\n')

    def plan(self, folder: str) -> None:
        done = self.run("terraform", f"-chdir={folder}", "plan", "-out=tfplan", "-input=false")
        assert done.returncode == 0, done.stderr

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "x")

    def push(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("git", "push", "origin", "main", *words)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    found = Repository(tmp_path)
    found.write("policies/taken.py", POLICY)
    found.write("plangate.toml", '[policies]\npaths = ["policies"]\n')
    found.commit()
    return found


@real
def test_a_push_with_a_bad_plan_is_stopped_and_can_be_made_all_the_same(repository: Repository) -> None:
    repository.root("live/a", "taken")
    repository.commit()
    repository.plan("live/a")
    pushed = repository.push()
    assert pushed.returncode != 0
    assert "acme/taken" in pushed.stdout + pushed.stderr
    assert "git push --no-verify" in pushed.stderr
    assert repository.push("--no-verify").returncode == 0


@real
def test_a_push_with_a_good_plan_goes_through(repository: Repository) -> None:
    repository.root("live/a", "free")
    repository.commit()
    repository.plan("live/a")
    pushed = repository.push()
    assert pushed.returncode == 0, pushed.stderr
    assert "PASS" in pushed.stdout + pushed.stderr


@real
def test_only_roots_that_the_push_touches_are_judged(repository: Repository) -> None:
    repository.root("live/a", "taken")
    repository.commit()
    repository.plan("live/a")
    repository.push("--no-verify")
    repository.root("live/b", "free")
    repository.commit()
    repository.plan("live/b")
    pushed = repository.push()
    assert pushed.returncode == 0, pushed.stdout + pushed.stderr


@real
def test_a_root_without_a_plan_is_no_pass_and_is_planned_where_that_is_allowed(repository: Repository) -> None:
    repository.root("live/a", "taken")
    repository.write("live/a/.terraform.lock.hcl", "")
    repository.commit()
    pushed = repository.push()
    assert pushed.returncode != 0
    assert "there is no plan" in pushed.stderr
    assert "git config plangate.plan true" in pushed.stderr
    repository.git("config", "plangate.plan", "true")
    pushed = repository.push()
    assert pushed.returncode != 0
    assert "acme/taken" in pushed.stdout + pushed.stderr
    repository.root("live/a", "free")
    repository.commit()
    pushed = repository.push()
    assert pushed.returncode == 0, pushed.stderr
    assert not (repository.folder / "live/a/tfplan").exists()


@real
def test_programs_that_lie_in_the_checkout_are_not_run(repository: Repository) -> None:
    repository.root("live/a", "free")
    repository.write("live/a/.terraform.lock.hcl", "")
    for folder in ("", "live/a/"):
        for name in ("terraform", "git"):
            repository.write(f"{folder}{name}", f"#!/bin/sh\ntouch '{repository.folder}/pwned'\nexit 9\n")
            (repository.folder / folder / name).chmod(0o755)
    repository.commit()
    plangate = str(repository.folder.parent / "bin/plangate")
    done = repository.run(plangate, "pre-push", "--plan", PATH=f".{os.pathsep}{repository.env['PATH']}")
    assert done.returncode == 0, done.stderr
    assert not (repository.folder / "pwned").exists()


@real
def test_a_plan_that_fails_is_no_pass(repository: Repository) -> None:
    repository.root("live/a", "${var.nothing}")
    repository.write("live/a/.terraform.lock.hcl", "")
    repository.commit()
    done = repository.run("plangate", "pre-push", "--plan")
    assert done.returncode == 3
    assert "terraform plan failed" in done.stderr


@real
def test_a_change_in_a_local_module_touches_the_roots_that_call_it(repository: Repository) -> None:
    repository.root("modules/m", "free")
    repository.write("live/a/main.tf", 'module "m" {\n  source = "../../modules/m"\n}\n')
    repository.write("live/b/main.tf", 'resource "terraform_data" "b" {}\n')
    for name in ("a", "b"):
        assert repository.run("terraform", f"-chdir=live/{name}", "init").returncode == 0
        repository.plan(f"live/{name}")
    repository.commit()
    repository.push("--no-verify")
    repository.root("modules/m", "taken")
    repository.commit()
    repository.plan("live/a")
    pushed = repository.push()
    assert pushed.returncode != 0
    assert "acme/taken" in pushed.stdout + pushed.stderr
    assert "live/b" not in pushed.stdout + pushed.stderr


def bad(repository: Repository, name: str = "live/a/plan.json") -> None:
    repository.write(name, json.dumps(document(queue(encrypted=False))))


def test_a_plan_older_than_its_configuration_is_no_pass(repository: Repository) -> None:
    repository.root("live/a", "x")
    repository.commit()
    repository.write("live/a/tfplan.json", json.dumps(document(queue())))
    old = time.time() - 1000
    os.utime(repository.folder / "live/a/tfplan.json", (old, old))
    done = repository.run("plangate", "pre-push")
    assert done.returncode == 3
    assert "older than live/a/main.tf" in done.stderr


def test_without_configuration_there_is_nothing_to_judge(repository: Repository) -> None:
    repository.write("readme.md", "x")
    repository.commit()
    pushed = repository.push()
    assert pushed.returncode == 0
    assert "nothing to judge" in pushed.stderr


def test_a_branch_that_is_deleted_or_new(repository: Repository) -> None:
    repository.git("checkout", "-qb", "more")
    bad(repository)
    repository.root("live/a", "x")
    repository.commit()
    pushed = repository.run("git", "push", "origin", "more")
    assert pushed.returncode != 0, pushed.stderr
    assert repository.run("git", "push", "--no-verify", "origin", "more").returncode == 0
    assert repository.run("git", "push", "origin", "--delete", "more").returncode == 0


def test_hostile_names_are_only_names(repository: Repository) -> None:
    folder = "live/\x1b[31m$(touch pwned);::error::x"
    bad(repository, f"{folder}/plan.json")
    repository.root(folder, "x")
    repository.commit()
    done = repository.run("plangate", "pre-push")
    assert done.returncode in (1, 3)
    assert "\x1b" not in done.stdout + done.stderr
    assert not (repository.folder / "pwned").exists()


def test_outside_of_a_repository(tmp_path: Path) -> None:
    env = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    words = [sys.executable, "-m", "plangate", "pre-push"]
    done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no working tree" in done.stderr


def test_what_it_costs(repository: Repository) -> None:
    bad(repository)
    repository.root("live/a", "x")
    repository.commit()
    repository.run("plangate", "pre-push")
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = repository.run("plangate", "pre-push", "--checkov=off")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 1, done.stderr
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    bare = end.ru_utime - start.ru_utime + end.ru_stime - start.ru_stime
    # 0.3 s where Python starts in 20 ms; no bar for a machine that is busy with something else.
    assert min(spent) < max(0.3, 16 * bare), spent


def test_the_hook_of_pre_commit() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["entry"] == "plangate pre-push"
    assert "pre-push" in hook["stages"]
    assert hook["pass_filenames"] is False
    (repo,) = yaml.safe_load((ROOT / "examples/ci/pre-push/.pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [one["id"] for one in repo["hooks"]] == [hook["id"]]


def test_pre_commit_says_what_is_pushed(repository: Repository) -> None:
    bad(repository)
    repository.root("live/a", "x")
    repository.commit()
    env = {"PRE_COMMIT_FROM_REF": "origin/main", "PRE_COMMIT_TO_REF": "HEAD"}
    assert repository.run("plangate", "pre-push", **env).returncode == 1
    env = {"PRE_COMMIT_FROM_REF": "HEAD", "PRE_COMMIT_TO_REF": "HEAD"}
    assert repository.run("plangate", "pre-push", **env).returncode == 0


def test_without_plangate_the_hook_says_so(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "sh").symlink_to(shutil.which("sh") or "sh")
    hook = ROOT / "examples/ci/pre-push/pre-push"
    done = subprocess.run(["sh", hook], env={"PATH": str(tools)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--no-verify" in done.stderr
