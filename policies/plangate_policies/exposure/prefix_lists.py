"""Address ranges that the rules of a security group take from managed prefix lists of the same plan."""

from __future__ import annotations

from plangate import ABSENT, UnknownValue, is_unknown
from plangate_policies.tables import values_at

from .rules import texts
from .since import body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Change

LIST, ENTRY = "aws_ec2_managed_prefix_list", "aws_ec2_managed_prefix_list_entry"
# Where a rule that lets in names its lists.
NAMES = {
    "aws_security_group": "ingress[*].prefix_list_ids",
    "aws_default_security_group": "ingress[*].prefix_list_ids",
    "aws_security_group_rule": "prefix_list_ids",
    "aws_vpc_security_group_ingress_rule": "prefix_list_id",
}


def held(change: Change, side: str) -> dict[str, list[Any]]:
    """What the lists hold that the rules of a resource name, by the path of the inline block, "" for the resource.

    A list that the plan touches makes a finding new. One that cannot be told is left out: it is judged by itself.
    """
    found: dict[str, list[Any]] = {}
    if not change.plan.of_type(LIST):
        return found
    for path, value, _ in values_at(body_of(change, side), NAMES[change.type]):
        ranges = [one for named in _named(change, path, texts(value)) for one in _ranges(named, side)]
        if ranges:
            found[path.rpartition(".")[0]] = ranges
    return found


def _named(change: Change, path: str, ids: list[Any]) -> list[Change]:
    plan = change.plan
    known = {one for one in ids if not is_unknown(one)}
    found = [one for one in plan.of_type(LIST) if known and _id(one) in known]
    plan.read += found
    if len(known) < len(ids):
        asked = len(plan.pending)
        try:
            found += [one for one in change.referred(path, type=LIST) if one not in found]
        except UnknownValue:
            del plan.pending[asked:]
    return found


def _id(change: Change) -> Any:
    body = change.body(0) or change.body(1)
    return body.get("id") if isinstance(body, dict) else None


def _ranges(named: Change, side: str) -> list[Any]:
    """The ranges of one list; read once, for all groups that name it."""
    plan, key = named.plan, ("exposure/prefix_lists", id(named), side)
    known: tuple[list[Any], list[Change]] | None = plan.memo.get(key)
    if known is None:
        looked = len(plan.read)
        found = _held(named, side)
        known = plan.memo[key] = found, plan.read[looked:]
    else:
        plan.read += known[1]
    return known[0]


def _held(named: Change, side: str) -> list[Any]:
    asked = len(named.plan.pending)
    entries = named.companions(ENTRY, by="prefix_list_id", leaving=True) if side == "before" else []
    try:
        entries += named.companions(ENTRY, by="prefix_list_id")
    except UnknownValue:
        del named.plan.pending[asked:]
    found: list[Any] = []
    for one, path in ((named, "entry[*].cidr"), *((entry, "cidr") for entry in entries)):
        body = body_of(one, side)
        if body is not ABSENT:
            found += [text for _, value, _ in values_at(body, path) for text in texts(value)]
    return found
