"""Deleting or replacing what cannot be made again: the types, what is lost and what remains stand in a table."""

from __future__ import annotations

from plangate import Finding, policy, stateful_rows
from plangate_policies.tables import fits_body

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plangate import Change
    from plangate_policies.tables import Row

_ROWS: dict[str, Row] = stateful_rows()

# Why Terraform deletes (`action_reason`), and how the object stays.
_KEEP = {
    "delete_because_no_resource_config": "To keep the object and only forget it, write `removed { from = ...,"
    " lifecycle { destroy = false } }`; if it was renamed, a `moved` block.",
    "delete_because_no_module": "If the module was renamed, write a `moved` block.",
    "delete_because_wrong_repetition": "It got or lost count or for_each: write a `moved` block.",
    "delete_because_count_index": "Its index is beyond count. If another element was meant, use for_each with"
    " keys, and `moved` blocks.",
    "delete_because_each_key": "Its key is gone from for_each. If only the key changed, write a `moved` block.",
}
_CAUSES = {
    "replace_because_tainted": "because it is tainted (an earlier apply failed, or somebody marked it)",
    "replace_by_request": "because the plan was made with -replace",
    "replace_by_triggers": "because of replace_triggered_by",
}


@policy(
    "destructive/stateful-delete",
    types=tuple(_ROWS),
    judges="change",
    severity="critical",
    remediation="Make a copy first, or keep the object.",
    references=("https://developer.hashicorp.com/terraform/language/block/removed",),
    rows=lambda: list(_ROWS.values()),
)
def stateful_delete(change: Change) -> Iterator[Finding]:
    """Something that cannot be made again is deleted.

    Data, backups, keys, secrets, users, logs, names and whole clusters: each type has its severity, what is lost
    with it, and what remains. What the state says decides about the last copy (`skip_final_snapshot`), not what
    the configuration says now. A deposed object, the rest of a replace that made the new one first, is `low`.
    Forgetting (`removed` with `destroy = false`) deletes nothing. To acknowledge an intended deletion, waive
    this policy for its address.
    """
    if change.action != "delete":
        return
    row = _ROWS[change.type]
    if change.deposed is not None:
        yield Finding("The old object of an earlier replace is deleted: the new one exists.", severity="low")
        return
    yield Finding(
        f"Deletes {row['what']}: {row['loss']}.{_remains(change, row)}",
        remediation=_KEEP.get(change.reason or ""),
        severity=row["severity"],
    )


@policy(
    "destructive/stateful-replace",
    types=tuple(_ROWS),
    judges="change",
    severity="critical",
    remediation="Keep the attribute as it was, or copy the data first and move over step by step.",
    references=("https://developer.hashicorp.com/terraform/language/meta-arguments#lifecycle",),
    rows=lambda: list(_ROWS.values()),
)
def stateful_replace(change: Change) -> Iterator[Finding]:
    """Something that cannot be made again is replaced.

    The new object starts empty: a replace is a delete and a create, in either order. The finding names what
    forces it. A replace that leaves the old object behind (create, then forget) deletes nothing.
    """
    if change.action != "replace" or not change.is_destructive:
        return
    row = _ROWS[change.type]
    paths = change.replaced_because()
    cause = "because of " + ", ".join(f"`{p}`" for p in paths[:5]) if paths else _CAUSES.get(change.reason or "", "")
    what = f"Replaces {row['what']}" + (f", {cause}" if cause else "")
    yield Finding(
        f"{what}: {row['loss']}.{_remains(change, row)}",
        paths[0] if paths else None,
        remediation=_undo(paths, change.reason),
        severity=row["severity"],
    )


def _remains(change: Change, row: Row) -> str:
    copy = row.get("no_copy")
    if copy is not None and fits_body(change.before, copy):
        return f" No last copy is made: the state has `{copy['path']}` so."
    return f" What remains: {row['recovery']}." if row["recovery"] else " Nothing remains."


def _undo(paths: list[str], reason: str | None) -> str | None:
    if paths:
        return (
            f"Keep {', '.join(f'`{p}`' for p in paths[:5])} as it was (`ignore_changes`, when it changed"
            " elsewhere). If it must change: make the new object beside the old one, copy, switch over, then delete."
        )
    if reason == "replace_because_tainted":
        return "If the object is in order: `terraform untaint ADDRESS`."
    return None
