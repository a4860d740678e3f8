"""`plangate doctor`: find what is wrong before a run does. CHECKS lists what is looked at; a check is a function."""

from __future__ import annotations

import os

from plangate.errors import UsageError
from plangate.render.inert import terminal

from .outputs import emit
from .where import Where

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
    where: Where | None = None
    try:
        try:
            where = Where(options, streams)
            settings = where.settings()
            found.append(_settings(settings, options["trusted_ref"]))
        except UsageError as error:
            found.append(Found("missing", error.line()))
        patient = Patient(settings, options, streams, cwd)
        for check in CHECKS:
            found += check(patient)
        streams.verdict = 1 if any(one.level == "missing" for one in found) else 0
        said = "".join([_line(one) for one in found])
        emit(where.plain(said) if where is not None else said, streams.out)
    finally:
        if where is not None:
            where.close()
    return streams.verdict


def _line(found: Found) -> str:
    fix = f"; {found.fix}" if found.fix else ""
    return f"{found.level:<8}{terminal(found.what + fix)}\n"


def _settings(settings: Settings, ref: str | None) -> Found:
    of = f" of {ref}" if ref is not None else ""
    if settings.files:
        return Found("ok", f"settings{of}: {', '.join(settings.files)}")
    return Found("note", f"settings{of}: no plangate.toml was found", "the defaults hold")


def _notifiers(patient: Patient) -> Iterator[Found]:
    from .doctor_notify import check

    yield from check(patient)


def _machine(patient: Patient) -> Iterator[Found]:
    from . import doctor_machine as machine

    for check in (machine.versions, machine.terraform, machine.checkov, machine.hook, machine.token):
        yield from check(patient)


# In the order in which they are said.
CHECKS: tuple[Callable[[Patient], Iterator[Found]], ...] = (_machine, _notifiers)
