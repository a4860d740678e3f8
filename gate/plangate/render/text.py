"""A report as text for a person: the verdict, what is destroyed, what stops, then all else.

On a terminal 25 lines at most, for any plan; elsewhere (a CI log) the same, and every finding that
stops on a line of its own; with `verbose` everything. A pure function of its arguments.
"""

from __future__ import annotations

from plangate.render import detail, head, inert
from plangate.render.lines import CAP, LINES, Item, Line, Section, everything, fit
from plangate.report import wording
from plangate.report.groups import NAMES, Group, compact, named, plural
from plangate.report.summary import summarise

_STYLES = {"critical": "bad", "high": "red", "medium": "yellow", "destroy": "red", "forget": "yellow"}


def render(
    report: dict[str, Any],
    *,
    verbose: bool,
    terminal: bool,
    color: bool,
    today: str,
    show_passes: bool = False,
    columns: int = 100,
) -> str:
    """`report` (DESIGN section 5) as lines, each ended by a newline.

    `terminal`: somebody reads this in a window of `columns` cells; `today` (YYYY-MM-DD, UTC) dates
    the waivers that `verbose` offers; `show_passes` lists what passed as well.
    """
    summary = summarise(report)
    stopping = [f for f in report.get("findings") or () if f.get("stops")]
    wide = 0 if verbose else max(columns, 60 if terminal else 120)
    sections = _sections(report, summary, wide, today if verbose else None, show_passes)
    lines = [head.verdict(summary, wide), *head.context(report, wide)]
    lines += head.because([f for g in summary["stops"] for f in g.findings], wide)
    last = head.tail(report, summary, wide, verbose)
    if verbose:
        lines += [*everything(sections), Line(), *last]
    else:
        room = LINES - len(lines) - len(last) - 1
        shown, hint = _fitted(sections, room, wide)
        lines += [*shown, Line(), *last, *hint]
        if stopping and not terminal:
            lines += [Line(), Line().own("Every finding that stops this plan:", "bold")]
            lines += detail.rows(stopping)
    return "".join([line.show(color) + "\n" for line in lines])


def _fitted(sections: list[Section], room: int, wide: int) -> tuple[list[Line], list[Line]]:
    """What of `sections` fits into `room` lines, and the lines (out of that room) that say what does not."""
    shown, left = fit(sections, room)
    hint: list[Line] = []
    taken = 0
    while left and len(hint) >= taken and taken < room:
        taken = max(len(hint), taken + 1)
        shown, left = fit(sections, room - taken)
        hint = head.words_of("left out", [*left, "-v shows all"], wide)
        if len(hint) <= taken:
            break
    return shown, hint


def _sections(
    report: dict[str, Any], summary: dict[str, Any], wide: int, today: str | None, passes: bool
) -> list[Section]:
    """The blocks of the text in their order; only those that hold anything."""
    stops, others = summary["stops"], summary["others"]
    sections = [
        Section("errors", _title("Errors", wide), _errors(summary["errors"], wide), "errors"),
        _gone(summary["lost"], wide),
        Section(
            "stops",
            _title("Stops this plan", wide).own(f": {plural(_size(stops), 'finding')}"),
            _groups(stops, wide) if today is None else detail.blocks(stops, today),
            "that stop",
        ),
        Section(
            "others",
            _title("Does not stop", wide).own(f": {plural(_size(others), 'finding')}"),
            _groups(others, wide) if today is None else detail.blocks(others, None),
            "that do not stop",
        ),
        _updates(summary, wide),
    ]
    if summary["values"]:
        sections.append(detail.values(summary["values"]))
    if passes and today is not None:
        sections.append(detail.passed(report))
    return [section for section in sections if section.items]


def _title(text: str, wide: int) -> Line:
    return Line(wide).own(text, "bold")


def _size(groups: list[Group]) -> int:
    return sum(len(g.findings) for g in groups)


def _errors(errors: list[dict[str, Any]], wide: int) -> list[Item]:
    """What could not be judged: which policy, where, why."""
    items = []
    for error in errors:
        name = error["policy"] or error["path"] or "plangate"
        line = Line(wide).own("  ").plan(name, "red", most=44 if wide else CAP)
        if error["policy"] and error["path"]:
            line.own(" in ").plan(error["path"])
        if error["addresses"]:
            _addresses(line.own(" on "), error["addresses"])
        items.append(_said(line, error["message"], wide))
    return items


def _said(line: Line, message: object, wide: int) -> Item:
    """`message` after `line` where it fits, else below it."""
    text = inert.terminal(str(message or "no reason was given"), 2000)
    if inert.width(text) + 2 <= line.room() and wide:
        return Item([line.to(0).plan(message or "no reason was given")])
    return Item([line, Line(wide).own("    ").plan(message or "no reason was given")])


