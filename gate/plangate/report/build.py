"""The report of a run: one plain dict (its schema is report.model), built once, redacted once."""

from __future__ import annotations

from plangate.decide.verdict import shown
from plangate.version import VERSION

from .around import checks, drift, invocations, outputs
from .changes import COUNTS, counted, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.decide.settings import Settings
    from plangate.decide.verdict import Decision
    from plangate.plan.model import Plan

SCHEMA_VERSION = "1"


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
    passes: int,
    values: bool = False,
) -> dict[str, Any]:
    """The report of a plan that was judged. `origin` is what is known of the plan beyond its document.

    `passes` is how much of what passed is listed as well, at most; `values`: what attributes were and will be.
    """
    report = unjudged(run, origin, plan, settings, notes, values)
    verdict = "error" if errors else decision.verdict
    report["verdict"] = verdict
    report["exit_code"] = {"pass": 0, "fail": 1}.get(verdict, 4)
    report["policies"] = _policies(results, metas, decision)
    report["findings"] = [{**f, "fingerprint": fingerprint(f)} for f in decision.findings]
    if passes:
        report["findings"] += _passes(results, metas, passes)
    report["waivers"] = {
        "used": shown(decision.used),
        "unused": shown(decision.unused),
        "expired": shown(decision.expired) + [{"problem": p} for p in settings.waiver_problems],
    }
    report["errors"] = errors
    return report


def unjudged(
    run: dict[str, Any], origin: dict[str, Any], plan: Plan, settings: Settings, notes: list[str], values: bool
) -> dict[str, Any]:
    """What a plan would change, with no verdict: `verdict` and `exit_code` are None."""
    report = skeleton(run, origin, settings)
    facts = plan.facts
    report["plan"].update(
        {k: facts[k] for k in ("format_version", "terraform_version", "complete", "applyable", "errored", "timestamp")}
    )
    report["verdict"] = report["exit_code"] = None
    report["summary"] = counted(plan)
    report["changes"] = listed(plan, values)
    report["drift"] = drift(plan)
    report["outputs"] = outputs(plan)
    report["checks"] = checks(plan)
    if report["summary"]["delete"] and report["summary"]["create"]:
        from .renames import renames

        report["renames"] = renames(plan)
    report["notes"] = [*facts["notes"], *notes]
    report["invocations"] = invocations(plan)
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
        "summary": dict.fromkeys(COUNTS, 0),
        "changes": [],
        "drift": [],
        "outputs": [],
        "checks": [],
        "renames": [],
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
            "ignore_paths": list(settings.ignore_paths) if settings else [],
            "trusted": None,
            "loosened": [],
            "override": None,
        },
    }


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


def _passes(results: dict[str, dict[str, Any]], metas: dict[str, dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """What passed, policy by policy; of one whose passes are too many for what is left of `most`, none."""
    found: list[dict[str, Any]] = []
    for id in sorted(results):
        meta = metas[id]
        if len(found) + len(results[id]["passes"]) > most:
            continue
        for address, deposed in results[id]["passes"]:
            row = {
                "policy": id,
                "title": meta["title"],
                "source": meta.get("source", "python"),
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
                "checkov": None,
            }
            found.append({**row, "fingerprint": fingerprint(row)})
    return found
