"""What of the values at the path of a row counts: those that are switched on, in one unit."""

from __future__ import annotations

from plangate import ABSENT, is_unknown
from plangate_policies.tables import is_empty, values_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

    Values = list[tuple[str, Any, bool]]


def sides(change: Change, row: Row) -> tuple[Values, Values]:
    """What counts before and after the apply, as `values_at` gives it."""
    was, will = values_at(change.before, row["path"]), values_at(change.after, row["path"])
    if "off" in row:
        return _switched_on(change, row["off"], was, will)
    if "or" in row and len(was) == len(will):
        was = _in_one_unit(change, row, was, will)
    return was, will


def _switched_on(change: Change, off: Row, was: Values, will: Values) -> tuple[Values, Values]:
    """A lifecycle rule that is disabled deletes nothing, whatever it says: that counts as left out. Of one that is
    disabled on both sides what it says is compared; it is a word away from being done. With more rules, or fewer,
    which one became which cannot be told."""
    were, are = (
        {path.partition(".")[0]: value for path, value, _ in values_at(body, off["path"])}
        for body in (change.before, change.after)
    )
    same = were if len(were) == len(are) else ()
    both = {name for name in same if name in are and _is_off(were[name], off) and _is_off(are[name], off)}
    return _on(was, were, both, off), _on(will, are, both, off)


def _on(found: Values, switches: dict[str, Any], both: set[str], off: Row) -> Values:
    counted: Values = []
    for path, value, there in found:
        block = path.partition(".")[0]
        on = value if block in both else _if_on(value, switches.get(block), off)
        counted.append((path, on, there))
    return counted


def _is_off(switch: Any, off: Row) -> bool:
    return not is_unknown(switch) and switch in off["values"]


def _if_on(value: Any, switch: Any, off: Row) -> Any:
    if is_unknown(switch):
        return value if is_unknown(value) or is_empty(value) else switch
    return ABSENT if _is_off(switch, off) else value


def _in_one_unit(change: Change, row: Row, was: Values, will: Values) -> Values:
    """What was, in the unit in which it will be; what will stand in the other unit is the other unit's row to judge."""
    was_other, will_other = values_at(change.before, row["or"]), values_at(change.after, row["or"])
    others = zip(was_other, will_other, strict=True)
    return [
        (path, _in_the_other(before, otherwise, after, instead, row["times"]), there)
        for (path, before, there), (_, after, _), ((_, otherwise, _), (_, instead, _)) in zip(
            was, will, others, strict=True
        )
    ]


def _in_the_other(before: Any, otherwise: Any, after: Any, instead: Any, times: float) -> Any:
    if _says_nothing(after):
        return before if _says_nothing(instead) else ABSENT
    if _says_nothing(before) and type(otherwise) in (int, float):
        return round(otherwise * times, 6)  # 730 days are 2 years
    return before


def _says_nothing(value: Any) -> bool:
    """Also 0: hashicorp/aws 5.100 plans that for the unit which is not written."""
    return not is_unknown(value) and (is_empty(value) or value == 0)
