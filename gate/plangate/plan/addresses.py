"""Addresses of modules and keys of instances, taken apart and written as Terraform writes them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def module_steps(address: str) -> list[tuple[str, Any]]:
    """The steps of a module address as (name, key): `module.a["x.y"].module.b[0]` -> [("a", "x.y"), ("b", 0)].

    The key of a module without count and for_each is None. Quoted keys may hold anything; the text is only
    taken apart between them. What does not read as a module address gives [].
    """
    steps: list[tuple[str, Any]] = []
    i, n = 0, len(address)
    while i < n:
        if not address.startswith("module.", i):
            return []
        i += 7
        start = i
        while i < n and address[i] not in ".[":
            i += 1
        name, key = address[start:i], None
        if i < n and address[i] == "[":
            key, i = instance_key(address, i)
            if i < 0:
                return []
        steps.append((name, key))
        if i < n and address[i] == ".":
            i += 1
    return steps


def split(reference: str) -> list[tuple[str, Any]]:
    """`aws_s3_bucket.a["x.y"].id` -> [("aws_s3_bucket", None), ("a", "x.y"), ("id", None)]; [] for what is none."""
    out: list[tuple[str, Any]] = []
    i, n = 0, len(reference)
    while i < n:
        start = i
        while i < n and reference[i] not in ".[":
            i += 1
        name, key = reference[start:i], None
        while i < n and reference[i] == "[":
            found, i = instance_key(reference, i)
            if i < 0:
                return []
            key = found if key is None else key
        out.append((name, key))
        i += 1
    return out


def instance_key(text: str, at: int) -> tuple[Any, int]:
    """The instance key that starts at `text[at] == "["` and the place after it; (None, -1) when there is none."""
    i, n = at + 1, len(text)
    if i < n and text[i] == '"':
        out = ""
        i += 1
        while i < n and text[i] != '"':
            if text[i] == "\\" and i + 1 < n:
                value, i = _escape(text, i + 1)
                out += value
                continue
            out += text[i]
            i += 1
        return (out, i + 2) if text[i : i + 2] == '"]' else (None, -1)
    end = text.find("]", i)
    digits = text[i:end]
    return (int(digits), end + 1) if end > 0 and digits.isdecimal() and len(digits) < 20 else (None, -1)


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def _escape(text: str, at: int) -> tuple[str, int]:
    letter = text[at]
    width = {"u": 4, "U": 8}.get(letter)
    if width:
        try:
            return chr(int(text[at + 1 : at + 1 + width], 16)), at + 1 + width
        except (ValueError, OverflowError):
            return letter, at + 1
    return _ESCAPES.get(letter, letter), at + 1


def module_address(steps: list[tuple[str, Any]]) -> str:
    """The address of a module instance from its steps, written as Terraform writes it."""
    return ".".join(f"module.{name}{written_key(key)}" for name, key in steps)


def written_key(key: Any) -> str:
    """An instance key as it stands in an address: "", `[0]` or `["x"]` with Terraform's escapes."""
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    out = ""
    for c in str(key):
        if c in '"\\':
            out += "\\" + c
        elif c == "\n":
            out += "\\n"
        elif c == "\r":
            out += "\\r"
        elif c == "\t":
            out += "\\t"
        elif c.isprintable():
            out += c
        else:
            out += f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"
    # HCL templates: a literal ${ or %{ is written with the sign doubled.
    return '["' + out.replace("${", "$${").replace("%{", "%%{") + '"]'
