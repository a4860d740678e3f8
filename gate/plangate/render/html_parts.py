"""The sections of the page, each a function of what it shows; "" where there is nothing to show."""

from __future__ import annotations

from plangate.render.html_words import (
    MANY,
    Root,
    code,
    link,
    listed,
    number,
    prose,
    reference,
    row,
    small,
    tag,
    word_of,
)
from plangate.render.inert import lookalikes
from plangate.report import wording
from plangate.report.groups import NAMES, Group, named, plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Report = dict[str, Any]

_OPEN = 12  # rows of a list before the fold
_FEW = 8  # attributes of one change before the fold
_NUMBERS = ("matched", "passed", "failed", "unknown", "errors", "waived")


def errors(root: Root) -> str:
    rows = []
    for error in root.summary["errors"]:
        what = " in ".join([code(text) for text in (error["policy"], error["path"]) if text]) or "plangate"
        where = small(", ".join([root.to(address) for address in error["addresses"]]))
        rows.append(f"<li><p>{what}: {prose(error['message'])}</p>{where}</li>\n")
    return root.section("errors", f"Could not be judged: {number(len(rows))}", listed(rows, _OPEN, "errors"))


def lost(root: Root) -> str:
    """Everything that goes, what is stopped first: what it takes with it, and why it goes."""
    changes = {named(change): change for change in root.report.get("changes") or ()}
    rows = []
    for one in root.summary["lost"]:
        action, severities, module, _ = root.rows[one["address"]]
        place = root.where(changes[one["address"]].get("location"))
        stops = " " + tag("stopped", "stop") if one["stops"] else ""
        rows.append(
            f'<li class="{action}"{row("lost", action, severities, module)}>{tag(one["fate"])}'
            f"<div><p>{root.to(one['address'])}{stops}</p>{_loss(one['loss'])}"
            f"{small(prose(one['why']), place)}</div></li>\n"
        )
    title = f"Destroyed, replaced or forgotten: {number(len(rows))}"
    return root.section("lost", title, listed(rows, _OPEN, "that go", "rows lost"))


def _loss(loss: Report | None) -> str:
    if not loss or not loss.get("loss"):
        return ""
    what = str(loss.get("what") or "")
    head = f"<strong>{prose(what[:1].upper() + what[1:])}:</strong> " if what else ""
    rest = f" What may remain: {prose(loss['recovery'])}." if loss.get("recovery") else ""
    return f"<p>{head}{prose(loss['loss'])}.{rest}</p>"


def stopping(root: Root) -> str:
    return _findings(root, "stops", "Stops this plan", root.summary["stops"], folded=False)


def others(root: Root) -> str:
    return _findings(root, "others", "Does not stop this plan", root.summary["others"], folded=True)


def _findings(root: Root, name: str, title: str, groups: list[Group], folded: bool) -> str:
    total = sum(len(group.findings) for group in groups)
    inside = "".join([_group(root, group) for group in groups])
    return root.section(name, f"{title}: {plural_of(total, 'finding')}", inside, folded)


def plural_of(count: int, noun: str) -> str:
    return plural(count, noun).replace(str(count), number(count), 1)


def _group(root: Root, group: Group) -> str:
    """Findings of one policy: what they share once, then each resource."""
    first = group.findings[0]
    said, remedy = _shared(group, "message"), _shared(group, "remediation")
    rows = [_finding(root, finding, group.severity, said is None, remedy is None) for finding in group.findings]
    title = str(first.get("title") or first.get("message") or group.policy)
    tags = tag(group.severity)
    if group.kind != "stops":
        tags += " " + tag(NAMES[group.kind], "" if group.kind == "fail" else group.kind)
    elif group.outcome == "unknown":
        tags += " " + tag("unknown")
    lines = [root.heading(3, f"{tags} {prose(title.rstrip('.'))}")]
    more = (said or "").removeprefix(title).strip()
    kind = "rows single" if len(rows) == 1 else "rows" if any(row.count("<p") > 1 for row in rows) else "rows short"
    lines.append(listed(rows, _OPEN, "findings", kind))
    if more:
        lines.append(f"<p>{prose(more)}</p>")
    if remedy:
        lines.append(f'<p class="fix"><strong>To mend it:</strong> {prose(remedy)}</p>')
    lines.append(small(code(group.policy), *[reference(url) for url in first.get("references") or ()]))
    return f'<article class="group {group.kind} of-{group.severity}">\n{"".join(lines)}</article>\n'


def _shared(group: Group, name: str) -> str | None:
    """What all findings of a group say; None where they differ."""
    texts = {str(finding.get(name) or "") for finding in group.findings}
    return texts.pop() if len(texts) == 1 else None


