"""Tags that every resource must have, by the tags it will really have: `default_tags` of the provider included.

What the plan shows (measured with hashicorp/aws 5.100.0): one unknown value makes the whole map of tags unknown
on most resources, and default tags that are not known yet are simply missing from `tags_all`.
"""

from __future__ import annotations

from plangate import ABSENT, Block, Finding, Items, Undecided, is_unknown, policy

from .tables import like, load, values_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change

    from .tables import Row

_TABLE = load("tagging.json")
_SHAPES: list[Row] = _TABLE["rows"]
_NOT_TAGS = frozenset(row["type"] for row in _TABLE["not_tags"])


def _shape(type: str) -> Row | None:
    """How resources of a type carry tags: the row that fits best."""
    if type in _NOT_TAGS:
        return None
    fitting = [row for row in _SHAPES if like(type, [row["types"]])]
    return max(fitting, key=lambda row: len(row["types"]), default=None)


def _there(change: Change, shape: Row) -> list[str]:
    """The maps of tags that this resource has in its schema; one that is null or unknown is there."""
    after = change.after
    return [path for path in shape["maps"] if path.partition("[")[0].partition(".")[0] in after]


class _Tags:
    """The tags of a resource: known keys with their values, and what about them is unknown."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.unknown: list[Any] = []

    def add(self, value: Any) -> None:
        if is_unknown(value):
            self.unknown.append(value)
        elif isinstance(value, Block):
            self.known.update(value.items())
        elif isinstance(value, Items):  # `tag` blocks with a key and a value each
            for element in value:
                key = ABSENT if is_unknown(element) else element["key"]
                if is_unknown(element) or is_unknown(key):
                    self.add(element if is_unknown(element) else key)
                elif isinstance(key, str):
                    self.known[key] = element["value"]

    def has(self, name: str, ignore_case: bool) -> bool:
        """Whether the key is there with something in it; an unknown value of a known key is something."""
        for key, value in self.known.items():
            if key == name or (ignore_case and key.lower() == name.lower()):
                return is_unknown(value) or value not in ("", None)
        return False


@policy(
    "tagging/missing-tags",
    types=tuple(dict.fromkeys(row["types"] for row in _SHAPES)),
    severity="medium",
    remediation="Add the tags to the resource, or to `default_tags` of the provider for all resources at once.",
    references=("https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html",),
    rows=lambda: _SHAPES,
)
def missing_tags(
    change: Change, *, required: tuple[str, ...] = (), exempt_types: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Required tags are missing.

    Waits until `required` names tags, `required = ["Owner", "CostCenter"]`. Judged are the tags that a resource
    will have: `tags_all` (AWS), `effective_labels` (Google), `tags` (Azure), the labels of Kubernetes objects,
    the `tag` blocks of autoscaling groups. A tag that is empty is missing. `exempt_types` are types that need
    none; a name may end in `*`. Types without tags are not judged.

    Where the tags, or the provider's default tags, are known only after the apply, what is not seen is
    `unknown`. One finding names all that is missing.
    """
    shape = _shape(change.type) if required and not like(change.type, exempt_types) else None
    maps = _there(change, shape) if shape is not None else []
    if shape is None or not maps:
        return
    tags, computed = _read(change, shape, maps)
    argument = shape.get("defaults") if change.action != "no-op" else None
    defaults, told = _defaults(change, argument, computed) if argument else ({}, True)
    tags.known = {**defaults, **tags.known}
    missing = [name for name in required if not tags.has(name, bool(shape.get("ignore_case")))]
    if not missing:
        for unknown in tags.unknown:
            change.is_left_out(unknown.path)  # asked, and it does not matter: all tags are there without it
        return
    if tags.unknown:
        bool(tags.unknown[0])  # raises: the keys are known only after the apply
    if told:
        yield Finding(f"Missing: {', '.join(missing)}.{_other_case(missing, tags)}", maps[0])
    else:
        text = f"Not on the resource: {', '.join(missing)}. The provider's {argument} are not known yet."
        yield Undecided(text, maps[0])


def _read(change: Change, shape: Row, maps: list[str]) -> tuple[_Tags, bool]:
    """The tags that the plan shows, and whether the provider works out the effective ones at apply.

    A map that nobody wrote is empty. The provider plans `tags_all` as unknown when a resource has no tags at
    all, and when one of its values is empty: then its own tags and the default ones are all there is.
    """
    tags, computed = _Tags(), False
    for path in maps:
        for at, value, _ in values_at(change.after, path):
            if not is_unknown(value) or not change.is_left_out(at):
                tags.add(value)
            elif path == shape["maps"][0] and "defaults" in shape:
                computed = True
    return tags, computed


def _other_case(missing: list[str], tags: _Tags) -> str:
    there = {key.lower() for key in tags.known}
    near = [name for name in missing if name.lower() in there and name not in tags.known]
    empty = [name for name in missing if name in tags.known]
    said = f" There in another case: {', '.join(near)}." if near else ""
    return said + (f" There but empty: {', '.join(empty)}." if empty else "")


def _defaults(change: Change, argument: str, computed: bool) -> tuple[dict[str, Any], bool]:
    """The provider's default tags as far as the configuration tells, and whether that is all.

    From variables alone they are known while planning, so that the plan shows them, unless the provider works
    out the effective tags at apply (`computed`).
    """
    written = change.provider
    if not written:  # a module's provider, which the configuration may name otherwise
        named = change.type.partition("_")[0]
        same = [p for p in change.plan.providers if p.get("name") == named and argument in (p.get("expressions") or {})]
        return {}, not same
    blocks = written.get(argument)
    found: dict[str, Any] = {}
    told = True
    for block in blocks if isinstance(blocks, list) else [blocks]:
        expression = block.get("tags", block) if isinstance(block, dict) else None
        if not isinstance(expression, dict):
            continue
        constant, references = expression.get("constant_value"), expression.get("references")
        if isinstance(constant, dict):
            found.update(constant)
        if references and (computed or not all(isinstance(r, str) and r.startswith("var.") for r in references)):
            told = False
    return found if computed else {}, told


POLICIES = (missing_tags,)
