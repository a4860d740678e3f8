"""Values as TOML text of printable ASCII, so that what is shown can be pasted and carries no escape codes."""

from __future__ import annotations

_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def writable(text: str) -> bool:
    """Whether TOML can hold `text` at all: it knows no lone surrogates."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def quoted(text: str) -> str:
    """A basic string. Lone surrogates, which TOML cannot hold, become U+FFFD."""
    return '"' + "".join(_escaped(char) for char in text) + '"'


def key(name: str) -> str:
    """A key, quoted where it must be."""
    return name if name and _BARE.issuperset(name) else quoted(name)


def value(thing: object) -> str:
    """A string, boolean, number, list or table on one line."""
    if isinstance(thing, bool):
        return "true" if thing else "false"
    if isinstance(thing, (int, float)):
        return repr(thing)
    if isinstance(thing, (list, tuple)):
        return "[" + ", ".join(value(item) for item in thing) + "]"
    if isinstance(thing, dict):
        return "{" + ", ".join(f"{key(name)} = {value(item)}" for name, item in thing.items()) + "}"
    return quoted(str(thing))


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if " " <= char <= "~":
        return char
    code = 0xFFFD if "\ud800" <= char <= "\udfff" else ord(char)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
