"""The report of a run: one plain dict (its schema is report.model), built once, redacted once."""

from __future__ import annotations

from plangate.decide.verdict import shown
from plangate.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.decide.settings import Settings
    from plangate.decide.verdict import Decision
    from plangate.plan.change import Change
    from plangate.plan.model import Plan

SCHEMA_VERSION = "1"
_KEYS = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "read": "read",
    "forget": "forget",
    "no-op": "no_op",
    "open": "read",
}


def build(  # noqa: PLR0913 - everything that was found
    run: dict[str, Any],
    origin: dict[str, Any],
    plan: Plan,
    decision: Decision,
    results: dict[str, dict[str, Any]],
    metas: dict[str, dict[str, Any]],
    settings: Settings,
    errors: list[dict[str, Any]],
    notes: list[str],
    passes: bool,
) -> dict[str, Any]:
    """The report of a plan that was judged. `origin` is what is known of the plan beyond its document."""
    report = skeleton(run, origin, settings)
    facts = plan.facts
    report["plan"].update(
        {k: facts[k] for k in ("format_version", "terraform_version", "complete", "applyable", "errored", "timestamp")}
    )
    verdict = "error" if errors else decision.verdict
    report["verdict"] = verdict
    report["exit_code"] = {"pass": 0, "fail": 1}.get(verdict, 4)
    report["summary"] = _summary(plan)
    report["changes"] = [_change(c) for c in plan.changes if c.action != "no-op" or c.previous_address or c.importing]
    report["policies"] = _policies(results, metas, decision)
    report["findings"] = [{**f, "fingerprint": fingerprint(f)} for f in decision.findings]
    if passes:
        report["findings"] += _passes(results, metas)
    report["waivers"] = {
        "used": shown(decision.used),
        "unused": shown(decision.unused),
        "expired": shown(decision.expired) + [{"problem": p} for p in settings.waiver_problems],
    }
    report["errors"] = errors
    report["notes"] = [*facts["notes"], *notes]
    report["invocations"] = _invocations(plan)
    return report


def failed(
    run: dict[str, Any], origin: dict[str, Any], settings: Settings | None, error: dict[str, Any], code: int
) -> dict[str, Any]:
    """The report of a plan that could not be judged."""
    report = skeleton(run, origin, settings)
    report.update(verdict="error", exit_code=code, errors=[error])
    return report


def skeleton(run: dict[str, Any], origin: dict[str, Any], settings: Settings | None) -> dict[str, Any]:
    """Every key of a report, in order, with nothing in it."""
    plan = dict.fromkeys(
        [
            "path",
            "sha256",
            "json_sha256",
            "format_version",
            "terraform_version",
            "complete",
            "applyable",
            "errored",
            "timestamp",
            "workspace",
            "lineage",
            "serial",
        ]
    )
    plan.update(origin)
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "plangate", "version": VERSION},
        "run": run,
        "plan": plan,
        "verdict": "error",
        "exit_code": 5,
        "summary": dict.fromkeys(
            (
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
            ),
            0,
        ),
        "changes": [],
        "policies": {"loaded": 0, "evaluated": 0, "not_applicable": 0, "digest": None, "list": []},
        "findings": [],
        "waivers": {"used": [], "unused": [], "expired": []},
        "checkov": {"status": "off", "version": None, "seconds": None, "cached": None},
        "deliveries": [],
        "errors": [],
        "notes": [],
        "invocations": [],
        "settings": {
            "files": list(settings.files) if settings else [],
            "fail_on": settings.fail_on if settings else "high",
            "scope": settings.scope if settings else "changed",
            "environment": settings.environment if settings else None,
        },
    }


def _summary(plan: Plan) -> dict[str, int]:
    counts = dict.fromkeys(
        (
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
        ),
        0,
    )
    for change in plan.changes:
        counts[_KEYS[change.action]] += 1
        if change.importing is not None:
            counts["import"] += 1
        if change.previous_address:
            counts["move"] += 1
    counts["outputs"] = sum(
        1 for o in plan.outputs.values() if type(o) is dict and o.get("actions") not in (["no-op"], None)
    )
    counts["drift"] = len(plan.drift)
    return counts


