"""A plan document of a few changes of a plan: their entries, and of the configuration what joins them."""

from __future__ import annotations

import json

from plangate.plan.addresses import module_steps
from plangate.plan.checks import walk

from .fixture_changes import entry
from .pseudonyms import Pseudonyms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.change import Change
    from plangate.plan.model import Plan

    from .redact import Redactor

    Module = tuple[str, ...]  # the names of the calls that lead to it

_FACTS = ("format_version", "terraform_version", "timestamp", "errored", "applyable", "complete")


def fixture(plan: Plan, changes: list[Change], redactor: Redactor, names: bool = True) -> str:
    """The document of these changes, in the plan's order; with `names` the names of things become pseudonyms."""
    pseudonyms = Pseudonyms(redactor, names)
    kept = [change for change in plan.changes if any(change is one for one in changes)]
    for change in kept:
        before, after, *_ = change.raw()
        pseudonyms.learn([before, after])
    configuration = _Part(plan, kept, pseudonyms)
    made: dict[str, Any] = {k: plan.facts[k] for k in _FACTS if plan.facts.get(k) is not None}
    made["resource_changes"] = [entry(change, pseudonyms) for change in kept if not change.deferred]
    deferred = [{"reason": c.deferred, "resource_change": entry(c, pseudonyms)} for c in kept if c.deferred]
    if deferred:
        made["deferred_changes"] = deferred
    variables = configuration.variables()
    if variables:
        made["variables"] = variables
    state = configuration.state()
    if state:
        made["prior_state"] = {"format_version": "1.0", "values": {"root_module": {"resources": state}}}
    if plan.configuration.present:
        made["configuration"] = configuration.section()
    text = json.dumps(made, indent=2, default=_number)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text + "\n"


def _number(value: Any) -> Any:
    """A number that a float would round."""
    return float(value)


