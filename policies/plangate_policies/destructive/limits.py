"""How much a whole plan may destroy."""

from __future__ import annotations

from plangate import Finding, policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plangate import Plan


@policy(
    "destructive/too-many-destroyed",
    judges="plan",
    severity="high",
    remediation="Look at what is destroyed. If it is meant, raise `max_destroyed` or waive this policy for this"
    " change; if not, look for a renamed module, a wrong workspace or a wrong variable file.",
    references=("https://developer.hashicorp.com/terraform/cli/commands/plan",),
)
def too_many_destroyed(
    plan: Plan, *, max_destroyed: int = 10, max_share: float = 0.5, share_from: int = 5
) -> Iterator[Finding]:
    """The plan destroys more than a change should.

    Counted are managed resources that are deleted, and those that are replaced (a replace destroys, too);
    deposed objects and forgotten ones are not. More than `max_destroyed` are too many, and so is more than the
    share `max_share` (0.5 is half) of all that exists, once `share_from` or more are destroyed.
    """
    deleted = replaced = existing = 0
    for change in plan.changes:
        if change.mode != "managed" or change.deposed is not None:
            continue
        if change.action == "delete":
            deleted += 1
        elif change.action == "replace" and change.is_destructive:
            replaced += 1
        existing += change.action not in ("create", "read", "open")
    destroyed = deleted + replaced
    said = f"{destroyed} resources are destroyed ({deleted} deleted, {replaced} replaced)"
    if destroyed > max_destroyed:
        yield Finding(f"{said}; more than {max_destroyed} are too many.")
    elif destroyed >= share_from and destroyed > max_share * existing:
        yield Finding(f"{said}, of {existing} that exist; more than {max_share:.0%} is too much.")
