"""Which strings of a plan must not be shown: everything that any of its sections marks.

A secret stands in a plan more often than it is marked (a data source that lost the mark, an address,
a check's message). So every marked value of every section is collected, and `Redactor` hides it
wherever it turns up. `Collector` is fed piece by piece; none of its methods changes what it is given,
and a piece of another shape than expected is left to the reader of plans to refuse.
"""

from __future__ import annotations

from plangate.report.masks import collect_across, collect_pair, leaves
from plangate.report.names import secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def _items(value: Any, key: str | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The (name, object) pairs of an object of objects, or of `value[key]`; of anything else none."""
    if key is not None:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, dict):
                yield name, item


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list; of anything else none."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield item


def _declared(item: dict[str, Any]) -> bool:
    """Is a variable or output declared sensitive (or ephemeral)? An odd mark counts as one."""
    return item.get("sensitive") not in (None, False) or item.get("ephemeral") is True


def _declared_in(variables: Any, name: str) -> bool:
    variable = variables.get(name) if isinstance(variables, dict) else None
    return isinstance(variable, dict) and _declared(variable)


def _named(value: Any, out: set[str]) -> None:
    """Add the leaves of `value` that stand under a name of a secret."""
    nodes = [("", value)]
    for name, node in nodes:  # it grows on the way
        if isinstance(node, dict):
            nodes += node.items()
        elif isinstance(node, list):
            nodes += [(name, item) for item in node]
        elif node is not None and secret_name(name):
            leaves(node, out)


def _constants(expressions: Any, out: set[str]) -> None:
    """Add the constants of a configuration's expressions that stand under a name of a secret."""
    if not expressions:
        return
    nodes = [("", expressions)]
    for name, node in nodes:  # it grows on the way
        if type(node) is dict:
            if "constant_value" in node:
                value = node["constant_value"]
                if isinstance(value, (dict, list)):
                    _named({name: value}, out)
                elif value is not None and secret_name(name):
                    leaves(value, out)
            elif "references" not in node:
                nodes += node.items()
        elif type(node) is list:
            nodes += [(name, item) for item in node]


class Collector:
    """Collects the sensitive strings of one plan into `values`; `masked` says whether it has masks."""

    __slots__ = ("_found", "_unmasked", "masked")

    def __init__(self) -> None:
        self._found: set[str] = set()
        self._unmasked: list[Any] = []
        self.masked = False

    @property
    def values(self) -> set[str]:
        """The strings to search for, of MIN_LENGTH characters or more.

        A plan without any mask (Terraform before 0.15) counts as sensitive where its values stand, and
        nothing is searched for in it but what is declared sensitive. Where only some changes lack
        masks, what stands in them under the name of a secret is added.
        """
        if self.masked:
            for value in self._unmasked:
                _named(value, self._found)
            self._unmasked = []
        return self._found

    def change(self, before: Any, after: Any, before_sensitive: Any = None, after_sensitive: Any = None) -> None:
        """One `change` object of a resource, drift or output; a mask that is absent is None."""
        if before_sensitive is None and after_sensitive is None:
            self._unmasked.extend((before, after))
            return
        self.masked = True
        out = self._found
        for value, mask in ((before, before_sensitive), (after, after_sensitive)):
            if mask is not None:
                collect_pair(value, mask, out)
            elif value is not None:
                self._unmasked.append(value)
        # What becomes or stops being sensitive is so on both sides.
        if before_sensitive != after_sensitive:
            collect_across(after, False if before_sensitive is None else before_sensitive, out)
            collect_across(before, False if after_sensitive is None else after_sensitive, out)

    def changes(self, entries: Any) -> None:
        """A list of resource changes, or of deferred ones (`{reason, resource_change}`)."""
        for entry in _objects(entries):
            inner = entry.get("resource_change")
            change = (inner if isinstance(inner, dict) else entry).get("change")
            if isinstance(change, dict):
                self._change(change)

    def _change(self, change: dict[str, Any]) -> None:
        masks = change.get("before_sensitive"), change.get("after_sensitive")
        self.change(change.get("before"), change.get("after"), *masks)

    def outputs(self, output_changes: Any, configuration: Any = None) -> None:
        """`output_changes`; an output that the configuration declares sensitive needs no mask."""
        root = configuration.get("root_module") if isinstance(configuration, dict) else None
        declared = {name for name, item in _items(root, "outputs") if _declared(item)}
        for name, change in _items(output_changes):
            self._change(change)
            if name in declared:
                leaves([change.get("before"), change.get("after")], self._found)

    def module_values(self, values: Any) -> None:
        """A values object: `planned_values`, or the `values` of `prior_state`."""
        if not isinstance(values, dict):
            return
        for _, output in _items(values, "outputs"):
            if output.get("sensitive") is not None:
                collect_pair(output.get("value"), output["sensitive"], self._found)
        modules = [values.get("root_module")]
        while modules:
            module = modules.pop()
            if isinstance(module, dict):
                modules.extend(_objects(module.get("child_modules")))
                for resource in _objects(module.get("resources")):
                    mask = resource.get("sensitive_values")
                    if mask is not None:
                        collect_pair(resource.get("values"), mask, self._found)

    def variables(self, variables: Any, configuration: Any = None) -> None:
        """`variables`, which carry no mask: sensitive is what the configuration declares so, what it
        does not declare, and what has the name of a secret; without a configuration, everything."""
        root = configuration.get("root_module") if isinstance(configuration, dict) else None
        declared = dict(_items(root, "variables"))
        for name, variable in _items(variables):
            if name not in declared or _declared(declared[name]) or secret_name(name):
                leaves(variable.get("value"), self._found)

    def actions(self, invocations: Any) -> None:
        """`action_invocations`, or deferred ones (`{reason, action_invocation}`)."""
        for entry in _objects(invocations):
            inner = entry.get("action_invocation")
            item = inner if isinstance(inner, dict) else entry
            self.change(None, item.get("config_values"), None, item.get("config_sensitive"))

    def backend(self, backend: Any) -> None:
        """Plan.backend: what stands in its arguments under the name of a secret."""
        _named(backend, self._found)

    def configuration(self, configuration: Any) -> None:
        """`configuration`: declared defaults and outputs, and constants under the name of a secret."""
        if not isinstance(configuration, dict):
            return
        for _, provider in _items(configuration, "provider_config"):
            _constants(provider.get("expressions"), self._found)
        modules = [configuration.get("root_module")]
        while modules:
            module = modules.pop()
            if isinstance(module, dict):
                self._module(module)
                modules.extend(call.get("module") for _, call in _items(module, "module_calls"))

    def _module(self, module: dict[str, Any]) -> None:
        out = self._found
        for name, variable in _items(module, "variables"):
            if _declared(variable) or secret_name(name):
                leaves(variable.get("default"), out)
        for _, output in _items(module, "outputs"):
            if _declared(output) and isinstance(output.get("expression"), dict):
                leaves(output["expression"].get("constant_value"), out)
        for resource in _objects(module.get("resources")):
            _constants(resource.get("expressions"), out)
            for provisioner in _objects(resource.get("provisioners")):
                _constants(provisioner.get("expressions"), out)
        for _, call in _items(module, "module_calls"):
            given = dict(_items(call, "expressions"))
            _constants(given, out)
            inner = call.get("module")
            variables = inner.get("variables") if isinstance(inner, dict) else None
            for name, expression in given.items():
                if "constant_value" in expression and _declared_in(variables, name):
                    leaves(expression["constant_value"], out)

    def document(self, plan: Any) -> None:
        """All sections of a whole plan document."""
        if not isinstance(plan, dict):
            return
        configuration = plan.get("configuration")
        for section in ("resource_changes", "resource_drift", "deferred_changes"):
            self.changes(plan.get(section))
        for section in ("action_invocations", "deferred_action_invocations"):
            self.actions(plan.get(section))
        self.outputs(plan.get("output_changes"), configuration)
        self.module_values(plan.get("planned_values"))
        state = plan.get("prior_state")
        self.module_values(state.get("values") if isinstance(state, dict) else None)
        self.variables(plan.get("variables"), configuration)
        self.configuration(configuration)
