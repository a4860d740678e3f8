"""Deliveries: each notifier in a thread of its own, all within one budget; retried where that cannot tell twice.

A thread that does not come back is left behind: the process ends without it.
"""

from __future__ import annotations

import threading
import time

from plangate.http import DeliveryError
from plangate.render.inert import terminal

from .compose import Telling, channel_for, compose, key_of
from .remember import packed
from .routes import Choice, choose, events_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .api import Channel, Sent
    from .entries import Notifier
    from .message import Message

_TRIES = 6  # at most, however much time there is
_FIRST, _MOST = 0.4, 8.0  # seconds of the first and the longest wait of our own


class Delivered:
    """What became of one notifier's message: `status` sent | failed | skipped, the `error` (one line) and its `fix`,
    a `note`, what to `remember`, the `roots` it was about (indexes into the reports), how many `tries` it took."""

    __slots__ = ("error", "fix", "judged", "note", "notifier", "remember", "required", "status", "tries", "why")

    def __init__(self, notifier: Notifier) -> None:
        self.notifier, self.required = notifier.name, notifier.required
        self.status = "failed"
        self.error: str | None = "no answer in the time that deliveries have; it may have arrived"
        self.fix: str | None = None
        self.note: str | None = None
        self.why = ""
        self.remember: dict[str, Any] | None = None
        self.judged: list[Any] = []
        self.tries = 0

    def entry(self) -> dict[str, Any]:
        """The entry of the report's `deliveries`."""
        return {
            "notifier": self.notifier,
            "status": self.status,
            "error": self.error,
            "note": self.note,
            "remember": packed(self.remember),
        }

    def _end(self, status: str, *, error: str | None = None, fix: str | None = None, note: str | None = None) -> None:
        self.status, self.error, self.fix, self.note = status, error, fix, note


def deliver(telling: Telling, notifiers: list[Notifier], seconds: float) -> list[Delivered]:
    """Tell everybody who is to be told, and come back after `seconds` at the latest. Raises nothing."""
    deadline = time.monotonic() + seconds
    results = [Delivered(notifier) for notifier in notifiers]
    threads = []
    for notifier, result in zip(notifiers, results, strict=True):
        # The thread fills in a result of its own, so that one that comes too late changes nothing any more.
        box: list[Delivered] = []
        work = threading.Thread(target=_tell, args=(telling, notifier, deadline, box), daemon=True)
        work.start()
        threads.append((work, box, result))
    found = []
    for work, box, result in threads:
        work.join(max(deadline - time.monotonic(), 0) + 0.05)
        done = box[0] if box else result
        for name in ("error", "fix", "note"):
            text = getattr(done, name)
            setattr(done, name, terminal(telling.scrubber.scrub(text), 400) if text else None)
        found.append(done)
    return found


def _tell(telling: Telling, notifier: Notifier, deadline: float, box: list[Delivered]) -> None:
    result = Delivered(notifier)
    try:
        _told(telling, notifier, deadline, result)
    except DeliveryError as error:
        result._end("failed", error=error.said, fix=error.fix)
    except Exception as error:  # noqa: BLE001 - its text may hold anything; the verdict does not wait for it
        result._end("failed", error=f"the notifier broke ({type(error).__name__})")
    box.append(result)


