"""Several reports as one piece of Markdown: a table with a row for each plan, worst first, then as many of the reports
as fit, those that do not pass before the others.
"""

from __future__ import annotations

from plangate.render.marked import cell, code
from plangate.render.places import relative
from plangate.render.roots import named, sorted_by_verdict, verdict_of
from plangate.report import wording
from plangate.report.groups import plural
from plangate.report.summary import summarise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Report = dict[str, Any]

_HEAD = "|  | plan | why | create | update | replace | destroy |\n|---|---|---|---:|---:|---:|---:|"
_COLUMNS = ("create", "update", "replace", "delete")
_LEAST = 1500  # characters that a report needs to say anything of use
_ROWS = 0.4  # of the room that the table may take where it is long


def several(reports: list[Report], budget: int, one: Callable[[Report, int], str], marks: Mapping[str, str]) -> str:
    """The reports in at most `budget` characters; `one(report, budget)` renders one of them."""
    ordered = sorted_by_verdict(reports)
    verdicts = [verdict_of(report) for report in ordered]
    counted = ", ".join(f"{verdicts.count(name)} {name}" for name in dict.fromkeys(verdicts))
    parts = [
        f"### {marks[verdicts[0]]} plangate: {verdicts[0].upper()} \u2013 {plural(len(reports), 'plan')}: {counted}"
    ]
    rows: list[str] = []
    room = int(budget * _ROWS)
    for report in ordered:
        row = _row(report, marks)
        room -= len(row) + 1
        if room < 0:
            break
        rows.append(row)
    parts.append("\n".join([_HEAD, *rows]))
    if len(rows) < len(ordered):
        parts.append(f"**{len(ordered) - len(rows)} of {len(ordered)} plans are not in this table.**")
    room = budget - sum(len(part) + 2 for part in parts) - 200
    shown = max(min(len(ordered), room // _LEAST), 0)
    left = len(ordered) - shown
    for index, report in enumerate(ordered[:shown]):
        text = one(report, room // (shown - index) - 100).strip("\n")
        if verdict_of(report) == "pass":
            first, _, rest = text.partition("\n")
            text = f"<details><summary>{first.removeprefix('### ')}: {_place(report)}</summary>\n{rest}\n\n</details>"
        room -= len(text) + 2
        parts.append(text)
    if left:
        parts.append(f"**Left out:** {left} of {plural(len(ordered), 'report')}; each has everything of its plan.")
    return "\n\n".join(parts) + "\n"


def _row(report: Report, marks: Mapping[str, str]) -> str:
    summary = summarise(report)
    counts = [str(summary["counts"].get(key) or "") for key in _COLUMNS]
    why = cell(wording.because(summary["reasons"]))
    return f"| {marks[verdict_of(report)]} | {_place(report)} | {why} | {' | '.join(counts)} |"


def _place(report: Report) -> str:
    return code(named(report, relative), 120)
