"""Blocks that are there only where somebody wrote them: blocks.jsonl."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .paths import Path

_text: list[bytes] = []


def only_written(type: str, path: Path) -> bool:
    """Whether a path is a block that the provider never fills in itself; False also where no table tells.

    Left out, such a block plans as an empty list. Unknown as a whole, and not in the configuration, it comes from a
    `dynamic` whose for_each is not known yet (measured with Terraform 1.11.4 and hashicorp/aws 5.100.0).
    """
    if not _text:
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "blocks.jsonl"), "rb") as file:
            _text.append(file.read())
    text = _text[0]
    begin = text.find(b'\n{"type": "%s", ' % type.encode())
    if begin < 0:
        return False
    name = ".".join(step for step in path if isinstance(step, str))
    return text.find(b'"%s"' % name.encode(), begin + 1, text.index(b"\n", begin + 1)) > begin
