"""Deleting, replacing or forgetting what cannot be made again: the types and what is lost stand in a table."""

from __future__ import annotations

from plangate import Finding, policy, stateful_rows

from .losses import check_severities, first, forced, is_told, severity
from .parts import goes_with_another, is_told_elsewhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plangate import Change
    from plangate_policies.tables import Row

_ROWS = stateful_rows()
_TYPES = tuple(_ROWS)
_SHOWN = 5

# Why Terraform deletes (`action_reason`), and how the object stays.
_KEEP = {
    "delete_because_no_resource_config": "To keep the object and only forget it, write `removed { from = ...,"
    " lifecycle { destroy = false } }`; if it was renamed, a `moved` block.",
    "delete_because_no_module": "If the module was renamed, write a `moved` block.",
    "delete_because_no_move_target": "It was moved to an address that nothing has: correct the `moved` block.",
    "delete_because_wrong_repetition": "It got or lost count or for_each: write a `moved` block.",
    "delete_because_count_index": "Its index is beyond count. If another element was meant, use for_each with"
    " keys, and `moved` blocks.",
    "delete_because_each_key": "Its key is gone from for_each. If only the key changed, write a `moved` block.",
    "delete_because_enabled_false": "Its `enabled` is false now (OpenTofu): was that meant here?",
}
_CAUSES = {
    "replace_because_tainted": "because it is tainted (an earlier apply failed, or somebody marked it)",
    "replace_by_request": "because the plan was made with -replace",
    "replace_by_triggers": "because of replace_triggered_by",
}
_ORDERS = {
    "delete-first": "the old one is deleted first",
    "create-first": "the old one is deleted when the new one is there",
}
# Leaves whose change is encryption being switched on or over: what to do instead is known.
_ENCRYPTION = frozenset(
    (
        "encrypted",
        "storage_encrypted",
        "kms_key_id",
        "kms_key_arn",
        "kms_key",
        "kms_key_name",
        "kms_key_self_link",
        "kms_master_key_id",
        "at_rest_encryption_enabled",
        "transit_encryption_enabled",
        "encryption_at_rest_kms_key_arn",
        "encrypt_at_rest",
        "server_side_encryption",
        "encryption_info",
        "disk_encryption_key",
        "disk_encryption_key_raw",
        "encryption_key_name",
        "infrastructure_encryption_enabled",
        "user_volume_encryption_enabled",
        "root_volume_encryption_enabled",
        "encryption_configuration",
        "customer_managed_key_id",
        "disk_encryption_set_id",
        "volume_encryption_key",
    )
)


@policy(
    "destructive/stateful-delete",
    types=_TYPES,
    judges="change",
    actions=("delete",),
    severity="critical",
    remediation="Make a copy first, or keep the object.",
    references=("https://developer.hashicorp.com/terraform/language/block/removed",),
    rows=lambda: list(_ROWS.values()),
    check_settings=check_severities,
)
def stateful_delete(
    change: Change, *, classes: dict[str, str] | None = None, types: dict[str, str] | None = None
) -> Iterator[Finding]:
    """Something that cannot be made again is deleted.

    Data, backups, keys, secrets, users, logs, access, names, addresses and whole clusters: each type has its
    class, its severity, what is lost with it, and what remains. What the state says decides about the last copy
    (`skip_final_snapshot`), and so do the `features` of the azurerm provider, not what the configuration says
    now. A deposed object, the rest of a replace that made the new one first, is `low`. Forgetting (`removed`
    with `destroy = false`, `skip_destroy`) deletes nothing. What only protects another resource of the plan is
    told by `guard-deleted`, at that one, and a part of what is deleted too is none besides. To acknowledge an
    intended deletion, waive this policy for its address. `classes` and `types` set the severity of a class
    ("access") or a type, or "off".
    """
    row = _ROWS[change.type]
    said = severity(row, row["severity"], classes, types)
    if said is None or first(change, row, "stays") is not None:
        return
    if change.deposed is not None:
        yield Finding("The old object of an earlier replace is deleted: the new one exists.", severity="low")
        return
    if is_told_elsewhere(change):
        return
    yield Finding(
        f"Deletes {row['what']}: {row['loss']}.{_remains(change, row)}",
        remediation=_KEEP.get(change.reason or ""),
        severity=said,
    )