class _Part:
    """The part of a configuration that the joins of some changes go through."""

    def __init__(self, plan: Plan, changes: list[Change], pseudonyms: Pseudonyms) -> None:
        self._plan, self._pseudonyms = plan, pseudonyms
        self._resources: dict[Module, dict[str, bool]] = {(): {}}  # -> address: whether all of it is kept
        self._outputs: dict[Module, set[str]] = {}
        self._variables: dict[Module, set[str]] = {}
        self._marks: dict[tuple[Module, str], list[Any]] = {}
        self._todo: list[tuple[Module, Any]] = []
        self._providers: set[str] = set()
        for change in changes:
            module = tuple(name for name, _ in module_steps(change.module_address))
            local = ("data." if change.mode == "data" else "") + f"{change.type}.{change.name}"
            self._marks.setdefault((module, local), []).extend(change.raw()[3:5])
            self._providers.add(change.type.partition("_")[0])
            self._keep(module, local, whole=True)
        while self._todo:
            module, expression = self._todo.pop()
            found = [[word.partition("[")[0] for word in reference.split(".")] for reference in _references(expression)]
            # Terraform names `module.b` after `module.b.id`, too: then it is not the whole module that is meant.
            partly = {words[1] for words in found if words[0] == "module" and len(words) > 2}
            for words in found:
                if len(words) != 2 or words[0] != "module" or words[1] not in partly:
                    self._follow(module, words)

    def _found(self, module: Module) -> dict[str, Any] | None:
        return self._plan.configuration.module(".".join(f"module.{name}" for name in module))

    def _enter(self, module: Module) -> None:
        for depth in range(1, len(module) + 1):
            if module[:depth] not in self._resources:
                self._resources[module[:depth]] = {}
                call = self._call(module[:depth])
                self._todo += [(module[: depth - 1], call.get(k)) for k in ("for_each_expression", "count_expression")]

    def _call(self, module: Module) -> dict[str, Any]:
        calls = _table((self._found(module[:-1]) or {}).get("module_calls"))
        return _table(calls.get(module[-1]))

    def _keep(self, module: Module, local: str, whole: bool) -> None:
        found = self._found(module)
        resource = self._plan.configuration.resource_in(found, local) if found is not None else None
        if resource is None:
            return
        self._enter(module)
        known = self._resources[module].get(local)
        if known or known is whole:
            return
        self._resources[module][local] = whole
        if whole:
            keys = ("expressions", "for_each_expression", "count_expression")
            self._todo += [(module, resource.get(key)) for key in keys]

    def _follow(self, module: Module, words: list[str]) -> None:
        if words[0] == "var" and len(words) > 1:
            self._give(module, words[1])
        elif words[0] == "module" and len(words) > 1:  # of `module.b` alone any output may be meant
            inner = (*module, words[1])
            for name in words[2:3] or _table((self._found(inner) or {}).get("outputs")):
                self._take(inner, name)
        elif words[0] == "local":  # it may be anything that its module can name
            for name in _table(self._call(module).get("expressions")) if module else ():
                self._give(module, name)
            for call in _table((self._found(module) or {}).get("module_calls")):
                for name in _table((self._found((*module, call)) or {}).get("outputs")):
                    self._take((*module, call), name)
        elif words[0] == "data" and len(words) > 2:
            self._keep(module, ".".join(words[:3]), whole=True)
        elif len(words) > 1:
            self._keep(module, ".".join(words[:2]), whole=False)

    def _give(self, module: Module, variable: str) -> None:
        """Keep what a module is given for a variable."""
        given = self._variables.setdefault(module, set())
        if variable not in given:
            given.add(variable)
            if not module:
                return
            self._todo.append((module[:-1], _table(self._call(module).get("expressions")).get(variable)))

    def _take(self, module: Module, output: str) -> None:
        """Keep what an output of a module is made of."""
        found = self._found(module)
        if found is None or output in self._outputs.get(module, ()):
            return
        self._enter(module)
        self._outputs.setdefault(module, set()).add(output)
        self._todo.append((module, _table(_table(found.get("outputs")).get(output)).get("expression")))

    # -- writing ------------------------------------------------------------------------------------------

    def section(self) -> dict[str, Any]:
        configs = _table(_table(self._plan.sections.get("configuration")).get("provider_config"))
        kept = {}
        for key, config in configs.items():
            if type(config) is dict and str(config.get("name")) in self._providers:
                expressions = self._expressions(config.get("expressions"), "")
                kept[key] = {**config, **({"expressions": expressions} if expressions else {})}
        return {"provider_config": kept, "root_module": self._module(())}

    def _module(self, module: Module) -> dict[str, Any]:
        found = self._found(module) or {}
        made: dict[str, Any] = {}
        resources = [self._resource(module, local, whole) for local, whole in self._resources[module].items()]
        if resources:
            made["resources"] = resources
        if module in self._outputs:
            outputs = _table(found.get("outputs"))
            made["outputs"] = {
                name: {"expression": self._expressions(_table(outputs.get(name)).get("expression"), name)}
                for name in sorted(self._outputs[module])
            }
        defaults = self._defaults(module, found)
        if defaults:
            made["variables"] = defaults
        inner = {m for m in self._resources if len(m) == len(module) + 1 and m[:-1] == module}
        if inner:
            made["module_calls"] = {m[-1]: self._written_call(m) for m in sorted(inner)}
        return made

    def _defaults(self, module: Module, found: dict[str, Any]) -> dict[str, Any]:
        """What the variables come to that the caller says nothing of: it may be nothing at all."""
        given = _table(self._call(module).get("expressions")) if module else {}
        declared = {name: _table(_table(found.get("variables")).get(name)) for name in self._variables.get(module, ())}
        return {
            name: {"default": self._pseudonyms.body(variable["default"], bool(variable.get("sensitive")), name=name)}
            for name, variable in sorted(declared.items())
            if name not in given and "default" in variable
        }

    def variables(self) -> dict[str, Any]:
        """The root's variables that something here refers to, with their values as `body` writes them."""
        values, declared = (
            _table(self._plan.sections.get("variables")),
            _table((self._found(()) or {}).get("variables")),
        )
        wanted = [name for name in sorted(self._variables.get((), ())) if "value" in _table(values.get(name))]
        # What is not declared may be anything; so may what is marked.
        hidden = {name: name not in declared or bool(_table(declared[name]).get("sensitive")) for name in wanted}
        return {n: {"value": self._pseudonyms.body(values[n]["value"], hidden[n], name=n)} for n in wanted}

    def _written_call(self, module: Module) -> dict[str, Any]:
        call = self._call(module)
        given = _table(call.get("expressions"))
        wanted = sorted(self._variables.get(module, ()))
        made = {k: call[k] for k in ("source", "version_constraint") if type(call.get(k)) is str}
        made = {k: self._pseudonyms.text(v) for k, v in made.items()}
        made["expressions"] = {k: self._expressions(given[k], k) for k in wanted if k in given}
        for key in ("for_each_expression", "count_expression"):
            if key in call:
                made[key] = self._expressions(call[key], "")
        return {**made, "module": self._module(module)}

    def _resource(self, module: Module, local: str, whole: bool) -> dict[str, Any]:
        found = self._found(module)
        assert found is not None
        resource = self._plan.configuration.resource_in(found, local) or {}
        plain = ("address", "mode", "type", "name", "provider_config_key", "schema_version")
        made = {k: resource[k] for k in plain if k in resource}
        if whole:
            marks = self._marks.get((module, local), [])
            made["expressions"] = self._expressions(resource.get("expressions"), "", marks)
            provisioners = resource.get("provisioners")
            if type(provisioners) is list:
                made["provisioners"] = [{"type": p.get("type")} for p in provisioners if type(p) is dict]
        for key in ("for_each_expression", "count_expression"):
            if key in resource:
                made[key] = self._expressions(resource[key], "") if whole else {}
        return made

    def _expressions(self, node: Any, name: str, marks: Any = ()) -> Any:
        """Expressions with their constants as `body` writes values; references stay."""
        if type(node) is list:
            inner = [_step(marks, i) for i in range(len(node))]
            return [self._expressions(item, name, m) for item, m in zip(node, inner, strict=True)]
        if type(node) is not dict:
            return node
        if "constant_value" in node:
            return {"constant_value": self._pseudonyms.body(node["constant_value"], *marks, name=name)}
        if "references" in node:
            return {"references": node["references"]}
        single = [m[0] if type(m) is list and len(m) == 1 else m for m in marks]
        return {k: self._expressions(v, k, _step(single, k)) for k, v in node.items()}

    def state(self) -> list[dict[str, Any]]:
        """The data sources that were read already and that something here refers to."""
        found = []
        for resource in walk(_table(self._plan.sections.get("prior_state")).get("values")):
            module = tuple(name for name, _ in module_steps(str(resource.get("module_address") or _head(resource))))
            local = f"data.{resource.get('type')}.{resource.get('name')}"
            if resource.get("mode") == "data" and local in self._resources.get(module, {}):
                marks = resource.get("sensitive_values")
                body = self._pseudonyms.body(resource.get("values"), marks)
                found.append({**resource, "values": body, "sensitive_values": self._pseudonyms.mask(marks)})
        return found


def _table(value: Any) -> dict[str, Any]:
    """The value, {} where it is no object."""
    return value if type(value) is dict else {}


def _head(resource: dict[str, Any]) -> str:
    """The module of a resource of the state, which only its address tells."""
    return str(resource.get("address", "")).partition(f"data.{resource.get('type')}.")[0].rstrip(".")


def _step(marks: Any, step: Any) -> list[Any]:
    found = []
    for mark in marks:
        if type(mark) is dict:
            found.append(mark.get(step))
        elif type(mark) is list:
            found.append(mark[step] if type(step) is int and step < len(mark) else None)
        else:
            found.append(mark)
    return found


def _references(node: Any) -> list[str]:
    found: list[str] = []
    stack = [node]
    while stack:
        here = stack.pop()
        if type(here) is dict:
            listed = here.get("references")
            if type(listed) is list:
                found += [r for r in listed if type(r) is str]
            else:
                stack += here.values()
        elif type(here) is list:
            stack += here
    return found
