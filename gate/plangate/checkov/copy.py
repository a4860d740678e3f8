"""plangate's own copy of a plan for Checkov: only what its checks can look at, without secrets, written afresh.

A sensitive string becomes `(sensitive)`, a sensitive number 0; null, true, false and "" stay. What the plan marks
sensitive anywhere is hidden wherever it stands. Where a plan has no marks (Terraform before 0.15), what stands under
the name of a secret is hidden.
"""

from __future__ import annotations

from plangate.report.names import secret_name
from plangate.report.redact import MARKER, Redactor

from .fill import fills

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.model import Plan

_LARGEST = 1.7976931348623157e308


class Copy:
    """A document, not yet written: `resources` are how many it has, `addresses` what a result may name."""

    __slots__ = ("_document", "_large", "_real", "_resources", "addresses", "resources")

    def __init__(self, document: dict[str, Any], maker: _Maker, large: bool) -> None:
        self._document, self._large, self._real = document, large, maker.real
        self._resources = document["planned_values"]["root_module"].setdefault("resources", [])
        self.resources, self.addresses = maker.count, maker.addresses

    def address(self, shown: str) -> str:
        """The plan's address for one of the copy."""
        return self._real.get(shown, shown)

    def data(self) -> bytes:
        """The document as JSON."""
        return _written(self._document, self._large)

    def with_canary(self, canary: dict[str, Any]) -> bytes:
        """The document as JSON, with one more resource in the root module."""
        self._resources.append(canary)
        try:
            return self.data()
        finally:
            self._resources.pop()


def copy(plan: Plan, redactor: Redactor) -> Copy:
    """The copy of a plan, with every secret that `redactor` knows and every marked value taken out."""
    maker = _Maker(redactor)
    changed = changes(plan)
    maker.gone = {address for address, found in changed.items() if found[0] == ["forget"]}
    values = plan.sections.get("planned_values")
    root = values.get("root_module") if type(values) is dict else None
    configuration = plan.sections.get("configuration")
    configuration = configuration if type(configuration) is dict else {}
    document = {
        "planned_values": {"root_module": maker.module(root)},
        "configuration": redactor.tree(
            {
                "root_module": maker.configured(configuration.get("root_module")),
                "provider_config": maker.providers(configuration.get("provider_config")),
            }
        ),
        "changes": {maker.address(a): found for a, found in changed.items()},
        "fill": {maker.address(a): redactor.tree(found) for a, found in fills(plan).items()},
    }
    return Copy(document, maker, plan.sections._decode is not None)


def changes(plan: Plan) -> dict[str, list[Any]]:
    """[actions, attributes that differ] of each address; of several entries of one, the last."""
    found = {}
    for change in plan.changes:
        if change.deferred is None:
            found[change.address] = [list(change.actions), _differing(change)]
    return found


def _differing(change: Any) -> list[str]:
    if change._decode is not None and not change._done & 3:
        from plangate.plan import large

        if bytes(change._before) == b"null" or large.same(change._before, change._after):
            return []
    before, after = change.body(0), change.body(1)
    if type(before) is not dict or not before:
        return []
    after = after if type(after) is dict else {}
    return [name for name, value in before.items() if value != after.get(name)]


