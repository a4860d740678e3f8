"""Pinning findings and changes to the blocks they are about."""

from __future__ import annotations

from plangate.plan.addresses import module_steps
from plangate.source.locate import Locator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.model import Plan
    from plangate.source.tree import Folder


def pin(report: dict[str, Any], plan: Plan, folders: Mapping[str, Folder], read: Any = None) -> None:
    """Fill the `location` of the report's findings and changes, as far as the folders tell.

    `read` parses a file's text into its blocks (source.blocks.read, when None). What is not in the configuration any
    more has no place in it.
    """
    locator = Locator(folders, read) if read is not None else Locator(folders)
    by_address: dict[str, Change] = {}
    for change in plan.changes:
        by_address.setdefault(change.address, change)
    known: dict[str, dict[str, Any] | None] = {}
    for entry in [*report["findings"], *report["changes"]]:
        address = entry.get("address")
        if address not in known:
            found = by_address.get(address or "")
            known[address] = _place(locator, found) if found is not None else None
        entry["location"] = known[address]


def _place(locator: Locator, change: Change) -> dict[str, Any] | None:
    modules = [name for name, _ in module_steps(change.module_address)]
    return locator.locate(modules, change.mode, change.type, change.name)


def belongs(plan: Plan, locator_folders: Mapping[str, Folder]) -> bool:
    """Whether a folder is the root module of a plan: everything its configuration names at the top stands there.

    A plan without configuration, or with nothing at its top, belongs nowhere: a place would be a guess.
    """
    section = plan.sections.get("configuration")
    root = section.get("root_module") if type(section) is dict else None
    if type(root) is not dict:
        return False
    names: list[tuple[str, ...]] = []
    resources, calls = root.get("resources"), root.get("module_calls")
    for resource in resources if type(resources) is list else ():
        if type(resource) is dict and type(resource.get("type")) is str and type(resource.get("name")) is str:
            kind = "data" if resource.get("mode") == "data" else "resource"
            names.append((kind, resource["type"], resource["name"]))
    names += [("module", name) for name in calls] if type(calls) is dict else []
    locator = Locator(locator_folders)
    return bool(names) and all(locator.declares("", name) for name in names)
