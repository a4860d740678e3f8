"""Large documents, by msgspec: typed where a gate looks, bytes everywhere else (imported above read.LARGE only)."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from . import strict
from .change import Change
from .read import SECTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NULL = Raw(b"null")
_SHORT = 4096  # bytes of a mask that is worth to be remembered
_NO_OP = ["no-op"]


# What may be left out is UNSET then, so that a typed section written again is as long as it was: see spans.py.
_Text = str | UnsetType | None
_Kept = Raw | UnsetType


class Body(Struct, gc=False):
    actions: list[str] | UnsetType = UNSET
    before: _Kept = UNSET
    after: _Kept = UNSET
    after_unknown: _Kept = UNSET
    before_sensitive: _Kept = UNSET
    after_sensitive: _Kept = UNSET
    importing: _Kept = UNSET
    replace_paths: _Kept = UNSET
    generated_config: _Kept = UNSET
    before_identity: _Kept = UNSET
    after_identity: _Kept = UNSET


class Entry(Struct, gc=False):
    address: str
    change: Body
    module_address: _Text = UNSET
    mode: _Text = UNSET
    type: _Text = UNSET
    name: _Text = UNSET
    index: int | str | UnsetType | None = UNSET
    provider_name: _Text = UNSET
    deposed: _Text = UNSET
    action_reason: _Text = UNSET
    previous_address: _Text = UNSET


class Resource(Struct, gc=False):
    """One resource of a values object; redaction looks at its values and marks."""

    address: _Text = UNSET
    mode: _Text = UNSET
    type: _Text = UNSET
    name: _Text = UNSET
    provider_name: _Text = UNSET
    index: int | str | UnsetType | None = UNSET
    schema_version: int | UnsetType = UNSET
    sensitive_values: _Kept = UNSET
    values: _Kept = UNSET
    depends_on: _Kept = UNSET
    tainted: _Kept = UNSET
    deposed_key: _Kept = UNSET
    identity: _Kept = UNSET
    identity_schema_version: _Kept = UNSET


class Module(Struct, gc=False):
    address: _Text = UNSET
    resources: list[Resource] | UnsetType = UNSET
    child_modules: list[Module] | UnsetType = UNSET


class Values(Struct, gc=False):
    root_module: Module | UnsetType | None = UNSET
    outputs: _Kept = UNSET


class State(Struct, gc=False):
    format_version: _Kept = UNSET
    terraform_version: _Kept = UNSET
    values: Values | UnsetType | None = UNSET
    checks: _Kept = UNSET


class Listed:
    """A values object (`planned_values`, or the `values` of `prior_state`), read as far as somebody asks.

    `outputs`; `addresses` of what is no data source; how many are `managed`; and of data sources, and where something
    is marked sensitive, `spoken`: (address, mode, sensitive_values, values).
    """

    __slots__ = ("addresses", "document", "managed", "name", "outputs", "spoken")

    def __init__(self, values: Values, resources: list[Resource], name: str, document: bytes = b"") -> None:
        self.name, self.document = name, document  # where it is read from when somebody asks for all of it
        self.outputs = values.outputs or None
        self.managed = sum(one.mode == "managed" for one in resources)
        # Of the prior state only their number is asked for, and there are as many as resources.
        planned = name == "planned_values"
        self.addresses = [r.address for r in resources if r.address and r.mode != "data"] if planned else []
        self.spoken: list[tuple[Any, Any, Any, Any]] = []
        quiet = Quiet()
        for one in resources:
            marks = one.sensitive_values or _NULL
            if one.mode == "data" or not quiet.holds(marks):
                self.spoken.append((one.address or None, one.mode or None, marks, one.values or _NULL))


class Quiet(set[bytes]):
    """Undecoded masks that mark nothing. Resources of a type have few different ones: each is looked into once."""

    def holds(self, mask: Any) -> bool:
        """Whether it is one. Anything odd is none, and neither is null: before Terraform 0.15 there are no masks."""
        written = bytes(mask)
        if written in self:
            return True
        if b"true" in written or written[:1] not in (b"{", b"[", b"f"):
            return False
        if len(written) < _SHORT:
            self.add(written)
        return True


def kept(record: type[Struct]) -> tuple[str, ...]:
    """The fields of a record that are kept as bytes."""
    return tuple(name for name, written in record.__annotations__.items() if written == "_Kept")


_SHAPES: dict[str, Any] = {
    "resource_changes": list[Entry],
    "resource_drift": list[Entry],
    "planned_values": Values,
    "prior_state": State,
}
Document = msgspec.defstruct(
    "Document",
    [(name, _SHAPES.get(name, Raw) | UnsetType, UNSET) for name in sorted(SECTIONS)],
    gc=False,
)
DOCUMENT = msgspec.json.Decoder(Document)
TOP = msgspec.json.Decoder(dict[str, Raw])
ENTRIES = msgspec.json.Decoder(list[Entry])
VALUES = msgspec.json.Decoder(Values)
STATE = msgspec.json.Decoder(State)
_any = msgspec.json.Decoder(float_hook=strict.number)


def sections(data: bytes) -> Any:
    """The top level of a document: name -> bytes of the section; the document itself when it is no object."""
    try:
        return TOP.decode(data)
    except (msgspec.ValidationError, msgspec.DecodeError):
        import json

        return json.loads(data)


def decode(value: Any) -> Any:
    """Any value whole; what is decoded already comes back as it is."""
    if type(value) is not Raw:
        return value if type(value) is not Listed else decode(TOP.decode(value.document)[value.name])
    try:
        return _any.decode(value)
    except msgspec.DecodeError:  # integers beyond 64 bits, lone surrogates: the slow reader knows them
        return strict.parse(bytes(value), "plan")


def changes(value: Raw) -> Any:
    """A list of changes: typed, or decoded whole when an entry is not of the shape (its reader then refuses)."""
    if type(value) is not Raw:
        return value
    try:
        return ENTRIES.decode(value)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return decode(value)


def change(entry: Any, actions: Callable[..., tuple[str, ...]], section: str) -> Change:
    """A Change of a typed entry of that section; what is not typed is read as in a small document."""
    if type(entry) is not Entry:
        from .read import _change

        return _change(entry, None, "", section)
    body = entry.change
    before, after = body.before, body.after
    if before is not after and body.actions == _NO_OP and before == after:
        after = before
    bodies = before, after, body.after_unknown, body.before_sensitive, body.after_sensitive
    return Change(
        entry.address,
        entry.deposed or None,
        entry.module_address or "",
        entry.mode or "managed",
        entry.type or "",
        entry.name or "",
        None if entry.index is UNSET else entry.index,
        entry.provider_name or "",
        actions(body.actions, entry.address),
        entry.action_reason or None,
        entry.previous_address or None,
        None if body.importing is UNSET else decode(body.importing),
        None if body.replace_paths is UNSET else decode(body.replace_paths),
        tuple([_NULL if one is UNSET else one for one in bodies]),  # type: ignore[arg-type]
        decode,
    )


def values_of(value: Any, *, prior: bool = False) -> Listed | None:
    """What a values object has; `prior`: the object stands at `values`, as in `prior_state`. None for another shape."""
    if type(value) is Listed:
        return value
    if type(value) is not Raw:
        return None
    try:
        found = (STATE.decode(value).values if prior else VALUES.decode(value)) or Values()
    except (msgspec.ValidationError, msgspec.DecodeError):
        return None
    return Listed(found, list(_walk(found)), "prior_state" if prior else "planned_values")


def _walk(values: Values) -> Iterator[Resource]:
    """Every resource of a values object."""
    stack = [values.root_module]
    while stack:
        module = stack.pop()
        if module:
            yield from module.resources or ()
            stack += module.child_modules or ()


def same(one: Any, other: Any) -> bool:
    """Whether two undecoded bodies are the same bytes, or the same value."""
    if one is other or (type(one) is Raw and type(other) is Raw and one == other):
        return True
    return bool(decode(one) == decode(other))
