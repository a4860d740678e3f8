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
    after = [_leaves(change.body(1)) for change in new]
    rated = []
    for i, left in enumerate(before):
        for j, right in enumerate(after):
            share = _share(left, right)
            if share >= _ALIKE:
                rated.append((-share, i, j))
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


def _share(before: dict[str, Any], after: dict[str, Any]) -> float:
    """The share of what the new object is known to have that the old one had too."""
    written = [k for k, v in after.items() if v is not None and v not in ("", [], {}, False) and k not in _NAMES]
    if not written:
        return 0.0
    same = sum(1 for k in written if before.get(k) == after[k])
    return same / len(written) if same >= _LEAST else 0.0
