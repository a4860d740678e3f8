"""Rules that let everybody in only together: a large part of the world in each, at the same port.

Of one rule with several ranges the rule itself tells; here the pieces stand in blocks, or in resources, of their own.
"""

from __future__ import annotations

from itertools import pairwise

from plangate import UnknownValue, is_unknown

from .cidr import IPV4, open_families
from .ranked_rules import list_of
from .rules import Rule
from .since import body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Change

    from .rules import Reader

    Pieces = list[tuple[Rule, Change]]
    Opening = tuple[Any, str, float, float, Pieces]  # transport, family, first and last port, what opens them

_OF_A_GROUP = ("aws_security_group", ("security_group_id",))
# Types of which one resource is one rule: what they are in, and the attributes that name it.
_SINGLE = {
    "aws_security_group_rule": _OF_A_GROUP,
    "aws_vpc_security_group_ingress_rule": _OF_A_GROUP,
    "aws_vpc_security_group_egress_rule": _OF_A_GROUP,
}
# Pieces of one group that are laid together, the largest first. AWS allows 60 rules in a group unless asked for more:
# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
_MOST = 300


def is_large(source: Any) -> bool:
    """Whether it is a range with a prefix of /1 to /9: of smaller ones it takes hundreds, and a group holds fewer."""
    return type(source) is str and source[-2:-1] == "/" and source[-1:] != "0"


def joined(change: Change, side: str, own: list[Rule], reader: Reader) -> list[Rule]:
    """More rules, one for each transport and family, for what no rule opens alone and all of them do."""
    if change.type in _SINGLE:
        openings = _of_the_group(change, side, reader)
        for other in ("before", "after"):  # one that the plan touches makes a finding new
            group = _groups(change, other, reader).get(_group(change, other), ())
            change.plan.read += [one for _, one in group if one is not change] if openings else []
    else:
        openings = _laid_together([(rule, change) for rule in own if _is_piece(rule)])
    made: dict[tuple[Any, str], Rule] = {}
    for transport, family, low, high, pieces in openings:
        mine = [rule for rule, one in pieces if one is change]
        if mine:
            source = "0.0.0.0/0" if family == IPV4 else "::/0"
            rule = made.setdefault((transport, family), Rule(mine[0].path, transport, [], [source]))
            rule.ports.append((low, high))
            orders = [one.order for one, _ in pieces if type(one.order) in (int, float)]
            rule.order = max([*orders, rule.order or 0]) if orders else None
            rule.said = ", by several rules together"
    return list(made.values())


def _is_piece(rule: Rule) -> bool:
    if is_unknown(rule.allow) or not rule.allow or is_unknown(rule.transport) or is_unknown(rule.ports):
        return False
    return any(is_large(source) for source in rule.sources) and not open_families(rule.sources)


def _laid_together(pieces: Pieces) -> list[Opening]:
    """The ports at which pieces are everybody."""
    found: list[Opening] = []
    pieces = sorted(pieces, key=lambda piece: min(source[-1] for source in piece[0].sources if is_large(source)))[
        :_MOST
    ]
    for transport in {rule.transport: None for rule, _ in pieces}:
        same = [
            (low, high, rule, one)
            for rule, one in pieces
            if rule.transport in (transport, "all")
            for low, high in rule.ports
        ]
        for low, after in pairwise(sorted({low for low, *_ in same} | {high + 1 for _, high, *_ in same})):
            here = [(rule, one) for first, last, rule, one in same if first <= low <= last]
            if len(here) > 1:
                families = open_families({source for rule, _ in here for source in rule.sources if is_large(source)})
                found += [(transport, family, low, after - 1, here) for family in sorted(families)]
    return found


def _of_the_group(change: Change, side: str, reader: Reader) -> list[Opening]:
    """What the rules of the group, each in a resource of its own, open together; found once for all of them."""
    group = _group(change, side)
    key = "exposure/together", change.type, side, reader, group
    found: list[Opening] | None = change.plan.memo.get(key)
    if found is None:
        found = change.plan.memo[key] = _laid_together(_groups(change, side, reader).get(group, []))
    return found


def _group(change: Change, side: str) -> Any:
    return list_of(change, side, *_SINGLE[change.type])


def _groups(change: Change, side: str, reader: Reader) -> dict[Any, Pieces]:
    plan = change.plan
    key = "exposure/together", change.type, side, reader
    made: dict[Any, Pieces] | None = plan.memo.get(key)
    if made is None:
        made = plan.memo[key] = {}
        for one in plan.of_type(change.type):
            asked = len(plan.pending)
            try:
                for rule in reader(body_of(one, side)):
                    if _is_piece(rule):
                        made.setdefault(_group(one, side), []).append((rule, one))
            except UnknownValue:
                pass  # a rule that cannot be told is no piece, and is judged by itself
            del plan.pending[asked:]
        made.pop(None, None)
    return made
