"""What compliance frameworks call what a policy asks: for pages and `policies show`, no run that judges reads it."""

from __future__ import annotations

import os

from .tables import Table, like, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Policy

_TABLE = "compliance.jsonl"
_QUESTIONS = "compliance.policies.json"


def compliance(made: Policy) -> list[dict[str, Any]]:
    """[{"type", "framework", "name", "ids": {id: [who says so]}}], by type and framework; [] where nobody names it.

    An id that two sources give is firm; of one source it may be generous.
    """
    facet = _facets().get(made.id)
    if facet is None:
        return []
    table = Table(_TABLE)
    names = _header()["_frameworks"]
    found = []
    for type_ in sorted(name for name in table.types() if like(name, made.types)):
        for row in table.rows(type_):
            if row["facet"] == facet:
                given = row["frameworks"].items()
                found += [{"type": type_, "framework": key, "name": names[key], "ids": ids} for key, ids in given]
    return found


def _facets() -> dict[str, str]:
    """Policy id -> the question it asks."""
    found = {row["policy"]: row["facet"] for row in load(_QUESTIONS)["policies"]}
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "encryption")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".policies.json"):
            entries = load(f"encryption/{name}")["policies"]
            found.update({f"encryption/{e['id']}": e["facet"] for e in entries if "facet" in e})
    return found


def _header() -> dict[str, Any]:
    import json

    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), _TABLE), "rb") as file:
        found: dict[str, Any] = json.loads(file.readline())
    return found
