"""PagerDuty, Events API v2: an alert per root that is stopped or could not be judged, resolved when it passes again.

The deduplication key is made of repository, root, workspace, environment and the name of the policy set: however many
findings and runs there are, a root has one alert. Nothing of a plan takes part in it, nor in the decision to resolve.
"""

from __future__ import annotations

import hashlib
import json

from plangate.notify.api import DeliveryError, Sent, Setting, because, counts, outline, refused, retry_after, unlinked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Channel, Message, Response, Root

NAME = "pagerduty"
ENVIRONMENT = (("PAGERDUTY_ROUTING_KEY",),)
NOTIFY_ON = ("failure", "recovery")
PAGES = True
SETTINGS = {
    "routing_key": Setting("secret", "integration key of Events API v2", "env:PAGERDUTY_ROUTING_KEY"),
    "events_url": Setting("text", "address of the Events API, for neither region", "env:PAGERDUTY_EVENTS_URL"),
    "region": Setting("text", "where the account is", "us", ("us", "eu")),
    "policy_set": Setting("text", "a name, where several gates judge the same root and must not resolve each other's"),
    "resolve_on": Setting(
        "text", "pass: every pass resolves, not only one after a failure", "recovered", ("recovered", "pass")
    ),
}
# Service regions: support.pagerduty.com, "Service Regions".
_REGIONS = {"us": "https://events.pagerduty.com/v2/enqueue", "eu": "https://events.eu.pagerduty.com/v2/enqueue"}
_SUMMARY = 1024  # characters; more is cut off by the service
_SOURCE = 250
_DETAILS = 100_000  # bytes of custom_details, of 512 KB that an event may have in all
_ADDRESSES = 20
# Ours to theirs: critical, error, warning, info.
_SEVERITIES = {"critical": "critical", "high": "error", "medium": "warning", "low": "warning", "info": "info"}


def payload(message: Message, channel: Channel) -> list[dict[str, Any]]:
    """The events, one per root that is to be told, without the routing key."""
    if message.test:
        return _test(message)
    if message.verdict == "pass":
        resolves = message.event == "recovered" or channel.settings["resolve_on"] == "pass"
        return [_resolve(message, root, channel) for root in message.roots] if resolves else []
    return [_trigger(message, root, channel) for root in message.roots if root.verdict != "pass"]


def send(message: Message, channel: Channel) -> Sent:
    """Send every event. A repeat of all of them opens no second alert. Raises DeliveryError."""
    key = channel.secret("routing_key")
    if key is None:
        fix = "set PAGERDUTY_ROUTING_KEY to the integration key of a service's Events API v2 integration"
        raise DeliveryError("there is no routing key", fix=fix)
    events = payload(message, channel)
    if not events:
        return Sent("skipped", note="nothing is to be opened or resolved")
    url = channel.settings["events_url"] or _REGIONS[channel.settings["region"]]
    for event in events:
        data = json.dumps({"routing_key": key.reveal(), **event}).encode()
        try:
            response = channel.http.send("POST", str(url), {"Content-Type": "application/json"}, data)
        except DeliveryError as error:
            raise _again(error) from None
        _check(response, event)
    return Sent("accepted", remember={"dedup_keys": [event["dedup_key"] for event in events]})


def dedup_key(message: Message, root: Root, policy_set: str | None) -> str:
    """What tells the alert of this root from all others: 41 characters, the same from run to run."""
    parts = (message.run.repository, root.path, root.workspace, root.environment, policy_set)
    told = "\0".join([part or "" for part in parts])
    return "plangate-" + hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _resolve(message: Message, root: Root, channel: Channel) -> dict[str, Any]:
    return {"event_action": "resolve", "dedup_key": dedup_key(message, root, channel.settings["policy_set"])}


def _trigger(message: Message, root: Root, channel: Channel) -> dict[str, Any]:
    run, texts = message.run, message.texts
    verdict = texts.say(f"verdict.{root.verdict}")
    why = texts.say("headline.one", verdict=verdict, why=because(root, texts))
    where = " ".join([word for word in (run.repository, root.environment) if word])
    summary = f"{why}{f' ({where})' if where else ''}; {', '.join(counts(root, texts))}"
    links = [{"href": url, "text": name} for name, url in outline.links(message)]
    event: dict[str, Any] = {
        "event_action": "trigger",
        "dedup_key": dedup_key(message, root, channel.settings["policy_set"]),
        "payload": {
            "summary": unlinked(summary)[:_SUMMARY],
            "source": unlinked(f"{run.repository or 'plangate'}: {root.path}")[:_SOURCE],
            "severity": _severity(root),
            "component": unlinked(root.name),
            "group": unlinked(root.environment or root.workspace or "default"),
            "class": "plan not judged" if root.verdict == "error" else "plan stopped",
            "custom_details": _details(message, root),
        },
        "client": "plangate",
    }
    if links:
        event |= {"client_url": links[0]["href"], "links": links}
    return event


