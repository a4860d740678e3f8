"""How strong a value of an attribute protects, and whether a change makes it weaker: one way for each kind of change.

`was` is a known value, `will` one that is known, too; ABSENT and None are "not written". What cannot be compared is
no weakening.
"""

from __future__ import annotations

from plangate import ABSENT, Items
from plangate_policies.tables import is_empty, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from plangate_policies.tables import Row

    Measure = Callable[[Any, Row], float | None]

_FOREVER = float("inf")
# As AWS names the keys that it makes and those that it owns; DSQL, QLDB and Redshift Serverless tell the second.
_OF_THE_SERVICE = ("alias/aws/", "AWS_OWNED_KMS_KEY")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}  # Go's and Google's durations
# ISO 8601 as Azure writes it, before and behind the T; a year and a month are no fixed time: taken as most are.
_DATE = {"Y": 365 * 86400, "M": 30 * 86400, "W": 7 * 86400, "D": 86400}
_TIME = {"H": 3600, "M": 60, "S": 1}


def number(value: Any, row: Row) -> float | None:
    """A number, or a duration in seconds; what the row says for "left out" and for "forever"; else None."""
    if value is None or value is ABSENT or value == "":
        if "absent" not in row:
            return None
        value = row["absent"]
        if value == "forever":
            return _FOREVER
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    found: float | None = float(value) if not isinstance(value, str) else _parsed(value)
    return _FOREVER if found in row.get("forever", ()) else found


def _parsed(text: str) -> float | None:
    if text[:1] == "P":
        return _iso_8601(text[1:])
    unit = _UNITS.get(text[-1:], 0)
    found = _decimal(text[:-1] if unit else text)
    return None if found is None else found * (unit or 1)


def _iso_8601(text: str) -> float | None:
    seconds, digits, units = None, "", _DATE
    for letter in text:
        if letter in "0123456789.":
            digits += letter
        elif letter == "T" and units is _DATE and not digits:
            units = _TIME
        else:
            found, unit = _decimal(digits), units.get(letter)
            if found is None or unit is None:
                return None
            seconds, digits = (seconds or 0.0) + found * unit, ""
    return None if digits else seconds


def _decimal(digits: str) -> float | None:
    whole, _, rest = digits.partition(".")
    if len(digits) > 18 or not (whole.isdecimal() and whole.isascii() and (not rest or rest.isdecimal())):
        return None
    return float(digits)


def _kept_on(value: Any, row: Row) -> float:  # noqa: ARG001 - all measures are asked alike
    return float(truth(value) is True)


def _kept_off(value: Any, row: Row) -> float:  # noqa: ARG001 - as above
    return float(truth(value) is not True)  # a default of false protects: only an explicit true does not


def _more_than_zero(value: Any, row: Row) -> float | None:
    found = number(value, row)
    if found is None:
        return 0.0
    return float(found != 0)


def _is_one_of(value: Any, row: Row) -> float:
    return float(isinstance(value, str | int) and any(value == v and type(value) is type(v) for v in row["values"]))


def _is_none_of(value: Any, row: Row) -> float:
    return 1.0 - _is_one_of(value, row)


def _is_set(value: Any, row: Row) -> float:  # noqa: ARG001 - as above
    return float(not is_empty(value))


_STRENGTH: dict[str, Measure] = {
    "true_to_false": _kept_on,
    "false_to_true": _kept_off,
    "to_zero": _more_than_zero,
    "from": _is_one_of,
    "to_value": _is_none_of,
    "emptied": _is_set,
    "decreased": number,
    "shrunk": number,
    "collapsed": number,
}


def is_strong(was: Any, row: Row) -> bool:
    """Whether a value had something to lose: only then does it matter what comes."""
    kind = row["change"]
    measure = _STRENGTH.get(kind)
    if measure is None:
        return not is_empty(was) and not (kind == "swapped" and _is_of_the_service(was, row))
    found = measure(was, row)
    return found is not None and found > 0


def _is_of_the_service(key: Any, row: Row) -> bool:
    """Whether a key is the service's, which nobody can delete, or the provider's word for none of one's own."""
    return isinstance(key, str) and (key == row.get("none") or any(word in key for word in _OF_THE_SERVICE))


def is_weaker(was: Any, will: Any, row: Row, keep_share: float) -> bool:
    """Whether a change from one value to the other is the weakening that the row watches for."""
    kind = row["change"]
    measure = _STRENGTH.get(kind)
    if measure is None:
        return _OTHER[kind](was, will, row)
    before, after = measure(was, row), measure(will, row)
    if before is None or after is None or after >= before:
        return False
    if kind == "collapsed":
        return after <= before * keep_share
    # Backups that are kept for no time at all are off: that is said by another row.
    return not (kind == "decreased" and row["policy"] == "backup-retention-reduced" and after == 0)


def best(values: list[Any], row: Row) -> Any:
    """The strongest of some values, where elements of a list cannot be told apart; ABSENT where there are none.

    Of what deletes after a time, the one that deletes first.
    """
    measure = _STRENGTH.get(row["change"])
    if measure is None or not values:
        return values[0] if values else ABSENT
    first = min if row.get("absent") == "forever" else max
    return first(values, key=lambda value: _or_less(measure(value, row)))


def _or_less(found: float | None) -> float:
    return -_FOREVER if found is None else found


# -- what is no measure ---------------------------------------------------------------------------------------


def _swapped(was: Any, will: Any, row: Row) -> bool:  # noqa: ARG001 - as above
    return isinstance(was, str) and was != will


def _elements_removed(was: Any, will: Any, row: Row) -> bool:  # noqa: ARG001 - as above
    if not isinstance(was, Items):
        return False
    left = {v for v in will if isinstance(v, str)} if isinstance(will, Items) else set()
    return any(isinstance(v, str) and v not in left for v in was)


def version(text: Any) -> tuple[str, tuple[int, ...]] | None:
    """What stands before the first digit, and the numbers: `POSTGRES_15` -> ("postgres_", (15,)); None for no text."""
    if not isinstance(text, str) or len(text) > 100:
        return None
    spaced = "".join(c if c in "0123456789" else " " for c in text)
    at = next((i for i, c in enumerate(spaced) if c != " "), len(text))
    return text[:at].lower(), tuple(int(word) for word in spaced.split())


def _version_down(was: Any, will: Any, row: Row) -> bool:
    before, after = version(was), version(will)
    if before is None or after is None or not before[1] or not after[1]:
        return False
    if before[0] != after[0]:
        return not any(before[0].startswith(name.lower()) for name in row.get("older", ()))
    shared = min(len(before[1]), len(after[1]))
    return after[1][:shared] < before[1][:shared]


def _major_up(was: Any, will: Any, row: Row) -> bool:
    before, after = version(was), version(will)
    if before is None or after is None or not before[1] or not after[1]:
        return False
    if before[0] != after[0]:
        return any(before[0].startswith(name.lower()) for name in row.get("older", ()))
    depth = min(row.get("depth", 1), len(before[1]), len(after[1]))
    return after[1][:depth] > before[1][:depth]


_OTHER: dict[str, Callable[[Any, Any, Row], bool]] = {
    "swapped": _swapped,
    "elements_removed": _elements_removed,
    "version_down": _version_down,
    "major_up": _major_up,
}
