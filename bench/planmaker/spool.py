"""Pieces of sections on disk until their order is known, so that memory stays small at any size."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO

from planmaker.blueprints import Path
from planmaker.encode import dumps


def sort_key(path: Path) -> tuple[Any, ...]:
    """As Terraform sorts addresses: shorter paths first, no key before numbers before strings."""
    steps: list[Any] = [len(path)]
    for name, key in path:
        steps.append((name, 0 if key is None else 1 if isinstance(key, int) else 2, 0 if key is None else key))
    return tuple(steps)


def path_address(path: Path) -> str:
    """`module.a["k"].module.b`, empty for the root."""
    return ".".join(f"module.{name}" if key is None else f"module.{name}[{dumps(key)}]" for name, key in path)


class Spool:
    """JSON objects of one section, in a file without a name."""

    def __init__(self, folder: str) -> None:
        self.file: BinaryIO = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self.index: dict[Path, list[tuple[Any, int, int]]] = {}
        self.end = 0

    def add(self, path: Path, order: Any, text: str) -> None:
        data = text.encode()
        self.file.write(data)
        self.index.setdefault(path, []).append((order, self.end, len(data)))
        self.end += len(data)

    def write_list(self, path: Path, write: Callable[[bytes], Any]) -> None:
        """The objects at `path`, sorted and separated by commas."""
        separator = b""
        for _, start, length in sorted(self.index.get(path, ())):
            self.file.seek(start)
            write(separator + self.file.read(length))
            separator = b","

    def write_module(self, write: Callable[[bytes], Any], data_sources: bytes = b"") -> None:
        """`root_module` of a values object, with its child modules; data sources come first in the root."""
        children: dict[Path, set[Path]] = {}
        for path in self.index:
            for depth in range(len(path)):
                children.setdefault(path[:depth], set()).add(path[: depth + 1])
        self._module((), children, write, data_sources)

    def _module(
        self, path: Path, children: dict[Path, set[Path]], write: Callable[[bytes], Any], first: bytes = b""
    ) -> None:
        write(b"{")
        separator = b""
        if first or path in self.index:
            write(b'"resources":[' + first)
            if first and path in self.index:
                write(b",")
            self.write_list(path, write)
            write(b"]")
            separator = b","
        if path:
            write(separator + f'"address":{dumps(path_address(path))}'.encode())
            separator = b","
        below = sorted(children.get(path, ()), key=sort_key)
        if below:
            write(separator + b'"child_modules":[')
            for number, child in enumerate(below):
                if number:
                    write(b",")
                self._module(child, children, write)
            write(b"]")
        write(b"}")

    def close(self) -> None:
        self.file.close()


class Spools:
    """The four sections that list resources."""

    def __init__(self, folder: str) -> None:
        self.planned = Spool(folder)
        self.prior = Spool(folder)
        self.changes = Spool(folder)
        self.drift = Spool(folder)

    def close(self) -> None:
        for spool in (self.planned, self.prior, self.changes, self.drift):
            spool.close()
