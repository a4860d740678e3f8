"""Microsoft Teams: an Adaptive Card to the webhook of a Workflows flow, or to a connector of the retired kind.

A flow answers 202 before it runs: that is "accepted", and only a card that is right beforehand arrives.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from plangate.notify.api import DeliveryError, Secret, Sent, Setting, refused, retry_after, table

from . import card

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Channel, Message, Response

NAME = "teams"
SETTINGS = {"webhook_url": Setting("secret", "the address of the flow's webhook", "env:TEAMS_WEBHOOK_URL")}
ENVIRONMENT = (("TEAMS_WEBHOOK_URL",),)

_RETIRED = (
    "this address is of an Office 365 connector, which Microsoft has retired: make a flow from the template "
    "'Post to a channel when a webhook request is received' (channel, ..., Workflows) and put its address into "
    "TEAMS_WEBHOOK_URL"
)
_HEADERS = {"Content-Type": "application/json; charset=utf-8"}


def payload(message: Message, channel: Channel) -> object:  # noqa: ARG001 - as every notifier has it
    """The request's body."""
    return card.envelope(message)[0]


def send(message: Message, channel: Channel) -> Sent:
    """Hand it to the flow (accepted) or to the connector (sent). Raises DeliveryError."""
    url = channel.secret("webhook_url")
    if url is None:
        raise DeliveryError("no address is given", fix="set TEAMS_WEBHOOK_URL to the address of the flow's webhook")
    body, left = card.envelope(message)
    cut = f"the card leaves out: {', '.join(left)}" if left else None
    known = len(card.people_of(message.mentions)) == len(message.mentions)
    people = None if known else "a mention is no user principal name (name@example.com) and was left out"
    if is_connector(url):
        _by_connector(url, body, channel)
        return Sent(note="; ".join([note for note in (_RETIRED, cut, people) if note]))
    answer = channel.http.send("POST", url, _HEADERS, _bytes(body))
    _check(answer)
    if answer.status not in (200, 202):
        raise refused(answer)
    return Sent("accepted", note="; ".join([note for note in (cut, people) if note]) or None)


def is_connector(url: Secret) -> bool:
    """Whether this is an address of the old connectors (`*.webhook.office.com/webhookb2/...`)."""
    try:
        parts = urlsplit(url.reveal().strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    old = host.endswith(".webhook.office.com") or host in ("outlook.office.com", "outlook.office365.com")
    return old or parts.path.startswith(("/webhookb2/", "/webhook/"))


def _by_connector(url: Secret, body: dict[str, Any], channel: Channel) -> None:
    """By pymsteams, with its payload replaced by the card (it knows none) and its request by ours (it follows
    redirects, and takes every 2xx for a success)."""
    import pymsteams  # type: ignore[import-untyped]

    class Connector(pymsteams.connectorcard):  # type: ignore[misc]
        def send(self) -> bool:
            sent = _bytes(self.payload)
            self.last_http_response = channel.http.send("POST", Secret(self.hookurl), _HEADERS, sent)
            return bool(self.last_http_response.status == 200)

    connector = Connector(url.reveal())
    connector.payload = body
    good = connector.send()
    answer: Response = connector.last_http_response
    _check(answer)
    if not good:
        error = refused(answer)
        raise DeliveryError(error.said, error.retry, error.after, error.fix or _RETIRED)
    if answer.text.strip() != "1":
        raise DeliveryError(f"{answer.host}: answered 200, but not as a connector does", "doubtful", fix=_RETIRED)


def _bytes(body: dict[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode("ascii")


def _check(answer: Response) -> None:
    """Errors that the body tells, whatever the status: Teams answers 200 for a message it throttled."""
    text = answer.text.strip()
    if "HTTP error 429" in text or (answer.status == 429 and not text):
        said = f"{answer.host}: too many messages in a short time (429 in the answer)"
        raise DeliveryError(said, "safe", retry_after(answer))
    code = _code(text)
    entry = _errors().get(code)
    if entry is None:
        if code or "returned HTTP error" in text:
            raise refused(answer, code if code.isalnum() else "")
        return
    why = f"{answer.host}: {entry['said']} ({answer.status})"
    raise DeliveryError(why, entry.get("retry") or "no", retry_after(answer), entry.get("fix"))


def _code(text: str) -> str:
    """The code of an error that a flow answers, the sentence of a connector, or empty."""
    if not text.startswith("{"):
        return text if text in _errors() else ""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    error = found.get("error") if isinstance(found, dict) else None
    return str(error.get("code") or "") if isinstance(error, dict) else ""


def _errors() -> dict[str, Any]:
    return table(__file__, "errors.json")
