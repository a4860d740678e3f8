"""The graph that Checkov's YAML checks ask: a vertex for each block, an edge for each reference.

The same vertices and edges as `TerraformLocalGraph` and the rustworkx graph made of it (checkov 3.3.30), but each
vertex is made when a check first looks at it, copied from nothing, and found by its type.
"""

from __future__ import annotations

import json

from .definitions import ADDRESS, FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from .definitions import Entity

Vertex = "dict[str, Any]"
LONGEST = 10_000  # characters of a string in which Checkov looks for references (CHECKOV_RENDER_MAX_LEN)


class Graph:
    """What solvers ask: `of_types`, `edges`, and `nodes` for Python checks that search the graph themselves."""

    def __init__(self, entities: list[Entity], references: Any, filled: bool = False) -> None:
        self._entities, self._references = entities, references
        self._filled = filled
        self._vertices: dict[int, dict[str, Any]] = {}
        self._by_type: dict[str, list[int]] = {}
        for at, entity in enumerate(entities):
            self._by_type.setdefault(type_of(entity), []).append(at)
        self._edges: dict[int, list[int]] = {}
        self._finder: _Finder | None = None

    @property
    def types(self) -> Iterable[str]:
        """Every type that there is, as solvers name it (`data.x` and `provider.x` too)."""
        return self._by_type

    def vertex(self, at: int) -> dict[str, Any]:
        """The vertex of the entity at that place."""
        found = self._vertices.get(at)
        if found is None:
            entity = self._entities[at]
            found = self._vertices[at] = attributes(entity, self._conf(entity))
        return found

    def _conf(self, entity: Entity) -> Any:
        return entity.filled if self._filled and entity.filled is not None else entity.conf

    def nodes(self) -> list[tuple[int, dict[str, Any]]]:
        """All vertices, as rustworkx gives them."""
        return [(at, self.vertex(at)) for at in range(len(self._entities))]

    def of_types(self, types: Any) -> list[dict[str, Any]]:
        """The vertices of some types, in order; all of them when none is named."""
        return [self.vertex(at) for at in self._places(types)]

    def _places(self, types: Any) -> Iterable[int]:
        if not types:
            return range(len(self._entities))
        found = [self._by_type[name] for name in dict.fromkeys(types) if name in self._by_type]
        return found[0] if len(found) == 1 else sorted(at for places in found for at in places)

    def edges(self, types: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """(origin, destination) of every reference between vertices of these types."""
        places = self._places(types)
        inside = set(places)
        if self._finder is None:
            self._finder = _Finder(self._entities)
        for origin in places:
            for destination in self._out(origin):
                if destination in inside:
                    yield self.vertex(origin), self.vertex(destination)

    def _out(self, origin: int) -> list[int]:
        found = self._edges.get(origin)
        if found is None:
            assert self._finder is not None
            entity = self._entities[origin]
            found = []
            if self._filled:
                found += [at for link in entity.links for at in self._finder.at(link) if at != origin]
            for text in _texts(self._conf(entity)):
                for kind, parts in self._references(text):
                    destination = self._finder.find(kind, parts, origin)
                    if destination >= 0 and destination != origin and destination not in found:
                        found.append(destination)
            self._edges[origin] = found
        return found


def type_of(entity: Entity) -> str:
    """The type by which checks name a block."""
    return entity.type if entity.kind == "resource" else f"{entity.kind}.{entity.type}"


def _texts(conf: Any) -> Iterator[str]:
    """The strings of a configuration in which a reference may stand."""
    stack = [conf]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is str:
            if 5 <= len(node) <= LONGEST and "." in node:
                yield node
        elif kind is list:
            stack += node
        elif kind is dict:
            stack += node.values()


class _Finder:
    """From the name of a reference to the block it means: Checkov takes the nearest of those with that name."""

    def __init__(self, entities: list[Entity]) -> None:
        self._named: dict[tuple[str, str], list[int]] = {}
        self._addresses = [entity.address for entity in entities]
        self._by_address: dict[str, int] | None = None
        for at, entity in enumerate(entities):
            self._named.setdefault((entity.kind, _block_name(entity)), []).append(at)
        # By name: the places whose addresses begin with these steps of modules, and those by instance key.
        self._groups: dict[tuple[str, str], dict[tuple[str, ...], list[int]]] = {}
        self._nearest: dict[tuple[str, str, tuple[str, ...]], dict[str | None, int]] = {}

    def at(self, address: str) -> list[int]:
        """The blocks of an address: one, or none."""
        if self._by_address is None:
            self._by_address = {address: at for at, address in enumerate(self._addresses)}
        return [self._by_address[address]] if address in self._by_address else []

    def find(self, kind: str, parts: list[str], origin: int) -> int:
        """The block that `parts` name, longest name first; -1 when there is none."""
        for length in range(len(parts), 0, -1):
            name = ".".join(parts[:length])
            places = self._named.get((kind, name)) or self._named.get(
                (kind, name.replace('["', "[").replace('"]', "]"))
            )
            if places:
                return places[0] if len(places) == 1 else self._best(kind, name, places, origin)
        return -1

    def _best(self, kind: str, name: str, places: list[int], origin: int) -> int:
        """The place whose address shares most with the origin's, then the one with its key, then the first."""
        address = self._addresses[origin]
        group = self._groups.get((kind, name))
        if group is None:
            group = self._groups[kind, name] = {(): places}
            for place in places:
                steps = _module_steps(self._addresses[place])
                for length in range(1, len(steps) + 1):
                    group.setdefault(steps[:length], []).append(place)
        steps = _module_steps(address)
        while steps not in group:
            steps = steps[:-1]
        by_key = self._nearest.get((kind, name, steps))
        if by_key is None:
            by_key = self._nearest[kind, name, steps] = {}
            for place in group[steps]:
                by_key.setdefault(_instance_key(self._addresses[place]), place)
        return by_key.get(_instance_key(address), group[steps][0])


def _module_steps(address: str) -> tuple[str, ...]:
    """An address in a module, taken apart as Checkov does it; () for one in the root."""
    return tuple(address.split(".")) if address.startswith("module") else ()


def _instance_key(address: str) -> str | None:
    """What Checkov takes for the key of an instance."""
    if '["' in address:
        plain = address.split('["', maxsplit=1)[-2]
    elif "[" in address:
        plain = address.split("[")[-2]
    else:
        return None
    key = address.rsplit(plain, maxsplit=1)[-1] if plain else address
    while key.startswith('["') and key.endswith('"]'):
        key = key[2:-2]
    while key.startswith("[") and key.endswith("]"):
        key = key[1:-1]
    return key


def _block_name(entity: Entity) -> str:
    return entity.address if entity.kind == "provider" else f"{entity.type}.{entity.name}"


# -- one vertex ------------------------------------------------------------------------------------------


def attributes(entity: Entity, conf: Any) -> dict[str, Any]:
    """A block as solvers see it: each attribute, and each leaf by its dotted path."""
    name = _block_name(entity)
    conf = _unescaped(conf) if entity.kind == "resource" else conf
    found: dict[str, Any] = dict(conf)
    if entity.kind == "resource":
        provisioners = found.pop("provisioner", None)
        for item in provisioners or ():
            for kind in ("local-exec", "remote-exec"):
                if item.get(kind):
                    _inner(f"provisioner/{kind}", item[kind], found)
                    break
        if "resource_type" in found:
            found["_resource_type"] = found["resource_type"]
        found["resource_type"] = [entity.type]
    added: dict[str, Any] = {}
    for key, value in found.items():
        if type(value) is dict or (type(value) is list and value and type(value[0]) is dict):
            _inner(key, value, added)
    found.update(added)
    made: dict[str, Any] = {
        "block_name_": name,
        "block_type_": entity.kind,
        "file_path_": FILE,
        "config_": {entity.type: conf if entity.kind == "provider" else {entity.name: conf}},
        "label_": f"{entity.kind}: {name}",
        "id_": "" if entity.kind == "provider" else name,
        "source_": "Terraform",
    }
    for key, value in found.items():
        plain = value[0] if type(value) is list and len(value) == 1 and "." not in key else value
        if key == "self":
            made["self_"] = plain
            continue
        if type(plain) is list or type(plain) is dict:
            _flat(key, plain, made)
        made[key] = plain
    made["foreach_attrs_"] = made["source_module_object_"] = None
    if entity.kind != "resource":
        made["resource_type"] = type_of(entity)
    made[ADDRESS] = entity.address
    return made


def _inner(key: str, value: Any, out: dict[str, Any]) -> Any:
    """Each leaf below `value` by its path; a list of one element counts as the element. Gives what stands at `key`."""
    if type(value) is list and len(value) == 1:
        value = value[0]
    return _flat(key, value, out)


def _flat(key: str, value: Any, out: dict[str, Any]) -> Any:
    kind = type(value)
    if kind is dict:
        inside: Any = {}
        out[key] = inside
        for name, item in value.items():
            if name != "":
                inside[name] = _inner(f"{key}.{name}", item, out)
        return inside
    if kind is list:
        inside = [None] * len(value)
        out[key] = inside
        for at, item in enumerate(value):
            inside[at] = _inner(f"{key}.{at}", item, out)
        return inside
    out[key] = value
    return value


def _unescaped(conf: Any) -> Any:
    """Checkov halves doubled backslashes in a resource's JSON, and leaves it when that breaks it."""
    stack = [conf]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is str:
            if "\\" in node:
                break
        elif kind is list:
            stack += node
        elif kind is dict:
            stack += node.values()
    else:
        return conf
    try:
        return json.loads(json.dumps(conf).replace("\\\\", "\\"))
    except ValueError:
        return conf
