"""What the preview page (notify.preview) is given: one entry a notifier."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .message import Message


class Shown:
    """What one notifier would tell. `message` and `payload` are None where it tells nothing; `why` says why it does
    or does not, in one showable line."""

    __slots__ = ("kind", "message", "name", "payload", "why")

    def __init__(self, name: str, kind: str, message: Message | None, payload: object, why: str) -> None:
        self.name, self.kind, self.message, self.payload, self.why = name, kind, message, payload, why
