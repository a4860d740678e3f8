"""A report as GitHub-flavoured Markdown: a pull request's comment, a job's summary, a note of GitLab.

All text of a plan, policy or file stands in `<code>` or a table cell as HTML entities: no character of it can be read
as Markdown, HTML, a mention, a link or a command (CommonMark 0.31, "Entity and numeric character references"; GitHub
and GitLab look for mentions and quick actions outside of code only). A pure function of its arguments.
"""

from __future__ import annotations

from plangate.render.budget import Block, fit
from plangate.render.marked import cell, code, link
from plangate.render.places import href, relative, repository, shown
from plangate.report import wording
from plangate.report.groups import Group, compact, named
from plangate.report.summary import summarise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Report = dict[str, Any]

BUDGET = 60_000  # characters: GitHub takes 65,536 in a comment, and the sticky comment's marker needs some
_MARKS = {"pass": "\u2705", "fail": "\u274c", "error": "\u26a0\ufe0f"}
_ROUNDS = (
    ("errors", 5), ("lost", 20), ("stops", 20), ("lost", 60), ("stops", 60), ("others", 10), ("changes", 20),
    ("notes", 10), ("lost", 9999), ("stops", 9999), ("others", 200), ("changes", 200), ("values", 50),
    ("fixes", 100), ("others", 99999), ("changes", 99999), ("values", 99999), ("errors", 999), ("notes", 999),
)  # fmt: skip
_COLUMNS = (
    ("create", "create"), ("update", "update"), ("replace", "replace"), ("delete", "destroy"), ("forget", "forget"),
    ("import", "import"), ("move", "move"), ("read", "read"), ("outputs", "outputs"), ("drift", "drifted"),
)  # fmt: skip


def render(reports: list[Report], *, budget: int = BUDGET) -> str:
    """The reports in at most `budget` characters in all, with exactly what was left out said at the end of each."""
    if len(reports) > 1:
        from plangate.render.markdown_roots import several

        return several(reports, budget, one, _MARKS)
    return "".join([one(report, budget - 1) for report in reports])


def one(report: Report, budget: int) -> str:
    """One report in at most `budget` characters."""
    summary = summarise(report)
    top = [_verdict(summary), _context(report), _counts(summary["counts"]) if summary["read"] else ""]
    foot = _foot(report)
    blocks = _blocks(report, summary)
    room = budget - sum(len(part) + 2 for part in top) - len(foot) - 400
    left = fit(blocks, room, _ROUNDS)
    parts = top + [_framed(block) for block in blocks if block.rows]
    if left:
        parts.append(f"**Left out:** {', '.join(left)}. The report has everything.")
    return "\n\n".join([part for part in [*parts, foot] if part]) + "\n"


# -- what stands first ---------------------------------------------------------------------------------------


def _verdict(summary: dict[str, Any]) -> str:
    mark = _MARKS.get(summary["verdict"], _MARKS["error"])
    return f"### {mark} plangate: {summary['verdict'].upper()} \u2013 {wording.because(summary['reasons'])}"


def _context(report: Report) -> str:
    plan, run, settings = report.get("plan") or {}, report.get("run") or {}, report.get("settings") or {}
    path = plan.get("path") or "<stdin>"
    words = [code(path if path == "<stdin>" else relative(path))]
    if plan.get("workspace") not in (None, "default"):
        words.append(f"workspace {code(plan['workspace'])}")
    environment = settings.get("environment") or run.get("environment")
    if environment:
        words.append(f"environment {code(environment)}")
    if plan.get("terraform_version"):
        words.append(f"Terraform {code(plan['terraform_version'])}")
    if plan.get("complete") is False:
        words.append("**incomplete plan**")
    return " \u00b7 ".join(words)


