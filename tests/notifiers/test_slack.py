"""Slack: what is posted, that it fits whatever the plan, and what becomes of Slack's answers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.http import DeliveryError
from plangate_notifiers import slack
from plangate_notifiers.slack import blocks

from .said import HOSTILE, blocked, change, channel, finding, message, nodes, report, texts_in
from .server import Answer, Request, Server

TOKEN = {"bot_token": "xoxb-1234-secret"}
KINDS = (
    "divider",
    "header",
    "plain_text",
    "rich_text",
    "rich_text_section",
    "rich_text_list",
    "text",
    "actions",
    "button",
    "context",
)


def sizes(body: dict[str, Any]) -> None:
    """Slack's limits, as its documentation and its answers have them."""
    found = body["blocks"]
    assert 1 <= len(found) <= 50
    assert len(json.dumps(found, ensure_ascii=False)) <= 12000
    assert sum(len(text) for key, text in texts_in(found) if key == "text") <= 12000
    assert 0 < len(body["text"]) <= 4000
    for block in found:
        if block["type"] == "header":
            assert 0 < len(block["text"]["text"]) <= 150
        if block["type"] == "context":
            assert 1 <= len(block["elements"]) <= 10
        if block["type"] == "actions":
            assert all(len(b["text"]["text"]) <= 75 and len(b["url"]) <= 3000 for b in block["elements"])
    for node in nodes(found):
        assert node.get("type") != "mrkdwn"
        if node.get("type") == "text":
            assert node["text"]
        if node.get("type") == "plain_text":
            assert node["emoji"] is False


def shown(body: dict[str, Any]) -> str:
    return "\n".join(text for key, text in texts_in(body["blocks"]) if key == "text")


def left_out(body: dict[str, Any], noun: str) -> int:
    found = re.search(rf"^and ([\d,]+) more {noun}", shown(body), re.MULTILINE)
    return int(found[1].replace(",", "")) if found else 0


def addresses(body: dict[str, Any]) -> list[str]:
    return [n["text"] for n in nodes(body["blocks"]) if n.get("style") == {"code": True}]


# -- what it says ----------------------------------------------------------------------------------------------


def test_push_text_says_verdict_root_environment_and_what_is_lost() -> None:
    body = blocks.main(message(blocked(2)))
    assert body["text"].startswith("\u274c FAIL network (prod) \u2013 2 findings stop this plan. destroyed: ")
    assert 'aws_db_instance.db["0"]' in body["text"]
    assert body["blocks"][0] == {
        "type": "header",
        "text": {"type": "plain_text", "text": "\u274c FAIL \u2013 network (prod)", "emoji": False},
    }
    sizes(body)


def test_what_is_lost_and_stopped_stands_before_all_else_and_the_rest_is_counted() -> None:
    body = blocks.main(message(blocked(50_000)))
    sizes(body)
    named = addresses(body)
    assert named[0] == 'aws_db_instance.db["0"]'
    lost = [name for name in named if name.startswith("aws_db_instance.db[") and "," not in name]
    assert len(dict.fromkeys(lost)) + left_out(body, "resources?") == 50_000
    assert "50,000 resources would be lost" in shown(body)


def test_findings_left_out_are_counted() -> None:
    many = report([], [finding("aws_s3_bucket.b", policy=f"p/{n}", title="t" * 190) for n in range(300)])
    body = blocks.main(message(many))
    sizes(body)
    assert shown(body).count("t" * 150) + left_out(body, "findings?") == 300


def test_several_roots_are_one_message_with_a_row_each_worst_first() -> None:
    clean = report([change("a.b", "create")], [], plan={"path": "dns/plan.json"}, settings={})
    body = blocks.main(message(clean, blocked(1)))
    rows = [text for text in shown(body).split("\n") if text in ("network (prod)", "dns")]
    assert rows == ["network (prod)", "dns"]  # what is lost is of one root alone, and need not say so
    assert body["text"].startswith("\u274c FAIL network (prod) and 1 more plan")


def test_two_links_at_most_and_only_ours() -> None:
    body = blocks.main(message(blocked(1)))
    urls = [text for key, text in texts_in(body["blocks"]) if key == "url"]
    assert urls == ["https://github.example/acme/infra/pull/42", "https://reports.example/77.html"]


