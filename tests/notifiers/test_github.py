"""GitHub: which comment is ours, what replaces what, and what answers mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plangate.http import DeliveryError
from plangate.notify import comment
from plangate_notifiers import github

from .hub import HEAD, TOKEN, GitHub, environ, say
from .server import Answer, Request
from .telling import NOTHING, delivered, report, told


def test_a_comment_is_written_once_and_then_edited(hub: GitHub, bad: dict[str, Any], good: dict[str, Any]) -> None:
    assert say(hub, bad).status == "sent"
    (only,) = hub.comments.values()
    assert only["body"].startswith("<!-- plangate:1 key=")
    assert "plangate: FAIL" in only["body"]
    assert (
        say(hub, {**good, "run": {**good["run"], "started_at": "2026-03-02T11:00:00Z", "id": "run-3"}}).status == "sent"
    )
    (only,) = hub.comments.values()
    assert "plangate: PASS" in only["body"]
    assert [method for method, _ in hub.writes] == ["POST", "PATCH"]


def test_the_recovery_is_known_from_the_comment_alone(hub: GitHub, bad: dict[str, Any], good: dict[str, Any]) -> None:
    say(hub, bad)
    message, channel = told(github, good, environ=environ(hub))
    kept = github.recall(message, channel)
    assert kept is not None
    assert (kept["verdict"], kept["run"], kept["commit"]) == ("fail", "run-2", "a" * 40)


def test_requests_carry_what_github_asks_for(hub: GitHub, bad: dict[str, Any]) -> None:
    say(hub, bad)
    for request in hub.server.requests:
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        assert request.headers["accept"] == "application/vnd.github+json"
        assert request.headers["x-github-api-version"] == "2022-11-28"
        assert request.headers["user-agent"].startswith("plangate/")


def test_nothing_to_do_edits_a_comment_and_creates_none(hub: GitHub, bad: dict[str, Any]) -> None:
    nothing = report(NOTHING, started_at="2026-03-02T11:00:00Z", id="run-3")
    assert say(hub, nothing).status == "skipped"
    assert hub.comments == {}
    say(hub, bad)
    assert say(hub, nothing).status == "sent"
    (only,) = hub.comments.values()
    assert "PASS" in only["body"]


def test_an_older_run_replaces_no_newer_result(hub: GitHub, bad: dict[str, Any], good: dict[str, Any]) -> None:
    say(hub, {**bad, "run": {**bad["run"], "started_at": "2026-03-02T12:00:00Z", "id": "run-9"}})
    late = say(hub, good)
    assert late.status == "skipped"
    assert "FAIL" in next(iter(hub.comments.values()))["body"]
    # also where it was found out only while sending
    message, channel = told(github, good, environ=environ(hub))
    sent = github.send(message, channel)
    assert (sent.status, sent.note) == ("skipped", "the comment shows a later run already")


def test_a_marker_from_the_future_keeps_nobody_quiet(hub: GitHub, bad: dict[str, Any]) -> None:
    message, _ = told(github, bad, environ=environ(hub))
    ahead = comment.marker(message).replace("at=2026-03-02", "at=2999-01-01")
    hub.add(f"{ahead}\nplanted through a workflow of the same bot")
    assert say(hub, bad).status == "sent"
    (only,) = hub.comments.values()
    assert "FAIL" in only["body"]


STRANGERS = [
    {"login": "mallory", "type": "User"},
    {"login": "github-actions", "type": "User"},
    {"login": "github-actions[bot]x", "type": "Bot"},
    {"login": "", "type": "Bot"},
]


@pytest.mark.parametrize("user", STRANGERS, ids=lambda user: str(user["login"]))
def test_a_strangers_comment_with_our_marker_is_left_alone(
    hub: GitHub, bad: dict[str, Any], user: dict[str, Any]
) -> None:
    message, _ = told(github, bad, environ=environ(hub))
    body = f"{comment.marker(message)}\n### PASS"
    number = hub.add(body, user)
    assert say(hub, bad).status == "sent"
    assert hub.comments[number]["body"] == body
    assert len(hub.comments) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda text: f" {text}",
        lambda text: f"quoted:\n{text}",
        lambda text: text.replace("key=", "key=0"),
        lambda text: text.replace("plangate:1", "plangate:2"),
        lambda text: text.replace(" -->", ""),
    ],
    ids=["blank before it", "quoted", "another key", "another version", "not closed"],
)
def test_only_our_marker_at_the_very_beginning_counts(
    hub: GitHub, bad: dict[str, Any], change: Callable[[str], str]
) -> None:
    message, _ = told(github, bad, environ=environ(hub))
    number = hub.add(change(comment.marker(message)))
    before = hub.comments[number]["body"]
    say(hub, bad)
    assert hub.comments[number]["body"] == before
    assert len(hub.comments) == 2


def test_ours_is_found_on_the_last_page_and_the_token_follows_no_link(hub: GitHub, bad: dict[str, Any]) -> None:
    message, _ = told(github, bad, environ=environ(hub))
    for i in range(250):
        hub.add(f"{comment.marker(message)} {i}", {"login": f"user{i}", "type": "User"})
    mine = hub.add(comment.marker(message).replace("at=2026-03-02", "at=2026-03-01"))
    done = say(hub, bad)  # a link to evil.example.com would end in an error: it does not resolve to this machine
    assert (done.status, done.remember and done.remember["comment"]) == ("sent", mine)
    assert hub.writes == [("PATCH", f"/repos/acme/infra/issues/comments/{mine}")]


def test_of_two_comments_of_ours_one_remains(hub: GitHub, bad: dict[str, Any]) -> None:
    message, _ = told(github, bad, environ=environ(hub))
    old = comment.marker(message).replace("at=2026-03-02", "at=2026-03-01")
    hub.add(old), hub.add(old)  # two runs that began together
    say(hub, bad)
    (only,) = hub.comments.values()
    assert "FAIL" in only["body"]


def test_a_comment_that_was_deleted_meanwhile_is_written_anew(hub: GitHub, bad: dict[str, Any]) -> None:
    message, channel = told(github, bad, environ=environ(hub), remembered={"comment": 4711})
    assert github.send(message, channel).status == "sent"
    assert len(hub.comments) == 1


def test_a_number_that_was_remembered_must_be_ours_and_of_this_pull_request(hub: GitHub, bad: dict[str, Any]) -> None:
    message, _ = told(github, bad, environ=environ(hub))
    foreign = hub.add(comment.marker(message), {"login": "mallory", "type": "User"})
    elsewhere = hub.add(comment.marker(message).replace("at=2026-03-02", "at=2026-03-01"))
    hub.comments[elsewhere]["issue_url"] = f"{hub.server.url}/repos/acme/infra/issues/77"
    before = {n: dict(c) for n, c in hub.comments.items() if n == foreign}
    message, channel = told(github, bad, environ=environ(hub), remembered={"comment": foreign})
    github.send(message, channel)
    assert hub.comments[foreign] == before[foreign]


def test_who_we_are_where_graphql_does_not_say(hub: GitHub, bad: dict[str, Any]) -> None:
    hub.viewer = None
    inside = delivered(github, bad, environ=environ(hub, GITHUB_ACTIONS="true"))
    assert inside.status == "sent"
    outside = say(hub, bad)
    assert outside.status == "failed"
    assert outside.fix is not None
    assert "author" in outside.fix
    assert say(hub, bad, author="github-actions[bot]").status == "sent"
    assert len(hub.comments) == 1


def test_without_a_pull_request_nothing_is_sent(hub: GitHub, bad: dict[str, Any]) -> None:
    done = say(hub, {**bad, "run": {**bad["run"], "pull_request": None}})
    assert (done.status, done.note) == ("skipped", "there is no pull request to comment on")


@pytest.mark.parametrize(
    ("event", "environment", "number", "head", "fork"),
    [
        ({"pull_request": {"number": 7, "head": {"sha": HEAD}}}, {}, "7", HEAD, False),
        ({"pull_request": {"number": 7, "head": {"sha": HEAD, "repo": {"full_name": "x/infra"}}}}, {}, "7", HEAD, True),
        ({"issue": {"number": 8, "pull_request": {}}}, {}, None, "c" * 40, False),
        ({"issue": {"number": 8, "pull_request": {"url": "x"}}}, {}, "8", None, False),
        ({"workflow_run": {"head_sha": HEAD, "pull_requests": [{"number": 9}]}}, {}, "9", HEAD, False),
        ({"workflow_run": {"head_sha": HEAD, "pull_requests": []}}, {}, None, HEAD, False),
        ({}, {"GITHUB_REF": "refs/pull/12/merge"}, "12", None, False),
        ({}, {"GITHUB_REF": "refs/heads/main"}, None, "c" * 40, False),
        ({"pull_request": {"number": "7; rm", "head": {"sha": "../x"}}}, {}, None, "c" * 40, False),
        ([1], {}, None, "c" * 40, False),
    ],
)
def test_the_place_is_read_from_the_job(
    bad: dict[str, Any],
    tmp_path: Path,
    event: Any,
    environment: dict[str, str],
    number: str | None,
    head: str | None,
    fork: bool,
) -> None:
    from plangate_notifiers.github.place import place

    path = tmp_path / "event.json"
    path.write_text(json.dumps(event))
    given = {"GITHUB_TOKEN": TOKEN, "GITHUB_EVENT_PATH": str(path), "GITHUB_SHA": "c" * 40, **environment}
    run = {**bad["run"], "pull_request": None, "commit": None}
    message, channel = told(github, {**bad, "run": run}, environ=given)
    where = place(message, channel)
    assert (where.number, where.head, where.fork) == (number, head, fork)


@pytest.mark.parametrize("name", ["", "infra", "a/b/c", "../x", "a/..", "a b/c", "acme/in\nfra"])
def test_a_repository_must_be_one(hub: GitHub, bad: dict[str, Any], name: str) -> None:
    message, channel = told(github, bad, environ=environ(hub))
    message.run.repository = None
    with pytest.raises(DeliveryError, match="repository"):
        github.send(
            message, type(channel)("x", {**channel.settings, "repository": name}, channel.secrets, {}, channel.http)
        )


def test_the_status_is_of_the_head_commit_and_has_a_name_for_each_root(hub: GitHub, bad: dict[str, Any]) -> None:
    assert say(hub, bad, status="status").status == "sent"
    (mark,) = hub.marks
    assert mark["path"] == f"/repos/acme/infra/statuses/{HEAD}"
    assert (mark["state"], mark["context"]) == ("failure", "plangate: live/network (production)")
    assert len(mark["description"]) <= 140
    assert mark["target_url"] == "https://ci.example.com/runs/2"


def test_a_check_run_holds_the_report(hub: GitHub, bad: dict[str, Any]) -> None:
    assert say(hub, bad, status="check", comment=False).status == "sent"
    (mark,) = hub.marks
    assert (mark["conclusion"], mark["head_sha"], mark["status"]) == ("failure", HEAD, "completed")
    assert "FAIL" in mark["output"]["summary"]
    assert hub.comments == {}


def test_a_fork_is_told_in_the_summary(hub: GitHub, bad: dict[str, Any], tmp_path: Path) -> None:
    hub.write = Answer(403, {"message": "Resource not accessible by integration"})
    summary = tmp_path / "summary.md"
    for _ in range(2):  # once is enough
        done = delivered(github, bad, environ=environ(hub, GITHUB_STEP_SUMMARY=str(summary)))
        assert done.status == "failed"
        assert done.error == (
            "127.0.0.1: answered 403 (the token may not write here); the result stands in the job's summary instead"
        )
        assert done.fix is not None
        assert "fork" in done.fix
    assert summary.read_text(encoding="utf-8").count("plangate: FAIL") == 1
    assert len(hub.writes) == 2  # never tried again


@pytest.mark.parametrize(
    ("answer", "tries", "said"),
    [
        (Answer(403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "0"}), 2, None),
        (Answer(429, {"message": "slow down"}, {"Retry-After": "0"}), 2, None),
        (Answer(500, {"message": "oops"}), 2, None),
        (Answer(502, "<html>bad gateway"), 2, None),
        (Answer(503, "", {"Retry-After": "0"}), 2, None),
        (Answer(lose="after"), 2, None),
        (Answer(302, "", {"Location": "https://evil.example.com/"}), 1, "redirects are not followed"),
        (Answer(401, {"message": "Bad credentials"}), 1, "the token is not valid"),
        (Answer(422, {"message": "Validation Failed", "errors": [{"message": "Body is too long"}]}), 1, "too long"),
        (Answer(403, {"message": "Unable to create comment because issue is locked."}), 1, "locked"),
        (Answer(200, "<html>log in"), 1, "answered 200"),
        (Answer(201, "<html>log in"), 1, "not GitHub's"),
        (Answer(201, []), 1, "no comment"),
        (Answer(201, {"id": "1"}), 1, "no comment"),
        (Answer(404, {"message": "Not Found"}), 1, "not found"),
    ],
)
def test_what_answers_to_a_write_mean(
    hub: GitHub, bad: dict[str, Any], answer: Answer, tries: int, said: str | None
) -> None:
    message, channel = told(github, bad, environ=environ(hub))
    hub.write = answer
    if tries == 2:
        with pytest.raises(DeliveryError) as first:
            github.send(message, channel)
        assert first.value.retry == "safe"
        hub.write = None
        assert say(hub, bad).status == "sent"
        assert len(hub.comments) == 1
        return
    done = say(hub, bad)
    assert (done.status, len(hub.writes)) == ("failed", 1)
    assert done.error is not None
    assert said is not None
    assert said in done.error
    assert TOKEN not in done.error + (done.fix or "")


def test_a_primary_limit_waits_until_it_ends(hub: GitHub, bad: dict[str, Any]) -> None:
    import time

    limit = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 1800)}
    hub.server.plan(Answer(403, {"message": "API rate limit exceeded"}, limit))
    message, channel = told(github, bad, environ=environ(hub))
    with pytest.raises(DeliveryError) as found:
        github.send(message, channel)
    assert found.value.retry == "safe"
    assert found.value.after is not None
    assert 1700 < found.value.after <= 1801


def test_a_comment_whose_answer_was_lost_is_not_written_twice(hub: GitHub, bad: dict[str, Any]) -> None:
    first = hub._added

    def lost(request: Request) -> Answer:
        first(request)
        hub._added = first  # type: ignore[method-assign]
        return Answer(lose="after")

    hub._added = lost  # type: ignore[method-assign]
    assert say(hub, bad, seconds=8).status == "sent"
    assert len(hub.comments) == 1


def test_a_slow_server_costs_no_more_than_the_budget(hub: GitHub, bad: dict[str, Any]) -> None:
    hub.server.plan(Answer(200, {"data": {"viewer": {"login": "x"}}}, drip=0.5))
    done = say(hub, bad, seconds=1)
    assert done.status == "failed"


def test_a_huge_page_is_no_memory(hub: GitHub, bad: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from plangate_notifiers.github import calls

    monkeypatch.setattr(calls, "_PAGE", 4096)
    for _ in range(3):
        hub.add("x" * 4000, {"login": "a", "type": "User"})
    done = say(hub, bad)
    assert done.status == "failed"
    assert done.error is not None
    assert "more than can be read" in done.error


def test_enterprise_addresses(bad: dict[str, Any]) -> None:
    from plangate_notifiers.github.calls import Api

    _, channel = told(
        github, bad, environ={"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": "https://ghe.acme.example/api/v3/"}
    )
    assert Api(channel).graphql() == "https://ghe.acme.example/api/graphql"
    _, channel = told(github, bad, environ={"GITHUB_TOKEN": TOKEN})
    assert Api(channel).graphql() == "https://api.github.com/graphql"


def test_a_test_turns_no_commit_green(hub: GitHub, bad: dict[str, Any]) -> None:
    for status in ("status", "check"):
        message, channel = told(github, bad, environ=environ(hub), status=status, context="required")
        message.test, message.verdict = True, "pass"
        assert list(github.payload(message, channel)) == ["comment"]
        github.send(message, channel)
    assert hub.marks == []
