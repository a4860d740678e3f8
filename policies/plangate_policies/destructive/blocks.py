"""Nested blocks and list elements that go away: a loss in an update, where no action says delete."""

from __future__ import annotations

from plangate import ABSENT, Block, Finding, Items, UnknownValue, is_unknown, policy
from plangate_policies.tables import Table, values_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change

_TABLE = Table("destructive/blocks.jsonl")


@policy(
    "destructive/nested-block-removed",
    types=_TABLE.types(),
    judges="change",
    actions=("update",),
    severity="high",
    remediation="Leave the block in, or take it away in a change of its own that says why.",
    references=("https://developer.hashicorp.com/terraform/internals/json-format",),
    rows=_TABLE.all,
)
def nested_block_removed(change: Change) -> Iterator[Finding]:
    """A change takes away a block that protects or holds something.

    A replica of a table, a rule of a backup plan or web filter, a check that a branch requires: Terraform calls it
    an update in place. There are fewer such blocks after than before; one that takes the place of another is no
    finding. For further types there is `protected-block-removed`.
    """
    unknown: UnknownValue | None = None
    for row in _TABLE.rows(change.type):
        try:
            if _fewer(change, row["block"]):
                yield Finding(f"{row['says']}: {row['loss']}.", row["block"], severity=row["severity"])
        except UnknownValue as raised:
            unknown = unknown or raised
    if unknown is not None:
        raise unknown


@policy(
    "destructive/protected-block-removed",
    types="*",
    judges="change",
    actions=("update",),
    severity="high",
    remediation="Leave the block in, or take it away in a change of its own that says why.",
    references=("https://developer.hashicorp.com/terraform/internals/json-format",),
)
def protected_block_removed(change: Change, *, blocks: dict[str, list[str]] | None = None) -> Iterator[Finding]:
    """A change takes away a block that your settings protect.

    `blocks` names them by resource type: `{aws_route_table = ["route"]}`; a path may go deeper, with `[*]` for
    every element on the way. Without it nothing is judged.
    """
    unknown: UnknownValue | None = None
    for path in (blocks or {}).get(change.type, ()):
        try:
            if _fewer(change, path):
                yield Finding("A block that the settings protect is taken away.", path)
        except UnknownValue as raised:
            unknown = unknown or raised
    if unknown is not None:
        raise unknown


def _fewer(change: Change, path: str) -> bool:
    """Whether a path has fewer elements after than before; raises UnknownValue where only the apply can tell."""
    was = sum(_length(value) for _, value, _ in values_at(change.before, path))
    if not was:
        return False
    will = 0
    for at, value, _ in values_at(change.after, path):
        if is_unknown(value):
            if change.is_left_out(at):
                return False  # the provider decides, or a resource of its own
            bool(value)
        will += _length(value)
    return will < was


def _length(value: Any) -> int:
    if isinstance(value, Items):
        return len(value)
    return 0 if value is None or value is ABSENT else int(isinstance(value, Block))
