"""What an expression of the configuration can stand for: its references followed to resources of this plan.

Downwards through module outputs, upwards through module variables, through `each.value` to what for_each walks.
A plan names what an expression mentions, not what it does with it: `cond ? a.id : b.id` and `[a.id, b.id]` look the
same. What is known at plan time cannot be where an unknown value comes from, which rules most conditions out.
Of a `local` nothing is in the document; it may be anything that its module can name (see `open`).
"""

from __future__ import annotations

from .addresses import module_address, module_steps, split
from .instances import ANY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .change import Change
    from .model import Plan

MAX_HOPS = 40
_MANY_MODULES = 25  # instances of one module that are followed one by one
_KNOWN = ("path", "terraform", "count", "self")  # known at plan time, and no resource


class Target:
    """A resource that an expression mentions: its module instance, `type.name` and instance key (perhaps ANY).

    `attribute` is the name behind it (None for the whole object). `loose`: one of several outputs of a module, and
    it is not written which.
    """

    __slots__ = ("attribute", "key", "local", "loose", "module")

    def __init__(self, module: str, local: str, key: Any, attribute: str | None, loose: bool = False) -> None:
        self.module, self.local, self.key, self.attribute, self.loose = module, local, key, attribute, loose


class Mentions:
    """What an expression mentions. `open` are modules by whose names it may stand for yet other things.

    `condition` tells that it also names something that is known: a conditional is possible. `why` is the first
    reference at which the way ended.
    """

    __slots__ = ("condition", "open", "targets", "why")

    def __init__(self) -> None:
        self.targets: list[Target] = []
        self.open: dict[str, None] = {}
        self.condition = False
        self.why: str | None = None

    def ends(self, module: str, why: str | None) -> None:
        self.open[module] = None
        self.why = self.why or why


class Scope:
    """Where an expression stands: module instance, key of its own instance, what its for_each walks, how many.

    `walked` stands for a for_each itself: what is repeated in it is walked by the key of the instance.
    """

    __slots__ = ("count", "for_each", "key", "module", "walked")

    def __init__(
        self, module: str, key: Any = None, for_each: Any = None, count: int = 0, walked: bool = False
    ) -> None:
        self.module, self.key, self.for_each, self.count, self.walked = module, key, for_each, count, walked


def scope_of(plan: Plan, change: Change) -> Scope:
    """The scope of the expressions of a resource."""
    resource = plan.configuration.resource(change) or {}
    local = ("data." if change.mode == "data" else "") + f"{change.type}.{change.name}"
    count = len(plan.instances.of(change.module_address, local))
    return Scope(change.module_address, change.index, resource.get("for_each_expression"), count)


def mentions(plan: Plan, expression: Any, scope: Scope) -> Mentions:
    """What one expression mentions; nothing for a constant."""
    found = Mentions()
    _Walk(plan, found).expression(expression, scope, MAX_HOPS)
    return found


class _Walk:
    def __init__(self, plan: Plan, found: Mentions) -> None:
        self.plan, self.found = plan, found

    def expression(self, expression: Any, scope: Scope, hops: int, attribute: str | None = None) -> None:
        references = expression.get("references") if type(expression) is dict else None
        names = [r for r in references if type(r) is str] if type(references) is list else []
        if hops <= 0:
            self.found.ends(scope.module, names[0] if names else None)
            return
        for name, follows in heads(names):
            self.reference(name, follows, scope, hops, attribute)

    def reference(self, name: str, follows: str, scope: Scope, hops: int, attribute: str | None) -> None:
        """One reference. `attribute` is asked of what it gives (`each.value.id` over it asks for `id`)."""
        words = split(name)
        first = words[0][0] if words else ""
        if first in _KNOWN or name == "each.key":
            self.found.condition = True
        elif first == "each":
            self._each(name, words, scope, hops)
        elif first == "var":
            self._variable(name, words, scope, hops, attribute)
        elif first == "module":
            self._module(name, words, follows, scope, hops, attribute)
        elif len(words) > 2 and first == "data":
            self._resource(scope, "data." + words[1][0], words[2:], follows, attribute)
        elif len(words) > 1 and first not in ("local", "ephemeral"):
            self._resource(scope, first, words[1:], follows, attribute)
        else:
            self.found.ends(scope.module, name)

    def _resource(self, scope: Scope, type: str, words: list[Any], follows: str, attribute: str | None) -> None:
        key, local = words[0][1], f"{type}.{words[0][0]}"
        there = self.plan.instances.of(scope.module, local)
        if key is None and there and (len(there) > 1 or None not in there):
            key = same_key(self.plan, follows, scope, there)
        attribute = words[1][0] if len(words) > 1 else attribute
        if not there and type.startswith("data."):
            self.found.condition = True  # read when the plan was made: known
            return
        self.found.targets.append(Target(scope.module, local, key, attribute))

    def _each(self, name: str, words: list[Any], scope: Scope, hops: int) -> None:
        walked = scope.for_each
        if type(walked) is not dict or not walked.get("references"):
            self.found.condition = True  # for_each over what is written out, or known to functions of constants
            return
        inner = Mentions()
        attribute = words[2][0] if len(words) > 2 else None
        _Walk(self.plan, inner).expression(walked, Scope(scope.module, scope.key, walked=True), hops - 1, attribute)
        self.found.targets += inner.targets
        self.found.open.update(inner.open)
        self.found.why = self.found.why or inner.why or (name if inner.open else None)
        self.found.condition = self.found.condition or not inner.targets

    def _variable(self, name: str, words: list[Any], scope: Scope, hops: int, attribute: str | None) -> None:
        call = self.plan.configuration.call(scope.module)
        if call is None or len(words) < 2:
            self.found.condition = True  # a variable of the root is known
            if scope.module:
                self.found.ends(scope.module, name)
            return
        caller, _, module_call, key = call
        expressions = module_call.get("expressions")
        given = expressions.get(words[1][0]) if type(expressions) is dict else None
        if type(given) is not dict or not given.get("references"):
            self.found.condition = True
            return
        attribute = words[2][0] if len(words) > 2 else attribute
        before = len(self.found.targets), len(self.found.open)
        steps = module_steps(scope.module)
        count = len(self.plan.instances.keys(caller, steps[-1][0]))
        outer = Scope(caller, key, module_call.get("for_each_expression"), count)
        self.expression(given, outer, hops - 1, attribute)
        if before == (len(self.found.targets), len(self.found.open)):
            self.found.condition = True

    def _module(self, why: str, words: list[Any], follows: str, scope: Scope, hops: int, attribute: str | None) -> None:
        if len(words) < 2:
            self.found.ends(scope.module, why)
            return
        name, key = words[1]
        caller = self.plan.configuration.module(scope.module)
        calls = caller.get("module_calls") if caller else None
        call = calls.get(name) if type(calls) is dict else None
        module = call.get("module") if type(call) is dict else None
        outputs = module.get("outputs") if type(module) is dict else None
        if type(outputs) is not dict:
            self.found.ends(scope.module, why)
            return
        keys = self.plan.instances.keys(scope.module, name)
        if key is None and keys and None not in keys:
            key = same_key(self.plan, follows, scope, keys)
        asked = words[2][0] if len(words) > 2 else attribute
        wanted = [asked] if asked in outputs else list(outputs)
        if key is ANY and len(keys) > _MANY_MODULES:
            self.found.ends(scope.module, why)
            return
        instances = list(keys) if key is ANY else [key]
        at = len(self.found.targets)
        for one in instances:
            inner = Scope(module_address([*module_steps(scope.module), (name, one)]))
            for output in wanted:
                held = outputs[output]
                self.expression(held.get("expression") if type(held) is dict else None, inner, hops - 1)
        for target in self.found.targets[at:]:
            target.loose = target.loose or asked not in outputs


