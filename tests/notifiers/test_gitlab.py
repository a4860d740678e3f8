"""GitLab: which note is ours, what replaces what, and what answers mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from plangate.http import DeliveryError
from plangate.notify import comment
from plangate_notifiers import gitlab

from .server import Answer, Request, Server
from .telling import BAD, GOOD, NOTHING, delivered, message_of, report, told

TOKEN = "glpat-tokenThatNobodyMaySee"
ME = {"id": 42, "username": "project_1_bot"}
NOTES = "/api/v4/projects/group%2Fsub%2Finfra/merge_requests/7/notes"


class GitLab:
    """The part of GitLab that is used, with its notes."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.notes: dict[int, dict[str, Any]] = {}
        self.write: Answer | None = None
        server.route("/", self._answer)

    def add(self, body: str, author: dict[str, Any] | None = None, **more: Any) -> int:
        number = 1 + max(self.notes, default=1000)
        self.notes[number] = {"id": number, "body": body, "author": author or ME, "system": False, **more}
        return number

    def _answer(self, request: Request) -> Answer:
        path, _, query = request.path.partition("?")
        if path == "/api/v4/user":
            return Answer(200, ME)
        if request.method != "GET" and self.write is not None:
            return self.write
        number = int(path.rpartition("/")[2]) if path.rpartition("/")[2].isdigit() else None
        if path == NOTES and request.method == "POST":
            return Answer(201, self.notes[self.add(request.json["body"])])
        if path == NOTES:
            return self._listed(query)
        if path == f"{NOTES}/{number}" and number in self.notes:
            if request.method == "DELETE":
                del self.notes[number]
                return Answer(204, b"")
            self.notes[number]["body"] = request.json["body"]
            return Answer(200, self.notes[number])
        return Answer(404, {"message": "404 Not found"})

    def _listed(self, query: str) -> Answer:
        each, page = (int(re.search(rf"(?:^|&){n}=(\d+)", query).group(1)) for n in ("per_page", "page"))  # type: ignore[union-attr]
        found = [self.notes[n] for n in sorted(self.notes)]
        more = str(page + 1) if len(found) > each * page else ""
        return Answer(200, found[each * (page - 1) : each * page], {"X-Next-Page": more})

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [(r.method, r.path) for r in self.server.requests if r.method != "GET"]


@pytest.fixture
def lab() -> Iterator[GitLab]:
    with Server() as server:
        yield GitLab(server)


def environ(lab: GitLab, **more: str) -> dict[str, str]:
    place = {"CI_PROJECT_ID": "group/sub/infra", "CI_MERGE_REQUEST_IID": "7"}
    return {"GITLAB_TOKEN": TOKEN, "CI_API_V4_URL": f"{lab.server.url}/api/v4", **place, **more}


def say(lab: GitLab, *reports: dict[str, Any], **more: Any) -> Any:
    return delivered(gitlab, *reports, environ=environ(lab), **more)


def test_a_note_is_written_once_and_then_edited(lab: GitLab, bad: dict[str, Any]) -> None:
    assert say(lab, bad).status == "sent"
    assert say(lab, report(GOOD, started_at="2026-03-02T11:00:00Z", id="run-3")).status == "sent"
    (only,) = lab.notes.values()
    assert only["body"].startswith("<!-- plangate:1 key=")
    assert "PASS" in only["body"]
    assert [method for method, _ in lab.writes] == ["POST", "PUT"]
    assert {r.headers.get("private-token") for r in lab.server.requests} == {TOKEN}


def test_nothing_to_do_creates_no_note_but_edits_one(lab: GitLab, bad: dict[str, Any]) -> None:
    nothing = report(NOTHING, started_at="2026-03-02T11:00:00Z", id="run-3")
    assert say(lab, nothing).status == "skipped"
    say(lab, bad)
    assert say(lab, nothing).status == "sent"
    assert "PASS" in next(iter(lab.notes.values()))["body"]


def test_an_older_run_replaces_no_newer_result(lab: GitLab, bad: dict[str, Any]) -> None:
    say(lab, report(BAD, started_at="2026-03-02T12:00:00Z", id="run-9"))
    assert say(lab, report(GOOD)).status == "skipped"
    message, channel = told(gitlab, report(GOOD), environ=environ(lab))
    assert gitlab.send(message, channel).note == "the note shows a later run already"
    assert "FAIL" in next(iter(lab.notes.values()))["body"]


