"""The sections of a large document in which no key stands twice, each piece of it looked at once.

Read into records with a field for every key, a section loses a key that stands twice and one that has no field. So
where the records, written again, are as long as the section was, nothing was lost: msgspec writes a string as short
as it can be, and all that is no string is kept as the bytes it has, a piece for each value.
A plan says most values several times: what a no-op has before it has after, `planned_values` repeats what is after,
`prior_state` what was before, and most marks are alike. What equals a piece that is looked at is left out.
"""

from __future__ import annotations

import json
from itertools import chain, repeat
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Raw

from . import large, strict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    # The records, the bodies that are not like another one, what else the records keep, how long they are written.
    Found = tuple[Any, Iterable[bytes], Iterable[Any], int]

_encode = msgspec.json.Encoder().encode
_ZERO, _NONE = Raw(b"0"), Raw(b"")
_END = 64  # bytes at the end that are looked at for white space
# Levels of a piece, and modules in modules (two levels each): together they stay below MAX_DEPTH.
_LEVELS, _MODULES = strict.MAX_DEPTH // 2, strict.MAX_DEPTH // 5
_NOT_TYPED = (msgspec.ValidationError, msgspec.DecodeError, RecursionError)
# Records written, and bytes scanned, at a time. A buffer as large as a section, once freed, makes the allocator of
# glibc keep freed memory of that size (mallopt(3), M_MMAP_THRESHOLD): it would stand beside all that follows.
_MANY, _MUCH = 32, 64 * 1024
_LISTS = ("resource_changes", "resource_drift")


def sections(data: bytes, where: str) -> Any:
    """The top level of a document: name -> its bytes, or of changes and values the records; another document as it is.

    Raises PlanError for what `strict` refuses, json.JSONDecodeError for what is not JSON.
    """
    try:
        found = large.TOP.decode(data)
        records = _records(found, data, where)
        if records is None:  # written with spaces, perhaps
            packed = msgspec.json.format(data, indent=-1)
            if _records(large.TOP.decode(packed), packed, where) is None:
                strict.check(data, where)
    except _NOT_TYPED:
        strict.check(data, where)
        return json.loads(data)
    return found | (records or {})


def _records(found: dict[str, Raw], data: bytes, where: str) -> dict[str, Any] | None:
    """The sections that are lists of changes, when every key of the document is seen to stand once; else None.

    Raises PlanError when one stands twice.
    """
    names = len(_encode(dict.fromkeys(found, _ZERO))) - len(found)
    end = data[-_END:]
    if names + sum(map(_length, found.values())) + len(end) - len(end.rstrip()) != len(data):
        return None
    lists: dict[str, Any] = {}
    bodies: list[Iterable[bytes]] = []
    rest: dict[bytes, None] = {}
    twins: dict[str, large.Body] = {}
    for name in sorted(found, key=_LISTS.__contains__, reverse=True):
        section = found[name]
        typed = _typed(name, section, twins)
        if typed is None:
            bodies.append(map(bytes, (section,)))
            continue
        records, bodies_of, rest_of = typed
        lists[name] = records
        bodies.append(bodies_of)
        rest.update(dict.fromkeys(map(bytes, filter(None, rest_of))))
        if name == _LISTS[0]:
            twins = {entry.address: entry.change for entry in records}
    try:
        for some in _batches(chain(chain.from_iterable(bodies), rest)):
            if strict.too_deep(some, _LEVELS):
                return None
            strict.scan(some, where)
    except json.JSONDecodeError:  # the whole document says where
        return None
    return lists


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


def _length(raw: Raw) -> int:
    return memoryview(raw).nbytes


def _typed(name: str, section: Raw, twins: dict[str, large.Body]) -> tuple[Any, Iterable[bytes], Iterable[Any]] | None:
    """(the records of a section, their bodies, what else they keep); None for one without, or of another shape."""
    shape = _SHAPES.get(name)
    if shape is None:
        return None
    try:
        records, bodies, rest, size = shape(section, twins)
    except _NOT_TYPED:
        return None
    return (records, bodies, rest) if size == _length(section) else None


_of_change = attrgetter(*(name for name in large.kept(large.Body) if name not in ("before", "after")))
_of_resource = attrgetter(*(name for name in large.kept(large.Resource) if name != "values"))
_of_state = attrgetter(*large.kept(large.State))


def _changes(section: Raw, _: dict[str, large.Body]) -> Found:
    entries = large.ENTRIES.decode(section)
    changes = [entry.change for entry in entries]
    return entries, _sides(changes), chain.from_iterable(map(_of_change, changes)), _size(entries)


def _sides(changes: list[large.Body]) -> Iterator[bytes]:
    for change in changes:
        before, after = bytes(change.before or b""), bytes(change.after or b"")
        if before:
            yield before
        if after == before:
            change.after = change.before
        elif after:
            yield after


def _size(records: list[Any]) -> int:
    written = sum(len(_encode(records[at : at + _MANY])) - 1 for at in range(0, len(records), _MANY))
    return written + 1 if records else len("[]")


def _planned(section: Raw, twins: dict[str, large.Body]) -> Found:
    values = large.VALUES.decode(section)
    found, outer = _taken(values)
    bodies = _unlike(found, twins, attrgetter("after"))
    listed = large.Listed(section, values, found, prior=False)
    return listed, bodies, chain((values.outputs,), _marks(found)), outer + len(_encode(values))


def _prior(section: Raw, twins: dict[str, large.Body]) -> Found:
    state = large.STATE.decode(section)
    values = state.values or large.Values()
    found, outer = _taken(values)
    bodies = _unlike(found, twins, attrgetter("before"))
    listed = large.Listed(section, values, found, prior=True)
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
    bodies: dict[Any, Raw] = {address: side(change) or _NONE for address, change in twins.items()}
    others: Iterator[Raw] = map(bodies.get, [one.address for one in resources], repeat(_NONE))
    own = [one.values or _NONE for one in resources]
    for values, other in zip(map(bytes, own), map(bytes, others), strict=True):
        if values and values != other:
            yield values


_SHAPES: dict[str, Callable[[Raw, dict[str, large.Body]], Found]] = {
    "resource_changes": _changes,
    "resource_drift": _changes,
    "planned_values": _planned,
    "prior_state": _prior,
}
