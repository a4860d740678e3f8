"""What `notify` shows and does not send: who would be told and why, payloads, the preview page."""

from __future__ import annotations

from plangate.errors import PlangateError, UsageError
from plangate.http import DeliveryError
from plangate.notify.deliver import planned

from . import outputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Channel, Message
    from plangate.notify.compose import Telling
    from plangate.notify.entries import Notifier

    from .streams import Streams


def explained(about: Telling, found: list[Notifier]) -> str:
    """Who would be told of what, and why; plain lines."""
    from plangate.render.inert import terminal

    if not found:
        return "there is nobody to tell: no notifier in the settings, and no endpoint in the environment\n"
    lines = []
    for notifier, choice, _, _ in planned(about, found):
        does = "does not load" if notifier.broken else "is told" if choice.send else "is not told"
        lines.append(f"{terminal(notifier.name)} ({terminal(notifier.kind)}, {terminal(notifier.origin)}): {does}")
        lines.append(f"  why     {terminal(notifier.broken or choice.why)}")
        if choice.events:
            lines.append(f"  events  {', '.join(choice.events)}")
        for one in choice.chosen:
            where = f", environment {one.root.environment}" if one.root.environment else ""
            lines.append(f"  of      {one.root.name}{where}: {one.root.verdict}")
        if choice.left:
            lines.append(f"  not of  {choice.left} of {len(about.judged)} plans")
        if choice.waits:
            how = "it asks its channel" if notifier.recalls else "only --previous REPORT can say"
            lines.append(f"  unless  its last message was about a failure: {how}")
    return "\n".join(lines) + "\n"


def _payload(notifier: Notifier, message: Message, channel: Channel, about: Telling) -> tuple[object, str | None]:
    """(what would be sent, None), or (None, why there is nothing)."""
    try:
        return notifier.module.payload(message, channel), None
    except DeliveryError as error:
        return None, about.scrubber.scrub(error.said)
    except Exception as error:  # noqa: BLE001 - a module of somebody else's may raise anything
        return None, f"the notifier broke ({type(error).__name__})"


def payloads(about: Telling, found: list[Notifier], streams: Streams) -> str:
    """The payloads as JSON: what would be sent, without addresses and tokens."""
    from plangate.render.json import dumps

    shown: list[dict[str, Any]] = []
    for notifier, choice, message, channel in planned(about, found):
        entry: dict[str, Any] = {"notifier": notifier.name, "kind": notifier.kind, "why": notifier.broken or choice.why}
        if message is not None and channel is not None:
            payload, wrong = _payload(notifier, message, channel, about)
            if wrong:
                streams.error(PlangateError(wrong, where=notifier.name))
            else:
                entry["payload"] = payload
        shown.append(entry)
    return about.scrubber.scrub(dumps(shown)) + "\n"


def preview(path: str, about: Telling, found: list[Notifier], streams: Streams) -> None:
    """One page that shows every message as its reader would see it."""
    from plangate.notify.preview import page
    from plangate.notify.shown import Shown

    if not path.endswith((".html", ".htm")):
        raise UsageError("the preview is a page", where="--preview", fix="name a file that ends in .html")
    shown = []
    for notifier, choice, message, channel in planned(about, found):
        payload, wrong = None, notifier.broken
        if message is not None and channel is not None:
            payload, wrong = _payload(notifier, message, channel, about)
        shown.append(Shown(notifier.name, notifier.kind, message, payload, wrong or choice.why))
    outputs.write_file(path, about.scrubber.scrub(page(shown)))
    streams.say(f"plangate: every message is shown in {path}")
