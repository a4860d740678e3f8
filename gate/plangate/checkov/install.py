"""Make Checkov's environment in the user's cache: from the list of pinned, hashed wheels that ships with plangate.

Built beside its place and renamed into it when it is whole, so that what is there works, whatever happened to an
installation before. One at a time: a lock of the operating system, which ends with its process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

from plangate.errors import UndecidedError, UsageError

from . import places
from .index import make

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# What a user may have set for pip that would put the wheels elsewhere.
_NOT_FOR_PIP = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIREMENT", "PIP_CONSTRAINT", "PYTHONPATH")
_SAID = 400  # characters of what pip says last


def install(environ: Mapping[str, str], offline: str | None, force: bool, say: Callable[[str], None]) -> str:
    """The folder of the environment, made where it is not there, or with `force` anew.

    `offline` is a folder of wheels to take instead of the package index. `say` is told what goes on. Raises
    UsageError for a folder that is none, UndecidedError when it cannot be made.
    """
    folder = places.environment(environ)
    if folder is None:
        raise UsageError("there is no folder to install into", fix="set HOME or XDG_CACHE_HOME")
    if offline is not None and not os.path.isdir(offline):
        raise UsageError("there is no such folder of wheels", where=offline, fix="look at --offline")
    root = os.path.dirname(folder)
    try:
        os.makedirs(root, mode=0o700, exist_ok=True)
        with _lock(os.path.join(root, ".install.lock"), say):
            if places.installed(environ) is not None and not force:
                return folder
            _clear(root)
            _build(root, folder, environ, offline, say)
    except OSError as error:
        raise UndecidedError(
            f"Checkov's environment could not be made ({error.strerror})", where=root, fix="look at the folder"
        ) from None
    return folder


def _build(root: str, folder: str, environ: Mapping[str, str], offline: str | None, say: Callable[[str], None]) -> None:
    scratch = os.path.join(root, f".new-{os.getpid()}")
    try:
        say(f"Checkov {places.VERSION}: making an environment ...")
        _run([sys.executable, "-I", "-m", "venv", scratch], environ, None, "its environment could not be made")
        _wheels(places.python_in(scratch), environ, offline, say)
        say(f"Checkov {places.VERSION}: reading its checks ...")
        make(places.python_in(scratch), os.path.join(scratch, places.INDEX), "the new environment")
        old = f"{scratch}.old"
        if os.path.lexists(folder):
            os.rename(folder, old)
        os.rename(scratch, folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _wheels(python: str, environ: Mapping[str, str], offline: str | None, say: Callable[[str], None]) -> None:
    command = [python, "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar=off"]
    # Only wheels, only what is locked: a source distribution would run code to build itself.
    command += ["--require-hashes", "--only-binary", ":all:", "--requirement", places.LOCK]
    if offline is not None:
        command += ["--no-index", "--find-links", os.path.abspath(offline)]
    with open(places.LOCK, encoding="utf-8") as file:
        count = sum("==" in line and not line.startswith((" ", "#")) for line in file)
    seen = 0

    def line(text: str) -> None:
        nonlocal seen
        if text.startswith("Collecting "):
            seen += 1
            say(f"Checkov {places.VERSION}: package {min(seen, count)} of {count} ...")
        elif text.startswith("Installing "):
            say(f"Checkov {places.VERSION}: installing {count} packages ...")

    _run(command, environ, line, "its packages could not be installed")


def _run(command: list[str], environ: Mapping[str, str], line: Callable[[str], None] | None, failed: str) -> None:
    env = {k: v for k, v in environ.items() if k not in _NOT_FOR_PIP}
    last = ""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for text in process.stdout:
            said = text.strip()
            if line is not None:
                line(said)
            if "ERROR" in text or "rror:" in text or not last:
                last = said
    if process.returncode:
        missing = "ensurepip" in last or "No module named" in last
        fix = "install the package for venv (Debian: python3-venv)" if missing else "look at the network and the disk"
        raise UndecidedError(f"{failed}: {last[:_SAID]}", fix=fix)


def _clear(root: str) -> None:
    """What installations left behind that did not end: none can run beside this one."""
    for name in os.listdir(root):
        if name.startswith(".new-"):
            shutil.rmtree(os.path.join(root, name), ignore_errors=True)


@contextmanager
def _lock(path: str, say: Callable[[str], None]) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            import fcntl
        except ImportError:  # Windows
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined, unused-ignore]
        else:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("waiting for another installation to end ...")
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
