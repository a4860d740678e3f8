"""The policies of the pack, one for each entry of `policies.json`.

An entry says what people read of a policy, and `by` which judge decides: the name of a module of this pack whose
`judge(change, entry, settings)` yields Faults. It is imported when the first resource is judged. The types are those
of the rows in `attributes.jsonl`, or stand in the entry.
"""

from __future__ import annotations

from plangate import Policy, policy
from plangate_policies.tables import Table, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from plangate import Change, Finding
    from plangate_policies.tables import Row

    from .since import Fault

TABLE = Table("exposure/attributes.jsonl")
_SINCE = """
What this change opens or widens has the full severity. What was as open before the change, and is changed in another
respect, is at most `medium` and says so; with `judge_existing = true` it counts in full. What only the apply can tell
is `unknown`."""


def policies() -> tuple[Policy, ...]:
    """One policy for each entry, in the order of the file."""
    return tuple(_policy(entry) for entry in load("exposure/policies.json")["policies"])


_DOCUMENT = (
    "a document written with jsonencode that names something of the same plan is unknown as a whole, and nearly every"
    " first plan has one; one that an aws_iam_policy_document makes is judged all the same."
)
# Where the provider hides more than is unknown, by the judge: why that only warns.
_HIDDEN = {
    "principals": _DOCUMENT,
    "permissions": _DOCUMENT,
    "issuers": _DOCUMENT,
    "members": "a set of members that names an account of the same plan is unknown as a whole, and many first plans"
    " have one.",
}


def _policy(entry: Row) -> Policy:
    judge: Callable[[Change, dict[str, Any]], Iterable[Finding]] | None = None
    types = tuple(entry.get("types", ())) or TABLE.types(entry["id"])

    def exposed(change: Change, *, judge_existing: bool = False) -> Iterator[Finding]:
        nonlocal judge
        if judge is None:
            judge = _judge(entry)
        yield from judge(change, {"judge_existing": judge_existing})

    def ports(
        change: Change,
        *,
        judge_existing: bool = False,
        allowed_ports: tuple[int, ...] = (),
        more_ports: tuple[int, ...] = (),
    ) -> Iterator[Finding]:
        nonlocal judge
        if judge is None:
            judge = _judge(entry)
        settings = {"judge_existing": judge_existing, "allowed_ports": allowed_ports, "more_ports": more_ports}
        yield from judge(change, settings)

    function = ports if entry.get("settings") == "ports" else exposed
    said = "\n`allowed_ports` are not judged, `more_ports` are judged too." if function is ports else ""
    function.__doc__ = f"{entry['title']}\n\n{entry['why']}\n{_SINCE}{said}\n"
    return policy(
        "exposure/" + entry["id"],
        types=types,
        severity=entry["severity"],
        remediation=entry["remediation"],
        references=entry.get("references", ()),
        aliases=entry.get("aliases", ()),
        rows=lambda: rows_of(entry, types),
        on_unknown="warn" if entry["by"] in _HIDDEN else None,
        on_unknown_reason=_HIDDEN.get(entry["by"], ""),
    )(function)


def rows_of(entry: Row, types: tuple[str, ...]) -> list[Row]:
    """The rows of one policy; of one without rows in the table, what its entry asks."""
    found = [row for type_ in types for row in TABLE.rows(type_) if row["policy"] == entry["id"]]
    return found or [{"type": type_, "policy": entry["id"], **entry.get("asks", {})} for type_ in types]


def _judge(entry: Row) -> Callable[[Change, dict[str, Any]], Iterable[Finding]]:
    from importlib import import_module
    from itertools import chain

    from .since import told

    faults: Callable[[Change, str, Row, dict[str, Any]], Iterator[Fault]]
    faults = import_module(f"{__package__}.{entry['by']}").faults

    def judge(change: Change, settings: dict[str, Any]) -> Iterable[Finding]:
        found = faults(change, "after", entry, settings)
        for first in found:  # of most there is none
            return told(change, entry, settings, faults, chain((first,), found))
        return ()

    return judge
