"""Where `plangate.toml` is looked for. Every run asks this, so it costs a few `stat` calls and no more."""

from __future__ import annotations

import os

from plangate.errors import UsageError

NAME = "plangate.toml"


def find(cwd: str, home: str | None = None) -> str | None:
    """The nearest `plangate.toml` from `cwd` upwards, or None.

    The last folder looked in is the root of the repository (it holds `.git`), else `home`, else the
    root of the file system. Raises UsageError for a file above `cwd` that belongs to another user: in
    a shared folder such as /tmp anybody could loosen the gate by leaving one.
    """
    start = folder = os.path.abspath(cwd)
    stop = os.path.abspath(home) if home else None
    while True:
        path = os.path.join(folder, NAME)
        # lexists, so that a link that leads nowhere is an error when it is read, not a missing file.
        if os.path.lexists(path):
            if folder != start:
                _trust(path, start)
            return path
        parent = os.path.dirname(folder)
        if folder in (stop, parent) or os.path.lexists(os.path.join(folder, ".git")):
            return None
        folder = parent


def shown(path: str, cwd: str) -> str:
    """`path` as a reader in `cwd` would write it: relative where that is shorter."""
    try:
        relative = os.path.relpath(path, cwd)
    except ValueError:  # another drive
        return path
    return relative if len(relative) < len(path) else path


def _trust(path: str, start: str) -> None:
    if not hasattr(os, "getuid"):
        return
    try:
        owner, trusted = os.lstat(path).st_uid, {0, os.getuid(), os.stat(start).st_uid}
    except OSError:
        return  # it cannot be read either, and that is said when it is
    if owner not in trusted:
        raise UsageError(
            "this settings file above the working directory belongs to another user",
            where=path,
            fix=f"give it with --config {path} if it is meant",
        )
