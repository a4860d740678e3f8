"""For which resources a key of the customer's own is asked: the class of their data, told by a tag or label."""

from __future__ import annotations

from plangate import UnknownValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate import Change


def is_asked(change: Change, data_classes: tuple[str, ...], tag: str) -> bool:
    """Whether no classes are named, or the resource is tagged with one. Raises UnknownValue where it cannot be told.

    The tags are those that the tagging pack judges: with the provider's default ones, under any case of the key
    where the cloud does not tell cases apart. What cannot have tags is of no class.
    """
    if not data_classes:
        return True
    from plangate_policies.tagging.read import own_tags

    tags = own_tags(change)
    if tags is None:
        return False
    key = tags.find(tag)
    if key is not None and not tags.may_change(key):
        return tags.known[key] in data_classes
    if tags.unknown:
        return bool(tags.unknown[0])  # raises: only the apply tells
    if not tags.certain:
        raise UnknownValue(tags.path, "uncertain")
    return False
