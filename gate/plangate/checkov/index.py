"""The environment that a run uses, and the index of its checks, made where it is missing."""

from __future__ import annotations

import json
import os

from plangate.errors import UndecidedError, UsageError

from . import places
from .places import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SECONDS = 300  # for importing all of Checkov once


def place_of(setting: str | None, where: str, environ: Mapping[str, str]) -> Place | None:
    """The environment of a run: the user's own (PLANGATE_CHECKOV_PYTHON, the setting), else the installed one.

    None when nothing is installed. Raises UsageError for an interpreter that is not there, UndecidedError for one
    whose Checkov is of another version or broken.
    """
    named = places.given(environ, setting, where)
    if named is None:
        place = places.installed(environ)
        if place is not None and not os.path.exists(place.index):
            if not os.path.exists(place.python):
                raise UndecidedError(
                    "Checkov's environment is broken: it has no Python",
                    where=place.python,
                    fix="`plangate checkov install --force` makes it anew",
                )
            make(place.python, place.index, place.python)  # installed by a plangate of another version
        return place
    python, by = named
    if not os.path.isfile(python):
        raise UsageError("there is no Python here to run Checkov with", where=python, fix=f"look at {by}")
    index = _index_of(python, environ)
    if not os.path.exists(index):
        make(python, index, by)
    return Place(python, index, by)


def _index_of(python: str, environ: Mapping[str, str]) -> str:
    """Where the index of someone's own environment is kept: by its path, and by when it was last installed into."""
    from hashlib import sha256

    root = places.cache(environ)
    if root is None:
        raise UndecidedError("there is no folder to keep Checkov's index in", fix="set HOME or XDG_CACHE_HOME")
    folder = os.path.dirname(os.path.dirname(os.path.abspath(python)))
    stamp = ""
    for top, _, _ in os.walk(os.path.join(folder, "lib")):
        if os.path.basename(top) == "site-packages":
            stamp = str(os.stat(top).st_mtime_ns)
            break
    name = sha256(f"{os.path.abspath(python)}\0{stamp}\0{places.INDEX}".encode("utf-8", "surrogateescape"))
    return os.path.join(root, "checkov", "indexes", name.hexdigest()[:32] + ".json")


def make(python: str, index: str, by: str) -> dict[str, Any]:
    """Write the index of an environment; {checkov, python, conflict}. Raises UndecidedError when it cannot be used."""
    import subprocess

    from plangate.policy.talk import ENVIRONMENT

    from .start import Empty, command

    folder = Empty()
    scratch = f"{index}.{os.getpid()}.tmp"
    try:
        os.makedirs(os.path.dirname(index), mode=0o700, exist_ok=True)
        done = subprocess.run(
            command(python, "index", os.path.abspath(scratch)),
            capture_output=True,
            check=False,
            cwd=folder.path,
            env={k: v for k in ENVIRONMENT if (v := os.environ.get(k))} | {"HOME": folder.path, "TMPDIR": folder.path},
            timeout=SECONDS,
        )
        said = _said(done.stdout)
        problem = _problem(said, done.returncode)
        if problem:
            raise UndecidedError(problem[0], where=by, fix=problem[1])
        os.replace(scratch, index)
        return said
    except subprocess.TimeoutExpired:
        raise UndecidedError(f"importing Checkov took more than {SECONDS} s", where=by) from None
    except OSError as error:
        raise UndecidedError(f"Checkov's environment cannot be used ({error.strerror})", where=by) from None
    finally:
        folder.remove()
        try:
            os.unlink(scratch)
        except OSError:
            pass


def _said(out: bytes) -> dict[str, Any]:
    lines = out.decode("utf-8", "replace").splitlines()
    for line in reversed(lines):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict):
            return said
    return {}


def _problem(said: dict[str, Any], code: int) -> tuple[str, str] | None:
    """(what is wrong, what to do) of what an environment says of itself."""
    version = said.get("checkov")
    if said.get("conflict"):
        return (
            "python-hcl2 and Checkov's bc-python-hcl2 are in one environment, and both are the module hcl2",
            "use an environment of Checkov's own: `plangate checkov install`",
        )
    if version is None and "checkov" in said:
        return "this environment has no Checkov", f"install checkov=={places.VERSION} there"
    if version is not None and version != places.VERSION:
        return (
            f"this is Checkov {str(version)[:40]}, and plangate is made for {places.VERSION}",
            f"install checkov=={places.VERSION} there, or leave it out and run `plangate checkov install`",
        )
    if "error" in said or code or not said:
        why = str(said.get("error") or f"it ended with {code}")[:200]
        return f"Checkov's environment is broken: {why}", "make it anew"
    return None
