"""One tree of `after` (or `before`), what is unknown in it, and what is sensitive.

Terraform writes three parallel trees (JSON format, "Change representation"): the value, `after_unknown` with
`true` where a leaf is unknown, and `after_sensitive`. Unknown leaves are left out of objects and null in lists,
so no one tree can be read alone. Here they are one: plain Python values where a leaf is known, `None` for null,
ABSENT where nothing is said, an Unknown where Terraform learns the value at apply.
"""

from __future__ import annotations

from .paths import dotted, first_unknown, parse_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, NoReturn

    from .paths import Path

    # (path, the Unknown that a policy asked, if one did) -> its state and origin, see Unknown.state
    Explain = Callable[[Path, "Unknown | None"], tuple[str, str | None]]


class UnknownValue(BaseException):
    """A policy asked for something that only the apply can tell: its outcome for that change is `unknown`.

    A BaseException, so that a policy's `except Exception` does not turn it into an answer; a bare `except` does
    not either, since the plan keeps what was asked.
    """

    def __init__(self, path: str, state: str = "configured", origin: str | None = None, owner: Any = None) -> None:
        self.path, self.state, self.origin, self.owner = path, state, origin, owner  # owner: the Change it is of
        super().__init__(path)


class Absent:
    """Neither set nor null: the attribute is not in the plan. False, empty, and absent all the way down."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __contains__(self, item: object) -> bool:
        return False

    def __getitem__(self, step: object) -> Absent:
        return self

    def get(self, step: object, default: Any = None) -> Any:  # noqa: ARG002 - nothing is at any step
        return default

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


class Unknown:
    """A value known only after the apply. Asking for its truth, equality or content raises UnknownValue.

    `state` tells why it is not known:
      "configured"  the configuration sets it, from something not known yet: it will be set
      "left_out"    the configuration does not mention it: the provider or the service decides
      "uncertain"   a `dynamic` made it, or the block it is in, or there is no configuration: cannot be told
    `origin` is what a configured one comes from (`aws_kms_key.k.arn`), where the plan tells.
    """

    __slots__ = ("_explain", "_explained", "handled", "path_steps")

    def __init__(self, path: Path, explain: Explain) -> None:
        self.path_steps = path
        self._explain = explain
        self._explained: tuple[str, str | None] | None = None
        self.handled = False  # a policy looked that it is unknown, and answers for that

    def _why(self) -> tuple[str, str | None]:
        if self._explained is None:
            self._explained = self._explain(self.path_steps, None)
        return self._explained

    @property
    def path(self) -> str:
        return dotted(self.path_steps)

    @property
    def state(self) -> str:
        return self._why()[0]

    @property
    def origin(self) -> str | None:
        return self._why()[1]

    def is_at(self, other: Unknown) -> bool:
        """Whether the other stands at the same path of the same resource."""
        return self.path_steps == other.path_steps and self._explain == other._explain

    def _ask(self, *_: object, **__: object) -> NoReturn:
        self.handled = False
        state, origin = self._explained = self._explain(self.path_steps, self)
        raise UnknownValue(self.path, state, origin, owner_of(self))

    def __repr__(self) -> str:
        return f"<unknown {self.path}>"

    def __getattr__(self, name: str) -> NoReturn:
        # So is `value.startswith("x")`; names with an underscore are asked for by Python itself.
        if name.startswith("_"):
            raise AttributeError(name)
        self._ask()

    # `isinstance(value, str)` on something else than Unknown is a question about its content too.
    __class__ = property(_ask)
    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _ask
    __len__ = __iter__ = __contains__ = __getitem__ = __reversed__ = __call__ = _ask
    __str__ = __format__ = __bytes__ = __fspath__ = _ask
    __int__ = __float__ = __complex__ = __index__ = __round__ = __trunc__ = __floor__ = __ceil__ = _ask
    __neg__ = __pos__ = __abs__ = __invert__ = _ask
    __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = __divmod__ = _ask
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = __rdivmod__ = _ask
    __and__ = __or__ = __xor__ = __lshift__ = __rshift__ = __rand__ = __ror__ = __rxor__ = _ask


def owner_of(value: Unknown | UnknownValue) -> Any:
    """The Change that an unknown value is of, None where that is not told."""
    if type(value) is UnknownValue:
        return value.owner
    return getattr(value._explain, "__self__", None) if type(value) is Unknown else None


def is_unknown(value: object) -> bool:
    """Whether `value` is an Unknown; never raises. A policy that asks this answers for what it does then."""
    if type(value) is Unknown:
        value.handled = True
        return True
    return False


class Node:
    """What Block and Items share: a value, its unknown mask, where it stands."""

    __slots__ = ("_explain", "_note", "_path", "_unknown", "_value")

    def __init__(self, value: Any, unknown: Any, path: Path, explain: Explain, note: Any) -> None:
        self._value, self._unknown, self._path = value, unknown, path
        self._explain, self._note = explain, note

    def plain(self) -> Any:
        """The value as plain Python; raises UnknownValue when any part of it is not known."""
        where = first_unknown(self._unknown)
        if where is not None:
            Unknown(self._path + where, self._explain)._ask()
        return self._value

    @property
    def known(self) -> bool:
        """Whether every leaf is."""
        return first_unknown(self._unknown) is None

    def at(self, path: str) -> Any:
        """The value at a path, ABSENT where the way ends early; null on the way is ABSENT too."""
        value: Any = self
        for step in parse_path(path):
            if type(value) is Unknown:
                return value
            if not isinstance(value, Node):
                return ABSENT
            value = value.get(step, ABSENT)
        return value

    def get(self, step: Any, default: Any = None) -> Any:
        """The value of one step, `default` where there is none."""
        value = self[step]  # type: ignore[index]  # Block and Items know steps
        return default if value is ABSENT else value

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Node):
            other = other.plain()
        return bool(self.plain() == other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {dotted(self._path) or '.'}>"


class Block(Node):
    """An object or map. `block["name"]` is ABSENT where the plan has nothing, and never raises KeyError."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        value = self._value.get(key, ABSENT)
        mask = self._unknown
        if mask:
            mask = True if mask is True else mask.get(key) if type(mask) is dict else True
        kind = type(value)
        if not mask and kind is not dict and kind is not list:
            return value
        return merge(value, mask, (*self._path, key), self._explain, self._note)

    def __contains__(self, key: object) -> bool:
        return key in self._value or key in self.keys()

    def keys(self) -> list[str]:
        """The names that are there, known or not; raises UnknownValue when the names themselves are not known."""
        mask = self._unknown
        if not mask:
            return [*self._value]
        if type(mask) is not dict:
            Unknown(self._path, self._explain)._ask()
        return [*self._value, *(k for k, v in mask.items() if v and k not in self._value)]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def values(self) -> list[Any]:
        return [value for _, value in self.items()]

    def items(self) -> list[tuple[str, Any]]:
        pairs = []
        for key in self.keys():
            mask = self._unknown.get(key) if self._unknown else None
            pairs.append((key, merge(self._value.get(key, ABSENT), mask, (*self._path, key), self._explain, None)))
        return pairs


