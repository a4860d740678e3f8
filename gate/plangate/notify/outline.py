"""What a message says, in the order of its weight, before any channel gives it a form.

The verdict and where; then everything that would be lost and is stopped; then what could not be judged, the roots,
what failed, what else goes, notes. A channel turns rows into its own elements and `fill` says which of them fit, each
section counting exactly what is left out of it.

A row is a list of runs (kind, text): "own" and "bold" are words of ours, "plan" is text of a plan or of its run.
"""

from __future__ import annotations

import unicodedata

from plangate.render.inert import terminal
from plangate.report.groups import REASONS

from .phrases import because, counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .message import Fault, Loss, Message, Root
    from .texts import Texts

    Runs = list[tuple[str, str]]

MARKS = {"pass": "\u2705", "fail": "\u274c", "error": "\u26a0\ufe0f"}
_STOP = "\u26d4 "
_LONG = 140  # characters of one name before its middle is left out
_FEW, _MANY = 3, 20  # addresses of one finding

# Who is given room, and how many rows, in turn. What is lost and stopped has all but a part kept for the rest.
_ROUNDS = (
    ("blocked", 9999), ("errors", 2), ("roots", 6), ("stops", 5), ("lost", 5), ("roots", 20), ("errors", 6),
    ("stops", 10), ("lost", 10), ("notes", 2),
)  # fmt: skip
_DETAILS = (
    ("blocked", 9999), ("errors", 20), ("stops", 9999), ("lost", 9999), ("roots", 9999), ("notes", 10),
)  # fmt: skip
_KEPT = 0.3


class Row:
    """One line: its runs, a shorter form for when there are many, and how many things it stands for."""

    __slots__ = ("brief", "runs", "weight")

    def __init__(self, runs: Runs, brief: Runs | None = None, weight: int = 1) -> None:
        self.runs, self.brief, self.weight = runs, brief, weight


class Section:
    """Rows under a title; `elements` are those that fit, `left` says what of it does not (empty when all do)."""

    __slots__ = ("_more", "_texts", "elements", "name", "rows", "title")

    def __init__(self, name: str, title: str, more: str, rows: list[Row], texts: Texts) -> None:
        self.name, self.title, self.rows = name, title, rows
        self._more, self._texts = more, texts
        self.elements: list[Any] = []

    @property
    def left_out(self) -> int:
        """How many things are not shown."""
        return sum(row.weight for row in self.rows[len(self.elements) :])

    @property
    def left(self) -> str:
        """`and 12 more resources`, or empty."""
        return self._texts.say(self._more, n=self.left_out) if self.left_out else ""


def verdict(message: Message) -> str:
    """The verdict's word."""
    return message.texts.say(f"verdict.{message.verdict}")


def where(message: Message) -> str:
    """What was judged: the root and its environment, or the worst of several and how many more. Text of the run."""
    names = [place(root) for root in message.roots]
    if len(names) <= 1:
        return "".join(names)
    bad = [place(root) for root in message.roots if root.verdict == message.verdict]
    shown = (bad or names)[:2]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" {message.texts.say('more.plans', n=rest)}" if rest else "")


def why(message: Message) -> str:
    """Why the verdict is what it is: words of ours."""
    texts = message.texts
    if message.test:
        return texts.say("test.text")
    if message.event == "recovered":
        return texts.say("headline.recovered")
    if len(message.roots) == 1:
        return because(message.roots[0], texts)
    bad = sum(root.verdict == message.verdict for root in message.roots)
    stops = sum(number for root in message.roots for key, number in root.reasons if key == "stops")
    said = texts.say("roots.bad", bad=bad, n=len(message.roots)) if message.verdict != "pass" else ""
    found = texts.say("stops.title", n=stops) if stops else ""
    return "; ".join([part for part in (said, found) if part]) or texts.say("reason.none")


def push(message: Message, most: int = 600) -> str:
    """What a locked phone shows, in at most `most` characters: verdict, where, why, and what would be lost by name."""
    texts = message.texts
    if message.test:
        return f"{texts.say('test.headline')}. {texts.say('test.text')}"
    text = f"{MARKS[message.verdict]} {verdict(message)} {short(where(message), 120)} \u2013 {why(message)}"
    lost = [loss for root in message.roots for loss in root.lost]
    lost = [loss for loss in lost if loss.stops] or lost
    for number, loss in enumerate(lost):
        said = f"{'; ' if number else '. '}{texts.say(f'fate.{loss.fate}')}: {short(loss.address, 90)}"
        rest = texts.say("more.resources", n=len(lost) - number)
        if number == 4 or len(text) + len(said) + len(rest) + 2 > most:
            return f"{text}, {rest}"
        text += said
    return text


