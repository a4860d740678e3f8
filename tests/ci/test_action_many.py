"""The action in workflows of several jobs: many roots and their last job, forks judged anew, how git may fetch."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from plangate.cli.action.base import base, credentials
from plangate.context.run import facts
from plangate.errors import UsageError

from ..notifiers.hub import GitHub  # noqa: TID252 - the tests are no package
from .composite import Composite, Done
from .test_action import CLEAN, RISKY, commented, git, pull_request

# What became of the job of each root: the report it left, as a plan and an outcome, or nothing.
PASSED, STOPPED, BROKEN, GONE = (CLEAN, "success"), (RISKY, "success"), (None, "failure"), None


def job(place: Composite, root: str, became: tuple[Path | None, str] | None) -> None:
    if became is None:
        return
    plan, outcome = became
    folder = place.workspace / root
    folder.mkdir(parents=True)
    (folder / "main.tf").touch()
    if plan is not None:
        shutil.copy(plan, folder / "plan.json")
    done = place.run({"plan": f"{root}/plan.json", "plan-outcome": outcome, "chdir": root, "comment": "false"})
    kept = place.workspace / "reports" / root.replace("/", "-")
    kept.mkdir(parents=True)
    shutil.copy(done.outputs["report"], kept / "report.json")


def last(place: Composite, roots: list[str], hub: GitHub) -> Done:
    return place.run({"merge": "reports", "expect": json.dumps(roots)}, **commented(hub))


@pytest.mark.parametrize(
    ("jobs", "code"),
    [
        ({"live/a": PASSED, "live/b": PASSED}, 0),
        ({"live/a": PASSED, "live/b": STOPPED}, 1),
        ({"live/a": PASSED, "live/b": BROKEN}, 3),
        ({"live/a": PASSED, "live/b": GONE}, 3),
        ({"live/a": STOPPED, "live/b": GONE}, 3),
        ({"live/a": GONE}, 3),
        ({}, 0),
    ],
    ids=["passed", "stopped", "plan failed", "cancelled", "stopped and cancelled", "skipped", "no roots"],
)
def test_the_last_job_knows_what_became_of_the_others(
    tmp_path: Path, hub: GitHub, jobs: dict[str, Any], code: int
) -> None:
    place = pull_request(tmp_path)
    for root, became in jobs.items():
        job(place, root, became)
    done = last(place, list(jobs), hub)
    assert done.code == code, done.log
    assert done.outputs["verdict"] == {0: "pass", 1: "fail", 3: "error"}[code]
    assert done.summary
    assert len(hub.comments) == (1 if jobs else 0)


def test_the_comment_of_all_roots_is_one_whatever_became_of_them(tmp_path: Path, hub: GitHub) -> None:
    place = pull_request(tmp_path)
    job(place, "live/a", STOPPED)
    assert last(place, ["live/a", "live/b"], hub).code == 3
    ((number, comment),) = hub.comments.items()
    assert "NOT JUDGED" in comment["body"]
    job(place, "live/b", BROKEN)
    assert last(place, ["live/a", "live/b"], hub).code == 3
    shutil.rmtree(place.workspace / "reports")
    shutil.rmtree(place.workspace / "live")
    job(place, "live/a", PASSED)
    assert last(place, ["live/a"], hub).code == 0
    ((same, comment),) = hub.comments.items()
    assert number == same
    assert "PASS" in comment["body"]


def test_where_the_list_of_roots_was_never_made_nothing_passes(tmp_path: Path, hub: GitHub) -> None:
    place = pull_request(tmp_path)
    done = place.run({"merge": "reports", "expect": ""}, **commented(hub))
    assert (done.code, done.outputs["verdict"]) == (3, "error")


def test_a_report_of_another_commit_is_stale(tmp_path: Path, hub: GitHub) -> None:
    place = pull_request(tmp_path)
    job(place, "live/a", PASSED)
    path = place.workspace / "reports/live-a/report.json"
    report = json.loads(path.read_text(encoding="utf-8"))
    report["run"]["commit"] = "c" * 40
    path.write_text(json.dumps(report), encoding="utf-8")
    assert last(place, ["live/a"], hub).code == 3


def judged_anew(work: Path) -> Composite:
    """The second workflow: on the default branch, with the plan of a fork outside of the checkout."""
    place = Composite(work)
    git(place.workspace, "init", "-q")
    (place.workspace / "plangate.toml").write_text('fail_on = "high"\n', encoding="utf-8")
    git(place.workspace, "add", ".")
    git(place.workspace, "commit", "-qm", "base")
    run = {
        "head_sha": "e" * 40,
        "head_branch": "x",
        "pull_requests": [],
        "repository": {"full_name": "acme/infra"},
        "head_repository": {"full_name": "eve/infra"},
    }
    (work / "event.json").write_text(json.dumps({"workflow_run": run}), encoding="utf-8")
    place.event_name = "workflow_run"
    (place.temp / "untrusted").mkdir()
    return place


@pytest.mark.parametrize(("plan", "code"), [(RISKY, 1), (CLEAN, 0), (None, 3)])
def test_the_plan_of_a_fork_is_judged_anew_and_commented(
    tmp_path: Path, hub: GitHub, plan: Path | None, code: int
) -> None:
    place = judged_anew(tmp_path)
    head = git(place.workspace, "rev-parse", "HEAD")
    path = place.temp / "untrusted/plan.json"
    if plan is not None:
        shutil.copy(plan, path)
    (path.parent / "plangate.toml").write_text('fail_on = "none"\n', encoding="utf-8")
    inputs = {"plan": str(path), "trusted-ref": head, "run": "pull_request=7"}
    done = place.run(inputs, **commented(hub), GITHUB_SHA=head)
    assert done.code == code, done.log
    (comment,) = hub.comments.values()
    assert comment["body"].startswith("<!-- plangate:1")
    assert json.loads(Path(done.outputs["report"]).read_text(encoding="utf-8"))["run"]["fork"] is True


def test_auto_trusts_the_default_branch_after_another_workflow(tmp_path: Path) -> None:
    place = judged_anew(tmp_path)
    head = git(place.workspace, "rev-parse", "HEAD")
    shutil.copy(RISKY, place.temp / "untrusted/plan.json")
    done = place.run({"plan": str(place.temp / "untrusted/plan.json")}, GITHUB_SHA=head)
    assert done.code == 1, done.log
    report = json.loads(Path(done.outputs["report"]).read_text(encoding="utf-8"))
    assert report["settings"]["trusted"]["commit"] == head


def known(**environ: str) -> dict[str, Any]:
    return facts({"GITHUB_ACTIONS": "true", **environ}, "/")


def test_what_may_be_trusted(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"merge_group": {"base_sha": "b" * 40}}), encoding="utf-8")
    environ = {"GITHUB_EVENT_NAME": "merge_group", "GITHUB_EVENT_PATH": str(event), "GITHUB_SHA": "a" * 40}
    assert base(environ, known(**environ)) == "b" * 40
    event.write_text("{}", encoding="utf-8")
    for name in ("merge_group", "pull_request"):
        environ["GITHUB_EVENT_NAME"] = name
        with pytest.raises(UsageError, match="base commit"):
            base(environ, known(**environ))
    for name in ("push", "schedule", "workflow_dispatch"):
        environ["GITHUB_EVENT_NAME"] = name
        assert base(environ, known(**environ)) is None


def test_git_gets_the_token_only_where_checkout_left_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    environ = {"GITHUB_TOKEN": "ghs_made", "GIT_CONFIG_COUNT": "2"}
    found = credentials(environ, str(tmp_path))
    assert found["GIT_CONFIG_COUNT"] == "3"
    assert found["GIT_CONFIG_KEY_2"] == "http.https://github.com/.extraheader"
    assert base64.b64decode(found["GIT_CONFIG_VALUE_2"].split()[-1]) == b"x-access-token:ghs_made"
    git(tmp_path, "config", "http.https://github.com/.extraheader", "AUTHORIZATION: basic x")
    assert credentials(environ, str(tmp_path)) == {}
    assert credentials({}, str(tmp_path)) == {}
    assert credentials({"GITHUB_TOKEN": "x", "GITHUB_SERVER_URL": "http://plain"}, str(tmp_path)) == {}
