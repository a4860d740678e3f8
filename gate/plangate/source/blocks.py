"""The lines of the blocks of one file, by python-hcl2."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Blocks = dict[tuple[str, ...], tuple[int, int]]

MAX_BYTES = 1 << 20  # of one file: the parser takes some 3 s for a MiB, and people write none as large
KINDS = ("resource", "data", "module", "ephemeral")


def read(text: str) -> Blocks:
    """(kind, label, ...) -> (first line, last line), counted from 1, of the top-level blocks in KINDS.

    {} for a file that python-hcl2 cannot parse: that costs its locations, not the run.
    """
    if len(text) > MAX_BYTES:
        return {}
    import hcl2

    try:
        tree: Any = hcl2.parses_to_tree(text if text.endswith("\n") else text + "\n")
    except Exception:  # noqa: BLE001 - lark's errors, and whatever else a hostile text makes of it
        return {}
    found: Blocks = {}
    for block in _blocks(tree):
        names = tuple(_label(child) for child in block.children if getattr(child, "data", None) in _LABELS)
        if names and names[0] in KINDS:
            # The first one counts: another of the same name is an override, or wrong.
            found.setdefault(names, (block.meta.line, block.meta.end_line))
    return found


_LABELS = ("identifier", "string")


def _blocks(tree: Any) -> Iterator[Any]:
    for body in tree.children:
        for child in getattr(body, "children", ()):
            if getattr(child, "data", None) == "block":
                yield child


def _label(node: Any) -> str:
    """A block's type or label; a quoted one without its quotes."""
    text = "".join(str(token) for token in node.scan_values(lambda _: True))
    return text[1:-1] if text.startswith('"') and text.endswith('"') and len(text) > 1 else text
