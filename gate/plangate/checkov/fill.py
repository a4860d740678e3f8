"""What an unknown value will come from, where Checkov does not see it: through variables of modules and for_each.

For `kms_key_id = aws_kms_key.k.arn` Checkov puts the reference in the place of the value, and so knows that there
will be one. For `var.key` in a module, and `each.value.id`, it takes the attribute for left out.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.model import Plan
    from plangate.plan.paths import Path

_MOST = 200  # unknown leaves of one change that are looked at


def fills(plan: Plan) -> dict[str, list[list[Any]]]:
    """[path, text, addresses] of each unknown value that the configuration sets by something but a resource.

    The text is a reference to the resource it comes from, or the expression's own first reference where the plan
    does not tell; the addresses are of the resources that it comes from.
    """
    found: dict[str, list[list[Any]]] = {}
    for change in plan.changes:
        if change.goes_away or change.action == "no-op" or change.deferred is not None:
            continue
        rows = [row for path in _unknown(plan, change) if (row := _row(plan, change, path)) is not None]
        if rows:
            found[change.address] = rows
    return found


def _unknown(plan: Plan, change: Change) -> list[Path]:
    """The paths of unknown leaves below attributes that the configuration writes."""
    resource = plan.configuration.resource(change)
    expressions = resource.get("expressions") if resource is not None else None
    mask = change.raw()[2]
    if type(expressions) is not dict or type(mask) is not dict:
        return []
    stack: list[tuple[Any, Path]] = [(v, (k,)) for k, v in mask.items() if v and k in expressions]
    found: list[Path] = []
    while stack and len(found) < _MOST:
        here, path = stack.pop()
        if here is True:
            found.append(path)
        elif type(here) is dict:
            stack += [(v, (*path, k)) for k, v in here.items() if v]
        elif type(here) is list:
            stack += [(v, (*path, i)) for i, v in enumerate(here) if v]
    return found


def _row(plan: Plan, change: Change, path: Path) -> list[Any] | None:
    references = plan.configuration.references_of(change, path)
    first = next((r for r in references if not r.startswith(("var.", "local."))), None)
    if not references or (first is not None and not first.startswith(("each.", "module.", "count.", "path."))):
        return None
    from plangate.plan.addresses import written_key
    from plangate.plan.instances import ANY
    from plangate.plan.references import resolve

    targets, _ = resolve(plan, change, path)
    if not targets:
        return [list(path), references[0], []]
    addresses = [
        (f"{module}." if module else "") + local + ("" if key is ANY else written_key(key))
        for module, local, key in targets
    ]
    return [list(path), f"{targets[0][1]}.{_attribute(references[0])}", addresses]


def _attribute(reference: str) -> str:
    """The name behind the last dot, where it can be one of an attribute."""
    last = reference.rpartition(".")[2]
    return last if last.isidentifier() else "id"
