"""Rules with a rank that stand in resources of their own: the denials that come before one of them.

The rule with the lowest number that fits decides, in a network ACL of AWS
(https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html) and in a network security group of Azure
(https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview).
"""

from __future__ import annotations

from plangate import UnknownValue, is_unknown

from .other_rules import azure_rule
from .rules import aws_acl_rule, number
from .since import body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Change, Plan

    from .rules import Reader, Rule

    Denials = dict[Any, list[tuple[Rule, Change]]]

# By type: the reader, the type of the list that it is in, and the attributes that name the list, rank it, and decide.
KINDS: dict[str, tuple[Reader, str, tuple[str, ...], str, str]] = {
    "aws_network_acl_rule": (aws_acl_rule, "aws_network_acl", ("network_acl_id",), "rule_number", "rule_action"),
    "azurerm_network_security_rule": (
        azure_rule,
        "azurerm_network_security_group",
        ("network_security_group_name", "resource_group_name"),
        "priority",
        "access",
    ),
}
_MOST = 100  # denials that are looked at before one rule


def earlier(change: Change, side: str) -> list[Rule]:
    """The denials of its list that come before a rule. One that the plan touches makes a finding new."""
    found: list[Rule] = []
    rank = KINDS[change.type][3]
    for asked in ("before", "after"):
        denials = _denials(change.plan, change.type, asked)
        here = body_of(change, side)[rank] if denials else None
        order = None if is_unknown(here) else number(here)
        for rule, one in denials.get(_list(change, asked), ())[:_MOST] if order is not None else ():
            if rule.order < order:
                change.plan.read.append(one)
                found += [rule] if asked == side else []
    return found


def _denials(plan: Plan, type: str, side: str) -> Denials:
    """By list, in their order: the rules of the plan that deny and whose number is known."""
    key = "exposure/ranked_rules", type, side
    made: Denials | None = plan.memo.get(key)
    if made is None:
        made = plan.memo[key] = {}
        _, _, _, rank, decides = KINDS[type]
        for change in plan.of_type(type):
            body = change.body(0 if side == "before" else 1)
            if not isinstance(body, dict) or str(body.get(decides)).lower() != "deny":
                continue
            order = number(body.get(rank))
            rule = _rule(change, side) if order is not None else None
            if rule is not None:
                rule.order = order
                made.setdefault(_list(change, side), []).append((rule, change))
        made.pop(None, None)
        for denials in made.values():
            denials.sort(key=lambda one: float(one[0].order))
    return made


def _rule(change: Change, side: str) -> Rule | None:
    asked = len(change.plan.pending)
    try:
        return next(KINDS[change.type][0](body_of(change, side)), None)
    except UnknownValue:
        del change.plan.pending[asked:]
        return None


def _list(change: Change, side: str) -> Any:
    _, parent, by, _, _ = KINDS[change.type]
    return list_of(change, side, parent, by)


def list_of(change: Change, side: str, parent: str, by: tuple[str, ...]) -> Any:
    """What tells the list that a rule is in: its names, or its address; None where it cannot be told."""
    body = body_of(change, side)
    names = tuple(body[name] for name in by)
    if not any(is_unknown(name) for name in names):
        return names if isinstance(names[0], str) and names[0] else None
    plan = change.plan
    asked, read = len(plan.pending), len(plan.read)
    try:
        found = change.referred(by[0], type=parent)
    except UnknownValue:
        del plan.pending[asked:]
        found = []
    del plan.read[read:]  # the list itself is not judged here
    return found[0].address if len(found) == 1 else None
