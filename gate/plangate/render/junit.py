"""JUnit XML as Jenkins, GitLab, CodeBuild and Azure read it: a test case for each policy and change.

By the schema of Jenkins' xUnit plugin (junit-10.xsd). What fails comes first: CodeBuild keeps 500 cases of a report.
No character that XML 1.0 forbids is left ("Extensible Markup Language 1.0", production 2, Char).
"""

from __future__ import annotations

from plangate.render.inert import terminal
from plangate.render.places import relative, root_name
from plangate.report.groups import named, rank

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Report = dict[str, Any]

_WORST = ("error", "fail", "unknown", "waived", "pass")  # of several outcomes of one case
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})


def render(reports: list[Report]) -> str:
    """One suite for each report: a case a policy and change; advisory failures are said in a case that passes, and what
    passed and is not listed is one case a policy."""
    suites = [_suite(report) for report in reports]
    totals = {name: sum(counts[name] for _, counts in suites) for name in ("tests", "failures", "errors")}
    head = " ".join(f'{name}="{number}"' for name, number in totals.items())
    body = "".join(text for text, _ in suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="plangate" {head}>\n{body}</testsuites>\n'


def _suite(report: Report) -> tuple[str, dict[str, int]]:
    broken = {f.get("policy") for f in report.get("findings") or () if f.get("outcome") == "error"}
    errors = [e for e in report.get("errors") or () if e.get("policy") is None or e["policy"] not in broken]
    cases = [_error(e) for e in errors] + _cases(report)
    if not cases:
        cases = [_case("plangate", "the plan as a whole", "")]
    counts = {"tests": len(cases), "failures": 0, "errors": 0, "skipped": 0}
    for text in cases:
        for element, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            counts[name] += f"\n      <{element} " in text
    started = str((report.get("run") or {}).get("started_at") or "")[:19]
    stamp = f' timestamp="{_attribute(started)}"' if len(started) == 19 else ""
    head = " ".join(f'{name}="{number}"' for name, number in counts.items())
    name = _attribute(f"plangate {root_name(report)}")
    return f'  <testsuite name="{name}" {head} time="0"{stamp}>\n{"".join(cases)}  </testsuite>\n', counts


def _cases(report: Report) -> list[str]:
    found: dict[tuple[str, str], list[Report]] = {}
    for finding in report.get("findings") or ():
        found.setdefault((str(finding.get("policy") or ""), named(finding)), []).append(finding)
    passes: dict[str, int] = {}
    for finding in report.get("findings") or ():
        if finding.get("outcome") == "pass":
            id = str(finding.get("policy") or "")
            passes[id] = passes.get(id, 0) + 1
    rows = []
    for (policy, address), findings in found.items():
        worst = min(findings, key=lambda f: (not f.get("stops"), _WORST.index(f.get("outcome") or "fail")))
        order = (not worst.get("stops"), _WORST.index(worst.get("outcome") or "fail"), rank(worst.get("severity")))
        rows.append((order, policy, address, _inside(worst, findings)))
    rows.sort(key=lambda row: row[:3])
    cases = [_case(policy, address or "the plan as a whole", inside) for _, policy, address, inside in rows]
    for policy in (report.get("policies") or {}).get("list") or ():
        rest = (policy.get("passed") or 0) - passes.get(policy["id"], 0)
        if rest > 0:
            cases.append(_case(policy["id"], f"{rest} that passed", ""))
    return cases


def _case(policy: str, name: str, inside: str) -> str:
    head = f'    <testcase classname="{_attribute(policy)}" name="{_attribute(name)}" time="0"'
    return f"{head}>\n{inside}    </testcase>\n" if inside else f"{head}/>\n"


def _inside(worst: Report, findings: list[Report]) -> str:
    """What became of a case: a failure that stops, an error, skipped for a waiver, or what was only said."""
    said = "\n\n".join([_said(f) for f in findings if f.get("outcome") != "pass"])
    if worst.get("outcome") == "pass" or not said:
        return ""
    first = _attribute(str(worst.get("message") or worst.get("title") or ""))
    if worst.get("outcome") == "error":
        return f'      <error type="policy" message="{first}">{_text(said)}</error>\n'
    if worst.get("outcome") == "waived":
        waiver = worst.get("waiver") or {}
        why = _attribute(f"waived by {waiver.get('owner')} until {waiver.get('expires')}: {waiver.get('reason')}")
        return f'      <skipped message="{why}"/>\n'
    if worst.get("stops"):
        kind = _attribute(str(worst.get("severity") or ""))
        return f'      <failure type="{kind}" message="{first}">{_text(said)}</failure>\n'
    return f"      <system-out>{_text(said)}</system-out>\n"


def _said(finding: Report) -> str:
    words = [f"{finding.get('outcome')} ({finding.get('severity')}, {finding.get('status')})"]
    words.append(str(finding.get("message") or finding.get("title") or ""))
    location = finding.get("location") or {}
    if location.get("file"):
        words.append(f"at {location['file']}:{location.get('line') or '?'}")
    if finding.get("remediation"):
        words.append(f"fix: {finding['remediation']}")
    words += [str(reference) for reference in (finding.get("references") or ())[:2]]
    return "\n".join([terminal(word, 2000) for word in words])


def _error(error: Report) -> str:
    said = terminal(str(error.get("message") or ""), 2000)
    name = str(error.get("policy") or (error.get("path") and relative(error["path"])) or "the plan as a whole")
    inside = f'      <error type="{_attribute(str(error.get("kind") or "error"))}" message="{_attribute(said)}"/>\n'
    return _case("plangate", name, inside)


def _attribute(text: str) -> str:
    return terminal(text, 1000).translate(_ESCAPES)


def _text(text: str) -> str:
    """Lines that are inert already."""
    return text.translate(_ESCAPES)
