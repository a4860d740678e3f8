"""One process for policies: how it is started, what it is told, the lines it writes, and its end with all it started.

It is started afresh: a fork would carry the job's secrets in its memory. A line counts only with the run's nonce.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

from plangate.errors import UndecidedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.model import Plan

# What a policy may see of the environment: how to find programs and how to write text and time, nothing else.
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "WINDIR", "TMPDIR", "TEMP", "TMP")
_START = "import sys; sys.path[:0] = {paths!r}; from plangate.policy.child import main; main()"


def _home(folder: str) -> dict[str, str]:
    names = ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TMPDIR", "TEMP", "TMP")
    return dict.fromkeys(names, folder)


class Limits:
    """Seconds a policy, seconds in all, MiB of memory."""

    __slots__ = ("memory_mib", "policy_seconds", "total_seconds")

    def __init__(self, policy_seconds: float, total_seconds: float, memory_mib: int) -> None:
        self.policy_seconds, self.total_seconds, self.memory_mib = policy_seconds, total_seconds, memory_mib


def request_for(
    plan: Plan,
    data: bytes,
    files: list[str],
    entry_points: list[tuple[str, str]],
    limits: Limits,
    keep_passes: bool,
) -> dict[str, Any]:
    return {
        "nonce": os.urandom(16).hex(),
        "size": len(data),
        "files": files,
        "entry_points": entry_points,
        "run": plan.run,
        "backend": plan.backend,
        "memory_mib": max(limits.memory_mib, 256 + len(data) * 12 // (1024 * 1024)),
        "keep_passes": keep_passes,
        "sys_path": [p for p in sys.path if p and os.path.basename(p) in ("site-packages", "dist-packages")],
    }


class Talk:
    """One child and the lines it writes."""

    def __init__(
        self,
        request: dict[str, Any],
        data: bytes,
        environ: dict[str, str],
        command: list[str] | None = None,
        folder: str | None = None,
    ) -> None:
        """Start it. `command` starts another process than the one for policies, which has `folder` for a home."""
        import subprocess

        self.nonce = request["nonce"]
        here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        options: dict[str, Any] = {"start_new_session": True}
        if os.name == "nt":
            options = {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        try:
            self._process = subprocess.Popen(
                command or [sys.executable, "-I", "-S", "-c", _START.format(paths=[here])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={k: environ[k] for k in ENVIRONMENT if k in environ} | (_home(folder) if folder else {}),
                cwd=folder,
                **options,
            )
        except OSError as error:
            what = "Checkov's process" if command else "the process for policies"
            raise UndecidedError(f"{what} could not be started: {error.strerror}") from None
        self._lines: list[bytes] = []
        self._more = threading.Condition()
        self._closed = False
        self._told_all = command is not None  # nothing is sent to it later
        self._sent = threading.Event()
        self._threads = (
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._write, args=(request, data), daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def _write(self, request: dict[str, Any], data: bytes) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(json.dumps(request).encode() + b"\n")
            stdin.write(data)
            stdin.flush()
            self._sent.set()
            if self._told_all:
                self._close_stdin()
        except (OSError, ValueError):
            self._close_stdin()  # the child ended early: its silence says so

    def go(self, chosen: list[str], settings: dict[str, dict[str, Any]]) -> None:
        """Tell the child what to run; it has read the plan by then."""
        self.send({"chosen": chosen, "settings": settings})

    def send(self, message: dict[str, Any]) -> None:
        """The last line that the child is told."""
        stdin = self._process.stdin
        assert stdin is not None
        self._sent.wait(5)
        try:
            stdin.write(json.dumps(message).encode() + b"\n")
        except (OSError, ValueError):
            pass
        self._close_stdin()

    def _close_stdin(self) -> None:
        try:
            self._process.stdin.close()  # type: ignore[union-attr]  # it was asked for
        except (OSError, ValueError):
            pass

    def _read(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        with stdout:  # whoever reads a pipe closes it: only this thread knows when the last writer is gone
            for line in stdout:
                with self._more:
                    self._lines.append(line)
                    self._more.notify()
        with self._more:
            self._closed = True
            self._more.notify()

    def line(self, until: float) -> dict[str, Any] | bool | None:
        """The next believed message; None when the child is gone, False when the time is up."""
        while True:
            with self._more:
                while not self._lines:
                    if self._closed:
                        return None
                    left = until - time.monotonic()
                    if left <= 0:
                        return False
                    self._more.wait(left)
                raw = self._lines.pop(0)
            try:
                message = json.loads(raw)
            except (ValueError, RecursionError):
                continue
            if isinstance(message, dict) and message.get("nonce") == self.nonce:
                return message

    def ended(self) -> str:
        try:
            code = self._process.wait(1)
        except Exception:  # noqa: BLE001 - it closed its output and lives on
            return "it closed its output"
        return f"it ended the process (signal {-code})" if code < 0 else f"it ended the process (exit {code})"

    def kill(self) -> None:
        """End the child and everything it started."""
        process = self._process
        if os.name == "nt":
            import subprocess

            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)  # noqa: S607
        else:
            import signal

            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        process.kill()
        process.wait()
        # A process that left the group may hold a pipe open: then its thread waits on, and closes it when that ends.
        for thread in self._threads:
            thread.join(1)
        if not self._threads[1].is_alive():
            self._close_stdin()
