"""Which of many rows fit into so many characters, and in words exactly what does not."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Block:
    """Rows that stand under one heading. `frame` is what heading and end cost, `nouns` what the rows are, of several.

    `row` renders one thing, and is only asked for those that may fit; `weight` says how many things one stands for.
    """

    __slots__ = ("frame", "name", "nouns", "row", "rows", "things", "weight")

    def __init__(
        self,
        name: str,
        nouns: str,
        things: Sequence[Any],
        row: Callable[[Any], str],
        frame: int = 0,
        weight: Callable[[Any], int] | None = None,
    ) -> None:
        self.name, self.nouns, self.things, self.row, self.frame = name, nouns, things, row, frame
        self.weight = weight or (lambda _: 1)
        self.rows: list[str] = []

    @property
    def total(self) -> int:
        return sum(self.weight(thing) for thing in self.things)

    @property
    def shown(self) -> int:
        """How many things the shown rows stand for."""
        return sum(self.weight(thing) for thing in self.things[: len(self.rows)])


def fit(blocks: list[Block], room: int, rounds: Sequence[tuple[str, int]]) -> list[str]:
    """Fill the blocks' `rows` with what `room` characters hold, and say what is left out.

    Each round gives one block rows until it has so many; a row that is too long ends its block, so that what is
    shown is always the first of it. Returns texts like "12 of 40 findings that stop", [] when all is shown.
    """
    by_name = {block.name: block for block in blocks}
    full: set[str] = set()
    for name, most in rounds:
        block = by_name.get(name)
        if block is None or name in full:
            continue
        while len(block.rows) < min(most, len(block.things)):
            text = block.row(block.things[len(block.rows)])
            cost = len(text) + 1 + (0 if block.rows else block.frame)
            if cost > room:
                full.add(name)
                break
            block.rows.append(text)
            room -= cost
    left = []
    for block in blocks:
        rest = block.total - block.shown
        if rest:
            left.append(f"{rest} of {block.total} {block.nouns}" if block.rows else f"{block.total} {block.nouns}")
    return left
