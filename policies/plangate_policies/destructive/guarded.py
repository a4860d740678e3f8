"""Deletes that the API or the provider will refuse: the apply stops half-way."""

from __future__ import annotations

from plangate import Finding, policy, stateful_rows
from plangate_policies.tables import is_empty, truth

from .losses import first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plangate import Change

_ROWS = stateful_rows()
_TYPES = _ROWS.having("stops", "holds", "unnamed", "features")


@policy(
    "destructive/delete-will-fail",
    types=_TYPES,
    judges="change",
    actions=("delete", "replace"),
    severity="medium",
    remediation="Take the protection away in a change of its own, apply it, and delete then; or keep the object.",
    references=("https://developer.hashicorp.com/terraform/cli/commands/apply",),
    rows=lambda: [_ROWS[type_] for type_ in _TYPES],
)
def delete_will_fail(change: Change) -> Iterator[Finding]:
    """A delete will fail at apply, and leave the change half done.

    The state decides, not the configuration of this change: deletion protection that is on, a final snapshot
    that is wanted and has no name, and, as `low`, a bucket, registry or zone that is deleted only when it is
    empty. Nothing is lost there, but everything that Terraform does first is done, and the rest is not.
    """
    if not change.is_destructive or change.deposed is not None:
        return
    row = _ROWS[change.type]
    if first(change, row, "stays") is not None:
        return
    path = first(change, row, "stops")
    if path is not None:
        yield Finding(f"The apply stops at {row['what']}: `{path}` is on, and a delete is refused.", path)
        return
    unnamed = row.get("unnamed")
    if unnamed and truth(change.before[unnamed["skip"]]) is False and is_empty(change.before[unnamed["path"]]):
        yield Finding(
            f"The apply stops at {row['what']}: a last copy is wanted and `{unnamed['path']}` names none.",
            unnamed["path"],
        )
        return
    path = first(change, row, "holds")
    if path is not None:
        why = "the provider has" if path.startswith("features.") else "the state has"
        said = f"The apply stops at {row['what']} if something is still in it: {why} `{path}` so."
        yield Finding(said, path, severity="low")
