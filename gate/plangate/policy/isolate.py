"""Other people's policies in a process of their own, and what of its answer is believed.

The child is started afresh (a fork would carry the job's secrets in its memory) with an environment of allowed
names. A line counts only with the run's nonce; a policy counts only when its whole result arrived, its numbers
add up, and it judged as many changes as this process expects of it. A policy that ends the child, or runs out
of time, is named and left out, and a new child judges the others.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

from plangate.errors import PlangateError, UndecidedError, UsageError

from .answers import Answer, expected, well_described, well_formed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from plangate.plan.model import Plan

# What a policy may see of the environment: how to find programs and how to write text and time, nothing else.
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "WINDIR", "TMPDIR", "TEMP", "TMP")
_START = "import sys; sys.path[:0] = {paths!r}; from plangate.policy.child import main; main()"


class Limits:
    """Seconds a policy, seconds in all, MiB of memory."""

    __slots__ = ("memory_mib", "policy_seconds", "total_seconds")

    def __init__(self, policy_seconds: float, total_seconds: float, memory_mib: int) -> None:
        self.policy_seconds, self.total_seconds, self.memory_mib = policy_seconds, total_seconds, memory_mib


def judge(
    data: bytes,
    plan: Plan,
    files: list[str],
    entry_points: list[tuple[str, str]],
    choose: Callable[[list[dict[str, Any]]], list[str]] | None,
    settings: Callable[[list[dict[str, Any]]], dict[str, dict[str, Any]]] | None,
    limits: Limits,
    environ: dict[str, str],
    keep_passes: bool = False,
) -> Answer:
    """Load and run the policies of files and installed packs on the plan in `data`.

    `choose` is given what was loaded and returns the ids to run (all when None). Raises UndecidedError when
    the child cannot be started at all; a policy's own trouble is in the answer.
    """
    answer = Answer()
    deadline = time.monotonic() + limits.total_seconds
    round_ = _Round(answer, plan, limits, deadline, choose, settings)
    while True:
        use = [f for f in files if f not in round_.broken_files]
        packs = [e for e in entry_points if e[0] not in round_.broken_files]
        talk = _Talk(_request(plan, data, use, packs, limits, keep_passes), data, environ)
        try:
            stopped = round_.listen(talk)
        finally:
            talk.kill()
        if stopped is None:
            for name in round_.left():
                answer.failed(name, "it was not evaluated")
            return answer
        kind, name, why = stopped
        if kind == "file":
            round_.broken_files.add(name)
            answer.mistakes.append((name, why))
        else:
            answer.failed(name, why)
        if time.monotonic() >= deadline:
            for name in round_.left():
                answer.failed(name, "not evaluated: the time for all policies was used up")
            return answer
        if round_.chosen is not None and not round_.left():
            return answer


def _request(
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
        "memory_mib": max(limits.memory_mib, 256 + len(data) * 12 // (1024 * 1024)),
        "keep_passes": keep_passes,
        "sys_path": [p for p in sys.path if p and os.path.basename(p) in ("site-packages", "dist-packages")],
    }


class _Talk:
    """One child and the lines it writes."""

    def __init__(self, request: dict[str, Any], data: bytes, environ: dict[str, str]) -> None:
        import subprocess

        self.nonce = request["nonce"]
        here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        options: dict[str, Any] = {"start_new_session": True}
        if os.name == "nt":
            options = {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _START.format(paths=[here])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={k: environ[k] for k in ENVIRONMENT if k in environ},
                cwd=None,
                **options,
            )
        except OSError as error:
            raise UndecidedError(f"the process for policies could not be started: {error.strerror}") from None
        self._lines: list[bytes] = []
        self._more = threading.Condition()
        self._closed = False
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
        except (OSError, ValueError):
            pass  # the child ended early: its silence says so

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
            stdin.close()
        except (OSError, ValueError):
            pass

    def _read(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
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

            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
        else:
            import signal

            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        process.kill()
        process.wait()
        for thread, pipe in zip(self._threads, (process.stdout, process.stdin), strict=True):
            thread.join(1)
            # A process that left the group may hold the pipe open: its reader waits on, and closing would too.
            if pipe is not None and not thread.is_alive():
                try:
                    pipe.close()
                except OSError:
                    pass


class _Round:
    """What is known across the children of one run: what was chosen, what broke."""

    def __init__(self, answer: Answer, plan: Plan, limits: Limits, deadline: float, choose: Any, settings: Any) -> None:
        self.answer, self.plan, self.limits, self.deadline = answer, plan, limits, deadline
        self._choose, self._settings = choose, settings
        self.chosen: list[str] | None = None
        self.bound: dict[str, dict[str, Any]] = {}
        self.broken_files: set[str] = set()
        self._expected: dict[str, dict[str, Any]] = {}

    def left(self) -> list[str]:
        """The chosen policies that have no result yet."""
        return [i for i in self.chosen or [] if i not in self.answer.results]

    def _loaded(self, metas: list[Any]) -> None:
        known = [m for m in metas if well_described(m)]
        if self.chosen is None:
            self.answer.loaded = known
            self._expected = {m["id"]: m for m in known}
            try:
                self.chosen = self._choose(known) if self._choose is not None else [m["id"] for m in known]
            except UsageError:
                # A name that no policy has may be one of a file that does not load: that is to be mended first.
                for file, why in self.answer.mistakes:
                    raise UndecidedError(
                        f"this file does not load: {why}", where=file, fix="mend the file"
                    ) from None
                raise
            self.bound = self._settings(known) if self._settings is not None else {}

    def listen(self, talk: _Talk) -> tuple[str, str, str] | None:  # noqa: C901 - one branch a message
        """Take messages until the end (None), or until something broke: (file|policy, its name, why)."""
        doing = ("file", "the process for policies")
        first = self.chosen is None
        controlled = False
        while True:
            message = talk.line(min(self.deadline, time.monotonic() + self.limits.policy_seconds))
            if message is False:
                return (*doing, f"it took more than {self.limits.policy_seconds:g} s")
            if message is None:
                return self._ended(talk, doing)
            assert isinstance(message, dict)
            if "control" in message:
                if message["control"].get("failed") != 1:
                    raise PlangateError("the known-bad plan passed in the process for policies")
                controlled = True
            elif "loading" in message:
                doing = "file", str(message["loading"])
            elif "mistake" in message and first:
                mistake = (str(message["file"]), str(message["mistake"]))
                if mistake not in self.answer.mistakes:  # a later child reads the file again
                    self.answer.mistakes.append(mistake)
            elif "loaded" in message and controlled:
                self._loaded(message["loaded"])
                talk.go(self.left(), self.bound)
            elif "start" in message:
                doing = "policy", str(message["start"])
            elif "result" in message and doing[0] == "policy":
                if not self._believe(doing[1], message["result"]):
                    return (*doing, "its answer is not well-formed")
            elif "end" in message:
                return None

    def _ended(self, talk: _Talk, doing: tuple[str, str]) -> tuple[str, str, str]:
        why = talk.ended()
        if doing[1] == "the process for policies":
            raise UndecidedError(f"the process for policies did not start: {why}")
        return (*doing, why)

    def _believe(self, id: str, result: Any) -> bool:
        wanted = self._expected.get(id)
        if wanted is None or not well_formed(result, id) or result["matched"] != expected(self.plan, wanted):
            return False
        self.answer.results.setdefault(id, result)
        return True
