"""The generic webhook: what it holds, how it is signed, what counts as taken."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plangate.http import DeliveryError
from plangate_notifiers import webhook

from .server import Answer, Server
from .telling import GOOD, delivered, message_of, report, told

SECRET = "signingKeyThatNobodyMaySee"
DOCS = Path(__file__).resolve().parents[2] / "docs/notifiers.md"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as found:
        yield found


def environ(server: Server) -> dict[str, str]:
    return {"PLANGATE_WEBHOOK_URL": f"{server.url}/hook/pathThatNobodyMaySee?q=1", "PLANGATE_WEBHOOK_SECRET": SECRET}


def verified() -> Any:
    """The function that the documentation shows to receivers."""
    text = DOCS.read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(import hashlib\n.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(snippet, names)
    return names["verified"]


def test_the_documented_receiver_takes_it(server: Server, bad: dict[str, Any]) -> None:
    assert delivered(webhook, bad, environ=environ(server)).status == "sent"
    (request,) = server.requests
    check, header = verified(), request.headers["x-plangate-signature"]
    assert check(SECRET, header, request.body, time.time())
    assert not check(SECRET, header, request.body + b" ", time.time())
    assert not check("another", header, request.body, time.time())
    assert not check(SECRET, header, request.body, time.time() + 600)
    for broken in ("", "t=1", "v1=00", "t=x,v1=zz", header.replace("v1=", "v0="), "t=\u00b2,v1=\u00e4"):
        assert not check(SECRET, broken, request.body, time.time())
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-plangate-event"] == "failed"
    assert request.headers["idempotency-key"] == request.json["id"]


def test_a_summary_says_what_a_person_would_be_told(server: Server, bad: dict[str, Any]) -> None:
    delivered(webhook, bad, environ=environ(server))
    body = server.requests[0].json
    assert (body["schema_version"], body["event"], body["test"]) == ("1", "failed", False)
    summary = body["summary"]
    (root,) = summary["roots"]
    assert (summary["verdict"], root["environment"], root["account"]) == ("fail", "production", "acme-production")
    assert root["lost"][0]["address"] == "aws_db_instance.ledger"
    assert root["lost"][0]["stops"] is True
    assert root["counts"]["delete"] == 1
    assert root["left_out"] == {"lost": 0, "stops": 0, "errors": 0, "notes": 0}
    assert summary["run"]["repository"] == "acme/infra"


def test_the_whole_report_by_setting(server: Server, bad: dict[str, Any]) -> None:
    done = delivered(webhook, bad, environ=environ(server), body="report")
    body = server.requests[0].json
    assert done.note is None
    assert body["report"]["findings"] == bad["findings"]
    assert "summary" not in body


def test_a_report_that_is_too_large_becomes_a_summary(server: Server, bad: dict[str, Any]) -> None:
    done = delivered(webhook, bad, environ=environ(server), body="report", max_kilobytes=1)
    body = server.requests[0].json
    assert body["report_bytes"] > 1024
    assert "report" not in body
    assert "so its summary was sent" in (done.note or "")


def test_the_id_stays_when_it_is_sent_again_and_changes_with_the_run(bad: dict[str, Any]) -> None:
    def id_of(made: dict[str, Any], **run: Any) -> str:
        message, channel = told(webhook, {**made, "run": {**made["run"], **run}})
        return str(webhook.payload(message, channel)["id"])

    assert id_of(bad) == id_of(bad)
    assert len({id_of(bad), id_of(bad, id="run-3"), id_of(report(GOOD)), id_of(bad, pull_request="8")}) == 4


def test_a_repeat_is_signed_anew_and_is_the_same_otherwise(server: Server, bad: dict[str, Any]) -> None:
    server.plan(Answer(lose="after"))
    assert delivered(webhook, bad, environ=environ(server)).status == "sent"
    first, second = server.requests
    assert first.body == second.body
    assert verified()(SECRET, second.headers["x-plangate-signature"], second.body, time.time())


def test_a_lost_answer_is_repeated_once_at_most(server: Server, bad: dict[str, Any]) -> None:
    server.usual = Answer(lose="after")
    done = delivered(webhook, bad, environ=environ(server))
    assert (done.status, len(server.requests)) == ("failed", 2)


def test_unsigned_is_said_and_authorization_is_sent(server: Server, bad: dict[str, Any]) -> None:
    from plangate.http import Secret

    given = environ(server)
    del given["PLANGATE_WEBHOOK_SECRET"]
    done = delivered(webhook, bad, environ=given)
    assert "x-plangate-signature" not in server.requests[0].headers
    assert "not signed" in (done.note or "")
    message, channel = told(webhook, bad, environ=environ(server))
    channel.secrets["authorization"] = Secret("Bearer abc")  # type: ignore[index]
    webhook.send(message, channel)
    assert server.requests[1].headers["authorization"] == "Bearer abc"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
@pytest.mark.parametrize("body", [b"", b"ok", b'{"queued": true}', b"<ok/>"])
def test_any_2xx_is_taken(server: Server, bad: dict[str, Any], status: int, body: bytes) -> None:
    server.plan(Answer(status, b"" if status == 204 else body, {"Content-Type": "text/html"}))
    assert delivered(webhook, bad, environ=environ(server)).status == "sent"


@pytest.mark.parametrize(
    ("answer", "retry", "said"),
    [
        (Answer(429, "", {"Retry-After": "2"}), "safe", "answered 429"),
        (Answer(503, ""), "safe", "answered 503"),
        (Answer(500, ""), "doubtful", "answered 500"),
        (Answer(lose="after"), "doubtful", "lost"),
        (Answer(400, "no"), "no", "answered 400"),
        (Answer(401, "no"), "no", "answered 401"),
        (Answer(413, "no"), "no", "answered 413"),
        (Answer(307, "", {"Location": "https://evil.example/"}), "no", "redirects are not followed"),
        (Answer(200, "\n <!DOCTYPE html><title>log in</title>"), "no", "a web page"),
        (Answer(200, "<html>" + "x" * 300_000), "no", "a web page"),
    ],
)
def test_what_answers_mean(server: Server, bad: dict[str, Any], answer: Answer, retry: str, said: str) -> None:
    server.plan(answer)
    message, channel = told(webhook, bad, environ=environ(server))
    with pytest.raises(DeliveryError) as found:
        webhook.send(message, channel)
    assert (found.value.retry, said in found.value.said) == (retry, True)
    told_ = found.value.said + (found.value.fix or "")
    assert "pathThatNobodyMaySee" not in told_
    assert SECRET not in told_


def test_fifty_thousand_changes_are_bounded_and_counted() -> None:
    message = message_of([(f"a.b[{i}]", i >= 49_000) for i in range(50_000)], [(f"a.b[{i}]", 3) for i in range(50_000)])
    channel = told(webhook, report(GOOD))[1]
    body = webhook.payload(message, channel)
    (root,) = body["summary"]["roots"]
    assert len(json.dumps(body)) < 1_000_000
    assert all(loss["stops"] for loss in root["lost"])  # what is stopped comes first
    assert root["left_out"] == {"lost": 49_000, "stops": 147_000, "errors": 0, "notes": 0}


def test_a_test_message_and_a_missing_address(bad: dict[str, Any]) -> None:
    message, channel = told(webhook, bad, body="report")
    message.test = True
    assert webhook.payload(message, channel)["test"] is True
    with pytest.raises(DeliveryError, match="no address"):
        webhook.send(message, channel)
