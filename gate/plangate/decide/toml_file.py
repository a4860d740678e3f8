"""One settings file: its bytes to data, with the line of every key.

Whatever is wrong is a UsageError that names file and line and shows no more than a key. Secrets are
looked for before anything else is said about the file, so that no other message can show one.
"""

from __future__ import annotations

import os
import re
import tomllib
from typing import Any

from plangate.decide.toml_lines import KeyPath, key_lines, line_of
from plangate.decide.toml_secrets import FIX, secret_in
from plangate.decide.toml_write import quoted
from plangate.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# A thousand waivers are a third of it.
LIMIT_BYTES = 1 << 20

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TWICE = re.compile(r"Cannot (?:overwrite|declare|mutate|redefine)|Duplicate")


class TomlFile:
    """A file that was read: `path` absolute, `label` as it is shown, `data` as tomllib gives it."""

    __slots__ = ("data", "label", "lines", "path")

    def __init__(self, path: str, label: str, data: dict[str, Any], lines: dict[KeyPath, int]) -> None:
        self.path, self.label, self.data, self.lines = path, label, data, lines

    def where(self, *path: str | int) -> str:
        """ "plangate.toml:12" for the key at `path`."""
        return f"{self.label}:{line_of(self.lines, path)}"


def read(path: str, label: str) -> TomlFile:
    """Read and parse the file at `path`; messages call it `label`."""
    text = _text(path, label)
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise UsageError("this is nested too deeply", where=label) from None
    except ValueError as error:  # TOMLDecodeError, and a number of too many digits
        raise _syntax(str(error), text, label) from None
    file = TomlFile(path, label, data, key_lines(text))
    for where, value in _strings(data, ()):
        what = secret_in(value)
        if what:
            raise UsageError(f"{what} stands in the settings", where=file.where(*where), fix=FIX)
    return file


def short(value: object) -> str:
    """A value or key of a file for a message: quoted, printable ASCII, at most 60 characters."""
    text = value if isinstance(value, str) else str(value)
    return quoted(text if len(text) <= 60 else text[:57] + "...")


def _text(path: str, label: str) -> str:
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            raise UsageError("this is not a file", where=label, fix="give the settings as a TOML file")
        with open(path, "rb") as stream:
            raw = stream.read(LIMIT_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise UsageError(f"the settings cannot be read ({reason})", where=label, fix="look at the path") from None
    if len(raw) > LIMIT_BYTES:
        raise UsageError(f"the settings are larger than {LIMIT_BYTES} bytes", where=label)
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UsageError("this is not UTF-8", where=f"{label}:{line}", fix="save it as UTF-8") from None


def _syntax(message: str, text: str, label: str) -> UsageError:
    place = _PLACE.search(message)
    lines = text.split("\n")
    number = int(place[1]) if place and place[1] else len(text.rstrip("\n").split("\n"))
    where = f"{label}:{number}"
    what = message[: place.start()] if place else "this is no TOML"
    if _TWICE.match(what):
        key = lines[number - 1].partition("=")[0].strip()
        # Only the key, and only when it holds no secret by mistake.
        name = "a key" if secret_in(key) else short(key)
        return UsageError(f"{name} is given twice", where=where, fix="keep one of the two")
    return UsageError(f"this is no TOML: {what}", where=where, fix="mend it here or just before")


def _strings(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key), key
            yield from _strings(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, (*path, index))
