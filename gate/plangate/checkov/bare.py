"""Checkov's bare results on a plan: nothing corrected, nothing merged, nothing kept."""

from __future__ import annotations

from plangate.plan.read import read
from plangate.report.gather import secrets_of
from plangate.report.redact import Redactor

from .ask import Question, Wanted
from .copy import copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .places import Place

SECONDS, MEMORY_MIB = 3600, 1 << 16


def bare(
    data: bytes, where: str, place: Place, environ: Mapping[str, str]
) -> tuple[list[tuple[str, str, str]], list[str]]:
    """(sorted (check id, address, result), ids of checks that broke) of a plan, as Checkov's command line shows them.

    A plan that is not complete is taken as it is, as Checkov does. Raises PlanError and UndecidedError.
    """
    plan = read(data, where, allow_incomplete=True)
    copied = copy(plan, Redactor(secrets_of(plan)))
    answer = Question(
        place, copied, Wanted(None, [], [], SECONDS, MEMORY_MIB, passes=True, correct=False), environ
    ).answer()
    found = {
        (id, copied.address(row[0]), row[1])
        for id, (_, rows) in answer.rows.items()
        for row in rows
        if row[1] in ("PASSED", "FAILED", "SKIPPED")
    }
    return sorted(found), sorted({row[0] for row in answer.broken})
