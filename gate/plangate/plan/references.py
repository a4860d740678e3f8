"""Joining resources that Terraform splits: a bucket and its encryption, which name each other by an id that is
unknown until apply.

Order of a join: equal known values; else the references of the configuration, with the instance key written in
them (`a[0]`), or the same key as the child's (`each.key`, `count.index`, for_each over the parent); through
module outputs downwards and variables upwards. A `local` is not in the plan document: such a link is undecided,
and an undecided link never becomes "nothing found".
"""

from __future__ import annotations

from .configuration import instance_key, module_address, module_steps
from .paths import parse_path
from .values import ABSENT, Node, Unknown, UnknownValue, merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .change import Change
    from .model import Plan

_ANY = object()  # an instance key that cannot be told
_MAX_HOPS = 40
_IDENTITIES = (
    "id",
    "arn",
    "name",
    "bucket",
    "self_link",
    "identifier",
    "cluster_identifier",
    "key_id",
    "url",
)


class References:
    """Indexes of one plan, each built once when it is first asked for, so that joins cost linear time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._joins: dict[tuple[str, str], _Join] = {}

    def companions(self, parent: Change, type: str, by: str, leaving: bool = False) -> list[Change]:
        join = self._joins.get((type, by))
        if join is None:
            join = self._joins[type, by] = _Join(self._plan, type, by)
        found = join.of(parent)
        self._plan.read.extend(found)
        if leaving:
            gone = [child for child in found if child.goes_away] + join.moved_from(parent, found)
            self._plan.read.extend(gone)
            return gone
        staying = [child for child in found if not child.goes_away]
        if not staying and join.undecided:
            child, why = join.undecided[0]
            asked = UnknownValue(f"{child.type}.{child.name}: {by}", "uncertain", why)
            self._plan.pending.append(asked)
            raise asked
        return staying


class _Join:
    """All resources of one type by what their attribute refers to."""

    def __init__(self, plan: Plan, type: str, by: str) -> None:
        self._plan, self._steps = plan, parse_path(by)
        self.by_value: dict[Any, list[Change]] = {}
        self.by_target: dict[tuple[str, str, str], list[tuple[Change, Any]]] = {}
        self.undecided: list[tuple[Change, str | None]] = []
        self.was: dict[Any, list[Change]] = {}  # those that stay, by what they referred to before
        for child in plan.of_type(type):
            self._file(child, by)

    def _file(self, child: Change, by: str) -> None:
        before, after, unknown, _, _ = child.raw()
        body = merge(before, None, (), child.why) if child.goes_away else merge(after, unknown, (), child.why)
        value = body.at(by) if isinstance(body, Node) else ABSENT
        if not child.goes_away and child.touched and type(before) is dict:
            old = merge(before, None, (), child.why).at(by)
            if isinstance(old, str | int) and old != "" and (type(value) is Unknown or old != value):
                self.was.setdefault(old, []).append(child)
        if type(value) is Unknown:
            if value.state == "left_out":
                return
            self._file_unknown(child)
        elif isinstance(value, str | int) and value != "":
            self.by_value.setdefault(value, []).append(child)

    def _file_unknown(self, child: Change) -> None:
        targets, why = resolve(self._plan, child, self._steps)
        if targets is None:
            self.undecided.append((child, why))
            return
        for module, local, key in targets:
            self.by_target.setdefault((module, local, ""), []).append((child, key))
            if key is _ANY or len(targets) > 1:
                self.undecided.append((child, why))

    def moved_from(self, parent: Change, staying: list[Change]) -> list[Change]:
        """Those that referred to the parent before this plan and will not."""
        if not self.was:
            return []
        return [c for value in _identities(parent) for c in self.was.get(value, ()) if c not in staying]

    def of(self, parent: Change) -> list[Change]:
        found: dict[int, Change] = {}
        for value in _identities(parent):
            for child in self.by_value.get(value, ()):
                found[id(child)] = child
        for child, key in self.by_target.get((parent.module_address, f"{parent.type}.{parent.name}", ""), ()):
            if key is not _ANY and key == parent.index:
                found[id(child)] = child
        return list(found.values())


def _identities(parent: Change) -> list[Any]:
    """What others may know a resource by, each once; unknown leaves are left out of both bodies."""
    before, after, *_ = parent.raw()
    found: dict[Any, None] = {}
    for side in (after, before):
        for name in _IDENTITIES if type(side) is dict else ():
            value = side.get(name)
            if isinstance(value, str | int) and value != "":
                found[value] = None
    return list(found)


def resolve(plan: Plan, child: Change, path: tuple[Any, ...]) -> tuple[list[tuple[str, str, Any]] | None, str | None]:
    """What an attribute refers to: [(module instance, `type.name`, instance key)], or None when undecided.

    The second part is the reference at which the way ended. Data sources give a target that nothing matches.
    """
    configuration = plan.configuration
    state, expression = configuration.expression(child, path)
    references = expression.get("references") if type(expression) is dict else None
    if state != "configured" or not references:
        return None, None
    resource = configuration.resource(child) or {}
    scope = _Scope(child.module_address, child.index, resource.get("for_each_expression"))
    return _targets(plan, references, scope, _MAX_HOPS)


class _Scope:
    """Where an expression stands: the module instance, the key of its own instance, what its for_each walks."""

    __slots__ = ("for_each", "key", "module")

    def __init__(self, module: str, key: Any, for_each: Any) -> None:
        self.module, self.key, self.for_each = module, key, for_each


def _targets(plan: Plan, references: list[Any], scope: _Scope, hops: int) -> tuple[list[Any] | None, str | None]:
    if hops <= 0:
        return None, None
    names = [r for r in references if type(r) is str]
    same_key = any(r in ("each.key", "count.index", "each.value") or r.startswith("each.value.") for r in names)
    found: dict[tuple[Any, ...], Any] = {}
    for reference in _longest(names):
        if reference in ("each.key", "count.index"):
            continue
        if reference == "each.value" or reference.startswith("each.value."):
            walked = scope.for_each.get("references") if type(scope.for_each) is dict else None
            if not walked:
                return None, reference
            targets, why = _targets(plan, walked, _Scope(scope.module, scope.key, None), hops - 1)
            if targets is None:
                return None, why
            targets = [(m, local, scope.key if key is _ANY or key is None else key) for m, local, key in targets]
        else:
            targets, why = _one(plan, reference, scope, same_key, hops)
            if targets is None:
                return None, why
        for target in targets:
            found[target[0], target[1], target[2] if target[2] is not _ANY else "*"] = target
    return (list(found.values()), None) if found else (None, names[0] if names else None)


def _longest(names: list[str]) -> list[str]:
    """Terraform lists a reference and then each prefix of it: only the longest of each say something."""
    kept: list[str] = []
    for name in names:
        if not any(k == name or (k.startswith(name) and k[len(name)] in ".[") for k in kept):
            kept.append(name)
    return kept


def _one(plan: Plan, reference: str, scope: _Scope, same_key: bool, hops: int) -> tuple[list[Any] | None, str | None]:
    head = _names(reference)
    if not head:
        return None, reference
    first = head[0][0]
    if first in ("local", "path", "terraform", "self", "each", "count"):
        return None, reference
    if first == "var":
        return _variable(plan, head, scope, hops, reference)
    if first == "module":
        return _output(plan, head, scope, same_key, hops, reference)
    if first == "data":
        return [(scope.module, "data." + ".".join(n for n, _ in head[1:3]), None)], None
    if len(head) < 2:
        return None, reference
    key = head[1][1]
    if key is None and same_key:
        key = scope.key
    elif key is None and _repeated(plan, scope.module, f"{first}.{head[1][0]}"):
        key = _ANY
    return [(scope.module, f"{first}.{head[1][0]}", key)], None


def _repeated(plan: Plan, module: str, local: str) -> bool:
    found = plan.configuration.module(module)
    resource = plan.configuration.resource_in(found, local) if found is not None else None
    return resource is not None and ("count_expression" in resource or "for_each_expression" in resource)


def _variable(plan: Plan, head: list[Any], scope: _Scope, hops: int, why: str) -> tuple[list[Any] | None, str | None]:
    call = plan.configuration.call(scope.module)
    if call is None or len(head) < 2:
        return None, why
    caller, _, module_call, key = call
    expressions = module_call.get("expressions")
    expression = expressions.get(head[1][0]) if type(expressions) is dict else None
    references = expression.get("references") if type(expression) is dict else None
    if not references:
        return None, why
    outer = _Scope(caller, key, module_call.get("for_each_expression"))
    return _targets(plan, references, outer, hops - 1)


def _output(
    plan: Plan, head: list[Any], scope: _Scope, same_key: bool, hops: int, why: str
) -> tuple[list[Any] | None, str | None]:
    if len(head) < 3:
        return None, why
    name, key = head[1]
    caller = plan.configuration.module(scope.module)
    calls = caller.get("module_calls") if caller else None
    call = calls.get(name) if type(calls) is dict else None
    if type(call) is not dict:
        return None, why
    if key is None and ("count_expression" in call or "for_each_expression" in call):
        if not same_key:
            return None, why
        key = scope.key
    outputs = (call.get("module") or {}).get("outputs")
    output = outputs.get(head[2][0]) if type(outputs) is dict else None
    expression = output.get("expression") if type(output) is dict else None
    references = expression.get("references") if type(expression) is dict else None
    if not references:
        return None, why
    inner = module_address([*module_steps(scope.module), (name, key)])
    return _targets(plan, references, _Scope(inner, None, None), hops - 1)


def _names(reference: str) -> list[tuple[str, Any]]:
    """`aws_s3_bucket.a["x.y"].id` -> [("aws_s3_bucket", None), ("a", "x.y"), ("id", None)]."""
    out: list[tuple[str, Any]] = []
    i, n = 0, len(reference)
    while i < n:
        start = i
        while i < n and reference[i] not in ".[":
            i += 1
        name, key = reference[start:i], None
        while i < n and reference[i] == "[":
            key, i = instance_key(reference, i)
            if i < 0:
                return []
        out.append((name, key))
        i += 1
    return out