def _told(telling: Telling, notifier: Notifier, deadline: float, result: Delivered) -> None:
    if notifier.broken:
        raise DeliveryError(f"the notifier does not load: {notifier.broken}")
    routes = telling.own.routes if telling.own.notifiers else ()
    choice = choose(notifier, routes, telling.judged, None)
    if not choice.scope:
        result._end("skipped", note=choice.why)
        return
    previous, remembered = _earlier(telling, notifier, choice, deadline)
    if previous is not None:
        choice = choose(notifier, routes, telling.judged, previous)
    result.remember = dict(remembered) if remembered else None  # a run that tells nothing hands it on
    standing = remembered is not None and notifier.updates
    if standing and not choice.chosen:
        choice.chosen, choice.events = choice.scope, events_of(choice.scope, previous in ("fail", "error"))
    result.judged, result.why = choice.chosen, choice.why
    if not choice.send and not standing:
        result._end("skipped", note=choice.why)
        return
    message = compose(telling, notifier, choice, previous)
    channel = channel_for(telling, notifier, deadline, remembered=remembered)
    if not choice.send and not notifier.replaces(message, channel):
        result._end("skipped", note=choice.why)
        return
    if message.outdated_by(remembered) or message.outdated_by(telling.previous.stamp(choice.chosen)):
        result._end("skipped", note="a later run was told of already")
        return
    sent: Sent = _tries(lambda: notifier.module.send(message, channel), deadline, result)
    note = sent.note
    if sent.status == "accepted":
        note = f"accepted; whether it arrives is not known{'; ' + note if note else ''}"
    result._end("skipped" if sent.status == "skipped" else "sent", note=note)
    result.remember = {**(sent.remember or {}), **message.stamp()}


def _earlier(
    telling: Telling, notifier: Notifier, choice: Choice, deadline: float
) -> tuple[str | None, Mapping[str, Any] | None]:
    """(the verdict told last, what that message left), as far as one is known."""
    kept = telling.previous.delivery(choice.scope, notifier.name, key_of(telling, choice.scope))
    told = telling.previous.verdict(choice.chosen or choice.scope)
    if notifier.recalls:
        message = compose(telling, notifier, choice, told)
        channel = channel_for(telling, notifier, deadline, remembered=kept)
        found = _tries(lambda: notifier.module.recall(message, channel), deadline, Delivered(notifier), doubt=2)
        if isinstance(found, dict):
            kept = found
            told = found.get("verdict") if found.get("verdict") in ("pass", "fail", "error") else told
    return told, kept


def _tries(action: Callable[[], Any], deadline: float, result: Delivered, doubt: int = 1) -> Any:
    """Do it, and again where that is safe; where a message may have been taken, `doubt` times at most."""
    while True:
        result.tries += 1
        try:
            return action()
        except DeliveryError as error:
            doubt -= error.retry == "doubtful"
            if error.retry == "no" or doubt < 0 or result.tries >= _TRIES:
                raise
            wait = _wait(error, result.tries)
            left = deadline - time.monotonic()
            if wait >= left:
                said = f"{error.said}; there is no time left to try again"
                raise DeliveryError(said, fix=error.fix) from None
            time.sleep(wait)


def _wait(error: DeliveryError, tries: int) -> float:
    """Seconds until the next try: what the service asks for and a little more, else twice as long each time."""
    import random

    spread = random.uniform(0.5, 1.5)  # noqa: S311 - so that runs that failed together do not come back together
    if error.after is not None:
        return error.after + 0.2 * spread
    return min(_FIRST * 2.0 ** (tries - 1), _MOST) * spread


def planned(
    telling: Telling, notifiers: list[Notifier]
) -> list[tuple[Notifier, Choice, Message | None, Channel | None]]:
    """What would be told, without network and secrets: for --explain, --dry-run and --preview."""
    routes = telling.own.routes if telling.own.notifiers else ()
    found: list[tuple[Notifier, Choice, Message | None, Channel | None]] = []
    for notifier in notifiers:
        choice = choose(notifier, routes, telling.judged, None)
        told = telling.previous.verdict(choice.chosen or choice.scope)
        if told is not None:
            choice = choose(notifier, routes, telling.judged, told)
        if notifier.broken or not choice.send:
            found.append((notifier, choice, None, None))
            continue
        message = compose(telling, notifier, choice, told)
        kept = telling.previous.delivery(choice.scope, notifier.name, message.key)
        channel = channel_for(telling, notifier, time.monotonic(), secrets=False, remembered=kept)
        found.append((notifier, choice, message, channel))
    return found
