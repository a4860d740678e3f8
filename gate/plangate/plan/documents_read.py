"""Reading policy documents of a plan: known ones, and those that a data source makes during the apply."""

from __future__ import annotations

from .documents import Condition, Document, Principal, Statement
from .documents_json import LISTS, parse
from .instances import ANY
from .malformed import NotADocument
from .paths import parse_path
from .resolve import mentions, narrowed, scope_of
from .values import ABSENT, Block, Items, Unknown, merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .change import Change
    from .resolve import Target

_SOURCE = "data.aws_iam_policy_document."
_MAX_HOPS = 20
_NAMES = ("arn", "id", "name", "number", "url")  # an attribute that is, or ends in "_" and, one of these names a thing


def document(change: Change, path: str, before: bool = False) -> Document | None:
    """The document at an attribute; None where there is none. See Change.document."""
    body = change.before if before else change.after
    value = body.at(path) if body is not ABSENT else ABSENT
    if type(value) is Unknown:
        change.plan.answered(value)
        return _made(change, value, path, _MAX_HOPS)
    return _known(value, path)


def _known(value: Any, path: str) -> Document | None:
    if value is None or value is ABSENT or value == "":
        return None
    return parse(value, path) if isinstance(value, str) else _not(path)


def _not(path: str) -> Document:
    raise NotADocument(path)


def _made(change: Change, value: Unknown, path: str, hops: int) -> Document:
    """The document that an unknown attribute will be. Raises UnknownValue when the plan does not tell."""
    target = _only_target(change, parse_path(path))
    source = _source(change, target) if target is not None and hops > 0 else None
    if source is None or target is None:
        value._ask()
    if target.local.startswith(_SOURCE):
        return _planned(source, path, hops - 1)
    # Another resource's attribute, written there: `policy = aws_iam_policy.p.policy`.
    inner = _body(source)[target.attribute] if target.attribute else ABSENT
    if type(inner) is not Unknown or inner.state != "configured":
        value._ask()
    return _made(source, inner, target.attribute or "", hops - 1)


def _body(source: Change) -> Any:
    """What a data source will be asked. Its unknown values are answered for here, so the plan takes no note."""
    after, unknown = source.body(1), source.body(2)
    return merge(after if type(after) is dict else {}, unknown, (), source.why)


def _only_target(change: Change, path: tuple[Any, ...]) -> Target | None:
    state, expression = change.plan.configuration.expression(change, path)
    if state != "configured":
        return None
    found = mentions(change.plan, expression, scope_of(change.plan, change))
    targets = narrowed(change.plan, found)
    alone = len(targets) == 1 and not found.open and not targets[0].loose
    return targets[0] if alone else None


def _source(change: Change, target: Target) -> Change | None:
    there = change.plan.instances.of(target.module, target.local)
    if target.key is ANY:
        return next(iter(there.values())) if len(there) == 1 else None
    return there.get(target.key)


def _planned(source: Change, path: str, hops: int) -> Document:
    """What `aws_iam_policy_document` will make: its sources, its own statements, what overrides them.

    A statement replaces one of the same sid (registry.terraform.io, aws_iam_policy_document).
    """
    made = Document([], [], path)
    body = _body(source)
    if type(body) is not Block:
        body._ask()
    for name in ("source_json", "source_policy_documents"):
        _merge_listed(made, source, name, body[name], hops)
    own = body["statement"]
    if type(own) is Unknown:
        made._rest.append(own._ask)
    else:
        _merge(made, [_of_block(source, block, f"statement[{i}]") for i, block in enumerate(_each(own))])
    for name in ("override_json", "override_policy_documents"):
        _merge_listed(made, source, name, body[name], hops)
    made.version, made.id = body["version"], body["policy_id"]
    return made


def _each(value: Any) -> list[Any]:
    return list(value) if type(value) is Items else []


def _merge(made: Document, statements: list[Statement]) -> None:
    for statement in statements:
        at = [
            i for i, s in enumerate(made.statements) if _has_sid(s) and _has_sid(statement) and s.sid == statement.sid
        ]
        if at:
            made.statements[at[0]] = statement
        else:
            made.statements.append(statement)


def _has_sid(statement: Statement) -> bool:
    return type(statement.sid) is str and statement.sid != ""


def _merge_listed(made: Document, source: Change, name: str, value: Any, hops: int) -> None:
    """Merge the documents of one argument. Unknown ones are those that its expression mentions, in that order."""
    listed = _each(value) if type(value) is Items else [value]
    hidden = [one for one in listed if type(one) is Unknown]
    targets = _documents_named(source, name) if hidden else []
    if type(value) is Unknown and targets and name.endswith("documents"):
        listed = hidden = [value] * len(targets)
    inner = iter(targets if len(targets) == len(hidden) else [None] * len(hidden))
    for one in listed:
        if type(one) is not Unknown:
            found = _known(one, made.path)
            _merge(made, found.statements if found is not None else [])
            continue
        target = next(inner)
        other = _source(source, target) if target is not None and hops > 0 else None
        if other is None:
            made._rest.append(one._ask)
            continue
        planned = _planned(other, made.path, hops - 1)
        _merge(made, planned.statements)
        made._rest += planned._rest


def _documents_named(source: Change, name: str) -> list[Target]:
    """The documents that an argument is certainly made of; [] where that cannot be told."""
    state, expression = source.plan.configuration.expression(source, (name,))
    if state != "configured":
        return []
    found = mentions(source.plan, expression, scope_of(source.plan, source))
    targets = narrowed(source.plan, found)
    sure = not found.open and not found.condition and all(t.local.startswith(_SOURCE) and not t.loose for t in targets)
    return targets if sure else []


def _of_block(source: Change, block: Any, path: str) -> Statement:
    if type(block) is not Block:
        return Statement(block)
    effect = block["effect"]
    parts: dict[str, Any] = {part: _list(block[part]) for part in LISTS.values()}
    for part in ("principals", "not_principals"):
        parts[part] = _planned_principals(source, block[part], f"{path}.{part}")
    conditions = block["condition"]
    parts["conditions"] = (
        conditions
        if type(conditions) is Unknown
        else [Condition(c["test"], c["variable"], _list(c["values"])) for c in _each(conditions) if type(c) is Block]
    )
    sid = block["sid"]
    plain = type(effect) is not Unknown and (effect is None or effect is ABSENT or effect == "")
    return Statement("Allow" if plain else effect, sid, **parts)


def _list(value: Any) -> Any:
    return value if type(value) is Unknown else _each(value)


def _planned_principals(source: Change, value: Any, path: str) -> Any:
    if type(value) is Unknown:
        return value
    made = []
    for i, block in enumerate(_each(value)):
        if type(block) is not Block:
            made.append(Principal("AWS", block))
            continue
        ids = block["identifiers"]
        unknown = type(ids) is Unknown or any(type(one) is Unknown for one in _each(ids))
        names = unknown and _names_things(source, f"{path}[{i}].identifiers")
        listed = [ids] if type(ids) is Unknown else _each(ids)
        made += [Principal(block["type"], one, names) for one in listed]
    return made


def _names_things(source: Change, path: str) -> bool:
    """Whether an unknown list holds only what names a resource: ARNs, ids, account numbers."""
    state, expression = source.plan.configuration.expression(source, parse_path(path))
    if state != "configured":
        return False
    found = mentions(source.plan, expression, scope_of(source.plan, source))
    targets = narrowed(source.plan, found)
    return bool(targets) and not found.open and all(_is_name(t.attribute) for t in targets)


def _is_name(attribute: str | None) -> bool:
    return attribute is not None and attribute.rpartition("_")[2] in _NAMES
