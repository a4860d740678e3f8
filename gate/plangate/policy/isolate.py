"""Other people's policies in a process of their own, and what of its answer is believed.

The child is started afresh (a fork would carry the job's secrets in its memory) with an environment of allowed
names. A line counts only with the run's nonce; a policy counts only when its whole result arrived, its numbers
add up, and it judged as many changes as this process expects of it. A policy that ends the child, or runs out
of time, is named and left out, and a new child judges the others.
"""

from __future__ import annotations

import time

from plangate.errors import PlangateError, UndecidedError, UsageError

from .answers import Answer, expected, well_described, well_formed
from .talk import Limits, Talk, request_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from plangate.plan.model import Plan


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
        talk = Talk(request_for(plan, data, use, packs, limits, keep_passes), data, environ)
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
                    raise UndecidedError(f"this file does not load: {why}", where=file, fix="mend the file") from None
                raise
            self.bound = self._settings(known) if self._settings is not None else {}

    def listen(self, talk: Talk) -> tuple[str, str, str] | None:  # noqa: C901 - one branch a message
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

    def _ended(self, talk: Talk, doing: tuple[str, str]) -> tuple[str, str, str]:
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


__all__ = ["Limits", "judge"]
