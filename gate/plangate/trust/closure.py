"""Which files of a commit a run needs: its settings, what they extend and name, and the policies of -p."""

from __future__ import annotations

import os
import tomllib

from plangate.context.git import below
from plangate.decide.find import NAME
from plangate.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from .tree import Export

_MOST = 64  # settings files; they may extend 16 deep
_FOLDERS = (("policies", "paths"), ("checkov", "external_checks"))
_SETTINGS = ("extends", "waivers")
_LONGEST = 4096  # characters of a path


class Closure:
    """Takes files into `export`; `top` is the real checkout, whose own files are never read."""

    def __init__(self, export: Export, top: str) -> None:
        self._export, self._top = export, top
        self.files: set[str] = set()  # the settings files of the commit

    def settings(self, cwd: str, config: str | None) -> None:
        """The settings of a run in `cwd`, and all that they name."""
        path = os.path.join(cwd, config) if config else self._nearest(cwd)
        waiting = [path] if path else []
        seen: set[str] = set()
        while waiting:
            path = os.path.normpath(waiting.pop())
            if path in seen or len(seen) > _MOST:
                continue
            seen.add(path)
            data = self._toml(path)
            if data is not None:
                waiting += self._named(path, data)

    def policies(self, cwd: str, paths: Iterable[str]) -> None:
        """The policy files and folders that -p names in the checkout."""
        for written in paths:
            inner = self.inner(os.path.join(cwd, written))
            if inner is not None and not self._deep(inner):
                raise UsageError("there is no policy file or folder here in the trusted commit", where=written)

    def inner(self, path: str) -> str | None:
        """A path of the checkout, from its top and with '/'; None for one outside of it."""
        found = below(path, self._top)
        return None if found is None else found.replace(os.sep, "/")

    def _nearest(self, cwd: str) -> str | None:
        folder = self.inner(cwd) or ""
        while True:
            path = f"{folder}/{NAME}" if folder else NAME
            if self._export.tree.entry(path) is not None:
                return os.path.join(self._top, path)
            if not folder:
                return None
            folder = os.path.dirname(folder)

    def _toml(self, path: str) -> dict[str, Any] | None:
        """A settings file, of the commit or from outside; None for one that decide.load will complain of."""
        inner = self.inner(path)
        try:
            if inner is None:
                with open(path, "rb") as file:
                    data = file.read(1 << 21)
            else:
                if self._export.take(inner) != "file":
                    return None
                data = self._export.written[inner]
                self.files.add(inner)
            return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
        except (OSError, ValueError, RecursionError):
            return None

    def _named(self, path: str, data: dict[str, Any]) -> Iterator[str]:
        """Take everything a settings file names; further settings files are yielded."""
        folder, ours = os.path.dirname(path), self.inner(path) is not None
        for key in _SETTINGS:
            written = data.get(key)
            if isinstance(written, str) and not written.startswith("package:"):
                yield self._target(folder, written, ours, key, strict=True)
        for table, key in _FOLDERS:
            section = data.get(table)
            listed = section.get(key) if isinstance(section, dict) else None
            for written in listed if isinstance(listed, list) else ():
                if isinstance(written, str):
                    inner = self.inner(self._target(folder, written, ours, f"{table}.{key}", strict=True))
                    if inner is not None:
                        self._deep(inner)
        # Settings of policies may be files; which ones only the policies know.
        for text in _strings(data):
            inner = self.inner(self._target(folder, text, ours, "a setting", strict=False))
            if inner:
                self._export.take(inner)

    def _target(self, folder: str, written: str, ours: bool, key: str, *, strict: bool) -> str:
        """Where a path leads to. Raises UsageError for one from which the checkout would be read: absolute, or out of
        the repository, or into it from outside."""
        text = written.removeprefix("file:")
        if "\0" in text or len(text) > _LONGEST:
            return os.devnull
        target = os.path.normpath(os.path.join(folder, text))
        inside = self.inner(target) is not None
        if inside and (not ours or os.path.isabs(text)):
            raise UsageError(
                f"{key} {written[:100]!a} leads into the checkout, which --trusted-ref does not trust",
                fix="write it relative to a settings file of the repository, or keep it elsewhere",
            )
        if strict and ours and not inside and not os.path.isabs(text):
            raise UsageError(
                f"{key} {written[:100]!a} leads out of the repository", fix="write an absolute path, or keep it inside"
            )
        return target

    def _deep(self, inner: str) -> bool:
        """Take a folder, or a file with what lies beside it: policies may read data of their own."""
        found = self._export.take(inner, deep=True)
        beside = os.path.dirname(inner)
        if found == "file" and beside:
            self._export.take(beside, deep=True)
        return found is not None


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
