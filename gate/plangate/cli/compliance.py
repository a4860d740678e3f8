"""The ids that compliance frameworks have for what a policy asks, in lines."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def gathered(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, bool]]:
    """Name of a framework -> id -> whether it is firm: two sources name it for a type of the policy."""
    found: dict[str, dict[str, bool]] = {}
    for row in rows:
        ids = found.setdefault(row["name"], {})
        for id, sources in row["ids"].items():
            ids[id] = ids.get(id, False) or len(sources) > 1
    return {name: dict(sorted(ids.items())) for name, ids in sorted(found.items())}


def lines(rows: Iterable[dict[str, Any]]) -> list[str]:
    """One line a framework, the firm ids first."""
    made = []
    for name, ids in gathered(rows).items():
        firm = ", ".join(id for id, sure in ids.items() if sure)
        weak = ", ".join(id for id, sure in ids.items() if not sure)
        made.append(f"  {name}: " + " ".join([firm, f"({weak})" if weak else ""]).strip())
    return made