@policy(
    "destructive/stateful-replace",
    types=_TYPES,
    judges="change",
    actions=("replace",),
    severity="critical",
    remediation="Keep the attribute as it was, or copy the data first and move over step by step.",
    references=("https://developer.hashicorp.com/terraform/language/meta-arguments#lifecycle",),
    rows=lambda: list(_ROWS.values()),
    check_settings=check_severities,
)
def stateful_replace(
    change: Change, *, classes: dict[str, str] | None = None, types: dict[str, str] | None = None
) -> Iterator[Finding]:
    """Something that cannot be made again is replaced.

    The new object starts empty, with another id, address or name: a replace is a delete and a create, in either
    order. The finding names what forces it. What the same configuration makes again (a route, a grant) is one
    severity lower than when it is deleted, and what is changed by replacing it (a task definition) is no finding; nor
    is a part of what is replaced too (the policy of a bucket). A replace that leaves the old object behind (create,
    then forget) deletes nothing. Settings as for `stateful-delete`.
    """
    if not change.is_destructive:
        return
    row = _ROWS[change.type]
    said = severity(row, _on_replace(change, row), classes, types)
    if said is None or first(change, row, "stays") is not None or goes_with_another(change):
        return
    paths = change.replaced_because()
    cause = f"because of {_named(paths)}" if paths else _CAUSES.get(change.reason or "", "")
    what = f"Replaces {row['what']}" + (f", {cause}" if cause else "")
    order = _ORDERS.get(change.order or "")
    yield Finding(
        f"{what}{f' ({order})' if order else ''}: {row['loss']}.{_remains(change, row)}",
        paths[0] if paths else None,
        remediation=_undo(paths, change.reason),
        severity=said,
    )


def _on_replace(change: Change, row: Row) -> str | None:
    if change.order == "create-first" and "create_first" in row:
        return str(row["create_first"])
    if "on_replace" in row:
        if row["on_replace"] is None and row["type"] in ("null_resource", "terraform_data") and change.provisioners:
            return "low"  # what its provisioners do is done again
        found: str | None = row["on_replace"]
        return found
    return str(row["severity"])


@policy(
    "destructive/stateful-forgotten",
    types=_TYPES,
    judges="change",
    actions=("delete", "forget", "replace"),
    severity="low",
    remediation="If it is to stay managed, leave it in the configuration, or import it elsewhere in the same change.",
    references=("https://developer.hashicorp.com/terraform/language/block/removed",),
    rows=lambda: list(_ROWS.values()),
)
def stateful_forgotten(change: Change) -> Iterator[Finding]:
    """Something that cannot be made again is left behind, unmanaged.

    A `removed` block with `destroy = false`, a replace that creates and then forgets, or a resource that its own
    setting keeps (`skip_destroy`, `deletion_policy = "ABANDON"`): nothing is lost, but from then on nobody
    plans, checks or deletes it, and it goes on costing.
    """
    row = _ROWS[change.type]
    if row["severity"] == "info":
        return  # there is nothing to manage
    if change.action == "forget" or change.order == "create-then-forget":
        rest = " and a new one is made beside it" if change.order else ""
        yield Finding(f"Terraform forgets {row['what']}{rest}: the object stays, and nobody manages it.")
    elif change.is_destructive:
        path = first(change, row, "stays")
        if path is not None:
            yield Finding(f"Terraform leaves {row['what']} behind, unmanaged: `{path}` has it so.")


def _remains(change: Change, row: Row) -> str:
    path = first(change, row, "no_copy")
    if path is not None:
        return f" No last copy is made: {_side(path)} has `{path}` so."
    remains = row.get("remains", row["recovery"])
    path = forced(change, row)
    if path is not None:
        rest = "" if not remains or row.get("refused") else f" What remains: {remains}."
        return f"{rest} What is in it goes too: {_side(path)} has `{path}` so."
    if not is_told(change, row):
        remains = row["recovery"]
    return f" What remains: {remains}." if remains else " Nothing remains."


def _named(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(f"`{path}`" for path in paths[:_SHOWN]) + more


def _side(path: str) -> str:
    return "the provider" if path.startswith("features.") else "the state"


def _undo(paths: list[str], reason: str | None) -> str | None:
    if any(path.rpartition(".")[2].partition("[")[0] in _ENCRYPTION for path in paths):
        return (
            "Encryption and its key can only be chosen for a new object. Take a snapshot or a copy, restore it"
            " encrypted beside the old one, switch over, then delete the old one; do not let Terraform replace it."
        )
    if paths:
        return (
            f"Keep {_named(paths)} as it was (`ignore_changes`, when it changed"
            " elsewhere). If it must change: make the new object beside the old one, copy, switch over, then delete."
        )
    if reason == "replace_because_tainted":
        return "If the object is in order: `terraform untaint ADDRESS`."
    return None