def _severity(root: Root) -> str:
    """The worst of what stops it; what could not be judged is an error."""
    if root.verdict == "error":
        return "error"
    found = [fault.severity for fault in root.stops]
    return next((theirs for ours, theirs in _SEVERITIES.items() if ours in found), "error")


def _details(message: Message, root: Root) -> dict[str, Any]:
    """Verdict first, then all that would be lost and is stopped; lists grow until the room is used, and each says how
    many entries it lacks."""
    say = message.texts.say
    small = [unlinked(text) for text in outline.small_print(message)]
    details: dict[str, Any] = {"verdict": say(f"verdict.{root.verdict}"), "why": because(root, message.texts)}
    stopped = [loss for loss in root.lost if loss.stops]
    rest = [loss for loss in root.lost if not loss.stops]
    rows = {
        "would_be_lost": [(f"{say(f'fate.{loss.fate}')}: {loss.address}", 1) for loss in stopped],
        "errors": [(text, 1) for text in root.errors],
        "stops": [(_fault(fault), fault.number) for fault in root.stops],
        "also_lost": [(f"{say(f'fate.{loss.fate}')}: {loss.address}", 1) for loss in rest],
    }
    room = _DETAILS - len(json.dumps(small)) - 2000
    for name, found in rows.items():
        if not found:
            continue
        shown: list[str] = []
        most = room if name != "would_be_lost" else room * 7 // 10
        for text, _ in found:
            size = len(json.dumps(unlinked(text))) + 2
            if size > most:
                break
            shown.append(unlinked(text))
            most, room = most - size, room - size
        details[name] = shown
        left = sum(number for _, number in found[len(shown) :])
        if left:
            details[f"{name}_left_out"] = left
    details["counts"] = counts(root, message.texts)
    details["run"] = small
    if root.sha256:
        details["plan_sha256"] = root.sha256
    return details | {key: unlinked(text) for key in ("header", "footer") if (text := getattr(message, key))}


def _fault(fault: Any) -> str:
    shown = fault.addresses[:_ADDRESSES]
    rest = fault.number - sum(number for _, number in shown)
    more = f" (+{rest})" if rest > 0 else ""
    return f"{fault.policy} [{fault.severity}]: {', '.join([text for text, _ in shown])}{more}"


def _test(message: Message) -> list[dict[str, Any]]:
    """An alert that is resolved at once."""
    key = "plangate-" + hashlib.sha256(f"test {message.key}".encode()).hexdigest()[:32]
    text = f"{message.texts.say('test.headline')}. {message.texts.say('test.text')}"
    said = {"summary": text[:_SUMMARY], "source": "plangate doctor", "severity": "info"}
    opened = {"event_action": "trigger", "dedup_key": key, "payload": said, "client": "plangate"}
    return [opened, {"event_action": "resolve", "dedup_key": key}]


def _check(response: Response, event: dict[str, Any]) -> None:
    """202 with `status: success` and our own key is success. Raises DeliveryError for anything else."""
    if response.status == 429:
        # Without Retry-After the documentation asks for a wait of minutes.
        after = retry_after(response)
        raise DeliveryError(f"{response.host}: too many events (429)", "safe", 60.0 if after is None else after)
    if response.status != 202:
        error = refused(response, "the event is not valid" if response.status == 400 else "", repeatable=True)
        if response.status in (400, 401, 403):
            error.fix = "look at the routing key (32 characters, of an Events API v2 integration) and at the region"
        raise error
    try:
        found = json.loads(response.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("status") != "success":
        raise DeliveryError(f"{response.host}: answered 202 with something that is not PagerDuty's")
    if found.get("dedup_key", event["dedup_key"]) != event["dedup_key"]:
        raise DeliveryError(f"{response.host}: answered for another alert than the one that was sent")


def _again(error: DeliveryError) -> DeliveryError:
    return DeliveryError(error.said, "safe", error.after, error.fix) if error.retry == "doubtful" else error
