"""Resources that protect another one: deleted, while what they protect stays."""

from __future__ import annotations

from plangate import Finding, UnknownValue, policy
from plangate_policies.tables import Table, fits_body, is_empty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plangate import Change
    from plangate_policies.tables import Row

GUARDS = Table("destructive/guards.jsonl")


@policy(
    "destructive/guard-deleted",
    types=GUARDS.types(),
    severity="high",
    remediation="Keep the resource that protects, or put another one in its place in the same change.",
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",),
    rows=GUARDS.all,
)
def guard_deleted(change: Change) -> Iterator[Finding]:
    """What protects a resource is deleted, and the resource stays.

    Settings that Terraform keeps in resources of their own: a bucket's public access block, its versioning, its
    object lock, a vault's lock, a management lock, a backup selection, a web filter. The finding stands at the
    resource that is left without, whether or not this plan changes it. Where another one of the same kind stays,
    nothing is found; nor where the protected resource goes away too.
    """
    unknown: UnknownValue | None = None
    for row in GUARDS.rows(change.type):
        if row["guard"] not in change.plan.by_type:
            continue
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
