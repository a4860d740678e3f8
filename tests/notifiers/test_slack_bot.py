"""Slack with a bot token: a pull request's message, its thread and report, and what the Web API's answers mean."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from plangate.http import DeliveryError
from plangate_notifiers import slack

from .said import blocked, change, channel, message, report
from .server import Answer, Request, Server

TOKEN = {"bot_token": "xoxb-1234-secret"}


class Workspace:
    """As much of Slack's Web API as is used, with its messages."""

    def __init__(self, server: Server) -> None:
        self.server, self.messages = server, []  # type: ignore[var-annotated]
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.broken: dict[str, Answer] = {}
        server.route("/api/", self.answer)
        server.route("/upload/", self.upload)
        self.uploaded = b""

    def upload(self, request: Request) -> Answer:
        self.uploaded = request.body
        return Answer(200, "OK")

    def answer(self, request: Request) -> Answer:
        name = request.path.split("?")[0].removeprefix("/api/")
        kind = request.headers.get("content-type", "")
        given = (
            json.loads(request.body or b"{}")
            if "json" in kind
            else {k: v[0] for k, v in parse_qs(request.body.decode()).items()}
        )
        self.calls.append((name, given))
        assert request.headers["authorization"] == "Bearer xoxb-1234-secret"
        if name in self.broken:
            return self.broken[name]
        return Answer(200, {"ok": True, **getattr(self, name.replace(".", "_"))(given)})

    def auth_test(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"bot_id": "B0", "user_id": "U0BOT"}

    def conversations_list(self, given: dict[str, Any]) -> dict[str, Any]:
        more = {"response_metadata": {"next_cursor": "" if given.get("cursor") else "2"}}
        return {"channels": [{"id": "C9", "name": "plans" if given.get("cursor") else "x"}], **more}

    def conversations_history(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"messages": self.messages[::-1]}

    def chat_postMessage(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the method's name
        ts = f"{len(self.messages) + 1}.0001"
        self.messages.append({"ts": ts, "bot_id": "B0", **given})
        return {"ts": ts, "channel": "C9"}

    def chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        found = next(m for m in self.messages if m["ts"] == given["ts"])
        found.update(given)
        return {"ts": given["ts"], "channel": given["channel"]}

    def files_getUploadURLExternal(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"file_id": "F1", "upload_url": self.server.url + "/upload/v1/F1"}

    def files_completeUploadExternal(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"files": [{"id": "F1"}]}

    def named(self, name: str) -> list[dict[str, Any]]:
        return [given for called, given in self.calls if called == name]


def bot(server: Server, place: str = "C9", **more: Any) -> Any:
    remembered = more.pop("remembered", None)
    given = {"channel": place, "api_url": server.url + "/api/", **more}
    return channel(slack, given, TOKEN, remembered)


def test_first_message_then_its_thread_with_details_and_the_report() -> None:
    with Server() as server:
        space = Workspace(server)
        made = message(blocked(2))
        sent = slack.send(made, bot(server))
        assert sent.remember is not None
        assert (sent.remember["channel"], sent.remember["ts"]) == ("C9", "1.0001")
        assert sent.note is None
        main, reply = space.named("chat.postMessage")
        assert main["metadata"]["event_type"] == "plangate"
        assert main["metadata"]["event_payload"].items() > made.stamp().items()
        assert reply["thread_ts"] == "1.0001"
        assert "Keep it." in json.dumps(reply)
        assert "destructive/stateful-delete" in json.dumps(reply)
        assert space.uploaded == b"the report as html"
        done = space.named("files.completeUploadExternal")[0]
        assert (done["channel_id"], done["thread_ts"]) == ("C9", "1.0001")


def test_the_next_run_edits_its_own_message_and_a_worse_verdict_is_told_to_the_channel() -> None:
    with Server() as server:
        space = Workspace(server)
        slack.send(message(report([change("a.b", "create")], [])), bot(server, thread=False))
        made = message(blocked(1), run={"id": "78", "started_at": "2026-11-21T17:00:00Z"})
        made.mentions = ("U024BE7LH",)
        found = slack.recall(made, bot(server))
        assert found is not None
        assert (found["verdict"], found["ts"], found["channel"]) == ("pass", "1.0001", "C9")
        assert not made.outdated_by(found)
        slack.send(made, bot(server, remembered=found, report="none"))
        assert len(space.messages) == 2  # the one that was edited, and the reply
        assert space.messages[0]["metadata"]["event_payload"]["verdict"] == "fail"
        assert space.messages[1]["thread_ts"] == "1.0001"
        assert space.messages[1]["reply_broadcast"] in (True, "1", 1)
        assert "U024BE7LH" in json.dumps(space.messages[1])
        earlier = message(blocked(1), run={"id": "70", "started_at": "2026-11-21T15:00:00Z"})
        assert earlier.outdated_by(slack.recall(earlier, bot(server)))


def test_a_run_that_finds_the_same_again_adds_nothing_to_the_thread() -> None:
    with Server() as server:
        space = Workspace(server)
        sent = slack.send(message(blocked(1)), bot(server))
        again = message(blocked(1), run={"id": "78", "started_at": "2026-11-21T17:00:00Z"})
        slack.send(again, bot(server, remembered=sent.remember))
        assert len(space.named("chat.update")) == 1
        assert len(space.named("chat.postMessage")) == 2
        slack.send(message(blocked(2)), bot(server, remembered=sent.remember))
        assert len(space.named("chat.postMessage")) == 3


def test_foreign_messages_and_other_keys_are_not_taken_for_ours() -> None:
    made = message(blocked(1))
    stamp = made.stamp()
    with Server() as server:
        space = Workspace(server)
        ours = {"event_type": "plangate", "event_payload": stamp}
        space.messages = [
            {"ts": "1.1", "bot_id": "BEVIL", "metadata": ours},
            {"ts": "1.2", "bot_id": "B0", "metadata": {**ours, "event_payload": {**stamp, "key": "00"}}},
            {"ts": "1.3", "bot_id": "B0", "metadata": {**ours, "event_type": "other"}},
            {"ts": "1.4", "bot_id": "B0"},
        ]
        assert slack.recall(made, bot(server)) is None
        space.messages.insert(0, {"ts": "1.0", "bot_id": "B0", "metadata": ours})
        assert (slack.recall(made, bot(server)) or {})["ts"] == "1.0"


def test_a_channel_by_name_is_looked_up_through_all_pages() -> None:
    with Server() as server:
        space = Workspace(server)
        slack.recall(message(blocked(1)), bot(server, "#plans"))
        assert space.named("conversations.history")[0]["channel"] == "C9"
        assert len(space.named("conversations.list")) == 2


def test_a_branch_gets_a_message_a_run() -> None:
    kept = {"channel": "C9", "ts": "1.0001", "run": "70"}
    run = {"pull_request": None}
    with Server() as server:
        space = Workspace(server)
        slack.send(message(blocked(1), run=run), bot(server, remembered=kept, thread=False))
        assert space.named("chat.update") == []
        slack.send(message(blocked(1), run={**run, "id": "70"}), bot(server, remembered={**kept}, thread=False))
        assert len(space.named("chat.update")) == 1


def test_a_message_that_is_gone_is_posted_anew() -> None:
    with Server() as server:
        space = Workspace(server)
        space.broken["chat.update"] = Answer(200, {"ok": False, "error": "message_not_found"})
        kept = {"channel": "C9", "ts": "0.1"}
        sent = slack.send(message(blocked(1)), bot(server, remembered=kept, thread=False))
        assert (sent.remember or {})["ts"] == "1.0001"


def test_without_the_right_to_read_it_only_posts() -> None:
    with Server() as server:
        space = Workspace(server)
        space.broken["conversations.history"] = Answer(200, {"ok": False, "error": "missing_scope", "needed": "x"})
        assert slack.recall(message(blocked(1)), bot(server)) is None


def test_what_fails_in_the_thread_is_a_note() -> None:
    with Server() as server:
        space = Workspace(server)
        space.broken["files.getUploadURLExternal"] = Answer(
            200, {"ok": False, "error": "missing_scope", "needed": "files:write"}
        )
        sent = slack.send(message(blocked(1)), bot(server))
        assert sent.status == "sent"
        assert "files:write" in str(sent.note)


def test_a_rate_limit_in_the_thread_is_waited_for() -> None:
    with Server() as server:
        space = Workspace(server)
        server.plan()
        posts = iter([Answer(200, {"ok": True, "ts": "5.1", "channel": "C9"}), Answer(429, "", {"Retry-After": "0"})])
        usual = space.answer

        def answer(request: Request) -> Answer:
            if request.path.startswith("/api/chat.postMessage"):
                return next(posts, None) or usual(request)
            return usual(request)

        server.route("/api/", answer)
        assert slack.send(message(blocked(1)), bot(server)).note is None


@pytest.mark.parametrize(
    ("error", "retry", "word"),
    [
        ("invalid_auth", "no", "the token is not valid"),
        ("not_in_channel", "no", "not in the channel"),
        ("channel_not_found", "no", "not found"),
        ("missing_scope", "no", "chat:write"),
        ("ratelimited", "safe", "too many messages"),
        ("fatal_error", "doubtful", "an error of its own"),
        ("what <!here> is this", "no", "an unknown answer"),
    ],
)
def test_errors_of_the_web_api_in_clear_words(error: str, retry: str, word: str) -> None:
    with Server() as server:
        space = Workspace(server)
        space.broken["chat.postMessage"] = Answer(200, {"ok": False, "error": error, "needed": "chat:write"})
        space.broken["conversations.history"] = Answer(200, {"ok": False, "error": "missing_scope"})
        with pytest.raises(DeliveryError) as caught:
            slack.send(message(blocked(1)), bot(server))
        assert (caught.value.retry, word in caught.value.said) == (retry, True)
        assert "xoxb" not in caught.value.said


@pytest.mark.parametrize(
    "answer", [Answer(200, "<html>"), Answer(200, ""), Answer(200, "{"), Answer(200, "[]"), Answer(500, "")]
)
def test_an_answer_that_is_none_of_slacks_is_no_success(answer: Answer) -> None:
    with Server() as server:
        space = Workspace(server)
        space.broken["chat.postMessage"] = answer
        with pytest.raises(DeliveryError) as caught:
            slack.send(message(blocked(1)), bot(server))
        assert caught.value.retry == "doubtful"


def test_a_lost_answer_is_looked_for_before_it_is_posted_again() -> None:
    made = message(blocked(1))
    with Server() as server:
        space = Workspace(server)
        usual = space.answer

        def lost(request: Request) -> Answer:
            found = usual(request)
            if request.path.startswith("/api/chat.postMessage") and len(space.messages) == 1:
                return Answer(lose="after")
            return found

        server.route("/api/", lost)
        sent = slack.send(made, bot(server, thread=False))
        assert (sent.remember or {})["ts"] == "1.0001"
        assert len(space.messages) == 1


def test_no_redirect_is_followed_with_the_token() -> None:
    with Server() as other, Server() as server:
        server.route("/api/", lambda request: Answer(307, "", {"Location": other.url + "/api/x"}))
        with pytest.raises(DeliveryError, match="redirects are not followed"):
            slack.send(message(blocked(1)), bot(server))
        assert other.requests == []


def test_payload_shows_both_ways() -> None:
    made = message(blocked(1))
    assert "blocks" in slack.payload(made, channel(slack, secrets={"webhook_url": "https://hooks.example/x"}))  # type: ignore[operator]
    found: Any = slack.payload(made, channel(slack, {"channel": "C9"}, TOKEN))
    assert found["message"]["channel"] == "C9"
    assert found["report"] == "plangate-report.html"
    assert "secret" not in json.dumps(found)
