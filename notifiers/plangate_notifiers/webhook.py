"""A webhook of one's own: JSON, signed with HMAC-SHA256 over the time and the very bytes of the body.

`X-Plangate-Signature: t=UNIX,v1=HEX`, HEX = HMAC-SHA256(secret, "UNIX" + "." + body). The `id` of a body stays the
same when it is sent again, so that a receiver can drop what it has seen. docs/notifiers.md shows how to verify.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time

from plangate.notify.api import DeliveryError, Sent, Setting, refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Channel, Message, Root, Secret

NAME = "webhook"
ENVIRONMENT = (("PLANGATE_WEBHOOK_URL",),)
SETTINGS = {
    "url": Setting("secret", "address to post to", "env:PLANGATE_WEBHOOK_URL"),
    "secret": Setting("secret", "key of the signature; without one nothing is signed", "env:PLANGATE_WEBHOOK_SECRET"),
    "authorization": Setting("secret", "value of an Authorization header, if the receiver wants one"),
    "body": Setting("text", "what is sent", "summary", ("summary", "report")),
    "max_kilobytes": Setting("number", "a report that is larger is sent as a summary", 4096),
}
VERSION = "1"
_MOST = 1000  # entries of one list of a summary; how many more there are is said
_RUN = ("id", "started_at", "repository", "commit", "ref", "pull_request", "workflow", "url", "actor")
_ROOT = ("name", "path", "workspace", "environment", "account", "protected", "verdict", "exit_code", "sha256")
_LOSS = ("address", "fate", "why", "loss", "severity", "stops")
_FAULT = ("policy", "title", "severity", "outcome", "number", "place")


def payload(message: Message, channel: Channel) -> dict[str, Any]:
    """{schema_version, event, id, test, summary} or {..., report: the JSON reports, a list of them for several}."""
    head = {"schema_version": VERSION, "event": message.event, "id": _id(message), "test": message.test}
    if channel.settings["body"] == "report" and not message.test:
        text = message.rendering("json")
        if len(text) <= channel.settings["max_kilobytes"] * 1024:
            return {**head, "report": json.loads(text)}
        return {**head, "report_bytes": len(text), "summary": _summary(message)}
    return {**head, "summary": _summary(message)}


def send(message: Message, channel: Channel) -> Sent:
    """Post it; any 2xx that is no web page is success. Raises DeliveryError."""
    url = channel.secret("url")
    if url is None:
        raise DeliveryError("there is no address", fix="set PLANGATE_WEBHOOK_URL")
    body = payload(message, channel)
    data = json.dumps(body, separators=(",", ":")).encode()
    headers: dict[str, Secret | str] = {
        "Content-Type": "application/json",
        "Idempotency-Key": body["id"],
        "X-Plangate-Event": message.event,
    }
    key, authorization = channel.secret("secret"), channel.secret("authorization")
    if key is not None:
        headers.update(signature(key.reveal(), data, int(time.time())))
    if authorization is not None:
        headers["Authorization"] = authorization
    response = channel.http.send("POST", url, headers, data)
    if not 200 <= response.status < 300:
        error = refused(response)
        if response.status in (401, 403):
            error.fix = "the receiver does not take the signature or the Authorization header"
        elif response.status == 413:
            error.fix = 'the receiver takes less: set body = "summary", or a lower max_kilobytes'
        raise error
    if response.text.lstrip("\ufeff \t\r\n")[:15].lower().startswith(("<!doctype html", "<html")):
        raise DeliveryError(f"{response.host}: answered {response.status} with a web page, as a proxy or login does")
    note = None if key is not None else "it was not signed: set PLANGATE_WEBHOOK_SECRET"
    if "report_bytes" in body:
        note = f"the report has {body['report_bytes']:,} bytes, so its summary was sent"
    return Sent("sent", remember={"id": body["id"]}, note=note)


def signature(key: str, body: bytes, now: int) -> dict[str, str]:
    """The headers that sign `body` at `now` (Unix seconds)."""
    mac = hmac.new(key.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Plangate-Timestamp": str(now), "X-Plangate-Signature": f"t={now},v1={mac}"}


def _id(message: Message) -> str:
    """32 hex digits: the same for the same result of the same run."""
    told = "\0".join([message.key, message.run.id or "", message.run.started_at or "", message.event, message.verdict])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _summary(message: Message) -> dict[str, Any]:
    return {
        "verdict": message.verdict,
        "previous": message.previous,
        "events": list(message.events),
        "run": {name: getattr(message.run, name) for name in _RUN},
        "roots": [_root(root) for root in message.roots],
        "elsewhere": message.elsewhere,
        "links": {"decide": message.decide_url, "report": message.report_url},
        "header": message.header,
        "footer": message.footer,
    }


def _root(root: Root) -> dict[str, Any]:
    """What a root's row says; `left_out` counts what the lists do not hold."""
    lost = sorted(root.lost, key=lambda loss: not loss.stops)
    left = {
        "lost": len(lost[_MOST:]),
        "stops": sum(fault.number for fault in root.stops[_MOST:]),
        "errors": len(root.errors[_MOST:]),
        "notes": len(root.notes[_MOST:]),
    }
    return {
        **{name: getattr(root, name) for name in _ROOT},
        "reasons": [{"reason": key, "number": number} for key, number in root.reasons],
        "counts": root.counts,
        "lost": [{name: getattr(loss, name) for name in _LOSS} for loss in lost[:_MOST]],
        "stops": [
            {
                **{name: getattr(fault, name) for name in _FAULT},
                "addresses": [text for text, _ in fault.addresses[:20]],
            }
            for fault in root.stops[:_MOST]
        ],
        "others": root.others,
        "errors": root.errors[:_MOST],
        "notes": root.notes[:_MOST],
        "left_out": left,
    }
