"""Policy documents that let everybody in.

`asks` of an entry names the attribute: {"document": "policy", "documents": {type: attribute where it is another}}.
"""

from __future__ import annotations

from plangate import ABSENT, UnknownValue, is_unknown
from plangate_policies.tables import is_empty

from . import buckets
from .since import Fault, body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

_DOMAINS = {
    "aws_opensearch_domain": "aws_opensearch_domain_policy",
    "aws_elasticsearch_domain": "aws_elasticsearch_domain_policy",
}
_BUCKETS = (buckets.POLICY, "aws_s3_bucket")


def faults(change: Change, side: str, entry: Row, settings: dict[str, Any]) -> Iterator[Fault]:  # noqa: ARG001
    """One fault for a document that lets everybody in; raises UnknownValue where that cannot be told."""
    asks = entry["asks"]
    path = asks.get("documents", {}).get(change.type, asks["document"])
    if side == "after" and change.is_left_out(path):
        return  # what the service makes by itself lets nobody else in
    document = change.document(path, before=side == "before")
    if document is None or _is_void(change, side):
        return
    keys: set[Any] = set()
    unknown: UnknownValue | None = None
    asked = len(change.plan.pending)
    try:
        for statement in document.public_statements():
            keys |= {("may", word) for word in _words(statement.actions)}
            keys |= {("may all but", word) for word in _words(statement.not_actions)}
            keys = keys or {"may"}
    except UnknownValue as raised:
        unknown = raised
    if not keys and unknown is None:
        return
    if change.type in _BUCKETS and buckets.restricted(change, side):
        del change.plan.pending[asked:]  # whoever it lets in, it has no effect
    elif keys:
        yield Fault(keys, entry["title"], path)
    elif unknown is not None:
        raise unknown


def _words(actions: Any) -> list[Any]:
    """The known actions, in lower case: AWS reads them so. Not known ones stand for something new each time."""
    if is_unknown(actions):
        return [object()]
    return [object() if is_unknown(word) else str(word).lower() for word in actions]


def _is_void(change: Change, side: str) -> bool:
    """Whether the document cannot let in the Internet: a search domain in a VPC is reached through its network."""
    domain: Change | None = change
    if change.type in _DOMAINS.values():
        kind = next(name for name, policy in _DOMAINS.items() if policy == change.type)
        domain = buckets.parent_of(change, "domain_name", kind)
    elif change.type not in _DOMAINS:
        return False
    if domain is None or body_of(domain, side) is ABSENT:
        return False
    options = body_of(domain, side)["vpc_options"]
    if is_unknown(options) and options.state == "uncertain":
        bool(options)  # raises: a `dynamic` makes it, or nothing
    return options.state == "configured" if is_unknown(options) else not is_empty(options)
