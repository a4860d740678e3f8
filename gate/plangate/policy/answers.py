"""What a process for policies may answer, and how it is checked before it is believed."""

from __future__ import annotations

from .engine import MAX_FINDINGS, subjects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.model import Plan

_COUNTS = ("matched", "passed", "failed", "unknown", "errors")
_OUTCOMES = ("fail", "unknown", "error")


class Answer:
    """What a child, or several in turn, said: what was loaded, results by id, and mistakes in files."""

    def __init__(self) -> None:
        self.loaded: list[dict[str, Any]] = []
        self.results: dict[str, dict[str, Any]] = {}
        self.mistakes: list[tuple[str, str]] = []

    def failed(self, id: str, why: str) -> None:
        """A policy that did not answer: one error, nothing judged."""
        found = [["error", None, None, None, f"the policy broke: {why}", None, True, None, None]]
        self.results[id] = {
            "id": id,
            "matched": 0,
            "passed": 0,
            "failed": 0,
            "unknown": 0,
            "errors": 1,
            "found": found,
            "passes": [],
        }


def as_result(result: Any) -> dict[str, Any]:
    """A Result of the engine in the form that a process answers in."""
    return {name: getattr(result, name) for name in ("id", *_COUNTS, "found", "passes")}


def nothing(id: str) -> dict[str, Any]:
    """The result of a policy that has nothing to judge here."""
    return {"id": id, **dict.fromkeys(_COUNTS, 0), "found": [], "passes": []}


class _Types:
    """The part of a policy that says what it is called on."""

    __slots__ = ("judges", "types")

    def __init__(self, judges: str, types: tuple[str, ...]) -> None:
        self.judges, self.types = judges, types


def expected(plan: Plan, meta: dict[str, Any]) -> int:
    """How many changes a policy must have judged on this plan."""
    if meta["judges"] == "plan":
        return 1
    return len(subjects(plan, _Types(meta["judges"], tuple(meta["types"]))))  # type: ignore[arg-type]


def well_formed(result: Any, id: str) -> bool:
    """Whether a result is whole, of this policy, and its numbers add up."""
    if type(result) is not dict or result.get("id") != id or type(result.get("found")) is not list:
        return False
    counts: list[Any] = [result.get(name) for name in _COUNTS]
    if not all(type(c) is int and c >= 0 for c in counts) or len(result["found"]) > MAX_FINDINGS * 10:
        return False
    if counts[0] != sum(counts[1:]):
        return False
    rows = result["found"]
    if not all(type(row) is list and len(row) == 9 and row[0] in _OUTCOMES and _texts(row) for row in rows):
        return False
    said = {row[0] for row in rows}
    return all((result[count] > 0) == (outcome in said) for count, outcome in (("failed", "fail"), ("errors", "error")))


def _texts(row: list[Any]) -> bool:
    optional = (row[1], row[2], row[3], row[5], row[7], row[8])
    return type(row[4]) is str and type(row[6]) is bool and all(t is None or type(t) is str for t in optional)


def well_described(meta: Any) -> bool:
    """Whether the description of a policy has every field, of its type."""
    texts = ("id", "title", "doc", "severity", "judges", "remediation", "file", "on_unknown_reason")
    return (
        type(meta) is dict
        and meta.get("on_unknown") in (None, "fail", "warn", "pass")
        and all(type(meta.get(name)) is str for name in texts)
        and all(type(meta.get(name)) is list for name in ("types", "references", "aliases"))
        and all(type(meta.get(name)) is dict for name in ("settings", "alias_types"))
    )
