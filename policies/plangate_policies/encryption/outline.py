"""What a YAML text says in block mappings: names, scalars and mappings within mappings.

Sequences, flow collections, anchors, tags and texts over several lines are not read.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WORDS = {"true": True, "false": False, "null": None, "~": None, "{}": None, "[]": None, "": None}


def outline(text: str, unread: Any) -> dict[str, Any]:
    """The mapping that a text is, with `unread` for what is not read. Raises ValueError where it is none."""
    root: dict[str, Any] = {}
    open_: list[tuple[int, dict[str, Any]]] = []  # the mappings around a line, with their indentation
    last = ""  # the name read last, in the innermost of them
    for line in text.splitlines():
        words = line.strip()
        if not words or words.startswith(("#", "---", "...", "%")):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if not open_:
            open_.append((indent, root))
        elif indent > open_[-1][0]:
            inner: dict[str, Any] = {}
            if open_[-1][1][last] is not None or not _is_entry(words):
                open_[-1][1][last] = unread  # goes on with something that is no mapping
                continue
            open_[-1][1][last] = inner
            open_.append((indent, inner))
        while len(open_) > 1 and indent < open_[-1][0]:
            open_.pop()
        if words.startswith("- ") or words == "-":
            if not root:
                break
            last = next(reversed(open_[-1][1]))
            open_[-1][1][last] = unread
            continue
        if indent != open_[-1][0] or not _is_entry(words):
            raise ValueError("no mapping")
        last, value = _entry(words)
        open_[-1][1][last] = _scalar(value, unread)
    if not root:
        raise ValueError("no mapping")
    return root


def _is_entry(words: str) -> bool:
    return words[:1] not in "-[{?&*!|>" and bool(_entry(words)[0])


def _entry(words: str) -> tuple[str, str]:
    """Name and value of `name: value`; the name is empty where the line is no such thing."""
    if words[0] in "'\"":
        name, quote, rest = words[1:].partition(words[0])
        return (name, rest[1:].strip()) if quote and rest.startswith(":") else ("", "")
    name, colon, rest = (words + " ").partition(": ")
    return (name, rest.strip()) if colon else ("", "")


def _scalar(value: str, unread: Any) -> Any:
    if value[:1] in ("'", '"'):
        inner, quote, rest = value[1:].partition(value[0])
        whole = quote and (not rest or rest.lstrip().startswith("#")) and "\\" not in inner
        return inner if whole else unread
    value = "" if value.startswith("#") else value.partition(" #")[0].rstrip()
    if value in _WORDS or value.lower() in _WORDS:
        return _WORDS[value.lower()]
    return unread if value[0] in "[{&*!|>@`%" else value
