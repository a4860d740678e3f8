"""What a report comes down to: one neutral summary that every format and message is made of.

Nothing in it is rendered: addresses, paths and messages are raw text of a plan, to be escaped by whoever shows
them; all numbers and words of a fixed set are our own. It is a plain dict, made of the report alone, so that a stored
report gives the same summary years later.
"""

from __future__ import annotations

from plangate.globs import match_address

from .groups import SEVERITIES, cause, group, named, rank

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Report = dict[str, Any]

_FATES = {"delete": "destroy", "replace": "replace", "forget": "forget"}
_ORDER = {"destroy": 0, "replace": 1, "forget": 2}
_KINDS = ("update", "create", "read", "import", "move")


def summarise(report: Report) -> dict[str, Any]:
    """The summary of a report:

    verdict, exit_code   as in the report
    read         whether there is a plan to speak of; where not, all below is empty and not known
    reasons      [(key, number)]: why it is so; keys `stops`, `undecided`, `unreadable`, `settings`, `internal`,
                 `delivery`, `nothing`, `unjudged` (see report.wording)
    counts       the report's `summary`
    lost         what is destroyed, replaced or forgotten, worst first: [{address, fate, why, loss, severity, stops}]
    stops, others    groups of findings (report.groups.Group), worst first
    errors       [{policy, path, message, addresses}] of what could not be judged
    changes      [{action, type, number, attributes, folded, addresses}] of all that is not lost
    hidden       updates whose every attribute `ignore_paths` hides
    veiled       attributes that it hides of other changes
    values       [{address, action, values, computed}] where attributes' values are shown, without what it hides
    drift, moves, imports, outputs, checks, renames, invocations, notes, waivers, incomplete
    """
    findings = [f for f in report.get("findings") or () if f.get("outcome") != "pass"]
    groups = group([f for f in findings if f.get("outcome") != "error"])
    changes = report.get("changes") or []
    ignored = (report.get("settings") or {}).get("ignore_paths") or []
    kinds, hidden, veiled = _changes(changes, ignored)
    stops = [g for g in groups if g.kind == "stops"]
    return {
        "verdict": report.get("verdict") or "unjudged",
        "exit_code": report.get("exit_code"),
        "read": report.get("exit_code") not in (2, 3, 5) or any((report.get("summary") or {}).values()),
        "reasons": _reasons(report, sum(len(g.findings) for g in stops)),
        "counts": report.get("summary") or {},
        "lost": _lost(changes, findings),
        "stops": stops,
        "others": [g for g in groups if g.kind != "stops"],
        "errors": _errors(report, findings),
        "changes": kinds,
        "hidden": hidden,
        "veiled": veiled,
        "values": _values(changes, ignored),
        "drift": report.get("drift") or [],
        "moves": [(c["previous_address"], c["address"]) for c in changes if c.get("previous_address")],
        "imports": [c["address"] for c in changes if c.get("importing")],
        "outputs": report.get("outputs") or [],
        "checks": report.get("checks") or [],
        "renames": report.get("renames") or [],
        "invocations": report.get("invocations") or [],
        "notes": report.get("notes") or [],
        "waivers": report.get("waivers") or {},
        "incomplete": (report.get("plan") or {}).get("complete") is False,
    }


def undecided(report: Report) -> int:
    """Policies that raised, did not load or did not answer."""
    names = {f.get("policy") for f in report.get("findings") or () if f.get("outcome") == "error"}
    errors = [e for e in report.get("errors") or () if e.get("kind") == "policy"]
    names |= {e.get("policy") or e.get("path") or e.get("message") for e in errors}
    return len(names) or 1


def _reasons(report: Report, stops: int) -> list[tuple[str, int]]:
    """Why the verdict is what it is, the gravest first."""
    code = report.get("exit_code")
    if report.get("verdict") is None:
        return [("unjudged", 0)]
    found: list[tuple[str, int]] = []
    if code in (2, 3, 5):
        found.append(({2: "settings", 3: "unreadable", 5: "internal"}[code], 1))
    elif code == 4:
        found.append(("undecided", undecided(report)))
    if stops:
        found.append(("stops", stops))
    if not found:
        found.append(("nothing", 0) if report.get("verdict") == "pass" else ("internal", 1))
    if code == 7:
        found.append(("delivery", 1))
    return found


