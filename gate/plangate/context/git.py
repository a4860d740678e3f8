"""What git says of a checkout, read from its own files: no program is started.

https://git-scm.com/docs/gitrepository-layout
"""

from __future__ import annotations

import os

from .facts import branch, commit, repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST = 8 << 20  # bytes of one of its files: packed-refs of a large repository


def top(folder: str) -> str | None:
    """The nearest folder from `folder` upwards that holds `.git`, None for none."""
    here = os.path.realpath(folder)
    while not os.path.lexists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return here


def below(path: str, top: str) -> str | None:
    """`path` from `top` (absolute), as it is written or, where that leads elsewhere, as its links lead; "" for `top`
    itself, None for what is outside by both."""
    for place in (os.path.abspath(path), os.path.realpath(path)):
        if place == top:
            return ""
        if place.startswith(top.rstrip(os.sep) + os.sep):
            return os.path.relpath(place, top)
    return None


def head(folder: str) -> tuple[str | None, str | None]:
    """(branch, commit) that is checked out at `folder`, a repository's top; None for what cannot be told."""
    own = _directory(folder)
    line = _read(own, "HEAD")
    if not line.startswith("ref: "):
        return None, commit(line)
    ref = line[5:].strip()
    common = _common(own)
    found = _read(own, ref) or (_read(common, ref) if common != own else "")
    return branch(ref), commit(found) or _packed(common, ref)


def origin(folder: str) -> str | None:
    """`owner/name` of the remote called origin."""
    section = ""
    for line in _read(_common(_directory(folder)), "config").splitlines():
        text = line.strip()
        if text.startswith("["):
            section = text.lower()
        elif section == '[remote "origin"]':
            name, _, value = text.partition("=")
            if name.strip().lower() == "url":
                return repository(value.strip().strip('"'))
    return None


def fill(found: dict[str, Any], folder: str) -> None:
    """Put what the checkout around `folder` says where the CI service said nothing."""
    place = top(folder) if found["ref"] is None or found["commit"] is None or found["repository"] is None else None
    if place is None:
        return
    # On a pull request a CI service checks out a merge of its own making: its commit is not the change's.
    if found["pull_request"] is None:
        ref, at = head(place)
        found["ref"], found["commit"] = found["ref"] or ref, found["commit"] or at
    found["repository"] = found["repository"] or origin(place)


def _directory(folder: str) -> str:
    """Where git keeps this checkout's own files: `.git`, or what the file `.git` of a worktree or submodule names."""
    place = os.path.join(folder, ".git")
    if os.path.isdir(place):
        return place
    named = _read(folder, ".git")
    return os.path.join(folder, named[8:].strip()) if named.startswith("gitdir: ") else place


def _common(own: str) -> str:
    """Where the files are that worktrees share."""
    named = _read(own, "commondir")
    return os.path.normpath(os.path.join(own, named)) if named else own


def _packed(common: str, ref: str) -> str | None:
    for line in _read(common, "packed-refs").splitlines():
        at, _, name = line.partition(" ")
        if name == ref:
            return commit(at)
    return None


def _read(folder: str, name: str) -> str:
    if ".." in name.split("/"):
        return ""
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            return file.read(_MOST).strip("\n")
    except (OSError, ValueError):
        return ""
