"""Where a token may not write (a pull request from a fork), the result goes into the job's summary."""

from __future__ import annotations

import os

from plangate.notify.api import DeliveryError, headline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate.notify.api import Channel, Message

_LIMIT = 1024 * 1024  # bytes of a step's summary; a longer one is dropped as a whole
_TAIL = 4096


def into_summary(error: DeliveryError, message: Message, channel: Channel) -> DeliveryError:
    """`error`, which says that the result stands in the summary where it could be put there."""
    path = channel.environ.get("GITHUB_STEP_SUMMARY")
    if " 403 " not in f"{error.said} " or error.retry != "no" or not path:
        return error
    try:
        written = _write(path, message)
    except OSError:
        return error
    if not written:
        return error
    said = f"{error.said}; the result stands in the job's summary instead"
    fix = "on a pull request from a fork the token can only read; comment from a workflow_run, or leave it at that"
    return DeliveryError(said, error.retry, error.after, fix)


def _write(path: str, message: Message) -> bool:
    """Whether the summary holds the result now."""
    size = os.path.getsize(path) if os.path.exists(path) else 0
    if size:
        with open(path, encoding="utf-8", errors="replace") as file:
            if headline(message).partition(" - ")[0] in file.read(_LIMIT):
                return True  # written by -f markdown already
    text = message.rendering("markdown") + "\n"
    if size + len(text.encode()) > _LIMIT:
        return False
    with open(path, "a", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return True
