"""The first lines of a text on several plans: the worst verdict, and a line for each of them, worst first."""

from __future__ import annotations

from plangate.errors import worst
from plangate.render import inert
from plangate.render.lines import Line
from plangate.report import wording
from plangate.report.groups import plural
from plangate.report.summary import summarise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_ORDER = ("error", "fail", "pass")
_STYLES = {"error": "bad", "fail": "bad", "pass": "good"}
_COUNTS = (("create", "+"), ("update", "~"), ("replace", "-/+"), ("delete", "-"), ("forget", "forget "))
_NAME = 48  # cells of a root's name


def sorted_by_verdict(reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Worst first; otherwise as they were given."""
    return sorted(reports, key=lambda report: _ORDER.index(verdict_of(report)))


def render(reports: list[dict[str, Any]], *, color: bool, columns: int) -> str:
    """`plangate: FAIL - 3 plans: 1 fail, 2 pass (exit 1)` and its table, each line ended by a newline."""
    verdicts = [verdict_of(report) for report in reports]
    most = min(verdicts, key=_ORDER.index)
    code = worst([report["exit_code"] for report in reports if type(report.get("exit_code")) is int])
    counted = ", ".join(f"{verdicts.count(name)} {name}" for name in _ORDER if name in verdicts)
    first = Line(columns).own("plangate: ").own(most.upper(), _STYLES[most])
    lines = [first.own(f" - {plural(len(reports), 'plan')}: {counted}", "bold").own(f" (exit {code})")]
    names = {id(report): named(report) for report in reports}
    wide = min(max(inert.width(inert.terminal(name, _NAME)) for name in names.values()), _NAME)
    for report in sorted_by_verdict(reports):
        summary = summarise(report)
        line = Line(columns).own("  ").own(f"{verdict_of(report).upper():<5}", _STYLES[verdict_of(report)]).own("  ")
        line.plan(names[id(report)], most=_NAME).to(wide + 11)
        said = wording.because(summary["reasons"])
        changed = " ".join(f"{sign}{summary['counts'][key]}" for key, sign in _COUNTS if summary["counts"].get(key))
        line.own(said).own(f"  {changed}" if changed else "", "dim")
        lines.append(line)
    return "".join([line.show(color) + "\n" for line in lines])


def named(report: dict[str, Any], shorter: Callable[[str], str] = str) -> str:
    """What a reader calls this plan: its root where that is known, the file, a workspace that is not the default."""
    plan, root = report.get("plan") or {}, (report.get("run") or {}).get("root")
    path = shorter(str(plan["path"])) if plan.get("path") else "(stdin)"
    name = path if root in (None, ".") or path.startswith(f"{root}/") else f"{root} ({path})"
    workspace = plan.get("workspace")
    return f"{name}, workspace {workspace}" if workspace not in (None, "", "default") else name


def verdict_of(report: dict[str, Any]) -> str:
    """pass, fail or error."""
    verdict = str(report.get("verdict"))
    return verdict if verdict in _ORDER else "error"
