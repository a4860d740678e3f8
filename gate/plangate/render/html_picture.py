"""The picture of a change: modules as boxes within boxes, resources in them, what goes first and largest.

What goes stands by name on a tile of its own; the rest of a module by name, or by type where it is much. However large
the plan, there are at most MOST_BOXES boxes of at most MOST_TILES tiles: what has no place of its own is counted where
it belongs. The list of all changes leaves nothing out.
"""

from __future__ import annotations

from plangate.plan.addresses import module_steps
from plangate.render.html_words import ACTIONS, Root, bar, code, esc, number, tag, word_of
from plangate.report.groups import named, plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Report = dict[str, Any]

MOST_BOXES = 120  # of one report
MOST_TILES = 40  # of one kind in one box
MOST_NAMED = 300  # tiles of what goes, of one report
_SIBLINGS = 24  # boxes side by side
_DEPTH = 4  # boxes within boxes: a fifth would be too narrow on a telephone
_SMALL = 16  # so many of what stays are named in a box; more are told by type
_GOES = ("destroy", "replace", "forget")


class Box:
    """One module: its own changes and the modules in it."""

    __slots__ = ("counts", "inner", "name", "own", "stopped")

    def __init__(self, name: str) -> None:
        self.name = name
        self.own: list[Report] = []
        self.inner: dict[str, Box] = {}
        self.counts: dict[str, int] = {}  # of all in it, by action
        self.stopped = 0

    def rank(self) -> tuple[Any, ...]:
        """What is stopped or goes before what stays, then what is larger."""
        gone = sum([self.counts.get(action, 0) for action in _GOES])
        return -self.stopped, -gone, -sum(self.counts.values()), self.name

    def changes(self) -> list[Report]:
        found, boxes = [], [self]
        for box in boxes:
            found += box.own
            boxes += box.inner.values()
        return found


class Picture:
    """Draws the boxes of one report, and keeps count of what it has drawn."""

    def __init__(self, root: Root) -> None:
        self.root = root
        self.stops = {one["address"] for one in root.summary["lost"] if one["stops"]}
        self.stops |= {named(f) for group in root.summary["stops"] for f in group.findings if f.get("address")}
        self.boxes, self.named = MOST_BOXES, MOST_NAMED

    def draw(self) -> str:
        """The whole section; "" where nothing changes."""
        changes = self.root.report.get("changes") or ()
        if not changes:
            return ""
        top = _tree(list(changes), self.stops)
        said = (
            '<p class="soft">A box is a module. What goes is named, and larger the less remains of it;'
            " what comes or changes is told by type where there is much of it.</p>\n"
        )
        return self.root.section(
            "picture", "The change at a glance", said + f'<ul class="boxes">\n{self._top(top)}</ul>\n'
        )

    def _top(self, top: Box) -> str:
        if not top.own and len(top.inner) == 1:
            return self._children(top, 1)
        return self._box(top, 1)

    def _box(self, box: Box, depth: int) -> str:
        self.boxes -= 1
        name = box.name
        while not box.own and len(box.inner) == 1:  # a module that only calls another is no box of its own
            (inner,) = box.inner.values()
            name, box = f"{name}.{inner.name}" if name else inner.name, inner
        flat = depth >= _DEPTH
        inside = self._tiles(box.changes() if flat else box.own)
        children = "" if flat or not box.inner else f'<ul class="boxes">\n{self._children(box, depth + 1)}</ul>\n'
        title = code(name) if name else "root module"
        return f'<li class="box">{_head(title, box.counts)}{inside}{children}</li>\n'

    def _children(self, box: Box, depth: int) -> str:
        boxes = sorted(box.inner.values(), key=Box.rank)
        shown, drawn = [], 0
        most = len(boxes) if len(boxes) == _SIBLINGS + 1 else min(len(boxes), _SIBLINGS)
        while drawn < most and self.boxes > 0:
            shown.append(self._box(boxes[drawn], depth))
            drawn += 1
        rest = boxes[drawn:]
        if rest:
            counts: dict[str, int] = {}
            changes = []
            for other in rest:
                changes += other.changes()
                for action, count in other.counts.items():
                    counts[action] = counts.get(action, 0) + count
            title = f"{number(len(rest))} more modules" if len(rest) > 1 else "1 more module"
            shown.append(f'<li class="box rest">{_head(title, counts)}{self._kinds(changes)}</li>\n')
        return "".join(shown)

    def _tiles(self, changes: list[Report]) -> str:
        """First what goes, by name; then what stays, by name or by type."""
        goes = sorted([c for c in changes if word_of(c) in _GOES], key=self._gravity)
        stays = [c for c in changes if word_of(c) not in _GOES]
        room = max(0, min(MOST_TILES, self.named))
        self.named -= min(len(goes), room)
        shown = [self._named(change) for change in goes[:room]]
        tiles = f'<ul class="tiles">{"".join(shown)}</ul>\n' if shown else ""
        if len(stays) > _SMALL or goes[room:]:
            return tiles + self._kinds(goes[room:] + stays)
        stays.sort(key=lambda c: (named(c) not in self.stops, _order(word_of(c)), named(c)))
        chips = [_chip(word_of(c), self._link(c), self._marks(c), named(c) in self.stops, 1) for c in stays]
        return tiles + (f'<ul class="chips">{"".join(chips)}</ul>\n' if chips else "")

    def _gravity(self, change: Report) -> tuple[Any, ...]:
        return named(change) not in self.stops, -_size(change), _order(word_of(change)), named(change)

    def _named(self, change: Report) -> str:
        name, action = named(change), word_of(change)
        stops = " " + tag("stopped", "stop") if name in self.stops else ""
        loss = (change.get("loss") or {}).get("loss") if action in _GOES else None
        more = f'<span class="loss">{esc(loss, 200)}</span>' if loss else ""
        return (
            f'<li class="{action} size{_size(change)}"{self._marks(change)}>{tag(action)}{stops} '
            f"{self._link(change)}{more}</li>"
        )

    def _link(self, change: Report) -> str:
        name, module = named(change), str(change.get("module") or "")
        short = name.removeprefix(module + ".") if module else name
        id = self.root.rows[name][3]
        return f'<a href="#{id}">{code(short)}</a>' if id else code(short)

    def _marks(self, change: Report) -> str:
        action, severities, module, _ = self.root.rows[named(change)]
        return _tile(action, severities, module)

    def _kinds(self, changes: list[Report]) -> str:
        """Changes by action and type, the most first within an action."""
        kinds: dict[tuple[str, str], list[Report]] = {}
        for change in changes:
            kinds.setdefault((word_of(change), str(change.get("type") or "")), []).append(change)
        order = sorted(kinds.items(), key=lambda item: (_order(item[0][0]), -len(item[1]), item[0][1]))
        chips = []
        for (action, type_), found in order[:MOST_TILES]:
            rows = [self.root.rows[named(change)] for change in found]
            severities = {word for row in rows for word in row[1].split()}
            modules = {row[2] for row in rows}
            marks = _tile(action, " ".join(sorted(severities)), modules.pop() if len(modules) == 1 else "*")
            text = code(type_) + (f" \u00d7 {number(len(found))}" if len(found) > 1 else "")
            stopped = sum([named(change) in self.stops for change in found])
            chips.append(_chip(action, text, marks, stopped, len(found)))
        rest = order[MOST_TILES:]
        if rest:
            left = sum([len(found) for _, found in rest])
            chips.append(f"<li>and {number(left)} more, of {plural(len(rest), 'other type')}</li>")
        return f'<ul class="chips">{"".join(chips)}</ul>\n'


