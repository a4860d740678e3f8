"""PagerDuty: what opens and resolves an alert, and which alert it is."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.http import DeliveryError
from plangate_notifiers import pagerduty

from .server import Answer, Request, Server
from .telling import BAD, GOOD, delivered, message_of, notifier, report, told

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as found:
        found.route("/v2/enqueue", _taken)
        yield found


def _taken(request: Request) -> Answer:
    answer = {"status": "success", "message": "Event processed", "dedup_key": request.json["dedup_key"]}
    return Answer(202, answer)


@pytest.fixture(scope="module")
def good() -> dict[str, Any]:
    return report(GOOD, started_at="2026-03-02T11:00:00Z", id="run-3")


def environ(server: Server) -> dict[str, str]:
    return {"PAGERDUTY_ROUTING_KEY": KEY, "PAGERDUTY_EVENTS_URL": f"{server.url}/v2/enqueue"}


def events(*reports: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    message, channel = told(pagerduty, *reports, environ={"PAGERDUTY_ROUTING_KEY": KEY}, **more)
    return pagerduty.payload(message, channel)


def test_a_stopped_plan_opens_an_alert(server: Server, bad: dict[str, Any]) -> None:
    done = delivered(pagerduty, bad, environ=environ(server))
    (request,) = server.requests
    event = request.json
    assert done.status == "sent"
    assert (event["routing_key"], event["event_action"]) == (KEY, "trigger")
    assert event["payload"]["severity"] == "critical"
    assert event["payload"]["summary"].startswith("plangate: FAIL - 1 finding stops this plan (acme/infra production)")
    assert event["payload"]["custom_details"]["would_be_lost"] == ["destroyed: aws_db_instance.ledger"]
    assert list(event["payload"]["custom_details"])[:3] == ["verdict", "why", "would_be_lost"]
    assert event["links"] == [{"href": "https://ci.example.com/runs/2", "text": "Decide"}]


def test_it_is_resolved_when_the_plan_passes_again(server: Server, bad: dict[str, Any], good: dict[str, Any]) -> None:
    first = delivered(pagerduty, bad, environ=environ(server))
    earlier = {**bad, "deliveries": [first.entry()]}
    assert delivered(pagerduty, good, environ=environ(server), previous=[earlier]).status == "sent"
    opened, resolved = (request.json for request in server.requests)
    assert (resolved["event_action"], resolved["dedup_key"]) == ("resolve", opened["dedup_key"])
    assert set(resolved) == {"routing_key", "event_action", "dedup_key"}


def test_a_pass_that_nothing_is_known_of_resolves_nothing(server: Server, good: dict[str, Any]) -> None:
    assert delivered(pagerduty, good, environ=environ(server)).status == "skipped"
    assert server.requests == []
    assert events(good) == []
    assert [e["event_action"] for e in events(good, resolve_on="pass")] == ["resolve"]


def test_only_protected_environments_page(server: Server, bad: dict[str, Any]) -> None:
    elsewhere = copy.deepcopy(bad)
    elsewhere["run"]["environment"] = "playground"
    done = delivered(pagerduty, elsewhere, environ=environ(server))
    assert done.status == "skipped"
    assert "protected" in (done.note or "")
    assert notifier(pagerduty).protected_only


def test_an_unreadable_plan_is_an_error() -> None:
    message = message_of(errors=["plan.json: it is no plan"])
    channel = told(pagerduty, report(BAD), environ={"PAGERDUTY_ROUTING_KEY": KEY})[1]
    (event,) = pagerduty.payload(message, channel)
    assert event["payload"]["severity"] == "error"
    assert event["payload"]["class"] == "plan not judged"
    assert event["payload"]["custom_details"]["errors"] == ["plan.json: it is no plan"]


def test_the_key_is_of_repository_root_environment_and_policy_set(bad: dict[str, Any]) -> None:
    def key(policy_set: str | None = None, **changed: Any) -> str:
        other = copy.deepcopy(bad)
        other["run"].update(
            {k: v for k, v in changed.items() if k in ("repository", "id", "started_at", "pull_request")}
        )
        other["plan"].update({k: v for k, v in changed.items() if k in ("path", "workspace")})
        if "environment" in changed:
            other["run"]["environment"] = changed["environment"]
        message, channel = told(pagerduty, other, environ={"PAGERDUTY_ROUTING_KEY": KEY}, policy_set=policy_set)
        return pagerduty.dedup_key(message, message.roots[0], channel.settings["policy_set"])

    usual = key()
    assert len(usual) <= 255
    assert usual.startswith("plangate-")
    assert key(id="x", started_at="2027-01-01T00:00:00Z", pull_request="9") == usual
    others = [key(repository="acme/x"), key(path="live/dns/plan.json"), key(workspace="blue"), key("cost")]
    assert len({usual, *others}) == 5


def test_findings_do_not_change_the_key() -> None:
    channel = told(pagerduty, report(BAD), environ={"PAGERDUTY_ROUTING_KEY": KEY})[1]
    found = {
        pagerduty.payload(message_of(stops=[(name, number)]), channel)[0]["dedup_key"]
        for name, number in (("a.b", 1), ("resolve", 3), ("x" * 500, 9))
    }
    assert len(found) == 1


@settings(max_examples=60, deadline=None)
@given(name=st.text(max_size=300) | st.sampled_from(["https://evil.example/x", "resolve", '","event_action":"resolve']))
def test_text_of_a_plan_stays_in_the_details(name: str) -> None:
    channel = told(pagerduty, _BAD, environ={"PAGERDUTY_ROUTING_KEY": KEY})[1]
    message = message_of([(f"aws_db_instance.{name}", True)], [(name or "x", 2)])
    (event,) = pagerduty.payload(message, channel)
    plain = pagerduty.payload(message_of([("aws_db_instance.a", True)], [("b", 2)]), channel)[0]
    details = event["payload"].pop("custom_details")
    plain["payload"].pop("custom_details")
    assert event == plain
    assert "://" not in json.dumps(details)
    assert len(event["payload"]["summary"]) <= 1024


_BAD = report(BAD)


def test_fifty_thousand_changes_fit_and_what_is_left_out_is_counted() -> None:
    channel = told(pagerduty, _BAD, environ={"PAGERDUTY_ROUTING_KEY": KEY})[1]
    names = [f'aws_db_instance.x["{"y" * 80}{i}"]' for i in range(50_000)]
    message = message_of([(n, i % 2 == 0) for i, n in enumerate(names)], [(n, 2) for n in names])
    (event,) = pagerduty.payload(message, channel)
    assert len(json.dumps(event)) < 120_000
    details = event["payload"]["custom_details"]
    assert len(details["would_be_lost"]) + details["would_be_lost_left_out"] == 25_000
    assert len(details["also_lost"]) + details["also_lost_left_out"] == 25_000
    assert 2 * len(details["stops"]) + details["stops_left_out"] == 100_000
    assert len(details["would_be_lost"]) > 200


def test_every_root_that_is_stopped_has_its_alert(bad: dict[str, Any], good: dict[str, Any]) -> None:
    other, fine = copy.deepcopy(bad), copy.deepcopy(good)
    other["plan"]["path"], fine["plan"]["path"] = "live/dns/plan.json", "live/web/plan.json"
    found = events(bad, other, fine)
    assert len({event["dedup_key"] for event in found}) == 2
    assert {event["payload"]["component"] for event in found} == {"live/network", "live/dns"}


def test_a_test_message_resolves_itself() -> None:
    channel = told(pagerduty, _BAD, environ={"PAGERDUTY_ROUTING_KEY": KEY})[1]
    message = message_of()
    message.test = True
    opened, resolved = pagerduty.payload(message, channel)
    assert (opened["payload"]["severity"], resolved["event_action"]) == ("info", "resolve")
    assert opened["dedup_key"] == resolved["dedup_key"]


@pytest.mark.parametrize(
    ("answer", "retry", "said"),
    [
        (Answer(429, {"status": "throttle exceeded"}, {"Retry-After": "2"}), "safe", "too many events"),
        (Answer(500, "oops"), "safe", "answered 500"),
        (Answer(lose="after"), "safe", "lost"),
        (Answer(400, {"status": "invalid event", "errors": [f"routing_key {KEY}"]}), "no", "the event is not valid"),
        (Answer(302, "", {"Location": "https://evil.example/"}), "no", "redirects are not followed"),
        (Answer(200, "<html>log in"), "no", "answered 200"),
        (Answer(202, "<html>log in"), "no", "not PagerDuty's"),
        (Answer(202, {"status": "error"}), "no", "not PagerDuty's"),
        (Answer(202, {"status": "success", "dedup_key": "another"}), "no", "another alert"),
        (Answer(202, b"x" * 200_000), "no", "not PagerDuty's"),
    ],
)
def test_what_answers_mean(server: Server, bad: dict[str, Any], answer: Answer, retry: str, said: str) -> None:
    server.plan(answer)
    message, channel = told(pagerduty, bad, environ=environ(server))
    with pytest.raises(DeliveryError) as found:
        pagerduty.send(message, channel)
    assert (found.value.retry, said in found.value.said) == (retry, True)
    assert KEY not in found.value.said + (found.value.fix or "")


def test_a_wait_of_minutes_where_none_is_named(server: Server, bad: dict[str, Any]) -> None:
    server.plan(Answer(429, {"status": "throttle exceeded"}))
    message, channel = told(pagerduty, bad, environ=environ(server))
    with pytest.raises(DeliveryError) as found:
        pagerduty.send(message, channel)
    assert found.value.after == 60


def test_a_lost_answer_is_repeated_with_the_same_key(server: Server, bad: dict[str, Any]) -> None:
    server.plan(Answer(lose="after"))
    assert delivered(pagerduty, bad, environ=environ(server)).status == "sent"
    first, second = server.requests
    assert first.body == second.body


def test_the_region_and_a_missing_key(bad: dict[str, Any]) -> None:
    assert pagerduty._REGIONS["eu"].startswith("https://events.eu.pagerduty.com/")
    message, channel = told(pagerduty, bad)
    with pytest.raises(DeliveryError, match="routing key"):
        pagerduty.send(message, channel)
