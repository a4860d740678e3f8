"""GitHub: one comment on the pull request that is kept up to date, and a commit status or check run if wished.

The comment is found again by its marker and by its author, through all pages; an older run replaces no newer result.
"""

from __future__ import annotations

from plangate.notify.api import DeliveryError, Sent, Setting, comment, headline, outline

from .calls import Api
from .comments import find, mine
from .place import Place, place
from .summary import into_summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Channel, Message

NAME = "github"
ENVIRONMENT = (("GITHUB_TOKEN",),)
READS = (
    "GITHUB_ACTIONS", "GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "GITHUB_REF", "GITHUB_REPOSITORY", "GITHUB_SHA",
    "GITHUB_STEP_SUMMARY",
)  # fmt: skip
UPDATES = True
SETTINGS = {
    "token": Setting("secret", "a token that may write comments on pull requests", "env:GITHUB_TOKEN"),
    "api_url": Setting("text", "address of the REST API; GitHub Enterprise: https://HOST/api/v3", "env:GITHUB_API_URL"),
    "comment": Setting("flag", "keep one comment on the pull request up to date", True),
    "status": Setting("text", "what the commit gets besides", "off", ("off", "status", "check")),
    "context": Setting("text", "name of that status or check run; default: plangate and the name of the root"),
    "author": Setting("text", "login under which the token writes; default: asked of GitHub"),
    "repository": Setting("text", "owner/name, where the job's variables do not say", "env:GITHUB_REPOSITORY"),
    "pull_request": Setting("text", "number of the pull request, where the job's variables do not say"),
    "commit": Setting("text", "head commit for the status, where the job's variables do not say"),
}

_COMMENT = 65_536  # characters of a comment (422 "Body is too long")
_SUMMARY = 65_535  # characters of a check run's summary
_DESCRIPTION = 140  # characters of a status' description
_STATES = {"pass": "success", "fail": "failure", "error": "error"}
_CONCLUSIONS = {"pass": "success", "fail": "failure", "error": "failure"}


def payload(message: Message, channel: Channel) -> dict[str, Any]:
    """The comment, and the status or check run, as far as the settings ask for them."""
    found: dict[str, Any] = {}
    if channel.settings["comment"]:
        found["comment"] = {"body": comment.comment(message, _COMMENT)}
    if message.test:  # a test must not turn a commit green
        return found
    if channel.settings["status"] == "status":
        found["status"] = _status(message, channel)
    elif channel.settings["status"] == "check":
        found["check"] = _check(message, channel)
    return found


def remembers(channel: Channel) -> bool:
    """Whether the comment can be looked up."""
    return bool(channel.settings["comment"]) and channel.secret("token") is not None


def recall(message: Message, channel: Channel) -> dict[str, Any] | None:
    """The stamp of the comment that stands there, with its number."""
    where = place(message, channel)
    if not where.number or not remembers(channel):
        return None
    api = Api(channel)
    found = find(api, where, message.key, channel)
    if len(found) > 1:  # all of them are looked at once more
        return found[0][1]
    return {**found[0][1], "comment": found[0][0]} if found else None


def send(message: Message, channel: Channel) -> Sent:
    """Comment first, then the status. Raises DeliveryError."""
    where = place(message, channel)
    api = Api(channel)
    body = payload(message, channel)
    sent = Sent("skipped", note="there is no pull request to comment on")
    try:
        if "comment" in body and where.number:
            sent = _comment(api, message, channel, where, body["comment"])
        if sent.status == "skipped" and where.number and "comment" in body:
            return sent
        if "status" in body or "check" in body:
            _mark(api, where, body)
            sent = Sent("sent", remember=sent.remember)
    except DeliveryError as error:
        raise into_summary(error, message, channel) from None
    return sent


def _comment(api: Api, message: Message, channel: Channel, where: Place, body: dict[str, Any]) -> Sent:
    known = (channel.remembered or {}).get("comment")
    found = mine(api, where, known, message.key, channel) or find(api, where, message.key, channel)
    if any(message.outdated_by(stamp) for _, stamp in found):
        return Sent("skipped", note="the comment shows a later run already")
    path = f"/repos/{where.repository}/issues"
    number = None
    if found:
        number = api.edit(f"{path}/comments/{found[0][0]}", body)
    if number is None:
        number = api.create(f"{path}/{where.number}/comments", body)
    for double, _ in found[1:]:  # two runs that began together: an old result must not stay behind
        api.call("DELETE", f"{path}/comments/{double}")
    return Sent("sent", remember={"comment": number})


def _mark(api: Api, where: Place, body: dict[str, Any]) -> None:
    head = where.head or api.head(where)
    if not head:
        raise DeliveryError(
            f"{api.host}: it is not known which commit the status is for", fix="set commit for this notifier"
        )
    if "status" in body:
        api.post(f"/repos/{where.repository}/statuses/{head}", body["status"], "state")
    else:
        api.post(f"/repos/{where.repository}/check-runs", {**body["check"], "head_sha": head}, "name")


def _status(message: Message, channel: Channel) -> dict[str, Any]:
    said = {
        "state": _STATES[message.verdict],
        "context": _context(message, channel),
        "description": _fitting(headline(message), _DESCRIPTION),
    }
    url = message.report_url or message.run.url
    return {**said, "target_url": url} if url else said


def _check(message: Message, channel: Channel) -> dict[str, Any]:
    said = {
        "name": _context(message, channel),
        "status": "completed",
        "conclusion": _CONCLUSIONS[message.verdict],
        "external_id": message.key,
        "output": {"title": _fitting(headline(message), 250), "summary": comment.comment(message, _SUMMARY)},
    }
    url = message.report_url or message.run.url
    return {**said, "details_url": url} if url else said


def _context(message: Message, channel: Channel) -> str:
    """One name a root: two jobs of a matrix must not paint over each other's verdict."""
    written = channel.settings["context"]
    if written:
        return str(written)
    names = [outline.place(root) for root in message.roots]
    return _fitting(f"plangate: {names[0]}" if len(names) == 1 else "plangate", 200)


def _fitting(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "\u2026"