def _change(change: Change) -> dict[str, Any]:
    return {
        "address": change.address,
        "deposed": change.deposed,
        "module": change.module_address or None,
        "mode": change.mode,
        "type": change.type,
        "name": change.name,
        "provider": change.provider_name or None,
        "action": change.action,
        "actions": list(change.actions),
        "reason": change.reason,
        "replace_paths": change.replaced_because(),
        "previous_address": change.previous_address,
        "importing": _importing(change.importing),
        "attributes": change.changed() if change.action in ("update", "replace") else [],
        "location": None,
    }


def _importing(importing: Any) -> dict[str, Any] | None:
    """That it is an import, and by which id; an identity's values are not shown."""
    if importing is None:
        return None
    id = importing.get("id") if type(importing) is dict else None
    return {"id": id if type(id) is str else None}


def _policies(
    results: dict[str, dict[str, Any]], metas: dict[str, dict[str, Any]], decision: Decision
) -> dict[str, Any]:
    from hashlib import sha256

    ended = [r for r in results.values() if r["errors"] == 0]
    digest = sha256()
    listed = []
    for id in sorted(results):
        result, meta = results[id], metas[id]
        digest.update(f"{id}\0{meta.get('digest', '')}\0".encode("utf-8", "surrogatepass"))
        listed.append(
            {
                "id": id,
                "source": meta["file"],
                "matched": result["matched"],
                "passed": result["passed"],
                "failed": result["failed"],
                "unknown": result["unknown"],
                "errors": result["errors"],
                "waived": decision.counts.get(id, 0),
            }
        )
    return {
        "loaded": len(metas),
        "evaluated": len(ended),
        "not_applicable": sum(1 for r in ended if r["matched"] == 0),
        "digest": digest.hexdigest(),
        "list": listed,
    }


def fingerprint(finding: dict[str, Any]) -> str:
    """What stays the same of a finding from run to run: policy, address and attribute; 32 hex digits."""
    from hashlib import sha256

    parts = (
        finding["policy"],
        finding["address"] or "",
        finding.get("deposed") or "",
        finding["attribute"] or "",
    )
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _passes(results: dict[str, dict[str, Any]], metas: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for id in sorted(results):
        meta = metas[id]
        for address, deposed in results[id]["passes"]:
            row = {
                "policy": id,
                "title": meta["title"],
                "source": "python",
                "severity": meta["severity"],
                "enforcement": "advisory",
                "outcome": "pass",
                "address": address,
                "deposed": deposed,
                "attribute": None,
                "message": "",
                "origin": None,
                "remediation": None,
                "references": [],
                "location": None,
                "waiver": None,
                "status": "new",
                "stops": False,
                "also": [],
            }
            found.append({**row, "fingerprint": fingerprint(row)})
    return found


def _invocations(plan: Plan) -> list[dict[str, Any]]:
    """What runs at apply besides the changes: provisioners of what is created or destroyed, and actions."""
    found: list[dict[str, Any]] = []
    if b"provisioners" in _written(plan):
        for change in plan.changes:
            if change.touched and change.action != "update":
                found += [
                    {"kind": "provisioner", "address": change.address, "type": kind, "when": change.action}
                    for kind in change.provisioners
                ]
    invoked = plan.sections.get("action_invocations")
    for action in invoked if type(invoked) is list else ():
        if type(action) is dict:
            trigger = action.get("lifecycle_action_trigger")
            event = trigger.get("action_trigger_event") if type(trigger) is dict else "Invoke"
            found.append(
                {
                    "kind": "action",
                    "address": str(action.get("address")),
                    "type": str(action.get("type")),
                    "when": str(event),
                }
            )
    return found


def _written(plan: Plan) -> bytes:
    """The configuration's bytes where it is not decoded yet; a marker where it is."""
    return b"provisioners" if plan.configuration.all_provisioners() else b""
