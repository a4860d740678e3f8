"""Reports to roots: what a message says of each plan, every word of the plan made showable, worst first."""

from __future__ import annotations

from plangate.render.inert import terminal
from plangate.report import wording
from plangate.report.groups import SEVERITIES, compact, named, rank
from plangate.report.summary import summarise

from .message import Fault, Loss, Root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from plangate.report.groups import Group

    Report = dict[str, Any]

_TEXT = 500  # characters of one text of a plan or policy
_VERDICTS = ("pass", "fail", "error")  # the worst last


class Judged:
    """A report, the root that messages show of it, and what routes ask about, as it stands in the report."""

    __slots__ = ("environment", "path", "policies", "report", "root", "severity", "workspace")

    def __init__(self, report: Report, root: Root, path: str) -> None:
        self.report, self.root, self.path = report, root, path
        plan = report.get("plan") or {}
        self.workspace = str(plan.get("workspace") or "default")
        self.environment: str | None = _environment(report)
        found = [f for f in report.get("findings") or () if f.get("outcome") in ("fail", "unknown", "error")]
        self.policies = {str(f.get("policy")) for f in found}
        ranks = [rank(f.get("severity")) for f in found if f.get("status") != "existing" or f.get("stops")]
        self.severity = min(ranks, default=len(SEVERITIES))

    @property
    def overridden(self) -> bool:
        """Whether PLANGATE_OVERRIDE let the settings of the change itself hold."""
        return bool((self.report.get("settings") or {}).get("override"))

    @property
    def identity(self) -> str:
        """What stays the same from run to run."""
        return f"{self.path.replace(chr(92), '/')}\0{self.workspace}"


def judged(
    reports: list[Report],
    environments: Mapping[str, Mapping[str, Any]],
    relative: Callable[[str], str | None] = lambda path: path,
) -> list[Judged]:
    """The roots of reports, worst first; `environments` are those of the settings (`protected`, `account`), `relative`
    gives a plan's path as the settings see it."""
    paths = [str((report.get("plan") or {}).get("path") or "") for report in reports]
    names = [_name(path) for path in paths]
    found = []
    for report, path, name in zip(reports, paths, names, strict=True):
        environment = _environment(report)
        table = environments.get(environment or "", {})
        root = _root(report, path if names.count(name) > 1 else name)
        root.environment = _shown(environment)
        root.account = _shown(table.get("account"))
        root.protected = table.get("protected") is True
        found.append(Judged(report, root, relative(path) or path))
    return sorted(found, key=_place)


def verdict_of(roots: list[Root]) -> str:
    """The worst verdict of several."""
    return max([root.verdict for root in roots], key=_VERDICTS.index)


def _place(one: Judged) -> tuple[int, int, int, str]:
    root = one.root
    stopped = sum(loss.stops for loss in root.lost)
    return -_VERDICTS.index(root.verdict), -stopped, one.severity, root.name


def _environment(report: Report) -> str | None:
    found = (report.get("settings") or {}).get("environment") or (report.get("run") or {}).get("environment")
    return str(found) if found else None


def _name(path: str) -> str:
    """A root is called by its folder; a plan that lies in none by its file."""
    if not path or path in ("-", "<stdin>"):
        return "(stdin)"
    folder, _, base = path.replace("\\", "/").rpartition("/")
    line = base.rpartition(":")[2]
    if line.isdigit() and ":" in base:
        return path  # one of several in a file
    folder = folder.removeprefix("./")
    return folder if folder not in ("", ".") else base


def _shown(value: object, most: int = 200) -> str | None:
    return terminal(str(value), most) if value not in (None, "") else None


def _root(report: Report, name: str) -> Root:
    summary = summarise(report)
    plan = report.get("plan") or {}
    root = Root()
    root.name, root.path = terminal(name, 200), terminal(str(plan.get("path") or "(stdin)"), 300)
    workspace = plan.get("workspace")
    root.workspace = _shown(workspace) if workspace not in (None, "", "default") else None
    root.verdict = str(summary["verdict"]) if summary["verdict"] in _VERDICTS else "error"
    root.exit_code = summary["exit_code"]
    root.sha256 = plan.get("sha256")
    root.reasons = summary["reasons"]
    root.counts = summary["counts"]
    root.lost = [_loss(entry) for entry in summary["lost"]]
    root.stops = [_fault(group) for group in summary["stops"]]
    root.others = sum(len(g.findings) for g in summary["others"] if g.kind not in ("pass", "fixed"))
    root.errors = [_error(entry) for entry in summary["errors"]]
    root.notes = [terminal(str(note), _TEXT) for note in summary["notes"]]
    root.changes = any(root.counts.get(key) for key in _CHANGES)
    root.events = _events(root)
    return root


_CHANGES = ("create", "update", "delete", "replace", "forget", "import", "move", "outputs")


def _events(root: Root) -> tuple[str, ...]:
    if root.verdict == "error":
        return ("error",)
    found = ["failed"] if root.verdict == "fail" else []
    if any(loss.fate != "forget" for loss in root.lost):
        found.append("destructive")
    return (*found, "planned")


def _loss(entry: dict[str, Any]) -> Loss:
    return Loss(
        terminal(entry["address"], _TEXT),
        entry["fate"],
        terminal(entry["why"], _TEXT),
        terminal(wording.lost(entry["loss"]), _TEXT),
        entry["severity"],
        entry["stops"],
    )


def _fault(group: Group) -> Fault:
    first = group.findings[0]
    title = terminal(str(first.get("title") or group.policy), _TEXT)
    fault = Fault(terminal(group.policy, 200), title, group.severity, group.outcome, len(group.findings))
    addresses = [named(finding) or "(plan)" for finding in group.findings]
    fault.addresses = [(terminal(text, _TEXT), number) for text, number in compact(addresses, keys=True)]
    fault.remediation = _shown(first.get("remediation"), _TEXT)
    place = next((f["location"] for f in group.findings if f.get("location")), None)
    if place:
        fault.place = terminal(f"{place['file']}:{place['line']}", 300)
    return fault


def _error(entry: dict[str, Any]) -> str:
    said = str(entry.get("message") or "")
    if entry.get("policy"):
        said = f"{entry['policy']}: {said}"
    return terminal(said, _TEXT)
