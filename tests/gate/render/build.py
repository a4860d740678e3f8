"""Builders of reports and their parts, with everything a report must hold."""

from __future__ import annotations

from typing import Any

Report = dict[str, Any]
COUNTS = (
    "create",
    "update",
    "delete",
    "replace",
    "read",
    "forget",
    "import",
    "move",
    "no_op",
    "outputs",
    "drift",
)


def change(address: str, action: str, **more: Any) -> Report:
    actions = {"replace": ["delete", "create"]}.get(action, [action])
    kind = address.rsplit(".", 2)[-2] if "." in address else "aws_thing"
    return {
        "address": address,
        "deposed": None,
        "module": "",
        "mode": "managed",
        "type": kind,
        "name": address.rpartition(".")[2].partition("[")[0],
        "provider": "registry.terraform.io/hashicorp/aws",
        "action": action,
        "actions": actions,
        "reason": None,
        "replace_paths": [],
        "previous_address": None,
        "importing": None,
        "attributes": [],
        "computed": 0,
        "folded": None,
        "loss": None,
        "values": None,
        "location": None,
        **more,
    }


def finding(policy: str, severity: str, address: str | None, message: str, **more: Any) -> Report:
    stops = more.get("stops", severity in ("critical", "high"))
    return {
        "policy": policy,
        "title": message,
        "source": "python",
        "severity": severity,
        "enforcement": "soft-mandatory" if stops else "advisory",
        "outcome": "fail",
        "address": address,
        "deposed": None,
        "attribute": None,
        "message": message,
        "remediation": None,
        "references": [],
        "location": None,
        "waiver": None,
        "status": "new",
        "fingerprint": "f0e1d2c3b4a59687",
        "also": [],
        "checkov": None,
        "stops": stops,
        "origin": None,
        **more,
    }


def waiver(policy: str, address: str, **more: Any) -> Report:
    return {
        "policy": policy,
        "address": address,
        "reason": "moves in March",
        "owner": "data-team",
        "expires": "2026-12-31",
        "ticket": None,
        "source": "plangate.toml:12",
        **more,
    }


def report(
    verdict: str = "pass",
    exit_code: int = 0,
    *,
    changes: list[Report] | None = None,
    findings: list[Report] | None = None,
    summary: dict[str, int] | None = None,
    **more: Any,
) -> Report:
    changes, findings = changes or [], findings or []
    counted = {name: sum(c["action"].replace("-", "_") == name for c in changes) for name in COUNTS}
    return {
        "schema_version": "1",
        "tool": {"name": "plangate", "version": "0.1.0"},
        "run": {
            "id": "9a1f0c",
            "started_at": "2026-08-01T02:13:00Z",
            "environment": "production",
            "repository": None,
            "commit": None,
            "ref": None,
            "base_ref": None,
            "pull_request": None,
            "fork": False,
            "workflow": None,
            "url": None,
            "actor": None,
            "ci": None,
            "server": None,
            "root": None,
        },
        "plan": {
            "path": "envs/prod/tfplan.json",
            "sha256": "ab" * 32,
            "json_sha256": "ab" * 32,
            "format_version": "1.2",
            "terraform_version": "1.9.5",
            "complete": True,
            "applyable": True,
            "errored": False,
            "timestamp": "2026-08-01T02:10:00Z",
            "workspace": "default",
            "lineage": None,
            "serial": None,
        },
        "verdict": verdict,
        "exit_code": exit_code,
        "summary": {**counted, **(summary or {})},
        "changes": changes,
        "drift": [],
        "outputs": [],
        "checks": [],
        "renames": [],
        "policies": {
            "loaded": 41,
            "evaluated": 41,
            "not_applicable": 23,
            "digest": "cd" * 32,
            "list": [
                {
                    "id": "destructive/stateful-delete",
                    "source": "plangate",
                    "matched": 3,
                    "passed": 1,
                    "failed": 2,
                    "unknown": 0,
                    "errors": 0,
                    "waived": 0,
                },
            ],
        },
        "findings": findings,
        "waivers": {"used": [], "unused": [], "expired": []},
        "checkov": {"status": "off", "version": None, "seconds": None, "cached": None},
        "deliveries": [],
        "errors": [],
        "notes": [],
        "invocations": [],
        "settings": {
            "files": ["plangate.toml"],
            "fail_on": "high",
            "scope": "changed",
            "ignore_paths": [],
            "trusted": None,
            "loosened": [],
            "override": None,
            "environment": "production",
        },
        **more,
    }
