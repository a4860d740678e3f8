"""Blocks that are there only where somebody wrote them: blocks.jsonl."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .paths import Path

_text: list[bytes] = []
_lines: dict[str, bytes] = {}  # resource type -> its blocks, as they stand in its row; b"" where it has none


def only_written(type: str, path: Path) -> bool:
    """Whether a path is a block that the provider never fills in itself; False also where no table tells.

    Left out, such a block plans as an empty list. Unknown as a whole, and not in the configuration, it comes from a
    `dynamic` whose for_each is not known yet (measured with Terraform 1.11.4 and hashicorp/aws 5.100.0).
    """
    line = _lines.get(type)
    if line is None:
        line = _lines[type] = _line(type)
    block = ".".join(step for step in path if isinstance(step, str))
    return bool(line) and b'"%s"' % block.encode(errors="replace") in line


def _line(type: str) -> bytes:
    if not _text:
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "blocks.jsonl"), "rb") as file:
            _text.append(file.read())
    start = b'\n{"type": "%s", "blocks": [' % type.encode(errors="replace")
    begin = _text[0].find(start)
    return _text[0][begin + len(start) : _text[0].index(b"\n", begin + 1)] if begin >= 0 else b""
