"""What the changes of a plan have to do with each other: by the references of the configuration, by equal values."""

from __future__ import annotations

from plangate.plan.joins import IDENTITIES
from plangate.plan.references import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.model import Plan

_OWN = ("id", "arn", "name")  # an equal one of these is the same name twice, and no reference


class Relations:
    """The neighbours of changes, in both directions; built once for a plan, in linear time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._targets: dict[int, set[tuple[str, str]]] = {}  # id of a change -> (module instance, type.name)
        self._undecided: dict[int, list[str]] = {}
        self._by_local: dict[tuple[str, str], list[Change]] = {}
        self._by_identity: dict[Any, list[Change]] = {}
        self._values: dict[int, set[Any]] = {}
        for change in plan.changes:
            data = "data." if change.mode == "data" else ""
            place = (change.module_address, f"{data}{change.type}.{change.name}")
            self._by_local.setdefault(place, []).append(change)
            for value in _identities(change):
                self._by_identity.setdefault(value, []).append(change)
        for change in plan.changes:
            self._targets[id(change)], self._undecided[id(change)] = self._refers(change)
            self._values[id(change)] = set(_leaves(change))

    def _refers(self, change: Change) -> tuple[set[tuple[str, str]], list[str]]:
        resource = self._plan.configuration.resource(change)
        found: set[tuple[str, str]] = set()
        undecided: list[str] = []
        unknown = change.raw()[2]
        for path in _expressions(resource.get("expressions") if resource else None, ()):
            targets, _ = resolve(self._plan, change, path)
            if targets is not None:
                found |= {(target[0], target[1]) for target in targets}
            elif path and (unknown is True or (type(unknown) is dict and unknown.get(path[0]))):
                undecided.append(str(path[0]))
        return found, undecided

    def of(self, change: Change) -> list[Change]:
        """What this change refers to, and what refers to it, after the apply or before; itself is not among them."""
        found: dict[int, Change] = {}
        for place in self._targets[id(change)]:
            found.update({id(c): c for c in self._by_local.get(place, ())})
        for value in self._values[id(change)]:
            found.update({id(c): c for c in self._by_identity.get(value, ())})
        identities = set(_identities(change))
        data = "data." if change.mode == "data" else ""
        place = (change.module_address, f"{data}{change.type}.{change.name}")
        for other in self._plan.changes:
            if place in self._targets[id(other)] or identities & self._values[id(other)]:
                found[id(other)] = other
        found.pop(id(change), None)
        return list(found.values())

    def unresolved(self, change: Change) -> list[Change]:
        """One change of each type that may refer to this one by an attribute nobody can follow: it keeps a join
        undecided."""
        words = set(change.type.split("_")[1:])
        found: dict[tuple[str, str], Change] = {}
        for other in self._plan.changes:
            for attribute in self._undecided[id(other)]:
                if words & set(attribute.split("_")):
                    found.setdefault((other.type, attribute), other)
        return [other for other in found.values() if other is not change]


def _expressions(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The paths of the expressions that refer to something."""
    if type(node) is dict:
        if type(node.get("references")) is list:
            yield path
            return
        for name, inner in node.items():
            yield from _expressions(inner, (*path, name))
    elif type(node) is list:
        for index, inner in enumerate(node):
            yield from _expressions(inner, (*path, index))


def _identities(change: Change) -> Iterator[Any]:
    before, after, *_ = change.raw()
    for side in (after, before):
        for name in IDENTITIES if type(side) is dict else ():
            value = side.get(name)
            if type(value) is str and len(value) > 2:
                yield value


def _leaves(change: Change) -> Iterator[Any]:
    """The texts of both bodies that may be the identity of something else."""
    before, after, *_ = change.raw()
    for body in (before, after):
        stack = [v for k, v in body.items() if k not in _OWN] if type(body) is dict else []
        while stack:
            node = stack.pop()
            if type(node) is dict:
                stack += node.values()
            elif type(node) is list:
                stack += node
            elif type(node) is str and len(node) > 2:
                yield node
