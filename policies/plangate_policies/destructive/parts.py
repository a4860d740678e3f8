"""Resources that are only a part of another one, or only protect it: who tells of their loss."""

from __future__ import annotations

from plangate_policies.tables import Table

from .guards import GUARDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate import Change
    from plangate_policies.tables import Row

_PARTS = Table("destructive/parts.jsonl")
_NAMES = ("id", "arn", "name", "bucket", "self_link", "identifier", "cluster_identifier", "node_id")
# What another pack tells at the resource that is left without.
_TOLD_ELSEWHERE = {"aws_s3_bucket_server_side_encryption_configuration": ("aws_s3_bucket", "bucket")}

_by_guard: dict[str, list[Row]] = {}


def is_told_elsewhere(change: Change) -> bool:
    """Whether the loss of a resource is told at another one of the plan.

    It is a guard, and what it protects is in the plan (`guard-deleted`, or the loss of that, tells); or it is a part
    of what is deleted or replaced, too.
    """
    for row in _rows_of_guard(change.type):
        if _names(change, row["by"]) and change.before[row["by"]] in _identities(change, row["type"], False):
            return True
    elsewhere = _TOLD_ELSEWHERE.get(change.type)
    if elsewhere and _names(change, elsewhere[1]):
        return change.before[elsewhere[1]] in _identities(change, elsewhere[0], False)
    return _is_part(change, [(row["whole"], row["by"]) for row in _PARTS.rows(change.type)])


def goes_with_another(change: Change) -> bool:
    """Whether what a resource is a part of, or guards, is deleted or replaced in this plan, too: that tells."""
    wholes = [(row["whole"], row["by"]) for row in _PARTS.rows(change.type)]
    return _is_part(change, wholes + [(row["type"], row["by"]) for row in _rows_of_guard(change.type)])


def _is_part(change: Change, wholes: list[tuple[str, str]]) -> bool:
    return any(_names(change, by) and change.before[by] in _identities(change, whole, True) for whole, by in wholes)


def _names(change: Change, by: str) -> bool:
    value = change.before[by]
    return isinstance(value, str) and bool(value)


def _rows_of_guard(type: str) -> list[Row]:
    if not _by_guard:
        for row in GUARDS.all():
            _by_guard.setdefault(row["guard"], []).append(row)
    return _by_guard.get(type, [])


def _identities(change: Change, type: str, deleted: bool) -> set[str]:
    """What others may know the resources of a type by: all of the plan, or those that are deleted or replaced. Made
    once a plan."""
    key = "destructive/parts", type, deleted
    found: set[str] | None = change.plan.memo.get(key)
    if found is None:
        found = change.plan.memo[key] = set()
        for parent in change.plan.of_type(type):
            before = parent.body(0)
            if isinstance(before, dict) and (not deleted or (parent.is_destructive and parent.deposed is None)):
                found.update(v for v in (before.get(name) for name in _NAMES) if isinstance(v, str))
    return found
