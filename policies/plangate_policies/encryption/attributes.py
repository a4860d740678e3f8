"""Policies about attributes, one for each entry of `<provider>.policies.json`; what is right stands in the rows of
`<provider>.jsonl`, told by `rows.schema.json`: a new resource type is a new row.
"""

from __future__ import annotations

import os

from plangate import Policy, policy
from plangate_policies.tables import Table, like, load

from .classes import is_asked
from .rows import judge_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plangate import Change, Finding
    from plangate_policies.tables import Row

_POLICIES = ".policies.json"
_UNTOLD = """
A value that only the apply can tell is `unknown`. One that nobody wrote is what the service makes of it: each
row says which."""
_KEYS = """
Judged only with `require_cmk = true`: the service encrypts anyway, the question is whose key it is. `types` says which
types need one, `exempt_types` which do not (a name may end in `*`). With `data_classes`, only resources whose tag
`data_class_tag` has one of these values must have a key of their own."""


def policies() -> tuple[Policy, ...]:
    """One policy for each entry of the files, those of a provider in their order."""
    made = []
    here = os.path.dirname(os.path.abspath(__file__))
    for provider in sorted(name[: -len(_POLICIES)] for name in os.listdir(here) if name.endswith(_POLICIES)):
        table = Table(f"encryption/{provider}.jsonl")
        made += [_policy(entry, table) for entry in load(f"encryption/{provider}{_POLICIES}")["policies"]]
    return tuple(made)


def _policy(entry: Row, table: Table) -> Policy:
    name = entry["id"]
    mine: dict[str, list[Row]] = {}

    def rows(type: str) -> list[Row]:
        found = mine.get(type)
        if found is None:
            found = mine[type] = [row for row in table.rows(type) if row["policy"] == name]
        return found

    def attribute(change: Change) -> Iterator[Finding]:
        yield from judge_rows(change, rows, entry)

    def customer_key(
        change: Change,
        *,
        require_cmk: bool = False,
        types: tuple[str, ...] = ("*",),
        exempt_types: tuple[str, ...] = (),
        data_classes: tuple[str, ...] = (),
        data_class_tag: str = "DataClass",
    ) -> Iterator[Finding]:
        named = require_cmk and like(change.type, types) and not like(change.type, exempt_types)
        if named and is_asked(change, data_classes, data_class_tag):
            yield from judge_rows(change, rows, entry)

    def optional(change: Change, *, required: bool = False) -> Iterator[Finding]:
        if required:
            yield from judge_rows(change, rows, entry)

    cmk = entry["facet"] == "cmk"
    function = customer_key if cmk else optional if entry.get("opt_in") else attribute
    function.__doc__ = f"{entry['title']}\n\n{entry['why']}\n{_KEYS if cmk else ''}{_UNTOLD}\n"
    types = table.types(name)
    unknown = entry.get("on_unknown", {})
    return policy(
        "encryption/" + name,
        types=types,
        severity=entry["severity"],
        remediation=entry["remediation"],
        references=entry["references"],
        aliases=entry.get("aliases", ()),
        on_unknown=unknown.get("value"),
        on_unknown_reason=unknown.get("reason", ""),
        rows=lambda: [row for type_ in types for row in rows(type_)],
    )(function)
