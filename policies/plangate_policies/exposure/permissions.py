"""IAM policies that allow everything. `asks` of an entry: {"both": whether on every resource as well}."""

from __future__ import annotations

from plangate import UnknownValue, is_unknown

from .since import Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

_EVERYTHING = ("*", "*:*")


def faults(change: Change, side: str, entry: Row, settings: dict[str, Any]) -> Iterator[Fault]:  # noqa: ARG001
    """One fault for a document with such a statement; raises UnknownValue where that cannot be told."""
    path = "inline_policy" if change.type == "aws_ssoadmin_permission_set_inline_policy" else "policy"
    document = change.document(path, before=side == "before")
    if document is None:
        return
    unknown: UnknownValue | None = None
    for statement in document.statements:
        try:
            if (
                statement.allows
                and _holds(statement.actions)
                and (not entry["asks"]["both"] or _holds(statement.resources))
            ):
                yield Fault({"all"}, entry["title"], path)
                return
        except UnknownValue as raised:
            unknown = unknown or raised
    if unknown is not None:
        raise unknown
    for _ in document:  # what of it the plan does not have
        pass


def _holds(words: Any) -> bool:
    """Whether `*` is among them. Raises UnknownValue where it may be one that is not known."""
    if is_unknown(words):
        return bool(words)
    doubt = None
    for word in words:
        if is_unknown(word):
            doubt = word if doubt is None else doubt
        elif word in _EVERYTHING:
            return True
    return doubt is not None and bool(doubt)
