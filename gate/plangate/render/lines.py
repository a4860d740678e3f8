"""Lines of a terminal: what stands where, what is cut, which 25 of many are shown.

A line is made of text of ours (`own`) and text of a plan, policy or file (`plan`, made inert and cut
to the room that is left). It always begins with text of ours.
"""

from __future__ import annotations

from plangate.render import inert

LINES = 25  # of a whole report on a terminal
CAP = 2000  # cells of one plan string where lines have no width
_STYLES = {
    "bold": "1", "dim": "2", "bad": "1;31", "good": "1;32", "red": "31", "yellow": "33", "cyan": "36",
}  # fmt: skip


class Line:
    """One line of at most `columns` cells (0: no limit). Calls chain."""

    __slots__ = ("columns", "parts", "used")

    def __init__(self, columns: int = 0) -> None:
        self.columns, self.used = columns, 0
        self.parts: list[tuple[str, str]] = []

    def room(self, keep: int = 0) -> int:
        """Cells left, less `keep` for what follows."""
        return max(self.columns - self.used - keep, 0) if self.columns else CAP

    def own(self, text: str, style: str = "") -> Line:
        if self.columns and len(text) > self.room():
            text = text[: max(self.room() - 3, 0)] + "..."[: self.room()]
        return self._add(text, style, len(text))

    def plan(self, raw: object, style: str = "", *, keep: int = 0, most: int = CAP) -> Line:
        """Text that is not ours, at most `most` cells of it."""
        shown = inert.terminal(raw if type(raw) is str else str(raw), min(self.room(keep), most))
        return self._add(shown, style, inert.width(shown))

    def to(self, column: int) -> Line:
        """Blanks up to `column`; two at least, if anything stands there already."""
        return self.own(" " * max(column - self.used, 2))

    def _add(self, text: str, style: str, cells: int) -> Line:
        if text:
            self.parts.append((style, text))
            self.used += cells
        return self

    def show(self, color: bool) -> str:
        if color:
            text = "".join([f"\x1b[{_STYLES[s]}m{t}\x1b[0m" if s else t for s, t in self.parts])
        else:
            text = "".join([t for _, t in self.parts])
        # Two harmless parts can meet in `##[`.
        return text.replace("##[", "\\x23#[") if "##[" in text else text.rstrip()


class Item:
    """Lines that stand together, the first of which names the thing; `weight` things are meant."""

    __slots__ = ("lines", "weight")

    def __init__(self, lines: list[Line], weight: int = 1) -> None:
        self.lines, self.weight = lines, weight


class Section:
    """A title and its items; `nouns` says what they are, of several."""

    __slots__ = ("items", "name", "nouns", "title")

    def __init__(self, name: str, title: Line, items: list[Item], nouns: str) -> None:
        self.name, self.title, self.items, self.nouns = name, title, items, nouns


# Who gets the lines there are: (section, items at most, lines of each at most), round after round. What stops the
# plan is named before any of it is explained.
ROUNDS = (
    ("errors", 1, 1), ("stops", 1, 1), ("gone", 1, 1), ("stops", 3, 1), ("gone", 6, 1), ("errors", 2, 2),
    ("stops", 8, 1), ("gone", 8, 1), ("stops", 10, 1), ("stops", 1, 3), ("stops", 7, 2), ("others", 2, 1),
    ("stops", 7, 3), ("others", 4, 1), ("changes", 4, 1), ("gone", 99, 1), ("stops", 99, 1), ("others", 99, 1),
    ("changes", 99, 1), ("errors", 99, 9), ("stops", 99, 9), ("gone", 99, 9), ("others", 99, 9),
)  # fmt: skip


def fit(sections: list[Section], room: int) -> tuple[list[Line], list[str]]:
    """The lines of `sections` that `room` lines hold (with a title and a blank line before each),
    and in words what was left out. Sections keep their order."""
    shown: dict[str, list[int]] = {s.name: [] for s in sections}  # lines shown of each item
    byname = {s.name: s for s in sections}
    for name, most, each in ROUNDS:
        section = byname.get(name)
        if section is None:
            continue
        counts = shown[name]
        for i, item in enumerate(section.items[:most]):
            if i == len(counts):
                cost = 1 if counts else 3
                if cost > room:
                    break
                counts.append(1)
                room -= cost
            more = min(min(len(item.lines), each) - counts[i], room)
            if more > 0:
                counts[i] += more
                room -= more
    lines: list[Line] = []
    left: list[str] = []
    details = 0
    for section in sections:
        counts = shown[section.name]
        if counts:
            lines += [Line(), section.title]
        for count, item in zip(counts, section.items, strict=False):
            lines += item.lines[:count]
            details += len(item.lines) - count
        rest = sum(item.weight for item in section.items[len(counts) :])
        if rest:
            total = sum(item.weight for item in section.items)
            left.append(f"{rest} of {total} {section.nouns}" if counts else f"{total} {section.nouns}")
    if details:
        left.append(f"{details} detail{'s'[: details > 1]}")
    return lines, left


def everything(sections: list[Section]) -> list[Line]:
    """All lines of `sections`."""
    lines: list[Line] = []
    for section in sections:
        lines += [Line(), section.title]
        for before, item in zip([None, *section.items], section.items, strict=False):
            if before and len(before.lines) > 2:  # paragraphs, not rows
                lines.append(Line())
            lines += item.lines
    return lines