def _finding(root: Root, finding: Report, severity: str, speaks: bool, mends: bool) -> str:
    """One finding of a group: with its own message and remedy where the group has none in common."""
    name = named(finding)
    action, _, module, _ = root.rows.get(name, ("", "", "", ""))
    place = root.where(finding.get("location"))
    lines = [f"<p>{root.to(name) if name else 'the plan as a whole'}{' ' + place if place else ''}</p>"]
    if speaks and finding.get("message") and finding["message"] != finding.get("title"):
        lines.append(f"<p>{prose(finding['message'])}</p>")
    if finding.get("outcome") == "unknown":
        origin = f": it comes from {code(finding['origin'])}" if finding.get("origin") else ""
        lines.append(f"<p>Cannot be known until apply{origin}.</p>")
    if finding.get("waiver"):
        waiver = finding["waiver"]
        ticket = f" ({waiver['ticket']})" if waiver.get("ticket") else ""
        why = f"{waiver.get('owner')} until {waiver.get('expires')}: {waiver.get('reason')}{ticket}"
        lines.append(f"<p><strong>Waived by</strong> {prose(why)}</p>")
    if mends and finding.get("remediation"):
        lines.append(f"<p><strong>To mend it:</strong> {prose(finding['remediation'])}</p>")
    if finding.get("also"):
        lines.append(small(f"Also found by {', '.join([code(a) for a in finding['also']])}"))
    return f"<li{row('finding', action, severity, module)}>{''.join(lines)}</li>\n"


def changes(root: Root) -> str:
    """Every change with the attributes that differ, by name; with their values where those were asked for."""
    found = root.report.get("changes") or ()
    hides = wording.hidden(root.summary)
    valued = any(change.get("values") for change in found)
    rows = []
    for place, change in enumerate(found, 1):
        name, action = named(change), word_of(change)
        if not root.rows[name][3]:
            continue
        marks = row("change", action, root.rows[name][1], root.module(change))
        rows.append(
            f'<li id="{root.id}-{place}" class="{action}"{marks}>{tag(action)}<div><p>{code(name)}</p>'
            f"{small(*_what(root, change), root.where(change.get('location')))}{_values(root, change)}</div></li>\n"
        )
    many = " many" if len(rows) > MANY else ""
    inside = small(hides[:1].upper() + hides[1:]) + "\n" if hides else ""
    inside += f'<ul class="rows all{many}">\n{"".join(rows)}</ul>\n' if rows else ""
    title = f"All changes: {number(len(rows))}"
    return root.section("changes", title + (", with values" if valued else ""), inside, folded=not valued)


def _what(root: Root, change: Report) -> list[str]:
    """Which attributes change, and why it is moved, imported or made anew."""
    said = []
    if change.get("folded"):
        said.append(wording.FOLDED[change["folded"]])
    if change.get("replace_paths"):
        said.append(f"forced by {', '.join([code(path) for path in change['replace_paths']])}")
    if not change.get("values") and change.get("attributes"):
        said.append(", ".join([code(path) for path in root.seen(change, change["attributes"])]))
    if change.get("computed"):
        said.append(f"{number(change['computed'])} known after apply")
    if change.get("previous_address"):
        said.append(f"moved from {code(change['previous_address'])}")
    if change.get("importing"):
        said.append("imported")
    return [text for text in said if text]


def _values(root: Root, change: Report) -> str:
    values = change.get("values")
    if not values:
        return ""
    seen = set(root.seen(change, [value["path"] for value in values]))
    values = [value for value in values if value["path"] in seen]
    if not values:
        return ""
    rows = [f'<tr><th scope="row">{code(v["path"])}</th>{_side(v, "before")}{_side(v, "after")}</tr>\n' for v in values]
    head = '<tr><th scope="col">attribute</th><th scope="col">before</th><th scope="col">after</th></tr>'
    table = f'<table class="values"><thead>{head}</thead><tbody>\n{"".join(rows)}</tbody></table>\n'
    if len(values) <= _FEW:
        return table
    return f'<details class="more"><summary>{len(values)} attributes</summary>\n{table}</details>'


def _side(value: Report, side: str) -> str:
    if value[side] is None:
        return '<td class="soft">\u2013</td>'
    element = "del" if side == "before" else "ins"
    return f"<td><{element}>{code(value[side])}</{element}></td>"


