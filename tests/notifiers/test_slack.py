"""Slack: what is posted, that it fits whatever the plan, and what the answers of a webhook mean."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.http import DeliveryError
from plangate_notifiers import slack
from plangate_notifiers.slack import blocks

from .said import HOSTILE, blocked, change, channel, finding, message, nodes, report, texts_in
from .server import Answer, Server

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


def test_a_test_message_says_that_it_is_one() -> None:
    made = message(report([], []))
    made.test = True
    body = blocks.main(made)
    assert "test message" in body["text"]
    assert "PASS" not in shown(body)
