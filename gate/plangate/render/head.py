"""The first and the last lines of the text: the verdict and why; waivers, notes and counts."""

from __future__ import annotations

from plangate.render import inert
from plangate.render.lines import Line
from plangate.report import wording
from plangate.report.groups import NAMES, SEVERITIES, kind

_LABEL = 12  # column where text after a label begins


def verdict(summary: dict[str, Any], columns: int) -> Line:
    """`plangate: FAIL - 3 findings stop this plan (exit 1)`: no word of it comes from a plan."""
    code, word = summary["exit_code"], str(summary["verdict"]).upper()
    line = Line(columns).own("plangate: ")
    if word == "UNJUDGED":
        return line.own(f"{wording.because(summary['reasons'])}; nothing is judged", "bold")
    line.own(word, "good" if word == "PASS" else "bad").own(f" - {wording.because(summary['reasons'])}", "bold")
    return line.own(f" (exit {code})") if type(code) is int else line


def context(report: dict[str, Any], columns: int) -> list[Line]:
    """What was judged, and by which settings."""
    plan, settings = report.get("plan") or {}, report.get("settings") or {}
    line = label("plan", columns).plan(plan.get("path") or "(stdin)", keep=44)
    if plan.get("workspace") not in (None, "default"):
        line.own(", workspace ").plan(plan["workspace"], most=30)
    if plan.get("terraform_version"):
        line.own(", Terraform ").plan(plan["terraform_version"], most=16)
    if plan.get("complete") is False:
        line.own(", incomplete", "yellow")
    lines = [line]
    line = label("settings", columns)
    files = settings.get("files") or []
    line.plan(", ".join([str(f) for f in files]) if files else "the defaults (no plangate.toml)", keep=44)
    environment = settings.get("environment") or (report.get("run") or {}).get("environment")
    if environment:
        line.own(", environment ").plan(environment, most=24)
    if settings.get("fail_on") and report.get("verdict"):
        line.own(", fail-on ").plan(settings["fail_on"], most=10)
    if settings.get("scope") not in (None, "changed"):
        line.own(", scope ").plan(settings["scope"], most=10)
    lines.append(line)
    return lines


def because(stopping: list[dict[str, Any]], columns: int) -> list[Line]:
    """The findings that stop, counted by severity."""
    words = []
    for outcome, verb in (("fail", "failed"), ("unknown", "cannot be known until apply")):
        found = [f.get("severity") for f in stopping if f.get("outcome") == outcome]
        counted = [f"{found.count(s)} {s}" for s in SEVERITIES if s in found]
        if counted:
            said = f"{', '.join(counted[:-1])} and {counted[-1]}" if counted[1:] else counted[0]
            words.append(f"{said} {verb}")
    return words_of("because", words, columns) if words else []


def tail(report: dict[str, Any], summary: dict[str, Any], columns: int, verbose: bool) -> list[Line]:
    """Waivers, what runs at apply, notes, deliveries; counts last. One line each, but for `-v`."""
    lines: list[Line] = []

    def add(name: str, texts: list[str], style: str = "") -> None:
        shown = texts if verbose else texts[:1]
        for i, text in enumerate(shown):
            line = label(name if i == 0 else "", columns)
            more = f" (and {len(texts) - 1} more)" if len(texts) > 1 and not verbose else ""
            lines.append(line.plan(text, style, keep=len(more)).own(more))

    waivers = summary["waivers"]
    invalid = [wording.invalid(w) for w in waivers.get("expired") or ()]
    unused = [f"unused: {wording.waiver(w)}" for w in waivers.get("unused") or ()]
    add("waivers", invalid + unused, "red" if invalid else "")
    add("renamed?", [wording.rename(r) for r in summary["renames"]], "yellow")
    add("moved", [f"{old} -> {new}" for old, new in summary["moves"]])
    add("drift", wording.drift(summary["drift"]))
    add("checks", [wording.check(c) for c in summary["checks"]], "yellow")
    add("at apply", [wording.invocation(i) for i in summary["invocations"]])
    add("outputs", [", ".join([wording.output(o) for o in summary["outputs"]])] if summary["outputs"] else [])
    add("hidden", [wording.hidden(summary)] if summary["hidden"] or summary["veiled"] else [])
    add("lookalike", _lookalikes(report), "yellow")
    loosened = [str(line) for line in (report.get("settings") or {}).get("loosened") or ()]
    add("loosens", loosened, "yellow")  # the first of each is shown: this one is not to hide behind other notes
    add("note", [str(note) for note in summary["notes"] if not str(note).endswith(tuple(loosened))])
    failed = [d for d in report.get("deliveries") or () if d.get("status") == "failed"]
    add("not sent", [wording.delivery(d) for d in failed], "red")
    besides = _besides(report.get("findings") or [])
    if besides:
        lines.append(label("besides", columns).own(besides))
    if summary["read"]:
        lines += words_of("changes", wording.counts(summary["counts"]), columns)
    return lines if summary["verdict"] == "unjudged" else [*lines, policies(report, columns)]


def policies(report: dict[str, Any], columns: int) -> Line:
    found = report.get("policies") or {}
    line = label("policies", columns).own(f"{found.get('evaluated') or 0} evaluated")
    if found.get("not_applicable"):
        line.own(f", {found['not_applicable']} of them with nothing to judge here")
    said = wording.checkov(report.get("checkov"))
    return line.own("; ").plan(said) if said else line


def _besides(findings: list[dict[str, Any]]) -> str:
    """`3 advisory, 12 existing, 1 waived`: what was found and does not stop."""
    kinds = [kind(f) for f in findings if f.get("outcome") not in ("error", "pass") and not f.get("stops")]
    words = [f"{kinds.count(name)} {word}" for name, word in NAMES.items() if name in kinds]
    return f"{', '.join(words)}: none of them stops" if words else ""


def words_of(name: str, words: list[str], columns: int) -> list[Line]:
    """`words` parted by commas on as many lines as they need; those that destroy in red."""
    lines = [label(name, columns)]
    for i, word in enumerate(words):
        comma = "," if i + 1 < len(words) else ""
        if lines[-1].used > _LABEL and len(word) + 2 > lines[-1].room():
            lines.append(label("", columns))
        style = {"destroy": "red", "replace": "yellow", "forget": "yellow"}.get(word.rpartition(" ")[2], "")
        lines[-1].own(" " if lines[-1].used > _LABEL else "").own(word, style).own(comma)
    return lines


def label(name: str, columns: int) -> Line:
    return Line(columns).own(f"  {name:<{_LABEL - 2}}", "dim")


def _lookalikes(report: dict[str, Any]) -> list[str]:
    named = [c.get("address") for c in report.get("changes") or ()]
    named += [f.get("address") for f in report.get("findings") or ()]
    return inert.lookalikes([a for a in named if a])


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
