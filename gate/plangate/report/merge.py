"""Reports of many jobs as one run: what is missing, twice, of another commit or not to be believed is an error.

A report is a file, and a file can claim anything: whoever may write one decides what it says. What is checked here
finds accidents and stale files, not forgeries.
"""

from __future__ import annotations

from plangate.report.build import failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Report = dict[str, Any]

_NO_PLAN = 3  # the exit code of what was not judged
_CODES = {"pass": (0, 7), "fail": (1,), "error": (2, 3, 4, 5)}


class Expected:
    """A root that must report: `root` (its folder, or the plan's path) and `workspace` (None: any)."""

    __slots__ = ("root", "workspace")

    def __init__(self, root: str, workspace: str | None = None) -> None:
        self.root, self.workspace = folder(root), workspace

    def __str__(self) -> str:
        return f"{self.root}, workspace {self.workspace}" if self.workspace else self.root

    def fits(self, report: Report) -> bool:
        """Whether a report is of this root."""
        return self.root in names(report) and self.workspace in (None, workspace(report))


def merged(
    reports: Iterable[Report], expected: list[Expected] | None, commit: str | None, run: dict[str, Any]
) -> list[Report]:
    """The reports that count, as they were given, and after them one of exit code 3 for each thing that is wrong.

    `expected` are the roots that must report, None where nobody says; `commit` is the one they must be of, None for
    that of the newest report of each repository; `run` is that of the reports made here.
    """
    same: dict[tuple[object, ...], list[Report]] = {}
    for report in reports:
        same.setdefault(_identity(report), []).append(report)
    found = [max(group, key=_started) for group in same.values()]
    wrong = [
        _problem(group[0], f"this root reported {len(group)} times; the newest report is shown", run)
        for group in same.values()
        if len(group) > 1
    ]
    commits = _commits(found)
    for report in found:
        said = doubt(report) or _stale(report, commit, commits.get(report["run"]["repository"]))
        if said:
            wrong.append(_problem(report, said, run))
    for one in expected or ():
        fitting = [report for report in found if one.fits(report)]
        if not fitting:
            wrong.append(_missing(one, commit, run))
        elif len(fitting) > 1:
            which = ", ".join(sorted(str(report["plan"]["path"]) for report in fitting))
            wrong.append(_problem(fitting[0], f"{len(fitting)} reports are of {one}: {which}", run))
    return found + wrong


def doubt(report: Report) -> str | None:
    """Why a report cannot be what a run of plangate wrote, None where nothing speaks against it."""
    verdict, code = report["verdict"], report["exit_code"]
    stops = any(finding["stops"] for finding in report["findings"])
    if code not in _CODES[verdict]:
        return f"this report contradicts itself: verdict {verdict}, exit code {code}"
    if verdict == "pass" and (stops or report["errors"] or not report["policies"]["evaluated"]):
        return "this report contradicts itself: it passes, and something in it does not"
    if verdict == "fail" and not stops:
        return "this report contradicts itself: it fails, and nothing in it stops"
    return None


def names(report: Report) -> set[str]:
    """What a root is called: its folder and the plan's path."""
    path = str(report["plan"]["path"] or "").replace("\\", "/")
    above = path.rpartition("/")[0]
    root = report["run"]["root"]
    return {folder(path), folder(root) if root else folder(above)}


def workspace(report: Report) -> str:
    """The workspace; one that is not known is the default one."""
    return str(report["plan"]["workspace"] or "default")


def folder(path: str) -> str:
    """A path without what does not tell it from others."""
    return "/".join(part for part in path.replace("\\", "/").split("/") if part not in ("", ".")) or "."


def _identity(report: Report) -> tuple[object, ...]:
    return report["run"]["repository"], report["run"]["root"], report["plan"]["path"], workspace(report)


def _started(report: Report) -> str:
    return str(report["run"]["started_at"] or "")


def _commits(found: list[Report]) -> dict[str | None, str]:
    """{repository: the commit of its newest report}."""
    told = sorted([report for report in found if report["run"]["commit"]], key=_started)
    return {report["run"]["repository"]: report["run"]["commit"] for report in told}


def _stale(report: Report, commit: str | None, newest: str | None) -> str | None:
    mine = report["run"]["commit"]
    if commit is not None and mine is None:
        return f"this report does not say of which commit it is; {commit[:12]} is asked for"
    wanted = commit or newest
    if mine is None or wanted is None or _same(mine, wanted):
        return None
    return f"this report is of commit {mine[:12]}; {wanted[:12]} is {'asked for' if commit else 'the newest'}"


def _same(one: str, other: str) -> bool:
    """Whether two ids are of one commit; some services tell only the first digits."""
    short = min(len(one), len(other))
    return short >= 7 and one[:short].lower() == other[:short].lower()


def _missing(one: Expected, commit: str | None, run: dict[str, Any]) -> Report:
    of = f" for commit {commit[:12]}" if commit else ""
    item = {"kind": "merge", "message": f"this root did not report{of}; did its job run?", "path": one.root}
    origin = {"path": one.root, "workspace": one.workspace}
    return failed({**run, "root": one.root}, origin, None, {**item, "policy": None}, _NO_PLAN)


def _problem(report: Report, message: str, run: dict[str, Any]) -> Report:
    path = report["plan"]["path"]
    origin = {"path": path, "workspace": report["plan"]["workspace"]}
    item = {"kind": "merge", "message": message, "path": path, "policy": None}
    return failed({**run, "root": report["run"]["root"]}, origin, None, item, _NO_PLAN)
