"""How much a whole plan may destroy or change."""

from __future__ import annotations

from plangate import Finding, SettingMistake, policy, stateful_rows
from plangate_policies.tables import like

from .census import census
from .modules import outwards

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Plan

# What one destroyed resource of a class counts; everything that the table of stateful types does not have counts 1.
_WEIGHTS = {
    **dict.fromkeys(("data", "key", "org", "identity_store"), 20),
    **dict.fromkeys(("backup", "secret", "audit", "guard", "access", "dns", "network", "cluster", "registry"), 10),
    **dict.fromkeys(("cert", "ip", "identity", "compute", "compute_of_data", "stream"), 5),
}


def _check_environments(given: dict[str, Any]) -> list[str]:
    for setting, limits in given.items():
        if setting.endswith("_in_environments") and any("*" in name[:-1] for name in limits or {}):
            raise SettingMistake(setting, "names an environment with a `*` inside", fix="write it only at the end")
    return []


def _here(plan: Plan, limit: int, by_environment: dict[str, int] | None) -> int:
    """The limit of the environment of this run, the lowest of those that fit; else the one for all."""
    name = plan.run.get("environment")
    return min((number for glob, number in (by_environment or {}).items() if like(name, (glob,))), default=limit)


@policy(
    "destructive/too-many-destroyed",
    judges="plan",
    severity="high",
    remediation="Look at what is destroyed. If it is meant, raise `max_destroyed` or waive this policy for this"
    " change; if not, look for a renamed module, a wrong workspace or a wrong variable file.",
    references=("https://developer.hashicorp.com/terraform/cli/commands/plan",),
    check_settings=_check_environments,
)
def too_many_destroyed(
    plan: Plan,
    *,
    max_destroyed: int = 10,
    max_share: float = 0.5,
    share_from: int = 5,
    max_destroyed_in_environments: dict[str, int] | None = None,
) -> Iterator[Finding]:
    """The plan destroys more than a change should.

    Counted are managed resources that are deleted, and those that are replaced (a replace destroys, too);
    deposed objects and forgotten ones are not. More than `max_destroyed` are too many, and so is more than the
    share `max_share` (0.5 is half) of all that exists, once `share_from` or more are destroyed.
    `max_destroyed_in_environments` has other numbers by environment: `{production = 3, "dev-*" = 50}`.
    """
    max_destroyed = _here(plan, max_destroyed, max_destroyed_in_environments)
    deleted, replaced = len(census(plan).deleted), len(census(plan).replaced)
    destroyed = deleted + replaced
    said = f"{destroyed} resources are destroyed ({deleted} deleted, {replaced} replaced)"
    if destroyed > max_destroyed:
        yield Finding(f"{said}; more than {max_destroyed} are too many.")
    elif destroyed >= share_from and destroyed > max_share * census(plan).listed:
        existing = census(plan).existing()
        if destroyed > max_share * existing:
            yield Finding(f"{said}, of {existing} that exist; more than {max_share:.0%} is too much.")


@policy(
    "destructive/too-many-changed",
    judges="plan",
    severity="medium",
    remediation="Split the change, so that each part can be read; or raise `max_changed`.",
    references=("https://developer.hashicorp.com/terraform/cli/commands/plan",),
    check_settings=_check_environments,
)
def too_many_changed(
    plan: Plan, *, max_changed: int = 100, max_changed_in_environments: dict[str, int] | None = None
) -> Iterator[Finding]:
    """The plan changes more than anybody reads.

    Counted is what exists and is touched: updates, replaces, deletes and forgets of managed resources. What is
    only created or imported can hurt nothing that is there. `max_changed_in_environments` has other numbers by
    environment: `{production = 20}`.
    """
    max_changed = _here(plan, max_changed, max_changed_in_environments)
    counted = census(plan)
    touched = len(counted.updated) + len(counted.destroyed) + len(counted.forgotten)
    if touched > max_changed:
        yield Finding(f"{touched} resources that exist are changed; more than {max_changed} are too many.")


