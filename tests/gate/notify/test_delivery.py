"""Delivery through the front door, to a real server that misbehaves."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pytest

from ...notifiers.server import Answer, Request, Server  # noqa: TID252 - the tests are no package
from ..cli.conftest import Came, Gate  # noqa: TID252
from .reports import Report, report

PATH = "/hook/S3CRETPATH0123456789"
TOKEN = "t0ken-0123456789-abcdef"


def told(
    gate: Gate, server: Server, *reports: Report, settings: str = "[notifiers.bell]\n", more: tuple[str, ...] = ()
) -> Came:
    """`plangate notify` on these reports."""
    for kind in ("BELL", "BOARD", "PAGER"):
        gate.environ[f"{kind}_URL"] = server.url + PATH
        gate.environ[f"{kind}_TOKEN"] = TOKEN
    if settings:
        gate.write("plangate.toml", settings)
    names = []
    for number, one in enumerate(reports):
        gate.write(f"report{number}.json", one)
        names.append(f"report{number}.json")
    came = gate.run("notify", *names, "-o", "out.json", *more)
    for text in (
        came.out,
        came.err,
        (gate.folder / "out.json").read_text() if (gate.folder / "out.json").exists() else "",
    ):
        assert "S3CRET" not in text
        assert TOKEN not in text
    return came


def deliveries(gate: Gate) -> list[dict[str, Any]]:
    found = json.loads((gate.folder / "out.json").read_text())
    return [entry for one in (found if isinstance(found, list) else [found]) for entry in one["deliveries"]]


def test_a_message_arrives_and_the_report_says_so(gate: Gate, server: Server) -> None:
    came = told(gate, server, report("fail", lost=True))
    assert (came.code, came.out) == (0, "")
    (request,) = server.requests
    assert request.path == PATH
    assert request.headers["authorization"] == TOKEN
    assert request.json["text"] == "plangate: FAIL - 1 finding stops this plan"
    assert request.json["lost"] == ["aws_db_instance.ledger"]
    (entry,) = deliveries(gate)
    assert (entry["notifier"], entry["status"], entry["error"]) == ("bell", "sent", None)


def test_several_reports_are_one_message_worst_first(gate: Gate, server: Server) -> None:
    told(gate, server, report(path="a/p.json"), report("error", path="b/p.json"), report("fail", path="c/p.json"))
    (request,) = server.requests
    assert request.json["roots"] == ["b", "c", "a"]
    assert (request.json["verdict"], request.json["event"]) == ("error", "error")


@pytest.mark.parametrize("status", [429, 503])
def test_what_was_not_taken_is_sent_again(gate: Gate, server: Server, status: int) -> None:
    server.plan(Answer(status), Answer(status))
    assert told(gate, server, report()).code == 0
    assert len(server.requests) == 3
    assert deliveries(gate)[0]["status"] == "sent"


def test_the_wait_that_a_service_asks_for_is_kept(gate: Gate, server: Server) -> None:
    server.plan(Answer(429, headers={"Retry-After": "1"}))
    told(gate, server, report())
    first, second = server.requests
    assert second.at - first.at >= 1


def test_a_wait_longer_than_there_is_time_ends_it_at_once(gate: Gate, server: Server) -> None:
    server.usual = Answer(429, headers={"Retry-After": "600"})
    begun = time.monotonic()
    came = told(gate, server, report())
    assert time.monotonic() - begun < 5
    assert came.code == 0
    assert "answered 429; there is no time left" in came.line
    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [Answer(500), Answer(502), Answer(lose="after")])
def test_what_may_have_been_taken_is_sent_again_once(gate: Gate, server: Server, answer: Answer) -> None:
    server.usual = answer
    assert told(gate, server, report()).code == 0
    assert len(server.requests) == 2
    assert deliveries(gate)[0]["status"] == "failed"


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410])
def test_a_refusal_is_not_repeated(gate: Gate, server: Server, status: int) -> None:
    server.usual = Answer(status, headers={"Location": server.url + "/other"})
    came = told(gate, server, report())
    assert came.code == 0
    assert f"plangate: bell: not delivered: 127.0.0.1: answered {status}" in came.err
    assert [request.path for request in server.requests] == [PATH]


def test_only_a_required_delivery_costs_something(gate: Gate, server: Server) -> None:
    server.usual = Answer(404)
    assert told(gate, server, report(), settings="[notifiers.bell]\nrequired = true\n").code == 7
    assert json.loads((gate.folder / "out.json").read_text())["exit_code"] == 7
    told(gate, server, report("fail"), settings="[notifiers.bell]\nrequired = true\n")
    assert json.loads((gate.folder / "out.json").read_text())["exit_code"] == 1


def test_channels_wait_for_nobody_and_a_slow_one_costs_the_budget_at_most(gate: Gate, server: Server) -> None:
    server.route(PATH + "slow", lambda _: Answer(delay=20))
    gate.environ["SLOW_URL"] = server.url + PATH + "slow"
    settings = '[notify]\nseconds = 2\n[notifiers.slow]\nkind = "bell"\nendpoint = "env:SLOW_URL"\n[notifiers.bell]\n'
    begun = time.monotonic()
    came = told(gate, server, report(), settings=settings)
    assert time.monotonic() - begun < 4
    assert came.code == 0
    assert {entry["notifier"]: entry["status"] for entry in deliveries(gate)} == {"slow": "failed", "bell": "sent"}


@pytest.mark.parametrize("word", ["raise", "tell"])
def test_what_a_notifier_says_by_mistake_is_scrubbed(gate: Gate, server: Server, word: str) -> None:
    server.usual = Answer(200, word)
    came = told(gate, server, report(), more=("--debug",))
    assert came.code == 0
    assert ("RuntimeError" if word == "raise" else "it said ***") in came.line


def test_a_notifier_that_does_not_load_costs_its_message_only(
    gate: Gate, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "acme_pager_channel", raising=False)
    site = gate.folder.parent / "site"
    (site / "acme_pager_channel.py").write_text("raise RuntimeError('secret')\n", encoding="utf-8")
    settings = '[notifiers.wake]\nkind = "pager"\n[notifiers.bell]\n'
    came = told(gate, server, report("fail"), settings=settings)
    assert {entry["notifier"]: entry["status"] for entry in deliveries(gate)} == {"wake": "failed", "bell": "sent"}
    assert "does not load: acme_pager_channel: RuntimeError" in came.err
    assert "secret" not in came.err


def test_a_secret_that_is_not_there_is_said_by_its_place(gate: Gate, server: Server) -> None:
    came = told(gate, server, report(), settings='[notifiers.bell]\nendpoint = "env:NOT_SET"\n')
    assert "bell: not delivered: env:NOT_SET is not set" in came.line
    gate.write("empty", "")
    for written, said in (("file:nowhere", "is no file"), ("file:empty", "is empty"), ("ssm:/a/b", "")):
        came = told(gate, server, report(), settings=f'[notifiers.bell]\nendpoint = "{written}"\n')
        assert f"{written} " in came.line
        assert said in came.line


def test_a_secret_of_a_file_is_relative_to_the_settings(gate: Gate, server: Server) -> None:
    gate.write("secrets/bell", server.url + "/from-a-file-0123456789\n")
    came = told(gate, server, report(), settings='[notifiers.bell]\nendpoint = "file:secrets/bell"\n')
    assert came.code == 0
    assert server.requests[0].path == "/from-a-file-0123456789"


# -- what is remembered ----------------------------------------------------------------------------------


def test_the_last_report_says_what_was_told(gate: Gate, server: Server) -> None:
    told(gate, server, report("fail", at="2026-08-01T01:00:00Z", run="1"))
    (gate.folder / "out.json").rename(gate.folder / "last.json")
    told(gate, server, report(quiet=True, run="2"), more=("--previous", "last.json"))
    second = server.requests[1].json
    assert (second["event"], second["previous"]) == ("recovered", "fail")
    assert second["text"] == "plangate: PASS - passes again"
    assert second["remembered"] == {
        **second["remembered"],
        "id": "ok",
        "verdict": "fail",
        "key": server.requests[0].json["key"],
    }


def test_an_older_run_tells_nothing_after_a_later_one(gate: Gate, server: Server) -> None:
    gate.write("last.json", report(at="2026-08-01T03:00:00Z", run="2"))
    came = told(gate, server, report("fail", at="2026-08-01T02:00:00Z", run="1"), more=("--previous", "last.json"))
    assert server.requests == []
    assert "a later run was told of already" in came.line
    assert deliveries(gate)[0]["status"] == "skipped"


class Board:
    """A channel that keeps its messages: GET gives the stamp of the last one by key."""

    def __init__(self, server: Server) -> None:
        self.stands: dict[str, Any] | None = None
        self.server = server
        server.route(PATH, self.answer)

    def answer(self, request: Request) -> Answer:
        if request.method == "GET":
            return Answer(200, self.stands) if self.stands else Answer(404)
        return Answer(200, "ok")

    @property
    def posted(self) -> list[dict[str, Any]]:
        return [request.json for request in self.server.requests if request.method == "POST"]


def test_a_channel_that_remembers_is_asked_and_kept_up_to_date(gate: Gate, server: Server) -> None:
    board = Board(server)
    settings = '[notifiers.board]\nnotify_on = "failure"\n'
    told(gate, server, report(at="2026-08-01T01:00:00Z"), settings=settings)
    assert board.posted == []  # a pass, and nothing stands there
    told(gate, server, report("fail", at="2026-08-01T02:00:00Z", run="2"), settings=settings)
    board.stands = json.loads(deliveries(gate)[0]["remember"])
    told(gate, server, report(at="2026-08-01T03:00:00Z", run="3"), settings=settings)
    assert [one["event"] for one in board.posted] == ["failed", "recovered"]
    assert board.posted[1]["remembered"]["id"] == "ok"
    # What stands there is a later run's now.
    board.stands = json.loads(deliveries(gate)[0]["remember"])
    told(gate, server, report("fail", at="2026-08-01T02:30:00Z", run="late"), settings=settings)
    assert len(board.posted) == 2


def test_what_is_told_nothing_hands_on_what_the_last_one_left(gate: Gate, server: Server) -> None:
    told(
        gate,
        server,
        report("fail", at="2026-08-01T01:00:00Z", run="1"),
        settings='[notifiers.bell]\nnotify_on = "failure"\n',
    )
    (gate.folder / "out.json").rename(gate.folder / "last.json")
    left = json.loads((gate.folder / "last.json").read_text())["deliveries"][0]["remember"]
    came = told(gate, server, report(quiet=True, run="2"), settings="", more=("--previous", "last.json"))
    assert came.code == 0
    assert len(server.requests) == 1
    assert json.loads(deliveries(gate)[0]["remember"]) == json.loads(left)


def test_a_channel_says_itself_whether_it_would_replace(
    gate: Gate, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    import acme_board_channel  # type: ignore[import-not-found]

    board = Board(server)
    board.stands = {"verdict": "pass", "run": "1", "at": "2026-08-01T01:00:00Z"}
    for replaces, posts in ((False, 0), (True, 1)):
        monkeypatch.setattr(acme_board_channel, "updates", lambda *_, it=replaces: it, raising=False)
        told(gate, server, report(quiet=True), settings="[notifiers.board]\n")
        assert len(board.posted) == posts


def test_a_channel_that_cannot_say_what_it_told_is_told_nothing_twice(gate: Gate, server: Server) -> None:
    server.route(PATH, lambda request: Answer(403 if request.method == "GET" else 200))
    told(gate, server, report("fail"), settings="[notifiers.board]\n")
    assert [request.method for request in server.requests] == ["GET"]
    assert deliveries(gate)[0]["status"] == "failed"


def test_failed_deliveries_alone_are_repeated(gate: Gate, server: Server) -> None:
    server.route(PATH + "two", lambda _: Answer(404))
    gate.environ["TWO_URL"] = server.url + PATH + "two"
    settings = '[notifiers.two]\nkind = "bell"\nendpoint = "env:TWO_URL"\n[notifiers.bell]\n'
    told(gate, server, report("fail"), settings=settings)
    again = json.loads((gate.folder / "out.json").read_text())
    server.requests.clear()
    told(gate, server, again, settings=settings)
    assert [request.path for request in server.requests] == [PATH + "two"]


# -- what is told of -------------------------------------------------------------------------------------


def test_a_plan_that_never_came_to_be_replaces_the_message_on_it(gate: Gate, server: Server) -> None:
    told(gate, server, report(path="live/prod/plan.json"))
    came = gate.run("notify", "--plan-failed", "exit 1\n<!channel> \x1b[31m", "--plan", "live/prod/plan.json")
    assert came.code == 0, came
    first, second = (request.json for request in server.requests)
    assert first["key"] == second["key"]
    assert (second["event"], second["verdict"], second["roots"]) == ("error", "error", ["live/prod"])
    assert second["errors"] == ["there is no plan: exit 1 <!channel> \\x1b[31m"]


def test_header_footer_links_and_mentions(gate: Gate, server: Server) -> None:
    settings = (
        '[environments.prod]\naccount = "acme-production"\n[notify]\nreport_url = "https://ci.example.com/{name}/{run_id}"\n'
        'decide_url = "env:DECIDE"\n[notifiers.bell]\nheader = "{environment} in {account}"\n'
        'footer = "{pull_request} {0}"\nmentions = ["@team"]\n'
    )
    gate.environ["DECIDE"] = "https://ci.example.com/run?q=1"
    gate.write("plangate.toml", settings)
    came = gate.run("config", "show")
    assert (came.code, 'the placeholder "0"' in came.line) == (2, True)
    settings = settings.replace("{0}", "{verdict}")
    told(gate, server, report("fail", environment="prod", path="a b/p.json"), settings=settings)
    told(gate, server, report(environment="prod", path="a b/p.json"), settings=settings)
    first, second = (request.json for request in server.requests)
    assert (first["header"], first["footer"]) == ("prod in acme-production", "- fail")
    assert first["links"] == ["https://ci.example.com/run?q=1", "https://ci.example.com/a%20b/9a1f0c"]
    assert (first["mentions"], second["mentions"]) == (["@team"], [])


def test_the_page_of_the_pull_request_that_run_names(gate: Gate, server: Server) -> None:
    pull = "https://ci.example.com/pull/7"
    told(gate, server, report())
    came = gate.run("notify", "--plan-failed", "exit 1", "--run", f"pull_request_url={pull}")
    assert came.code == 0, came
    assert server.requests[-1].json["links"] == [pull, None]


def test_words_are_in_the_readers_language(gate: Gate, server: Server) -> None:
    told(gate, server, report("fail"), settings='[notifiers.bell]\nlanguage = "ko"\n')
    assert server.requests[0].json["text"] == "plangate: 차단 - 위반 1건이 이 플랜을 막습니다"


def test_settings_of_a_kind_reach_it_with_defaults(gate: Gate, server: Server) -> None:
    gate.environ["BELL_ROOMS"] = "hall, attic"
    told(gate, server, report(), settings="[notifiers.bell]\nvolume = 9\ntwice = true\n")
    assert server.requests[0].json["settings"] == {
        "volume": 9,
        "tone": "low",
        "rooms": ["hall", "attic"],
        "twice": True,
    }
    assert server.requests[0].json["environ"] == {}  # its address is a secret, and no other variable is its business


def test_without_settings_everybody_is_told_whose_endpoint_stands_in_the_environment(
    gate: Gate, server: Server
) -> None:
    Board(server)
    assert told(gate, server, report("fail"), settings="").code == 0
    found = {entry["notifier"]: entry["status"] for entry in deliveries(gate)}
    assert found == {"bell": "sent", "board": "sent", "pager": "skipped"}  # nothing here is protected
    gate.environ = {key: value for key, value in gate.environ.items() if not key.endswith("_URL")}
    came = gate.run("notify", "report0.json")
    assert (came.code, "nobody to tell" in came.line) == (2, True)


# -- nothing is sent -------------------------------------------------------------------------------------


def test_explain_says_who_and_why(gate: Gate, server: Server) -> None:
    settings = (
        '[notifiers.bell]\n[notifiers.wake]\nkind = "pager"\n[[routes]]\nevent = "failed"\nnotifiers = ["bell"]\n'
        '[[routes]]\nenvironment = "prod"\nnotifiers = ["wake"]\n'
    )
    came = told(gate, server, report("fail"), settings=settings, more=("--explain",))
    assert came.code == 0
    assert "bell (bell, plangate.toml:1): is told\n  why     by the route plangate.toml:4" in came.out
    assert "wake (pager, plangate.toml:2): is not told\n  why     its routes are about other roots" in came.out
    assert server.requests == []


def test_dry_run_prints_payloads_without_secrets(gate: Gate, server: Server) -> None:
    came = told(
        gate, server, report("fail"), settings='[notifiers.bell]\nfooter = "see {verdict}"\n', more=("--dry-run",)
    )
    (entry,) = json.loads(came.out)
    assert (entry["notifier"], entry["payload"]["verdict"]) == ("bell", "fail")
    assert server.requests == []


def test_only_those_that_are_named(gate: Gate, server: Server) -> None:
    told(gate, server, report(), settings="[notifiers.bell]\n[notifiers.pager]\n", more=("--only", "bell"))
    assert [entry["notifier"] for entry in deliveries(gate)] == ["bell"]
    came = gate.run("notify", "report0.json", "--only", "bel")
    assert (came.code, 'did you mean "bell"?' in came.line) == (2, True)


@pytest.mark.parametrize("arguments", [[], ["--plan", "x"], ["nowhere.json"], ["plangate.toml"]])
def test_what_notify_cannot_tell_of(gate: Gate, arguments: list[str]) -> None:
    gate.write("plangate.toml", "[notifiers.bell]\n")
    came = gate.run("notify", *arguments)
    assert came.code == (3 if arguments and arguments[0].endswith(("json", "toml")) else 2)
    assert came.line
