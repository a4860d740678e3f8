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
    tags = _Tags()
    for path in maps:
        for _, value, _ in values_at(change.after, path):
            tags.add(value)
    missing = [name for name in required if not tags.has(name, bool(shape.get("ignore_case")))]
    if not missing:
        for unknown in tags.unknown:
            change.is_left_out(unknown.path)  # asked, and it does not matter: all tags are there without it
        return
    if tags.unknown:
        bool(tags.unknown[0])  # raises: the keys are known only after the apply
    names = ", ".join(missing)
    if shape.get("defaults") and change.action != "no-op" and _defaults_unknown(change, shape["defaults"]):
        yield Undecided(f"Not on the resource: {names}. The provider's {shape['defaults']} are not known yet.", maps[0])
    else:
        yield Finding(f"Missing: {names}.{_other_case(missing, tags)}", maps[0])


def _other_case(missing: list[str], tags: _Tags) -> str:
    there = {key.lower() for key in tags.known}
    near = [name for name in missing if name.lower() in there and name not in tags.known]
    empty = [name for name in missing if name in tags.known]
    said = f" There in another case: {', '.join(near)}." if near else ""
    return said + (f" There but empty: {', '.join(empty)}." if empty else "")


def _defaults_unknown(change: Change, argument: str) -> bool:
    """Whether the provider's default tags come from something other than variables: known only at apply, perhaps."""
    written = change.provider.get(argument)
    blocks = written if isinstance(written, list) else [written]
    for block in blocks:
        expression = block.get("tags", block) if isinstance(block, dict) else None
        references = expression.get("references") if isinstance(expression, dict) else None
        if references and not all(isinstance(r, str) and r.startswith("var.") for r in references):
            return True
    return False


POLICIES = (missing_tags,)
