"""Hold policies against the examples that their authors keep beside them, in a process of their own."""

from __future__ import annotations

import time

from plangate import selfcheck
from plangate.errors import UndecidedError

from .answers import well_described
from .talk import Limits, Talk, request_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    # (policy id, path of the document, what its name expects)
    Document = tuple[str, str, str]


class Held:
    """One example: its policy, where it stands, what it expects, what came, and what was said of that."""

    __slots__ = ("expected", "outcome", "policy", "said", "where")

    def __init__(self, policy: str, where: str, expected: str, outcome: str, said: str) -> None:
        self.policy, self.where, self.expected, self.outcome, self.said = policy, where, expected, outcome, said

    @property
    def holds(self) -> bool:
        """Whether what came is what was expected."""
        return self.outcome == self.expected


class Unseen:
    """An attribute that a policy reads and no example has; `known` are the paths of its type that examples have."""

    __slots__ = ("known", "path", "policy", "type")

    def __init__(self, policy: str, type: str, path: str, known: list[str]) -> None:
        self.policy, self.type, self.path, self.known = policy, type, path, known


class Trial:
    """What was loaded, the examples that were run, what they lack, and (file, why) of what does not load or broke."""

    def __init__(self) -> None:
        self.loaded: list[dict[str, Any]] = []
        self.examples: list[Held] = []
        self.unseen: list[Unseen] = []
        self.mistakes: list[tuple[str, str]] = []


def run_examples(
    files: list[str],
    documents: Callable[[list[dict[str, Any]]], list[Document]],
    limits: Limits,
    environ: dict[str, str],
) -> Trial:
    """Load the files and run their `examples()` and the documents that `documents` finds for what was loaded.

    An example that ends its process or takes longer than `limits.policy_seconds` is a mistake of its file; the
    others still run. Raises UndecidedError when the process cannot be started.
    """
    trial = Trial()
    deadline = time.monotonic() + limits.total_seconds
    units: list[list[Any]] | None = None
    while True:
        broken = [file for file, _ in trial.mistakes]
        use = files if units is not None else [file for file in files if file not in broken]
        request = request_for(selfcheck.plan(), b"", use, [], limits, keep_passes=False)
        talk = Talk({**request, "examples": True}, b"", environ)
        try:
            units, stopped = _listen(talk, trial, documents, units, limits, deadline)
        finally:
            talk.kill()
        if stopped is None:
            return trial
        trial.mistakes.append(stopped)
        if time.monotonic() >= deadline:
            left = "the time for all examples was used up"
            trial.mistakes += [(unit[3] or unit[1], left) for unit in units or ()]
            return trial


def _listen(
    talk: Talk,
    trial: Trial,
    documents: Callable[[list[dict[str, Any]]], list[Document]],
    units: list[list[Any]] | None,
    limits: Limits,
    deadline: float,
) -> tuple[list[list[Any]] | None, tuple[str, str] | None]:
    """Take messages until the end: (the units still to run, (file, why) of what ended the child)."""
    doing = ""
    while True:
        message = talk.line(min(deadline, time.monotonic() + limits.policy_seconds))
        if message is None or message is False:
            why = talk.ended() if message is None else f"it took more than {limits.policy_seconds:g} s"
            if not doing:
                raise UndecidedError(f"the process for policies did not start: {why}")
            return units, (doing, why)
        assert isinstance(message, dict)
        if "loading" in message:
            doing = str(message["loading"])
        elif "loaded" in message:
            if units is None:
                trial.loaded = [meta for meta in message["loaded"] if well_described(meta)]
                units = _units(trial.loaded, documents(trial.loaded))
            talk.send({"units": units})
        elif "unit" in message and units:
            unit = units.pop(0)
            doing = unit[3] or unit[1]
        elif "end" in message:
            return units, None
        else:
            _take(trial, message, doing)


def _take(trial: Trial, message: dict[str, Any], doing: str) -> None:
    """What an example came to, or why it or its file is broken; a later child reads a broken file again."""
    if "example" in message:
        trial.examples.append(Held(*map(str, message["example"])))
        return
    if "unseen" in message:
        id, missing = message["unseen"]
        trial.unseen += [Unseen(str(id), str(type), str(path), list(map(str, known))) for type, path, known in missing]
        return
    if "mistake" in message:
        mistake = (str(message["file"]), str(message["mistake"]))
    elif "broken" in message:
        mistake = (doing, str(message["broken"]))
    else:
        return
    if mistake not in trial.mistakes:
        trial.mistakes.append(mistake)


def _units(loaded: list[dict[str, Any]], documents: list[Document]) -> list[list[Any]]:
    """[number, file, policy id or None, document or None, expected or None] of all that is to be run."""
    file_of = {meta["id"]: meta["file"] for meta in loaded}
    written = [[file, None, None, None] for file in dict.fromkeys(meta["file"] for meta in loaded)]
    read = [[file_of[id], id, path, expected] for id, path, expected in documents]
    return [[number, *unit] for number, unit in enumerate([*written, *read])]
