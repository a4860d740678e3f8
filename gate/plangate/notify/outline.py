"""What a message says, in the order of its weight, before any channel gives it a form.

The verdict and where; then everything that would be lost and is stopped; then what could not be judged, the roots,
what failed, what else goes, notes. A channel turns rows into its own elements and `fill` says which of them fit, each
section counting exactly what is left out of it.

A row is a list of runs (kind, text): "own" and "bold" are words of ours, "plan" is text of a plan or of its run.
"""

from __future__ import annotations

from .phrases import because, counts
from .rows import MARKS, Row, Runs, error, fault, loss, note, place, short, verdict_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .message import Message
    from .texts import Texts

__all__ = [
    "MARKS", "Row", "Runs", "Section", "fill", "links", "place", "push", "sections", "short", "small_print", "totals",
    "verdict", "where", "why",
]  # fmt: skip


# Who is given room, and how many rows, in turn. What is lost and stopped has all but a part kept for the rest.
_ROUNDS = (
    ("blocked", 9999), ("errors", 2), ("roots", 6), ("stops", 5), ("lost", 5), ("roots", 20), ("errors", 6),
    ("stops", 10), ("lost", 10), ("notes", 2),
)  # fmt: skip
_DETAILS = (
    ("blocked", 9999), ("errors", 20), ("stops", 9999), ("lost", 9999), ("roots", 9999), ("notes", 10),
)  # fmt: skip
_KEPT = 0.3


class Section:
    """Things under a title, a row each, made when it is asked for (there may be 50,000); `elements` are the rows that
    fit, `left` says what does not (empty when all do)."""

    __slots__ = ("_make", "_more", "_texts", "elements", "name", "things", "title")

    def __init__(
        self, name: str, title: str, more: str, things: list[Any], make: Callable[[Any], Row], texts: Texts
    ) -> None:
        self.name, self.title, self.things = name, title, things
        self._make, self._more, self._texts = make, more, texts
        self.elements: list[Any] = []

    def row(self, number: int) -> Row:
        """The row of the thing of this number."""
        return self._make(self.things[number])

    @property
    def left_out(self) -> int:
        """How many things are not shown; a row of findings stands for all of them."""
        return sum([_weight(thing) for thing in self.things[len(self.elements) :]])

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
    bad = sum(root.verdict != "pass" for root in message.roots)
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
    lost = [gone for root in message.roots for gone in root.lost]
    lost = [gone for gone in lost if gone.stops] or lost
    for number, gone in enumerate(lost):
        said = f"{'; ' if number else '. '}{texts.say(f'fate.{gone.fate}')}: {short(gone.address, 90)}"
        rest = texts.say("more.resources", n=len(lost) - number)
        if number == 4 or len(text) + len(said) + len(rest) + 2 > most:
            return f"{text}, {rest}"
        text += said
    return text


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
    """The counts of the only root; of several, each root's row has its own. Nothing where no plan was read."""
    root = message.roots[0] if len(message.roots) == 1 else None
    if root is None or (root.verdict == "error" and not root.changes):
        return ""
    return ", ".join(counts(root, message.texts))


def sections(message: Message, *, details: bool = False) -> list[Section]:
    """All that can be said, the gravest first; a section is only there when it has rows.

    With `details` findings come with their policy, more of their resources, and how to mend them.
    """
    texts, roots = message.texts, message.roots
    several = len(roots) > 1
    apart = sum([bool(root.lost or root.stops or root.errors) for root in roots]) > 1  # rows must say of which root
    blocked = [(gone, root) for root in roots for gone in root.lost if gone.stops]
    others = [(gone, root) for root in roots for gone in root.lost if not gone.stops]
    errors = [(text, root) for root in roots for text in root.errors]
    stops = [(found, root) for root in roots for found in root.stops]
    notes = [(text, root) for root in roots for text in root.notes]
    number = sum([found.number for found, _ in stops])
    rest = "lost.other" if blocked else "lost.title"

    def made(name: str, title: str, more: str, things: list[Any], make: Callable[..., Row]) -> Section:
        return Section(name, title, more, things, lambda thing: make(*thing, apart, texts, details), texts)

    found = [
        made("blocked", texts.say("lost.blocked", n=len(blocked)), "more.resources", blocked, loss),
        made("errors", texts.say("errors.title"), "more.errors", errors, error),
        made("roots", texts.say("roots.title"), "more.plans", [(root,) for root in roots if several], verdict_row),
        made("stops", texts.say("stops.title", n=number), "more.findings", stops, fault),
        made("lost", texts.say(rest, n=len(others)), "more.resources", others, loss),
        made("notes", texts.say("notes.title"), "more.notes", notes, note),
    ]
    return [section for section in found if section.things]


def _weight(thing: Any) -> int:
    return int(getattr(thing[0], "number", 1))


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
        while len(section_.elements) < min(most, rows, len(section_.things)):
            row = section_.row(len(section_.elements))
            many = len(section_.elements) >= 10 and row.brief is not None
            element = form(row.brief if many and row.brief else row.runs)
            cost = measure(element)
            if cost > room - reserve:
                full.add(name)
                break
            section_.elements.append(element)
            room -= cost
