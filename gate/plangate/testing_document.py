"""Writing plan documents for `plangate.testing`: the three parallel trees and the configuration beside them."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from .plan.addresses import split
from .plan.paths import parse_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Address = tuple[list[tuple[str, Any]], str, str, str, Any]


class Reference:
    """A value that is known only after the apply, by what the configuration takes it from."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def __repr__(self) -> str:
        return f"ref({self.names})"


def ref(name: str | list[str], *more: str) -> Reference:
    """A reference as a value: `ref("aws_kms_key.k.arn")`.

    Terraform lists a reference to an attribute and then the resource itself; a list is taken as it is.
    """
    if isinstance(name, list):
        return Reference([*name, *more])
    names: list[str] = []
    for one in (name, *more):
        names.append(one)
        head, _, _ = one.rpartition(".")
        if head.count(".") >= 1 and not one.startswith(("var.", "local.", "each.", "count.")):
            names.append(head)
    return Reference(names)


class Written:
    """A body as Terraform writes it: value, unknown mask, sensitive mask, expressions."""

    def __init__(self, value: Any, unknown: Any, expressions: Any) -> None:
        self.value, self.unknown, self.expressions = value, unknown, expressions
        self.sensitive: Any = {}


def write(
    body: Mapping[str, Any],
    unknown: Iterable[str],
    expressions: Mapping[str, str | list[str]],
    sensitive: Iterable[str],
) -> Written:
    """Take a body apart. Raises ValueError for a path that leads through something that is not there."""
    value, mask, written = _object(body)
    for path in unknown:
        _cut(value, mask, written, parse_path(path), path)
    for path, names in expressions.items():
        steps = parse_path(path)
        _reach(written, steps, path)[steps[-1]] = {"references": ref(names).names}
    made = Written(value, mask, written)
    for path in sensitive:
        _mark(made.sensitive, value, parse_path(path))
    return made


