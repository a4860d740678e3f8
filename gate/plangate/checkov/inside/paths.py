"""dpath's `search` and `get` as Checkov's checks use them, without walking what a path does not name.

dpath walks the whole object for each question: two thirds of the time of Checkov's Python checks. Same answers,
same errors, for the globs that checks write (names, `*`, `[0]`); anything else is left to dpath itself.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_NONE: Any = object()
_split: dict[str, tuple[tuple[str, bool, int | None], ...] | None] = {}


def _steps(glob: str) -> tuple[tuple[str, bool, int | None], ...] | None:
    """(text, is a pattern, index) of each segment; None for what only dpath understands."""
    if glob in _split:
        return _split[glob]
    found: list[tuple[str, bool, int | None]] | None = []
    for part in glob.lstrip("/").split("/"):
        if part == "**" or part.startswith("-"):
            found = None
            break
        assert found is not None
        found.append((part, any(c in "*?[" for c in part), int(part) if part.isdecimal() else None))
    _split[glob] = tuple(found) if found is not None else None
    return _split[glob]


def _found(node: Any, steps: tuple[tuple[str, bool, int | None], ...], at: int, out: list[Any]) -> None:
    text, pattern, index = steps[at]
    last = at + 1 == len(steps)
    kind = type(node)
    if kind is dict:
        if pattern:
            values = [v for k, v in node.items() if fnmatchcase(k, text)]
        else:
            value = node.get(text, _NONE)
            if value is _NONE:
                return
            values = [value]
    elif kind is list:
        if index is not None:
            values = node[index : index + 1]
        elif pattern:
            values = [v for i, v in enumerate(node) if fnmatchcase(str(i), text)]
        else:
            return
    else:
        return
    if last:
        out += values
        return
    for value in values:
        _found(value, steps, at + 1, out)


def _inside_list_of_lists(node: Any, steps: tuple[tuple[str, bool, int | None], ...], at: int) -> bool:
    """Whether the way to a match goes through a list that stands in a list.

    Those keep the class of Checkov's reader, which dpath cannot make a copy of: there its search raises.
    """
    text, pattern, index = steps[at]
    if at + 1 == len(steps):
        return False
    kind = type(node)
    if kind is dict:
        values = [v for k, v in node.items() if (fnmatchcase(k, text) if pattern else k == text)]
    elif kind is list:
        values = [v for i, v in enumerate(node) if (i == index or (pattern and fnmatchcase(str(i), text)))]
    else:
        return False
    for value in values:
        if kind is list and type(value) is list:
            out: list[Any] = []
            _found(value, steps, at + 1, out)
            if out:
                return True
        if _inside_list_of_lists(value, steps, at + 1):
            return True
    return False


class Dpath:
    """Stands for the module `dpath` in Checkov's base classes."""

    def __init__(self, original: Any) -> None:
        self._original = original

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)

    def search(self, obj: Any, glob: Any, yielded: bool = False, **options: Any) -> Any:
        """As dpath.search; not yielded, only whether it is empty means anything."""
        if options or type(glob) is not str:
            return self._original.search(obj, glob, yielded=yielded, **options)
        if yielded:
            name = glob[3:]
            plain = name and "/" not in name and not name.isdecimal() and not any(c in "*?[" for c in name)
            if glob[:3] == "**/" and plain:
                return _anywhere(obj, name, "") if name in keys(obj) else iter(())
            return self._original.search(obj, glob, yielded=True)
        steps = _steps(glob)
        if steps is None:
            return self._original.search(obj, glob)
        out: list[Any] = []
        _found(obj, steps, 0, out)
        if out and len(steps) > 2 and _inside_list_of_lists(obj, steps, 0):
            raise TypeError("ListNode.__init__() missing 3 required positional arguments")
        return {glob: out} if out else {}

    def get(self, obj: Any, glob: Any, **options: Any) -> Any:
        """As dpath.get: KeyError where nothing matches, ValueError where several do."""
        steps = _steps(glob) if type(glob) is str and not options else None
        if steps is None or glob == "/":
            return self._original.get(obj, glob, **options)
        out: list[Any] = []
        _found(obj, steps, 0, out)
        if not out:
            raise KeyError(glob)
        if len(out) > 1:
            raise ValueError(f"dpath.get() globs must match only one leaf: {glob}")
        return out[0]


def _anywhere(node: Any, name: str, prefix: str) -> Iterator[tuple[str, Any]]:
    if type(node) is dict:
        if name in node:
            yield prefix + name, node[name]
        for key, value in list(node.items()):
            if type(value) is dict or type(value) is list:
                yield from _anywhere(value, name, f"{prefix}{key}/")
    else:
        for at, value in enumerate(node):
            if type(value) is dict or type(value) is list:
                yield from _anywhere(value, name, f"{prefix}{at}/")


_last: list[Any] = [None, frozenset()]


def keys(conf: Any) -> set[str]:
    """The name of every attribute anywhere in a configuration; kept for the one asked about last."""
    if _last[0] is not conf or "dynamic" in _last[1]:
        found: set[str] = set()
        stack = [conf]
        while stack:
            node = stack.pop()
            if type(node) is dict:
                found.update(node)
                stack += node.values()
            elif type(node) is list:
                stack += node
        _last[0], _last[1] = conf, found
    return _last[1]  # type: ignore[no-any-return]


def without_dynamic(original: Any) -> Any:
    """Checkov's handle_dynamic_values, called only where an attribute `dynamic` stands anywhere."""

    def handle(conf: Any, has_dynamic_block: bool = False) -> Any:
        return original(conf, has_dynamic_block) if "dynamic" in keys(conf) else has_dynamic_block

    return handle
