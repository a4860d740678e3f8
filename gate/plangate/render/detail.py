"""Findings in full: one line each for a CI log, a block each for `-v`."""

from __future__ import annotations

from plangate.render import inert
from plangate.render.lines import Item, Line, Section
from plangate.report.groups import Group, named, rank

_COLUMN = 17  # where text after a label begins


def rows(findings: list[dict[str, Any]]) -> list[Line]:
    """`policy  severity  address  attribute  message`, worst first; `-` where there is none."""
    found = sorted(findings, key=lambda f: (rank(f.get("severity")), str(f.get("policy") or "")))
    policy = min(max([len(str(f.get("policy") or "-")) for f in found], default=0), 44)
    address = min(max([len(named(f) or "-") for f in found], default=0), 60)
    lines = []
    for f in found:
        line = Line().plan(f.get("policy") or "-", most=200).to(policy + 2).plan(f.get("severity") or "-")
        line.to(policy + 12).plan(named(f) or "-", most=500).to(policy + address + 14)
        line.plan(f.get("attribute") or "-", most=200).to(0).plan(_message(f), most=500)
        lines.append(line)
    return lines


def _message(finding: dict[str, Any]) -> str:
    if finding.get("outcome") == "unknown":
        origin = f", comes from {finding['origin']}" if finding.get("origin") else ""
        return f"cannot be known until apply{origin}: {finding.get('message') or ''}"
    return str(finding.get("message") or "-")


def blocks(groups: list[Group], today: str | None) -> list[Item]:
    """Every finding of `groups`; with `today` (YYYY-MM-DD) the waiver that would cover it as well."""
    return [Item(_block(f, g, today)) for g in groups for f in g.findings]


def _block(f: dict[str, Any], g: Group, today: str | None) -> list[Line]:
    style = {"critical": "bad", "high": "red", "medium": "yellow"}.get(g.severity, "")
    first = Line().own("  ").plan(g.severity or "-", style).to(12).plan(g.policy, "bold").to(0)
    lines = [first.plan(named(f) or "the plan as a whole")]

    def add(name: str, value: object, style: str = "") -> None:
        if value:
            lines.append(Line().own(f"    {name:<{_COLUMN - 4}}", "dim").plan(value, style))

    if f.get("title") != f.get("message"):
        add("fault", f.get("title"))
    add("message", f.get("message"))
    add("attribute", f.get("attribute"))
    if f.get("outcome") == "unknown":
        origin = f", comes from {f['origin']}" if f.get("origin") else ""
        add("unknown", f"until apply{origin}", "yellow")
    location = f.get("location") or {}
    if location.get("file"):
        add("where", f"{location['file']}:{location.get('line') or '?'}")
    add("fix", f.get("remediation"))
    for reference in f.get("references") or ():
        add("see", reference)
    add("also found", ", ".join([str(a) for a in f.get("also") or ()]))
    facts = (f.get("outcome"), f.get("status"), f.get("enforcement"), f.get("source"))
    add("outcome", ", ".join([str(fact) for fact in facts if fact]))
    waiver = f.get("waiver")
    if waiver:
        add("waived by", f"{waiver.get('owner')} until {waiver.get('expires')}: {waiver.get('reason')}")
    add("fingerprint", f.get("fingerprint"))
    if today is not None:
        lines.append(Line().own("    to waive it, add to plangate.toml:", "dim"))
        lines += [Line().own(f"      {line}") for line in _waiver(f, today)]
    return lines


def _waiver(f: dict[str, Any], today: str) -> list[str]:
    """The entry to paste: TOML, so that what may not be shown is written in TOML's own escapes."""
    from plangate.decide.toml_write import quoted
    from plangate.decide.waivers import paste

    text = paste(str(f.get("policy") or ""), f.get("address"), today)
    shown = "".join([c if c == "\n" or inert.terminal(c) == c else quoted(c)[1:-1] for c in text])
    return shown.replace("##", "#\\u0023").splitlines()


def values(changes: list[dict[str, Any]]) -> Section:
    """What attributes were and will be, of every change of the summary's `values`."""
    items = []
    for change in changes:
        lines = [Line().own("  ").plan(change["address"], "bold").to(0).plan(change["action"] or "")]
        for value in change["values"]:
            line = Line().own("    ").plan(value["path"]).own(": ").plan(_side(value["before"]))
            lines.append(line.own(" -> ").plan(_side(value["after"])))
        if change["computed"]:
            lines.append(Line().own(f"    {change['computed']} more are known after apply", "dim"))
        items.append(Item(lines))
    return Section("values", Line().own("Values", "bold"), items, "with values")


def _side(text: str | None) -> str:
    return "nothing" if text is None else text


def passed(report: dict[str, Any]) -> Section:
    """The policies that judged something, and how that ended."""
    items = []
    for policy in (report.get("policies") or {}).get("list") or ():
        if policy.get("matched"):
            words = [f"{policy.get(k) or 0} {k}" for k in ("passed", "failed", "unknown", "errors", "waived")]
            shown = ", ".join([word for word in words if not word.startswith("0 ")])
            items.append(Item([Line().own("  ").plan(policy.get("id") or "-").to(48).own(shown)]))
    return Section("policies", Line().own("Policies that judged something", "bold"), items, "policies")


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
