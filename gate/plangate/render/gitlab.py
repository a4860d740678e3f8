"""GitLab's Code Quality report: findings in the merge request's widget and its changes.

docs.gitlab.com, "Code Quality report format": an array of {description, check_name, fingerprint, severity, location}.
"""

from __future__ import annotations

from plangate.render.inert import terminal
from plangate.render.json import dumps
from plangate.render.places import place, told
from plangate.report.groups import named, rank

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Report = dict[str, Any]

_SEVERITIES = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info"}


def render(reports: list[Report]) -> str:
    """Every finding that failed, is unknown or broke, and what could not be judged, worst first; waived ones and passes
    are none."""
    seen: dict[str, int] = {}
    entries = []
    pairs = [(f, r) for r in reports for f in told(r) if f.get("outcome") != "waived"]
    for finding, report in sorted(pairs, key=lambda p: (not p[0].get("stops"), rank(p[0].get("severity")))):
        path, first, _ = place(finding, report)
        # GitLab drops entries of one fingerprint; several roots or messages may share ours.
        mark = str(finding.get("fingerprint") or "")
        seen[mark] = seen.get(mark, 0) + 1
        address = named(finding)
        said = terminal(str(finding.get("message") or finding.get("title") or ""), 600)
        entries.append(
            {
                "type": "issue",
                "check_name": str(finding.get("policy") or ""),
                "description": f"{terminal(address, 300)}: {said}" if address else said,
                "categories": ["Security"],
                "fingerprint": mark if seen[mark] == 1 else f"{mark}-{seen[mark]}",
                "severity": _SEVERITIES.get(finding.get("severity") or "", "major"),
                "location": {"path": path, "lines": {"begin": first}},
            }
        )
    return dumps(entries) + "\n"
