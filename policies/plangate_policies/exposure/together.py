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

    Pieces = dict[Any, list[tuple[Rule, Change]]]

_OF_A_GROUP = ("aws_security_group", ("security_group_id",))
# Types of which one resource is one rule: what they are in, and the attributes that name it.
_SINGLE = {
    "aws_security_group_rule": _OF_A_GROUP,
    "aws_vpc_security_group_ingress_rule": _OF_A_GROUP,
    "aws_vpc_security_group_egress_rule": _OF_A_GROUP,
}
_MOST = 100  # pieces of one group that are laid together


def is_large(source: Any) -> bool:
    """Whether it is a range with a prefix of /1 to /9: of smaller ones it takes hundreds, and a group holds fewer."""
    return type(source) is str and source[-2:-1] == "/" and source[-1:] != "0"


def joined(change: Change, side: str, own: list[Rule], reader: Reader) -> list[Rule]:
    """One more rule for what no rule opens alone and all of them do."""
    pieces = [rule for rule in own if _is_piece(rule)]
    if not pieces:
        return []
    others = [] if change.type not in _SINGLE else _others(change, side, reader)
    return _laid_together([*pieces, *others][:_MOST], pieces[0].path, pieces)


def _is_piece(rule: Rule) -> bool:
    if is_unknown(rule.allow) or not rule.allow or is_unknown(rule.transport) or is_unknown(rule.ports):
        return False
    return any(is_large(source) for source in rule.sources) and not open_families(rule.sources)


def _laid_together(pieces: list[Rule], path: str, own: list[Rule]) -> list[Rule]:
    """By transport and family the ports at which the pieces, one of the own among them, are everybody."""
    ranges = [(rule, low, high) for rule in pieces for low, high in rule.ports]
    made: dict[tuple[Any, str], tuple[list[tuple[float, float]], list[Any]]] = {}
    for transport in {rule.transport: None for rule in pieces}:
        same = [one for one in ranges if one[0].transport in (transport, "all")]
        starts = sorted({low for _, low, _ in same} | {high + 1 for _, _, high in same})
        for low, after in pairwise(starts):
            here = [rule for rule, first, last in same if first <= low <= last]
            if len(here) < 2 or not any(rule in own for rule in here):
                continue
            for family in sorted(open_families(source for rule in here for source in rule.sources)):
                ports, orders = made.setdefault((transport, family), ([], []))
                ports.append((low, after - 1))
                orders += [rule.order for rule in here]
    return [_rule(path, *key, *found) for key, found in made.items()]


def _rule(path: str, transport: Any, family: str, ports: list[tuple[float, float]], orders: list[Any]) -> Rule:
    known = [order for order in orders if type(order) in (int, float)]
    rule = Rule(path, transport, ports, ["0.0.0.0/0" if family == IPV4 else "::/0"], order=max(known, default=None))
    rule.said = ", by several rules together"
    return rule


def _others(change: Change, side: str, reader: Reader) -> list[Rule]:
    """The pieces of the same group that stand in other resources. One that the plan touches makes a finding new."""
    found: list[Rule] = []
    for asked in ("before", "after"):
        for rule, one in _pieces(change, asked, reader).get(_group(change, asked), ()):
            if one is not change:
                change.plan.read.append(one)
                found += [rule] if asked == side else []
    return found


def _group(change: Change, side: str) -> Any:
    return list_of(change, side, *_SINGLE[change.type])


def _pieces(change: Change, side: str, reader: Reader) -> Pieces:
    plan = change.plan
    key = "exposure/together", change.type, side, reader
    made: Pieces | None = plan.memo.get(key)
    if made is None:
        made = plan.memo[key] = {}
        for one in plan.of_type(change.type):
            asked = len(plan.pending)
            try:
                pieces = [rule for rule in reader(body_of(one, side)) if _is_piece(rule)]
            except UnknownValue:
                del plan.pending[asked:]
                continue
            for rule in pieces:
                made.setdefault(_group(one, side), []).append((rule, one))
        made.pop(None, None)
    return made
