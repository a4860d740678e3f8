"""The front door of `check`: what goes in, and the code and words that come out."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from plangate.cli.main import run
from plangate.cli.streams import Streams

from .conftest import Gate
from .plans import BAD, ENCRYPTED, GOOD, UNKNOWN, attack, document, entry, queue

ROOT = Path(__file__).resolve().parents[3]
MINE = ("-p", "queue.py", "--select", "acme/*")


@pytest.fixture(autouse=True)
def files(gate: Gate) -> None:
    gate.write("good.json", GOOD)
    gate.write("bad.json", BAD)
    gate.write("queue.py", ENCRYPTED)


def program(gate: Gate, command: str) -> subprocess.CompletedProcess[str]:
    """The real program in a shell; `plangate` in the command is replaced."""
    roots = ":".join(str(ROOT / name) for name in ("gate", "policies", "notifiers"))
    start = f"PYTHONPATH={roots} {sys.executable} -m plangate"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("plangate", start, 1)],
        cwd=gate.folder,
        capture_output=True,
        text=True,
        env=gate.environ,
        check=False,
    )


# -- exit codes ------------------------------------------------------------------------------------------


def test_a_good_plan_passes_and_a_bad_one_fails_with_the_finding(gate: Gate) -> None:
    good = gate.check("good.json", *MINE)
    assert (good["verdict"], good["exit_code"], good["findings"]) == ("pass", 0, [])
    assert good["policies"]["evaluated"] == 1
    bad = gate.check("bad.json", *MINE)
    assert (bad["verdict"], bad["exit_code"]) == ("fail", 1)
    (finding,) = bad["findings"]
    assert (finding["policy"], finding["address"], finding["attribute"], finding["stops"]) == (
        "acme/queue-unencrypted",
        "aws_sqs_queue.q",
        "sqs_managed_sse_enabled",
        True,
    )


def test_the_built_in_policies_judge_without_any_settings(gate: Gate) -> None:
    report = gate.check("bad.json")
    assert report["exit_code"] == 1
    assert "encryption/aws-sqs-unencrypted" in {f["policy"] for f in report["findings"]}


def test_unknown_stops_where_the_policy_is_mandatory_and_not_where_it_is_advisory(gate: Gate) -> None:
    gate.write("unknown.json", UNKNOWN)
    report = gate.check("unknown.json", *MINE)
    assert (report["exit_code"], report["findings"][0]["outcome"]) == (1, "unknown")
    assert gate.check("unknown.json", *MINE, "--fail-on", "critical")["exit_code"] == 0


def test_fail_on_none_shows_and_passes(gate: Gate) -> None:
    report = gate.check("bad.json", *MINE, "--fail-on", "none")
    assert (report["exit_code"], report["findings"][0]["stops"]) == (0, False)


def test_what_this_plan_does_not_touch_stops_only_with_scope_all(gate: Gate) -> None:
    values = {"name": "old", "sqs_managed_sse_enabled": False, "id": "x", "kms_master_key_id": None}
    gate.write("old.json", document(entry("aws_sqs_queue.old", ["no-op"], values, values), queue()))
    report = gate.check("old.json", *MINE)
    assert (report["exit_code"], report["findings"][0]["status"]) == (0, "existing")
    assert gate.check("old.json", *MINE, "--scope", "all")["exit_code"] == 1


@pytest.mark.parametrize("order", [["good.json", "bad.json"], ["bad.json", "good.json"]])
def test_several_plans_give_a_report_each_and_the_worst_code(gate: Gate, order: list[str]) -> None:
    came = gate.run("check", *order, *MINE, "-f", "json")
    assert came.code == 1
    assert [(r["plan"]["path"], r["exit_code"]) for r in came.report] == [
        (name, int(name == "bad.json")) for name in order
    ]
    assert gate.run("check", *order, "missing.json", *MINE).code == 3  # 3 before 1


def test_broken_policy_beats_a_failing_one_and_is_beaten_by_no_plan(gate: Gate) -> None:
    gate.write("evil.py", attack("raise ValueError('x')"))
    assert gate.run("check", "bad.json", "-p", "evil.py").code == 4
    assert gate.run("check", "bad.json", "missing.json", "-p", "evil.py").code == 3


# -- where plans come from -------------------------------------------------------------------------------


def test_stdin(gate: Gate) -> None:
    came = gate.run("check", "-", *MINE, "-f", "json", stdin=json.dumps(BAD).encode())
    assert (came.code, came.report["plan"]["path"]) == (1, "<stdin>")


def test_gzip_and_utf16_say_the_same(gate: Gate) -> None:
    text = json.dumps(BAD)
    gate.write("plan.json.gz", gzip.compress(text.encode()))
    gate.write("utf16.json", text.encode("utf-16"))
    first, second = (gate.check(name, *MINE) for name in ("plan.json.gz", "utf16.json"))
    assert first["exit_code"] == second["exit_code"] == 1
    assert first["plan"]["json_sha256"] == second["plan"]["json_sha256"]
    assert first["plan"]["sha256"] != second["plan"]["sha256"]


def test_lines_are_plans_only_when_it_is_said(gate: Gate) -> None:
    two = f"{json.dumps(GOOD)}\n\n{json.dumps(BAD)}\n"
    gate.write("all.jsonl", two)
    gate.write("all.json", two)
    came = gate.run("check", "all.jsonl", *MINE, "-f", "json")
    assert (came.code, [r["plan"]["path"] for r in came.report]) == (1, ["all.jsonl:1", "all.jsonl:3"])
    (gate.folder / "all.jsonl.gz").write_bytes(gzip.compress((gate.folder / "all.jsonl").read_bytes()))
    assert len(gate.run("check", "all.jsonl.gz", *MINE, "-f", "json").report) == 2
    assert gate.run("check", "all.json", "--lines", *MINE).code == 1
    assert gate.run("check", "all.json", *MINE).code == 3


# -- one line for each bad input -------------------------------------------------------------------------

BAD_PLANS = {
    "missing.json": (None, "no such file"),
    "folder": ("", "folder"),
    "empty.json": (b"", ""),
    "blank.json": (b" \n", ""),
    "text.json": (b"Terraform will perform the following actions:\n", ""),
    "list.json": (b"[]", ""),
    "cut.json": (json.dumps(BAD)[:-20].encode(), ""),
    "two.json": (json.dumps(BAD).encode() * 2, ""),
    "state.json": (json.dumps({"version": 4, "serial": 1, "resources": []}).encode(), "state"),
    "errored.json": (json.dumps({**BAD, "errored": True}).encode(), "error"),
    "targeted.json": (json.dumps({**BAD, "complete": False}).encode(), "complete"),
    "duplicate.json": (b'{"format_version": "1.2", "format_version": "1.2"}', "format_version"),
    "nan.json": (json.dumps({**BAD, "x": float("nan")}).encode(), "NaN"),
    "action.json": (json.dumps(document(entry("a.b", ["explode"], None, {}))).encode(), "explode"),
}


@pytest.mark.parametrize("name", BAD_PLANS)
def test_what_is_no_finished_plan_is_exit_3_with_one_line(gate: Gate, name: str) -> None:
    text, word = BAD_PLANS[name]
    if text == "":
        (gate.folder / name).mkdir()
    elif text is not None:
        gate.write(name, text)
    came = gate.run("check", name, "-q")
    assert came.code == 3
    assert word.lower() in came.line.lower()
    assert name in came.line


def test_an_incomplete_plan_is_judged_when_it_is_allowed(gate: Gate) -> None:
    gate.write("targeted.json", {**BAD, "complete": False})
    assert gate.run("check", "targeted.json", "--allow-incomplete", *MINE).code == 1


USAGE = {
    "no plan": ([], "PLAN"),
    "no such --chdir": (["good.json", "--chdir", "nowhere"], "--chdir"),
    "no such --source": (["good.json", "--source", "nowhere"], "--source"),
    "empty name": ([""], "empty PLAN"),
    "stdin twice": (["-", "-"], "stdin"),
    "unknown format": (["good.json", "-f", "jsn"], '"json"'),
    "two formats to stdout": (["good.json", "-f", "text", "-f", "json"], "stdout"),
    "format without its file": (["good.json", "-f", "json="], "no file"),
    "one file for two formats": (["good.json", "-f", "json=a", "-f", "text=a"], "same file"),
    "one file for two plans": (["good.json", "bad.json", "-f", "json=out.json"], "{n}"),
    "unknown option": (["good.json", "--polcy", "x"], '"--policy"'),
    "unknown short option": (["good.json", "-x"], '"-x"'),
    "no value": (["good.json", "--config"], "--config"),
    "empty value": (["good.json", "--terraform", ""], "--terraform"),
    "option as a value": (["good.json", "--config", "--env", "prod"], "--env"),
    "value for a flag": (["good.json", "--lines=yes"], "--lines"),
    "wrong scope": (["good.json", "--scope", "al"], '"all"'),
    "wrong severity": (["good.json", "--fail-on", "hihg"], '"high"'),
    "select names nothing": (["good.json", "--select", "encryption/aws-sqs-unencryptd"], "aws-sqs-unencrypted"),
    "ignore names nothing": (["good.json", "--ignore", "encrption/*"], "encryption/"),
    "everything ignored": (["good.json", "--ignore", "*"], "no policy is left"),
    "policy path names nothing": (["good.json", "-p", "nowhere"], "nowhere"),
    "policy folder is empty": (["good.json", "-p", "hollow"], "hollow"),
    "config is missing": (["good.json", "-c", "nowhere.toml"], "nowhere.toml"),
    "config is required": (["good.json", "--require-config"], "plangate.toml"),
    "bad toml": (["good.json", "-c", "bad.toml"], "bad.toml"),
    "unknown environment": (["good.json", "-c", "envs.toml", "-e", "prd"], '"prod"'),
}


@pytest.mark.parametrize("case", USAGE)
def test_a_wrong_command_line_is_exit_2_with_one_line(gate: Gate, case: str) -> None:
    arguments, word = USAGE[case]
    (gate.folder / "hollow").mkdir()
    gate.write("bad.toml", "fail_on = high\n")
    gate.write("envs.toml", "[environments.prod]\nbranch = ['main']\n")
    came = gate.run("check", *arguments)
    assert came.code == 2
    assert word in came.line
    assert came.out == ""


def test_two_policies_of_one_id(gate: Gate) -> None:
    gate.write("again.py", ENCRYPTED)
    came = gate.run("check", "good.json", "-p", "queue.py", "-p", "again.py")
    assert came.code == 2
    assert "acme/queue-unencrypted" in came.line
    assert "queue.py" in came.line
    assert "again.py" in came.line
    gate.write("queue.py", ENCRYPTED.replace("acme/queue-unencrypted", "encryption/aws-sqs-unencrypted"))
    assert gate.run("check", "good.json", "-p", "queue.py").code == 2


# -- outputs ---------------------------------------------------------------------------------------------


def test_formats_go_to_their_files_and_quiet_leaves_stdout_empty(gate: Gate) -> None:
    came = gate.run("check", "bad.json", *MINE, "-q", "-f", "text", "-f", "json=report.json")
    assert (came.code, came.out) == (1, "")
    assert json.loads((gate.folder / "report.json").read_text())["exit_code"] == 1


def test_several_plans_write_a_file_each(gate: Gate) -> None:
    came = gate.run("check", "good.json", "bad.json", *MINE, "-f", "json=r-{n}.json", "-f", "text={name}.txt")
    assert (came.code, came.out) == (1, "")
    assert [json.loads((gate.folder / f"r-{n}.json").read_text())["exit_code"] for n in (1, 2)] == [0, 1]
    assert (gate.folder / "good.json.txt").exists()


@pytest.mark.parametrize("name", ["bad.json", "./bad.json", "link.json", "{name}"])
def test_no_output_is_written_over_its_plan(gate: Gate, name: str) -> None:
    (gate.folder / "link.json").symlink_to("bad.json")
    before = (gate.folder / "bad.json").read_bytes()
    came = gate.run("check", "bad.json", *MINE, "-f", f"json={name}")
    assert (came.code, "written over" in came.line) == (2, True)
    gate.run("check", "bad.json", *MINE, "-f", "json=r.json")
    assert gate.run("render", "r.json", "-f", "html=r.json").code == 2
    assert gate.run("merge", "r.json", "-f", "html=r.json").code == 2
    assert (gate.folder / "bad.json").read_bytes() == before


def test_an_output_that_cannot_be_written_is_exit_5(gate: Gate) -> None:
    came = gate.run("check", "good.json", *MINE, "-f", "json=nowhere/report.json")
    assert came.code == 5
    assert "nowhere/report.json" in came.line


def test_any_number_of_outputs_may_go_nowhere(gate: Gate) -> None:
    assert gate.run("check", "good.json", *MINE, "-f", "json=/dev/null", "-f", "html=/dev/null").code == 0


def test_one_output_that_cannot_be_written_costs_no_other(gate: Gate) -> None:
    came = gate.run("check", "good.json", *MINE, "-f", "json=nowhere/r.json", "-f", "markdown=r.md", "-f", "text")
    assert came.code == 5
    assert "nowhere/r.json" in came.line
    assert "PASS" in came.out
    assert (gate.folder / "r.md").exists()


def test_files_are_written_although_nobody_reads_stdout(gate: Gate) -> None:
    came = program(gate, f"plangate check bad.json {' '.join(MINE)} -f text -f json=r.json | true")
    assert (came.returncode, came.stderr) == (1, "")
    assert json.loads((gate.folder / "r.json").read_text())["exit_code"] == 1


@pytest.mark.parametrize(("closed", "code"), [(">&-", 1), ("2>&-", 1), ("<&- >&- 2>&-", 1)])
def test_closed_streams_change_no_verdict(gate: Gate, closed: str, code: int) -> None:
    assert program(gate, f"plangate check bad.json {' '.join(MINE)} {closed}").returncode == code


def test_a_full_disk_behind_stdout_is_exit_5(gate: Gate) -> None:
    came = program(gate, f"plangate check good.json {' '.join(MINE)} > /dev/full")
    assert (came.returncode, came.stderr.count("\n")) == (5, 1)


def test_on_a_terminal_progress_is_gone_before_the_report(gate: Gate) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    streams = Streams(io.BytesIO(), screen, screen, {**gate.environ, "NO_COLOR": "1"})
    assert run(["check", "bad.json", "-p", "queue.py", "--select", "acme/*"], streams) == 1
    before, _, after = screen.getvalue().partition("plangate: FAIL")
    assert "judging bad.json" in before
    assert before.endswith("\r\x1b[K")
    assert "\x1b" not in after


@pytest.mark.parametrize(("name", "code"), [("good.json", 0), ("bad.json", 1)])
def test_a_reader_that_closes_stdout_changes_no_verdict(gate: Gate, name: str, code: int) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    err = io.StringIO()
    arguments = ["check", name, "-p", "queue.py", "--select", "acme/*", "-f", "json"]
    assert run(arguments, Streams(io.BytesIO(), Gone(), err, gate.environ)) == code
    assert err.getvalue() == ""
    many = " ".join([name] * 40)
    came = program(gate, f"plangate check {many} {' '.join(MINE)} -v -f json | head -c 1")
    assert (came.returncode, came.stderr) == (code, "")


def test_the_program_itself(gate: Gate) -> None:
    came = program(gate, f"plangate check - {' '.join(MINE)} < bad.json")
    assert came.returncode == 1
    assert "aws_sqs_queue.q" in came.stdout
    assert came.stderr == ""


def test_a_hostile_name_of_a_plan_is_inert(gate: Gate) -> None:
    came = gate.run("check", "\x1b[2J\n::warning::x.json", "-q")
    assert came.code == 3
    assert "\x1b" not in came.line


@pytest.mark.parametrize("flag", ["-v", "--show-passes", "--debug"])
def test_other_flags_change_no_verdict(gate: Gate, flag: str) -> None:
    assert gate.run("check", "good.json", *MINE, flag).code == 0
    assert gate.run("check", "bad.json", *MINE, flag).code == 1
