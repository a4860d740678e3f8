"""Policies about one attribute each, made from the rows of `attributes.json`: a new resource type is a new row.

A row says what right is (`op`, `values`), what it means when nothing is written (`when_absent`: "wrong",
"right", or "depends" with the reason in `depends`; `without_block` the same for a missing block), when it is
judged at all (`only_if`), what excuses (`unless`: another attribute, or a companion resource that says it),
and what a new object takes its answer from (`inherits`).
"""

from __future__ import annotations

from plangate import Finding, Policy, Undecided, UnknownValue, is_unknown, policy
from plangate_policies.tables import fits, is_empty, like, load, truth, values_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

_MADE = ("create", "replace")
_UNTOLD = """
A value that only the apply can tell is `unknown`. One that nobody wrote is what the service makes of it: each
row says which."""
_REPLACES = (
    " On an object that exists, changing this replaces it with its data: make an encrypted copy of a snapshot,"
    " restore from it, and switch over."
)


def policies() -> tuple[Policy, ...]:
    """One policy for each entry of the table, in its order."""
    table = load("encryption/attributes.json")
    rows: dict[str, list[Row]] = {}
    for row in table["rows"]:
        rows.setdefault(row["policy"], []).append(row)
    return tuple(_policy(entry, rows[entry["id"]]) for entry in table["policies"])


def _policy(entry: Row, rows: list[Row]) -> Policy:
    by_type: dict[str, list[Row]] = {}
    for row in rows:
        by_type.setdefault(row["type"], []).append(row)

    def attribute(change: Change) -> Iterator[Finding]:
        yield from judge_rows(change, by_type.get(change.type, []), entry)

    def customer_key(
        change: Change, *, require_cmk: bool = False, exempt_types: tuple[str, ...] = ()
    ) -> Iterator[Finding]:
        if require_cmk and not like(change.type, exempt_types):
            yield from judge_rows(change, by_type.get(change.type, []), entry)

    function = customer_key if entry.get("setting") == "require_cmk" else attribute
    function.__doc__ = f"{entry['title']}\n\n{entry['why']}\n{_UNTOLD}\n"
    return policy(
        "encryption/" + entry["id"],
        types=tuple(by_type),
        severity=entry["severity"],
        remediation=entry["remediation"],
        references=tuple(entry["references"]),
        rows=lambda: rows,
    )(function)


def judge_rows(change: Change, rows: list[Row], entry: Row) -> Iterator[Finding]:
    """The findings of the rows of one resource type; what is unknown in one row does not hide another."""
    unknown: UnknownValue | None = None
    for row in rows:
        try:
            yield from _judge(change, row, entry)
        except UnknownValue as raised:
            unknown = unknown or raised
    if unknown is not None:
        raise unknown


def _judge(change: Change, row: Row, entry: Row) -> Iterator[Finding]:
    if "only_if" in row and not fits(change, row["only_if"]):
        return
    for path, value, there in values_at(change.after, row["path"]):
        absent: str = row["when_absent"]
        if not there:
            absent = row.get("without_block", absent)
        said = _verdict(change, row, path, value, absent)
        if said == "right" or any(_excused(change, excuse, said) for excuse in row.get("unless", ())):
            continue
        source = next((p for p in row.get("inherits", ()) if fits(change, {"path": p, "set": True})), None)
        if source is not None and change.action in _MADE:
            text = f"A new object takes this over from `{source}`, and the plan does not show what that has."
            yield Undecided(text, path, severity="medium")
        elif said == "depends":
            yield Undecided(f"`{path}` is not set: {row['depends']}", path, severity="medium")
        else:
            remedy = entry["remediation"] + (_REPLACES if row.get("replaces") else "")
            yield Finding(f"{entry['title']} {_because(said, row, path, value)}", path, remediation=remedy)


def _excused(change: Change, excuse: Row, said: str) -> bool:
    """Whether an excuse of a row holds; one marked `absent` excuses only what is not written."""
    if excuse.get("absent") and said == "wrong":
        return False
    if "companion" in excuse:
        return bool(change.companions(excuse["companion"], by=excuse["by"]))
    return fits(change, excuse)


def _verdict(change: Change, row: Row, path: str, value: Any, absent: str) -> str:
    """ "right", "depends", "absent" (and that is wrong) or "wrong". Raises UnknownValue."""
    op, values = row["op"], row.get("values", ())
    if is_unknown(value):
        if not change.is_left_out(path):
            if op == "set" and change.is_set(path):
                return "right"
            bool(value)  # raises: only the apply can tell
        return "absent" if absent == "wrong" else absent
    if is_empty(value):
        return "absent" if absent == "wrong" else absent
    if op in ("true", "false"):
        right = truth(value) is (op == "true")
    elif op == "one_of":
        right = like(value, values)
    else:  # "set" and "none_of": anything but the values
        right = not like(value, values)
    return "right" if right else "wrong"


def _because(said: str, row: Row, path: str, value: Any) -> str:
    if said == "absent":
        return f"`{path}` is not set, and {row.get('default', 'it is off then')}."
    if row["op"] in ("true", "false"):
        return f"`{path}` is not {row['op']}."
    if row["op"] == "one_of":
        return f"`{path}` is none of the values that are right."
    if like(value, [v for v in row.get("values", ()) if not v.endswith("*")]):
        return f"`{path}` is {value}."  # a word of our own table, so nothing secret
    return f"`{path}` is one of the values that are wrong."
