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
MANY = 40  # references of one expression that are looked at; nobody writes more for one value
_KNOWN = ("count", "path", "terraform")
_SOMETHING = True  # stands for any known value that is not empty


def is_nothing(plan: Plan, module: str, expression: Any) -> bool:
    """Whether an expression in a module instance is known to be empty; False also where that cannot be told."""
    if type(expression) is not dict:
        return False
    found = _Walk(plan).value(module, expression, MAX_HOPS)
    return found is not None and _is_empty(found[0])


def _is_empty(value: Any) -> bool:
    return value is None or (type(value) in (str, list, dict) and not value)


class _Walk:
    """Upwards through the callers. Every variable is looked at once, however often it is mentioned."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.seen: dict[tuple[str, str], tuple[Any] | None] = {}

    def value(self, module: str, expression: dict[str, Any], hops: int) -> tuple[Any] | None:
        """What an expression of constants and variables comes to, None where the plan does not tell.

        Of several variables it is not written what is done with them: nothing, if one of them is.
        """
        if "constant_value" in expression:
            return (expression["constant_value"],)
        references = expression.get("references")
        names = [r for r in references if type(r) is str] if type(references) is list else []
        if len(names) > MANY or hops <= 0:
            return None
        names = [n for n in dict.fromkeys(names) if not any(m.startswith((n + ".", n + "[")) for m in names)]
        values = []
        for name in names:
            found = self.named(module, split(name), hops)
            if found is None:
                return None
            values.append(found[0])
        if not values:
            return None  # `timestamp()` refers to nothing
        if len(values) == 1:
            return (values[0],)
        return (None if any(_is_empty(v) for v in values) else _SOMETHING,)

    def named(self, module: str, words: list[Any], hops: int) -> tuple[Any] | None:
        if not words or words[0][0] in _KNOWN or (words[0][0] == "each" and len(words) > 1 and words[1][0] == "key"):
            return (_SOMETHING,) if words else None
        if words[0][0] != "var" or len(words) < 2:
            return None
        name = words[1][0]
        if (module, name) not in self.seen:
            self.seen[module, name] = self.variable(module, name, hops)
        found = self.seen[module, name]
        return (_inside(found[0], words[1:]),) if found is not None else None

    def variable(self, module: str, name: str, hops: int) -> tuple[Any] | None:
        if not module:
            every = self.plan.sections.get("variables")
            root = every.get(name) if type(every) is dict else None
            return (root.get("value"),) if type(root) is dict else None
        call = self.plan.configuration.call(module)
        if call is None:
            return None
        caller, _, written, _ = call
        expressions = written.get("expressions")
        given = expressions.get(name) if type(expressions) is dict else None
        if type(given) is dict:
            return self.value(caller, given, hops - 1)
        declared = (self.plan.configuration.module(module) or {}).get("variables")
        variable = declared.get(name) if type(declared) is dict else None
        return (variable["default"],) if type(variable) is dict and "default" in variable else None


def _inside(value: Any, words: list[Any]) -> Any:
    """What stands behind `var.x` at the further words; nothing where there is no such thing."""
    for at, (name, key) in enumerate(words):
        if at:
            value = value.get(name) if type(value) is dict else None
        if key is not None:
            inside = type(value) is list and type(key) is int and 0 <= key < len(value)
            value = value[key] if inside else value.get(key) if type(value) is dict else None
    return value
