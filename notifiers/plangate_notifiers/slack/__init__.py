"""Slack: one message for a pull request and its roots, kept up to date, with the details in its thread.

With a bot token the earlier message is found by its metadata and edited; an incoming webhook can only post.
"""

from __future__ import annotations

import json

from plangate.notify.api import DeliveryError, Sent, Setting

from . import api, blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from slack_sdk import WebClient

    from plangate.notify.api import Channel, Message

NAME = "slack"
SETTINGS = {
    "webhook_url": Setting("secret", "the address of an incoming webhook", "env:SLACK_WEBHOOK_URL"),
    "bot_token": Setting("secret", "the app's bot token (xoxb-...)", "env:SLACK_BOT_TOKEN"),
    "channel": Setting("text", "the channel's id (C...), or its name", "env:SLACK_CHANNEL"),
    "api_url": Setting("text", "the address of the Web API, if it is not slack.com's", "env:SLACK_API_URL"),
    "update": Setting(
        "text", "which earlier message is edited in place", "pull-request", ("pull-request", "always", "never")
    ),
    "thread": Setting("flag", "details go into the message's thread", True),
    "report": Setting(
        "text", "the report uploaded into the thread", "html", ("html", "markdown", "text", "json", "none")
    ),
}
ENVIRONMENT = (("SLACK_WEBHOOK_URL",), ("SLACK_BOT_TOKEN", "SLACK_CHANNEL"))
UPDATES = True

_PAGES, _PAGE, _DAYS = 3, 100, 30  # how far back the earlier message is looked for
_WAIT = 5.0  # seconds that the thread may wait for Slack's rate limit
_SUFFIX = {"html": "html", "markdown": "md", "text": "txt", "json": "json"}


def payload(message: Message, channel: Channel) -> object:
    """The webhook's body; with a bot token the message, what goes into its thread and the report's name."""
    if not _by_token(channel):
        return blocks.main(message)
    said: dict[str, Any] = {"message": {"channel": channel.settings.get("channel"), **_post(message)}}
    reply = blocks.details(message) if channel.settings.get("thread", True) else None
    if reply:
        said["thread"] = [reply]
    if _format(channel):
        said["report"] = _file_name(channel)
    return said


def send(message: Message, channel: Channel) -> Sent:
    """Post it, or edit the earlier one. Raises DeliveryError."""
    if not _by_token(channel):
        _smaller(message, lambda body: api.post(channel, body))
        return Sent(note=_unknown_people(message))
    old = channel.remembered if _updates(message, channel) else None
    made = api.client(channel)
    place, ts, updated = _deliver(made, message, channel, old)
    notes = [_unknown_people(message), *_thread(made, message, channel, place, ts, updated)]
    kept = {"channel": place, "ts": ts, "details": _digest(message)}
    return Sent(remember=kept, note="; ".join([note for note in notes if note]) or None)


def updates(message: Message, channel: Channel) -> bool:
    """Whether `send` edits the earlier message."""
    return _by_token(channel) and _updates(message, channel)


def remembers(channel: Channel) -> bool:
    """Whether the channel can be asked: a webhook cannot."""
    return _by_token(channel)


def recall(message: Message, channel: Channel) -> dict[str, Any] | None:
    """What the newest message of the same key and of this app keeps in its metadata. None where it cannot be read."""
    if not _by_token(channel):
        return None
    made = api.client(channel)
    try:
        place = _channel_id(made, str(channel.settings.get("channel") or ""))
        if place is None:
            return None
        mine = api.call(made, "auth_test").get("bot_id")
        return _search(made, place, mine, message.key) if mine else None
    except api.Refusal as error:
        if error.retry == "safe":
            raise
        return None  # without the scope to read, nothing is known; posting will say what else is wrong


# -- the message -----------------------------------------------------------------------------------------------


def _deliver(
    made: WebClient, message: Message, channel: Channel, old: Mapping[str, Any] | None
) -> tuple[str, str, bool]:
    """(channel id, ts, whether it was an edit)."""
    answer: dict[str, Any] = {}

    def update(body: dict[str, Any], at: Mapping[str, Any]) -> None:
        kept = {k: v for k, v in body.items() if k not in ("unfurl_links", "unfurl_media", "mrkdwn")}
        kept.setdefault("blocks", [])  # else those of the earlier message stay
        answer.update(api.call(made, "chat_update", channel=at["channel"], ts=at["ts"], **kept))

    def create(body: dict[str, Any]) -> None:
        answer.update(api.call(made, "chat_postMessage", channel=channel.settings.get("channel"), **body))

    if old and old.get("channel") and old.get("ts"):
        try:
            _smaller(message, lambda body: update(body, old))
            return str(old["channel"]), str(old["ts"]), True
        except api.Refusal as error:
            if error.error not in (
                "message_not_found",
                "cant_update_message",
                "edit_window_closed",
                "channel_not_found",
            ):
                raise
    try:
        _smaller(message, create)
    except DeliveryError as error:
        found = _arrived(message, channel) if error.retry == "doubtful" else None
        if found is None:
            raise
        return str(found["channel"]), str(found["ts"]), False
    return str(answer.get("channel") or ""), str(answer.get("ts") or ""), False


def _smaller(message: Message, deliver: Any) -> None:
    """Deliver in the first size that Slack takes."""
    for size in blocks.SIZES:
        try:
            deliver(_post(message, size))
            return
        except api.Refusal as error:
            if not error.smaller or size == blocks.SIZES[-1]:
                raise


