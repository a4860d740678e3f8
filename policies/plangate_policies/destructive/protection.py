"""The first step of a loss in two: a change that takes protection away, and deletes nothing yet."""

from __future__ import annotations

from plangate import Finding, UnknownValue, is_unknown, policy
from plangate_policies.tables import fits_body, is_empty, load, truth, values_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

_TABLE = load("destructive/protection.json")
_BY_TYPE: dict[str, list[Row]] = {}
for _row in _TABLE["rows"]:
    for _type in _row["types"]:
        _BY_TYPE.setdefault(_type, []).append(_row)
_GUARDS: dict[str, list[Row]] = {}
for _row in _TABLE["guards"]:
    _GUARDS.setdefault(_row["parent"], []).append(_row)


@policy(
    "destructive/protection-removed",
    types=tuple(_BY_TYPE),
    judges="change",
    severity="high",
    remediation="Leave the protection on; take it away in the change that needs it, with a waiver.",
    references=("https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/back-up-data.html",),
    rows=lambda: _TABLE["rows"],
)
def protection_removed(change: Change) -> Iterator[Finding]:
    """A change takes away protection against loss.

    Deletion protection off, force_destroy on, the final snapshot skipped, backups or versioning off, recovery
    windows shortened. Nothing is lost by this change, but the next delete or mistake will. Only what was
    protected before is judged: a resource that never was is none of this policy's business.
    """
    if change.action not in ("update", "replace"):
        return
    unknown: UnknownValue | None = None
    for row in _BY_TYPE[change.type]:
        try:
            path = _weakened(change, row)
        except UnknownValue as raised:
            unknown = unknown or raised
            continue
        if path is not None:
            yield Finding(f"{row['says']}: {row['loss']}.", path, severity=row["severity"])
    if unknown is not None:
        raise unknown


def _weakened(change: Change, row: Row) -> str | None:
    """The path at which protection was and will not be; raises UnknownValue where only the apply can tell."""
    was = [value for _, value, _ in values_at(change.before, row["path"])]
    will = values_at(change.after, row["path"])
    if any(is_unknown(value) and change.is_left_out(path) for path, value, _ in will):
        return None  # nobody writes it: it stays as it is, or belongs to a resource of its own
    if row["change"] == "decreased":
        return _decreased(was, will)
    protected = [v for v in was if _protects(v, row)]
    if not protected or any(_protects(value, row) for _, value, _ in will):
        return None
    return will[0][0] if will else row["path"]


def _protects(value: Any, row: Row) -> bool:
    """Whether a value protects; an unknown one raises."""
    kind = row["change"]
    if kind == "true_to_false":
        return truth(value) is True
    if kind == "false_to_true":  # a default of false protects: only an explicit true does not
        return truth(value) is not True
    if kind == "to_zero":
        return isinstance(value, int | float) and value > 0
    return value in row["values"]  # "from": any of these protect, everything else does not


def _decreased(was: list[Any], will: list[tuple[str, Any, bool]]) -> str | None:
    before = [v for v in was if isinstance(v, int | float) and not isinstance(v, bool)]
    for path, value, _ in will:
        if isinstance(value, int | float) and before and value < max(before):
            return path
    return None


@policy(
    "destructive/guard-deleted",
    types=tuple(_GUARDS),
    severity="high",
    remediation="Keep the resource that protects, or put another one in its place in the same change.",
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",),
    rows=lambda: _TABLE["guards"],
)
def guard_deleted(change: Change) -> Iterator[Finding]:
    """What protects a resource is deleted, and the resource stays.

    Settings that Terraform keeps in resources of their own: a bucket's public access block, its versioning, its
    object lock, a vault's lock. The finding stands at the resource that is left without, whether or not this
    plan changes it. Where another one of the same kind stays, nothing is found; nor where the protected
    resource goes away too.
    """
    unknown: UnknownValue | None = None
    for row in _GUARDS[change.type]:
        try:
            leaving = change.companions(row["guard"], by=row["by"], leaving=True)
            if not any(_guarded(guard, row) for guard in leaving):
                continue
            if change.companions(row["guard"], by=row["by"]):
                continue
        except UnknownValue as raised:
            unknown = unknown or raised
            continue
        yield Finding(f"{row['says']}: {row['loss']}.", severity=row["severity"])
    if unknown is not None:
        raise unknown


def _guarded(guard: Change, row: Row) -> bool:
    """Whether the guard did guard, by what the state has of it; one that is only forgotten still does."""
    if guard.action == "forget":
        return False
    conditions = row.get("if_any")
    if not conditions or is_empty(guard.before):
        return True
    return any(fits_body(guard.before, condition) for condition in conditions)
