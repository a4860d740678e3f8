"""From outcomes to a verdict: severity, enforcement, old or new, waivers, and what stops the plan."""

from __future__ import annotations

from . import settings as rules
from .once import told_once
from .waivers import cover, problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .settings import Settings
    from .waivers import Waiver

PASS, FAIL, ERROR = "pass", "fail", "error"


class Decision:
    """`findings` worst first, each a dict of the report; `verdict`; waivers used, unused and expired."""

    __slots__ = ("counts", "expired", "findings", "unused", "used", "verdict")

    def __init__(self) -> None:
        self.findings: list[dict[str, Any]] = []
        self.counts: dict[str, int] = {}  # waived findings by policy
        self.used: list[Waiver] = []
        self.unused: list[Waiver] = []
        self.expired: list[Waiver] = []
        self.verdict = PASS


def decide(
    results: dict[str, dict[str, Any]],
    metas: dict[str, dict[str, Any]],
    settings: Settings,
    today: str,
    also: dict[tuple[str, str | None], list[str]] | None = None,
) -> Decision:
    """Judge the results of every policy (as policy.answers has them) under the settings in force."""
    decision = Decision()
    used: dict[int, Waiver] = {}
    for id, result in results.items():
        if not result["found"]:
            continue
        meta = metas[id]
        for row in result["found"]:
            finding = _finding(id, meta, row, settings, today, used, also or {})
            if finding["outcome"] == "waived":
                decision.counts[id] = decision.counts.get(id, 0) + 1
            if finding["outcome"] == "error":
                decision.verdict = ERROR
            elif finding["stops"] and decision.verdict == PASS:
                decision.verdict = FAIL
            decision.findings.append(finding)
    decision.findings = told_once(sorted(decision.findings, key=_worst_first))
    for waiver in settings.waivers:
        if problem(waiver, today) is not None:
            decision.expired.append(waiver)
        elif id_of(waiver) in used:
            decision.used.append(waiver)
        else:
            decision.unused.append(waiver)
    return decision


def id_of(waiver: Waiver) -> int:
    return id(waiver)


def _worst_first(finding: dict[str, Any]) -> tuple[Any, ...]:
    return (
        finding["outcome"] != "error",
        not finding["stops"],
        -rules.SEVERITIES.index(finding["severity"]),
        finding["policy"],
        finding["address"] or "",
        finding["attribute"] or "",
    )


def _finding(
    id: str,
    meta: dict[str, Any],
    row: Any,
    settings: Settings,
    today: str,
    used: dict[int, Waiver],
    twins: dict[tuple[str, str | None], list[str]],
) -> dict[str, Any]:
    outcome, address, deposed, attribute, message, origin, touched, remediation, own = row
    severity = rules.severity_for(settings, id, own if own in rules.SEVERITIES else meta["severity"])
    level = rules.level_for(settings, id, severity)
    mandatory = level != "advisory"
    unknown = rules.on_unknown_for(settings, id, level, meta.get("on_unknown"))
    counts = outcome == "fail" or (outcome == "unknown" and unknown == "fail")
    waiver = None
    also = twins.get((id, address), [])
    if outcome in ("fail", "unknown") and settings.waivers:
        # An exception for any of the policies that say the same covers what is shown once.
        for name in (id, *also):
            waiver = waiver or _cover(settings, name, address, today)
        if waiver is not None:
            used[id_of(waiver)] = waiver
            outcome, counts = "waived", False
    existing = not touched and settings.scope == "changed"
    return {
        "policy": id,
        "title": meta["title"],
        "source": meta.get("source", "python"),
        "severity": severity,
        "enforcement": level,
        "outcome": outcome,
        "address": address,
        "deposed": deposed,
        "attribute": attribute,
        "message": message,
        "origin": origin,
        "remediation": remediation or meta["remediation"] or None,
        "references": list(meta["references"]),
        "location": None,
        "waiver": _shown(waiver),
        "status": "existing" if not touched else "new",
        "stops": outcome == "error" or (mandatory and counts and not existing),
        "also": list(also),
        "checkov": meta["said"].get((address, row[0])) if "said" in meta else None,
    }


def _cover(settings: Settings, id: str, address: str | None, today: str) -> Waiver | None:
    """The waiver of a finding; where a change is judged by a trusted commit, both must have one."""
    if settings.head is not None and not cover(settings.head.waivers, id, address, settings.environment, today):
        return None
    return cover(settings.waivers, id, address, settings.environment, today)


def _shown(waiver: Waiver | None) -> dict[str, Any] | None:
    if waiver is None:
        return None
    return {
        "policy": waiver.policy,
        "address": waiver.address,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "expires": waiver.expires,
        "ticket": waiver.ticket,
        "source": waiver.source,
    }


def shown(waivers: list[Waiver]) -> list[dict[str, Any]]:
    """Waivers as the report lists them."""
    return [found for found in map(_shown, waivers) if found is not None]
