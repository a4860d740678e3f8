"""One resource with each action that a plan can have for it, for the tables of the packs."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from plangate.testing import create, delete, forget, imported, moved, no_op, replace, update

ACTIONS = ["create", "update", "replace", "replace, new first", "no-op", "delete", "forget", "import", "move",
           "import and update", "move and update"]  # fmt: skip


def change(action: str, address: str, before: dict[str, Any], after: dict[str, Any], options: dict[str, Any]) -> Any:
    """The change with this action. Where nothing changes, the object is `after`; what goes away has only `before`."""
    before, after, options = deepcopy(before), deepcopy(after), deepcopy(options)
    made: Any
    if action == "create":
        return create(address, after, **options)
    if action == "move":
        return moved(address, after, previous=f"{address}_was", **options)
    if action in ("no-op", "import"):
        return (no_op if action == "no-op" else imported)(address, after, **options)
    if action in ("delete", "forget"):
        return (delete if action == "delete" else forget)(address, before)
    if action.startswith("replace"):
        order = "create-first" if action.endswith("first") else "delete-first"
        return replace(address, before, after, paths=["forces"], order=order, **options)
    made = update(address, before, {**after, "changed": 1}, **options)
    if action == "import and update":
        made.entry["change"]["importing"] = {"id": "x"}
    if action == "move and update":
        made.entry["previous_address"] = f"{address}_was"
    return made
