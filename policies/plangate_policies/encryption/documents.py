"""Does a resource policy refuse requests without TLS?"""

from __future__ import annotations

from plangate import is_unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Change


def refuses_cleartext(change: Change, path: str) -> bool:
    """Whether the policy document at a path denies requests without TLS. Raises UnknownValue where none can tell."""
    document = change.document(path)
    return document is not None and any(_refuses(statement) for statement in document)


def _refuses(statement: Any) -> bool:
    """A Deny for everybody where `aws:SecureTransport` is false. What is unknown in it does not help."""
    if not _says(statement.effect, "deny") or is_unknown(statement.conditions) or is_unknown(statement.principals):
        return False
    if not any(_says(principal.id, "*") for principal in statement.principals):
        return False
    return any(
        (_says(condition.operator, "bool") or _says(condition.operator, "boolifexists"))
        and _says(condition.key, "aws:securetransport")
        and not is_unknown(condition.values)
        and bool(condition.values)
        and all(_says(value, "false") for value in condition.values)
        for condition in statement.conditions
    )


def _says(value: Any, word: str) -> bool:
    return not is_unknown(value) and str(value).lower() == word
