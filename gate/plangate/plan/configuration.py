"""The `configuration` section: what the author wrote, as far as the plan document tells.

It holds expressions as {"constant_value"} or {"references"}; `dynamic` blocks, functions, locals and lifecycle
are not in it (JSON format, "Expression Representation"; measured on Terraform 1.11).
"""

from __future__ import annotations

from .addresses import module_address, module_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .change import Change
    from .paths import Path

    Module = dict[str, Any]


class Configuration:
    """Questions to the configuration; a missing or odd one answers "cannot be told"."""

    def __init__(self, section: Any) -> None:
        self.present = type(section) is dict and type(section.get("root_module")) is dict
        self._section: dict[str, Any] = section if type(section) is dict else {}
        self._modules: dict[str, Module | None] = {}
        self._resources: dict[int, dict[str, dict[str, Any]]] = {}

    # -- finding things -----------------------------------------------------------------------------------

    def module(self, address: str) -> Module | None:
        """The configuration of a module instance (`module.a["x"].module.b[0]`), None when it is not there."""
        if address in self._modules:
            return self._modules[address]
        module: Any = self._section.get("root_module")
        for name, _ in module_steps(address):
            calls = module.get("module_calls") if type(module) is dict else None
            call = calls.get(name) if type(calls) is dict else None
            module = call.get("module") if type(call) is dict else None
        found: Module | None = module if type(module) is dict else None
        self._modules[address] = found
        return found

    def call(self, address: str) -> tuple[str, Module, dict[str, Any], Any] | None:
        """The call of a module instance: (caller's address, caller, the call, its instance key)."""
        steps = module_steps(address)
        if not steps:
            return None
        caller_address = module_address(steps[:-1])
        caller = self.module(caller_address)
        calls = caller.get("module_calls") if caller else None
        call = calls.get(steps[-1][0]) if type(calls) is dict else None
        return (caller_address, caller, call, steps[-1][1]) if caller and type(call) is dict else None

    def resource_in(self, module: Module, address: str) -> dict[str, Any] | None:
        """A resource of one module by `type.name` (`data.` in front for data sources)."""
        index = self._resources.get(id(module))
        if index is None:
            listed = module.get("resources")
            listed = listed if type(listed) is list else []
            index = {r["address"]: r for r in listed if type(r) is dict and type(r.get("address")) is str}
            self._resources[id(module)] = index
        return index.get(address)

    def resource(self, change: Change) -> dict[str, Any] | None:
        """The configuration of a change's resource, None for one that is gone from it."""
        module = self.module(change.module_address)
        if module is None:
            return None
        local = f"{change.type}.{change.name}"
        return self.resource_in(module, f"data.{local}" if change.mode == "data" else local)

    # -- questions ----------------------------------------------------------------------------------------

    def expression(self, change: Change, path: Path) -> tuple[str, Any]:
        """("configured", expression), ("left_out", None) or ("uncertain", None) for one attribute.

        A set has no order, so a block of several elements is told only when all of them agree.
        """
        resource = self.resource(change)
        here: Any = resource.get("expressions") if resource is not None else None
        if type(here) is not dict:
            return ("left_out", None) if resource is not None else ("uncertain", None)
        return _follow(here, path)

    def expressions(self, change: Change, path: Path) -> tuple[list[Any], bool]:
        """Every expression at a path, whichever element of a block it is in, and whether some may not be written.

        What a `dynamic` made is not written, nor anything of a resource that the configuration does not have.
        """
        resource = self.resource(change)
        if resource is None:
            return [], True
        return _every(resource.get("expressions"), path)

    def all_expressions(self, change: Change) -> list[Any]:
        """The expressions of all arguments of a resource, blocks left out."""
        return list(self.arguments(change).values())

    def arguments(self, change: Change) -> dict[str, Any]:
        """The expressions of all arguments of a resource by name; {} where none is written."""
        resource = self.resource(change)
        found = resource.get("expressions") if resource is not None else None
        return found if type(found) is dict else {}

    def why_unknown(self, change: Change, path: Path) -> tuple[str, str | None]:
        """The state and origin of an unknown value (see plan.values.Unknown)."""
        state, expression = self.expression(change, path)
        if state != "configured":
            if state == "left_out" and path:
                from .blocks import only_written

                state = "uncertain" if only_written(change.type, path) else state
            return state, None
        from .settled import is_nothing

        if is_nothing(change.plan, change.module_address, expression):
            return "left_out", None
        references = _references(expression)
        return state, references[0] if references else None

    def references_of(self, change: Change, path: Path) -> list[str]:
        """The references of an attribute's expression, [] for a constant or where nothing is written."""
        return _references(self.expression(change, path)[1])

    def provisioners_of(self, change: Change) -> list[str]:
        resource = self.resource(change)
        return _provisioners(resource) if resource is not None else []

    def provider_of(self, change: Change) -> dict[str, Any]:
        """The expressions of the provider configuration of a change; {} when it has none or is inherited."""
        found = self.provider_config_of(change)
        expressions = found.get("expressions") if found is not None else None
        return expressions if type(expressions) is dict else {}

    def provider_config_of(self, change: Change) -> dict[str, Any] | None:
        """The provider configuration that a change's resource names, also one without arguments; None for none."""
        resource = self.resource(change)
        configs = self._section.get("provider_config")
        key = resource.get("provider_config_key") if resource is not None else None
        found = configs.get(key) if type(configs) is dict and type(key) is str else None
        return found if type(found) is dict else None

    def provider_configs(self) -> list[dict[str, Any]]:
        configs = self._section.get("provider_config")
        return [c for c in configs.values() if type(c) is dict] if type(configs) is dict else []

    def module_calls(self) -> list[dict[str, Any]]:
        """Every module call with its address, nested ones after their caller."""
        return [
            {
                "address": address,
                "source": call.get("source"),
                "version_constraint": call.get("version_constraint"),
            }
            for address, call in self._walk_calls()
        ]

    def _walk_calls(self) -> list[tuple[str, dict[str, Any]]]:
        found: list[tuple[str, dict[str, Any]]] = []
        stack: list[tuple[str, Any]] = [("", self._section.get("root_module"))]
        while stack:
            prefix, module = stack.pop()
            calls = module.get("module_calls") if type(module) is dict else None
            for name, call in calls.items() if type(calls) is dict else ():
                if type(call) is dict:
                    address = f"{prefix}module.{name}"
                    found.append((address, call))
                    stack.append((f"{address}.", call.get("module")))
        return found

    def all_provisioners(self) -> list[tuple[str, str]]:
        """(address of the resource without instance keys, provisioner type), for every one in the configuration."""
        modules = [("", self._section.get("root_module"))]
        modules += [(f"{address}.", call.get("module")) for address, call in self._walk_calls()]
        return [
            (prefix + str(resource.get("address", "")), kind)
            for prefix, module in modules
            if type(module) is dict and type(module.get("resources")) is list
            for resource in module["resources"]
            if type(resource) is dict and resource.get("provisioners")
            for kind in _provisioners(resource)
        ]


