"""The files of custom checks in Checkov's formats that a setting names: Python, and YAML or JSON graph checks.

Checkov walks a folder, takes the Python files of those folders that have an `__init__.py`, and says nothing of
the others. Here a path that holds no check is a mistake.
"""

from __future__ import annotations

import os

from plangate.errors import UsageError

_GRAPH = (".yaml", ".yml", ".json")


def files(paths: tuple[str, ...], where: str) -> tuple[list[str], list[str]]:
    """(Python files, graph files) of `external_checks`, absolute and sorted. Raises UsageError."""
    python: list[str] = []
    graph: list[str] = []
    for path in paths:
        found = list(_of(path))
        if not found:
            raise UsageError(
                "there is no custom check here",
                where=path,
                fix=f"look at external_checks ({where}); Python checks need an __init__.py beside them",
            )
        for file in found:
            listed = python if file.endswith(".py") else graph
            if file not in listed:
                listed.append(file)
    return python, graph


def _of(path: str) -> list[str]:
    whole = os.path.abspath(path)
    if os.path.isfile(whole):
        return [whole] if whole.endswith((".py", *_GRAPH)) else []
    found = []
    for folder, folders, names in os.walk(whole):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__")))
        package = "__init__.py" in names
        for name in sorted(names):
            if name.startswith((".", "__")):
                continue
            if name.endswith(_GRAPH) or (package and name.endswith(".py")):
                found.append(os.path.join(folder, name))
    return found


def ids(files: list[str]) -> list[str]:
    """What the files give as ids of checks, as far as they can be read without running them."""
    import re

    pattern = re.compile(r"""\bid["']?\s*[:=]\s*["']?([A-Za-z][A-Za-z0-9_-]*)""")
    found: list[str] = []
    for file in files:
        try:
            with open(file, encoding="utf-8", errors="replace") as stream:
                found += pattern.findall(stream.read())
        except OSError:
            continue
    return list(dict.fromkeys(found))