class _Maker:
    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self.real: dict[str, str] = {}
        self.addresses: set[str] = set()
        self.count = 0
        self.gone: set[str] = set()

    def address(self, address: str) -> str:
        shown = self._redactor.text(address)
        if shown != address:
            while shown in self.real and self.real[shown] != address:
                shown += "'"
            self.real[shown] = address
        return shown

    def module(self, module: Any) -> dict[str, Any]:
        """A module of planned_values, and those below it."""
        if type(module) is not dict:
            return {}
        made: dict[str, Any] = {"resources": [self._resource(r) for r in _dicts(module.get("resources"))]}
        address = module.get("address")
        if type(address) is str:
            made["address"] = self._redactor.text(address)
        children = [self.module(child) for child in _dicts(module.get("child_modules"))]
        if children:
            made["child_modules"] = children
        return made

    def _resource(self, resource: dict[str, Any]) -> dict[str, Any]:
        made = {k: self._redactor.text(v) for k in ("mode", "type", "name") if type(v := resource.get(k)) is str}
        address = resource.get("address")
        made["address"] = shown = self.address(address) if type(address) is str else ""
        if made.get("mode") in ("managed", "data") and address not in self.gone:
            self.count += 1
            self.addresses.add(shown)
        made.setdefault("type", "")
        values = resource.get("values")
        if type(values) is dict:
            mask = resource.get("sensitive_values")
            if mask is None:
                values = _by_name("", values)
            elif mask:
                values = masked(values, mask)
            made["values"] = self._redactor.tree(values)
        return made

    def configured(self, module: Any) -> dict[str, Any]:
        """A module of the configuration: references, provisioners, and the modules it calls."""
        if type(module) is not dict:
            return {}
        resources = []
        for resource in _dicts(module.get("resources")):
            made = {k: v for k in ("address", "type", "name") if type(v := resource.get(k)) is str}
            expressions = _references(resource.get("expressions"))
            if expressions:
                made["expressions"] = expressions
            provisioners = _dicts(resource.get("provisioners"))
            if provisioners:
                made["provisioners"] = _by_name("", provisioners)
            resources.append(made)
        calls = {
            name: {"module": self.configured(call.get("module"))}
            for name, call in (module.get("module_calls") or {}).items()
            if type(call) is dict
        }
        return {"resources": resources, **({"module_calls": calls} if calls else {})}

    def providers(self, configs: Any) -> dict[str, Any]:
        """Provider configurations with the constants that they are given."""
        made = {}
        for key, config in configs.items() if type(configs) is dict else ():
            if type(config) is dict:
                expressions = config.get("expressions")
                given = {
                    name: {"constant_value": _by_name(name, e.get("constant_value"))}
                    for name, e in (expressions.items() if type(expressions) is dict else ())
                    if type(e) is dict
                }
                names = {k: v for k in ("name", "alias") if type(v := config.get(k)) is str}
                made[key] = {**names, "expressions": given}
                self.addresses.add(f"{config.get('name')}.{config.get('alias', 'default')}")
        return made


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if type(item) is dict] if type(value) is list else []


def _references(expression: Any) -> Any:
    """What an expression refers to, block by block; constants and what mentions nothing are left out."""
    if type(expression) is list:
        made = [_references(item) for item in expression]
        return made if any(made) else None
    if type(expression) is not dict or "constant_value" in expression:
        return None
    if "references" in expression:
        listed = expression["references"]
        return {"references": [r for r in listed if type(r) is str] if type(listed) is list else []}
    return {name: made for name, item in expression.items() if (made := _references(item))}


def masked(value: Any, mask: Any) -> Any:
    """A value with placeholders where its mask marks; a mask of another shape marks all of it."""
    if mask is False or mask is None:
        return value
    kind = type(value)
    if kind is dict:
        if type(mask) is dict:
            return {k: masked(v, mask[k]) if mask.get(k) else v for k, v in value.items()}
        return {k: masked(v, True) for k, v in value.items()}
    if kind is list:
        if type(mask) is list and len(mask) == len(value):
            return [masked(v, m) for v, m in zip(value, mask, strict=True)]
        return [masked(v, True) for v in value] if mask else value
    if mask in ({}, []):
        return value
    return placeholder(value)


def placeholder(value: Any) -> Any:
    """What stands for a leaf that must not be seen."""
    if value is None or value is True or value is False or value == "":
        return value
    return MARKER if type(value) is str else 0


def _by_name(name: str, value: Any) -> Any:
    """A value with placeholders under the names of secrets."""
    if type(value) is dict:
        return {k: _by_name(k, v) for k, v in value.items()}
    if type(value) is list:
        return [_by_name(name, v) for v in value]
    return placeholder(value) if name and secret_name(name) else value


def _written(document: Any, large: bool) -> bytes:
    if large:
        import msgspec

        return msgspec.json.Encoder(decimal_format="number").encode(document)
    import json

    return json.dumps(document, separators=(",", ":"), default=_number).encode("ascii")


def _number(value: Any) -> float:
    """A number that no float is equal to, as the nearest one."""
    return max(min(float(value), _LARGEST), -_LARGEST)
