"""`plangate merge`: the last job of many, which is the only one that is required."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.cli import expect
from plangate.errors import UsageError

from .conftest import Came, Gate
from .plans import BAD, GOOD

SHA, OLD = "9fceb02d0ae598e95dc970b74767f19372d61af8", "1" * 40
FORMATS = ("text", "json", "markdown", "html", "sarif", "junit", "github", "gitlab", "gitlab-terraform")


def job(gate: Gate, root: str, /, plan: Any = GOOD, name: str | None = None, **facts: str) -> dict[str, Any]:
    """The report of one job of a matrix, in reports/."""
    if plan is not None:
        gate.write(f"{root}/plan.json", plan)
    told = {"commit": SHA, "root": root, "repository": "acme/infra", **facts}
    given = [word for key, value in told.items() for word in ("--run", f"{key}={value}")]
    path = gate.folder / "reports" / (name or root.replace("/", "-")) / "report.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    came = gate.run("check", f"{root}/plan.json", "-f", f"json={path}", "--no-notify", "--checkov", "off", *given)
    report: dict[str, Any] = json.loads(path.read_text())
    assert came.code == report["exit_code"]
    return report


def change(gate: Gate, name: str, **changes: Any) -> None:
    """Another report in the place of one, as a job that is not trusted might write it."""
    path = gate.folder / "reports" / name / "report.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def merge(gate: Gate, roots: Any = None, *arguments: str) -> Came:
    given = ["--run", f"commit={SHA}"]
    if roots is not None:
        gate.write("roots.json", json.dumps(roots))
        given += ["--expect", "roots.json"]
    return gate.run("merge", "reports", "-f", "json", *given, *arguments)


def errors(came: Came) -> list[str]:
    return [item["message"] for report in came.report for item in report["errors"]]


def test_all_roots_reported(gate: Gate) -> None:
    job(gate, "envs/dev")
    job(gate, "envs/prod")
    came = merge(gate, ["envs/dev", {"root": "./envs/prod/"}])
    assert (came.code, came.err) == (0, "")
    assert [report["run"]["root"] for report in came.report] == ["envs/dev", "envs/prod"]


def test_the_worst_of_the_reports_counts(gate: Gate) -> None:
    job(gate, "envs/dev")
    job(gate, "envs/prod", BAD)
    assert merge(gate, ["envs/dev", "envs/prod"]).code == 1
    job(gate, "envs/eu", None)  # its plan failed: the step reports all the same
    came = merge(gate, ["envs/dev", "envs/prod", "envs/eu"])
    assert came.code == 3
    assert len(came.report) == 3


def test_a_root_that_did_not_report_is_missing(gate: Gate) -> None:
    """A job that was cancelled, skipped, or failed before it wrote a report."""
    job(gate, "envs/dev")
    came = merge(gate, ["envs/dev", "envs/prod"])
    assert came.code == 3
    assert came.line == f"plangate: envs/prod: this root did not report for commit {SHA[:12]}; did its job run?"
    assert came.report[1]["verdict"] == "error"
    assert came.report[1]["run"]["root"] == "envs/prod"


def test_no_reports_at_all(gate: Gate) -> None:
    assert merge(gate).code == 3
    assert merge(gate, ["envs/dev"]).code == 3
    assert gate.run("merge", "nowhere/*.json").code == 3
    assert gate.run("merge", "nowhere.json").code == 3
    assert gate.run("merge").code == 2


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_list_stated_as_such_is_a_pass_without_a_plan(gate: Gate, format: str) -> None:
    gate.write("roots.json", "[]")
    came = gate.run("merge", "reports", "--expect", "roots.json", "-f", format)
    assert (came.code, came.err) == (0, "")
    assert came.out
    assert gate.run("merge", "--expect", "roots.json", "-f", f"{format}=out").code == 0
    assert (gate.folder / "out").read_text() == came.out


def test_an_empty_list_does_not_hide_a_report_that_fails(gate: Gate) -> None:
    job(gate, "envs/dev", BAD)
    assert merge(gate, []).code == 1


@pytest.mark.parametrize(
    "text", ["", "\n# nothing\n", "{}", '{"roots": {}}', '{"root": []}', "[", "[3]", '[{"root": ""}]']
)
def test_an_empty_list_must_be_stated(gate: Gate, text: str) -> None:
    gate.write("roots", text)
    assert gate.run("merge", "--expect", "roots").code == 2
    assert gate.run("merge", "--expect", "nowhere").code == 2


def test_a_report_of_another_commit_is_stale(gate: Gate) -> None:
    job(gate, "envs/dev", commit=OLD)
    came = merge(gate, ["envs/dev"])
    assert came.code == 3
    assert errors(came) == [f"this report is of commit {OLD[:12]}; {SHA[:12]} is asked for"]
    job(gate, "envs/dev", commit="")
    assert "does not say of which commit it is" in errors(merge(gate, ["envs/dev"]))[0]
    job(gate, "envs/dev", commit=SHA[:12])  # as Bitbucket tells it
    assert merge(gate, ["envs/dev"]).code == 0


def test_without_expectations_reports_must_agree_on_the_commit(gate: Gate) -> None:
    job(gate, "envs/dev", commit=OLD)
    job(gate, "envs/prod")
    change(
        gate,
        "envs-dev",
        run={
            **json.loads((gate.folder / "reports/envs-dev/report.json").read_text())["run"],
            "started_at": "2020-01-01T00:00:00Z",
        },
    )
    came = merge(gate)
    assert came.code == 3
    assert errors(came) == [f"this report is of commit {OLD[:12]}; {SHA[:12]} is the newest"]
    job(gate, "envs/dev", commit=OLD, repository="acme/other")
    assert merge(gate).code == 0


def test_a_root_that_reported_twice(gate: Gate) -> None:
    job(gate, "envs/dev", BAD, name="first")
    job(gate, "envs/dev", name="second")
    change(gate, "second", run={**job(gate, "envs/dev", name="second")["run"], "started_at": "2999-01-01T00:00:00Z"})
    came = merge(gate, ["envs/dev"])
    assert came.code == 3
    assert errors(came) == ["this root reported 2 times; the newest report is shown"]
    assert [report["verdict"] for report in came.report] == ["pass", "error"]


def test_workspaces_of_a_root_are_roots_of_their_own(gate: Gate) -> None:
    job(gate, "app", name="a", workspace="eu")
    job(gate, "app", name="b", workspace="us")
    both = [{"root": "app", "workspace": "eu"}, {"root": "app", "workspace": "us"}]
    assert merge(gate, both).code == 0
    came = merge(gate, ["app"])
    assert came.code == 3
    assert errors(came) == ["2 reports are of app: app/plan.json, app/plan.json"]
    came = merge(gate, [*both, {"root": "app", "workspace": "ap"}])
    assert came.line.startswith("plangate: app: this root did not report")


def test_a_root_is_known_by_its_plan_where_nothing_else_says_it(gate: Gate) -> None:
    job(gate, "envs/dev", root="")
    assert merge(gate, ["envs/dev"]).code == 0
    assert merge(gate, ["envs/dev/plan.json"]).code == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "pass"},
        {"verdict": "pass", "exit_code": 0},
        {"exit_code": 0},
        {"verdict": "error", "exit_code": 1},
        {"findings": []},
        {"verdict": "pass", "exit_code": 0, "findings": [], "policies": {
            "loaded": 0, "evaluated": 0, "not_applicable": 0, "digest": None, "list": []}},
    ],
)  # fmt: skip
def test_a_report_that_contradicts_itself_is_not_believed(gate: Gate, changes: dict[str, Any]) -> None:
    job(gate, "envs/dev", BAD)
    change(gate, "envs-dev", **changes)
    came = merge(gate, ["envs/dev"])
    assert came.code == 3
    assert "contradicts itself" in errors(came)[0]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"resource_changes": []}', '{"schema_version": "1"}'])
def test_a_file_that_is_no_report_is_told_beside_the_others(gate: Gate, text: str) -> None:
    job(gate, "envs/dev")
    gate.write("reports/other.json", text)
    came = merge(gate, ["envs/dev"])
    assert came.code == 3
    assert [report["verdict"] for report in came.report] == ["pass", "error"]


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_shows_what_is_missing(gate: Gate, format: str) -> None:
    job(gate, "envs/dev")
    gate.write("roots.txt", "# all of them\nenvs/dev\nenvs/prod\n")
    came = gate.run("merge", "reports/**/*.json", "--expect", "roots.txt", "-f", format, "--run", f"commit={SHA}")
    assert came.code == 3
    assert format == "gitlab-terraform" or "envs/prod" in came.out.replace("&#x2F;", "/")
    assert format == "gitlab-terraform" or "this root did not report" in came.out


def test_what_was_merged_is_rendered_and_merged_again(gate: Gate) -> None:
    job(gate, "envs/dev")
    job(gate, "envs/prod", BAD)
    assert gate.run("merge", "reports", "-f", "json=all.json", "-f", "markdown=all.md").code == 1
    assert gate.run("render", "all.json", "-f", "html=all.html").code == 0
    assert gate.run("merge", "all.json", "-f", "json").code == 1
    text = gate.run("render", "all.json").out.splitlines()
    assert text[0] == "plangate: FAIL - 2 plans: 1 fail, 1 pass (exit 1)"
    assert [line.split()[:2] for line in text[1:3]] == [["FAIL", "envs/prod/plan.json"], ["PASS", "envs/dev/plan.json"]]


def test_expectations_in_toml_name_the_commit(gate: Gate) -> None:
    job(gate, "envs/dev")
    gate.write("roots.toml", f'commit = "{SHA}"\nroots = ["envs/dev"]\n')
    assert gate.run("merge", "reports", "--expect", "roots.toml").code == 0
    gate.write("roots.toml", f'commit = "{OLD}"\nroots = [{{ root = "envs/dev", workspace = "default" }}]\n')
    assert gate.run("merge", "reports", "--expect", "roots.toml").code == 3
    came = gate.run("merge", "reports", "--expect", "-", stdin=b'["envs/dev"]')
    assert came.code == 0


@given(st.binary(max_size=200), st.sampled_from(["x", "x.json", "x.toml"]))
def test_any_file_of_expectations_is_read_or_refused(data: bytes, name: str) -> None:
    try:
        roots, _ = expect.read(data, name)
    except UsageError:
        return
    assert all(root.root for root in roots)


def test_hostile_names_are_inert(gate: Gate, tmp_path: Path) -> None:
    evil = "::error::x\n##[group]\x1b[31m<script>@channel"
    job(gate, "envs/dev", ref=evil, workflow=evil, actor=evil)
    gate.write("roots.json", json.dumps([evil]))
    for format in FORMATS:
        came = gate.run("merge", "reports", "--expect", "roots.json", "-f", format)
        assert came.code == 3
        assert "\x1b" not in came.out + came.err
        assert format in ("text", "github") or "<script>@" not in came.out
        for line in (came.out + came.err).splitlines():
            assert not line.lstrip().startswith("::error::x"), format
            assert "##[" not in line
