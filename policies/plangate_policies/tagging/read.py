"""The tags that a resource will have, as far as the plan shows them, and those of what it makes.

Measured with hashicorp/aws 5.100.0: one unknown value makes the whole map of tags unknown on most resources;
default tags that are not known yet are simply missing from `tags_all`; a resource without tags, or with an empty
one, has an unknown `tags_all`.
"""

from __future__ import annotations

from plangate import ABSENT, Block, Items, Undecided, has_tags, is_unknown, tag_shape
from plangate_policies.tables import values_at

from .defaults import add_defaults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

# Whose keys mean the same in any case: Azure's names ignore it, Google's have only lower case.
_ANY_CASE = ("azure", "google")


class Tags:
    """The tags at one place of a resource.

    `known` are keys and values (a value may be Unknown), `unknown` what is not known of the map, `left_out` the
    provider's argument whose default tags may still come. `own` tells the tags of the resource from those of what
    it makes. `hidden`: the plan marks them sensitive.
    """

    def __init__(self, change: Change, path: str, cloud: str, own: bool) -> None:
        self.path, self.cloud, self.own = path, cloud, own
        self.any_case = cloud in _ANY_CASE
        self.known: dict[str, Any] = {}
        self.unknown: list[Any] = []
        self.left_out: str | None = None
        self.propagated: dict[str, Any] = {}
        self._by_default: set[str] = set()
        self._change = change

    @property
    def hidden(self) -> bool:
        return self._change.is_sensitive(self.path)

    def add(self, value: Any) -> None:
        if is_unknown(value):
            self.unknown.append(value)
        elif isinstance(value, Block):
            for key, item in value.items():
                is_unknown(item)  # an unknown value of a known key is something, and is asked where it matters
                self.known[key] = item
        elif isinstance(value, Items):  # `tag` blocks with a key and a value each
            for element in value:
                self._pair(element)

    def _pair(self, element: Any) -> None:
        key = element if is_unknown(element) else element["key"] if isinstance(element, Block) else ABSENT
        if is_unknown(key):
            self.unknown.append(key)
        elif isinstance(key, str):
            value, there = element["value"], element["propagate_at_launch"]
            is_unknown(value)
            self.known[key] = value
            self.propagated[key] = None if is_unknown(there) else there

    def find(self, name: str, any_case: bool = False) -> str | None:
        """The key that is there under this name."""
        if name in self.known:
            return name
        if self.any_case or any_case:
            low = name.lower()
            return next((key for key in self.known if key.lower() == low), None)
        return None

    def has(self, name: str, any_case: bool = False) -> bool:
        """Whether the key is there with something in it; an unknown value is something."""
        key = self.find(name, any_case)
        return key is not None and (is_unknown(self.known[key]) or self.known[key] not in ("", None))

    def add_default(self, found: dict[str, Any]) -> None:
        """Add default tags; the resource's own come first."""
        new = {key: value for key, value in found.items() if key not in self.known}
        self._by_default.update(new)
        self.known = {**new, **self.known}

    def may_change(self, key: str) -> bool:
        """Whether a tag that is known may have another value: a default one, where own tags are not known."""
        return key in self._by_default and bool(self.unknown)

    def is_settled(self, name: str, any_case: bool = False) -> bool:
        """Whether no default tag can still come under this name: the resource's own, known, comes first."""
        key = self.find(name, any_case)
        return key is not None and not self.unknown and key not in self._by_default

    @property
    def certain(self) -> bool:
        """Whether no further key can come at apply."""
        return not self.unknown and self.left_out is None

    def undecided(self, wanted: str) -> Undecided:
        """Outcome unknown. Raises UnknownValue, with its origin, where the plan marks the map unknown."""
        if self.unknown:
            bool(self.unknown[0])
        return Undecided(f"{wanted} The provider's {self.left_out} are not known yet.", self.path)


def own_tags(change: Change) -> Tags | None:
    """The tags of the resource itself; None where it cannot have any."""
    shape = tag_shape(change.type)
    after = change.after
    if shape is None or not has_tags(shape, after):
        return None
    maps = [path for path in shape["maps"] if _head(path) in after]
    tags = Tags(change, maps[-1] if maps else shape["maps"][-1], shape["cloud"], own=True)
    tags.path = maps[0] if maps else tags.path
    computed = _gather(change, shape, maps, tags)
    add_defaults(change, shape["defaults"], computed, tags)
    return tags


def nested_tags(change: Change) -> list[Tags]:
    """The tags that the resource writes for what it makes (volumes, launched instances, pods), where it writes any."""
    shape = tag_shape(change.type)
    found: list[Tags] = []
    for row in shape["nested"] if shape is not None else ():
        copied = row.get("copied_by")
        for at, value, _ in values_at(change.after, row["path"]):
            if is_unknown(value):
                if change.is_left_out(at):
                    continue
            elif not isinstance(value, Block) or (not len(value) and not _marked(value)):
                continue
            if copied and change.is_set(f"{at.rpartition('.')[0]}.{copied}"):
                continue
            tags = Tags(change, at, shape["cloud"] if shape else "", own=False)
            tags.add(value)
            if row.get("defaults") and shape is not None:
                add_defaults(change, shape["defaults"], True, tags)
            found.append(tags)
    return found


def all_tags(change: Change, nested: bool = True) -> list[Tags]:
    """The resource's own tags first, then those of what it makes."""
    own = own_tags(change)
    return ([own] if own is not None else []) + (nested_tags(change) if nested else [])


def companion_keys(change: Change) -> dict[str, Any]:
    """The tags that other resources of the plan give this one (`aws_ec2_tag`). Raises UnknownValue."""
    shape = tag_shape(change.type)
    found: dict[str, Any] = {}
    for row in shape["companions"] if shape is not None else ():
        if not change.plan.of_type(row["type"]):
            continue
        for other in change.companions(row["type"], by=row["by"]):
            keys, values = values_at(other.after, row["key"]), values_at(other.after, row["value"])
            for (_, key, _), (_, value, _) in zip(keys, values, strict=False):
                if isinstance(key, str):
                    is_unknown(value)
                    found[key] = value
    return found


def _marked(value: Block) -> bool:
    return not value.known


def _head(path: str) -> str:
    return path.partition("[")[0].partition(".")[0]


def _gather(change: Change, shape: Row, maps: Iterable[str], tags: Tags) -> bool:
    """Take the maps of tags; whether the provider works out the effective ones at apply.

    A map that nobody wrote is empty. Where `tags_all` is left for the provider to work out, the resource's own tags
    and the default ones are all there is.
    """
    computed = False
    for path in maps:
        for at, value, _ in values_at(change.after, path):
            if not is_unknown(value) or not change.is_left_out(at):
                tags.add(value)
            elif path == shape["maps"][0] and shape["defaults"]:
                computed = True
    return computed
