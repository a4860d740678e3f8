"""Exposure that stands in an attribute, told by the rows of `attributes.jsonl`.

A row has `path`, and what is wrong there: `wrong`, values of which none may stand there (of a list: in it); `right`,
the values of which one must; `world`: true, address ranges that together let everybody in; `set`: true, anything at
all; `left`: true, nothing at all; `no_account`: types whose ARNs name no account, an ARN of one of them or one whose
account is open. `when_absent` says what it means when nothing is written: "right" (the default),
"wrong" or "depends"; `without_block` the same for a missing block. `only_if` and `unless` are lists of conditions, each
{"path", "values"} or {"path", "set": true or false}; of `unless` one may be about a parent of this plan, "of": {"path"
that refers to it, "type"}. `severity` is its own for this row, `absent_severity` for what is not written, `default`
says what is the case then. `when_unknown`: "right" where nothing that an apply makes can be wrong. `says` what is
found, where the title does not. `eased_by`: conditions under which it is only `medium`.
"""

from __future__ import annotations

from plangate import ABSENT, Items, UnknownValue, is_unknown
from plangate_policies.tables import any_holds, is_empty, truth, values_at

from .buckets import parent_of
from .catalogue import TABLE
from .cidr import open_families
from .since import Fault, body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

    Said = tuple[tuple[Any, ...], str] | None


def faults(change: Change, side: str, entry: Row, settings: dict[str, Any]) -> Iterator[Fault]:  # noqa: ARG001
    """What the rows of this type and policy find; what is unknown in one does not hide another."""
    unknown: UnknownValue | None = None
    for row in _rows(change.type, entry["id"]):
        try:
            yield from _row(change, side, row, entry)
        except UnknownValue as raised:
            unknown = unknown or raised
    if unknown is not None:
        raise unknown


_found: dict[tuple[str, str], list[Row]] = {}


def _rows(type: str, policy: str) -> list[Row]:
    rows = _found.get((type, policy))
    if rows is None:
        rows = _found[type, policy] = [row for row in TABLE.rows(type) if row["policy"] == policy]
    return rows


def _row(change: Change, side: str, row: Row, entry: Row) -> Iterator[Fault]:
    body = body_of(change, side)
    if "only_if" in row and not all(holds(body, condition) for condition in row["only_if"]):
        return
    for path, value, there in values_at(body, row["path"]):
        absent = row.get("when_absent", "right")
        if not there:
            absent = row.get("without_block", absent)
        asked = len(change.plan.pending)
        try:
            said = _said(value, row, absent)
            if said is None or _is_excused(change, side, row):
                continue
        except UnknownValue:
            if not _is_excused(change, side, row):
                raise
            del change.plan.pending[asked:]
            is_unknown(value)  # whatever it is, it does not matter
            continue
        keys, text = said
        severity = row.get("absent_severity") if keys == ("absent",) else None
        if any(holds(body, condition) for condition in row.get("eased_by", ())):
            severity = "medium"
        message = f"{row.get('says', entry['title'])} {text}"
        yield Fault({(row["path"], key) for key in keys}, message, path, severity or row.get("severity"))


def _is_excused(change: Change, side: str, row: Row) -> bool:
    """Whether one of `unless` holds. Raises UnknownValue where only the apply can tell."""

    def excuses(condition: Row) -> bool:
        of = condition.get("of")
        about = parent_of(change, of["path"], of["type"]) if of is not None else change
        body = body_of(about, side) if about is not None else ABSENT
        return body is not ABSENT and holds(body, condition)

    return any_holds(change.plan, excuses, row.get("unless", ()))


def _said(value: Any, row: Row, absent: str) -> Said:
    """(keys, why) of a fault, None when it is right. Raises UnknownValue."""
    unknown = is_unknown(value)
    if value.state == "left_out" if unknown else is_empty(value):
        if absent == "right" and not row.get("left"):
            return None
        default = "." if row.get("left") else f", and {row.get('default', 'it is open then')}."
        return ("absent",), f"`{row['path'].replace('[*]', '')}` is not set{default}"
    if unknown and row.get("when_unknown") == "right" and value.state == "configured":
        return None
    name = row["path"].replace("[*]", "")
    judge = next((made for op, made in _OPS.items() if op in row), _left)
    return judge(value, row, name)


