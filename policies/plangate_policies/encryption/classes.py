"""For which resources a key of the customer's own is asked: the class of their data, told by a tag or label."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate import Change

_MAPS = ("tags_all", "effective_labels", "tags", "labels")


def is_asked(change: Change, data_classes: tuple[str, ...], tag: str) -> bool:
    """Whether no classes are named, or the resource is tagged with one. Raises UnknownValue where it cannot be told."""
    if not data_classes:
        return True
    for name in _MAPS:
        found = change.after[name]
        if found:
            return found[tag] in data_classes
    return False
