"""Ask Checkov's process about a plan, and believe only a whole, well-formed answer.

Its exit code means nothing. An answer counts when every line has the run's nonce, as many resources were read as
the copy holds, the planted resource was found bad, and every result names a check and a resource that exist.
"""

from __future__ import annotations

import os
import time

from plangate.errors import UndecidedError

from .places import VERSION
from .start import Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .copy import Copy
    from .places import Place

CANARY = {
    "mode": "managed",
    "type": "aws_security_group",
    "name": "plangate_canary",
    "values": {
        "ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}],
        "description": "planted by plangate",
    },
}
CANARY_FAILS = ["CKV_AWS_24", "PLANGATE_CANARY"]
_RESULTS = ("PASSED", "FAILED", "SKIPPED", "UNKNOWN", None)
MAX_ROWS = 5_000_000
START_SECONDS = 60  # until it says which version it is: a tenth of a second, where the disk is awake


class Wanted:
    """What to judge: `ids` (None: all of Checkov's own), custom files, limits, and how to answer."""

    __slots__ = ("correct", "graph", "ids", "memory_mib", "passes", "python", "seconds")

    def __init__(
        self,
        ids: list[str] | None,
        python: list[str],
        graph: list[str],
        seconds: int,
        memory_mib: int,
        *,
        passes: bool = False,
        correct: bool = True,
    ) -> None:
        self.ids, self.python, self.graph = ids, python, graph
        self.seconds, self.memory_mib = seconds, memory_mib
        self.passes, self.correct = passes, correct


class Answer:
    """`rows` {check id: (passed without a doubt, [[address, bare, told, keys]])}, `about` {id: [name, link, types]},
    `custom` {id: what is known of a custom check}, `broken` [[id, address or None, class of what was raised]].
    """

    def __init__(self) -> None:
        self.rows: dict[str, tuple[int, list[list[Any]]]] = {}
        self.about: dict[str, list[Any]] = {}
        self.custom: dict[str, dict[str, Any]] = {}
        self.broken: list[list[Any]] = []
        self.attempts = 0
        self.seconds = 0.0

    def packed(self) -> dict[str, Any]:
        """As JSON carries it."""
        rows = [[id, passed, listed] for id, (passed, listed) in self.rows.items()]
        return {"rows": rows, "about": self.about, "custom": self.custom, "broken": self.broken}


