"""The sections of a large document in which no key stands twice, each piece of it looked at once.

Read into records with a field for every key, a document loses a key that stands twice and one that has no field. So
where the records, written again, are as long as the document was, nothing was lost: msgspec writes a string as short
as it can be, and all that is no string is kept as the bytes it has, a piece for each value.
A plan says most values several times: what a no-op has before it has after, `planned_values` repeats what is after,
`prior_state` what was before, and most marks are alike. What equals a piece that is looked at is left out.
"""

from __future__ import annotations

import json
from itertools import chain
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import UNSET, Raw

from . import large, strict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    # The records, the bodies that are not like another one, what else the records keep, how long they are written.
    Found = tuple[Any, Iterable[bytes], Iterable[Any], int]

_encode = msgspec.json.Encoder().encode
_END = 64  # bytes at the end that are looked at for white space
# Levels of a piece, and modules in modules (two levels each): together they stay below MAX_DEPTH.
_LEVELS, _MODULES = strict.MAX_DEPTH // 2, strict.MAX_DEPTH // 5
_NOT_TYPED = (msgspec.ValidationError, msgspec.DecodeError, RecursionError)
# Records written, and bytes scanned, at a time. A buffer as large as a section, once freed, makes the allocator of
# glibc keep freed memory of that size (mallopt(3), M_MMAP_THRESHOLD): it would stand beside all that follows.
_MANY, _MUCH = 32, 64 * 1024


def sections(data: bytes, where: str) -> Any:
    """The top level of a document: name -> its bytes, or of changes and values the records; another document as it is.

    Raises PlanError for what `strict` refuses, json.JSONDecodeError for what is not JSON.
    """
    try:
        records = _records(data, where)
        if records is not None:
            return records
        if _records(msgspec.json.format(data, indent=-1), where) is None:  # written with spaces, perhaps
            strict.check(data, where)
    except _NOT_TYPED:
        strict.check(data, where)
    return large.sections(data)


def _records(data: bytes, where: str) -> dict[str, Any] | None:
    """The sections, read, when every key of the document is seen to stand once; else None.

    Raises PlanError when one stands twice, and what msgspec raises for a document of another shape.
    """
    document = large.DOCUMENT.decode(data)
    found: dict[str, Any] = {name: getattr(document, name) for name in document.__struct_fields__}
    found = {name: section for name, section in found.items() if section is not UNSET}
    changes = found.get("resource_changes", ())
    twins: dict[str, large.Body] = {entry.address: entry.change for entry in changes}
    bodies: list[Iterable[bytes]] = []
    rest: dict[bytes, None] = {}
    length = len("{}") + len(found) * len('"":,') - len(",") + sum(map(len, found))
    for name, section in found.items():
        if type(section) is Raw:
            bodies.append((bytes(section),))
            length += len(section)
            continue
        found[name], own, more, size = _SHAPES[name](section, twins, name, data)
        bodies.append(own)
        rest.update(dict.fromkeys(map(bytes, filter(None, more))))
        length += size
    end = data[-_END:]
    if length + len(end) - len(end.rstrip()) != len(data):
        return None
    try:
        for some in _batches(chain(chain.from_iterable(bodies), rest)):
            if strict.too_deep(some, _LEVELS):
                return None
            strict.scan(some, where)
    except json.JSONDecodeError:  # the whole document says where
        return None
    return found


def _batches(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as a few JSON arrays."""
    some: list[bytes] = []
    size = 0
    for piece in pieces:
        some.append(piece)
        size += len(piece)
        if size > _MUCH:
            yield b"[" + b",".join(some) + b"]"
            some, size = [], 0
    yield b"[" + b",".join(some) + b"]"


_of_change = attrgetter(*(name for name in large.kept(large.Body) if name not in ("before", "after")))
_of_resource = attrgetter(*(name for name in large.kept(large.Resource) if name != "values"))
_of_state = attrgetter(*large.kept(large.State))


def _changes(entries: list[large.Entry], _: dict[str, large.Body], __: str, ___: bytes) -> Found:
    changes = [entry.change for entry in entries]
    return entries, _sides(changes), chain.from_iterable(map(_of_change, changes)), _size(entries)


def _sides(changes: list[large.Body]) -> Iterator[bytes]:
    for change in changes:
        if change.before:
            yield bytes(change.before)
        if change.after == change.before:
            change.after = change.before
        elif change.after:
            yield bytes(change.after)


def _size(records: list[Any]) -> int:
    written = sum(len(_encode(records[at : at + _MANY])) - 1 for at in range(0, len(records), _MANY))
    return written + 1 if records else len("[]")


def _planned(values: large.Values, twins: dict[str, large.Body], name: str, data: bytes) -> Found:
    found, outer = _taken(values)
    bodies = _unlike(found, twins, attrgetter("after"))
    listed = large.Listed(values, found, name, data)
    return listed, bodies, chain((values.outputs,), _marks(found)), outer + len(_encode(values))


def _prior(state: large.State, twins: dict[str, large.Body], name: str, data: bytes) -> Found:
    values = state.values or large.Values()
    found, outer = _taken(values)
    bodies = _unlike(found, twins, attrgetter("before"))
    listed = large.Listed(values, found, name, data)
    return listed, bodies, chain(_of_state(state), (values.outputs,), _marks(found)), outer + len(_encode(state))


def _marks(resources: list[large.Resource]) -> Iterable[Any]:
    return chain.from_iterable(map(_of_resource, resources))


def _taken(values: large.Values) -> tuple[list[large.Resource], int]:
    """The resources, taken out of their modules, and how long they are written."""
    modules = [values.root_module] if values.root_module else []
    found: list[large.Resource] = []
    level = size = 0
    while modules:
        for module in modules:
            if module.resources:
                found += module.resources
                size += _size(module.resources) - len("[]")
                module.resources = []
        modules = [child for module in modules for child in module.child_modules or ()]
        level += 1
    if level > _MODULES:
        raise RecursionError
    return found, size


def _unlike(
    resources: list[large.Resource], twins: dict[str, large.Body], side: Callable[[Any], Any]
) -> Iterator[bytes]:
    bodies = {address: side(change) for address, change in twins.items()}
    for one in resources:
        if one.values and one.values != bodies.get(one.address or ""):
            yield bytes(one.values)


_SHAPES: dict[str, Callable[[Any, dict[str, large.Body], str, bytes], Found]] = {
    "resource_changes": _changes,
    "resource_drift": _changes,
    "planned_values": _planned,
    "prior_state": _prior,
}
