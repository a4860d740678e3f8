"""Conditions of a row: what it needs (`only_if`) and what excuses (`unless`)."""

from __future__ import annotations

from plangate_policies.tables import fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate import Change
    from plangate_policies.tables import Row


def holds(change: Change, condition: Row) -> bool:
    """Whether a condition holds. Raises UnknownValue where only the apply can tell.

    {"path", "set": true} or {"path", "values": [...]}, for any element; with `"set": false` not set, with
    `"not": true` none of the values (what is absent is none of them). {"companion", "by"} a resource that refers to
    this one, {"beside"} one of that type under the same provider configuration; both may ask a `path` of it.
    """
    if "companion" in condition:
        found = change.companions(condition["companion"], by=condition["by"])
        return any("path" not in condition or fits(other, condition) for other in found)
    if "beside" in condition:
        return any(
            not other.goes_away and other.provider == change.provider and _beside(other, condition)
            for other in change.plan.of_type(condition["beside"])
        )
    if condition.get("set") is False:
        return not fits(change, {"path": condition["path"], "set": True})
    return not fits(change, condition) if condition.get("not") else fits(change, condition)


def _beside(other: Change, condition: Row) -> bool:
    return "path" not in condition or fits(other, condition)