def _post(message: Message, size: int = blocks.SIZES[0]) -> dict[str, Any]:
    stamp = {"event_type": blocks.EVENT_TYPE, "event_payload": {**message.stamp(), "details": _digest(message)}}
    return {**blocks.main(message, size), "metadata": stamp}


def _arrived(message: Message, channel: Channel) -> dict[str, Any] | None:
    """Whether a message whose answer was lost stands there all the same."""
    try:
        found = recall(message, channel)
    except DeliveryError:
        return None
    return found if found and found.get("run") == message.stamp()["run"] and found.get("run") else None


# -- its thread ------------------------------------------------------------------------------------------------


def _thread(
    made: WebClient, message: Message, channel: Channel, place: str, ts: str, updated: bool
) -> list[str | None]:
    """Details and the report under the message, unless they stand there already. What fails here is a note: the
    message itself has arrived."""
    old = channel.remembered or {}
    if message.test or not place or not ts or (updated and old.get("details") == _digest(message)):
        return []
    notes: list[str | None] = []
    worse = updated and message.verdict != "pass" and old.get("verdict") in ("pass", None)
    reply = blocks.details(message, notify=updated) if channel.settings.get("thread", True) else None
    if reply:
        more = {"thread_ts": ts, **({"reply_broadcast": True} if worse else {})}
        notes.append(
            _quietly(lambda: api.call(made, "chat_postMessage", channel=place, **more, **reply), "the details")
        )
    form = _format(channel)
    if form and not (notes and notes[0]):
        text = message.rendering(form)
        if text:
            file = {"filename": _file_name(channel), "title": message.texts.say("report.title"), "content": text}
            upload = {"channel": place, "thread_ts": ts, **file}
            notes.append(_quietly(lambda: api.call(made, "files_upload_v2", **upload), "the report"))
    return notes


def _digest(message: Message) -> str:
    """Tells details apart: a run that finds the same again adds nothing to the thread."""
    from hashlib import sha256

    said = {"verdict": message.verdict, "details": blocks.details(message)}
    return sha256(json.dumps(said).encode()).hexdigest()[:16]


def _quietly(deliver: Any, what: str) -> str | None:
    """Deliver, once more after a rate limit that is short; None, or why not."""
    for last in (False, True):
        try:
            deliver()
            return None
        except DeliveryError as error:
            wait = error.after if error.after is not None else 1.0
            if last or error.retry != "safe" or wait > _WAIT:
                return f"{what} did not get into the thread: {error.said}"
            import time

            time.sleep(wait)
    return None


# -- settings, and finding the earlier message -----------------------------------------------------------------


def _by_token(channel: Channel) -> bool:
    """A token and a channel go before a webhook, which can do less."""
    token = channel.secret("bot_token")
    if token is not None and not channel.settings.get("channel") and channel.secret("webhook_url") is None:
        raise DeliveryError("a bot token is given, but no channel", fix="set SLACK_CHANNEL to the channel's id (C...)")
    return token is not None and bool(channel.settings.get("channel"))


def _updates(message: Message, channel: Channel) -> bool:
    """A branch's runs are each a message of their own, unless settings say otherwise or it is the same run again."""
    how = channel.settings.get("update") or "pull-request"
    if how == "pull-request":
        again = (channel.remembered or {}).get("run") == message.run.id and bool(message.run.id)
        return bool(message.run.pull_request) or again
    return bool(how == "always")


def _format(channel: Channel) -> str | None:
    form = str(channel.settings.get("report") or "html")
    return form if form in _SUFFIX and channel.settings.get("thread", True) else None


def _file_name(channel: Channel) -> str:
    return f"plangate-report.{_SUFFIX[_format(channel) or 'html']}"


def _unknown_people(message: Message) -> str | None:
    known = len(blocks.people_of(message.mentions))
    if known == len(message.mentions):
        return None
    return "a mention is no id of Slack's (U..., S..., here, channel) and was left out"


def _channel_id(made: WebClient, written: str) -> str | None:
    """The id of a channel that may be written by name; None when it is not found."""
    name = written.strip().lstrip("#")
    if written[:1] in ("C", "G", "D") and name.isascii() and name.isalnum() and name.isupper():
        return written
    cursor = ""
    for _ in range(5):
        page = api.call(made, "conversations_list", limit=1000, exclude_archived=True, cursor=cursor)
        for found in page.get("channels") or ():
            if found.get("name") == name or found.get("id") == name:
                return str(found["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return None


def _search(made: WebClient, place: str, mine: str, key: str) -> dict[str, Any] | None:
    import time

    cursor, oldest = "", str(int(time.time()) - _DAYS * 86400)
    for _ in range(_PAGES):
        page = api.call(
            made, "conversations_history", channel=place, limit=_PAGE, oldest=oldest, cursor=cursor,
            include_all_metadata=True,
        )  # fmt: skip
        for message in page.get("messages") or ():
            metadata = message.get("metadata") or {}
            kept = metadata.get("event_payload") or {}
            ours = message.get("bot_id") == mine and metadata.get("event_type") == blocks.EVENT_TYPE
            if ours and isinstance(kept, dict) and kept.get("key") == key:
                return {**kept, "channel": place, "ts": message["ts"]}
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return None
