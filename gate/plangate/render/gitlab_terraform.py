"""GitLab's Terraform report: the counts in a merge request's widget (`artifacts:reports:terraform`).

docs.gitlab.com, "Terraform integration in merge requests": {"create", "update", "delete"}; a replace is one of each.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def render(reports: list[dict[str, Any]]) -> str:
    """The counts of all reports together."""
    counts = dict.fromkeys(("create", "update", "delete"), 0)
    for report in reports:
        summary = report.get("summary") or {}
        for name in counts:
            counts[name] += summary.get(name) or 0
        counts["create"] += summary.get("replace") or 0
        counts["delete"] += summary.get("replace") or 0
    return json.dumps(counts) + "\n"
