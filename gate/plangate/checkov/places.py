"""Where Checkov's environment, its index and its results are kept: in the user's cache.

On the way of every run: one look at one file, nothing imported.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = "3.3.30"  # the version in checkov.lock, which all of checkov/inside is written for; a test compares them
INDEX = "plangate-index-2.json"  # its number changes with what stands in it: see inside/index.py
LOCK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "checkov.lock")


def cache(environ: Mapping[str, str]) -> str | None:
    """plangate's folder in the user's cache, None where there is no home to have one."""
    base: str | None
    if sys.platform == "win32":
        base = environ.get("LOCALAPPDATA")
    elif environ.get("XDG_CACHE_HOME", "").startswith("/"):
        base = environ["XDG_CACHE_HOME"]
    else:
        home = environ.get("HOME")
        base = os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache") if home else None
    return os.path.join(base, "plangate") if base and os.path.isabs(base) else None


def environment(environ: Mapping[str, str]) -> str | None:
    """The folder of the environment that `plangate checkov install` makes for this Python."""
    root = cache(environ)
    version = f"{VERSION}-py{sys.version_info[0]}.{sys.version_info[1]}"
    return os.path.join(root, "checkov", version) if root else None


def python_in(folder: str) -> str:
    """The interpreter of an environment."""
    return os.path.join(folder, "Scripts", "python.exe") if os.name == "nt" else os.path.join(folder, "bin", "python")


class Place:
    """An environment that can be used: its interpreter and the index of its checks.

    `given` is the setting or variable that names it; None for the one that plangate installed.
    """

    __slots__ = ("given", "index", "python")

    def __init__(self, python: str, index: str, given: str | None = None) -> None:
        self.python, self.index, self.given = python, index, given


def installed(environ: Mapping[str, str]) -> Place | None:
    """The environment that plangate installed, None when there is none; it is put in its place when it is whole."""
    folder = environment(environ)
    if folder is None or not os.path.isdir(folder):
        return None
    return Place(python_in(folder), os.path.join(folder, INDEX))


def given(environ: Mapping[str, str], setting: str | None, where: str) -> tuple[str, str] | None:
    """(interpreter, what names it) of an environment of the user's own: PLANGATE_CHECKOV_PYTHON, else the setting."""
    variable = environ.get("PLANGATE_CHECKOV_PYTHON")
    if variable:
        return variable, "PLANGATE_CHECKOV_PYTHON"
    return (setting, where) if setting else None
