"""Whether a backup plan of the configuration takes a resource in."""

from __future__ import annotations

from plangate import Finding, is_unknown, policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change, Plan

_BACKED_UP = {
    "aws_efs_file_system": "CKV2_AWS_18",
    "aws_ebs_volume": "CKV2_AWS_9",
    "aws_rds_cluster": "CKV2_AWS_8",
    "azurerm_virtual_machine": "CKV2_AZURE_12",
}


@policy(
    "destructive/not-in-a-backup-plan",
    types=tuple(_BACKED_UP),
    severity="info",
    remediation="Add it to the `resources` of an aws_backup_selection, or protect it with azurerm_backup_protected_vm.",
    references=("https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html",),
    aliases={check: (type_,) for type_, check in _BACKED_UP.items()},
)
def not_backed_up(change: Change) -> Iterator[Finding]:
    """The backup plan of this configuration does not take it in.

    It passes where a selection names it, and where one goes by tags or by a wildcard: who has the tag is the
    service's to say. Where the configuration has no backups at all another one may have them, and nothing is judged.
    """
    if change.type.startswith("azurerm_"):
        others = change.plan.staying.get("azurerm_backup_protected_vm")
        if others and not change.companions("azurerm_backup_protected_vm", by="source_vm_id"):
            yield Finding("No backup of this configuration protects the machine.")
        return
    selected = _selected(change.plan)
    if selected.any:
        return
    arn = change.after.get("arn")
    if not is_unknown(arn) and isinstance(arn, str) and arn in selected.arns:
        return
    if (change.module_address, f"{change.type}.{change.name}") not in selected.names:
        yield Finding("No backup selection of this configuration names it.")


class _Selected:
    """What the backup selections of a plan take in: ARNs, `type.name` in a module; `any` when that cannot be told."""

    def __init__(self, plan: Plan) -> None:
        self.any = not plan.staying.get("aws_backup_selection")
        self.arns: set[str] = set()
        self.names: set[tuple[str, str]] = set()
        for selection in plan.staying.get("aws_backup_selection", ()):
            after, unknown = selection.body(1), selection.body(2)
            known: dict[str, Any] = after if isinstance(after, dict) else {}
            hidden: dict[str, Any] = unknown if isinstance(unknown, dict) else {}
            by_tag = any(
                known.get(name) or (hidden.get(name) is True and not selection.is_left_out(name))
                for name in ("selection_tag", "condition")
            )
            written = selection.references("resources")
            listed = known.get("resources")
            arns = [arn for arn in listed if isinstance(arn, str)] if isinstance(listed, list) else []
            self.arns.update(arns)
            self.names.update((selection.module_address, ".".join(r.split(".")[:2]).partition("[")[0]) for r in written)
            through = any(r.startswith(("var.", "local.", "module.", "each.")) for r in written)
            self.any = self.any or by_tag or through or any("*" in arn for arn in arns)


def _selected(plan: Plan) -> _Selected:
    found: _Selected | None = plan.memo.get("destructive/backup_plans")
    if found is None:
        found = plan.memo["destructive/backup_plans"] = _Selected(plan)
    return found
