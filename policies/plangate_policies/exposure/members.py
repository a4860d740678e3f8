"""Google IAM: members that are everybody. `asks` of an entry: {"critical": types of which that is critical}."""

from __future__ import annotations

from plangate import UnknownValue, is_unknown
from plangate_policies.tables import values_at

from .rules import texts
from .since import Fault, body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

# https://cloud.google.com/iam/docs/principals-overview
_EVERYBODY = {"allUsers": "everybody", "allAuthenticatedUsers": "everybody with a Google account"}
_MAX_LENGTH = 1 << 20
_SOURCE = "data.google_iam_policy."


def faults(change: Change, side: str, entry: Row, settings: dict[str, Any]) -> Iterator[Fault]:  # noqa: ARG001
    """One fault for each such member, in `member`, `members` or the document `policy_data`."""
    body = body_of(change, side)
    severity = "critical" if change.type in entry["asks"]["critical"] else None
    doubt = None
    for path in ("member", "members", "policy_data"):
        value = body[path]
        if path == "policy_data":
            found = _planned(change, value) if is_unknown(value) else _bound(value)
        else:
            found = texts(value)
        for name, whom in _EVERYBODY.items():
            if any(member == name for member in found if not is_unknown(member)):
                yield Fault({name}, f"{entry['title']} The member {name} is {whom}.", path, severity)
        doubt = next((m for m in found if is_unknown(m) and not _names_somebody(change, m)), doubt)
    if doubt is not None:
        bool(doubt)


def _names_somebody(change: Change, unknown: Any) -> bool:
    """Whether an unknown member comes from a resource, so that it names somebody that the apply makes.

    A set in which one member is not known is unknown as a whole, and so is a document: who else is in it, nobody sees.
    """
    if unknown.state != "configured":
        return bool(unknown.state == "left_out")
    if unknown.path_steps[-1] in ("members", "policy_data"):
        return False
    heads = {reference.partition(".")[0] for reference in change.references(unknown.path)}
    origin = unknown.origin or ""
    return any(head.startswith("google_") for head in (*heads, origin.partition(".")[0]))


def _planned(change: Change, unknown: Any) -> list[Any]:
    """The members of the data sources google_iam_policy that an unknown document is read from during the apply."""
    sources = [name.split(".")[2] for name in change.references("policy_data") if name.startswith(_SOURCE)]
    found = [
        member
        for data in change.plan.data
        if data.type == "google_iam_policy" and data.module_address == change.module_address and data.name in sources
        for _, members, _ in values_at(data.after, "binding[*].members")
        for member in texts(members)
    ]
    return found or [unknown]


def _bound(text: Any) -> list[Any]:
    """The members of all bindings of a policy document; raises UnknownValue for what is none."""
    if not isinstance(text, str) or not text:
        return []
    import json

    try:
        document = json.loads(text) if len(text) <= _MAX_LENGTH else None
        bindings = document.get("bindings") or []  # type: ignore[union-attr]
        return [member for binding in bindings for member in binding.get("members") or []]
    except (ValueError, AttributeError, TypeError, RecursionError):
        raise UnknownValue("policy_data", "malformed") from None
