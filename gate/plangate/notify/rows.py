"""The rows of a message: each a list of runs (kind, text), of which only "own" and "bold" are words of ours."""

from __future__ import annotations

import unicodedata

from plangate.render.inert import terminal
from plangate.report.groups import REASONS

from .phrases import because, counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .message import Fault, Loss, Root
    from .texts import Texts

Runs = list[tuple[str, str]]

MARKS = {"pass": "\u2705", "fail": "\u274c", "error": "\u26a0\ufe0f"}
_STOP = "\u26d4 "
_LONG = 140  # characters of one name before its middle is left out
_FEW, _MANY = 3, 20  # addresses of one finding


class Row:
    """One line: its runs, and a shorter form for when there are many."""

    __slots__ = ("brief", "runs")

    def __init__(self, runs: Runs, brief: Runs | None = None) -> None:
        self.runs, self.brief = runs, brief


def loss(gone: Loss, root: Root, several: bool, texts: Texts, details: bool) -> Row:
    fate = texts.say(f"fate.{gone.fate}")
    runs: Runs = [("own", _STOP if gone.stops else ""), ("bold", fate), ("own", " "), ("plan", short(gone.address))]
    if several:
        runs += [("own", " \u00b7 "), ("plan", place(root))]
    brief: Runs = [("own", f"{_STOP if gone.stops else ''}{fate} "), *runs[3:]]
    if gone.loss:
        # what may remain of it stands in the details
        runs.append(("own", f" \u2013 {gone.loss if details else gone.loss.partition('; ')[0]}"))
    runs += _why(gone.why)
    full = [run for run in runs if run[1]]
    return Row(full, None if details else brief)


def _why(text: str) -> Runs:
    """Why it goes: words of ours, or attributes by name."""
    first, found, paths = text.partition("forced by ")
    if found and not first:
        return [("own", f" \u00b7 {found}"), ("plan", short(paths, 100))]
    if not text:
        return []
    return [("own", " \u00b7 "), ("own" if text in _REASONS else "plan", short(text, 100))]


_REASONS = frozenset(REASONS.values())


def fault(found: Fault, root: Root, several: bool, texts: Texts, details: bool) -> Row:
    severity = texts.say(f"severity.{found.severity}") if found.severity else ""
    title = short(found.title or found.policy, 200).rstrip(".")
    head: Runs = [("bold", severity), ("own", f" {title}" if severity else title)]
    if found.outcome == "unknown":
        head.append(("own", f" ({texts.say('outcome.unknown')})"))
    runs, shown = list(head), 0
    for number, (address, stands_for) in enumerate(found.addresses[: _MANY if details else _FEW]):
        runs += [("own", ", " if number else ": "), ("plan", short(address))]
        shown += stands_for
    rest = sum(number for _, number in found.addresses) - shown
    if rest > 0 and shown:
        runs.append(("own", f" {texts.say('more', n=rest)}"))
    if found.place and details:
        runs += [("own", " \u00b7 "), ("plan", short(found.place, 80))]
    if several:
        runs += [("own", " \u00b7 "), ("plan", place(root))]
    if details:
        runs += [("own", " \u00b7 "), ("plan", short(found.policy, 80))]
        runs += [("own", " \u2192 "), *_marked(short(found.remediation, 400))] if found.remediation else []
    return Row([run for run in runs if run[1]])


def _marked(text: str) -> Runs:
    """A sentence whose words between backticks are code."""
    parts = text.split("`")
    return (
        [("plan" if number % 2 else "own", part) for number, part in enumerate(parts)]
        if len(parts) % 2
        else [("own", text)]
    )


def error(text: str, root: Root, several: bool, texts: Texts, details: bool) -> Row:  # noqa: ARG001 - as every row
    runs: Runs = [("plan", short(text, 300))]
    return Row([("plan", place(root)), ("own", ": "), *runs] if several else runs)


def note(text: str, root: Root, several: bool, texts: Texts, details: bool) -> Row:  # noqa: ARG001 - as every row
    return Row([("plan", short(text, 300))])


def verdict_row(root: Root, several: bool, texts: Texts, details: bool) -> Row:  # noqa: ARG001 - as every row
    """A root among several: its verdict, and why or what it changes."""
    runs: Runs = [("own", f"{MARKS[root.verdict]} "), ("bold", texts.say(f"verdict.{root.verdict}")), ("own", " ")]
    runs.append(("plan", place(root)))
    if root.account:
        runs += [("own", " \u00b7 "), ("plan", short(root.account, 40))]
    said = [because(root, texts)] if root.verdict != "pass" else []
    if root.verdict != "error" or root.changes:
        said += counts(root, texts)
    runs.append(("own", f" \u2013 {', '.join(said)}"))
    return Row(runs)


def place(root: Root) -> str:
    """`network (prod)`: a root by name, with workspace and environment where they say more."""
    name = short(root.name, 80)
    more = [word for word in (root.workspace, root.environment) if word and word != name]
    more = list(dict.fromkeys(more))
    return f"{name} ({', '.join([short(word, 40) for word in more])})" if more else name


def short(text: str, most: int = _LONG) -> str:
    """`text` with its middle left out where it is long: how a name begins and how it ends both tell."""
    if len(text) <= most:
        return text
    tail = text[-(most // 2) :]
    while tail and unicodedata.category(tail[0])[0] == "M":
        tail = tail[1:]
    head = text[: most - len(tail) - 14]
    return terminal(f"{head}...(+{len(text) - len(head) - len(tail)})...{tail}")
