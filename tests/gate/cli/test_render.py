"""The front door of `render`, `summary` and of several formats at once."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from plangate.cli.options import FORMATS

from .conftest import Gate
from .plans import BAD, ENCRYPTED, GOOD, document, entry, queue

MINE = ("-p", "queue.py", "--select", "acme/*", "--checkov", "off")
LINES = 25


@pytest.fixture(autouse=True)
def files(gate: Gate) -> None:
    gate.write("good.json", GOOD)
    gate.write("bad.json", BAD)
    gate.write("queue.py", ENCRYPTED)


def stored(gate: Gate, *plans: str) -> Path:
    gate.run("check", *(plans or ("bad.json",)), *MINE, "-f", "json=report.json")
    return gate.folder / "report.json"


def many(number: int = 60) -> dict[str, Any]:
    return document(*[queue(f"q{i}", False) for i in range(number)])


# -- several formats ---------------------------------------------------------------------------------------


def test_every_format_at_once_each_to_its_file(gate: Gate) -> None:
    outputs = [word for name in FORMATS for word in ("-f", f"{name}=out.{name}")]
    came = gate.run("check", "bad.json", *MINE, *outputs)
    assert (came.code, came.out) == (1, "")
    for name in FORMATS:
        path = gate.folder / f"out.{name}"
        assert path.stat().st_size > 0
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert gate.run("check", "bad.json", *MINE, "-f", name).code == 1
    assert not [name for name in os.listdir(gate.folder) if name.endswith(".tmp")]


def test_a_stored_report_gives_what_the_check_gave(gate: Gate) -> None:
    """Everything but junit, which lists what passed as well when the check makes it."""
    names = [name for name in FORMATS if name != "junit"]
    gate.run("check", "bad.json", *MINE, "-f", "json=report.json", *[w for n in names for w in ("-f", f"{n}=1.{n}")])
    for name in names:
        came = gate.run("render", "report.json", "-f", name)
        assert (came.code, came.err) == (0, "")
        assert came.out == (gate.folder / f"1.{name}").read_text(encoding="utf-8"), name


def test_text_and_annotations_share_stdout(gate: Gate) -> None:
    came = gate.run("check", "bad.json", *MINE, "-f", "text", "-f", "github")
    assert came.out.startswith("plangate: FAIL")
    assert came.out.splitlines()[-1].startswith("::error ")
    came = gate.run("render", str(stored(gate)), "-f", "github", "-f", "text")
    assert came.out.splitlines()[0].startswith("::error ")
    assert "plangate: FAIL" in came.out


def test_a_file_for_each_plan_by_number_or_name(gate: Gate) -> None:
    gate.write("dir/prod plan.json", BAD)
    given = ("good.json", "dir/prod plan.json")
    gate.run("check", *given, *MINE, "-f", "sarif={n}.sarif", "-f", "markdown={name}.md", "-f", "json={n}-{name}")
    names = {"1.sarif", "2.sarif", "good.json.md", "prod-plan.json.md", "1-good.json", "2-prod-plan.json"}
    assert names <= set(os.listdir(gate.folder))
    assert json.loads((gate.folder / "2-prod-plan.json").read_text(encoding="utf-8"))["verdict"] == "fail"


def test_a_name_of_one_plan_may_hold_neither(gate: Gate) -> None:
    gate.run("check", "bad.json", *MINE, "-f", "json={name}.{n}.json")
    assert (gate.folder / "bad.json.1.json").exists()


def test_several_reports_are_one_document_on_stdout(gate: Gate) -> None:
    path = stored(gate, "good.json")
    gate.run("check", "good.json", "bad.json", *MINE, "-f", "json={n}.json")
    both = [json.loads((gate.folder / f"{n}.json").read_text(encoding="utf-8")) for n in (1, 2)]
    path.write_text(json.dumps(both), encoding="utf-8")
    assert len(json.loads(gate.run("render", "report.json", "-f", "sarif").out)["runs"]) == 2
    assert gate.run("render", "report.json", "-f", "markdown").out.count("### ") == 2  # one passes, and is folded
    assert gate.run("render", "report.json").out.count("plangate: ") == 3  # the table of both stands before them
    assert [r["verdict"] for r in json.loads(gate.run("render", "report.json", "-f", "json").out)] == ["pass", "fail"]


def test_a_report_from_stdin(gate: Gate) -> None:
    came = gate.run("render", "-", "-f", "markdown", stdin=stored(gate).read_bytes())
    assert (came.code, came.out.count("FAIL")) == (0, 1)


def test_quiet_says_nothing_but_writes_files(gate: Gate) -> None:
    came = gate.run("check", "bad.json", *MINE, "-q", "-f", "text", "-f", "markdown=out.md")
    assert (came.code, came.out, came.err) == (1, "", "")
    assert (gate.folder / "out.md").exists()


# -- what is wrong -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formats", "says"),
    [
        (("-f", "sarfi"), "sarif"),
        (("-f", "yaml"), "there is no format"),
        (("-f", ""), "--format is given an empty value"),
        (("-f", "json="), "names no file"),
        (("-f", "json", "-f", "sarif"), "two formats would go to stdout"),
        (("-f", "json", "-f", "json"), "two formats would go to stdout"),
        (("-f", "json", "-f", "github"), "two formats would go to stdout"),
        (("-f", "json=a", "-f", "sarif=a"), "two formats would go to the same file"),
        (("-f", "json=a", "-f", "json=./a"), "two formats would go to the same file"),
        (("-f", "JSON"), "there is no format"),
    ],
)
def test_a_wrong_format_is_said_before_anything_is_judged(gate: Gate, formats: tuple[str, ...], says: str) -> None:
    before = set(os.listdir(gate.folder))
    for command in (("check", "bad.json"), ("render", "bad.json")):
        came = gate.run(*command, *formats)
        assert (came.code, came.out) == (2, "")
        assert says in came.line
    assert set(os.listdir(gate.folder)) == before


def test_one_file_for_several_plans_is_refused(gate: Gate) -> None:
    came = gate.run("check", "good.json", "bad.json", *MINE, "-f", "sarif=out.sarif")
    assert came.code == 2
    assert "{n}" in came.line


def test_plans_of_one_name_do_not_overwrite_each_other(gate: Gate) -> None:
    gate.write("a/plan.json", GOOD)
    gate.write("b/plan.json", BAD)
    gate.run("check", "a/plan.json", "b/plan.json", *MINE, "-f", "json={name}.json")
    written = sorted(n for n in os.listdir(gate.folder) if n.startswith("plan.json"))
    assert written == ["plan.json-1.json", "plan.json-2.json"]
    verdicts = [json.loads((gate.folder / name).read_text(encoding="utf-8"))["verdict"] for name in written]
    assert verdicts == ["pass", "fail"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", "empty"),
        (b"not json", "JSON"),
        (b"{}", "report"),
        (b"[]", "report"),
        (b"null", "report"),
        (b'"text"', "report"),
        (b"[1, 2]", "report"),
        (b'{"schema_version": "9"}', "9"),
        (b'{"schema_version": "1"}', "report"),
        (b'{"schema_version": "1", "findings": 3}', "report"),
        (json.dumps(GOOD).encode(), "plan"),
        (b"\xff\xfe\x00", "UTF"),
        (b'{"a": ' * 500 + b"1" + b"}" * 500, "report"),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(gate: Gate, given: bytes, says: str) -> None:
    gate.write("given.json", given)
    for name in ("text", "sarif"):
        came = gate.run("render", "given.json", "-f", name)
        assert (came.code, came.out) == (3, "")
        assert came.line.startswith("plangate: given.json: ")
        assert says.lower() in came.line.lower()


def test_a_report_that_is_not_there(gate: Gate) -> None:
    came = gate.run("render", "nothing.json")
    assert came.code == 3
    assert "nothing.json" in came.line


def test_a_report_that_is_not_there_is_called_a_report(gate: Gate) -> None:
    for name, said in (("nowhere.json", "did the step that writes the report run?"), (".", "name the report in it")):
        came = gate.run("render", name)
        assert (came.code, came.line.endswith(said)) == (3, True)


def test_a_file_that_cannot_be_written(gate: Gate) -> None:
    stored(gate)
    came = gate.run("render", "report.json", "-f", "sarif=nowhere/out.sarif")
    assert came.code == 5
    assert "nowhere/out.sarif" in came.line


def test_devices_and_pipes_are_written_to_and_stay_what_they_are(gate: Gate) -> None:
    before = os.stat("/dev/null")
    assert gate.run("check", "bad.json", *MINE, "-f", "json=/dev/null").code == 1
    assert os.stat("/dev/null").st_rdev == before.st_rdev
    assert stat.S_ISCHR(os.lstat("/dev/null").st_mode)
    read, write = os.pipe()
    try:
        assert gate.run("check", "bad.json", *MINE, "-f", f"gitlab-terraform=/dev/fd/{write}").code == 1
        assert json.loads(os.read(read, 1000)) == {"create": 1, "update": 0, "delete": 0}
    finally:
        os.close(read)
        os.close(write)
    os.mkfifo("pipe")
    end = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert gate.run("check", "bad.json", *MINE, "-f", "gitlab-terraform=pipe").code == 1
        assert json.loads(os.read(end, 1000))["create"] == 1
    finally:
        os.close(end)
    assert stat.S_ISFIFO(os.lstat("pipe").st_mode)


def test_a_link_is_replaced_and_not_followed(gate: Gate) -> None:
    victim = gate.write("victim", "keep me")
    (gate.folder / "out.md").symlink_to(victim)
    gate.run("check", "bad.json", *MINE, "-f", "markdown=out.md")
    assert victim.read_text(encoding="utf-8") == "keep me"
    assert not (gate.folder / "out.md").is_symlink()


# -- summary -------------------------------------------------------------------------------------------------


def test_a_summary_judges_nothing_and_says_what_would_be_done(gate: Gate) -> None:
    came = gate.run("summary", "bad.json")
    assert (came.code, came.err) == (0, "")
    assert came.out.startswith("plangate: what this plan would do; nothing is judged\n")
    assert "1 x create" in came.out
    for word in ("policies", "PASS", "FAIL", "exit"):
        assert word not in came.out


@pytest.mark.parametrize("number", [0, 1, 5, 60, 400])
def test_a_summary_is_never_longer_than_a_screen(gate: Gate, number: int) -> None:
    gone = [entry(f"aws_db_instance.d{i}", ["delete"], {"name": "x"}, None) for i in range(number)]
    new = [entry(f"aws_thing_{i}.made", ["create"], None, {"name": "x"}) for i in range(number)]
    gate.write("plan.json", document(*gone, *new, queue()))
    came = gate.run("summary", "plan.json")
    assert came.code == 0, came
    assert len(came.out.splitlines()) <= LINES
    if number:
        assert f"{number} to destroy" in came.out
    if number == 400:
        assert "left out" in came.out


def test_a_summary_of_several_plans_in_lines(gate: Gate) -> None:
    gate.write("plans.ndjson", json.dumps(GOOD) + "\n" + json.dumps(BAD) + "\n")
    came = gate.run("summary", "--lines", "plans.ndjson")
    assert (came.code, came.out.count("nothing is judged")) == (0, 2)


@pytest.mark.parametrize("given", [b"", b"{}", b'{"version": 4}', b"[]", b"\x00"])
def test_a_summary_of_what_is_no_plan_is_refused(gate: Gate, given: bytes) -> None:
    gate.write("given.json", given)
    came = gate.run("summary", "given.json")
    assert (came.code, came.out) == (3, "")
    assert "given.json" in came.line


def test_a_summary_shows_values_when_asked(gate: Gate) -> None:
    gate.write("plan.json", document(queue(note="hello-there")))
    assert "hello-there" not in gate.run("summary", "plan.json", "-v").out
    assert "hello-there" in gate.run("summary", "plan.json", "-v", "--show-values").out


def test_too_many_passes_are_a_case_a_policy(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.write("many.json", document(*[queue(f"q{i}") for i in range(5)]))
    assert gate.run("check", "many.json", *MINE, "-f", "junit").out.count("<testcase ") == 5
    monkeypatch.setattr("plangate.cli.outputs.MOST_PASSES", 4)
    few = gate.run("check", "many.json", *MINE, "-f", "junit").out
    assert few.count("<testcase ") == 1
    assert 'name="5 that passed"' in few
    assert gate.run("check", "many.json", *MINE, "-f", "junit", "--show-passes").out.count("<testcase ") == 5
    report = gate.run("check", "many.json", *MINE, "-f", "junit=x", "-f", "json").report
    assert report["findings"] == []


def test_many_findings_fit_a_comment(gate: Gate) -> None:
    gate.write("many.json", many(3000))
    came = gate.run("check", "many.json", *MINE, "-f", "markdown")
    assert len(came.out) <= 60_000
    assert "**Left out:**" in came.out
