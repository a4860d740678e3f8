"""What a checkout says by its files, against git's own answers."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.context import git
from plangate.context.facts import FACTS, fact
from plangate.context.run import facts

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def run(folder: Path, *arguments: str) -> str:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "t@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    done = subprocess.run(["git", *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    run(folder, "init", "-q", "-b", "main")
    run(folder, "commit", "-q", "--allow-empty", "-m", "one")
    run(folder, "remote", "add", "origin", "https://x:ghp_secret@git.example.com/acme/infra.git")
    (folder / "envs" / "prod").mkdir(parents=True)
    return folder


def known(folder: Path) -> dict[str, Any]:
    return {k: v for k, v in facts({"USER": "jane"}, str(folder)).items() if v}


def test_branch_commit_and_origin_of_a_checkout(repository: Path) -> None:
    at = run(repository, "rev-parse", "HEAD")
    expected = {"repository": "acme/infra", "ref": "main", "commit": at, "actor": "jane"}
    assert known(repository / "envs" / "prod") == expected
    run(repository, "pack-refs", "--all")
    assert known(repository) == expected
    run(repository, "checkout", "-q", "--detach")
    assert known(repository) == {k: v for k, v in expected.items() if k != "ref"}


def test_worktree(repository: Path, tmp_path: Path) -> None:
    run(repository, "worktree", "add", "-q", "-b", "feature/y", str(tmp_path / "other"))
    found = known(tmp_path / "other")
    assert (found["ref"], found["repository"]) == ("feature/y", "acme/infra")
    assert found["commit"] == run(tmp_path / "other", "rev-parse", "HEAD")


def test_no_checkout_and_a_broken_one_say_nothing(tmp_path: Path) -> None:
    assert known(tmp_path) == {"actor": "jane"}
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_bytes(b"ref: refs/heads/\xff\n")
    (tmp_path / ".git" / "config").write_bytes(b'[remote "origin"\nurl\n\xff')
    assert set(known(tmp_path)) <= {"actor", "ref"}
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/../../../etc/passwd\n")
    assert "commit" not in known(tmp_path)


def test_a_merge_that_ci_checked_out_is_not_the_change(repository: Path) -> None:
    found = facts({"CIRCLECI": "true", "CIRCLE_PR_NUMBER": "3"}, str(repository))
    assert (found["pull_request"], found["commit"], found["repository"]) == ("3", None, "acme/infra")


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("https://github.com/acme/infra.git", "acme/infra"),
        ("https://user:token@dev.azure.com/acme/proj/_git/infra", "acme/proj/_git/infra"),
        ("ssh://git@git.example.com:2222/acme/infra.git", "acme/infra"),
        ("git@github.com:acme/infra", "acme/infra"),
        ("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/infra?x", "v1/repos/infra"),
        ("acme/infra", "acme/infra"),
        ("/srv/git/infra.git", None),
        ("../infra", None),
        ("C:\\git\\infra", None),
    ],
)
def test_repository_of_an_address(written: str, slug: str | None) -> None:
    assert fact("repository", written) == slug


@given(st.sampled_from(FACTS), st.text(max_size=3000))
def test_a_fact_is_short_and_never_raises(name: str, text: str) -> None:
    found = fact(name, text)
    assert found is None or 0 < len(found) <= 1000


@given(st.text(min_size=1))
def test_any_branch_name_is_only_a_name(name: str) -> None:
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_HEAD_REF": name, "GITHUB_REF": "refs/pull/1/merge"}
    found = facts(environ, "/")
    assert (found["pull_request"], found["ci"]) == ("1", "github")
    assert git.top("/nonexistent/x") is None