class Question:
    """A plan that Checkov's process is judging; started at once, so that the engine works beside it."""

    def __init__(self, place: Place, copy: Copy, wanted: Wanted, environ: Mapping[str, str]) -> None:
        self._wanted, self._copy, self._place = wanted, copy, place
        canary = f"aws_security_group.plangate_canary_{os.urandom(6).hex()}"
        data = copy.with_canary({**CANARY, "address": canary})
        request = {
            "nonce": os.urandom(16).hex(),
            "size": len(data),
            "index": os.path.abspath(place.index),
            "wanted": wanted.ids,
            "python": wanted.python,
            "graph": wanted.graph,
            "memory_mib": wanted.memory_mib,
            "passes": wanted.passes,
            "correct": wanted.correct,
            "canary": canary,
        }
        self._began = time.monotonic()
        if not os.path.exists(place.python):
            raise UndecidedError(
                "Checkov's environment is broken: it has no Python",
                where=place.given or place.python,
                fix=_repair(place),
            )
        self._process = Process(place.python, request, data, dict(environ))

    def stop(self) -> None:
        """End it without an answer."""
        self._process.end()

    def answer(self) -> Answer:
        """Wait for the answer. Raises UndecidedError for whatever is not a whole one."""
        try:
            return self._listen()
        finally:
            self._process.end()

    def _listen(self) -> Answer:  # noqa: C901 - one branch a message
        talk = self._process.talk
        until = self._began + self._wanted.seconds
        found = Answer()
        started = read = False
        doing: list[str] = []
        while True:
            message = talk.line(until if started else min(until, self._began + START_SECONDS))
            if message is False:
                raise self._late(doing) if started else self._ended("it took too long", False, doing)
            if message is None:
                raise self._ended(talk.ended(), started, doing)
            assert isinstance(message, dict)
            if "broken" in message:
                raise self._broken(str(message["broken"]), started)
            if "mistake" in message:
                raise UndecidedError(
                    f"a custom check cannot be used: {message['mistake']}",
                    where=str(message.get("file")),
                    fix="mend it, or take it out of external_checks",
                )
            if "started" in message:
                if message["started"] != VERSION:
                    raise self._version(str(message["started"]))
                started = True
            elif "custom" in message and _custom(message["custom"]):
                found.custom = message["custom"]
            elif "doing" in message and type(message["doing"]) is list:
                doing = [str(word) for word in message["doing"]]
            elif "entities" in message:
                if message["entities"] != self._copy.resources:
                    raise _unbelievable(f"it read {message['entities']} of {self._copy.resources} resources")
                read = True
            elif "rows" in message:
                take(found, message, self._copy.addresses)
            elif "end" in message:
                if not (started and read) or message.get("canary") != CANARY_FAILS:
                    raise _unbelievable("it did not find the fault of the planted resource")
                found.attempts = message["attempts"] if type(message.get("attempts")) is int else 0
                found.seconds = time.monotonic() - self._began
                return found

    # -- what went wrong ----------------------------------------------------------------------------------

    def _late(self, doing: list[str]) -> UndecidedError:
        what = f"Checkov took more than {self._wanted.seconds} s"
        if doing:
            return UndecidedError(f"{what}, at the end in the custom check {doing[-1]}", fix="mend that check")
        return UndecidedError(what, fix="raise seconds under [checkov]")

    def _ended(self, why: str, started: bool, doing: list[str]) -> UndecidedError:
        if not started:
            return UndecidedError(
                f"Checkov's environment is broken: {why} before it said anything",
                where=self._place.given or self._place.python,
                fix=_repair(self._place),
            )
        if doing:
            return UndecidedError(f"Checkov did not finish: {why}, in the custom check {doing[-1]}", fix="mend it")
        return UndecidedError(
            f"Checkov did not finish: {why}", fix="is there memory enough? see memory_mib under [checkov]"
        )

    def _broken(self, why: str, started: bool) -> UndecidedError:
        if "memory ran out" in why:
            return UndecidedError(
                f"Checkov ran out of memory ({self._wanted.memory_mib} MiB)", fix="raise memory_mib under [checkov]"
            )
        if "START_LINE" in why:
            return UndecidedError(
                "Checkov's environment has python-hcl2 in it, which replaces the module hcl2 of bc-python-hcl2",
                where=self._place.given or self._place.python,
                fix="use an environment of Checkov's own: `plangate checkov install`",
            )
        if started:
            return UndecidedError(f"Checkov did not finish: {why}", fix="report it with the plan's resource types")
        return UndecidedError(
            f"Checkov's environment is broken: {why}",
            where=self._place.given or self._place.python,
            fix=_repair(self._place),
        )

    def _version(self, found: str) -> UndecidedError:
        return UndecidedError(
            f"this is Checkov {found[:40]}, and plangate is made for {VERSION}",
            where=self._place.given or self._place.python,
            fix=_repair(self._place),
        )


def _repair(place: Place) -> str:
    if place.given:
        return f"install checkov=={VERSION} there, or leave it out and run `plangate checkov install`"
    return "`plangate checkov install --force` makes it anew"


def _unbelievable(why: str) -> UndecidedError:
    return UndecidedError(f"Checkov's answer is not believed: {why}", fix="report it with the plan's resource types")


def take(found: Answer, message: dict[str, Any], addresses: set[str] | None) -> None:
    """Take the rows of an answer in. Raises UndecidedError where any of them is not well-formed."""
    rows, about, broken = message.get("rows"), message.get("about"), message.get("broken_checks", [])
    if type(rows) is not list or type(about) is not dict or type(broken) is not list or len(rows) > MAX_ROWS:
        raise _unbelievable("it is not well-formed")
    for row in rows:
        if not _row(row, addresses) or not _told(about.get(row[0])):
            raise _unbelievable("a result is not well-formed")
        found.rows[row[0]] = row[1], row[2]
    for item in broken:
        if type(item) is not list or len(item) != 3 or not all(t is None or type(t) is str for t in item):
            raise _unbelievable("it is not well-formed")
    found.about, found.broken = about, broken


def _row(row: Any, addresses: set[str] | None) -> bool:
    if type(row) is not list or len(row) != 3 or type(row[0]) is not str or type(row[1]) is not int or row[1] < 0:
        return False
    return type(row[2]) is list and all(
        type(r) is list
        and len(r) == 4
        and type(r[0]) is str
        and (addresses is None or r[0] in addresses)
        and r[1] in _RESULTS
        and r[2] in _RESULTS
        and type(r[3]) is list
        and all(type(k) is str for k in r[3])
        for r in row[2]
    )


def _told(about: Any) -> bool:
    return (
        type(about) is list
        and len(about) == 3
        and type(about[0]) is str
        and (about[1] is None or type(about[1]) is str)
        and (about[2] is None or type(about[2]) is list)
    )


def _custom(custom: Any) -> bool:
    return type(custom) is dict and all(type(v) is dict and type(v.get("file")) is str for v in custom.values())


__all__ = ["Answer", "Question", "Wanted", "take"]
