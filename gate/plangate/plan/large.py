"""Large documents, by msgspec: typed where a gate looks, bytes everywhere else (imported above read.LARGE only)."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw, Struct

from . import strict
from .change import Change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_NULL = Raw(b"null")
_NO_OP = ["no-op"]


class _Body(Struct, gc=False):
    actions: Any = None
    before: Raw = _NULL
    after: Raw = _NULL
    after_unknown: Raw = _NULL
    before_sensitive: Raw = _NULL
    after_sensitive: Raw = _NULL
    importing: Any = None
    replace_paths: Any = None


class _Entry(Struct, gc=False):
    address: str
    change: _Body
    module_address: str | None = None
    mode: str | None = None
    type: str | None = None
    name: str | None = None
    index: int | str | None = None
    provider_name: str | None = None
    deposed: str | None = None
    action_reason: str | None = None
    previous_address: str | None = None


class _Marks(Struct, gc=False):
    """One resource of a values object, as far as redaction looks."""

    address: Any = None
    mode: Any = None
    sensitive_values: Raw = _NULL
    values: Raw = _NULL


class _Module(Struct, gc=False):
    resources: list[_Marks] = []
    child_modules: list[_Module] = []


class _Values(Struct, gc=False):
    root_module: _Module | None = None
    outputs: Raw = _NULL


class _State(Struct, gc=False):
    values: _Values | None = None


_sections = msgspec.json.Decoder(dict[str, Raw])
_changes = msgspec.json.Decoder(list[_Entry], float_hook=strict.number)
_values = msgspec.json.Decoder(_Values)
_state = msgspec.json.Decoder(_State)
_any = msgspec.json.Decoder(float_hook=strict.number)


def sections(data: bytes) -> Any:
    """The top level of a document: name -> bytes of the section; the document itself when it is no object."""
    try:
        return _sections.decode(data)
    except (msgspec.ValidationError, msgspec.DecodeError):
        import json

        return json.loads(data)


def decode(value: Any) -> Any:
    """Any value whole; what is decoded already comes back as it is."""
    if type(value) is not Raw:
        return value
    try:
        return _any.decode(value)
    except msgspec.DecodeError:  # integers beyond 64 bits, lone surrogates: the slow reader knows them
        return strict.parse(bytes(value), "plan")


def changes(value: Raw) -> Any:
    """A list of changes: typed, or decoded whole when an entry is not of the shape (its reader then refuses)."""
    if type(value) is not Raw:
        return value
    try:
        return _changes.decode(value)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return decode(value)


def change(entry: Any, actions: Callable[..., tuple[str, ...]], section: str) -> Change:
    """A Change of a typed entry of that section; what is not typed is read as in a small document."""
    if type(entry) is not _Entry:
        from .read import _change

        return _change(entry, None, "", section)
    body = entry.change
    after = body.before if body.actions == _NO_OP and bytes(body.before) == bytes(body.after) else body.after
    return Change(
        entry.address,
        entry.deposed or None,
        entry.module_address or "",
        entry.mode or "managed",
        entry.type or "",
        entry.name or "",
        entry.index,
        entry.provider_name or "",
        actions(body.actions, entry.address),
        entry.action_reason,
        entry.previous_address or None,
        body.importing,
        body.replace_paths,
        (body.before, after, body.after_unknown, body.before_sensitive, body.after_sensitive),
        decode,
    )


def values_of(value: Any, inside: bool = False) -> tuple[Any, list[tuple[Any, Any, Raw, Raw]]] | None:
    """(outputs, [(address, mode, sensitive_values, values) of every resource]) of a values object.

    `inside`: the object stands at `values`, as in `prior_state`. None when it is not of the shape.
    """
    if type(value) is not Raw:
        return None
    try:
        found = _state.decode(value).values if inside else _values.decode(value)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return None
    if found is None:
        return None, []
    listed: list[tuple[Any, Any, Raw, Raw]] = []
    stack = [found.root_module] if found.root_module is not None else []
    while stack:
        module = stack.pop()
        listed += [(r.address, r.mode, r.sensitive_values, r.values) for r in module.resources]
        stack += module.child_modules
    return decode(found.outputs), listed


def same(one: Any, other: Any) -> bool:
    """Whether two undecoded bodies are the same bytes, or the same value."""
    if one is other or (type(one) is Raw and type(other) is Raw and bytes(one) == bytes(other)):
        return True
    return bool(decode(one) == decode(other))
