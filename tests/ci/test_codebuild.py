"""The buildspecs, phase by phase, with real plans."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import junitparser
import pytest

from ..terraform import why_not  # noqa: TID252 - the tests are no package
from .builds import Built, build
from .composite import ROOT, SOURCES
from .taken import POLICY

FILES = ROOT / "examples/ci/codebuild"
PLAN, APPLY, DESTROY = (FILES / f"{name}.buildspec.yml" for name in ("plan", "apply", "destroy"))

real = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A repository with one root, the files of the example, and plangate installed."""
    folder = tmp_path / "src"
    shutil.copytree(FILES, folder / "ci/plangate")
    (folder / "policies").mkdir()
    (folder / "policies/words.py").write_text(POLICY, encoding="utf-8")
    (folder / "plangate.toml").write_text(
        '[policies]\npaths = ["policies"]\n[environments.teardown]\n'
        '[[enforcement]]\npolicy = "destructive/*"\nenvironment = "teardown"\nlevel = "advisory"\n',
        encoding="utf-8",
    )
    bin = tmp_path / "home/bin"
    bin.mkdir(parents=True)
    for name, words in (("plangate", "-P -m plangate"), ("python", "")):
        (bin / name).write_text(f'#!/bin/sh\nPYTHONPATH="{SOURCES}" exec "{sys.executable}" {words} "$@"\n', "utf-8")
        (bin / name).chmod(0o755)
    return folder


def run(spec: Path, source: Path, **environ: str) -> Built:
    more = {"PLANGATE_HOME": str(source.parent / "home"), "PLANGATE_NOTIFY": "", **environ}
    return build(spec, source, skip=("install",), **more)


def root(source: Path, word: str) -> None:
    (source / "main.tf").write_text(f'resource "terraform_data" "a" {{\n  input = "{word}"\n}}\n', encoding="utf-8")


@real
def test_what_was_judged_is_applied(source: Path) -> None:
    root(source, "free")
    planned = run(PLAN, source)
    assert planned.succeeded, planned.log
    assert set(planned.artifacts) >= {"tfplan", "report.json", "report.html", "junit.xml"}
    assert planned.exported["PLANGATE_MESSAGE"] == (
        "plangate: PASS (exit 0): 1 to create, 0 to update, 0 to replace, 0 to delete; 0 findings stop it, 0 in all"
    )
    assert planned.exported["PLANGATE_LINK"].startswith("https://")
    assert list(junitparser.JUnitXml.fromfile(str(planned.reports[0])))
    assert json.loads((source / "plangate-out/report.json").read_bytes())["run"]["ci"] == "codepipeline"
    digest = planned.exported["PLANGATE_DIGEST"]
    applied = run(APPLY, source, CODEBUILD_SRC_DIR_plan=str(source / "plangate-out"), PLANGATE_DIGEST=digest)
    assert applied.succeeded, applied.log
    assert "1 added" in applied.log


@real
@pytest.mark.parametrize("word", ["taken", "${nowhere.is.this}"])
def test_after_a_failure_there_is_nothing_to_apply(source: Path, word: str) -> None:
    root(source, word)
    planned = run(PLAN, source)
    assert not planned.succeeded
    assert "tfplan" not in planned.artifacts
    assert {"report.json", "junit.xml"} <= set(planned.artifacts), planned.log
    assert planned.exported["PLANGATE_DIGEST"] == ""
    wanted = "FAIL (exit 1)" if word == "taken" else "ERROR (exit 3)"
    assert wanted in planned.exported["PLANGATE_MESSAGE"]
    assert any(suite.failures or suite.errors for suite in junitparser.JUnitXml.fromfile(str(planned.reports[0])))
    out = str(source / "plangate-out")
    for digest in ("", "0" * 64):
        assert not run(APPLY, source, CODEBUILD_SRC_DIR_plan=out, PLANGATE_DIGEST=digest).succeeded
    assert not (source / "terraform.tfstate").exists()


@real
def test_another_plan_than_the_judged_one_is_not_applied(source: Path) -> None:
    root(source, "free")
    digest = run(PLAN, source).exported["PLANGATE_DIGEST"]
    root(source, "other")
    run(PLAN, source)
    applied = run(APPLY, source, CODEBUILD_SRC_DIR_plan=str(source / "plangate-out"), PLANGATE_DIGEST=digest)
    assert not applied.succeeded
    assert "not the plan that was judged" in applied.log
    assert not (source / "terraform.tfstate").exists()


@real
def test_a_plan_of_an_earlier_build_is_not_left_lying(source: Path) -> None:
    root(source, "free")
    assert "tfplan" in run(PLAN, source).artifacts
    root(source, "taken")
    assert "tfplan" not in run(PLAN, source).artifacts


@real
def test_nothing_is_applied_in_a_build_that_has_failed(source: Path) -> None:
    root(source, "free")
    digest = run(PLAN, source).exported["PLANGATE_DIGEST"]
    words = ["sh", "-eu", "ci/plangate/apply.sh", digest]
    env = {**os.environ, "CODEBUILD_BUILD_SUCCEEDING": "0"}
    done = subprocess.run(words, cwd=source, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert not (source / "terraform.tfstate").exists()


@real
def test_destroying_goes_through_the_gate(source: Path) -> None:
    root(source, "free")
    digest = run(PLAN, source).exported["PLANGATE_DIGEST"]
    assert run(APPLY, source, CODEBUILD_SRC_DIR_plan=str(source / "plangate-out"), PLANGATE_DIGEST=digest).succeeded
    destroyed = run(DESTROY, source)
    assert destroyed.succeeded, destroyed.log
    assert "1 destroyed" in destroyed.log


def test_it_installs_where_there_is_no_python(tmp_path: Path) -> None:
    """As on Alpine: a shell, the package manager, and nothing else of use."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "dirname", "env", "cat", "chmod"):
        (tools / name).symlink_to(shutil.which(name) or name)
    (tools / "apk").write_text(f'#!/bin/sh\nln -s "{sys.executable}" "{tools}/python3"\n', encoding="utf-8")
    (tools / "terraform").write_text("#!/bin/sh\n", encoding="utf-8")
    for name in ("apk", "terraform"):
        (tools / name).chmod(0o755)
    (tools / "ln").symlink_to(shutil.which("ln") or "ln")
    wheel = tmp_path / "plangate-0.0.1-py3-none-any.whl"
    info = "plangate-0.0.1.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("plangate_stub.py", "def main():\n    print('plangate 0.0.1')\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: plangate\nVersion: 0.0.1\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/entry_points.txt", "[console_scripts]\nplangate = plangate_stub:main\n")
        archive.writestr(f"{info}/RECORD", "")
    env = {"PATH": str(tools), "HOME": str(tmp_path), "PLANGATE_REQUIREMENT": str(wheel), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        ["sh", "-eu", str(FILES / "install.sh")], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("plangate 0.0.1\n")


def test_the_version_that_is_installed_is_this_one() -> None:
    from plangate.version import VERSION

    assert f"plangate=={VERSION}" in (FILES / "install.sh").read_text(encoding="utf-8")


@pytest.mark.parametrize("spec", [PLAN, APPLY, DESTROY], ids=lambda spec: spec.name)
def test_no_phase_runs_after_a_failed_one(spec: Path) -> None:
    text = spec.read_text(encoding="utf-8")
    assert not any(line.strip().startswith("post_build:") for line in text.splitlines())
    assert "|| true" not in text