def _counts(counts: dict[str, int]) -> str:
    shown = [(word, counts.get(key) or 0) for key, word in _COLUMNS if counts.get(key)]
    if not shown:
        return "Nothing changes."
    head = " | ".join(word for word, _ in shown)
    return f"| {head} |\n|{'---:|' * len(shown)}\n| {' | '.join(str(number) for _, number in shown)} |"


# -- the blocks ----------------------------------------------------------------------------------------------


def _blocks(report: Report, summary: dict[str, Any]) -> list[Block]:
    base = repository(report.get("run") or {})
    stops, others = summary["stops"], summary["others"]
    findings = [f for g in stops for f in g.findings]
    blocks = [
        Block("errors", "errors", summary["errors"], _error, 200),
        Block("lost", "resources that go", summary["lost"], _lost, 200),
        Block("stops", "findings that stop", findings, lambda f: _finding(f, base), 200),
        Block("fixes", "ways to mend", [g for g in stops if _remedy(g)], _fix, 200),
        Block("others", "findings that do not stop", others, _group, 200, lambda g: len(g.findings)),
        Block("changes", "other changes", summary["changes"], _change, 200, lambda k: int(k["number"])),
        Block("values", "changes with values", summary["values"], _values, 200),
        Block("notes", "notes", _notes(report, summary), lambda text: f"- {text}", 100),
    ]
    return [block for block in blocks if block.things]


def _framed(block: Block) -> str:
    head, columns, folded = _FRAMES[block.name]
    number = block.total if block.shown == block.total else f"{block.shown} of {block.total}"
    title = f"{head} ({number})" if head else ""
    body = "\n".join(block.rows)
    if columns:
        body = f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n{body}"
    if folded:
        return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
    return f"**{title}**\n\n{body}" if title else body


_FRAMES: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "errors": ("Could not be judged", ("what", "why"), False),
    "lost": ("Destroyed, replaced or forgotten", ("", "resource", "why", "what is lost"), False),
    "stops": ("Stops this plan", ("severity", "policy", "resource", "what is wrong"), False),
    "fixes": ("How to mend it", (), True),
    "others": ("Does not stop", ("", "policy", "severity", "resources", "what was found"), True),
    "changes": ("Other changes", ("", "action", "what", "attributes"), True),
    "values": ("Values", (), True),
    "notes": ("", (), False),
}


def _error(error: dict[str, Any]) -> str:
    what = [code(text) for text in (error["policy"], error["path"]) if text] or ["plangate"]
    what += [code(a) for a in error["addresses"][:3]]
    if len(error["addresses"]) > 3:
        what.append(f"and {len(error['addresses']) - 3} more")
    return f"| {' '.join(what)} | {cell(error['message'])} |"


def _lost(one: dict[str, Any]) -> str:
    mark = "\U0001f6d1 " if one["stops"] else ""
    loss = cell(wording.lost(one["loss"]))
    return f"| {mark}{one['fate']} | {code(one['address'])} | {cell(one['why'])} | {loss} |"


def _finding(finding: Report, base: str) -> str:
    place = code(named(finding)) if finding.get("address") else "the plan as a whole"
    where = _where(finding.get("location"), base)
    said = cell(finding.get("message") or finding.get("title") or "")
    if finding.get("outcome") == "unknown":
        origin = f", comes from {code(finding['origin'])}" if finding.get("origin") else ""
        said = f"cannot be known until apply{origin}: {said}"
    severity, policy = cell(finding.get("severity") or ""), code(finding.get("policy") or "")
    return f"| {severity} | {policy} | {place}{f'<br>{where}' if where else ''} | {said} |"


def _fix(group: Group) -> str:
    first = group.findings[0]
    references = [link(url) for url in first.get("references") or () if str(url).startswith("https://")]
    see = f" ({', '.join(references[:2])})" if references else ""
    return f"- {code(group.policy)}: {cell(_remedy(group))}{see}"


def _remedy(group: Group) -> str:
    return str(group.findings[0].get("remediation") or "")