def same_key(plan: Plan, follows: str, scope: Scope, there: dict[Any, Any]) -> Any:
    """The key that `x[each.key]` and `x[count.index]` mean: that of the instance they stand in; else ANY.

    The plan has `x` and behind it what stands in the brackets, but not what is done with it there: of
    `x[count.index + 1]` only `count.index`, so for count both must be equally many. In `x[each.value]` over a
    set the value is the key.
    """
    if scope.key not in there:
        return ANY
    if scope.walked or follows == "each.key":
        return scope.key
    if follows == "count.index":
        return scope.key if len(there) == scope.count else ANY
    return scope.key if follows == "each.value" and _is_set(plan, scope.for_each, scope.module, MAX_HOPS) else ANY


def _is_set(plan: Plan, expression: Any, module: str, hops: int) -> bool:
    """Whether a for_each walks a set: of constants, of which nothing is written, or of a variable that is a list."""
    if type(expression) is not dict or not expression:
        return True
    if "constant_value" in expression:
        return type(expression["constant_value"]) is list
    references = expression.get("references")
    words = split(references[0]) if type(references) is list and len(references) == 1 else []
    if len(words) != 2 or words[0][0] != "var" or hops <= 0:
        return False
    call = plan.configuration.call(module)
    if call is None:
        return module == "" and type(plan.variables.get(words[1][0])) is list
    given = call[2].get("expressions")
    inner = given.get(words[1][0]) if type(given) is dict else None
    return type(inner) is dict and bool(inner) and _is_set(plan, inner, call[0], hops - 1)


def narrowed(plan: Plan, found: Mentions) -> list[Target]:
    """The targets that an unknown value can come from.

    Left out are resources that the plan does not have, and, as long as another of its type remains, those whose
    attribute is known.
    """
    there = [t for t in found.targets if plan.instances.has(t.module, t.local, t.key)]
    may = [t for t in there if plan.instances.may_be_unknown(t.module, t.local, t.key, t.attribute)]
    types = {t.local.rpartition(".")[0] for t in may}
    kept: dict[tuple[str, str, Any], Target] = {}
    for target in there:
        if target in may or target.local.rpartition(".")[0] not in types:
            kept.setdefault((target.module, target.local, target.key), target)
    return list(kept.values())


def heads(names: list[str]) -> list[tuple[str, str]]:
    """(each reference, the one behind it or ""), without the prefixes that Terraform lists after each.

    `x` before `x[0].id` is `length(x) > 0 ? x[0].id : null` or its like, and says no more than the second.
    """
    if len(names) == 1:
        return [(names[0], "")]
    whole: list[str] = []
    last = ""
    for name in names:
        if not (whole and len(name) < len(last) and whole[-1].startswith(name) and whole[-1][len(name)] in ".["):
            whole.append(name)
        last = name
    keyed: dict[str, int] = {}
    for at, name in enumerate(whole):
        start = name.find("[")
        while start >= 0:
            keyed[name[:start]] = at
            start = name.find("[", start + 1)
    found = zip(whole, [*whole[1:], ""], strict=False)
    return [
        (name, follows)
        for at, (name, follows) in enumerate(found)
        if follows.startswith(("each.", "count.")) or keyed.get(name, at) <= at
    ]
