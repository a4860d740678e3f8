"""The folders of a configuration by module: from a plan file's snapshot, or from a working directory.

A module key is the path of its calls without instance keys (`network.subnets`), "" for the root.
"""

from __future__ import annotations

import json
import posixpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

# Terraform reads both, and since 1.8 OpenTofu prefers its own ending; the JSON syntax has no blocks to point at.
ENDINGS = (".tf", ".tofu")
MAX_FILES = 500  # of one module
MAX_BYTES = 4 << 20  # of one file: what is larger is not looked at


class Folder:
    """One module's files. `shown` is where they are in the repository, None for a module that is not part of it."""

    __slots__ = ("_files", "_read", "shown", "within")

    def __init__(self, read: Callable[[], Mapping[str, str]], shown: str | None, within: str) -> None:
        self._read, self.shown, self.within = read, shown, within
        self._files: Mapping[str, str] | None = None

    @property
    def files(self) -> Mapping[str, str]:
        """File name -> text, read when first asked for."""
        if self._files is None:
            self._files = self._read()
        return self._files

    def path(self, name: str) -> str:
        """The path of a file as it is shown; of another's module as the configuration has it."""
        return posixpath.normpath(posixpath.join(self.within if self.shown is None else self.shown, name))


def snapshot(sources: Mapping[str, bytes], manifest: bytes, base: str) -> dict[str, Folder]:
    """The folders of a plan file: `sources` as PlanFile.sources gives them, the manifest `tfconfig/modules.json`.

    `base` is where the root module is in the repository ("" for its top).
    """
    folders: dict[str, Folder] = {}
    by_folder: dict[str, dict[str, str]] = {}
    for path, data in sources.items():
        if path.endswith(ENDINGS):
            by_folder.setdefault(posixpath.dirname(path) or ".", {})[posixpath.basename(path)] = _text(data)
    for key, source, folder in _entries(manifest):
        files = by_folder.get(posixpath.normpath(folder), {})
        folders[key] = Folder(lambda files=files: files, _own(key, source, folder, folders, base), folder)  # type: ignore[misc]
    return folders


def directory(
    read: Callable[[str], Mapping[str, bytes]], manifest: bytes, calls: Mapping[str, Any], base: str
) -> dict[str, Folder]:
    """The folders of a root module on disk: `read` gives the files of a folder (relative to the root, with '/').

    `manifest` is `.terraform/modules/modules.json` (b"" where there is none), `calls` the sources of the module calls
    by module key, as the plan's configuration has them: without a manifest they lead to local modules.
    """

    def lazily(folder: str) -> Callable[[], Mapping[str, str]]:
        return lambda: {name: _text(data) for name, data in read(folder).items() if name.endswith(ENDINGS)}

    folders: dict[str, Folder] = {}
    for key, source, folder in [("", "", "."), *_entries(manifest)]:
        if key or not folders:
            folders[key] = Folder(lazily(folder), _own(key, source, folder, folders, base), folder)
    for key in sorted(calls):
        source = calls[key]
        parent = folders.get(key.rpartition(".")[0])
        if key not in folders and parent is not None and type(source) is str and source.startswith(("./", "../")):
            folder = posixpath.normpath(posixpath.join(parent.within, source))
            folders[key] = Folder(lazily(folder), _own(key, source, folder, folders, base), folder)
    return folders


def _own(key: str, source: str, folder: str, folders: Mapping[str, Folder], base: str) -> str | None:
    """Where a module is in the repository: the root, and local modules of what is in it."""
    if key == "":
        return base or "."
    parent = folders.get(key.rpartition(".")[0])
    if parent is None or parent.shown is None or not source.startswith(("./", "../")):
        return None
    path = posixpath.normpath(posixpath.join(base, folder))
    return None if path.startswith("..") else path


def _entries(manifest: bytes) -> list[tuple[str, str, str]]:
    """(key, source, folder) of a manifest, callers before what they call."""
    try:
        found = json.loads(manifest) if manifest else []
    except (ValueError, RecursionError):
        return []
    listed = found.get("Modules") if type(found) is dict else found
    rows = []
    for entry in listed if type(listed) is list else ():
        words = [entry.get(name) for name in ("Key", "Source", "Dir")] if type(entry) is dict else [None]
        key, source, folder = words if len(words) == 3 else (None, None, None)
        if type(key) is str and type(folder) is str:
            rows.append((key, source if type(source) is str else "", folder.replace("\\", "/")))
    return sorted(rows, key=lambda row: (row[0].count("."), row[0] != ""))


def _text(data: bytes) -> str:
    return data[:MAX_BYTES].decode("utf-8-sig", "replace")
