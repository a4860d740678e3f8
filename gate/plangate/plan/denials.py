"""What the `Deny` statements of a policy document leave of one that allows everybody something.

"Everybody may read, and it is denied to all but my organisation" lets nobody else in: an explicit denial always wins
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
"""

from __future__ import annotations

from .conditions import keeps_out
from .values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .documents import Statement

_MOST = 200  # actions and resources of all denials: a document of AWS has 20 kB


def denied(statement: Statement, others: list[Statement]) -> Any:
    """Whether denials together leave of what a statement allows everybody nothing, or nothing but to somebody.

    True, False, or the Unknown that decides: where a resource of both may come from the same thing, which of its
    names it will be only the apply can tell.
    """
    if sum(_length(one.actions) + _length(one.resources) for one in others) > _MOST:
        return False  # longer than any service takes
    found = [one for one in others if _for_all_but_somebody(one) and _holds_actions(one, statement)]
    if not found or type(statement.resources) is Unknown or _listed(statement.not_resources):
        return any(_holds(one.resources, "*") is True for one in found)
    doubt: Any = None
    for resource in statement.resources or ("*",):
        answers = [True if not _listed(one.resources) else _holds(one.resources, resource) for one in found]
        if any(answer is True for answer in answers):
            continue
        doubt = next((answer for answer in answers if answer is not False), None)
        if doubt is None:
            return False
    return True if doubt is None else doubt


def _length(words: Any) -> int:
    return 0 if type(words) is Unknown else len(words)


def _listed(words: Any) -> bool:
    return type(words) is Unknown or bool(words)


def _for_all_but_somebody(denial: Statement) -> bool:
    """Whether a denial holds for everybody, or for all but those that it names in some way."""
    if type(denial.effect) is Unknown or denial.effect != "Deny" or _listed(denial.not_resources):
        return False
    conditions = denial.conditions
    if type(conditions) is Unknown or not all(keeps_out(one) for one in conditions):
        return False
    if type(denial.principals) is Unknown or type(denial.not_principals) is Unknown:
        return False
    if denial.not_principals:
        return all(one._everyone() is False for one in denial.not_principals)
    return any(one.type in ("*", "AWS") and type(one.id) is str and one.id == "*" for one in denial.principals)


def _holds_actions(denial: Statement, statement: Statement) -> bool:
    actions, wanted = denial.actions, statement.actions
    if type(actions) is Unknown or type(wanted) is Unknown or _listed(denial.not_actions):
        return False
    if _listed(statement.not_actions):
        wanted = ["*"]
    known = [word.lower() for word in actions if type(word) is str]
    return bool(wanted) and all(type(w) is str and any(fits(a, w.lower()) for a in known) for w in wanted)


def _holds(words: Any, wanted: Any) -> Any:
    if type(words) is Unknown:
        return False
    if type(wanted) is Unknown:
        if "*" in [word for word in words if type(word) is str]:
            return True
        return next((w for w in words if type(w) is Unknown and _may_be(w.origin, wanted.origin)), False)
    return any(fits(word, wanted) for word in words if type(word) is str)


def _may_be(one: str | None, other: str | None) -> bool:
    """Whether two unknown values may be the same, by what they come from; of several blocks nobody can tell."""
    return one is None or other is None or one == other


def fits(pattern: str, text: str) -> bool:
    """Whether a pattern with `*` stands for a text, or for all that another pattern stands for."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    at, end = len(first), len(text) - len(rest[-1])
    if at > end or not (text.startswith(first) and text.endswith(rest[-1])):
        return False
    for part in rest[:-1]:
        at = text.find(part, at, end) + len(part)
        if at < len(part):
            return False
    return True
