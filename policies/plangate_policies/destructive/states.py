"""Protection that is off, whether or not this plan changes it: what a delete or a mistake would meet.

One policy for each entry of `states.policies.json`, over the rows of `states.jsonl`, and one that joins a bucket
with its versioning.
"""

from __future__ import annotations

from plangate import Finding, Policy, Undecided, UnknownValue, is_unknown, policy
from plangate_policies.tables import Table, any_holds, fits, is_empty, load, truth, values_at

from .measures import number
from .weakening import watches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

_TABLE = Table("destructive/states.jsonl")


def policies() -> tuple[Policy, ...]:
    """One policy for each entry of the file, and the one that joins."""
    made = (_policy(entry) for entry in load("destructive/states.policies.json")["policies"])
    return (*made, s3_versioning_off)


def _policy(entry: Row) -> Policy:
    name = entry["id"]

    def state(change: Change) -> Iterator[Finding]:
        unknown: UnknownValue | None = None
        for row in _TABLE.rows(change.type):
            if row["policy"] != name:
                continue
            try:
                path = _wrong(change, row)
            except UnknownValue as raised:
                unknown = unknown or raised
                continue
            if path is not None:
                source = _source(change, row, path)
                if source is not None:
                    text = f"A new object takes this over from `{source}`, and the plan does not show what that has."
                    yield Undecided(text, path, severity=row.get("severity") or entry["severity"])
                else:
                    yield Finding(entry["title"], path, severity=row.get("severity"))
                return
        if unknown is not None:
            raise unknown

    state.__name__ = name.replace("-", "_")
    state.__doc__ = f"{entry['title']}\n\n{entry['page']}"
    return policy(
        f"destructive/{name}",
        types=_TABLE.types(name),
        severity=entry["severity"],
        remediation=entry["remediation"],
        references=entry["references"],
        aliases=entry["aliases"],
        rows=lambda: [row for row in _TABLE.all() if row["policy"] == name],
    )(state)


def _wrong(change: Change, row: Row) -> str | None:
    """The path at which a row does not hold; raises UnknownValue where only the apply can tell."""
    if _is_told_of_the_change(change, row):
        return None
    if "part_of" in row and fits(change, {"path": row["part_of"], "set": True}):
        return None
    only = row.get("only_if")
    if only is not None and not _starts(change, only):
        return None
    path, unknown = _found(change, row)
    if path is None and unknown is None:
        return None
    if any_holds(change.plan, lambda excuse: fits(change, excuse), row.get("unless", ())):
        return None
    if path is None:
        bool(unknown)
    return path


def _found(change: Change, row: Row) -> tuple[str | None, Any]:
    """(the path where something else stands, an Unknown where something else may stand)."""
    unknown = None
    for path, value, there in values_at(change.after, row["path"]):
        if is_unknown(value) and not change.is_left_out(path):
            unknown = value
        elif is_unknown(value) or is_empty(value):
            absent = row["when_absent"] if there else row.get("without_block", row["when_absent"])
            if absent == "wrong":
                return path, None
        elif not _holds(value, row):
            return path, None
    return None, unknown


def _source(change: Change, row: Row, path: str) -> str | None:
    """Where a new object takes over what nobody wrote. Raises UnknownValue where only the apply can tell."""
    value = change.after[path]
    if change.action not in ("create", "replace") or not (is_unknown(value) or is_empty(value)):
        return None
    return next((source for source in row.get("inherits", ()) if fits(change, {"path": source, "set": True})), None)


def _is_told_of_the_change(change: Change, row: Row) -> bool:
    """Whether this change takes away what the row asks for, and a policy about changes says so."""
    if change.action not in ("update", "replace") or not watches(change.type, row["path"]):
        return False
    return any(_holds(value, row) for _, value, _ in values_at(change.before, row["path"]))


def _holds(value: Any, row: Row) -> bool:
    if row["op"] == "true":
        return truth(value) is True
    if row["op"] == "one_of":
        return value in row["values"]
    found = number(value, row)
    return found is not None and found >= row["values"][0]


def _starts(change: Change, condition: Row) -> bool:
    value = change.after[condition["path"]]
    if is_unknown(value):
        bool(value)
    return isinstance(value, str) and value.startswith(condition["starts"])


@policy(
    "destructive/s3-versioning-off",
    types="aws_s3_bucket",
    severity="low",
    remediation='Add an aws_s3_bucket_versioning with `versioning_configuration { status = "Enabled" }`.',
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",),
    aliases=("CKV_AWS_21", "AVD-AWS-0090"),
)
def s3_versioning_off(change: Change) -> Iterator[Finding]:
    """S3 bucket has no versioning: what is overwritten or deleted is gone.

    Versioning stands in a resource of its own, joined to the bucket, or in the bucket's old `versioning` block. A
    change that suspends it is `versioning-suspended`.
    """
    if change.companions("aws_s3_bucket_versioning", by="bucket", leaving=True):
        return  # `guard-deleted` tells
    unknown: Any = None
    for path, value, _ in values_at(change.after, "versioning[*].enabled"):
        if is_unknown(value):
            unknown = unknown if change.is_left_out(path) else value
        elif truth(value) is True:
            return
    for companion in change.companions("aws_s3_bucket_versioning", by="bucket"):
        if companion.action in ("update", "replace") and _was_on(companion):
            return  # `versioning-suspended` tells, there
        for _, value, _ in values_at(companion.after, "versioning_configuration[*].status"):
            if is_unknown(value):
                unknown = value
            elif value == "Enabled":
                return
    if unknown is not None:
        bool(unknown)
    yield Finding("The bucket keeps no older versions: nothing enables versioning for it.")


def _was_on(companion: Change) -> bool:
    return any(value == "Enabled" for _, value, _ in values_at(companion.before, "versioning_configuration[*].status"))
