"""The smallest fixture of one change: it, what it is joined to, and whatever else a policy's answer hangs on."""

from __future__ import annotations

from .fixture import fixture
from .gather import secrets_of
from .redact import Redactor
from .relations import Relations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from plangate.plan.change import Change
    from plangate.plan.model import Plan


class Captured:
    """A fixture, how many changes are in it, whether names were replaced, and whether all policies agree with it."""

    __slots__ = ("agrees", "changes", "names", "text")

    def __init__(self, text: str, changes: int, names: bool, agrees: bool) -> None:
        self.text, self.changes, self.names, self.agrees = text, changes, names, agrees


def capture(plan: Plan, targets: list[Change], agrees: Callable[[str], bool]) -> Captured:
    """The fixture of `targets` (all objects of one address).

    `agrees` says whether policies answer for the address in a document as they do in the plan. Where they do not,
    names stay as they are, then the changes that they need are looked for among all others.
    """
    redactor = Redactor(secrets_of(plan))
    near = _near(plan, targets)
    far = [change for change in plan.changes if not any(change is one for one in near)]

    def made(more: list[Change], names: bool) -> str:
        return fixture(plan, near + more, redactor, names)

    for names in (True, False):
        text = made([], names)
        if agrees(text):
            return Captured(text, len(near), names, agrees=True)
    for names in (True, False):
        if agrees(made(far, names)):
            needed = _needed(far, lambda some, names=names: agrees(made(some, names)))  # type: ignore[misc]
            return Captured(made(needed, names), len(near) + len(needed), names, agrees=True)
    return Captured(made([], names=True), len(near), names=True, agrees=False)


def _near(plan: Plan, targets: list[Change]) -> list[Change]:
    relations = Relations(plan)
    found = {id(change): change for change in targets}
    for target in targets:
        for other in (*relations.of(target), *relations.unresolved(target)):
            found[id(other)] = other
    return list(found.values())


def _needed(changes: list[Change], enough: Callable[[list[Change]], bool]) -> list[Change]:
    """A smallest part of `changes` that is enough, where all of them are (QuickXplain, Junker 2004)."""

    def search(given: list[Change], grown: bool, left: list[Change]) -> list[Change]:
        if grown and enough(given):
            return []
        if len(left) == 1:
            return left
        half = len(left) // 2
        second = search(given + left[:half], True, left[half:])
        first = search(given + second, bool(second), left[:half])
        return first + second

    return search([], True, changes) if changes else []