def _object(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    value: dict[str, Any] = {}
    mask: dict[str, Any] = {}
    written: dict[str, Any] = {}
    for name, given in body.items():
        if isinstance(given, Reference):
            mask[name], written[name] = True, {"references": given.names}
        elif isinstance(given, list | tuple) and given and all(isinstance(i, dict) for i in given):
            parts = [_object(i) for i in given]
            value[name] = [p[0] for p in parts]
            mask[name] = [p[1] for p in parts]
            written[name] = [p[2] for p in parts]
        else:
            value[name], hidden, names = _plain(given)
            if hidden:
                mask[name] = hidden
            if names:
                written[name] = {"references": names}
            elif given is not None and given not in ([], ()):
                # Terraform leaves null out of the expressions, and an empty list is a block that is not there.
                written[name] = {"constant_value": deepcopy(given)}
    return value, mask, written


def _plain(given: Any) -> tuple[Any, Any, list[str]]:
    """(known part, mask or None, references) of one expression: a scalar, a list of them, a map."""
    if isinstance(given, dict):
        value, mask, names = {}, {}, []
        for key, item in given.items():
            if isinstance(item, Reference):
                mask[key] = True
                names += item.names
            else:
                value[key], hidden, more = _plain(item)
                names += more
                if hidden:
                    mask[key] = hidden
        return value, mask or None, names
    if isinstance(given, list | tuple):
        parts = [(None, True, i.names) if isinstance(i, Reference) else _plain(i) for i in given]
        hidden = [p[1] or False for p in parts]
        return [p[0] for p in parts], hidden if any(hidden) else None, [n for p in parts for n in p[2]]
    return given, None, []


def _reach(tree: Any, steps: tuple[Any, ...], path: str) -> Any:
    for step in steps[:-1]:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            raise ValueError(f"{path}: nothing is at {step!r} in this example") from None
    return tree


def _cut(value: Any, mask: Any, written: Any, steps: tuple[Any, ...], path: str) -> None:
    held = _reach(value, steps, path)
    for at, step in enumerate(steps[:-1]):
        if isinstance(mask, list):
            mask += [{}] * (step + 1 - len(mask))
            if not isinstance(mask[step], dict | list):
                mask[step] = {}
        else:
            mask.setdefault(step, [] if isinstance(steps[at + 1], int) else {})
        mask = mask[step]
    last = steps[-1]
    if isinstance(last, int):
        held[last] = None
        mask += [False] * (last + 1 - len(mask))
    else:
        held.pop(last, None)
    mask[last] = True
    try:
        _reach(written, steps, path).pop(last, None)
    except (ValueError, TypeError, AttributeError):
        return  # below a constant: the configuration sets the whole of it


def _mark(mask: dict[str, Any], value: Any, steps: tuple[Any, ...]) -> None:
    here: Any = mask
    for at, step in enumerate(steps):
        if at == len(steps) - 1:
            here[step] = True
            return
        value = value[step]
        empty: Any = [{} for _ in value[:]] if isinstance(value, list) else {}
        if isinstance(here, dict):
            here = here.setdefault(step, empty)
        else:
            here[step] = here[step] or empty
            here = here[step]


# -- addresses and sections -------------------------------------------------------------------------------


def parse_address(address: str) -> Address:
    """`module.a["x"].data.aws_x.b[0]` as (modules, mode, type, name, key). Raises ValueError when it is none."""
    words = split(address)
    if address and not words:
        raise ValueError(f"{address} has an instance key that is neither a number nor quoted")
    modules: list[tuple[str, Any]] = []
    while len(words) > 2 and words[0] == ("module", None):
        modules.append(words[1])
        words = words[2:]
    mode = "managed"
    if len(words) == 3 and words[0] == ("data", None):
        mode, words = "data", words[1:]
    if len(words) != 2 or words[0] == ("module", None) or words[0][1] is not None or not all(name for name, _ in words):
        raise ValueError(f"{address} is not the address of a resource, such as aws_s3_bucket.logs")
    return modules, mode, words[0][0], words[1][0], words[1][1]


def document(
    changes: list[tuple[dict[str, Any], dict[str, Any] | None]],
    providers: Mapping[str, Mapping[str, Any]],
    modules: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """A plan document in which every section tells the same."""
    root: dict[str, Any] = {}
    planned, prior = [], []
    for path, call in modules.items():
        _call(root, [word for word in path.split(".") if word != "module"], call)
    for entry, configured in changes:
        change = entry["change"]
        if configured is not None:
            steps = parse_address(entry["address"])[0]
            listed = _call(root, [name for name, _ in steps], {}).setdefault("resources", [])
            if all(r["address"] != configured["address"] for r in listed):
                listed.append(configured)
        if change["before"] is not None and not entry.get("deposed"):
            prior.append(_state(entry, change["before"], change["before_sensitive"]))
        if change["after"] is not None:
            planned.append(_state(entry, change["after"], change["after_sensitive"]))
    keys = {c["provider_config_key"] for _, c in changes if c is not None} | set(providers)
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": [entry for entry, _ in changes],
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": prior}}},
        "configuration": {
            "provider_config": {key: _provider(key, providers.get(key, {})) for key in sorted(keys)},
            "root_module": root,
        },
        "timestamp": "2026-01-01T00:00:00Z",
        "errored": False,
        "applyable": True,
        "complete": True,
    }


def _call(module: dict[str, Any], names: list[str], call: Mapping[str, Any]) -> dict[str, Any]:
    """The module of that path, made where it is not there yet; what `call` says is written into it."""
    found: dict[str, Any] = {}
    for name in names:
        found = module.setdefault("module_calls", {}).setdefault(
            name, {"source": f"./{name}", "expressions": {}, "module": {}}
        )
        module = found["module"]
    if call:
        found["source"] = call.get("source", found["source"])
        if "version" in call:
            found["version_constraint"] = call["version"]
        found["expressions"] = _object(call.get("variables", {}))[2]
        if "for_each" in call:
            found["for_each_expression"] = {"references": ref(call["for_each"]).names}
        outputs = _object(call.get("outputs", {}))[2]
        module["outputs"] = {name: {"expression": expression} for name, expression in outputs.items()}
    return module


def _provider(key: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    module, _, local = key.rpartition(":")  # `module.m:aws`: a module's own, or one that it has from its caller
    name, _, alias = local.partition(".")
    made: dict[str, Any] = {
        "name": name,
        "full_name": f"registry.terraform.io/hashicorp/{name}",
        "expressions": _object(arguments)[2],
    }
    if alias:
        made["alias"] = alias
    if module:
        made["module_address"] = module
    return made


def _state(entry: dict[str, Any], values: Any, sensitive: Any) -> dict[str, Any]:
    names = ("address", "mode", "type", "name", "index", "provider_name")
    kept: dict[str, Any] = {k: entry[k] for k in names if k in entry}
    return {**kept, "schema_version": 0, "values": values, "sensitive_values": sensitive or {}}
