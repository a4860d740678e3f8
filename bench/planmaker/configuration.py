"""The `configuration` section, gathered while the instances are made."""

from __future__ import annotations

from typing import Any

from planmaker.blueprints import Path
from planmaker.context import Instance, Type
from planmaker.encode import dumps


class _Module:
    """One module of the configuration; bodies are kept as JSON text, since there are many."""

    __slots__ = ("arguments", "calls", "keys", "outputs", "resources", "variables")

    def __init__(self, keys: int | str | None) -> None:
        self.keys = keys
        self.resources: dict[tuple[str, str], str] = {}
        self.calls: dict[str, _Module] = {}
        self.arguments: dict[str, str] = {}
        self.outputs: dict[str, str] = {}
        self.variables: dict[str, str] = {}


class Configuration:
    def __init__(self) -> None:
        self.root = _Module(None)

    def _module(self, path: Path) -> _Module:
        module = self.root
        for name, key in path:
            found = module.calls.get(name)
            if found is None:
                found = module.calls[name] = _Module(key)
            module = found
        return module

    def block(self, path: Path, kind: Type, name: str, key: int | str | None, expressions: dict[str, Any]) -> None:
        """Adds a resource block; instances after the first say nothing new."""
        resources = self._module(path).resources
        if (kind.name, name) in resources:
            return
        repeat = ""
        if isinstance(key, int):
            repeat = f',"count_expression":{{"references":["var.{name}_count"]}}'
            if not path:
                repeat = ',"count_expression":{"constant_value":2}'
        elif key is not None:
            repeat = ',"for_each_expression":{"references":["local.keys"]}'
        resources[kind.name, name] = (
            f'{{"address":"{kind.name}.{name}","mode":"managed","type":"{kind.name}","name":"{name}",'
            f'"provider_config_key":"{kind.provider}","expressions":{dumps(expressions)},'
            f'"schema_version":{kind.schema_version}{repeat}}}'
        )

    def call(self, path: Path, base: str, shared: dict[str, list[str]], arguments: dict[str, Any]) -> None:
        """What the module at `path` is given; what comes from the root passes every module between."""
        if not path:
            return
        module = self._module(path)
        for name, value in arguments.items():
            module.arguments.setdefault(name, dumps({"constant_value": value}))
            module.variables.setdefault(name, "{}")
        keyed = "each.key" if isinstance(path[-1][1], str) else "count.index"
        named = {"constant_value": base} if path[-1][1] is None else {"references": [keyed]}
        module.arguments.setdefault("name", dumps(named))
        module.variables.setdefault("name", dumps({"description": "Prefix of every name <lower case>"}))
        for depth in range(1, len(path) + 1):
            outer = self._module(path[:depth])
            for name, references in shared.items():
                given = references if depth == 1 else [f"var.{name}"]
                outer.arguments.setdefault(name, dumps({"references": given}))
                outer.variables.setdefault(name, "{}")

    def output(self, path: Path, name: str, instance: Instance, sensitive: bool) -> None:
        expression = dumps({"references": [f"{instance.local}.{name}", instance.local]})
        mark = '"sensitive":true,' if sensitive else ""
        self._module(path).outputs[name] = f'{{{mark}"expression":{expression}}}'

    def module_json(self, module: _Module | None = None, extra: str = "") -> str:
        """One module with everything below it; `extra`: fields the caller writes itself (the root's)."""
        module = module or self.root
        parts = [extra] if extra else []
        if module.outputs:
            parts.append(f'"outputs":{{{_members(module.outputs)}}}')
        if module.resources:
            listed = ",".join(module.resources[key] for key in sorted(module.resources))
            parts.append(f'"resources":[{listed}]')
        if module.calls:
            calls = {name: self._call_json(name, call) for name, call in module.calls.items()}
            parts.append(f'"module_calls":{{{_members(calls)}}}')
        if module.variables:
            parts.append(f'"variables":{{{_members(module.variables)}}}')
        return "{" + ",".join(parts) + "}"

    def _call_json(self, name: str, call: _Module) -> str:
        source = f"./modules/{name.rstrip('0123456789').rstrip('_')}"
        repeat = ""
        if isinstance(call.keys, int):
            repeat = '"count_expression":{"constant_value":2},'
        elif call.keys is not None:
            repeat = '"for_each_expression":{"references":["local.regions"]},'
        return (
            f'{{"source":"{source}","expressions":{{{_members(call.arguments)}}},{repeat}'
            f'"module":{self.module_json(call)}}}'
        )


def _members(items: dict[str, str]) -> str:
    return ",".join(f"{dumps(name)}:{items[name]}" for name in sorted(items))