def _set(value: Any, _: Row, name: str) -> Said:
    if is_unknown(value) and value.state == "configured":
        return ("set",), f"`{name}` is set."
    return None if truth(value) is False else (("set",), f"`{name}` is set.")


def _left(value: Any, row: Row, name: str) -> Said:  # noqa: ARG001 - as the others
    """Something stands there, unless a `dynamic` that has to be seen makes nothing."""
    if is_unknown(value) and value.state == "uncertain":
        bool(value)
    return None


def _wrong(value: Any, row: Row, name: str) -> Said:
    known = _elements(value)
    found = [word for word in row["wrong"] if any(_same(v, word) for v in known if not is_unknown(v))]
    if found:
        return tuple(found), f"`{name}` is {_shown(found[0])}."
    _ask(known)
    return None


def _right(value: Any, row: Row, name: str) -> Said:
    if any(_same(v, word) for v in _elements(value) for word in row["right"]):
        return None
    return ("wrong",), f"`{name}` is not {' or '.join(_shown(v) for v in row['right'][:3])}."


def _world(value: Any, _: Row, name: str) -> Said:
    known = _elements(value)
    families = open_families(v for v in known if not is_unknown(v))
    if families:
        return tuple(sorted(families)), f"`{name}` lets every {' and '.join(sorted(families))} address in."
    _ask(known)
    return None


def _no_account(value: Any, row: Row, name: str) -> Said:
    """An unknown ARN is told by the type that it comes from: of nearly every type it names the account."""
    if is_unknown(value):
        kinds = [word for word in (value.origin or "").split(".") if word.startswith("aws_")]
        if value.state != "configured" or not kinds:
            bool(value)
        open_ = any(kind in row["no_account"] for kind in kinds)
    else:
        parts = value.split(":", 5) if isinstance(value, str) else []
        open_ = len(parts) == 6 and (not parts[4] or "*" in parts[4] or "?" in parts[4])
    return (("account",), f"`{name}` names no account.") if open_ else None


def _ask(values: list[Any]) -> None:
    """Raises UnknownValue when one of them is not known."""
    for value in values:
        if is_unknown(value):
            bool(value)


_OPS: dict[str, Callable[[Any, Row, str], Said]] = {
    "set": _set,
    "world": _world,
    "wrong": _wrong,
    "right": _right,
    "no_account": _no_account,
}


def _elements(value: Any) -> list[Any]:
    """A list's elements, or the value alone; an Unknown is one that may be asked."""
    if is_unknown(value):
        return [value]
    if isinstance(value, Items):
        return list(value)
    # Some attributes hold a list as text, joined by commas (azurerm_cosmosdb_account.ip_range_filter before 4.0).
    return [part.strip() for part in value.split(",")] if isinstance(value, str) and "," in value else [value]


def _same(value: Any, word: Any) -> bool:
    """Whether a value is a word of the table: texts in any case, booleans also as text. Raises UnknownValue."""
    if isinstance(word, bool):
        return truth(value) is word
    if isinstance(value, str) and isinstance(word, str):
        return _like(value.lower(), word.lower())
    return bool(value == word)


def _like(text: str, word: str) -> bool:
    """A word may begin or end in `*`; `*` alone is itself."""
    if len(word) > 1 and word.startswith("*"):
        return text.endswith(word[1:])
    return text.startswith(word[:-1]) if len(word) > 1 and word.endswith("*") else text == word


def _shown(word: Any) -> str:
    return str(word).lower() if isinstance(word, bool) else str(word).lstrip("*:") or "*"


def holds(body: Any, condition: Row) -> bool:
    """Whether a condition of a row holds. Raises UnknownValue where only the apply can tell."""
    wanted = condition.get("set")
    found, doubt = False, None
    for _, value, _ in values_at(body, condition["path"]):
        if is_unknown(value):
            if value.state == "configured" and wanted is not None:
                found = True
            elif value.state != "left_out":
                doubt = value
            elif condition.get("left_out"):
                found = True
        elif wanted is not None:
            found = found or not is_empty(value)
        elif value is None or value is ABSENT:
            found = found or bool(condition.get("left_out"))
        else:
            found = found or any(_same(v, word) for v in _elements(value) for word in condition["values"])
    if not found and doubt is not None:
        bool(doubt)
    return found is not (wanted is False)
