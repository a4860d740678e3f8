"""SARIF 2.1.0 (OASIS standard) as GitHub code scanning takes it.

Its limits (docs.github.com, "SARIF support for code scanning"): 10 MB packed, 20 runs, 25,000 results a run of which
5,000 are shown, 10 of a rule's tags; relative URIs; fullDescription and help on every rule.
"""

from __future__ import annotations

from plangate.render.inert import is_url_text, terminal
from plangate.render.json import dumps
from plangate.render.places import place, root_name, told, uri
from plangate.report.groups import named, plural, rank

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Report = dict[str, Any]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://pypi.org/project/plangate/"
MAX_RESULTS = 5_000  # of all runs together
MAX_RUNS = 20
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
# GitHub: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0", "info": "0.1"}


def render(reports: list[Report]) -> str:
    """One run for each report (the twentieth holds the rest), worst results first, at most MAX_RESULTS in all."""
    shared = reports if len(reports) <= MAX_RUNS else reports[: MAX_RUNS - 1]
    parts = [[report] for report in shared] + ([reports[MAX_RUNS - 1 :]] if len(reports) > MAX_RUNS else [])
    kept = _kept(parts)
    runs = [_run(part, results, number) for part, (results, number) in zip(parts, kept, strict=True)]
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": runs}
    return dumps(document) + "\n"


def _kept(parts: list[list[Report]]) -> list[tuple[list[tuple[Report, Report]], int]]:
    """For each run its findings worst first, as far as they fit, and how many are left out."""
    found = []
    for part in parts:
        pairs = [(f, r) for r in part for f in told(r)]
        pairs.sort(key=lambda p: (not p[0].get("stops"), rank(p[0].get("severity"))))
        found.append(pairs)
    total = sum(map(len, found))
    if total <= MAX_RESULTS:
        return [(pairs, 0) for pairs in found]
    worst = sorted(
        ((not f.get("stops"), rank(f.get("severity")), at) for at, pairs in enumerate(found) for f, _ in pairs)
    )[:MAX_RESULTS]
    counts = [0] * len(found)
    for _, _, at in worst:
        counts[at] += 1
    return [(pairs[:count], len(pairs) - count) for pairs, count in zip(found, counts, strict=True)]


def _run(reports: list[Report], pairs: list[tuple[Report, Report]], left: int) -> dict[str, Any]:
    first = reports[0]
    rules: dict[str, int] = {}
    described: list[dict[str, Any]] = []
    results = []
    marks: dict[str, int] = {}
    for finding, report in pairs:
        id = str(finding.get("policy") or "plangate")
        if id not in rules:
            rules[id] = len(rules)
            described.append(_rule(id, finding))
        mark = str(finding.get("fingerprint") or "")
        marks[mark] = marks.get(mark, 0) + 1
        results.append(_result(finding, report, rules[id], f"{mark}:{marks[mark]}"))
    tool = first.get("tool") or {}
    return {
        "tool": {
            "driver": {
                "name": "plangate",
                "semanticVersion": str(tool.get("version") or "0"),
                "informationUri": HOME,
                "rules": described,
            }
        },
        "automationDetails": {"id": f"plangate/{terminal(root_name(first), 200)}/"},
        "invocations": [_invocation(reports, left)],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }


def _invocation(reports: list[Report], left: int) -> dict[str, Any]:
    """Whether the plan could be judged, and what of it is not in here."""
    notes = [
        {"level": "error", "message": {"text": terminal(str(e.get("message") or ""), 2000)}}
        for report in reports
        for e in report.get("errors") or ()
    ]
    if left:
        text = f"{plural(left, 'result')} left out, none worse than those here: GitHub shows {MAX_RESULTS:,}"
        notes.append({"level": "warning", "message": {"text": text}})
    judged = all(report.get("verdict") in ("pass", "fail") for report in reports)
    return {"executionSuccessful": judged, "toolExecutionNotifications": notes}


def _rule(id: str, finding: Report) -> dict[str, Any]:
    title = terminal(str(finding.get("title") or id), 500)
    remedy = terminal(str(finding.get("remediation") or "See the policy's page: plangate policies show " + id), 2000)
    severity = str(finding.get("severity") or "medium")
    pack = id.partition("/")[0]
    rule: dict[str, Any] = {
        "id": id,
        "name": "".join(word.capitalize() for word in id.replace("/", "-").replace("_", "-").split("-"))[:200],
        "shortDescription": {"text": _sentence(title)},
        "fullDescription": {"text": _sentence(title)},
        "help": {"text": remedy, "markdown": _plain_markdown(remedy)},
        "defaultConfiguration": {"level": _LEVELS.get(severity, "warning")},
        "properties": {
            "tags": ["security", "terraform", terminal(pack, 50)],
            "precision": "high",
            "problem.severity": {"critical": "error", "high": "error", "medium": "warning"}.get(
                severity, "recommendation"
            ),
            "security-severity": _SCORES.get(severity, "5.5"),
        },
    }
    references = [str(r) for r in finding.get("references") or () if str(r).startswith("https://")]
    if references and is_url_text(references[0]):
        rule["helpUri"] = references[0]
    return rule


def _result(finding: Report, report: Report, index: int, mark: str) -> dict[str, Any]:
    """One finding. `mark` tells it from all others of the run, those with the same fingerprint by a number."""
    path, first, last = place(finding, report)
    address = named(finding)
    outcome = finding.get("outcome")
    said = terminal(str(finding.get("message") or finding.get("title") or ""), 2000)
    if outcome == "unknown":
        said = f"cannot be known until apply: {said}"
    result: dict[str, Any] = {
        "ruleId": str(finding.get("policy") or "plangate"),
        "ruleIndex": index,
        # SARIF 3.27.9 and 3.27.10: what is not a failure has the level none.
        "kind": "review" if outcome == "unknown" else "fail",
        "level": "none" if outcome == "unknown" else _LEVELS.get(finding.get("severity") or "", "warning"),
        "message": {"text": _sentence(f"{terminal(address, 500)}: {said}" if address else said)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri(path), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": first, "endLine": last},
                },
                **({"logicalLocations": [_logical(address)]} if address else {}),
            }
        ],
        # GitHub tells results apart by the first of these (codeql-action, fingerprints.ts).
        "partialFingerprints": {"primaryLocationLineHash": mark, "plangateFingerprint/v1": mark},
        "baselineState": "unchanged" if finding.get("status") == "existing" else "new",
        "properties": {
            "severity": finding.get("severity"),
            "enforcement": finding.get("enforcement"),
            "stops": bool(finding.get("stops")),
            "outcome": outcome,
        },
    }
    waiver = finding.get("waiver")
    if waiver:
        justification = f"{waiver.get('reason')} ({waiver.get('owner')}, until {waiver.get('expires')})"
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": terminal(justification, 1000)}
        ]
    return result


def _logical(address: str) -> dict[str, Any]:
    return {"fullyQualifiedName": terminal(address, 1000), "kind": "resource"}


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


def _plain_markdown(text: str) -> str:
    from plangate.render.marked import cell

    return cell(text, 2000)
