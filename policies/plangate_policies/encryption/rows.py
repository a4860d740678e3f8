"""Judging a change by the rows of its type: what a row says is right, against what stands in the plan."""

from __future__ import annotations

from plangate import Block, Finding, Items, Undecided, UnknownValue, is_unknown
from plangate_policies.tables import any_holds, is_empty, like, truth

from .conditions import holds, values_of
from .spots import UNREAD, spots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

    Rows = Callable[[str], list[Row]]

_SAID = {"right": "right", "wrong": "missing", "depends": "depends"}
_MADE = ("create", "replace")
_TOLD = ("right", "wrong", "missing")
_COPY = "make an encrypted copy of a snapshot, restore from it, and switch over"


def judge_rows(change: Change, rows: Rows, entry: Row) -> Iterator[Finding]:
    """The findings of the rows of its resource type; what is unknown in one row does not hide another.

    `rows` gives those of any type that are about the same question.
    """
    unknown: UnknownValue | None = None
    for row in rows(change.type):
        try:
            yield from _judge(change, row, rows, entry)
        except UnknownValue as raised:
            unknown = unknown or raised
    if unknown is not None:
        raise unknown


def _judge(change: Change, row: Row, rows: Rows, entry: Row) -> Iterator[Finding]:
    unknown = None
    for path, value, there in spots(change.after, row["path"]):
        said = _said(change, row, path, value, there)
        if said == "right" or not _is_meant(change, row, said, path):
            continue
        if said == "unknown":
            unknown = value
            continue
        source = _source(change, row, said, path)
        if source is None:
            yield _finding(change, row, entry, path, value, said)
        else:
            yield from _taken_over(change, rows, source, path)
    if unknown is not None:
        _ask(unknown)


def _said(change: Change, row: Row, path: str, value: Any, there: bool) -> str:
    """ "right", "wrong", "missing", "depends", "unknown" or "unread"."""
    said = _verdict(row, value, there)
    if said != "absent":
        return said
    return next((_SAID[w["absent"]] for w in row.get("when", ()) if holds(change, w["if"], path)), _absent(row, there))


def _ask(value: Any) -> None:
    """Raises the UnknownValue of a value that is not known, or not known to the end."""
    if isinstance(value, Block | Items):
        value.plain()
    bool(value)


def _source(change: Change, row: Row, said: str, path: str) -> str | None:
    """The attribute from whose object a new one takes its answer over; None where it has none.

    What a `dynamic` may have written and nobody can see raises UnknownValue; it is no excuse of a value that is
    known and wrong.
    """
    for name in row.get("inherits", ()) if change.action in _MADE else ():
        for value in values_of(change, name, path):
            if not is_unknown(value):
                if not is_empty(value):
                    return str(name)
            elif value.state == "configured":
                return str(name)
            elif value.state == "uncertain" and said != "wrong":
                bool(value)
    return None


def _taken_over(change: Change, rows: Rows, source: str, path: str) -> Iterator[Finding]:
    """What is to be said where the answer is that of the object that an attribute names."""
    said = set() if source.startswith(".") else _said_of(change, rows, source)
    if said == {"right"}:
        return
    text = f"A new object takes this over from `{source.lstrip('.')}`, and "
    if said and said.issubset(_TOLD):
        yield Finding(f"{text}what that names is wrong too.", path, remediation="Mend the source first.")
    else:
        yield Undecided(f"{text}the plan does not show what that has.", path, severity="medium")


def _said_of(change: Change, rows: Rows, source: str) -> set[str]:
    """What the rows say of the objects of this plan that an attribute names; empty where it names none of them."""
    asked = len(change.plan.pending)
    found: set[str] = set()
    try:
        for other in change.referred(source) or change.referred(source, type=change.type):
            for row in rows(other.type) if other.mode == "managed" and not other.goes_away else ():
                for at, value, there in spots(other.after, row["path"]):
                    said = _said(other, row, at, value, there)
                    open_ = said != "right" and (not _is_meant(other, row, said, at) or _source(other, row, said, at))
                    found.add("depends" if open_ else said)
    except UnknownValue:
        found.add("unknown")
    del change.plan.pending[asked:]  # asked of others: it is said here that it is not known
    return found


def _finding(change: Change, row: Row, entry: Row, path: str, value: Any, said: str) -> Finding:
    if said == "unread":
        return Undecided(f"`{path}` is a text in YAML, and what it says here is in a form that is not read.", path)
    if said == "depends":
        return Undecided(f"`{path}` is not set: {row['depends']}.", path, severity="medium")
    remedy: str = row["remediation"] if "remediation" in row else entry["remediation"]
    if row.get("replaces") and change.action != "create":
        how = entry.get("migrate", _COPY)
        remedy += f" On an object that exists, changing this replaces it with its data: {how}."
    text = f"{row.get('says', entry['title'])} {_because(said, row, path, value)}"
    return Finding(text, path, remediation=remedy, severity=row.get("severity"))


