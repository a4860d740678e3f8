"""All resources of one type by what one attribute of theirs refers to: the index that joins are looked up in."""

from __future__ import annotations

from .addresses import module_address, module_steps
from .instances import ANY
from .links import link, names_in
from .paths import parse_path
from .resolve import Scope, mentions, narrowed
from .splits import names_of
from .values import Unknown, merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .change import Change
    from .links import Link
    from .model import Plan

    Doubt = tuple[Change, str | None]

# What others may know a resource by.
IDENTITIES = ("id", "arn", "name", "bucket", "self_link", "identifier", "cluster_identifier", "key_id", "url")


class Join:
    """Built once for a type and an attribute, in time linear in the plan."""

    def __init__(self, plan: Plan, type: str, by: str) -> None:
        self._plan, self._steps, self._type, self._by = plan, parse_path(by), type, by
        self._by_value: dict[Any, list[Change]] = {}
        self._by_target: dict[tuple[str, str, Any], list[tuple[Change, Link]]] = {}
        self._maybe: dict[tuple[str, str, Any], Doubt] = {}
        self._sources: dict[tuple[str, str], Doubt] = {}  # whatever an unknown one mentions
        self._open = _Open(plan)
        self._was: dict[Any, list[Change]] = {}  # those that stay, by what they referred to before
        self._extra: dict[str, tuple[str, ...]] = {}  # type of the parent -> what else it is known by
        for child in plan.of_type(type):
            self._file(child)

    def _file(self, child: Change) -> None:
        made = link(self._plan, child, self._steps)
        for value in made.known:
            self._by_value.setdefault(value, []).append(child)
        self._file_before(child, made)
        for target in made.sure:
            self._by_target.setdefault((target.module, target.local, target.key), []).append((child, made))
        if made.unknown is None:
            return
        doubt = child, made.why or made.unknown.origin
        for target in made.maybe:
            self._maybe.setdefault((target.module, target.local, target.key), doubt)
        for target in (*made.maybe, *made.sure):
            self._sources.setdefault((target.module, target.local), doubt)
        for module in made.open:
            self._open.add(module, doubt)

    def _file_before(self, child: Change, made: Link) -> None:
        if child.goes_away or not child.touched:
            return
        before = child.body(0)
        if type(before) is not dict:
            return
        old = merge(before, None, (), child.why).at(self._by)
        if isinstance(old, str | int) and old != "" and old not in made.known:
            self._was.setdefault(old, []).append(child)

    def identities(self, parent: Change) -> list[Any]:
        """What others may know a resource by, each once; unknown leaves are left out of both bodies."""
        extra = self._extra.get(parent.type)
        if extra is None:
            extra = self._extra[parent.type] = names_of(self._type, self._by, parent.type)
        return identities(parent, extra) if extra else self._plan.references.identities(parent)

    def moved_from(self, names: list[Any], staying: list[Change]) -> list[Change]:
        """Those that referred to the parent of these names before this plan, and will not."""
        return [c for value in names for c in self._was.get(value, ()) if c not in staying] if self._was else []

    def of(self, parent: Change, names: list[Any]) -> list[Change]:
        """Those that certainly refer to the parent."""
        found: dict[int, Change] = {}
        by_value, by_target = self._by_value, self._by_target
        for value in names:
            if value in by_value:
                found.update((id(child), child) for child in by_value[value])
        local = _local(parent) if by_target else ""
        for key in (parent.index, ANY) if by_target else ():
            for child, made in by_target.get((parent.module_address, local, key), ()):
                if made.unknown is not None or any(names_in(v, names) for v in made.known):
                    found[id(child)] = child
        return list(found.values())

    def doubt(self, parent: Change) -> Doubt | None:
        """One that may refer to the parent, and the reference at which the way ended; None where none may."""
        module, local = parent.module_address, _local(parent)
        found = self._maybe.get((module, local, parent.index)) or self._maybe.get((module, local, ANY))
        return found or (self._open.names(module, local) if self._open else None) or self._named_alike(parent)

    def _named_alike(self, parent: Change) -> Doubt | None:
        """One that gets its value from where the parent gets its name, a random one say."""
        for source in self._plan.references.named_from(parent) if self._sources else ():
            if source in self._sources:
                return self._sources[source]
        return None


