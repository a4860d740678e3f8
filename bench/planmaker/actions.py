"""Deals out actions so that their shares come out near their goals at any size."""

from __future__ import annotations

from random import Random

# Whole groups come and go together; these are shares of all resources. What follows from a replacement
# elsewhere (an id that is not known any more) comes on top, out of the no-ops.
_SHARES = {
    "group create": 0.09, "group delete": 0.02, "create": 0.015, "delete": 0.01, "update": 0.105,
    "replace": 0.035, "no-op": 0.725,
}  # fmt: skip


class Dealer:
    """Keeps count of what was dealt, and deals what is most behind its share, with some chance."""

    __slots__ = ("counts", "rng", "total")

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.counts = dict.fromkeys(_SHARES, 0)
        self.total = 0

    def whole_group(self, size: int) -> str | None:
        """`create` or `delete` for all of a group of this many resources, or None: each its own."""
        for action in ("group create", "group delete"):
            behind = _SHARES[action] * (self.total + size) - self.counts[action]
            if behind > size * (0.2 + 0.6 * self.rng.random()):
                return action.partition(" ")[2]
        return None

    def one(self, allowed: tuple[str, ...]) -> str:
        """An action for one resource; `no-op` is always allowed."""
        best, most = "no-op", 0.5 + self.rng.random()
        for action in allowed:
            behind = _SHARES[action] * (self.total + 1) - self.counts[action] + self.rng.random() / 2
            if behind > most:
                best, most = action, behind
        return best

    def record(self, action: str, whole_group: bool) -> None:
        self.total += 1
        self.counts[f"group {action}" if whole_group else action] += 1