def _is_meant(change: Change, row: Row, said: str, path: str) -> bool:
    """Whether the row is about this change at all, and nothing excuses it. Raises UnknownValue."""
    excuses = [x for x in row.get("unless", ()) if not x.get("absent") or said != "wrong"]
    needs = row.get("only_if", ())
    if not (needs or excuses):
        return True
    against = [*((need, False) for need in needs), *((excuse, True) for excuse in excuses)]
    return not any_holds(change.plan, lambda one: holds(change, one[0], path) is one[1], against)


def _absent(row: Row, there: bool) -> str:
    """What the row says of a value that nobody wrote: "right", "depends", or "missing", which is wrong."""
    said = row["without_block" if not there and "without_block" in row else "when_absent"]
    return _SAID[said]


def _verdict(row: Row, value: Any, there: bool) -> str:
    """ "right", "wrong", "absent", "unknown" or "unread"."""
    op, values = row["op"], row.get("values", ())
    if op == "joined":
        return "absent"
    if value is UNREAD:
        return "unread"
    if is_unknown(value):
        if value.state == "left_out":
            return "absent"
        return "right" if op in _IS_SET and there and value.state == "configured" else "unknown"
    if is_empty(value):
        return "absent"
    if isinstance(value, Block | Items) and not value.known:
        known = _known(value)
        if op == "contains" and _OPERATIONS[op](known, values):
            return "right"
        return "wrong" if op in ("excludes", "subset") and not _OPERATIONS[op](known, values) else "unknown"
    return "right" if _OPERATIONS[op](value, values) else "wrong"


def _known(value: Any) -> list[Any]:
    return [v for v in value if not is_unknown(v)] if isinstance(value, Items) else []


def _texts(value: Any) -> list[Any]:
    """The elements of a list or set; a single value is a list of one."""
    return list(value) if isinstance(value, Items | list) else [value]


def _customer_key(value: Any, values: Any) -> bool:
    """Not a key of the cloud: `alias/aws/...` as a name or at the end of an ARN, or a word of the row."""
    return not (isinstance(value, str) and ("alias/aws/" in value or value in values))


def _number(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def _at_least(value: Any, values: Any) -> bool:
    number = _number(value)
    return number is not None and number >= values[0]


def _seconds_within(value: Any, values: Any) -> bool:
    """A duration such as `7776000s` from the first to the last of the values, in seconds."""
    number = _number(value[:-1]) if isinstance(value, str) and value.endswith("s") else None
    return number is not None and values[0] <= number <= values[-1]


_IS_SET = ("set", "customer_key")
_OPERATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "true": lambda value, _: truth(value) is True,
    "false": lambda value, _: truth(value) is False,
    "set": lambda value, values: not like(value, values),
    "customer_key": _customer_key,
    "one_of": like,
    "none_of": lambda value, values: not like(value, values),
    "contains": lambda value, values: any(like(v, values) for v in _texts(value)),
    "excludes": lambda value, values: not any(like(v, values) for v in _texts(value)),
    "subset": lambda value, values: all(like(v, values) for v in _texts(value)),
    "at_least": _at_least,
    "seconds_within": _seconds_within,
}
_WRONG = {
    "true": "is not true",
    "false": "is not false",
    "customer_key": "is a key of the cloud's own",
    "one_of": "is none of the values that are right",
    "contains": "holds none of the values that are needed",
    "subset": "holds a value that is not right",
    "excludes": "holds a value that is wrong",
    "at_least": "is too low",
    "seconds_within": "is not within the time that is right",
}


def _because(said: str, row: Row, path: str, value: Any) -> str:
    if row["op"] == "joined":
        return f"Nothing that belongs to it says so, and {row.get('default', 'it is off then')}."
    place = _place(row, path)
    if said == "missing":
        return f"{place}{'' if ' has no ' in place else ' is not set'}, and {row.get('default', 'it is off then')}."
    if row["op"] in _WRONG:
        return f"{place} {_WRONG[row['op']]}."
    if like(value, [v for v in row.get("values", ()) if not v.endswith("*")]):
        return f"{place} is {value}."  # a word of our own table, so nothing secret
    return f"{place} is one of the values that are wrong."


def _place(row: Row, path: str) -> str:
    """Where it stands, with what the row calls it where the path does not say that."""
    whole = row["path"]
    if "{}." in whole:
        return f"`{whole.partition('{}.')[2]}` in `{path}`"
    if "=" not in whole:
        return f"`{path}`"
    name = whole.partition("=")[2].rpartition("].")[0]
    return f"`{path}` ({name})" if "[" in path else f"`{path}` has no {name}"
