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
    from collections.abc import Callable, Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

    _Key = tuple[Any, ...]

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
            keys |= _keys(statement)
    except UnknownValue as raised:
        unknown = raised
    if not keys and unknown is None:
        return
    if change.type in _BUCKETS and buckets.restricted(change, side):
        del change.plan.pending[asked:]  # whoever it lets in, it has no effect
    elif keys:
        yield Fault(_as_before(keys, change, path) if side == "after" else keys, entry["title"], path)
    elif unknown is not None:
        raise unknown


# -- what of it is new ----------------------------------------------------------------------------------------

_MANY = 100  # of a statement with more actions times resources than that, the actions count alone
_MOST = 250_000  # pairs that are compared: longer documents are new where they are not the same


def _keys(statement: Any) -> set[_Key]:
    """What a statement lets do with what: (the word before a list, action, the word, resource)."""
    actions = [("may", word) for word in _words(statement.actions)]
    actions += [("may all but", word) for word in _words(statement.not_actions)]
    resources = [("on", word) for word in _words(statement.resources, str)]
    resources += [("on all but", word) for word in _words(statement.not_resources, str)]
    if not resources or len(actions) * len(resources) > _MANY:
        resources = [("on", "*")]
    return {(*action, *resource) for action in actions or [("may", "")] for resource in resources}


def _words(words: Any, written: Callable[[Any], str] = lambda word: str(word).lower()) -> list[Any]:
    """The known ones, actions in lower case: AWS reads them so. Not known ones stand for something new each time."""
    if is_unknown(words):
        return [object()]
    return [object() if is_unknown(word) else written(word) for word in words]


def _as_before(keys: set[_Key], change: Change, path: str) -> set[_Key]:
    """The keys; in the place of each that is a part of what was open before, one of those."""
    if change.before is ABSENT:
        return keys
    known: list[tuple[Any, set[_Key]]] = []
    asked = len(change.plan.pending)
    try:
        document = change.document(path, before=True)
        statements = document.public_statements() if document is not None else ()
        known.extend((statement, _keys(statement)) for statement in statements)  # keeps those before what is unknown
    except UnknownValue:
        del change.plan.pending[asked:]
    if len(keys) * sum(len(old) for _, old in known) > _MOST:
        return keys
    return {_old(key, known) for key in keys}


def _old(key: _Key, known: list[tuple[Any, set[_Key]]]) -> _Key:
    _, action, on, resource = key
    if any(key in old for _, old in known) or key[0] != "may" or on != "on":
        return key
    if type(action) is not str or type(resource) is not str:
        return key
    return next((next(iter(old)) for statement, old in known if statement.includes(action, resource)), key)


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
