"""Which instances of each resource and module a plan has, and which of their attributes only the apply makes known.

The configuration does not always say that something is repeated: of `for_each = toset(["a"])` nothing is written
(measured on Terraform 1.11). The changes tell.
"""

from __future__ import annotations

from .addresses import module_address, module_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .change import Change
    from .model import Plan

ANY = object()  # an instance key that cannot be told


class Instances:
    """An index over all changes of a plan, deposed objects left out; built once."""

    def __init__(self, plan: Plan) -> None:
        self._at: dict[tuple[str, str], dict[Any, Change]] = {}
        self._modules: dict[tuple[str, str], dict[Any, None]] = {}
        self._unknown: dict[tuple[str, str, str | None], bool] = {}
        seen: set[str] = set()
        for change in plan.changes:
            if change.deposed is not None:
                continue
            local = f"{change.type}.{change.name}"
            if change.mode == "data":
                local = f"data.{local}"
            self._at.setdefault((change.module_address, local), {})[change.index] = change
            if change.module_address not in seen:
                self._module(change.module_address, seen)

    def _module(self, address: str, seen: set[str]) -> None:
        seen.add(address)
        steps = module_steps(address)
        for depth, (name, key) in enumerate(steps):
            self._modules.setdefault((module_address(steps[:depth]), name), {})[key] = None

    def of(self, module: str, local: str) -> dict[Any, Change]:
        """The changes of a resource (`type.name`, `data.` in front of a data source) by instance key."""
        return self._at.get((module, local), {})

    def keys(self, caller: str, name: str) -> dict[Any, None]:
        """The instance keys of a module that holds anything; only None for one without count and for_each."""
        return self._modules.get((caller, name), {})

    def has(self, module: str, local: str, key: Any) -> bool:
        """Whether that instance is there; for ANY, whether one is."""
        there = self.of(module, local)
        return bool(there) if key is ANY else key in there

    def may_be_unknown(self, module: str, local: str, key: Any, attribute: str | None) -> bool:
        """Whether the apply may still have to make the attribute (None: any) known; for ANY, of one instance."""
        there = self.of(module, local)
        if key is not ANY:
            return key in there and is_unknown_in(there[key], attribute)
        asked = (module, local, attribute)
        if asked not in self._unknown:
            self._unknown[asked] = any(is_unknown_in(change, attribute) for change in there.values())
        return self._unknown[asked]


def is_unknown_in(change: Change, attribute: str | None) -> bool:
    """Whether this attribute (None: any) of a change, or a part of it, is known only after the apply."""
    mask = change.body(2)
    if change.goes_away or not mask:
        return False
    if type(mask) is not dict:
        return True
    return any(map(_holds, mask.values())) if attribute is None else _holds(mask.get(attribute))


def _holds(mask: Any) -> bool:
    if type(mask) is dict:
        return any(map(_holds, mask.values()))
    return any(map(_holds, mask)) if type(mask) is list else bool(mask)