@policy(
    "destructive/everything-destroyed",
    judges="plan",
    severity="critical",
    remediation="If the whole configuration is to go, waive this policy for this change; if not, look at the"
    " workspace, the backend and the working directory.",
    references=("https://developer.hashicorp.com/terraform/cli/commands/destroy",),
)
def everything_destroyed(plan: Plan, *, everything_from: int = 3) -> Iterator[Finding]:
    """The plan deletes everything that exists.

    A `terraform destroy`, an empty configuration, or a wrong workspace: every managed resource is deleted, and there
    are `everything_from` or more.
    """
    counted = census(plan)
    deleted = len(counted.deleted)
    if deleted >= max(everything_from, 1) and deleted >= counted.listed and deleted >= counted.existing():
        yield Finding(f"All {deleted} resources that exist are deleted.")


@policy(
    "destructive/module-removed",
    judges="plan",
    severity="medium",
    remediation="If the module was renamed, write a `moved` block; if it is to go but its objects are to stay, a"
    " `removed` block.",
    references=("https://developer.hashicorp.com/terraform/language/modules/develop/refactoring",),
)
def module_removed(plan: Plan, *, module_from: int = 3) -> Iterator[Finding]:
    """The plan deletes a whole module.

    Every managed resource of a module instance is deleted, and there are `module_from` or more. Of modules in
    one another the outermost is named, at the address of its first resource.
    """
    deleted: dict[str, list[str]] = {}  # module -> addresses of what is deleted in it or below
    for change in census(plan).deleted:
        for module in outwards(change.module_address) if change.module_address else ():
            deleted.setdefault(module, []).append(change.address)
    if not deleted:
        return
    staying: set[str] = set()
    for module in {c.module_address for c in plan.changes if c.mode == "managed" and c.action != "delete"}:
        staying.update(outwards(module))
    gone_whole = {m for m, found in deleted.items() if m not in staying and len(found) >= max(module_from, 1)}
    for module, found in deleted.items():
        if module in gone_whole and not any(outer in gone_whole for outer in outwards(module)[1:]):
            yield Finding(f"The whole module {module} is deleted: {len(found)} resources.", address=found[0])


def _check_weights(given: dict[str, Any]) -> list[str]:
    classes = {row["class"] for row in stateful_rows().values()}
    for name in given.get("weights") or {}:
        if name not in classes:
            raise SettingMistake(
                "weights", f"names {name!r}, which is no class", fix=f"one of {', '.join(sorted(classes))}"
            )
    return _check_environments(given)


@policy(
    "destructive/weight-destroyed",
    judges="plan",
    severity="high",
    remediation="Split the change, or raise `max_weight`; look first at what weighs most.",
    references=("https://developer.hashicorp.com/terraform/cli/commands/plan",),
    check_settings=_check_weights,
)
def weight_destroyed(
    plan: Plan,
    *,
    max_weight: int = 150,
    weights: dict[str, int] | None = None,
    max_weight_in_environments: dict[str, int] | None = None,
) -> Iterator[Finding]:
    """The plan destroys too much at once, by what it is.

    Each resource that is deleted or replaced counts the weight of its class: data, keys, users and containers of
    everything 20, backups, secrets, logs, guards, access, names, networks, clusters and registries 10, machines,
    certificates and addresses 5, all else 1. `weights` sets them by class, `max_weight_in_environments` the limit by
    environment: `{production = 40}`.
    """
    max_weight = _here(plan, max_weight, max_weight_in_environments)
    table = stateful_rows()
    known = {**_WEIGHTS, **(weights or {})}
    rows = [table.get(change.type) for change in census(plan).destroyed]
    total = sum(known.get(row["class"], 1) if row else 1 for row in rows)
    if total > max_weight:
        yield Finding(
            f"{len(rows)} resources are destroyed that weigh {total} together; more than {max_weight} is too much."
        )