def _group(group: Group) -> str:
    first = group.findings[0]
    addresses = [named(f) for f in group.findings if f.get("address")]
    pieces = compact(addresses, keys=True)
    shown = ", ".join(code(text) for text, _ in pieces[:3]) or "the plan as a whole"
    rest = sum(number for _, number in pieces[3:])
    more = f" and {rest} more" if rest else ""
    return (
        f"| {group.kind if group.kind != 'fail' else 'advisory'} | {code(group.policy)} | {cell(group.severity)} |"
        f" {shown}{more} | {cell(first.get('message') or first.get('title') or '')} |"
    )


def _change(kind: dict[str, Any]) -> str:
    return (
        f"| {kind['number']} | {cell(kind['action'])} | {code(wording.subject(kind))} | {cell(wording.changed(kind))} |"
    )


def _values(change: Report) -> str:
    rows = [
        f"| {code(v['path'])} | {code(v['before']) if v['before'] is not None else ''} |"
        f" {code(v['after']) if v['after'] is not None else ''} |"
        for v in change["values"]
    ]
    head = "| attribute | before | after |\n|---|---|---|"
    computed = f"\n\n{change['computed']} more are known after apply.\n" if change["computed"] else "\n"
    return f"{code(change['address'])} ({cell(change['action'] or '')})\n\n{head}\n" + "\n".join(rows) + computed


def _notes(report: Report, summary: dict[str, Any]) -> list[str]:
    """Everything that is one line: waivers, likely renames, drift, checks, what runs at apply, notes."""
    waivers = summary["waivers"]
    found = [f"Waiver without effect: {cell(wording.invalid(w))}" for w in waivers.get("expired") or ()]
    found += [f"Renamed? {cell(wording.rename(r))}" for r in summary["renames"]]
    found += [f"Drift: {cell(text)}" for text in wording.drift(summary["drift"])]
    found += [f"Check: {cell(wording.check(c))}" for c in summary["checks"]]
    found += [f"At apply: {cell(wording.invocation(i))}" for i in summary["invocations"]]
    found += [f"Moved: {code(old)} \u2192 {code(new)}" for old, new in summary["moves"]]
    if summary["outputs"]:
        found.append(f"Outputs: {', '.join(code(wording.output(o)) for o in summary['outputs'][:20])}{_rest(summary)}")
    if summary["hidden"] or summary["veiled"]:
        found.append(f"Hidden: {cell(wording.hidden(summary))}")
    found += [f"Unused waiver: {cell(wording.waiver(w))}" for w in waivers.get("unused") or ()]
    found += [f"Note: {cell(note)}" for note in summary["notes"]]
    failed = [d for d in report.get("deliveries") or () if d.get("status") == "failed"]
    return found + [f"Not sent: {cell(wording.delivery(d))}" for d in failed]


def _rest(summary: dict[str, Any]) -> str:
    more = len(summary["outputs"]) - 20
    return f" and {more} more" if more > 0 else ""


def _foot(report: Report) -> str:
    policies, plan, run = report.get("policies") or {}, report.get("plan") or {}, report.get("run") or {}
    words = [f"{policies.get('evaluated') or 0} policies evaluated"]
    checkov = wording.checkov(report.get("checkov"))
    if checkov:
        words.append(cell(checkov))
    files = (report.get("settings") or {}).get("files") or []
    words.append("settings " + (", ".join(code(file) for file in files) if files else "by default"))
    if plan.get("sha256"):
        words.append(f"plan {code(str(plan['sha256'])[:12])}")
    if str(run.get("url") or "").startswith("https://"):
        words.append(link(run["url"], "the run"))
    return f"<sub>plangate {cell(str((report.get('tool') or {}).get('version') or ''))}: {' · '.join(words)}</sub>"


# -- places ---------------------------------------------------------------------------------------------------


def _where(location: Report | None, base: str) -> str:
    """`main.tf:12`, as a link where the repository is known."""
    text, address = cell(shown(location)), href(location, base)
    return link(address, text) if address else text