def _lost(changes: list[Report], findings: list[Report]) -> list[dict[str, Any]]:
    """Everything that goes, what the gate stops first, then by severity and fate."""
    worst: dict[tuple[str, Any], tuple[bool, int]] = {}
    for finding in findings:
        if finding.get("outcome") in ("fail", "unknown"):
            key = str(finding.get("address") or ""), finding.get("deposed")
            mine = (not finding.get("stops"), rank(finding.get("severity")))
            worst[key] = min(worst.get(key, mine), mine)
    found = []
    for change in changes:
        fate = _FATES.get(change.get("action") or "")
        if fate is None:
            continue
        passed, severity = worst.get((change.get("address") or "", change.get("deposed")), (True, len(SEVERITIES)))
        found.append(
            {
                "address": named(change),
                "type": str(change.get("type") or ""),
                "fate": fate,
                "why": cause(change),
                "loss": change.get("loss") if fate != "forget" else None,
                "severity": SEVERITIES[severity] if severity < len(SEVERITIES) else None,
                "stops": not passed,
            }
        )
    return sorted(found, key=lambda f: (not f["stops"], rank(f["severity"]), f["loss"] is None, _ORDER[f["fate"]]))


def _errors(report: Report, findings: list[Report]) -> list[dict[str, Any]]:
    """Errors of the run, then policies that broke on changes and are not among them."""
    found = [
        {"policy": e.get("policy"), "path": e.get("path"), "message": e.get("message") or "", "addresses": []}
        for e in report.get("errors") or ()
    ]
    said = {e["policy"] for e in found}
    for broken in group([f for f in findings if f.get("outcome") == "error" and f.get("policy") not in said]):
        first = broken.findings[0]
        addresses = [named(f) for f in broken.findings]
        message = first.get("message") or ""
        found.append({"policy": broken.policy, "path": None, "message": message, "addresses": addresses})
    return found


def _changes(changes: list[Report], ignored: list[str]) -> tuple[list[dict[str, Any]], int, int]:
    """What neither goes nor is made anew, grouped by action, type and what folds it; how many of them are hidden, and
    how many attributes of the others."""
    found: dict[tuple[str, str, str | None], dict[str, Any]] = {}
    hidden = veiled = 0
    for change in changes:
        action = str(change.get("action") or "")
        if action in _FATES:
            continue
        type_ = str(change.get("type") or "")
        attributes = [p for p in change.get("attributes") or () if not (ignored and is_ignored(p, type_, ignored))]
        if action == "update" and not attributes and change.get("attributes"):
            hidden += 1
            continue
        veiled += len(change.get("attributes") or ()) - len(attributes)
        if action == "no-op":
            action = "import" if change.get("importing") else "move"
        key = action, type_, change.get("folded")
        kind = found.setdefault(
            key,
            {"action": action, "type": type_, "folded": key[2], "number": 0, "attributes": {}, "addresses": []},
        )
        kind["number"] += 1
        kind["addresses"].append(named(change))
        for path in attributes:
            kind["attributes"][path.partition(".")[0].partition("[")[0]] = None
    for kind in found.values():
        kind["attributes"] = list(kind["attributes"])
    return sorted(found.values(), key=_place), hidden, veiled


def _values(changes: list[Report], ignored: list[str]) -> list[dict[str, Any]]:
    found = []
    for change in changes:
        type_ = str(change.get("type") or "")
        values = [v for v in change.get("values") or () if not (ignored and is_ignored(v["path"], type_, ignored))]
        if values:
            computed = change.get("computed") or 0
            found.append(
                {"address": named(change), "action": change.get("action"), "values": values, "computed": computed}
            )
    return found


def _place(kind: dict[str, Any]) -> tuple[Any, ...]:
    action = kind["action"]
    order = _KINDS.index(action) if action in _KINDS else len(_KINDS)
    return kind["folded"] is not None, order, -kind["number"], kind["type"]


def is_ignored(path: str, type: str, ignored: list[str]) -> bool:
    """Whether a glob names this attribute path or one it stands in, as it is or behind the resource type."""
    paths = [path[:i] for i, char in enumerate(path) if char in ".["] + [path]
    return any(match_address(glob, p) or match_address(glob, f"{type}.{p}") for glob in ignored for p in paths)
