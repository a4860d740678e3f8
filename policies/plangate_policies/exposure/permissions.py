"""Policies that allow everything. `asks` of an entry: {"both": whether on every resource as well, "service": the
prefix of the actions that a policy of such a resource can hold: `prefix:*` is everything, too}.

Allow with `NotAction` on every resource is every action but some. It is everything on everything, too, unless it leaves
out `iam:*`: whoever may change policies gives himself the rest
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html).
"""

from __future__ import annotations

from plangate import ABSENT, UnknownValue, is_unknown
from plangate_policies.tables import values_at

from .since import Fault, body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

    Document = Any  # what Change.document gives, and what it holds
    Statement = Any

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
            keys = _everything(change.document(path, before=side == "before"), entry["asks"])
        except UnknownValue as raised:
            unknown = unknown or raised
            continue
        if keys:
            more = "" if "all" in keys else " `NotAction` allows all but what it names."
            yield Fault(keys, entry["title"] + more, path)
            return
    if unknown is not None:
        raise unknown


def _everything(document: Document | None, asks: Row) -> set[str]:
    """What a statement of the document allows, "all" or "all but" some, which is in "all"; raises UnknownValue where
    that cannot be told."""
    if document is None:
        return set()
    keys: set[str] = set()
    unknown: UnknownValue | None = None
    for statement in document.statements:
        try:
            if statement.allows:
                keys |= _allows(statement, asks)
        except UnknownValue as raised:
            unknown = unknown or raised
    if keys:
        return keys
    if unknown is not None:
        raise unknown
    for _ in document:  # what of it the plan does not have
        pass
    return keys


# Three answers: True, False, or the Unknown that decides. It is asked only where nothing else decides.


def _allows(statement: Statement, asks: Row) -> set[str]:
    """As `_everything`, of one statement that allows."""
    service, everywhere = asks.get("service"), _holds(statement.resources, _EVERYTHING)
    every = _both(_holds(statement.actions, _EVERYTHING), everywhere if asks["both"] else True)
    of_service: Any = False
    if service is not None:
        for_others = _trusts(statement)
        of_service = _both(_holds(statement.actions, (f"{service}:*",)), for_others)
        but = _both(_all_but(statement.not_actions, f"{service}:"), for_others)
    else:
        but = _both(_all_but(statement.not_actions, "iam:" if asks["both"] else ""), everywhere)
    if every is True or of_service is True:
        return {"all", "all but"}
    if but is True:
        return {"all but"}
    for doubt in (every, of_service, but):
        bool(doubt)
    return set()


def _both(one: Any, other: Any) -> Any:
    if one is False or other is False:
        return False
    return other if one is True else one


def _all_but(words: Any, prefix: str) -> Any:
    """Whether `NotAction` is written, and leaves some actions with a prefix allowed."""
    if not is_unknown(words) and not words:
        return False
    left_out = _holds(words, tuple(prefix[:end] + "*" for end in range(len(prefix) + 1)))
    return left_out if is_unknown(left_out) else not left_out


def _trusts(statement: Statement) -> Any:
    """Whether a statement is for others than whole accounts, which then decide by their own policies: so the console
    writes it for the owner."""
    principals = statement.principals
    if is_unknown(principals) or not principals:
        return principals if is_unknown(principals) else True
    ids = [one.id for one in principals]
    if any(not is_unknown(one) and not _is_account(one) for one in ids):
        return True
    return next((one for one in ids if is_unknown(one)), False)


def _is_account(principal: Any) -> bool:
    return type(principal) is str and (principal.endswith(":root") or (principal.isdigit() and len(principal) == 12))


def _holds(words: Any, everything: tuple[str, ...]) -> Any:
    """Whether one of them is everything."""
    if is_unknown(words):
        return words
    known = [word for word in words if not is_unknown(word)]
    if any(type(word) is str and word.lower() in everything for word in known):  # the case of an action does not count
        return True
    return next((word for word in words if is_unknown(word)), False)
