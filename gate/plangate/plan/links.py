"""What one attribute of one change refers to: certainly, perhaps, and by which names it cannot be told."""

from __future__ import annotations

from .instances import ANY
from .resolve import Mentions, Scope, Target, mentions, narrowed, scope_of
from .splits import same_id
from .values import ABSENT, Items, Node, Unknown, merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .change import Change
    from .model import Plan
    from .paths import Path

_MAX_FOLLOWED = 8
# Ends of names that are plural: an attribute that may hold several, also when the plan has it unknown as a whole.
_PLURAL = ("ids", "arns", "names", "groups", "subnets", "roles", "policies", "accounts", "members", "topics", "layers")


class Link:
    """`sure` are targets that it refers to (key ANY: every instance), `maybe` those of which it may be one.

    `open` are modules by whose names it may stand for yet others. `known` are its known values.
    """

    __slots__ = ("known", "maybe", "open", "sure", "unknown", "why")

    def __init__(self) -> None:
        self.sure: list[Target] = []
        self.maybe: list[Target] = []
        self.open: dict[str, None] = {}
        self.known: list[Any] = []
        self.unknown: Unknown | None = None  # one of its values that the apply makes
        self.why: str | None = None


def link(plan: Plan, change: Change, steps: Path) -> Link:
    """The link of an attribute, after the apply, or until now for what goes away.

    A list, or a block that stands several times, refers to each of its elements; `[*]` or no index means all.
    """
    made = Link()
    goes = change.goes_away
    value = None if goes or len(steps) != 1 else _plain(change, steps[0])
    if value is not None:  # by far the most: a known text, and nothing to follow
        made.known.append(value)
        return made
    side, mask = (0, None) if goes else (1, change.body(2))
    body = merge(change.body(side), mask, (), change.why)
    hidden, several = 0, False
    for value, element in leaves(body, steps):
        if type(value) is Unknown:
            made.unknown = value
            hidden, several = hidden + 1, several or element
        elif isinstance(value, str | int) and value != "":
            made.known.append(value)
    if made.unknown is not None:
        _Linking(plan, change, steps, made).unknown(hidden, several)
    elif any(isinstance(v, str) and ("/" in v or ":" in v) for v in made.known):
        _Linking(plan, change, steps, made).composed()
    return made


def _plain(change: Change, name: Any) -> str | None:
    """The known text of an attribute that is no composed one; None where it is anything else."""
    after, mask = change.body(1), change.body(2)
    if type(after) is not dict or (mask and (type(mask) is not dict or mask.get(name))):
        return None
    value = after.get(name)
    return value if type(value) is str and value and "/" not in value and ":" not in value else None


def leaves(body: Any, steps: Path) -> list[tuple[Any, bool]]:
    """Every value at a path, and whether it is one of a list: of a block without index every element is meant."""
    here: list[Any] = [body]
    for step in steps:
        found: list[Any] = []
        for value in here:
            spread = type(value) is Items and not isinstance(step, int)
            for one in list(value) if spread else [value]:
                if type(one) is Unknown or step == "*":
                    found.append(one)
                elif isinstance(one, Node):
                    found.append(one.get(step, ABSENT))
        here = found
    ends: list[tuple[Any, bool]] = []
    for value in here:
        ends += [(one, True) for one in value] if type(value) is Items else [(value, False)]
    return ends


class _Linking:
    def __init__(self, plan: Plan, change: Change, steps: Path, made: Link) -> None:
        self.plan, self.change, self.made = plan, change, made
        self.steps = steps
        self.expressions, self.unwritten = plan.configuration.expressions(change, steps)

    def unknown(self, hidden: int, several: bool) -> None:
        if self.unwritten:
            self.made.open[self.change.module_address] = None
        if not self.expressions:
            return
        scope = scope_of(self.plan, self.change)
        last = next((s for s in reversed(self.steps) if isinstance(s, str)), "")
        plural = last == "*" or last.rpartition("_")[2] in _PLURAL
        room = hidden if several else _MAX_FOLLOWED**9 if plural else 1
        for expression in self.expressions:
            found = mentions(self.plan, expression, scope)
            self._decide(found, room // len(self.expressions) or 1, certain=several, depth=0)

    def _decide(self, found: Mentions, room: int, certain: bool, depth: int) -> None:
        """File what one expression mentions; `room` values are there for it, counted when `certain`."""
        targets = narrowed(self.plan, found)
        self.made.open.update(found.open)
        self.made.why = self.made.why or found.why
        types = [t.local.rpartition(".")[0] for t in targets]
        for target in targets:
            there = self.plan.instances.of(target.module, target.local)
            if target.key is ANY and len(there) == 1:
                target.key = next(iter(there))
        wanted = sum(len(self.plan.instances.of(t.module, t.local)) if t.key is ANY else 1 for t in targets)
        for target, type_ in zip(targets, types, strict=True):
            if target.loose:
                sure = types.count(type_) == 1 and target.key is not ANY
            elif room > 1:
                sure = wanted == 1 or (room >= wanted and (certain or not found.condition))
            else:
                sure = wanted == 1
            sure = sure and not found.open
            (self.made.sure if sure else self.made.maybe).append(target)
            self._behind(target, sure, depth)

    def _behind(self, target: Target, sure: bool, depth: int) -> None:
        """What a target refers to in turn: `bucket = aws_s3_bucket_versioning.v.bucket`, a data source."""
        there = self.plan.instances.of(target.module, target.local)
        other = there.get(target.key) if target.key is not ANY else next(iter(there.values()), None)
        if other is None or depth >= _MAX_FOLLOWED:
            return
        data = other.mode == "data"
        attribute = same_id(other.type) if target.attribute == "id" else target.attribute
        expressions, _ = self.plan.configuration.expressions(other, (attribute,)) if attribute else ([], False)
        scope = scope_of(self.plan, other)
        if target.key is ANY:
            scope = Scope(scope.module, ANY, scope.for_each, scope.count)
        if data and not expressions:
            expressions, sure = self.plan.configuration.all_expressions(other), False
        for expression in expressions:
            found = mentions(self.plan, expression, scope)
            if sure:
                self._decide(found, 1, certain=False, depth=depth + 1)
            else:
                self.made.open.update(found.open)
                for one in narrowed(self.plan, found):
                    self.made.maybe.append(one)
                    self._behind(one, False, depth + 1)

    def composed(self) -> None:
        """A known value with a resource's name in it (`table/orders`): what its expression mentions may fit."""
        scope = scope_of(self.plan, self.change)
        for expression in self.expressions:
            found = mentions(self.plan, expression, scope)
            if len(found.targets) == 1 and not found.open:
                self.made.sure += found.targets


def names_in(value: Any, names: list[Any]) -> bool:
    """Whether a value is one of the names, or has one as a part between `/` or `:`."""
    if value in names:
        return True
    return isinstance(value, str) and any(n in value.replace(":", "/").split("/") for n in names if isinstance(n, str))
