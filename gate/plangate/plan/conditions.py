"""Whether a condition of a policy document narrows a statement for everybody to somebody."""

from __future__ import annotations

import json
import os

from .documents import Condition
from .values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Operators that hold only for what they name; each may have "ForAnyValue:" in front.
_EQUAL = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike")
_LIKE = ("stringlike", "arnlike", "arnequals")  # in these `*` and `?` are wildcards
_SMALLEST = {4: 8, 6: 32}  # S3 calls wider ranges than these public
_keys: dict[str, str] = {}


def keys() -> dict[str, str]:
    """Key in lower case -> what its values must be (condition_keys.json)."""
    if not _keys:
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "condition_keys.json")
        with open(path, encoding="utf-8") as file:
            _keys.update(json.load(file)["keys"])
    return _keys


def narrows(condition: Condition) -> Any:
    """True or False, see Condition.narrows; the Unknown that decides where operator or key is one."""
    for part in (condition.operator, condition.key):
        if type(part) is Unknown:
            return part
    operator = str(condition.operator).lower().removeprefix("foranyvalue:")
    kind = keys().get(str(condition.key).lower())
    if kind is None:
        return False
    fits = {"address": operator == "ipaddress", "true": operator in ("bool", *_EQUAL)}.get(kind, operator in _EQUAL)
    if not fits:
        return False
    if type(condition.values) is Unknown:
        return True
    values = list(condition.values)
    like = operator in _LIKE
    return bool(values) and all(type(v) is Unknown or _names(v, kind, like) for v in values)


def keeps_out(condition: Condition) -> bool:
    """Whether a denial with this condition holds for all but somebody: what it does not hold for is narrowed.

    Negations, which hold where the key is missing as well, and `Bool` of what is false for everybody else.
    """
    if type(condition.operator) is Unknown or type(condition.key) is Unknown:
        return False
    operator = str(condition.operator).lower().removeprefix("forallvalues:").removesuffix("ifexists")
    if operator == "bool" and keys().get(str(condition.key).lower()) == "true":
        values = [] if type(condition.values) is Unknown else list(condition.values)
        return bool(values) and all(type(v) is not Unknown and str(v).lower() == "false" for v in values)
    positive = operator.replace("not", "", 1)
    if positive == operator or ":" in operator:
        return False
    return narrows(Condition(positive, condition.key, condition.values)) is True


def _names(value: Any, kind: str, like: bool) -> bool:
    text = str(value)
    if kind == "address":
        return _is_range(text)
    if kind == "true":
        return text.lower() == "true"
    if not text or text.strip("*?") == "":
        return False
    if not like:
        return True
    if kind == "prefix":
        return not text.startswith(("*", "?"))
    if kind == "arn":
        return _is_somebodys(text)
    return "*" not in text and "?" not in text


def _is_somebodys(arn: str) -> bool:
    """Whether an ARN pattern fixes the account, or in services whose ARNs have none the name."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or "*" in parts[2]:
        return False
    account, resource = parts[4], parts[5]
    if account == "":
        return "*" not in resource.partition("/")[0]
    return "*" not in account and "?" not in account


def _is_range(text: str) -> bool:
    import ipaddress

    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return (network.is_private and network.prefixlen > 6) or network.prefixlen >= _SMALLEST[network.version]
