"""On which line a key of a TOML text stands; the standard library's parser does not say.

The text has been parsed before, so it is valid TOML, and this only has to find its way through it.
"""

from __future__ import annotations

import contextlib
import re
import tomllib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*([A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*""")
_STRING = re.compile(
    r'''"""(?:[^\\]|\\.)*?"""(?:"{1,2}(?!"))?|\'\'\'.*?\'\'\'(?:'{1,2}(?!'))?|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''',
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def key_lines(text: str) -> dict[KeyPath, int]:
    """{path of a key or list element: line, from 1}; a table is where its header first stands.

    `text` has `\\n` for line ends. A text that cannot be followed gives what was found so far.
    """
    finder = _Finder(text)
    with contextlib.suppress(ValueError, RecursionError):
        finder.document()
    return finder.lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """The line of `path`, or of the nearest key around it; 1 for the document."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _LostError(ValueError):
    pass


class _Finder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self._counted, self._line = 0, 1
        # How many elements each list of tables has so far: [[x]] makes the next one.
        self._lengths: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while True:
            self._match(_BLANK)
            if self.at >= len(self.text):
                return
            if self.text.startswith("[[", self.at):
                table = self._header(2)
            elif self.text[self.at] == "[":
                table = self._header(1)
            else:
                self._pair(table)

    def _header(self, width: int) -> KeyPath:
        line = self._here()
        self.at += width
        *outer, last = self._key()
        self.at += width
        path = self._note((), outer, line)
        path += (last,)
        self.lines.setdefault(path, line)
        if width == 2:
            index = self._lengths.get(path, 0)
            self._lengths[path] = index + 1
            path += (index,)
            self.lines[path] = line
        elif path in self._lengths:
            path += (self._lengths[path] - 1,)
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._here()
        path = self._note(table, self._key(), line)
        if self.text[self.at : self.at + 1] != "=":
            raise _LostError
        self.at += 1
        self._match(_BLANK)
        self._value(path)

    def _note(self, path: KeyPath, parts: list[str], line: int) -> KeyPath:
        for part in parts:
            path += (part,)
            self.lines.setdefault(path, line)
            # A dotted header goes on in the last element of a list of tables.
            if path in self._lengths:
                path += (self._lengths[path] - 1,)
        return path

    def _value(self, path: KeyPath) -> None:
        char = self.text[self.at : self.at + 1]
        if char == "[":
            self._sequence("]", path)
        elif char == "{":
            self._sequence("}", path)
        elif char in ('"', "'"):
            self._match(_STRING, needed=True)
        else:
            self._match(_SCALAR, needed=True)

    def _sequence(self, end: str, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while True:
            self._match(_BLANK)
            char = self.text[self.at : self.at + 1]
            if not char:
                raise _LostError
            if char == end:
                self.at += 1
                return
            if char == ",":
                self.at += 1
            elif end == "}":
                self._pair(path)
            else:
                self.lines[(*path, index)] = self._here()
                self._value((*path, index))
                index += 1

    def _key(self) -> list[str]:
        parts = []
        while True:
            raw = self._match(_KEY_PART, needed=True).strip()
            parts.append(tomllib.loads(f"k = {raw}")["k"] if raw[0] in "\"'" else raw)
            if self.text[self.at : self.at + 1] != ".":
                return parts
            self.at += 1

    def _match(self, pattern: re.Pattern[str], needed: bool = False) -> str:
        found = pattern.match(self.text, self.at)
        if found is None or (needed and found.end() == self.at):
            raise _LostError
        self.at = found.end()
        return found.group()

    def _here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line
