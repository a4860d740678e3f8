"""Changes after which nobody, or not the pipeline itself, gets in any more."""

from __future__ import annotations

from plangate import Finding, Items, Undecided, Unknown, UnknownValue, is_unknown, policy
from plangate_policies.tables import Table

from .whoami import own_identities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change

_TABLE = Table("destructive/lockout.jsonl")


@policy(
    "destructive/own-access-removed",
    types=_TABLE.types("own-access-removed"),
    judges="change",
    actions=("delete", "replace", "update"),
    severity="critical",
    remediation="Give the new access first, in a change of its own; take the old one away when the pipeline uses it"
    " no longer.",
    references=("https://registry.terraform.io/providers/hashicorp/aws/latest/docs#assume-role",),
    rows=lambda: [row for row in _TABLE.all() if row["policy"] == "own-access-removed"],
)
def own_access_removed(change: Change) -> Iterator[Finding]:
    """A change takes away the access under which this plan is applied.

    The role, user, service account or managed identity that the providers take on (`assume_role`,
    `impersonate_service_account`, and what data sources such as `aws_caller_identity` tell), or a grant to it: the
    apply may stop half-way, and the next one cannot log in. A member taken out of a list is found as well, and, as
    `high`, a principal taken out of the trust of that role. Where the plan tells nothing of who runs it, nothing is
    found.
    """
    if change.action == "update":
        yield from _narrowed(change)
        return
    if not change.is_destructive or change.deposed is not None:
        return
    for row in _TABLE.rows(change.type):
        path = row["path"]
        value = change.before[path]
        names = list(value) if isinstance(value, Items) else [value]
        if any(_is_own(name, own_identities(change.plan)) for name in names):
            does = "replaced" if change.action == "replace" else "deleted"
            what = "What this plan runs as is" if row.get("identity") else "A grant to what this plan runs as is"
            yield Finding(f"{what} {does}: the pipeline locks itself out.", path)
            return


def _narrowed(change: Change) -> Iterator[Finding]:
    """Updates: of a list of members that are granted something, and of the trust in the role that the plan runs as."""
    for path in [row["path"] for row in _TABLE.rows(change.type)]:
        was = change.before[path]
        mine = [m for m in was if _is_own(m, own_identities(change.plan))] if isinstance(was, Items) else []
        if not mine or change.is_left_out(path):
            continue
        will = change.after[path]
        if is_unknown(will):
            bool(will)  # raises
        left = will if isinstance(will, Items) else ()
        if any(member not in left for member in mine):
            yield Finding("What this plan runs as loses a grant: the pipeline locks itself out.", path)
    if change.type == "aws_iam_role" and _is_own(change.before["arn"], own_identities(change.plan)):
        before, after = (change.document("assume_role_policy", before=side) for side in (True, False))
        lost = _trusted(before) - _trusted(after)
        if lost and not any(one.is_everyone() for statement in after or () for one in _principals(statement)):
            yield Finding(
                "The role that this plan runs as no longer trusts all that it trusted: where the pipeline is among what"
                " is taken away, it locks itself out.",
                "assume_role_policy",
                severity="high",
            )


def _trusted(document: Any) -> set[tuple[str, str]]:
    """Whom a document lets in, as (type, id). Raises UnknownValue where only the apply can tell."""
    found = [one for statement in document or () for one in _principals(statement)]
    return {(str(one.type), str(one.id)) for one in found}


def _principals(statement: Any) -> list[Any]:
    return list(statement.principals) if statement.allows else []


def _is_own(name: Any, own: set[str]) -> bool:
    """Whether a name is one of them: an ARN, an id, a member (`serviceAccount:...`), or the bare name of a role."""
    if not isinstance(name, str) or not name:
        return False
    bare = name.partition(":")[2] if name.startswith(("serviceAccount:", "user:")) else name
    return bare in own or any(arn.endswith(f"/{bare}") and ":role/" in arn for arn in own)


@policy(
    "destructive/key-policy-lock-out",
    types=_TABLE.types("key-policy-lock-out"),
    judges="change",
    actions=("create", "update", "replace"),
    severity="high",
    remediation="Keep the statement that lets the account (`arn:aws:iam::ACCOUNT:root`) do `kms:*`.",
    references=("https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",),
    rows=lambda: [row for row in _TABLE.all() if row["policy"] == "key-policy-lock-out"],
)
def key_policy_lock_out(change: Change) -> Iterator[Finding]:
    """A key policy no longer lets the account manage the key.

    Without a statement for the account itself (its root principal) only those whom the policy names can use or
    change the key; when they are gone, nobody can, and only AWS support helps. It is `high` where a change takes
    such a statement away, and `medium` for a new key. A key without a policy of its own has the default one.
    """
    path = _TABLE.rows(change.type)[0]["path"]
    new = change.action == "create"
    if change.is_left_out(path):
        return
    try:
        after = change.document(path)
        if after is None or _account_manages(after):
            return
        before = None if new else change.document(path, before=True)
        if before is not None and not _account_manages(before):
            return  # it was so before
    except UnknownValue:
        if not new:
            raise
        yield Undecided("Whether the account can manage the key is known only after the apply.", path, severity="low")
        return
    yield Finding(
        "The key policy has no statement for the account: whoever it names can lock everybody else out for good.",
        path,
        severity="medium" if before is None else "high",
    )


def _account_manages(document: Any) -> bool:
    """Whether a statement lets the root principal of an account, or everybody, change the policy of the key, and none
    denies it without a condition."""
    if any(_denies(statement) for statement in document.statements):
        return False
    unknown = None
    for statement in document:
        if isinstance(statement.effect, Unknown) or not statement.allows:
            continue
        actions = statement.actions
        if isinstance(actions, Unknown) or any(isinstance(action, Unknown) for action in actions):
            unknown = actions if isinstance(actions, Unknown) else next(a for a in actions if isinstance(a, Unknown))
            continue
        if not any(action.lower() in _MANAGES for action in actions):
            continue
        principals = statement.principals
        if isinstance(principals, Unknown):
            unknown = principals
            continue
        for principal in principals:
            if isinstance(principal.id, Unknown):
                # `arn:aws:iam::${data.aws_caller_identity...}:root` may be it; the name of a role is not.
                unknown = unknown if principal.names else principal.id
            elif _is_account(principal):
                return True
    if unknown is not None:
        bool(unknown)
    return False


_MANAGES = ("*", "kms:*", "kms:put*", "kms:putkeypolicy")


def _denies(statement: Any) -> bool:
    if isinstance(statement.effect, Unknown) or statement.effect != "Deny":
        return False
    if any(isinstance(part, Unknown) for part in (statement.conditions, statement.actions, statement.principals)):
        return False
    managing = any(not isinstance(a, Unknown) and a.lower() in _MANAGES for a in statement.actions)
    accounts = any(not isinstance(one.id, Unknown) and _is_account(one) for one in statement.principals)
    return managing and accounts and not statement.conditions


def _is_account(principal: Any) -> bool:
    text = principal.id
    return text == "*" or (
        principal.type == "AWS" and (text.endswith(":root") or (text.isdecimal() and len(text) == 12))
    )
