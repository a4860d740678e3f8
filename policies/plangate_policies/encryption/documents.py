"""Resource policies as far as transport is concerned: does a document refuse requests without TLS?

A document is a JSON text, or the planned statements of the `aws_iam_policy_document` that a plan reads only during
the apply (the text is unknown then, its statements mostly are not).
"""

from __future__ import annotations

import json

from plangate import is_unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Change

_KEY = "aws:securetransport"


def refuses_cleartext(change: Change, path: str) -> bool:
    """Whether the policy document at a path denies requests without TLS; raises UnknownValue where none can tell."""
    value = change.after[path]
    if not is_unknown(value):
        return _document(value)
    for source in _sources(change, path):
        if any(_planned(statement) for statement in source.after["statement"] or ()):
            return True
    return bool(value)  # raises: only the apply can tell


def _document(text: Any) -> bool:
    try:
        document = json.loads(text) if isinstance(text, str) and text else None
    except ValueError:
        return False
    statements = document.get("Statement") if isinstance(document, dict) else None
    return any(_denies(s) for s in _list(statements) if isinstance(s, dict))


def _denies(statement: dict[str, Any]) -> bool:
    condition = statement.get("Condition")
    if statement.get("Effect") != "Deny" or not isinstance(condition, dict):
        return False
    for operator, keys in condition.items():
        if str(operator).lower() in ("bool", "boolifexists") and isinstance(keys, dict):
            for key, values in keys.items():
                if str(key).lower() == _KEY and all(str(v).lower() == "false" for v in _list(values)):
                    return True
    return False


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _sources(change: Change, path: str) -> list[Change]:
    """The data sources read during the apply from which the text comes."""
    names = change.references(path)
    return [
        data
        for data in change.plan.data
        if data.type == "aws_iam_policy_document"
        and data.module_address == change.module_address
        and f"data.{data.type}.{data.name}" in names
        and data.index in (None, change.index)
    ]


def _planned(statement: Any) -> bool:
    """As _denies, for a `statement` block; what is unknown in it does not help."""
    if is_unknown(statement) or not _says(statement["effect"], "deny"):
        return False
    conditions = statement["condition"]
    if is_unknown(conditions):
        return False
    return any(
        not is_unknown(c)
        and (_says(c["test"], "bool") or _says(c["test"], "boolifexists"))
        and _says(c["variable"], _KEY)
        and not is_unknown(c["values"])
        and c["values"].known
        and all(_says(v, "false") for v in c["values"])
        for c in conditions or ()
    )


def _says(value: Any, word: str) -> bool:
    return not is_unknown(value) and isinstance(value, str) and value.lower() == word