def place(root: Root) -> str:
    """`network (prod)`: a root by name, with workspace and environment where they say more."""
    name = short(root.name, 80)
    more = [word for word in (root.workspace, root.environment) if word and word != name]
    more = list(dict.fromkeys(more))
    return f"{name} ({', '.join([short(word, 40) for word in more])})" if more else name


def small_print(message: Message) -> list[str]:
    """Who, from where, which commit: short texts of the run."""
    run, say = message.run, message.texts.say
    said = []
    if run.repository:
        said.append(run.repository + (f" #{run.pull_request}" if run.pull_request else ""))
    if run.ref:
        said.append(f"{say('label.branch')}: {run.ref}")
    if run.commit:
        said.append(f"{say('label.commit')}: {run.commit[:10]}")
    if run.actor:
        said.append(f"{say('label.actor')}: {run.actor}")
    accounts = list(dict.fromkeys(root.account for root in message.roots if root.account))
    if accounts:
        said.append(f"{say('label.account')}: {', '.join(accounts[:3])}")
    if run.started_at:
        said.append(f"{run.started_at[:10]} {run.started_at[11:16]} UTC")
    return [short(text, 100) for text in said]


def links(message: Message) -> list[tuple[str, str]]:
    """At most two: where to decide, and the report."""
    say = message.texts.say
    pairs = ((say("link.decide"), message.decide_url), (say("link.report"), message.report_url))
    return [(name, url) for name, url in pairs if url]


def totals(message: Message) -> str:
    """The counts of the only root; of several, each root's row has its own."""
    return ", ".join(counts(message.roots[0], message.texts)) if len(message.roots) == 1 else ""


def sections(message: Message, *, details: bool = False) -> list[Section]:
    """All that can be said, the gravest first; a section is only there when it has rows.

    With `details` findings come with their policy, more of their resources, and how to mend them.
    """
    texts, roots = message.texts, message.roots
    several = len(roots) > 1
    lost = [(root, loss) for root in roots for loss in root.lost]
    blocked = [_loss(loss, root, several, texts, details) for root, loss in lost if loss.stops]
    others = [_loss(loss, root, several, texts, details) for root, loss in lost if not loss.stops]
    errors = [_error(text, root, several) for root in roots for text in root.errors]
    stops = [_fault(fault, root, several, texts, details) for root in roots for fault in root.stops]
    notes = [Row([("plan", short(text, 300))]) for root in roots for text in root.notes]
    number = sum(row.weight for row in stops)
    rest = "lost.other" if blocked else "lost.title"
    made = [
        Section("blocked", texts.say("lost.blocked", n=len(blocked)), "more.resources", blocked, texts),
        Section("errors", texts.say("errors.title"), "more.errors", errors, texts),
        Section("roots", texts.say("roots.title"), "more.plans", _roots(message) if several else [], texts),
        Section("stops", texts.say("stops.title", n=number), "more.findings", stops, texts),
        Section("lost", texts.say(rest, n=len(others)), "more.resources", others, texts),
        Section("notes", texts.say("notes.title"), "more.notes", notes, texts),
    ]  # fmt: skip
    return [section for section in made if section.rows]


def fill(
    found: list[Section],
    room: int,
    form: Callable[[Runs], Any],
    measure: Callable[[Any], int],
    *,
    rows: int = 9999,
    details: bool = False,
) -> None:
    """Give each section the `elements` that fit into `room`, as `measure` counts them.

    `form` makes an element of a row's runs; at most `rows` of a section are taken. A row that does not fit ends its
    section: what is shown is always the first of it. After ten rows of a section the brief form is used. The room for
    titles and for what is said of the rest is the caller's to keep.
    """
    by_name = {section.name: section for section in found}
    for section in found:
        section.elements = []
    full: set[str] = set()
    kept = int(room * _KEPT) if len(found) > 1 else 0
    rounds: Sequence[tuple[str, int]] = _DETAILS if details else _ROUNDS
    for name, most in rounds:
        section_ = by_name.get(name)
        if section_ is None or name in full:
            continue
        reserve = kept if name == "blocked" else 0
        while len(section_.elements) < min(most, rows, len(section_.rows)):
            row = section_.rows[len(section_.elements)]
            many = len(section_.elements) >= 10 and row.brief is not None
            element = form(row.brief if many and row.brief else row.runs)
            cost = measure(element)
            if cost > room - reserve:
                full.add(name)
                break
            section_.elements.append(element)
            room -= cost


