"""From the address of a resource to file and lines, through the modules that lead to it."""

from __future__ import annotations

from . import blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .blocks import Blocks
    from .tree import Folder

MAX_PARSED = 8 << 20  # bytes in one run: beyond, a finding has no location


class Locator:
    """Finds blocks in the folders of a configuration; parses only files that may hold one that is asked for."""

    def __init__(self, folders: Mapping[str, Folder], read: Callable[[str], Blocks] = blocks.read) -> None:
        self._folders, self._read = folders, read
        self._parsed: dict[tuple[str, str], Blocks] = {}
        self._found: dict[tuple[str, tuple[str, ...]], tuple[str, int, int] | None] = {}
        self._left = MAX_PARSED

    def locate(self, modules: list[str], mode: str, type: str, name: str) -> dict[str, Any] | None:
        """{"file", "line", "end_line", "inside"} of a resource in the module that these calls lead to.

        The block, where it is in the repository; for a module of others the call that leads out of it, with the
        module's own place as `inside` ({"file", "line", "end_line"}, None where its text is not at hand). None where
        nothing is found.
        """
        kind = {"managed": "resource", "data": "data"}.get(mode, mode)
        folder = self._folders.get(".".join(modules))
        block = self._block(".".join(modules), (kind, type, name)) if folder is not None else None
        if folder is not None and folder.shown is not None:
            return _place(folder.path(block[0]), block, None) if block else None
        inside = None
        if folder is not None and block is not None:
            inside = {"file": folder.path(block[0]), "line": block[1], "end_line": block[2]}
        for depth in range(len(modules), 0, -1):
            key = ".".join(modules[: depth - 1])
            caller = self._folders.get(key)
            if caller is not None and caller.shown is not None:
                call = self._block(key, ("module", modules[depth - 1]))
                return _place(caller.path(call[0]), call, inside) if call else None
        return None

    def declares(self, key: str, names: tuple[str, ...]) -> bool:
        """Whether some file of a module may declare a block: by its text, nothing is parsed."""
        folder = self._folders.get(key)
        return folder is not None and any(_mentions(text, names) for text in folder.files.values())

    def _block(self, key: str, names: tuple[str, ...]) -> tuple[str, int, int] | None:
        at = key, names
        if at not in self._found:
            self._found[at] = self._look(key, names)
        return self._found[at]

    def _look(self, key: str, names: tuple[str, ...]) -> tuple[str, int, int] | None:
        folder = self._folders.get(key)
        if folder is None:
            return None
        # Overrides are merged into what they override: that is where the block stands.
        for file in sorted(folder.files, key=lambda n: (n.rpartition(".")[0].endswith("override"), n)):
            text = folder.files[file]
            if _mentions(text, names):
                lines = self._blocks(key, file, text).get(names)
                if lines is not None:
                    return file, *lines
        return None

    def _blocks(self, key: str, file: str, text: str) -> Blocks:
        at = key, file
        if at not in self._parsed:
            self._left -= len(text)
            self._parsed[at] = self._read(text) if self._left >= 0 else {}
        return self._parsed[at]


def _mentions(text: str, names: tuple[str, ...]) -> bool:
    return all(f'"{name}"' in text for name in names[1:]) and names[0] in text


def _place(path: str, block: tuple[str, int, int], inside: dict[str, Any] | None) -> dict[str, Any]:
    return {"file": path, "line": block[1], "end_line": block[2], "inside": inside}
