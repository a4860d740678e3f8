"""What the cloud itself refuses: too many tags, too long ones, reserved beginnings, other characters."""

from __future__ import annotations

from plangate import Finding, SettingMistake, is_unknown, policy
from plangate_policies.tables import load

from .cover import TYPES, shown
from .values import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

    from .read import Tags

_rows: dict[str, Row] = {}


def limits() -> dict[str, Row]:
    """The limits of each cloud by its name."""
    if not _rows:
        _rows.update((row["cloud"], row) for row in load("tagging/limits.json")["rows"])
    return _rows


def rows() -> list[Row]:
    """The rows of the table."""
    return list(limits().values())


def check(settings: dict[str, Any]) -> list[str]:
    """Whether the clouds are ones whose limits are known."""
    for cloud in settings.get("clouds", ()):
        if cloud not in limits():
            raise SettingMistake("clouds", f"has {shown(cloud)}", fix=f"known are {', '.join(limits())}")
    return []


@policy(
    "tagging/tags-over-limits",
    types=TYPES,
    severity="medium",
    remediation="Shorten or remove tags; what is over a limit is refused by the cloud during the apply.",
    references=(
        "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
        "https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations",
        "https://cloud.google.com/compute/docs/labeling-resources#requirements",
    ),
    rows=rows,
    check_settings=check,
)
def tags_over_limits(change: Change, *, clouds: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Tags are over a limit of the cloud.

    Waits until `clouds` names some of `aws`, `azure`, `google` and `kubernetes`. Judged are the number of tags,
    the length of keys and values, reserved beginnings (`aws:`, `goog`, `microsoft`), and the characters that labels
    of Google and Kubernetes, and names of Azure tags, may have: what the cloud would refuse in the midst of the
    apply. What is known only after the apply is not judged, except that a part of it may already be too much.
    """
    if not clouds:
        return
    from .read import all_tags

    said, first = [], None
    for tags in all_tags(change):
        row = limits().get(tags.cloud) if tags.cloud in clouds else None
        if row is None or change.type in row["exempt"]:
            continue
        found = _over(tags, row)
        if found:
            said.append(("" if tags.own else f"In {tags.path}: ") + " ".join(found))
            first = first or tags.path
    if said:
        yield Finding(" ".join(said), first)


def _over(tags: Tags, row: Row) -> list[str]:
    keys = [key for key in tags.known if not key.lower().startswith(tuple(row.get("ignored", ("\0",))))]
    found = []
    if len(keys) > row.get("tags", len(keys)):
        found.append(f"{len(keys)} tags; {row['tags']} are the most.")
    said: list[str] = []
    for key in keys:
        name = "a key marked sensitive" if tags.hidden else shown(key)
        value = tags.known[key]
        if len(key) > row["key"]:
            said.append(f"{name} has {len(key)} characters; {row['key']} are the most.")
        elif key.lower().startswith(tuple(row["reserved"]) or ("\0",)):
            said.append(f"{name} begins as only the cloud's own tags may.")
        elif not _takes(key, row, "keys"):
            said.append(f"{name} has characters that a key may not have.")
        if is_unknown(value) or not isinstance(value, str):
            continue
        if len(value) > row["value"]:
            said.append(f"The value of {name} has {len(value)} characters; {row['value']} are the most.")
        elif not _takes(value, row, "values"):
            said.append(f"The value of {name} has characters that a value may not have.")
    return [*found, *said[:10]]


def _takes(text: str, row: Row, which: str) -> bool:
    if row.get("lower") and text != text.lower():
        return False
    return which not in row or compiled(row[which]).matches(text)
