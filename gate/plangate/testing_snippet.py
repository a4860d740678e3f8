"""A plan document as Python of `plangate.testing`: what `policies capture -f python` writes."""

from __future__ import annotations

from pprint import pformat
from typing import TYPE_CHECKING, Any

from . import testing
from .plan.configuration import Configuration
from .plan.paths import dotted
from .testing_document import ref

if TYPE_CHECKING:
    from .plan.model import Plan
    from .plan.paths import Path

_OMIT = object()
_ORDERS = {
    ("delete", "create"): "delete-first",
    ("create", "delete"): "create-first",
    ("create", "forget"): "create-then-forget",
}
_WIDTH = 100


class Snippet:
    """The changes of a document as calls, and the modules that they stand in.

    `text` is the Python, `plan()` what it makes. What the document knows and `testing` cannot say is left out: data
    sources that were read before, provider configurations.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self._configuration = Configuration(document.get("configuration"))
        self._calls = [self._call(entry) for entry in document.get("resource_changes", ())]
        root = (document.get("configuration") or {}).get("root_module") or {}
        self._modules = dict(_modules(root, ""))

    def plan(self) -> Plan:
        """The plan that the snippet makes. Raises PlanError and ValueError for what `testing` cannot write."""
        made = [getattr(testing, name)(*given, **options) for name, given, options in self._calls]
        return testing.plan(*made, modules=self._modules)

    @property
    def text(self) -> str:
        """The snippet, with its import."""
        body = "".join(f"    {_written(*call)},\n" for call in self._calls)
        if self._modules:
            body += f"    modules={_shown(self._modules, 12)},\n"
        names = {name for name, _, _ in self._calls} | {"plan"} | ({"ref"} if "ref([" in body else set())
        return f"from plangate.testing import {', '.join(sorted(names))}\n\nexample = plan(\n{body})\n"

    def _call(self, entry: dict[str, Any]) -> tuple[str, list[Any], dict[str, Any]]:
        change = entry["change"]
        actions = tuple(change["actions"])
        options: dict[str, Any] = {}
        if actions in (("delete",), ("forget",)):
            if actions == ("delete",):
                found = {"deposed": entry.get("deposed"), "reason": entry.get("action_reason")}
                options = {key: value for key, value in found.items() if value is not None}
            return actions[0], [entry["address"], change.get("before") or {}], options
        after, options = self._after(entry, change)
        if entry.get("previous_address"):
            return "moved", [entry["address"], after], {**options, "previous": entry["previous_address"]}
        if change.get("importing"):
            return "imported", [entry["address"], after], options
        if actions == ("no-op",):
            return "no_op", [entry["address"], after], options
        if actions == ("update",):
            return "update", [entry["address"], change.get("before") or {}, after], options
        if actions in _ORDERS:
            paths = [dotted(tuple(path)) for path in change.get("replace_paths") or ()]
            reason = entry.get("action_reason")
            options = {"paths": paths, "order": _ORDERS[actions], **({"reason": reason} if reason else {}), **options}
            return "replace", [entry["address"], change.get("before") or {}, after], options
        return "create", [entry["address"], after], options

    def _after(self, entry: dict[str, Any], change: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        module = self._configuration.module(entry.get("module_address") or "")
        local = ("data." if entry["mode"] == "data" else "") + f"{entry['type']}.{entry['name']}"
        resource = (self._configuration.resource_in(module, local) if module is not None else None) or {}
        written = resource.get("expressions") or {}
        body = _Body()
        after = {
            name: value
            for name in dict.fromkeys((*(change.get("after") or {}), *(change.get("after_unknown") or {})))
            if (value := body.value(change, name, written)) is not _OMIT
        }
        options: dict[str, Any] = {}
        if body.left_out:
            options["unknown"] = body.left_out
        dynamic = [n for n in after if n not in written and any(p.startswith(f"{n}[") for p in body.left_out)]
        if dynamic:
            options["dynamic"] = dynamic
        if body.expressions:
            options["expressions"] = body.expressions
        marked = [dotted(path) for path in _marked(change.get("after_sensitive"), ())]
        if marked:
            options["sensitive"] = marked
        walked = resource.get("for_each_expression") or resource.get("count_expression") or {}
        if walked.get("references"):
            options["for_each"] = walked["references"]
        if resource.get("provider_config_key") not in (None, entry["type"].partition("_")[0]):
            options["provider"] = resource["provider_config_key"]
        return after, options


class _Body:
    """A body being put together: what is unknown in it and nobody wrote, and what known values refer to."""

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self.expressions: dict[str, list[str]] = {}

    def value(self, change: dict[str, Any], name: str, written: dict[str, Any]) -> Any:
        """The value of one attribute, references in it where the configuration refers to what is unknown."""
        mask = (change.get("after_unknown") or {}).get(name)
        return self._merged((change.get("after") or {}).get(name, _OMIT), mask, written.get(name), (name,))

    def _merged(self, value: Any, mask: Any, written: Any, path: Path) -> Any:
        names = written.get("references") if isinstance(written, dict) else None
        if mask is True:
            if names:
                return ref(list(names))
            self.left_out.append(dotted(path))
            return None if isinstance(path[-1], int) else _OMIT
        if names and len(path) == 1 and value not in (None, _OMIT) and not mask:
            self.expressions[dotted(path)] = list(names)
        if isinstance(value, dict):
            masks = mask if isinstance(mask, dict) else {}
            found = {
                k: self._merged(value.get(k, _OMIT), masks.get(k), _under(written, k), (*path, k))
                for k in dict.fromkeys((*value, *(k for k, v in masks.items() if v)))
            }
            return {k: v for k, v in found.items() if v is not _OMIT}
        if isinstance(value, list):
            listed = mask if isinstance(mask, list) else []
            parts = [*value, *[{} if isinstance(m, dict) else None for m in listed[len(value) :]]]
            return [
                self._merged(v, listed[i] if i < len(listed) else None, _under(written, i), (*path, i))
                for i, v in enumerate(parts)
            ]
        return value


def _under(written: Any, step: Any) -> Any:
    """The expression one step below: an expression that makes the whole makes its parts too."""
    if isinstance(written, list):
        return written[step] if isinstance(step, int) and step < len(written) else None
    if not isinstance(written, dict) or "references" in written or isinstance(step, int):
        return written
    return None if "constant_value" in written else written.get(step)


def _marked(mask: Any, path: Path) -> list[Path]:
    if mask is True:
        return [path] if path else []
    steps = mask.items() if isinstance(mask, dict) else enumerate(mask) if isinstance(mask, list) else ()
    return [found for step, inner in steps for found in _marked(inner, (*path, step))]


def _modules(module: dict[str, Any], prefix: str) -> list[tuple[str, dict[str, Any]]]:
    """Each module call by its address without instance keys, as `testing.plan` takes them."""
    found = []
    for name, call in (module.get("module_calls") or {}).items():
        inner = call.get("module") or {}
        made: dict[str, Any] = {"source": call["source"]} if call.get("source") else {}
        if call.get("version_constraint"):
            made["version"] = call["version_constraint"]
        if (call.get("for_each_expression") or {}).get("references"):
            made["for_each"] = call["for_each_expression"]["references"]
        given = {k: _said(v) for k, v in (call.get("expressions") or {}).items()}
        outputs = {k: _said(v.get("expression")) for k, v in (inner.get("outputs") or {}).items()}
        made |= {key: value for key, value in (("variables", given), ("outputs", outputs)) if value}
        found += [(f"{prefix}module.{name}", made), *_modules(inner, f"{prefix}module.{name}.")]
    return found


def _said(expression: Any) -> Any:
    names = expression.get("references") if isinstance(expression, dict) else None
    return ref(list(names)) if names else (expression or {}).get("constant_value")


def _written(name: str, given: list[Any], options: dict[str, Any]) -> str:
    parts = [_shown(value, 8) for value in given] + [f"{k}={_shown(v, 8 + len(k))}" for k, v in options.items()]
    return f"{name}(\n" + "".join(f"        {part},\n" for part in parts) + "    )"


def _shown(value: Any, indent: int) -> str:
    text = pformat(value, width=_WIDTH, sort_dicts=False)
    return text.replace("\n", "\n" + " " * indent)