def _provisioners(resource: dict[str, Any]) -> list[str]:
    listed = resource.get("provisioners")
    return [str(p.get("type")) for p in listed if type(p) is dict] if type(listed) is list else []


def _references(expression: Any) -> list[str]:
    listed = expression.get("references") if type(expression) is dict else None
    return [r for r in listed if type(r) is str] if type(listed) is list else []


def _follow(here: Any, path: Path) -> tuple[str, Any]:
    for at, step in enumerate(path):
        if type(here) is list:
            rest = path[at + 1 :] if isinstance(step, int) else path[at:]
            if not rest:
                return "configured", None
            answers = [_follow(element, rest) for element in here]
            states = {state for state, _ in answers}
            if len(states) == 1 and answers:
                return answers[0] if len(answers) == 1 else (answers[0][0], _same([e for _, e in answers]))
            return "uncertain", None
        if type(here) is not dict:
            return "uncertain", None
        if isinstance(step, int):
            continue  # a single nested block: an object here, a list of one in the value
        if "references" in here or "constant_value" in here:
            # An attribute whose inside is asked for: a map or object made by one expression.
            return "configured", here
        if step not in here:
            # A block that stands in the value but not here was made by `dynamic`: nothing can be told of it.
            return ("left_out", None) if at + 1 == len(path) else ("uncertain", None)
        here = here[step]
    return "configured", here


def _every(expressions: Any, path: Path) -> tuple[list[Any], bool]:
    here, missing = [expressions], False
    for at, step in enumerate(path):
        if isinstance(step, int) or step == "*":
            continue
        spread = [one for e in here for one in (e if type(e) is list else [e]) if type(one) is dict]
        # One expression that makes the whole block.
        done = [e for e in spread if at and ("references" in e or "constant_value" in e)]
        inner = [e for e in spread if e not in done]
        missing = missing or (at == 0 and len(path) > 1 and not any(step in e for e in inner))
        here = done + [e[step] for e in inner if step in e]
    return [one for e in here for one in (e if type(e) is list else [e])], missing


def _same(expressions: list[Any]) -> Any:
    return expressions[0] if all(e == expressions[0] for e in expressions) else None
