"""The files that hold for a run: the nearest one, and what it extends, and so on.

A package's file is found without importing the package, and never in the working directory: there,
the change that is being judged could put a base of its own in the place of the installed one.
"""

from __future__ import annotations

import os
import sys
from importlib import metadata
from importlib.machinery import PathFinder

from plangate.decide.find import shown
from plangate.decide.toml_file import TomlFile, read, short
from plangate.errors import UsageError

DEPTH = 16
_PACKAGE = "package:"


def chain(path: str, cwd: str) -> list[TomlFile]:
    """The file at `path` and its bases, the nearest first. UsageError for a circle or a missing base."""
    files = [read(path, shown(path, cwd))]
    seen = {os.path.realpath(path)}
    while True:
        file = files[-1]
        base = file.data.get("extends")
        if not isinstance(base, str) or not base.strip():
            return files  # a wrong type is said by the model, with all else
        where = file.where("extends")
        target, label = _target(base, file, cwd, where)
        if os.path.realpath(target) in seen:
            raise UsageError(f"extends {short(base)} goes in a circle", where=where, fix="end it at a base")
        if len(files) >= DEPTH:
            raise UsageError(f"more than {DEPTH} files extend each other", where=where)
        if not os.path.isfile(target):
            raise UsageError(f"extends {short(base)} names no file", where=where, fix="paths are relative to this file")
        seen.add(os.path.realpath(target))
        files.append(read(target, label))


def _target(base: str, file: TomlFile, cwd: str, where: str) -> tuple[str, str]:
    if not base.startswith(_PACKAGE):
        target = os.path.normpath(os.path.join(os.path.dirname(file.path), base))
        return target, shown(target, cwd)
    name, _, inner = base.removeprefix(_PACKAGE).partition("/")
    parts = inner.split("/")
    if not name or any(part in ("", ".", "..") or "\\" in part for part in parts):
        raise UsageError(f"extends {short(base)} is no package:NAME/PATH", where=where)
    roots = _roots(name, cwd)
    if not roots:
        what = f"extends {short(base)}: no such package is installed"
        raise UsageError(what, where=where, fix="install it beside plangate")
    found = [os.path.join(root, *parts) for root in roots]
    return next((path for path in found if os.path.isfile(path)), found[0]), base


def _roots(name: str, cwd: str) -> list[str]:
    """Folders an installed package or distribution may hold the file in."""
    path = [entry for entry in sys.path if entry and os.path.realpath(entry) != os.path.realpath(cwd)]
    roots: list[str] = []
    if "." not in name:
        spec = PathFinder.find_spec(name, path)
        if spec is not None:
            roots += list(spec.submodule_search_locations or ())
    try:
        for distribution in metadata.distributions(name=name, path=path):
            roots.append(str(distribution.locate_file("")))
    except ValueError:  # a name no distribution can have
        pass
    return roots
