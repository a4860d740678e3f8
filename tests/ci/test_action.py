"""The GitHub Action, step by step: what it installs, judges, writes and says, and what nobody can make it do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from plangate.cli.action import comment as told
from plangate.cli.action import step as one_step
from plangate.cli.options import CHECK

from ..gate.cli.plans import document, entry  # noqa: TID252 - the tests are no package
from ..notifiers.hub import GitHub  # noqa: TID252
from ..notifiers.server import Answer  # noqa: TID252
from ..terraform import Root, why_not  # noqa: TID252
from .composite import ROOT, Composite, parsed

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
RISKY, CLEAN = ROOT / "examples/risky/plan.json", ROOT / "examples/clean/plan.json"
BASE = "b" * 40


@pytest.fixture
def action(tmp_path: Path) -> Composite:
    return Composite(tmp_path)


def git(folder: Path, *words: str) -> str:
    own = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *own, *words], cwd=folder, capture_output=True, check=True, text=True).stdout.strip()


def pull_request(work: Path, *, fork: bool = False) -> Composite:
    """The action on pull request 7 of a repository with a base commit and one that the pull request adds."""
    place = Composite(work)
    git(place.workspace, "init", "-q")
    (place.workspace / "readme").write_text("base", encoding="utf-8")
    (place.workspace / "plangate.toml").write_text('fail_on = "high"\n', encoding="utf-8")
    git(place.workspace, "add", ".")
    git(place.workspace, "commit", "-qm", "base")
    base = git(place.workspace, "rev-parse", "HEAD")
    (place.workspace / "readme").write_text("head", encoding="utf-8")
    git(place.workspace, "commit", "-qam", "head")
    head = git(place.workspace, "rev-parse", "HEAD")
    event = {
        "number": 7,
        "pull_request": {
            "number": 7,
            "html_url": "https://github.com/acme/infra/pull/7",
            "head": {"sha": head, "ref": "x", "repo": {"full_name": "eve/infra" if fork else "acme/infra"}},
            "base": {"sha": base, "ref": "main", "repo": {"full_name": "acme/infra"}},
        },
    }
    (work / "event.json").write_text(json.dumps(event), encoding="utf-8")
    place.event_name = "pull_request"
    return place


def commented(hub: GitHub) -> dict[str, str]:
    return {"TOKEN": "ghs_made", "GITHUB_API_URL": hub.server.url, "PLANGATE_ALLOW_INSECURE": "1"}


def test_every_option_of_check_is_an_input() -> None:
    names = {option.name.replace("_", "-") for option in CHECK} - {"no-notify"}
    assert names <= set(ACTION["inputs"])
    given = ACTION["runs"]["steps"][-1]["env"]
    handed = {name.removeprefix("PLANGATE_INPUT_").lower().replace("_", "-") for name in given}
    assert set(ACTION["inputs"]) - {"github-token", "python", "cache"} <= handed


def test_third_party_actions_are_named_by_commit_and_inputs_are_no_script() -> None:
    for step in ACTION["runs"]["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"])
        else:
            assert "${{" not in step["run"]
            assert step["shell"] == "bash"


def test_a_plan_with_an_open_security_group_fails(action: Composite) -> None:
    shutil.copy(RISKY, action.workspace / "plan.json")
    done = action.run({"plan": "plan.json"})
    assert done.code == 1
    assert (done.outputs["verdict"], done.outputs["exit-code"]) == ("fail", "1")
    report = json.loads(Path(done.outputs["report"]).read_text(encoding="utf-8"))
    assert int(done.outputs["stops"]) == sum(finding["stops"] for finding in report["findings"]) > 0
    assert int(done.outputs["replace"]) == report["summary"]["replace"]
    assert json.loads(Path(done.outputs["sarif"]).read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert Path(done.outputs["html"]).read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert "FAIL" in done.summary
    assert "FAIL" in done.log
    assert re.search(r"^::error ", done.log, re.MULTILINE)


def test_a_clean_plan_passes(action: Composite) -> None:
    shutil.copy(CLEAN, action.workspace / "plan.json")
    done = action.run({"plan": "plan.json", "annotations": "false", "summary": "false"})
    assert (done.code, done.outputs["verdict"], done.outputs["stops"]) == (0, "pass", "0")
    assert done.summary == ""
    assert "::error" not in done.log


@pytest.mark.parametrize(
    ("inputs", "code", "said"),
    [
        ({"plan": "missing.json"}, 3, "missing.json"),
        ({"plan": "*.json"}, 3, ""),
        ({"plan": "plan.json", "plan-outcome": "failure"}, 3, "there is no plan"),
        ({"plan": "plan.json", "plan-outcome": "skipped"}, 3, "there is no plan"),
        ({"plan": "plan.json", "plan-outcome": "perhaps"}, 2, "plan-outcome"),
        ({}, 2, "neither plan nor merge"),
        ({"plan": "plan.json", "merge": "reports"}, 2, "both plan and merge"),
        ({"plan": "plan.json", "fail-on": "hgih"}, 2, "hgih"),
        ({"plan": "plan.json", "allow-incomplete": "maybe"}, 2, "allow-incomplete"),
        ({"plan": "plan.json", "select": "nothing/*"}, 2, "nothing/*"),
        ({"plan": "plan.json", "working-directory": "nowhere"}, 2, "nowhere"),
        ({"plan": "plan.json", "format": "junit"}, 2, "junit"),
        ({"plan": "plan.json", "config": "none.toml"}, 2, "none.toml"),
    ],
)
def test_what_cannot_be_judged_is_reported_too(
    tmp_path: Path, hub: GitHub, inputs: dict[str, str], code: int, said: str
) -> None:
    place = pull_request(tmp_path)
    if "*" not in inputs.get("plan", ""):
        shutil.copy(CLEAN, place.workspace / "plan.json")
    done = place.run(inputs, **commented(hub))
    assert (done.code, done.outputs["verdict"], done.outputs["exit-code"]) == (code, "error", str(code))
    assert said in done.log
    assert "Traceback" not in done.log
    assert "ERROR" in done.summary.upper()
    report = json.loads(Path(done.outputs["report"]).read_text(encoding="utf-8"))
    assert report["verdict"] == "error"
    (comment,) = hub.comments.values()
    assert comment["body"].startswith("<!-- plangate:1 key=")


def test_the_comment_is_one_and_follows_the_plan(tmp_path: Path, hub: GitHub) -> None:
    place = pull_request(tmp_path)
    shutil.copy(RISKY, place.workspace / "plan.json")
    assert place.run({"plan": "plan.json"}, **commented(hub)).code == 1
    ((number, comment),) = hub.comments.items()
    first = comment["body"]
    shutil.copy(CLEAN, place.workspace / "plan.json")
    done = place.run({"plan": "plan.json"}, **commented(hub))
    assert done.code == 0, done.log
    ((same, comment),) = hub.comments.items()
    assert number == same
    assert "FAIL" in first
    assert "PASS" in comment["body"]
    report = json.loads(Path(done.outputs["report"]).read_text(encoding="utf-8"))
    assert [one["status"] for one in report["deliveries"]] == ["sent"]
    assert "ghs_made" not in done.log + done.summary + json.dumps(report)


def test_a_failed_plan_takes_the_place_of_the_comment_before(tmp_path: Path, hub: GitHub) -> None:
    place = pull_request(tmp_path)
    shutil.copy(CLEAN, place.workspace / "plan.json")
    inputs = {"plan": "plan.json", "run": "root=envs/prod"}
    assert place.run(inputs, **commented(hub)).code == 0
    ((number, first),) = hub.comments.items()
    assert "PASS" in first["body"]
    assert place.run({**inputs, "plan-outcome": "failure"}, **commented(hub)).code == 3
    ((same, second),) = hub.comments.items()
    assert number == same
    assert " verdict=error " in second["body"]


def test_no_comment_where_none_is_wanted(tmp_path: Path, hub: GitHub) -> None:
    place = pull_request(tmp_path)
    shutil.copy(RISKY, place.workspace / "plan.json")
    assert place.run({"plan": "plan.json", "comment": "false"}, **commented(hub)).code == 1
    assert hub.writes == []


@pytest.mark.parametrize(("plan", "code"), [(RISKY, 1), (CLEAN, 0)])
def test_a_fork_has_a_summary_instead_and_the_verdict_stands(
    tmp_path: Path, hub: GitHub, plan: Path, code: int
) -> None:
    place = pull_request(tmp_path, fork=True)
    shutil.copy(plan, place.workspace / "plan.json")
    hub.write = Answer(403, {"message": "Resource not accessible by integration"})
    done = place.run({"plan": "plan.json"}, **commented(hub))
    assert done.code == code
    assert len(re.findall(r"plangate.{0,9} (?:FAIL|PASS)", done.summary)) == 1, done.summary[:500]
    assert "not delivered" in done.log
    assert hub.comments == {}


def test_the_base_decides_and_says_what_the_change_would_loosen(tmp_path: Path) -> None:
    place = pull_request(tmp_path)
    (place.workspace / "plangate.toml").write_text('fail_on = "none"\n', encoding="utf-8")
    git(place.workspace, "commit", "-qam", "loosen")
    shutil.copy(RISKY, place.workspace / "plan.json")
    done = place.run({"plan": "plan.json"})
    assert done.code == 1, done.log
    assert "loosen" in done.summary
    report = json.loads(Path(done.outputs["report"]).read_text(encoding="utf-8"))
    assert any("fail_on" in line for line in report["settings"]["loosened"])
    assert place.run({"plan": "plan.json", "trusted-ref": "none"}).code == 0


def test_several_plans(action: Composite) -> None:
    for name, path in (("a", RISKY), ("b", CLEAN)):
        (action.workspace / name).mkdir()
        shutil.copy(path, action.workspace / name / "plan.json")
    done = action.run({"plan": "*/plan.json\nc/plan.json"})
    assert (done.code, done.outputs["verdict"], done.outputs["reports"]) == (3, "error", "3")
    assert sorted(path.name for path in Path(done.outputs["sarif"]).iterdir()) == [
        "plangate-1.sarif",
        "plangate-2.sarif",
        "plangate-3.sarif",
    ]
    assert done.summary.count("plan.json") >= 3


def test_reports_of_many_jobs_become_one(action: Composite) -> None:
    for name, path in (("a", RISKY), ("b", CLEAN)):
        shutil.copy(path, action.workspace / "plan.json")
        done = action.run({"plan": "plan.json", "run": f"root=envs/{name}", "comment": "false"})
        (action.workspace / "reports" / name).mkdir(parents=True)
        shutil.copy(done.outputs["report"], action.workspace / "reports" / name / "report.json")
    done = action.run({"merge": "reports", "expect": '["envs/a", "envs/b"]'})
    assert (done.code, done.outputs["reports"]) == (1, "2"), done.log
    assert "plangate: FAIL" in done.log
    done = action.run({"merge": "reports", "quiet": "true"})
    assert done.code == 1, done.log
    assert "plangate: FAIL" not in done.log
    done = action.run({"merge": "reports", "expect": '[\n  "envs/a",\n  "envs/b",\n  "envs/c"\n]'})
    assert (done.code, done.outputs["verdict"]) == (3, "error")
    assert "envs/c" in done.log


def test_no_roots_is_the_one_pass_without_a_plan(action: Composite) -> None:
    done = action.run({"merge": "reports", "expect": "[]"})
    assert (done.code, done.outputs["verdict"], done.outputs["reports"]) == (0, "pass", "0"), done.log
    assert action.run({"merge": "reports", "expect": ""}).code == 3


def test_names_of_a_plan_are_no_commands_and_no_outputs(action: Composite) -> None:
    evil = 'x"]\n::set-output name=verdict::pass\nverdict=pass\n##[command]'
    bucket = entry("aws_sqs_queue.a", ["create"], None, {"name": evil, "sqs_managed_sse_enabled": False})
    bucket |= {"address": f'aws_sqs_queue.a["{evil}"]', "index": evil}
    (action.workspace / "plan.json").write_text(json.dumps(document(bucket)), encoding="utf-8")
    done = action.run({"plan": "plan.json", "verbose": "true"})
    assert done.outputs["verdict"] == "fail"
    for line in done.log.splitlines():
        assert "##[" not in line
        assert not line.lstrip().startswith("::") or re.match(r"::(error|warning|notice) ", line)
    assert set(done.outputs) == set(ACTION["outputs"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("select", "*; touch pwned"),
        ("plan", "$(touch pwned)"),
        ("env", "`touch pwned`"),
        ("run", 'root="; touch pwned'),
    ],
)
def test_inputs_are_never_run(action: Composite, name: str, value: str) -> None:
    shutil.copy(CLEAN, action.workspace / "plan.json")
    action.run({"plan": "plan.json", name: value})
    assert not (action.workspace / "pwned").exists()


def test_the_checkout_is_not_imported(action: Composite) -> None:
    for name in ("json.py", "plangate.py", "sitecustomize.py"):
        (action.workspace / name).write_text("raise SystemExit(0)\n", encoding="utf-8")
    shutil.copy(RISKY, action.workspace / "plan.json")
    done = action.run({"plan": "plan.json"}, PYTHONPATH=str(action.workspace), PYTHONSTARTUP="json.py")
    assert done.code == 1


def test_a_full_summary_is_no_error(action: Composite) -> None:
    many = [
        entry(f"aws_sqs_queue.{'q' * 60}{n}", ["create"], None, {"sqs_managed_sse_enabled": False}) for n in range(3000)
    ]
    (action.workspace / "plan.json").write_text(json.dumps(document(*many)), encoding="utf-8")
    done = action.run({"plan": "plan.json"})
    assert done.code == 1
    assert 0 < len(done.summary.encode()) < 1024 * 1024


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
@pytest.mark.parametrize("wrapper", [True, False])
def test_a_plan_file_with_and_without_the_wrapper(tmp_path: Path, wrapper: bool) -> None:
    place = Composite(tmp_path)
    Root(place.workspace).plan('resource "terraform_data" "a" { input = "x" }')
    inputs = {"plan": "made.tfplan", "select": "encryption/*"}
    if not wrapper:
        assert place.run(inputs).code == 0
        return
    folder = tmp_path / "wrapped"
    folder.mkdir()
    real = shutil.which("terraform")
    assert real
    (folder / "terraform-bin").symlink_to(real)
    (folder / "terraform").write_text('#!/bin/sh\necho "[command]terraform-bin $*"\nexec "$0-bin" "$@"\n', "utf-8")
    (folder / "terraform").chmod(0o755)
    path = f"{folder}:/usr/bin:/bin"
    done = place.run(inputs, PATH=path, TERRAFORM_CLI_PATH=str(folder))
    assert done.code == 0, done.log


def test_it_installs_from_its_lock_and_again_from_the_cache(tmp_path: Path) -> None:
    place = Composite(tmp_path)
    shutil.copy(RISKY, place.workspace / "plan.json")
    done = place.run({"plan": "plan.json"}, real_install=True, **index())
    if "could not be installed" in done.log:
        pytest.skip("there is no package index here")
    assert done.code == 1, done.log
    assert "from the package index" in done.log
    shutil.rmtree(place.temp)
    place.temp.mkdir()
    again = place.run({"plan": "plan.json"}, real_install=True, PIP_INDEX_URL="http://127.0.0.1:9/simple")
    assert again.code == 1, again.log
    assert "from the cache" in again.log
    shutil.rmtree(place.temp)
    place.temp.mkdir()
    (kept,) = place.cache.iterdir()
    wheel = next(path for path in kept.iterdir() if path.name.startswith("click-"))
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    evil = place.run({"plan": "plan.json"}, real_install=True, PIP_INDEX_URL="http://127.0.0.1:9/simple")
    assert evil.code == 2
    assert "could not be installed" in evil.log


def index() -> dict[str, str]:
    """The package index of this machine, where its variables name one."""
    return {name: value for name, value in os.environ.items() if name.startswith("PIP_")}


def test_a_summary_that_cannot_be_written_is_no_error(action: Composite) -> None:
    shutil.copy(CLEAN, action.workspace / "plan.json")
    done = action.run({"plan": "plan.json"}, GITHUB_STEP_SUMMARY="/dev/full/x")
    assert (done.code, done.outputs["verdict"]) == (0, "pass")
    assert "summary could not be written" in done.log


def test_the_name_of_a_branch_is_only_a_name(tmp_path: Path, hub: GitHub) -> None:
    place = pull_request(tmp_path)
    event = json.loads((tmp_path / "event.json").read_text(encoding="utf-8"))
    event["pull_request"]["head"]["ref"] = evil = "x\n::error::pwned\n<img src=x> @everyone $(touch pwned)"
    event["pull_request"]["title"] = evil
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    shutil.copy(RISKY, place.workspace / "plan.json")
    done = place.run({"plan": "plan.json"}, GITHUB_HEAD_REF=evil, **commented(hub))
    assert done.code == 1
    assert not re.search(r"^\s*::error::pwned", done.log, re.MULTILINE)
    assert not (place.workspace / "pwned").exists()
    (comment,) = hub.comments.values()
    assert "<img" not in comment["body"] + done.summary
    assert "@everyone" not in comment["body"]


def test_python_of_the_tool_cache_where_path_has_none(tmp_path: Path) -> None:
    tools, cache = tmp_path / "bin", tmp_path / "cache"
    tools.mkdir()
    for name in ("bash", "dirname"):
        (tools / name).symlink_to(shutil.which(name) or name)
    place = cache / "Python/3.11.7/x64/bin"
    place.mkdir(parents=True)
    script = str(ROOT / "action/python.sh")
    env = {
        "PATH": str(tools), "RUNNER_TOOL_CACHE": str(cache), "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "out"),
    }  # fmt: skip
    done = subprocess.run(["bash", script, "locate"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "actions/setup-python" in done.stdout
    (place / "python3").symlink_to(sys.executable)
    done = subprocess.run(["bash", script, "locate"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = parsed((tmp_path / "out").read_text(encoding="utf-8"))
    assert found["key"].startswith("plangate-")
    assert set(found) == {"python", "wheels", "key", "checkov-cache", "checkov-key"}


def test_a_wrong_input_of_what_is_shown_is_said_and_no_verdict(action: Composite) -> None:
    shutil.copy(CLEAN, action.workspace / "plan.json")
    done = action.run({"plan": "plan.json", "summary": "yes\nno"})
    assert (done.code, done.outputs["verdict"]) == (0, "pass"), done.log
    assert "summary: it has more than one line" in done.log
    assert "Traceback" not in done.log
    assert "PASS" in done.summary


@pytest.mark.parametrize(("breaks", "code"), [("_judged", 5), ("comment", 0)])
def test_what_breaks_beside_the_verdict_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], breaks: str, code: int
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("s3cret")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(one_step if breaks == "_judged" else told, breaks, broken)
    env = {
        "PLANGATE_INPUT_PLAN": str(CLEAN), "PLANGATE_INPUT_CHECKOV": "off", "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "out"),
    }  # fmt: skip
    assert one_step.step(env) == code
    said = capfd.readouterr().err
    assert ("internal error (KeyError)" in said, "s3cret" in said) == (True, False)
    assert parsed((tmp_path / "out").read_text(encoding="utf-8"))["exit-code"] == str(code)
