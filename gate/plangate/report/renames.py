"""A delete and a create that look like one object under another name: probably a rename without `moved`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.model import Plan

_ALIKE = 0.8  # share of the written attributes that must be equal
_LEAST = 2  # attributes that must be equal at all: `{}` and `{}` are not alike
_MOST = 10_000  # pairs of one type; where there are more, nobody could tell which is which
_NAMES = ("id", "arn", "tags_all")  # never written by an author


def renames(plan: Plan) -> list[dict[str, Any]]:
    """[{"from", "to"}], each address once, most alike first. Cost: deletes times creates of one type, at most _MOST."""
    gone: dict[str, list[Change]] = {}
    made: dict[str, list[Change]] = {}
    for change in plan.changes:
        if change.mode != "managed" or change.deposed is not None:
            continue
        if change.action == "delete":
            gone.setdefault(change.type, []).append(change)
        elif change.action == "create":
            made.setdefault(change.type, []).append(change)
    found: list[dict[str, Any]] = []
    for type_, old in gone.items():
        new = made.get(type_)
        if new and len(old) * len(new) <= _MOST:
            found += _pairs(old, new)
    return found


def _pairs(old: list[Change], new: list[Change]) -> list[dict[str, Any]]:
    before = [_leaves(change.body(0)) for change in old]
    written = [_written(_leaves(change.body(1))) for change in new]
    after = [(j, pairs, _differing(len(pairs))) for j, pairs in enumerate(written) if len(pairs) >= _LEAST]
    rated = []
    for i, left in enumerate(before):
        for j, pairs, may_differ in after:
            differ = 0
            for name, value in pairs:
                if left.get(name) != value:
                    differ += 1
                    if differ > may_differ:
                        break
            else:
                if len(pairs) - differ >= _LEAST:
                    rated.append((differ / len(pairs), i, j))
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    found = []
    for _, i, j in sorted(rated):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            found.append({"from": old[i].address, "to": new[j].address})
    return found


def _leaves(body: Any) -> dict[str, Any]:
    return body if type(body) is dict else {}


def _written(after: dict[str, Any]) -> list[tuple[str, Any]]:
    """What the new object is known to have, as far as an author may have written it."""
    return [(k, v) for k, v in after.items() if v is not None and v not in ("", [], {}, False) and k not in _NAMES]


def _differing(count: int) -> int:
    """How many of so many attributes may differ between two that are alike."""
    return max(n for n in range(count + 1) if (count - n) / count >= _ALIKE)