def short(text: str, most: int = _LONG) -> str:
    """`text` with its middle left out where it is long: how a name begins and how it ends both tell."""
    if len(text) <= most:
        return text
    tail = text[-(most // 2) :]
    while tail and unicodedata.category(tail[0])[0] == "M":
        tail = tail[1:]
    head = text[: most - len(tail) - 14]
    return terminal(f"{head}...(+{len(text) - len(head) - len(tail)})...{tail}")


# -- rows ------------------------------------------------------------------------------------------------------


def _loss(loss: Loss, root: Root, several: bool, texts: Texts, details: bool) -> Row:
    fate = texts.say(f"fate.{loss.fate}")
    runs: Runs = [("own", _STOP if loss.stops else ""), ("bold", fate), ("own", " "), ("plan", short(loss.address))]
    if several:
        runs += [("own", " \u00b7 "), ("plan", place(root))]
    brief = list(runs)
    if loss.loss:
        # what may remain of it stands in the details
        runs.append(("own", f" \u2013 {loss.loss if details else loss.loss.partition('; ')[0]}"))
    runs += _why(loss.why)
    full = [run for run in runs if run[1]]
    return Row(full, None if details else [run for run in brief if run[1]])


def _why(text: str) -> Runs:
    """Why it goes: words of ours, or attributes by name."""
    first, found, paths = text.partition("forced by ")
    if found and not first:
        return [("own", f" \u00b7 {found}"), ("plan", short(paths, 100))]
    if not text:
        return []
    return [("own", " \u00b7 "), ("own" if text in _REASONS else "plan", short(text, 100))]


_REASONS = frozenset(REASONS.values())


def _fault(fault: Fault, root: Root, several: bool, texts: Texts, details: bool) -> Row:
    severity = texts.say(f"severity.{fault.severity}") if fault.severity else ""
    title = short(fault.title or fault.policy, 200).rstrip(".")
    head: Runs = [("bold", severity), ("own", f" {title}" if severity else title)]
    if fault.outcome == "unknown":
        head.append(("own", f" ({texts.say('outcome.unknown')})"))
    runs, shown = list(head), 0
    for number, (address, stands_for) in enumerate(fault.addresses[: _MANY if details else _FEW]):
        runs += [("own", ", " if number else ": "), ("plan", short(address))]
        shown += stands_for
    rest = fault.number - shown
    if rest > 0 and shown:
        runs.append(("own", f" {texts.say('more', n=rest)}"))
    if fault.place and (details or not several):
        runs += [("own", " \u00b7 "), ("plan", short(fault.place, 80))]
    if several:
        runs += [("own", " \u00b7 "), ("plan", place(root))]
    if details:
        runs += [("own", " \u00b7 "), ("plan", short(fault.policy, 80))]
        runs.append(("own", f" \u2192 {short(fault.remediation, 400)}" if fault.remediation else ""))
    return Row([run for run in runs if run[1]], None, fault.number)


def _error(text: str, root: Root, several: bool) -> Row:
    runs: Runs = [("plan", short(text, 300))]
    return Row([("plan", place(root)), ("own", ": "), *runs] if several else runs)


def _roots(message: Message) -> list[Row]:
    texts, rows = message.texts, []
    for root in message.roots:
        runs: Runs = [("own", f"{MARKS[root.verdict]} "), ("bold", texts.say(f"verdict.{root.verdict}")), ("own", " ")]
        runs.append(("plan", place(root)))
        if root.account:
            runs += [("own", " \u00b7 "), ("plan", short(root.account, 40))]
        said = because(root, texts) if root.verdict != "pass" else ""
        runs.append(("own", " \u2013 " + ", ".join([part for part in (said, *counts(root, texts)) if part])))
        rows.append(Row(runs))
    return rows