def picture(root: Root) -> str:
    return Picture(root).draw()


def _tree(changes: list[Report], stops: set[str]) -> Box:
    """The modules as boxes within boxes, with the counts of all that is in each."""
    top = Box("")
    paths: dict[str, list[Box]] = {"": [top]}
    for change in changes:
        module = str(change.get("module") or "")
        path = paths.get(module)
        if path is None:
            path = paths[module] = [top]
            for step in _steps(module):
                path.append(path[-1].inner.setdefault(step, Box(step)))
        action, stopped = word_of(change), named(change) in stops
        path[-1].own.append(change)
        for box in path:
            box.counts[action] = box.counts.get(action, 0) + 1
            box.stopped += stopped
    return top


def _steps(module: str) -> list[str]:
    """The calls that lead to a module, as they are written; what is no module address is one call of its own."""
    from json import dumps

    steps = [
        f"module.{n}" + ("" if k is None else f"[{dumps(k, ensure_ascii=False)}]") for n, k in module_steps(module)
    ]
    return steps or [module]


def _size(change: Report) -> int:
    """3 where nothing remains of what is lost, 2 where something does, 1 where nothing is known to be lost."""
    loss = change.get("loss") or {}
    if word_of(change) not in ("destroy", "replace") or not loss.get("loss"):
        return 1
    return 2 if loss.get("recovery") else 3


def _order(action: str) -> int:
    return ACTIONS.index(action) if action in ACTIONS else len(ACTIONS)


def _tile(action: str, severities: str, module: str) -> str:
    return f' data-tile="{action}" data-severity="{severities}" data-module="{module}"'


def _chip(action: str, text: str, marks: str, stopped: int, of: int) -> str:
    said = ""
    if stopped:
        said = " " + tag("stopped" if stopped == of else f"{number(stopped)} stopped", "stop")
    return f'<li class="{action}"{marks}><span class="verb">{action}</span> {text}{said}</li>'


def _head(title: str, counts: dict[str, int]) -> str:
    """A box's name, what happens in it, and that as a bar."""
    found = sorted(counts.items(), key=lambda item: _order(item[0]))
    said = ", ".join([f'<span class="n {action}">{number(count)} {action}</span>' for action, count in found])
    return f'<div class="head"><p>{title}</p><p class="tally">{said}</p>{bar(found)}</div>\n'
