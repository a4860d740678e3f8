"""Whether what is written comes to nothing: a literal null, "" or [], or variables whose value is that.

Terraform knows such an expression when it plans. What is unknown all the same was chosen by the provider, as if
nobody had written anything: a module that hands `kms_key_id = var.key` through says nothing where nobody gives a key.
"""

from __future__ import annotations

from .addresses import split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .model import Plan

MAX_HOPS = 40
_KNOWN = ("count", "path", "terraform")
_SOMETHING = True  # stands for any known value that is not empty


def is_nothing(plan: Plan, module: str, expression: Any, hops: int = MAX_HOPS) -> bool:
    """Whether an expression in a module instance is known to be empty; False also where that cannot be told."""
    if type(expression) is not dict:
        return False
    found = _value(plan, module, expression, hops)
    return found is not None and _is_empty(found[0])


def _is_empty(value: Any) -> bool:
    return value is None or (type(value) in (str, list, dict) and not value)


def _value(plan: Plan, module: str, expression: dict[str, Any], hops: int) -> tuple[Any] | None:
    """What an expression of constants and variables comes to, None where the plan does not tell.

    Of several variables it is not written what is done with them: nothing, if one of them is.
    """
    if "constant_value" in expression:
        return (expression["constant_value"],)
    references = expression.get("references")
    names = [r for r in references if type(r) is str] if type(references) is list else []
    names = [n for n in dict.fromkeys(names) if not any(m.startswith((n + ".", n + "[")) for m in names)]
    values = []
    for name in names if hops > 0 else ():
        found = _named(plan, module, split(name), hops - 1)
        if found is None:
            return None
        values.append(found[0])
    if not values:
        return None  # `timestamp()` refers to nothing
    if len(values) == 1:
        return (values[0],)
    return (None if any(_is_empty(v) for v in values) else _SOMETHING,)


def _named(plan: Plan, module: str, words: list[Any], hops: int) -> tuple[Any] | None:
    if not words or words[0][0] in _KNOWN or (words[0][0] == "each" and len(words) > 1 and words[1][0] == "key"):
        return (_SOMETHING,) if words else None
    if words[0][0] != "var" or len(words) < 2:
        return None
    found = _variable(plan, module, words[1][0], hops)
    if found is None:
        return None
    value: Any = found[0]
    for at, (name, key) in enumerate(words[1:]):
        if at:
            value = value.get(name) if type(value) is dict else None
        if key is not None:
            inside = type(value) is list and type(key) is int and 0 <= key < len(value)
            value = value[key] if inside else value.get(key) if type(value) is dict else None
    return (value,)


def _variable(plan: Plan, module: str, name: str, hops: int) -> tuple[Any] | None:
    if not module:
        every = plan.sections.get("variables")
        root = every.get(name) if type(every) is dict else None
        return (root.get("value"),) if type(root) is dict else None
    call = plan.configuration.call(module)
    if call is None:
        return None
    caller, _, written, _ = call
    expressions = written.get("expressions")
    given = expressions.get(name) if type(expressions) is dict else None
    if type(given) is dict:
        return _value(plan, caller, given, hops)
    declared = (plan.configuration.module(module) or {}).get("variables")
    variable = declared.get(name) if type(declared) is dict else None
    return (variable["default"],) if type(variable) is dict and "default" in variable else None
