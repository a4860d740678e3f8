"""Annotations of GitHub Actions: workflow commands that pin findings to lines of a pull request.

`::error file={},line={},endLine={},title={}::{message}` (docs.github.com, "Workflow commands"; escapes as in
actions/toolkit, packages/core/src/command.ts). GitHub shows ten of each kind a step and drops the others silently.
"""

from __future__ import annotations

from plangate.render.inert import terminal
from plangate.render.places import place, relative
from plangate.report.groups import named, rank

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Report = dict[str, Any]

MOST = 10  # annotations of one kind
_LONG = 1000


def render(reports: list[Report]) -> str:
    """One command a line: what stops as errors, what does not as warnings and notices, worst first."""
    kinds: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    pairs: list[tuple[Report, Report]] = []
    for report in reports:
        path = relative(str((report.get("plan") or {}).get("path") or "plan.json"))
        kinds["error"] += [_error(e, path) for e in report.get("errors") or ()]
        said = {e.get("policy") for e in report.get("errors") or ()}
        pairs += [
            (f, report) for f in report.get("findings") or () if f.get("outcome") != "error" or f["policy"] not in said
        ]
    for finding, report in sorted(pairs, key=lambda p: (not p[0].get("stops"), rank(p[0].get("severity")))):
        kind = _kind(finding)
        if kind:
            kinds[kind].append(_finding(kind, finding, report))
    lines = []
    for kind, commands in kinds.items():
        lines += commands if len(commands) <= MOST else commands[: MOST - 1]
        if len(commands) > MOST:
            lines.append(f"::{kind} title=plangate::and {len(commands) - MOST + 1} more: the report has them all")
    return "".join([line + "\n" for line in lines])


def _kind(finding: Report) -> str | None:
    if finding.get("stops") or finding.get("outcome") == "error":
        return "error"
    if finding.get("outcome") in ("pass", "waived") or finding.get("status") != "new":
        return None
    return "warning" if finding.get("severity") in ("medium", "high", "critical") else "notice"


def _finding(kind: str, finding: Report, report: Report) -> str:
    path, first, last = place(finding, report)
    said = str(finding.get("message") or finding.get("title") or "")
    if finding.get("outcome") == "unknown":
        said = f"cannot be known until apply: {said}"
    address = named(finding)
    text = f"{address}: {said}" if address else said
    if finding.get("remediation"):
        text += f" Fix: {finding['remediation']}"
    title = f"{finding.get('policy') or 'plangate'} ({finding.get('severity') or 'unknown'})"
    at = f"file={_property(path)},line={first},endLine={last}," if finding.get("location") else ""
    return f"::{kind} {at}title={_property(title)}::{_data(text)}"


def _error(error: Report, path: str) -> str:
    file = relative(error["path"]) if error.get("path") else path
    where = f"{error['policy']} in {file}" if error.get("policy") else file
    said = f"{where}: {error.get('message') or ''}"
    return f"::error title=plangate could not judge::{_data(said)}"


def _data(text: str) -> str:
    """The message of a command; what is to be shown is inert before, so that only `%` is left to escape."""
    return terminal(text, _LONG).replace("%", "%25")


def _property(text: str) -> str:
    return terminal(text, 300).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
