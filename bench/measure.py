"""CPU time and memory of whole processes; nothing here knows what is measured.

Keep this process small: a child's peak memory, as the kernel counts it, begins with its parent's.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable
from typing import NamedTuple


class Used(NamedTuple):
    """User and system CPU seconds, peak resident set in bytes, exit code."""

    cpu: float
    memory: int
    code: int


class WrongExit(Exception):
    """A process did not end as it must for its time to mean anything."""


def run(command: list[str], folder: str, allowed: tuple[int, ...] = (0,)) -> Used:
    """Runs a command to its end, its output thrown away; children it waits for are counted in.

    Raises WrongExit when it ends with another code, or when it cannot be started.
    """
    files = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    files += [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    here = os.getcwd()
    os.chdir(folder)
    try:
        child = os.posix_spawnp(command[0], command, os.environ, file_actions=files)
    except OSError as error:
        raise WrongExit(f"{command[0]}: {error.strerror}") from None
    finally:
        os.chdir(here)
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in allowed:
        raise WrongExit(f"{' '.join(command)} ended with {code}")
    return Used(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, code)


def pairs(first: Callable[[], float], second: Callable[[], float], rounds: int) -> tuple[float, float, float, float]:
    """Both in turn, after one unmeasured round of each.

    Gives the median of the ratios first / second, their lowest, their highest, and the median of `first`.
    """
    first()
    second()
    ratios, firsts = [], []
    for _ in range(rounds):
        one, other = first(), second()
        firsts.append(one)
        ratios.append(one / other)
    return statistics.median(ratios), min(ratios), max(ratios), statistics.median(firsts)
