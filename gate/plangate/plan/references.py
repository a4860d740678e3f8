"""Joining resources that Terraform splits: a bucket and its encryption, which name each other by an id that is
unknown until apply.

Order of a join: equal known values; else what the configuration's expression mentions (links.py). A link that
cannot be decided, between two buckets or through a `local`, is undecided for those it may mean, and an undecided
link never becomes "nothing found".
"""

from __future__ import annotations

from .instances import ANY
from .joins import Join, identities, named_from
from .links import link, names_in
from .paths import parse_path
from .resolve import mentions, scope_of
from .splits import attributes_of, names_of, parents_of
from .values import UnknownValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .change import Change
    from .links import Link
    from .model import Plan
    from .paths import Path
    from .resolve import Target


class References:
    """Indexes of one plan, each built once when it is first asked for, so that joins cost linear time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._joins: dict[tuple[str, str], Join] = {}
        # What was found, and what was looked at for it: several policies ask the same.
        self._companions: dict[tuple[int, str, str | None, bool], tuple[tuple[Change, ...], list[Change]]] = {}
        self._leaving: dict[str, bool] = {}
        self._identities: dict[int, list[Any]] = {}
        self._sources: dict[int, list[tuple[str, str]]] = {}
        self._named: dict[tuple[str, tuple[str, ...]], dict[Any, list[Change]]] = {}

    def identities(self, parent: Change) -> list[Any]:
        """See joins.identities; each resource once."""
        found = self._identities.get(id(parent))
        if found is None:
            found = self._identities[id(parent)] = identities(parent)
        return found

    def named_from(self, parent: Change) -> list[tuple[str, str]]:
        """See joins.named_from; each resource once."""
        found = self._sources.get(id(parent))
        if found is None:
            found = self._sources[id(parent)] = named_from(self._plan, parent)
        return found

    def companions(self, parent: Change, type: str, by: str | None, leaving: bool = False) -> list[Change]:
        """See Change.companions."""
        if not (self._leaves(type) if leaving else self._plan.of_type(type)):
            return []
        key = id(parent), type, by, leaving
        known = self._companions.get(key)
        if known is not None:
            self._plan.read.extend(known[1])
            return list(known[0])
        found: dict[int, Change] = {}
        doubts = []
        read: list[Change] = []
        for attribute in [by] if by is not None else _attributes(type, parent.type):
            join = self._joins.get((type, attribute))
            if join is None:
                join = self._joins[type, attribute] = Join(self._plan, type, attribute)
            names = join.identities(parent)
            every = join.of(parent, names)
            read += every
            joined = [c for c in every if c.goes_away is leaving]
            if leaving:
                joined += join.moved_from(names, every)
                read += joined
            elif not joined:
                doubt = join.doubt(parent)
                doubts += [(attribute, doubt)] if doubt else []
            found.update((id(child), child) for child in joined)
        self._plan.read.extend(read)
        if doubts and not found:
            attribute, (child, why) = doubts[0]
            self._cannot_tell(f"{child.type}.{child.name}: {attribute}", why)
        self._companions[key] = (*found.values(),), read
        return list(found.values())

    def _leaves(self, type: str) -> bool:
        """Whether one of a type goes away, or is changed so that it may refer to another than before."""
        known = self._leaving.get(type)
        if known is None:
            known = any(c.goes_away or (c.touched and c.action != "create") for c in self._plan.of_type(type))
            self._leaving[type] = known
        return known

    def _cannot_tell(self, what: str, why: str | None) -> None:
        asked = UnknownValue(what, "uncertain", why)
        self._plan.pending.append(asked)
        raise asked

    # -- the other way ------------------------------------------------------------------------------------

    def referred(self, child: Change, path: str | None, type: str | None) -> list[Change]:
        """See Change.referred."""
        if path is None and type is None:
            raise TypeError("referred() needs an attribute, or type=")
        found: dict[int, Change] = {}
        for attribute in [path] if path is not None else _attributes(child.type, type or ""):
            made = link(self._plan, child, parse_path(attribute))
            for change in (
                *self._mentioned(attribute, made, type),
                *self._by_name(child, attribute, made, type),
            ):
                if change.key != child.key:
                    found[id(change)] = change
        self._plan.read.extend(found.values())
        return list(found.values())

    def _mentioned(self, attribute: str, made: Link, type: str | None) -> list[Change]:
        sure = [c for target in made.sure for c in self._changes(target) if type is None or c.type == type]
        if made.unknown is None:
            return [c for c in sure if any(names_in(v, identities(c)) for v in made.known)]
        fits = [t for t in made.maybe if type is None or t.local.startswith(f"{type}.")]
        if not sure and (fits or (made.open and not made.sure)):
            self._cannot_tell(attribute, made.why or made.unknown.origin)
        return sure

    def _changes(self, target: Target) -> list[Change]:
        there = self._plan.instances.of(target.module, target.local)
        if target.key is ANY:
            return list(there.values())
        return [there[target.key]] if target.key in there else []

    def _by_name(self, child: Change, attribute: str, made: Link, type: str | None) -> list[Change]:
        """Those of a known type that a known value names."""
        found: list[Change] = []
        for kind in ([type] if type else parents_of(child.type, attribute)) if made.known else ():
            extra = names_of(child.type, attribute, kind)
            index = self._named.get((kind, extra))
            if index is None:
                index = self._named[kind, extra] = {}
                for change in self._plan.of_type(kind):
                    for name in identities(change, extra):
                        index.setdefault(name, []).append(change)
            found += [c for value in made.known for c in index.get(value, ())]
        return found


def _attributes(child: str, parent: str) -> list[str]:
    found = attributes_of(child, parent)
    if not found:
        raise LookupError(f"it is not known by which attribute {child} refers to {parent}: name it")
    return found


def resolve(plan: Plan, change: Change, path: Path) -> tuple[list[tuple[str, str, Any]] | None, str | None]:
    """All that an attribute's expression mentions: [(module instance, `type.name`, instance key or ANY)].

    None when it mentions nothing, or something that the plan does not tell; the second part is where the way ended.
    """
    expressions, unwritten = plan.configuration.expressions(change, path)
    scope = scope_of(plan, change)
    all_found = [mentions(plan, expression, scope) for expression in expressions]
    ends = next((found.why for found in all_found if found.open), None)
    targets = [(t.module, t.local, t.key) for found in all_found for t in found.targets]
    undecided = unwritten or not targets or any(found.open for found in all_found)
    return (None if undecided else targets), ends
