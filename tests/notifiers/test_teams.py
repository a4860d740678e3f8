"""Teams: the card, that it stays under what Teams stores, and what becomes of the answers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.http import DeliveryError, Secret
from plangate_notifiers import teams
from plangate_notifiers.teams import card

from .said import HOSTILE, blocked, change, channel, finding, message, nodes, report, texts_in
from .server import Answer, Server

FLOW = (
    "/powerautomate/automations/direct/workflows/0a1b/triggers/manual/paths/invoke"
    "?api-version=1&sp=x&sv=1.0&sig=secretsig"
)
SAID = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error"
KINDS = {
    "AdaptiveCard", "Container", "TextBlock", "RichTextBlock", "TextRun", "FactSet", "Action.OpenUrl", "mention",
}  # fmt: skip
LIMIT = 28_672


def well_formed(made: dict[str, Any]) -> None:
    """What Teams takes, as its documentation and its refusals have it."""
    assert made["version"] == "1.2"
    assert made["fallbackText"]
    # Teams keeps the card as text in text: what is sent grows by that, and by every escape.
    sent = json.dumps(made, separators=(",", ":"))
    assert len(json.dumps(sent)) <= LIMIT - 4000
    assert len(sent) < 23_000
    assert len(made.get("actions", [])) <= 2
    for node in nodes(made):
        if "type" in node:
            assert node["type"] in KINDS
        if node.get("type") == "TextBlock":
            assert node["wrap"] is True
        if node.get("type") == "TextRun":
            assert node["text"]
            assert "{{" not in node["text"]


def shown(made: dict[str, Any]) -> str:
    """The card line by line."""
    lines = []
    for node in nodes(made["body"]):
        if node.get("type") == "TextBlock":
            lines.append(node["text"])
        if node.get("type") == "RichTextBlock":
            lines.append("".join(run["text"] for run in node["inlines"]))
    return "\n".join(lines)


def left_out(made: dict[str, Any], noun: str) -> int:
    found = re.search(rf"^and ([\d,]+) more {noun}", shown(made), re.MULTILINE)
    return int(found[1].replace(",", "")) if found else 0


# -- what it says ----------------------------------------------------------------------------------------------


def test_verdict_and_root_first_then_what_is_lost() -> None:
    made = card.card(message(blocked(2)))
    well_formed(made)
    lines = shown(made).split("\n")
    assert lines[0] == "\u274c FAIL \u2013 network (prod)"
    assert lines[1] == "2 findings stop this plan"
    assert "would be lost" in lines[2]
    assert lines[3].startswith('\u26d4 destroyed aws_db_instance.db["0"] \u2013 its data is gone')
    assert made["body"][0]["style"] == "attention"
    assert made["fallbackText"].startswith("\u274c FAIL network (prod)")


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    "name", ["aws_db_instance.db", "\ub370\uc774\ud130" * 20, '"\\' * 40], ids=["plain", "korean", "escapes"]
)
def test_any_number_of_lost_resources_fits_and_the_rest_is_counted(language: str, name: str) -> None:
    number = 50_000 if name.isascii() else 5000
    source = message(blocked(number, name), language=language)
    made = card.card(source)
    well_formed(made)
    rows = shown(made).count("\u26d4")
    assert rows > 10
    if language == "en":
        assert rows + left_out(made, "resources") == number
    assert card.envelope(source)[1]


def test_several_roots_have_a_row_each_worst_first() -> None:
    clean = report([change("a.b", "create")], [], plan={"path": "dns/plan.json"}, settings={})
    made = card.card(message(clean, blocked(1)))
    text = shown(made)
    assert text.index("\u274c FAIL network (prod) \u00b7 111122223333") < text.index("\u2705 PASS dns")


def test_mentions_have_an_entity_each_and_come_from_settings_alone() -> None:
    source = message(blocked(1))
    assert "entities" not in card.card(source)["msteams"]
    source.mentions = ("Jana [x](y) <jana@example.com>", "ops@example.com", "not a person", "<script>@x")
    made = card.card(source)
    entities = made["msteams"]["entities"]
    assert [entity["mentioned"]["id"] for entity in entities] == ["jana@example.com", "ops@example.com"]
    assert [entity["text"] for entity in entities] == ["<at>Jana xy</at>", "<at>ops@example.com</at>"]
    assert set(re.findall(r"<at>.*?</at>", shown(made))) == {entity["text"] for entity in entities}


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=300)), min_size=1, max_size=30),
    stops=st.booleans(),
    language=st.sampled_from(["en", "ko"]),
    roots=st.integers(1, 4),
)
def test_text_of_a_plan_stands_only_where_nothing_is_markup(
    names: list[str], stops: bool, language: str, roots: int
) -> None:
    marked = [f"zq{name}qz" for name in names]
    plans = [
        report(
            [change(f"t.{n}", loss="gone") for n in marked],
            [finding(f"t.{n}", stops=stops, title=n) for n in marked],
            plan={"path": f"{marked[0]}{number}/plan.json", "workspace": marked[-1]},
        )
        for number in range(roots)
    ]
    source = message(*plans, language=language, run={"ref": marked[0], "actor": marked[-1], "repository": marked[0]})
    source.header, source.footer = marked[0], marked[-1]
    made = card.card(source)
    well_formed(made)
    for node in nodes(made["body"]):
        if node.get("type") in ("TextBlock", "FactSet"):
            assert not [text for _, text in texts_in(node) if "zq" in text]
    assert not [
        text for key, text in texts_in(made) if key == "url" and text not in (source.decide_url, source.report_url)
    ]


# -- the flow --------------------------------------------------------------------------------------------------


def place(server: Server, path: str = FLOW) -> Any:
    return channel(teams, secrets={"webhook_url": server.url + path})


def test_a_flow_accepts_and_no_more_is_claimed() -> None:
    with Server() as server:
        server.usual = Answer(202, "")
        sent = teams.send(message(blocked(1)), place(server))
        assert (sent.status, sent.note) == ("accepted", None)
        body = server.requests[0].json
        assert body["type"] == "message"
        assert body["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"
        assert body == teams.payload(message(blocked(1)), place(server))


def test_what_the_card_leaves_out_is_told_at_the_terminal() -> None:
    with Server() as server:
        server.usual = Answer(202, "")
        sent = teams.send(message(blocked(3000)), place(server))
        assert "more resources" in str(sent.note)


@pytest.mark.parametrize(
    ("status", "body", "retry", "word"),
    [
        (400, {"error": {"code": "MissingApiVersionParameter"}}, "no", "api-version is missing"),
        (401, {"error": {"code": "DirectApiAuthorizationRequired"}}, "no", "signature is missing"),
        (400, {"error": {"code": "WorkflowTriggerIsNotEnabled"}}, "no", "switched off"),
        (404, {"error": {"code": "WorkflowNotFound"}}, "no", "does not exist"),
        (429, {"error": {"code": "TooManyRequests"}}, "safe", "too many messages"),
        (200, {"error": {"code": "InvalidRequestContent"}}, "no", "could not read"),
        (429, "", "safe", "too many messages"),
        (503, "<html>", "safe", "503"),
        (500, "", "doubtful", "500"),
        (302, "", "no", "redirects are not followed"),
    ],
)
def test_errors_of_a_flow_in_clear_words(status: int, body: Any, retry: str, word: str) -> None:
    with Server() as server:
        server.usual = Answer(status, body, {"Retry-After": "9", "Location": "http://127.0.0.1:1/"})
        with pytest.raises(DeliveryError) as caught:
            teams.send(message(blocked(1)), place(server))
        assert (caught.value.retry, word in caught.value.said) == (retry, True)
        assert "secretsig" not in f"{caught.value.said}{caught.value.fix}"
        if retry == "safe":
            assert caught.value.after == 9


# -- the retired connectors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "old"),
    [
        ("https://acme.webhook.office.com/webhookb2/x@y/IncomingWebhook/z", True),
        ("https://outlook.office.com/webhook/x", True),
        ("https://prod-1.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=1", False),
        ("https://default1.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/x", False),
        ("https://webhook.office.com.evil.example/x", False),
        ("https://[", False),
    ],
)
def test_addresses_of_connectors_are_known(url: str, old: bool) -> None:
    assert teams.is_connector(Secret(url)) is old


def test_a_connector_gets_the_card_and_the_person_a_warning() -> None:
    with Server() as server:
        server.usual = Answer(200, "1")
        sent = teams.send(message(blocked(1)), place(server, "/webhookb2/abc"))
        assert sent.status == "sent"
        assert "retired" in str(sent.note)
        assert "Workflows" in str(sent.note)
        assert server.requests[0].json["attachments"]


@pytest.mark.parametrize(
    ("status", "body", "retry"),
    [
        (
            200,
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with x",
            "safe",
        ),
        (
            200,
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 403 with x",
            "no",
        ),
        (200, "Summary or Text is required.", "no"),
        (200, "<html>", "doubtful"),
        (410, "Connector is retired", "no"),
        (410, "", "no"),
        (502, "", "doubtful"),
    ],
)
def test_a_connector_that_says_200_is_not_believed(status: int, body: str, retry: str) -> None:
    with Server() as server:
        server.usual = Answer(status, body)
        with pytest.raises(DeliveryError) as caught:
            teams.send(message(blocked(1)), place(server, "/webhookb2/abc"))
        assert caught.value.retry == retry
