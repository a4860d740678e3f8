"""`plangate doctor`: find what is wrong before a run does. CHECKS lists what is looked at; a check is a function."""

from __future__ import annotations

import os

from plangate.errors import UsageError
from plangate.render.inert import terminal

from .inforce import settings_for
from .outputs import emit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, Literal

    from plangate.decide.settings import Settings

    from .streams import Streams

    Level = Literal["ok", "note", "missing"]


class Found:
    """What a check found: `level` ok, note (works, with less) or missing (does not work); `what`, and the `fix`."""

    __slots__ = ("fix", "level", "what")

    def __init__(self, level: Level, what: str, fix: str | None = None) -> None:
        self.level, self.what, self.fix = level, what, fix


class Patient:
    """What checks look at: the settings in force (None where they are wrong), options, streams, working directory."""

    __slots__ = ("cwd", "options", "settings", "streams")

    def __init__(self, settings: Settings | None, options: dict[str, Any], streams: Streams, cwd: str) -> None:
        self.settings, self.options, self.streams, self.cwd = settings, options, streams, cwd


def doctor(options: dict[str, Any], streams: Streams) -> int:
    """Run every check; 1 when something is missing."""
    cwd = os.getcwd()
    found: list[Found] = []
    settings: Settings | None = None
    try:
        settings = settings_for(options, streams, cwd, {})
        found.append(_settings(settings))
    except UsageError as error:
        found.append(Found("missing", error.line()))
    patient = Patient(settings, options, streams, cwd)
    for check in CHECKS:
        found += check(patient)
    streams.verdict = 1 if any(one.level == "missing" for one in found) else 0
    emit("".join([_line(one) for one in found]), streams.out)
    return streams.verdict


def _line(found: Found) -> str:
    fix = f"; {found.fix}" if found.fix else ""
    return f"{found.level:<8}{terminal(found.what + fix)}\n"


def _settings(settings: Settings) -> Found:
    if settings.files:
        return Found("ok", f"settings: {', '.join(settings.files)}")
    return Found("note", "settings: no plangate.toml was found", "the defaults hold")


def _notifiers(patient: Patient) -> Iterator[Found]:
    from .doctor_notify import check

    yield from check(patient)


def _machine(patient: Patient) -> Iterator[Found]:
    from . import doctor_machine as machine

    for check in (machine.versions, machine.terraform, machine.checkov, machine.hook, machine.token):
        yield from check(patient)


# In the order in which they are said.
CHECKS: tuple[Callable[[Patient], Iterator[Found]], ...] = (_machine, _notifiers)
