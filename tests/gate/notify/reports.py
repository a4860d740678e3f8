"""Small reports with what routes and messages ask about."""

from __future__ import annotations

from typing import Any

from ..render import build  # noqa: TID252 - the tests are no package

Report = dict[str, Any]


def report(verdict: str = "pass", path: str = "live/prod/plan.json", **more: Any) -> Report:
    """A report of one plan. `environment`, `workspace`, `at` (started_at), `run` (id) and `quiet` (nothing changes) say
    what they say; `lost` replaces a database."""
    environment = more.pop("environment", None)
    workspace = more.pop("workspace", "default")
    changes = [] if more.pop("quiet", False) else [build.change("aws_sqs_queue.q", "create")]
    findings = []
    if more.pop("lost", False):
        changes.append(build.change("aws_db_instance.ledger", "replace"))
    if verdict == "fail":
        severity = more.pop("severity", "high")
        findings.append(
            build.finding("destructive/stateful-delete", severity, "aws_db_instance.ledger", "data goes", stops=True)
        )
    made = build.report(verdict, {"pass": 0, "fail": 1, "error": 3}[verdict], changes=changes, findings=findings)
    made["plan"].update(path=path, workspace=workspace)
    made["settings"]["environment"] = made["run"]["environment"] = environment
    made["run"]["started_at"] = more.pop("at", "2026-08-01T02:13:00Z")
    made["run"]["id"] = more.pop("run", "9a1f0c")
    if verdict == "error":
        made["errors"] = [{"kind": "plan", "message": "this is no plan", "path": path, "policy": None}]
    return {**made, **more}
