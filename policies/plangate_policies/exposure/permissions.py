"""Policies that allow everything. `asks` of an entry: {"both": whether on every resource as well, "service": the
prefix of the actions that a policy of such a resource can hold: `prefix:*` is everything, too}."""

from __future__ import annotations

from plangate import ABSENT, UnknownValue, is_unknown
from plangate_policies.tables import values_at

from .since import Fault, body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate.plan.documents import Document, Statement
    from plangate_policies.tables import Row

_EVERYTHING = ("*", "*:*")
# Where the document stands that is not at `policy`.
_WHERE = {"aws_iam_role": "inline_policy[*].policy", "aws_ssoadmin_permission_set_inline_policy": "inline_policy"}


def faults(change: Change, side: str, entry: Row, settings: dict[str, Any]) -> Iterator[Fault]:  # noqa: ARG001
    """One fault for a document with such a statement; raises UnknownValue where that cannot be told."""
    where = _WHERE.get(change.type, "policy")
    unknown: UnknownValue | None = None
    for path, value, _ in values_at(body_of(change, side), where):
        if value is ABSENT or (is_unknown(value) and value.state == "left_out"):
            continue  # there is none then
        try:
            if _is_everything(change.document(path, before=side == "before"), entry["asks"]):
                yield Fault({"all"}, entry["title"], path)
                return
        except UnknownValue as raised:
            unknown = unknown or raised
    if unknown is not None:
        raise unknown


def _is_everything(document: Document | None, asks: Row) -> bool:
    """Whether a statement of the document allows everything; raises UnknownValue where that cannot be told."""
    if document is None:
        return False
    unknown: UnknownValue | None = None
    for statement in document.statements:
        try:
            if (
                statement.allows
                and _allows(statement, asks.get("service"))
                and (not asks["both"] or _holds(statement.resources, _EVERYTHING))
            ):
                return True
        except UnknownValue as raised:
            unknown = unknown or raised
    if unknown is not None:
        raise unknown
    for _ in document:  # what of it the plan does not have
        pass
    return False


def _allows(statement: Statement, service: str | None) -> bool:
    """Whether every action. All those of the service do not count where they are for whole accounts, which then
    decide by their own policies: so the console writes it for the owner."""
    if _holds(statement.actions, _EVERYTHING):
        return True
    if service is None or not _holds(statement.actions, (f"{service}:*",)):
        return False
    principals = statement.principals
    if is_unknown(principals):
        return not principals  # raises
    return not principals or not all(_is_account(one.id) for one in principals)


def _is_account(principal: Any) -> bool:
    if is_unknown(principal):
        return bool(principal)
    return type(principal) is str and (principal.endswith(":root") or (principal.isdigit() and len(principal) == 12))


def _holds(words: Any, everything: tuple[str, ...]) -> bool:
    """Whether one of them is everything. Raises UnknownValue where it may be one that is not known."""
    if is_unknown(words):
        return bool(words)
    doubt = None
    for word in words:
        if is_unknown(word):
            doubt = word if doubt is None else doubt
        elif type(word) is str and word.lower() in everything:  # the case of an action does not count
            return True
    return doubt is not None and bool(doubt)
