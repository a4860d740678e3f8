"""Which created resource a deleted one may become: near-equal attributes. Linear in the size of the plan."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change

_FEW = 8  # a value that more of them have does not tell them apart
_PROVIDERS_OWN = frozenset({"id", "arn", "tags_all", "effective_labels", "terraform_labels", "timeouts"})


def told(change: Change, side: str) -> dict[str, Any]:
    """The top-level attributes that say something: known, and not null, empty, zero or boolean."""
    body = change.body(0 if side == "before" else 1)
    if not isinstance(body, dict):
        return {}
    unknown = change.body(2) if side == "after" else None
    hidden = unknown if isinstance(unknown, dict) else {}
    return {
        name: value
        for name, value in body.items()
        if value and not isinstance(value, bool) and name not in _PROVIDERS_OWN and not _holds_true(hidden.get(name))
    }


def _holds_true(mask: Any) -> bool:
    if isinstance(mask, dict):
        return any(_holds_true(inner) for inner in mask.values())
    if isinstance(mask, list):
        return any(_holds_true(inner) for inner in mask)
    return mask is True


def likeness(old: dict[str, Any], new: dict[str, Any]) -> tuple[int, int]:
    """(attributes of the new one that the old one has with the same value, attributes of the new one)."""
    return sum(name in old and old[name] == value for name, value in new.items()), len(new)


def pairs(deleted: list[Change], created: list[Change]) -> Iterator[tuple[Change, Change]]:
    """Deleted and created resources of one type that may be the same, each at most once.

    Elements of one block (other keys of for_each or count) may differ in half of what is told; others in one
    attribute of ten, and they must have two in common, one of which hardly any other has.
    """
    old = _Old(deleted)
    for change in created:
        new = told(change, "after")
        for i in old.candidates(change, new):
            same, all_ = likeness(old.told[i], new)
            if _enough(same, all_, deleted[i], change):
                old.left[i] = False
                yield deleted[i], change
                break


class _Old:
    """Deleted resources of one type, by the texts that they hold and by the block that they are of."""

    def __init__(self, deleted: list[Change]) -> None:
        self.told = [told(change, "before") for change in deleted]
        self.left = [True] * len(deleted)
        self._by_text: dict[tuple[str, str], list[int]] = {}
        self._by_block: dict[tuple[str, str], list[int]] = {}
        for i in reversed(range(len(deleted))):
            self._by_block.setdefault((deleted[i].module_address, deleted[i].name), []).append(i)
            for name, value in self.told[i].items():
                if isinstance(value, str):
                    self._by_text.setdefault((name, value), []).append(i)

    def candidates(self, change: Change, new: dict[str, Any]) -> list[int]:
        """Those that are left and share a text that tells them apart, most first; and the next one of its block."""
        votes: dict[int, int] = {}
        for name, value in new.items():
            holders = self._by_text.get((name, value), ()) if isinstance(value, str) else ()
            for i in holders if len(holders) <= _FEW else ():
                if self.left[i]:
                    votes[i] = votes.get(i, 0) + 1
        block = self._by_block.get((change.module_address, change.name), [])
        while block and not self.left[block[-1]]:
            block.pop()
        if block:
            votes.setdefault(block[-1], 0)
        return sorted(votes, key=lambda i: (-votes[i], i))


def _enough(same: int, all_: int, old: Change, new: Change) -> bool:
    if not same:
        return False
    if (old.module_address, old.name) == (new.module_address, new.name):
        return same * 2 >= all_
    return same >= 2 and (all_ - same) <= max(all_ // 10, int((old.name, old.index) == (new.name, new.index)))