class Items(Node):
    """A list, set or tuple, in the order of the plan; a set's order means nothing."""

    __slots__ = ()

    def _mask(self, index: int) -> Any:
        mask = self._unknown
        if type(mask) is not list:  # none, or the whole is unknown
            return bool(mask)
        return mask[index] if index < len(mask) else None

    def __getitem__(self, index: int) -> Any:
        if not isinstance(index, int):
            return ABSENT
        if index < 0:
            index += len(self._value)
        if not 0 <= index < len(self._value):
            return ABSENT
        return merge(self._value[index], self._mask(index), (*self._path, index), self._explain, self._note)

    def __len__(self) -> int:
        return len(self._value)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self._value)))

    def __contains__(self, item: object) -> bool:
        unknown = None
        for i in range(len(self._value)):  # without a note: when a known one is equal, the others do not matter
            value = merge(self._value[i], self._mask(i), (*self._path, i), self._explain)
            if type(value) is Unknown or (isinstance(value, Node) and not value.known):
                unknown = Unknown((*self._path, i), self._explain) if unknown is None else unknown
            elif value == item:
                return True
        if unknown is not None:
            unknown._ask()
        return False


def merge(value: Any, mask: Any, path: Path, explain: Explain, note: Any = None) -> Any:
    """One value of the tree: plain, ABSENT, Block, Items or Unknown. `note` is told of each Unknown handed out."""
    if mask is True:
        unknown = Unknown(path, explain)
        if note is not None:
            note(unknown)
        return unknown
    kind = type(value)
    if mask and (kind is dict or kind is list) and type(mask) is not kind:
        # No tool writes a mask that does not fit: it covers all, unless it says that nothing is unknown.
        covers = type(mask) not in (dict, list) or first_unknown(mask) is not None
        return merge(value, covers, path, explain, note)
    if kind is dict:
        return Block(value, mask or None, path, explain, note)
    if kind is list:
        if type(mask) is list and len(mask) > len(value) and first_unknown(mask) is not None:
            value = value + [None] * (len(mask) - len(value))
        return Items(value, mask or None, path, explain, note)
    if mask and first_unknown(mask) is not None:
        # The plan leaves the whole value out although a part of it will be known: an object or list to come.
        if type(mask) is dict:
            return Block({}, mask, path, explain, note)
        return Items([None] * len(mask), mask, path, explain, note)
    return value
