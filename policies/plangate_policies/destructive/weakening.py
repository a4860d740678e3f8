"""The first step of a loss in two: an attribute that protects is changed, and nothing is deleted yet.

One policy for each entry of `weakening.policies.json`; which attributes, and which change of them, stands in the
rows of `weakening.jsonl`.
"""

from __future__ import annotations

from plangate import Finding, Policy, SettingMistake, UnknownValue, is_unknown, policy
from plangate_policies.tables import Table, fits, load

from .counted import sides
from .measures import best, is_strong, is_weaker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

_TABLE = Table("destructive/weakening.jsonl")


def policies() -> tuple[Policy, ...]:
    """One policy for each entry, in the order of the file."""
    return tuple(_policy(entry) for entry in load("destructive/weakening.policies.json")["policies"])


def _policy(entry: Row) -> Policy:
    name = entry["id"]
    mine: dict[str, list[Row]] = {}

    def rows(type: str) -> list[Row]:
        found = mine.get(type)
        if found is None:
            found = mine[type] = [row for row in _TABLE.rows(type) if row["policy"] == name]
        return found

    def weakened(change: Change) -> Iterator[Finding]:
        yield from _judge(change, rows(change.type), 0.0)

    def collapsed(change: Change, *, keep_share: float = 0.5) -> Iterator[Finding]:
        yield from _judge(change, rows(change.type), keep_share)

    by_share = entry.get("by_share", False)
    function = collapsed if by_share else weakened
    function.__name__ = name.replace("-", "_")
    function.__doc__ = f"{entry['title']}\n\n{entry['page']}"
    return policy(
        f"destructive/{name}",
        types=_TABLE.types(name),
        judges="change",
        actions=("update", "replace"),
        severity=entry["severity"],
        remediation=entry["remediation"],
        references=entry["references"],
        rows=lambda: [row for row in _TABLE.all() if row["policy"] == name],
        check_settings=_check_share if by_share else None,
    )(function)


def watches(type: str, path: str) -> bool:
    """Whether a row watches for the change of this attribute."""
    return any(row["path"] == path for row in _TABLE.rows(type))


def _check_share(given: dict[str, Any]) -> list[str]:
    if not 0 <= given.get("keep_share", 0) <= 1:
        raise SettingMistake("keep_share", "is not between 0 and 1", fix="write 0.5 for half")
    return []


def _judge(change: Change, rows: list[Row], keep_share: float) -> Iterator[Finding]:
    """The findings of the rows of one type; what is unknown in one row does not hide another."""
    unknown: UnknownValue | None = None
    for row in rows:
        if row["change"] == "swapped" and change.action == "replace" and change.stateful is not None:
            continue  # what the old key encrypted goes with the old object: that is said of the replace
        try:
            path = _weakened(change, row, keep_share)
        except UnknownValue as raised:
            unknown = unknown or raised
            continue
        if path is not None:
            yield Finding(f"{row['says']}: {row['loss']}.", path, severity=row["severity"])
    if unknown is not None:
        raise unknown


def _weakened(change: Change, row: Row, keep_share: float) -> str | None:
    """The path at which protection was and will not be; raises UnknownValue where only the apply can tell."""
    were, will = sides(change, row)
    was = [value for _, value, _ in were]
    if "unless" in row and any(is_strong(value, row) for value in was) and fits(change, row["unless"]):
        return None
    if len(was) != len(will):  # which element became which cannot be told: the strongest of both sides
        for path, value, _ in will:
            if is_unknown(value) and (change.is_left_out(path) or not any(is_strong(v, row) for v in was)):
                return None
        strongest = best([_known(value) for _, value, _ in will], row)
        weaker = is_strong(best(was, row), row) and is_weaker(best(was, row), strongest, row, keep_share)
        return (will[0][0] if will else row["path"]) if weaker else None
    unknown = None
    for before, (path, after, _) in zip(was, will, strict=True):
        # Nobody writes it: it stays as it is, or belongs to a resource of its own.
        if is_unknown(after) and (change.is_left_out(path) or not is_strong(before, row)):
            continue
        if not is_strong(before, row):
            continue
        if is_unknown(after):
            unknown = after
        elif is_weaker(before, after, row, keep_share):
            return path
    if unknown is not None:
        _known(unknown)
    return None


def _known(value: Any) -> Any:
    """The value; raises UnknownValue where it is not known."""
    if is_unknown(value):
        bool(value)
    return value
