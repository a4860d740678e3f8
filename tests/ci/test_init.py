"""`plangate init`: which place, what is written, and what never is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plangate.cli.init.command import places, templates

from .composite import ROOT, SOURCES

TEMPLATES = ROOT / "examples/ci"


def run(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "plangate", "init", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCES, "GIT_CEILING_DIRECTORIES": str(folder.parent), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def repository(folder: Path, origin: str | None = None) -> Path:
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    if origin:
        subprocess.run(["git", "remote", "add", "origin", origin], cwd=folder, check=True)
    return folder


def test_every_template_is_an_example() -> None:
    written = {template for place in places().values() for template in place["files"].values()}
    assert all((TEMPLATES / template).is_file() for template in written)
    assert Path(templates()) == TEMPLATES


@pytest.mark.parametrize("name", sorted(places()))
def test_each_place_is_written_once_and_never_over(tmp_path: Path, name: str) -> None:
    repository(tmp_path)
    first = run(tmp_path, name)
    assert first.returncode == 0, first.stderr
    assert "+" in first.stdout
    for target, template in places()[name]["files"].items():
        path = tmp_path / target.replace("{hooks}", ".git/hooks")
        assert path.read_bytes() == (TEMPLATES / template).read_bytes()
        assert (target in places()[name]["executable"]) == os.access(path, os.X_OK)
    assert "everything is there already" in run(tmp_path, name).stderr
    path.write_text("mine\n", encoding="utf-8")
    again = run(tmp_path, name, "--yes")
    assert again.returncode == 2
    assert "-mine" in again.stdout
    assert path.read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize(
    ("origin", "there", "name"),
    [
        ("https://github.com/acme/infra.git", None, "github"),
        ("git@gitlab.example.com:acme/infra.git", None, "gitlab"),
        ("git@gitlab.example.com:github-mirror/infra.git", None, "gitlab"),
        ("https://github-bot@gitlab.example.com:8443/acme/infra.git", None, "gitlab"),
        ("ssh://git@github.com/gitlab-mirror/infra.git", None, "github"),
        (None, "buildspec.yml", "codebuild"),
        (None, "terragrunt.hcl", "terragrunt"),
        (None, "atlantis.yaml", "atlantis"),
    ],
)
def test_the_place_it_finds_itself_in(tmp_path: Path, origin: str | None, there: str | None, name: str) -> None:
    repository(tmp_path, origin)
    if there:
        (tmp_path / there).touch()
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    assert all((tmp_path / target).exists() for target in places()[name]["files"])


def test_what_is_not_plain_is_asked_for_and_nothing_is_written(tmp_path: Path) -> None:
    repository(tmp_path)
    assert run(tmp_path).returncode == 2
    (tmp_path / ".gitlab-ci.yml").touch()
    (tmp_path / "buildspec.yml").touch()
    done = run(tmp_path)
    assert done.returncode == 2
    assert "codebuild or gitlab" in done.stderr
    assert run(tmp_path, "githbu").returncode == 2
    assert "github" in run(tmp_path, "githbu").stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [".git", ".gitlab-ci.yml", "buildspec.yml"]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    repository(tmp_path)
    assert "+name: plan" in run(tmp_path, "github", "--dry-run").stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == [".git"]


def test_hooks_of_another_folder(tmp_path: Path) -> None:
    repository(tmp_path)
    subprocess.run(["git", "config", "core.hooksPath", "hooks"], cwd=tmp_path, check=True)
    assert run(tmp_path, "pre-push").returncode == 0
    assert os.access(tmp_path / "hooks/pre-push", os.X_OK)


def test_a_hook_needs_a_repository(tmp_path: Path) -> None:
    assert run(tmp_path, "pre-push").returncode == 2
