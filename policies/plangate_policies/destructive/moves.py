"""Resources that are deleted or changed only because their address is another now."""

from __future__ import annotations

from plangate import Finding, policy, stateful_rows

from .census import census
from .likeness import pairs, told
from .modules import counted as counted_calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change, Plan

    _Block = tuple[Any, ...]

_SHOWN = 3


@policy(
    "destructive/index-shifted",
    judges="plan",
    severity="medium",
    remediation="Use for_each with keys that belong to the elements instead of count, and `moved` blocks from each"
    " index to its key; or take away the last element, not one in the middle.",
    references=("https://developer.hashicorp.com/terraform/language/meta-arguments#count",),
)
def index_shifted(plan: Plan) -> Iterator[Finding]:
    """An element taken out of, or put into, the middle of a count shifts all that come after it.

    Each of them becomes its neighbour: it is changed or replaced, although nobody touched it, and the last one is
    deleted (or a new last one made). One finding a resource block or module call, `high` where what cannot be made
    again is replaced.
    """
    counted = census(plan)
    ends = counted.deleted + counted.created  # a shift deletes or makes the last elements
    blocks: dict[_Block, dict[int, Change]] = {}
    for change in ends:
        for block, index in _places(change):
            blocks.setdefault(block, {})[index] = change
    for change in (*counted.updated, *counted.replaced) if blocks else ():
        for block, index in _places(change):
            if block in blocks:
                blocks[block][index] = change
    shifts: dict[tuple[_Block, int], dict[str, list[Change]]] = {}  # element -> what is changed of it
    for block, members in blocks.items():
        found = _shift(members)
        if found is not None:
            by, shifted = found
            one = shifts.setdefault((block[:1] if block[0] else block, by), {})
            for index in shifted:
                name = f"{block[0]}[{index}]" if block[0] else members[index].address
                one.setdefault(name, []).append(members[index])
    for (_, by), elements in shifts.items():
        changed = [change for changes in elements.values() for change in changes]
        worst = any(c.is_destructive and (c.stateful or {}).get("severity") in ("high", "critical") for c in changed)
        yield Finding(_said(by, list(elements)), address=changed[0].address, severity="high" if worst else "medium")


def _places(change: Change) -> Iterator[tuple[_Block, int]]:
    """Where a resource stands in a count: (block, index), its own and those of the modules that it is in.

    A block begins with the call of the module, empty where the count is the resource's own.
    """
    if type(change.index) is int:
        yield ("", change.module_address, change.type, change.name), change.index
    for call, index, inwards in counted_calls(change.module_address):
        yield (call, inwards, change.type, change.name, change.index), index


def _said(by: int, names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    many = len(names) > 1
    become = "elements of a count become what their" if many else "element of a count becomes what its"
    how = "put in before" if by < 0 else "taken out at or before"
    side = "below" if by < 0 else "above"
    it = "them" if many else "it"
    return f"{len(names)} {become} neighbour {side} was ({shown}): an element was {how} {it}."


def _shift(members: dict[int, Change]) -> tuple[int, list[int]] | None:
    """(by how much, the indexes that shift), for one block with count; None where it does not look like a shift."""
    gone = sum(c.action == "delete" for c in members.values())
    new = sum(c.action == "create" for c in members.values())
    by = gone - new
    changed = [index for index, c in sorted(members.items()) if c.action in ("update", "replace")]
    if not by or not changed or (gone and new):
        return None
    shifted = [index for index in changed if _becomes(members[index], members.get(index + by))]
    # All that changed must shift, or nearly (what is put in is new): a change of every element is no shift.
    own = len(changed) - len(shifted) - max(-by, 0)
    return (by, shifted) if shifted and len(shifted) > own else None


def _becomes(change: Change, neighbour: Change | None) -> bool:
    """Whether what differs in an element is, all of it, what its neighbour had before."""
    if neighbour is None:
        return False
    was, will, theirs = told(change, "before"), told(change, "after"), told(neighbour, "before")
    differing = [name for name, value in will.items() if was.get(name) != value]
    return bool(differing) and all(theirs.get(name) == will[name] for name in differing)


@policy(
    "destructive/moved-block-missing",
    judges="plan",
    severity="low",
    remediation="Write the `moved` block; the next plan shows it as moved, and deletes nothing.",
    references=("https://developer.hashicorp.com/terraform/language/modules/develop/refactoring",),
)
def moved_block_missing(plan: Plan) -> Iterator[Finding]:
    """A resource is deleted, and nearly the same one is made at another address.

    A key of for_each, a name or a module was changed, or count became for_each: Terraform cannot know that it is the
    same, and deletes it. Compared are the attributes that both sides tell. One finding for each block or module, with
    the `moved` blocks to write; `medium` where what is deleted cannot be made again.
    """
    deleted: dict[str, list[Change]] = {}
    created: dict[str, list[Change]] = {}
    counted = census(plan)
    for change in counted.deleted:
        deleted.setdefault(change.type, []).append(change)
    for change in counted.created if deleted else ():
        created.setdefault(change.type, []).append(change)
    groups: dict[tuple[str, ...], list[tuple[Change, Change]]] = {}
    for type_, old in deleted.items():
        for pair in pairs(old, created.get(type_, [])):
            groups.setdefault(_group(*pair), []).append(pair)
    stateful = stateful_rows()
    for found in groups.values():
        moves = list(dict.fromkeys(_move(old, new) for old, new in found))
        more = f" and {len(moves) - _SHOWN} more" if len(moves) > _SHOWN else ""
        worst = any((stateful.get(old.type) or {}).get("severity") in ("high", "critical") for old, _ in found)
        yield Finding(
            f"{len(found)} deleted and made again under another address. To keep what there is:"
            f" {' '.join(moves[:_SHOWN])}{more}",
            address=found[0][0].address,
            severity="medium" if worst else "low",
        )


def _group(old: Change, new: Change) -> tuple[str, ...]:
    if _moves_with_module(old, new):
        return old.module_address, new.module_address
    return old.module_address, new.module_address, old.type, old.name, new.name


def _moves_with_module(old: Change, new: Change) -> bool:
    same = (old.name, old.index) == (new.name, new.index)
    return same and old.module_address != new.module_address and bool(old.module_address and new.module_address)


def _move(old: Change, new: Change) -> str:
    if _moves_with_module(old, new):
        return f"moved {{ from = {old.module_address} to = {new.module_address} }}"
    return f"moved {{ from = {old.address} to = {new.address} }}"