def test_mentions_are_only_those_of_the_settings() -> None:
    made = message(blocked(1))
    assert not [n for n in nodes(blocks.main(made)) if n.get("type") in ("user", "usergroup", "broadcast")]
    made.mentions = ("U024BE7LH", "<!subteam^S0615G0KT>", "@here", "nobody", "<script>")
    people = [n for n in nodes(blocks.main(made)) if n.get("type") in ("user", "usergroup", "broadcast")]
    assert people == [
        {"type": "user", "user_id": "U024BE7LH"},
        {"type": "usergroup", "usergroup_id": "S0615G0KT"},
        {"type": "broadcast", "range": "here"},
    ]


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=300)), min_size=1, max_size=30),
    stops=st.booleans(),
    language=st.sampled_from(["en", "ko"]),
    roots=st.integers(1, 4),
)
def test_no_name_breaks_the_form_or_becomes_more_than_text(
    names: list[str], stops: bool, language: str, roots: int
) -> None:
    plans = [
        report(
            [change(f"t.{n}", loss="gone") for n in names],
            [finding(f"t.{n}", stops=stops, title=n or "t") for n in names],
            plan={"path": f"{names[0]}{number}/plan.json", "workspace": names[-1]},
        )
        for number in range(roots)
    ]
    made = message(*plans, language=language, run={"ref": names[0], "actor": names[-1], "repository": names[0]})
    made.header, made.footer = names[0], names[-1]
    for body in filter(None, [*(blocks.main(made, size) for size in blocks.SIZES), blocks.details(made)]):
        if "blocks" in body:
            sizes(body)
        ours = {made.decide_url, made.report_url}
        bare = re.sub("|".join(re.escape(f"<{url}>") for url in ours if url), "", body["text"])
        assert "<" not in bare
        assert ">" not in bare
        kinds = {n.get("type") for n in nodes(body)} - {None}
        assert kinds <= set(KINDS)
        assert body["link_names"] is False
        assert body["unfurl_links"] is False
        json.dumps(body).encode("ascii")


# -- the webhook -----------------------------------------------------------------------------------------------


def hook(server: Server) -> Any:
    return channel(slack, secrets={"webhook_url": server.url + "/services/T0/B0/secretpart"})


def test_webhook_posts_once_and_believes_only_ok() -> None:
    with Server() as server:
        assert slack.send(message(blocked(1)), hook(server)).status == "sent"
        assert len(server.requests) == 1
        assert server.requests[0].json["blocks"]
        for answer in (Answer(200, "<html>sign in</html>"), Answer(200, "")):
            server.plan(answer)
            with pytest.raises(DeliveryError) as caught:
                slack.send(message(blocked(1)), hook(server))
            assert caught.value.retry == "doubtful"


@pytest.mark.parametrize(
    ("status", "body", "retry", "word"),
    [
        (404, "no_service", "no", "does not exist any more"),
        (403, "action_prohibited", "no", "does not let this app post"),
        (410, "channel_is_archived", "no", "archived"),
        (429, "rate_limited", "safe", "too many messages"),
        (500, "rollup_error", "doubtful", "an error of its own"),
        (503, "", "safe", "503"),
        (502, "<html>secretpart</html>", "doubtful", "502"),
        (302, "", "no", "redirects are not followed"),
    ],
)
def test_webhook_errors_in_clear_words(status: int, body: str, retry: str, word: str) -> None:
    with Server() as server:
        server.usual = Answer(status, body, {"Retry-After": "7", "Location": "http://127.0.0.1:1/"})
        with pytest.raises(DeliveryError) as caught:
            slack.send(message(blocked(1)), hook(server))
        assert caught.value.retry == retry
        assert word in caught.value.said
        assert "secretpart" not in f"{caught.value.said}{caught.value.fix}"
        if retry == "safe":
            assert caught.value.after == 7


def test_a_form_that_slack_refuses_is_sent_smaller_and_at_last_as_text() -> None:
    made = message(blocked(100))
    made.mentions = ("here",)
    with Server() as server:
        server.plan(Answer(400, "invalid_blocks"), Answer(400, "msg_blocks_too_long"), Answer(200, "ok"))
        assert slack.send(made, hook(server)).status == "sent"
        lengths = [len(request.body) for request in server.requests]
        assert lengths == sorted(lengths, reverse=True)
        last = server.requests[-1].json
    assert "blocks" not in last
    assert "FAIL" in last["text"]
    assert "<https://reports.example/77.html>" in last["text"]
    assert "<!here>" in last["text"]


def test_a_webhook_loads_no_sdk() -> None:
    code = (
        "import sys; from plangate_notifiers import slack; from plangate.notify.api import Channel;"
        "assert not {m for m in sys.modules if m.startswith('slack_sdk')}, sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# -- the bot token ---------------------------------------------------------------------------------------------


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


def test_a_test_message_says_that_it_is_one() -> None:
    made = message(report([], []))
    made.test = True
    body = blocks.main(made)
    assert "test message" in body["text"]
    assert "PASS" not in shown(body)
