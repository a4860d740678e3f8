"""`check` tells people, and never depends on it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ...notifiers.server import Answer, Server  # noqa: TID252 - the tests are no package
from ..cli.conftest import Gate  # noqa: TID252
from ..cli.plans import document, queue  # noqa: TID252


@pytest.fixture
def ready(gate: Gate, server: Server) -> Gate:
    gate.environ["BELL_URL"] = server.url + "/hook/0123456789abcdef"
    gate.write("plangate.toml", "[notifiers.bell]\n")
    gate.write("good.json", document(queue()))
    gate.write("bad.json", document(queue(encrypted=False)))
    gate.write("empty.json", document())
    return gate


def test_ci_tells_when_the_settings_name_somebody(ready: Gate, server: Server) -> None:
    ready.run("check", "bad.json")
    assert server.requests == []
    ready.environ["CI"] = "true"
    came = ready.run("check", "bad.json", "-f", "json")
    assert came.code == 1
    assert server.requests[0].json["verdict"] == "fail"
    assert [entry["status"] for entry in came.report["deliveries"]] == ["sent"]
    ready.run("check", "bad.json", "--no-notify")
    assert len(server.requests) == 1
    ready.write("plangate.toml", "")
    ready.run("check", "bad.json")
    assert len(server.requests) == 1
    assert ready.run("check", "bad.json", "--notify", "--no-notify").code == 2


def test_nothing_to_do_is_quiet(ready: Gate, server: Server) -> None:
    came = ready.run("check", "empty.json", "--notify", "-f", "json")
    assert (came.code, came.err, server.requests) == (0, "", [])
    (entry,) = came.report["deliveries"]
    assert (entry["status"], entry["note"]) == (
        "skipped",
        "by no route, so it is told of everything; nothing changes, and notify_on does not say always",
    )


@pytest.mark.parametrize(("plan", "code"), [("good.json", 0), ("bad.json", 1), ("nowhere.json", 3)])
def test_the_verdict_does_not_depend_on_it(ready: Gate, server: Server, plan: str, code: int) -> None:
    server.usual = Answer(404)
    came = ready.run("check", plan, "--notify", "-f", "json=r.json")
    assert came.code == code
    assert "not delivered: 127.0.0.1: answered 404" in came.err
    assert json.loads((ready.folder / "r.json").read_text())["deliveries"][0]["status"] == "failed"


@pytest.mark.parametrize(("plan", "code"), [("good.json", 7), ("bad.json", 1), ("nowhere.json", 3)])
def test_required_is_exit_7_unless_worse(ready: Gate, server: Server, plan: str, code: int) -> None:
    server.usual = Answer(404)
    ready.write("plangate.toml", "[notifiers.bell]\nrequired = true\n")
    came = ready.run("check", plan, "--notify", "-f", "json")
    assert came.code == came.report["exit_code"] == code


def test_an_output_that_cannot_be_written_keeps_nobody_from_being_told(ready: Gate, server: Server) -> None:
    came = ready.run("check", "bad.json", "--notify", "-f", "json=nowhere/r.json", "-f", "markdown=r.md")
    assert (came.code, came.err.count("\n")) == (5, 1)
    assert [request.json["verdict"] for request in server.requests] == ["fail"]
    assert (ready.folder / "r.md").exists()


def test_what_cannot_be_judged_is_told(ready: Gate, server: Server) -> None:
    ready.write("broken.json", "{")
    for plan, code in (("nowhere.json", 3), ("broken.json", 3)):
        assert ready.run("check", plan, "--notify").code == code
    assert ready.run("check", "good.json", "--notify", "--select", "no/such").code == 2
    assert [request.json["event"] for request in server.requests] == ["error"] * 3
    assert "no/such" in server.requests[2].json["errors"][0]


def test_settings_that_cannot_be_used_are_told_where_the_environment_says_whom(ready: Gate, server: Server) -> None:
    ready.write("plangate.toml", "fail_onn = 1\n")
    assert ready.run("check", "bad.json", "--notify").code == 2
    (request,) = server.requests
    assert request.json["event"] == "error"
    assert ready.run("check", "bad.json").code == 2
    assert len(server.requests) == 1


def test_nobody_is_told_of_a_report_that_contradicts_itself(ready: Gate, server: Server) -> None:
    report = ready.run("check", "bad.json", "-f", "json").report
    ready.write("r.json", {**report, "verdict": "pass", "exit_code": 0})
    came = ready.run("notify", "r.json")
    assert (came.code, "contradicts itself" in came.line) == (3, True)
    assert server.requests == []


def test_several_plans_are_one_message(ready: Gate, server: Server) -> None:
    came = ready.run("check", "good.json", "bad.json", "nowhere.json", "--notify", "-f", "json")
    (request,) = server.requests
    assert request.json["roots"] == ["nowhere.json", "bad.json", "good.json"]
    assert all(one["deliveries"][0]["status"] == "sent" for one in came.report)


def test_files_are_there_before_people_are_told(ready: Gate, server: Server) -> None:
    seen = []

    def look(_: object) -> Answer:
        seen.append(json.loads((ready.folder / "r.json").read_text())["deliveries"])
        return Answer()

    server.route("/hook", look)
    ready.run("check", "bad.json", "--notify", "-f", "json=r.json")
    assert seen == [[]]
    assert len(json.loads((ready.folder / "r.json").read_text())["deliveries"]) == 1


def test_nobody_to_tell_is_said_and_costs_nothing(ready: Gate) -> None:
    ready.write("plangate.toml", "")
    del ready.environ["BELL_URL"]
    came = ready.run("check", "good.json", "--notify", "-q")
    assert (came.code, came.line.startswith("plangate: nobody is told")) == (0, True)


def test_nothing_of_it_is_imported_when_nothing_is_sent(ready: Gate) -> None:
    program = (
        "import sys\nfrom plangate.cli.main import run\nfrom plangate.cli.streams import Streams\n"
        "run(['check', 'good.json'], Streams(sys.stdin.buffer, sys.stdout, sys.stderr, {'CI': 'true'}))\n"
        "print(sorted(n for n in sys.modules if n.startswith(('plangate.notify', 'plangate.http', 'plangate.cli.tell',"
        " 'http', 'socket', 'ssl', 'threading', 'plangate_notifiers', 'urllib.request'))), file=sys.stderr)\n"
    )
    ready.write("plangate.toml", "")
    (ready.folder / "plangate.toml").unlink()
    done = subprocess.run([sys.executable, "-c", program], cwd=ready.folder, capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_doctor_says_what_is_missing(ready: Gate, server: Server) -> None:
    came = ready.run("doctor")
    assert came.code == 0
    assert "ok      bell: kind bell" in came.out
    assert "note    bell: its channel does not tell what was said last" in came.out
    ready.write(
        "plangate.toml",
        '[notifiers.bell]\nendpoint = "env:NOT_SET"\n[notifiers.wake]\nkind = "pager"\n[notifiers.board]\n'
        '[[routes]]\nnotifiers = ["bell", "wake"]\n',
    )
    came = ready.run("doctor")
    assert came.code == 1
    assert "missing bell: endpoint: env:NOT_SET is not set" in came.out
    assert "missing wake: it has no endpoint; set PAGER_URL" in came.out
    assert "missing wake: it tells of protected environments only, and there is none" in came.out
    assert "missing board: no route names it" in came.out
    assert server.requests == []
    ready.write("plangate.toml", "[notifiers.bel]\n")
    assert ready.run("doctor").code == 1
    ready.write("plangate.toml", "[notifers.bell]\n")
    assert "missing plangate.toml:1: unknown key" in ready.run("doctor").out


def test_doctor_sends_a_test_message_past_routes(ready: Gate, server: Server) -> None:
    ready.write("plangate.toml", '[notifiers.bell]\nnotify_on = "recovery"\n')
    came = ready.run("doctor", "--send")
    assert came.code == 0
    assert "ok      bell: a test message was sent" in came.out
    assert server.requests[0].json["text"] == "plangate: a test message"
    assert server.requests[0].json["test"] is True
    server.usual = Answer(403)
    came = ready.run("doctor", "--send")
    assert (came.code, "missing bell: 127.0.0.1: answered 403" in came.out) == (1, True)
    assert "0123456789" not in came.out + came.err


def test_doctor_knows_what_a_channel_remembers(ready: Gate, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    import acme_board_channel  # type: ignore[import-not-found]

    ready.environ["BOARD_URL"] = server.url
    ready.write("plangate.toml", "[notifiers.board]\n")
    assert "recovered" not in ready.run("doctor").out
    monkeypatch.setattr(acme_board_channel, "remembers", lambda _: False, raising=False)
    assert "note    board: its channel does not tell what was said last" in ready.run("doctor").out


def test_an_inbox_takes_what_ours_send(ready: Gate, tmp_path: Path) -> None:
    """The real channels, over HTTP and SMTP, in a process of its own."""
    box = tmp_path / "box"
    arguments = [sys.executable, "-m", "plangate", "notify", "--inbox", str(box)]
    taking = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 20
        while not (box / "addresses").exists() and time.monotonic() < until:
            time.sleep(0.05)
        for line in (box / "addresses").read_text().splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            ready.environ[name] = value.strip("'")
        (ready.folder / "plangate.toml").unlink()
        ready.run("check", "bad.json", "good.json", "-f", "json={n}.json")
        kinds = ("slack", "teams", "email", "webhook")
        came = ready.run("notify", "1.json", "2.json", *(word for kind in kinds for word in ("--only", kind)))
        assert came.code == 0
        assert len(came.err.splitlines()) == 4
        assert "not delivered" not in came.err
    finally:
        taking.terminate()
        taking.wait(10)
    arrived = {path.name.partition("-")[2]: json.loads(path.read_text()) for path in box.glob("0*.json")}
    assert sorted(arrived) == ["email.json", "slack.json", "teams.json", "webhook.json"]
    assert arrived["email.json"]["to"] == ["platform@example.com"]
    assert "aws_sqs_queue.q" in arrived["email.json"]["text"]
    assert arrived["webhook.json"]["summary"]["verdict"] == "fail"
    page = (box / "arrived.html").read_text()
    assert "4 messages arrived" in page
    assert "<script" not in page


def test_the_preview_shows_every_kind_without_an_account(ready: Gate, server: Server) -> None:
    (ready.folder / "plangate.toml").unlink()
    del ready.environ["BELL_URL"]
    ready.run("check", "bad.json", "-f", "json=r.json")
    came = ready.run("notify", "r.json", "--preview")
    assert (came.code, came.line) == (0, "plangate: every message is shown in plangate-preview.html")
    page = (ready.folder / "plangate-preview.html").read_text()
    for name in ("Slack", "Microsoft Teams", "Mail", "GitHub", "GitLab", "Webhook", "bell"):
        assert f"<h2>{name}</h2>" in page
    assert server.requests == []
    came = ready.run("notify", "--preview", "r.json")
    assert came.code == 2


def test_settings_of_a_change_send_nothing_with_the_rights_of_the_base(ready: Gate, server: Server) -> None:
    """A pull request could name an address of its own and the job's token."""
    ready.run("check", "bad.json", "-f", "json=r.json")
    ready.environ |= {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_SHA": "a" * 40}
    for arguments in (["notify", "r.json"], ["check", "bad.json", "--notify"]):
        came = ready.run(*arguments)
        assert (came.code, "--trusted-ref" in came.line) == (2, True)
    assert server.requests == []