class _Open:
    """Which resources the names of a module can stand for: its own, its modules' outputs, what it is given."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._modules: dict[str, Doubt] = {}
        self._targets: dict[tuple[str, str], Doubt] = {}
        self._queue: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._modules)

    def add(self, module: str, doubt: Doubt) -> None:
        if module not in self._modules:
            self._modules[module] = doubt
            self._queue.append(module)

    def names(self, module: str, local: str) -> Doubt | None:
        while self._queue:
            self._spread(self._queue.pop())
        return self._modules.get(module) or self._targets.get((module, local))

    def _spread(self, address: str) -> None:
        doubt = self._modules[address]
        configuration = self._plan.configuration
        module = configuration.module(address)
        calls = module.get("module_calls") if module else None
        for name, call in calls.items() if type(calls) is dict else ():
            inner = call.get("module") if type(call) is dict else None
            outputs = inner.get("outputs") if type(inner) is dict else None
            for key in self._plan.instances.keys(address, name):
                scope = Scope(module_address([*module_steps(address), (name, key)]))
                for output in outputs.values() if type(outputs) is dict else ():
                    self._take(output.get("expression") if type(output) is dict else None, scope, doubt)
        called = configuration.call(address)
        if called is not None:
            caller, _, call, key = called
            given = call.get("expressions")
            scope = Scope(caller, key, call.get("for_each_expression"))
            for expression in given.values() if type(given) is dict else ():
                self._take(expression, scope, doubt)

    def _take(self, expression: Any, scope: Scope, doubt: Doubt) -> None:
        found = mentions(self._plan, expression, scope)
        for target in found.targets:
            self._targets.setdefault((target.module, target.local), doubt)
        for module in found.open:
            self.add(module, doubt)


def named_from(plan: Plan, parent: Change) -> list[tuple[str, str]]:
    """What the names of a resource come from: [(module instance, `type.name`)]."""
    found: dict[tuple[str, str], None] = {}
    scope = Scope(parent.module_address, parent.index)
    written = plan.configuration.arguments(parent)
    for name in IDENTITIES:
        for expression in plan.configuration.expressions(parent, (name,))[0] if name in written else ():
            found.update(((t.module, t.local), None) for t in narrowed(plan, mentions(plan, expression, scope)))
    return list(found)


def _local(change: Change) -> str:
    return f"{change.type}.{change.name}"


def identities(parent: Change, extra: tuple[str, ...] = ()) -> list[Any]:
    """What others may know a resource by, each once; `extra` are more attributes, or forms such as `table/{name}`."""
    # What is left alone is known by the same names before and after.
    sides = (1, 0) if parent.action != "no-op" else (1,)
    found: dict[Any, None] = {}
    for side in map(parent.body, sides):
        if type(side) is not dict:
            continue
        for name in IDENTITIES:
            value = side.get(name)
            if value is not None and value != "" and isinstance(value, str | int):
                found[value] = None
        for name in extra:
            head, brace, rest = name.partition("{")
            asked, _, tail = rest.partition("}") if brace else (name, "", "")
            value = side.get(asked) if "[" not in asked else _at(side, asked)
            if isinstance(value, str | int) and value != "":
                found[f"{head}{value}{tail}" if brace else value] = None
    return list(found)


def _at(side: dict[str, Any], path: str) -> Any:
    value: Any = side
    for step in parse_path(path):
        if type(value) is dict and isinstance(step, str):
            value = value.get(step)
        elif type(value) is list and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return None if type(value) is Unknown else value
