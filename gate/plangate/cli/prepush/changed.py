"""What a push changes, and what there is: asked of git."""

from __future__ import annotations

import os
import subprocess

from plangate.errors import UsageError
from plangate.plan.show import on_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NONE = frozenset("0")  # git writes an id of zeros where there is none


def top() -> str:
    """The top of the repository. Raises UsageError outside of one."""
    code, said = git(".", "rev-parse", "--show-toplevel")
    if code != 0 or not said:
        raise UsageError("this is no working tree of git", where=os.getcwd(), fix="run it in a repository")
    return said.splitlines()[0]


def tracked(folder: str) -> list[str]:
    """Every file that git keeps, from the top."""
    return _names(git(folder, "ls-files", "-z")[1])


def changed(folder: str, environ: Mapping[str, str], lines: Iterable[str], remote: str) -> set[str] | None:
    """The files that a push changes, from the top; None where nobody says what is pushed.

    pre-commit says it in PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF; git writes `LOCAL-REF ID REMOTE-REF ID` a line
    (githooks(5), pre-push).
    """
    first, last = environ.get("PRE_COMMIT_FROM_REF"), environ.get("PRE_COMMIT_TO_REF")
    if first and last:
        return _between(folder, first, last, remote)
    found: set[str] | None = None
    for line in lines:
        words = line.split()
        if len(words) != 4:
            continue
        found = found or set()
        _, here, _, there = words
        if not _NONE.issuperset(here):
            found |= _between(folder, there, here, remote)
    return found


def _between(folder: str, there: str, here: str, remote: str) -> set[str]:
    """What `here` has that `there` has not; of a new branch, and of a commit unknown here, what no branch of the remote
    has."""
    if not _NONE.issuperset(there):
        code, said = git(folder, "diff", "--name-only", "-z", "--no-renames", f"{there}...{here}", "--")
        if code == 0:
            return set(_names(said))
    own = ("--not", f"--remotes={remote}") if remote else ("--not", "--remotes")
    return set(_names(git(folder, "log", "--name-only", "--pretty=format:", "-z", "--no-renames", here, *own, "--")[1]))


def allowed(folder: str) -> bool:
    """Whether the user lets us run `terraform plan`: git's own setting plangate.plan, which no repository brings."""
    code, said = git(folder, "config", "--type=bool", "--get", "plangate.plan")
    return code == 0 and said.strip() == "true"


def git(folder: str, *words: str) -> tuple[int, str]:
    """(exit code, standard output). Raises UsageError where there is no git."""
    command = on_path("git", os.environ)
    try:
        if command is None:
            raise FileNotFoundError
        done = subprocess.run([command, *words], cwd=folder, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise UsageError("git could not be asked", fix="look whether git is on PATH") from None
    return done.returncode, done.stdout.decode("utf-8", "surrogateescape")


def _names(said: str) -> list[str]:
    return [name.strip("\n") for name in said.split("\0") if name.strip("\n")]
