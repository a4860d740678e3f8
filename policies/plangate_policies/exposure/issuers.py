"""Roles that the jobs of any customer of a CI system may assume: `issuers.json` has the issuers of OIDC tokens that all
customers share, and the claims that say whose job it is.

Such a claim limits a role where each of its values begins with somebody's name. In `StringLike` that name holds no
wildcard: `repo:acme*` is `repo:acme-of-somebody-else` too. A value that the apply makes counts as a name. With
`StringEquals` a wildcard is a letter that no token has, so that nobody gets in.
"""

from __future__ import annotations

from plangate import ABSENT, is_unknown
from plangate_policies.tables import load

from .since import Fault, body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

    Statement = Any  # what Change.document holds
    Condition = Any

_PATH, _PROVIDER = "assume_role_policy", "aws_iam_openid_connect_provider"
_ACTION = "sts:assumerolewithwebidentity"
_issuers: dict[str, Row] = {}


def faults(change: Change, side: str, entry: Row, settings: dict[str, Any]) -> Iterator[Fault]:  # noqa: ARG001
    """One fault for a trust policy that lets the jobs of any customer in; raises UnknownValue where that cannot be
    told."""
    document = change.document(_PATH, before=side == "before")
    if document is None:
        return
    open_: dict[str, Row] = {}
    doubt: Any = None
    for statement in document.statements:
        assumes = _assumes(statement)
        for issuer in _of(statement, change, side) if assumes is not False else ():
            limited = issuer if is_unknown(issuer) else _limited(statement, issuer)
            unknown = next((one for one in (assumes, limited) if is_unknown(one)), None)
            if unknown is not None and limited is not True:
                doubt = unknown if doubt is None else doubt
            elif limited is False:
                open_[issuer["issuer"]] = issuer
    if open_:
        url, issuer = next(iter(open_.items()))
        text = f"{entry['title']} No condition on `{url}:sub` names {issuer['whose']} of {issuer['named']}."
        yield Fault(open_, text, _PATH)
        return
    if doubt is not None:
        bool(doubt)
    for _ in document:  # what of it the plan does not have
        pass


def _assumes(statement: Statement) -> Any:
    """Whether it allows to assume a role with a token: True, False, or the Unknown that decides."""
    if is_unknown(statement.effect):
        return statement.effect
    if statement.effect != "Allow":
        return False
    if is_unknown(statement.not_actions) or statement.not_actions:
        return True
    if is_unknown(statement.actions):
        return statement.actions
    if any(_matches(word) for word in statement.actions if not is_unknown(word)):
        return True
    return next((word for word in statement.actions if is_unknown(word)), False)


def _matches(pattern: Any) -> bool:
    """Whether an action pattern means it: `*` stands for any letters, `?` for one."""
    ends = {0}  # how much of the action the pattern may be, as far as it is read
    for char in str(pattern).lower():
        if char == "*":
            ends = set(range(min(ends), len(_ACTION) + 1))
        else:
            ends = {at + 1 for at in ends if at < len(_ACTION) and char in ("?", _ACTION[at])}
        if not ends:
            return False
    return len(_ACTION) in ends


# -- issuers --------------------------------------------------------------------------------------------------


def _known() -> dict[str, Row]:
    if not _issuers:
        _issuers.update((one["issuer"], one) for one in load("exposure/issuers.json")["issuers"])
    return _issuers


def _of(statement: Statement, change: Change, side: str) -> list[Any]:
    """The shared issuers that a statement trusts; an Unknown for what may be one."""
    if is_unknown(statement.principals):
        return [*_named_by(statement)] or [statement.principals]
    found: list[Any] = []
    for principal in statement.principals:
        if is_unknown(principal.type) or principal.type != "Federated":
            continue
        if is_unknown(principal.id):
            found += _named_by(statement) or _made_here(principal.id, change, side)
        else:
            issuer = _known().get(str(principal.id).partition(":oidc-provider/")[2])
            found += [issuer] if issuer is not None else []
    return found


def _named_by(statement: Statement) -> list[Row]:
    """The issuers whose claims its conditions ask."""
    if is_unknown(statement.conditions):
        return []
    keys = [_split(c.key)[0] for c in statement.conditions if not is_unknown(c.key)]
    return [one for url, one in _known().items() if url in keys]


def _made_here(unknown: Any, change: Change, side: str) -> list[Any]:
    """The issuer of a provider of this plan that an unknown ARN is of; an Unknown where nothing tells whose it is.

    What the apply makes the URL of (that of a cluster) is no shared issuer: those have one that people write.
    """
    words = (unknown.origin or "").split(".")
    if words[0] != _PROVIDER:
        return [] if words[0].startswith("aws_") else [unknown]
    found: list[Any] = []
    name = words[1].partition("[")[0]
    here = [one for one in change.plan.of_type(_PROVIDER) if one.name == name]
    for provider in here:
        body = body_of(provider, side)
        url = body["url"] if body is not ABSENT and provider.module_address == change.module_address else unknown
        issuer = None if is_unknown(url) else _known().get(str(url).removeprefix("https://").rstrip("/"))
        found += [issuer] if issuer is not None else []
    return found if here else [unknown]


# -- conditions -----------------------------------------------------------------------------------------------


def _limited(statement: Statement, issuer: Row) -> Any:
    """Whether a condition says whose jobs may come: True, False, or the Unknown that decides."""
    if is_unknown(statement.conditions):
        return statement.conditions
    answers = [_limits(condition, issuer) for condition in statement.conditions]
    if any(answer is True for answer in answers):
        return True
    return next((answer for answer in answers if answer is not False), False)


def _limits(condition: Condition, issuer: Row) -> Any:
    for part in (condition.operator, condition.key):
        if is_unknown(part):
            return part
    url, claim = _split(condition.key)
    # Each of these claims is in every token: that an operator holds where a key is missing opens nothing.
    operator = str(condition.operator).lower().removesuffix("ifexists").rpartition(":")[2]
    if url != issuer["issuer"] or claim not in issuer["claims"]:
        return condition.narrows()
    if operator not in ("stringlike", "stringequals", "stringequalsignorecase"):
        return False
    if is_unknown(condition.values):
        return True
    like, names = operator == "stringlike", issuer["claims"][claim]
    values = list(condition.values)
    return bool(values) and all(is_unknown(value) or _names(str(value), names, like) for value in values)


def _split(key: Any) -> tuple[str, str]:
    """(issuer, claim) of a key. The provider plans the `url` of what it is to make with `https://`, and then drops it
    (registry.terraform.io, aws_iam_openid_connect_provider)."""
    url, _, claim = str(key).lower().rpartition(":")
    return url.removeprefix("https://"), claim


def _names(text: str, names: dict[str, str], like: bool) -> bool:
    """Whether a value fixes whose job it is."""
    if not like and _is_pattern(text):
        return True
    for beginning, end in names.items():
        if text.startswith(beginning):
            name = text[len(beginning) :]
            name = name.partition(end)[0] if end else name
            return bool(name) and not (like and _is_pattern(name))
    return False


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text
