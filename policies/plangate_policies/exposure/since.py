"""Telling what a change opens from what was open before it.

A judge is called with "after", and where it finds something once more with "before". A fault has keys, what is open
in it: where every key was there before, this change is not to blame.
"""

from __future__ import annotations

from plangate import ABSENT, Finding, UnknownValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

    Faults = Callable[[Change, str, Row, dict[str, Any]], Iterator["Fault"]]

_MOST = {"high": "medium", "critical": "medium"}  # the severity of what was open before


class Fault:
    """Something open: what of it (`keys`), the message, the attribute path, and a severity if not the policy's."""

    __slots__ = ("keys", "message", "path", "severity")

    def __init__(
        self, keys: Iterable[Hashable], message: str, path: str | None = None, severity: str | None = None
    ) -> None:
        self.keys, self.message, self.path, self.severity = frozenset(keys), message, path, severity


def told(
    change: Change, entry: Row, settings: dict[str, Any], faults: Faults, after: Iterable[Fault]
) -> Iterator[Finding]:
    """The findings of a judge on one change, of what it says of the object after it."""
    before: frozenset[Hashable] | None = None
    for fault in after:
        if before is None:
            before = frozenset() if settings["judge_existing"] else _before(change, entry, settings, faults)
        severity = fault.severity or entry["severity"]
        if fault.keys <= before:
            text = fault.message + " This was open before this change."
            yield Finding(text, fault.path, severity=_MOST.get(severity, severity))
        else:
            yield Finding(fault.message, fault.path, severity=severity)


def _before(change: Change, entry: Row, settings: dict[str, Any], faults: Faults) -> frozenset[Hashable]:
    """What was open before, of something that the plan touches; the report calls the rest `existing` by itself."""
    if change.before is ABSENT or not (change.touched or any(c.touched for c in change.plan.read)):
        return frozenset()
    keys: set[Hashable] = set()
    try:
        for fault in faults(change, "before", entry, settings):
            keys |= fault.keys
    except UnknownValue:  # of a neighbour: what was open is then not known to be the same
        change.plan.pending.clear()
    return frozenset(keys)


def body_of(change: Change, side: str) -> Any:
    """The object after or before the change: a Block, or ABSENT."""
    return change.after if side == "after" else change.before