def drifted(root: Root) -> str:
    """What changed outside Terraform; first what may have caused a planned change."""
    rows = []
    for entry in sorted(root.summary["drift"], key=lambda e: not e.get("relevant")):
        action = {"delete": "destroy"}.get(entry["action"], entry["action"])
        caused = ", ".join([code(path) for path in entry.get("relevant") or ()])
        said = small(
            f"may cause a planned change: {caused}" if caused else "",
            ", ".join([code(p) for p in entry.get("attributes") or () if p not in (entry.get("relevant") or ())]),
        )
        word = {"destroy": "deleted", "move": "moved"}.get(action, "changed")
        rows.append(f"<li>{tag(word, action)}<div><p>{code(named(entry))}</p>{said}</div></li>\n")
    caused_any = any(entry.get("relevant") for entry in root.summary["drift"])
    title = f"Changed outside Terraform: {number(len(rows))}"
    return root.section("drift", title, listed(rows, _OPEN, "objects"), folded=not caused_any)


def notes(root: Root) -> str:
    """Everything that is one line: likely renames, what runs at apply, checks, outputs, waivers, notes, deliveries."""
    summary, waivers = root.summary, root.summary["waivers"]
    rows = [("renamed?", wording.rename(r)) for r in summary["renames"]]
    rows += [("at apply", wording.invocation(i)) for i in summary["invocations"]]
    rows += [("check", wording.check(c)) for c in summary["checks"]]
    rows += [("waiver without effect", wording.invalid(w)) for w in waivers.get("expired") or ()]
    rows += [("unused waiver", wording.waiver(w)) for w in waivers.get("unused") or ()]
    rows += [("output", wording.output(o)) for o in summary["outputs"]]
    names = [named(c) for c in root.report.get("changes") or ()] + [named(f) for f in root.report.get("findings") or ()]
    rows += [("look-alike", text) for text in lookalikes(names)]
    rows += [("note", str(note)) for note in summary["notes"]]
    failed = [d for d in root.report.get("deliveries") or () if d.get("status") == "failed"]
    rows += [("not sent", wording.delivery(d)) for d in failed]
    items = [f"<li><strong>{word}</strong> {prose(text)}</li>\n" for word, text in rows]
    return root.section("notes", f"Notes: {number(len(items))}", listed(items, 2 * _OPEN, "notes", "notes"))


def policies(root: Root) -> str:
    """What judged the plan, and what it said."""
    facts = root.report.get("policies") or {}
    found = [p for p in facts.get("list") or () if p.get("matched")]
    rows = [
        f'<tr><th scope="row">{code(p.get("id"))}</th>'
        + "".join([f"<td>{number(p[n])}</td>" if p.get(n) else "<td>\u2013</td>" for n in _NUMBERS])
        + "</tr>\n"
        for p in found
    ]
    head = '<th scope="col">policy</th>' + "".join([f'<th scope="col">{name}</th>' for name in _NUMBERS])
    table = (
        '<div class="wide" tabindex="0"><table class="numbers">'
        f"<thead><tr>{head}</tr></thead><tbody>\n{''.join(rows)}</tbody></table></div>\n"
    )
    title = f"Policies: {number(facts.get('evaluated') or 0)} evaluated, {number(len(found))} had something to judge"
    return root.section("policies", title, table if rows else "", folded=True)


def facts(root: Root) -> str:
    """What an auditor asks for: digests, versions, settings, the run."""
    report = root.report
    plan, run, settings = report.get("plan") or {}, report.get("run") or {}, report.get("settings") or {}
    judged, checkov = report.get("policies") or {}, report.get("checkov") or {}
    rows = [
        ("plan", plan.get("path")), ("plan SHA-256", plan.get("sha256")), ("plan made", plan.get("timestamp")),
        ("Terraform", plan.get("terraform_version")), ("workspace", plan.get("workspace")),
        ("judged", run.get("started_at")), ("run", run.get("id")),
        ("repository", run.get("repository")),
        ("commit", run.get("commit")), ("ref", run.get("ref")),
        ("pull request", run.get("pull_request")), ("workflow", run.get("workflow")), ("actor", run.get("actor")),
        ("settings", ", ".join(settings.get("files") or ()) or "the defaults"), ("fail-on", settings.get("fail_on")),
        ("scope", settings.get("scope")), ("policies", judged.get("evaluated")),
        ("policy digest", judged.get("digest")),
        ("Checkov", wording.checkov(checkov) or "off"),
        ("plangate", (report.get("tool") or {}).get("version")),
    ]  # fmt: skip
    items = [f"<dt>{name}</dt><dd>{code(value)}</dd>\n" for name, value in rows if value not in (None, "")]
    if str(run.get("url") or "").startswith("https://"):
        items.append(f"<dt>the job</dt><dd>{link(run['url'])}</dd>\n")
    return root.section("facts", "What was judged, by what", f"<dl>\n{''.join(items)}</dl>\n", folded=not root.alone)