def _gone(lost: list[dict[str, Any]], wide: int) -> Section:
    """Every resource that is destroyed, replaced or forgotten, by name, with what makes it go and what goes with it."""
    fates: dict[tuple[str, str, str], list[str]] = {}
    for one in lost:
        key = one["fate"], one["why"], wording.lost(one["loss"])
        fates.setdefault(key, []).append(one["address"])
    items = []
    for (word, why, loss), addresses in fates.items():
        for text, number in compact(addresses) if wide else [(a, 1) for a in addresses]:
            line = Line(wide).own("  ").own(f"{word:<8} ", _STYLES.get(word, "yellow"))
            lines = [_reason(line.plan(text, keep=min(len(why) + 2, 40)), why)]
            if loss:
                lines.append(Line(wide).own(" " * 11).plan(loss, "dim"))
            items.append(Item(lines, number))
    forgets = any(word == "forget" for word, _, _ in fates)
    name = "Destroyed, replaced or forgotten" if forgets else "Destroyed or replaced"
    title = _title(name, wide).own(f": {plural(len(lost), 'resource')}")
    return Section("gone", title, items, "that go")


def _reason(line: Line, why: str) -> Line:
    return line.to(48).plan(why, "dim") if why else line


def _updates(summary: dict[str, Any], wide: int) -> Section:
    """`12 x update  aws_iam_role  tags`."""
    kinds = summary["changes"]
    most = max([len(str(kind["number"])) for kind in kinds], default=1)
    items = []
    for kind in kinds:
        line = Line(wide).own(f"  {kind['number']:>{most}} x {kind['action']:<8}").plan(wording.subject(kind), keep=20)
        said = wording.changed(kind)
        if said:
            line.to(48).plan(said, "dim")
        items.append(Item([line], kind["number"]))
    name = "Other changes" if summary["lost"] else "Changes"
    return Section("changes", _title(name, wide), items, name.lower())


def _groups(groups: list[Group], wide: int) -> list[Item]:
    """Three lines a group: what and where; what is wrong; what to do (where it stops the plan)."""
    most = max([len(str(len(g.findings))) for g in groups], default=1)
    pad = min(max([inert.width(inert.terminal(g.policy, 44)) for g in groups], default=0), 44)
    items = []
    for g in groups:
        start = most + 5
        line = Line(wide).own(f"  {len(g.findings):>{most}} x ").plan(g.policy, "bold", most=44)
        line.to(start + pad + 2).plan(g.severity, _STYLES.get(g.severity, ""), most=10)
        line.to(start + pad + 12)
        if g.kind not in ("stops", "fail"):
            line.own(f"{NAMES[g.kind]:<9} ", "dim")
        _addresses(line, [named(f) for f in g.findings])
        lines = [line, _message(Line(wide).own(" " * start), g)]
        if g.kind == "stops" and g.outcome != "error":
            lines += _fix(Line(wide).own(" " * start), Line(wide).own(" " * start), g)
        items.append(Item([x for x in lines if x.used > start], len(g.findings)))
    return items


def _addresses(line: Line, addresses: list[str]) -> None:
    """The first three, numbered ones as one, `and 9 more`; what a plan as a whole gets has none."""
    known = [a for a in addresses if a]
    if not known:
        line.own("the plan as a whole")
        return
    pieces = compact(known, keys=True)
    total = sum(number for _, number in pieces)
    for shown in (3, 2, 1):
        rest = total - sum(number for _, number in pieces[:shown])
        more = f" and {rest} more" if rest else ""
        text = ", ".join([text for text, _ in pieces[:shown]])
        if shown == 1 or len(text) <= line.room(len(more)):
            line.plan(text, keep=len(more)).own(more)
            return


def _message(line: Line, g: Group) -> Line:
    """The first message and how many others there are; for what is unknown, which value and its origin."""
    first = g.findings[0]
    messages = {f.get("message") for f in g.findings}
    more = f" (+{plural(len(messages) - 1, 'other message')})" if len(messages) > 1 else ""
    if g.outcome == "unknown":
        line.own("cannot be known until apply", "yellow")
        if first.get("attribute"):
            line.own(": ").plan(first["attribute"], most=40)
        if first.get("origin"):
            line.own(", comes from ").plan(first["origin"])
        return line
    attribute, message = first.get("attribute"), str(first.get("message") or "")
    if attribute and attribute not in message and len({f.get("attribute") for f in g.findings}) == 1:
        line.plan(attribute, most=40).own(": ")
    return line.plan(message, keep=len(more)).own(more)


def _fix(line: Line, below: Line, g: Group) -> list[Line]:
    """`fix: ...  https://...`, on two lines where one is too short; nothing where the policy says nothing."""
    first = g.findings[0]
    # Where findings of a policy say what to do in different words, what most of them say.
    said: dict[str, int] = {}
    for f in g.findings:
        text = f.get("remediation") or ""
        said[text] = said.get(text, 0) + 1
    remedy, references = max(said, key=lambda text: said[text]), first.get("references") or []
    if not remedy:
        return [line.own("see: ", "cyan").plan(references[0])] if references else []
    line.own("fix: ", "cyan").plan(remedy)
    if not references:
        return [line]
    if inert.width(inert.terminal(str(references[0]), 300)) + 2 <= line.room():
        return [line.to(0).plan(references[0], "dim")]
    return [line, below.own("see: ", "cyan").plan(references[0], "dim")]


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
