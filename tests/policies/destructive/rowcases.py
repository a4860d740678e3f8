"""What the tests of the rows share: bodies by path, the tables, the policies by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import plangate.plan.facts
import plangate_policies.destructive
from plangate import Policy

FOLDER = Path(plangate_policies.destructive.__file__).parent
STATEFUL = Path(plangate.plan.facts.__file__).with_name("stateful.jsonl")
BY_ID: dict[str, Policy] = {made.id.split("/")[1]: made for made in plangate_policies.destructive.POLICIES}


def table(name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(the head, the rows) of a table, read as it lies there."""
    path = STATEFUL if name == "stateful" else FOLDER / f"{name}.jsonl"
    head, *rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return head, rows


STATEFUL_TYPES = {row["type"] for row in table("stateful")[1]}


def body(path: str, value: Any) -> dict[str, Any]:
    """The smallest body that has the value at a path; `[*]` is one element."""
    *blocks, leaf = path.split(".")
    made: dict[str, Any] = {leaf: value}
    for block in reversed(blocks):
        name = block.removesuffix("[*]")
        made = {name: [made] if block.endswith("[*]") else made}
    return made


def concrete(path: str) -> str:
    return path.replace("[*]", "[0]")


def key(row: dict[str, Any]) -> str:
    return ":".join(str(row[name]) for name in ("policy", "type", "guard", "path", "block", "change") if name in row)
