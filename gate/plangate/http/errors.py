"""What went wrong on the way to a channel, and whether it may be tried again."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Retry = Literal["no", "safe", "doubtful"]


class DeliveryError(Exception):
    """A delivery that did not work.

    `said`: what happened, with host and status at most: never path, query, header or body of ours.
    `retry`: "safe" when the message cannot have been taken, "doubtful" when it may have been, "no" when a repeat
    would fail the same way. `after`: seconds to wait that the service asked for. `fix`: what to do about it.
    """

    def __init__(self, said: str, retry: Retry = "no", after: float | None = None, fix: str | None = None) -> None:
        self.said, self.retry, self.after, self.fix = said, retry, after, fix
        super().__init__(said)