@pytest.mark.parametrize(
    ("author", "more"),
    [
        ({"id": 43, "username": "project_1_bot"}, {}),
        ({"username": "mallory"}, {}),
        ({}, {}),
        (ME, {"system": True}),
    ],
)
def test_a_strangers_note_with_our_marker_is_left_alone(
    lab: GitLab, bad: dict[str, Any], author: dict[str, Any], more: dict[str, Any]
) -> None:
    message, _ = told(gitlab, bad, environ=environ(lab))
    body = f"{comment.marker(message)}\n### PASS"
    number = lab.add(body, **more)
    lab.notes[number]["author"] = author
    assert say(lab, bad).status == "sent"
    assert lab.notes[number]["body"] == body
    assert len(lab.notes) == 2


def test_ours_is_found_on_the_last_page_and_doubles_go(lab: GitLab, bad: dict[str, Any]) -> None:
    message, _ = told(gitlab, bad, environ=environ(lab))
    old = comment.marker(message).replace("at=2026-03-02", "at=2026-03-01")
    for i in range(230):
        lab.add(f"{old} {i}", {"id": 1000 + i, "username": f"user{i}"})
    mine, double = lab.add(old), lab.add(old)
    assert say(lab, bad).status == "sent"
    assert "FAIL" in lab.notes[mine]["body"]
    assert double not in lab.notes


def test_a_jobs_own_token_is_explained(lab: GitLab, bad: dict[str, Any]) -> None:
    given = environ(lab, CI_JOB_TOKEN="x" * 20)
    del given["GITLAB_TOKEN"]
    done = delivered(gitlab, bad, environ=given)
    assert (done.status, done.error) == ("failed", "CI_JOB_TOKEN cannot write notes")
    assert "GITLAB_TOKEN" in (done.fix or "")


def test_the_target_project_of_a_fork_is_meant(lab: GitLab, bad: dict[str, Any]) -> None:
    given = environ(lab, CI_MERGE_REQUEST_PROJECT_ID="group/sub/infra", CI_PROJECT_ID="fork/infra")
    assert delivered(gitlab, bad, environ=given).status == "sent"


def test_without_a_merge_request_nothing_is_sent(lab: GitLab, bad: dict[str, Any]) -> None:
    given = environ(lab)
    del given["CI_MERGE_REQUEST_IID"]
    done = delivered(gitlab, {**bad, "run": {**bad["run"], "pull_request": None}}, environ=given)
    assert (done.status, done.note) == ("skipped", "there is no merge request to comment on")


@pytest.mark.parametrize(
    ("answer", "retry", "said"),
    [
        (Answer(429, "Retry later", {"Retry-After": "3"}), "safe", "too many requests"),
        (Answer(500, "oops"), "safe", "answered 500"),
        (Answer(503, ""), "safe", "answered 503"),
        (Answer(lose="after"), "safe", "lost"),
        (Answer(302, "", {"Location": "https://gitlab.example/users/sign_in"}), "no", "redirects are not followed"),
        (Answer(401, {"message": "401 Unauthorized"}), "no", "the token is not valid"),
        (Answer(403, {"error": "insufficient_scope"}), "no", "the token lacks the scope api"),
        (Answer(404, {"message": "404 Project Not Found"}), "no", "not found"),
        (Answer(202, {"commands_changes": {"state_event": "close"}}), "no", "answered 202"),
        (Answer(201, "<html>sign in"), "no", "not GitLab's"),
        (Answer(201, {"id": None}), "no", "no note"),
        (Answer(400, {"message": "Maximum number of comments exceeded"}), "no", "as many comments"),
    ],
)
def test_what_answers_to_a_write_mean(lab: GitLab, bad: dict[str, Any], answer: Answer, retry: str, said: str) -> None:
    lab.write = answer
    message, channel = told(gitlab, bad, environ=environ(lab))
    with pytest.raises(DeliveryError) as found:
        gitlab.send(message, channel)
    assert (found.value.retry, said in found.value.said) == (retry, True)
    assert TOKEN not in found.value.said + (found.value.fix or "")
    lab.write = None
    assert gitlab.send(message, channel).status == "sent"
    assert len(lab.notes) == 1


def test_a_limit_without_a_time_waits_a_minute(lab: GitLab, bad: dict[str, Any]) -> None:
    lab.write = Answer(429, "Retry later")
    message, channel = told(gitlab, bad, environ=environ(lab))
    with pytest.raises(DeliveryError) as found:
        gitlab.send(message, channel)
    assert found.value.after == 60


def test_no_line_of_a_note_is_a_quick_action() -> None:
    names = ["/close", "\n/merge", "/approve now", "x\n\n/assign @mallory"]
    message = message_of([(name, True) for name in names], [(name, 1) for name in names], names)
    message.header, message.footer = "/close\n/merge", "/lock"
    body = comment.comment(message, 1_000_000)
    assert not re.search(r"^\s*/", body, re.MULTILINE)
    assert "&#47;close" in body
