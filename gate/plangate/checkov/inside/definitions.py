"""From plangate's copy of a plan to what Checkov's checks are given, as its plan parser makes it.

Checkov reads a plan as YAML to know lines, and puts marks of lines into every object. Terraform writes a plan on
one line, so that all marks are the same; here they are constants, and the objects are plain. What a check sees is
otherwise what `checkov.terraform.plan_parser` (3.3.30) makes, quirks included: a value that is known after apply
is absent, or the first reference of its expression.
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ADDRESS = "__address__"
REFERENCES = "references_"
ACTIONS, KEYS = "__change_actions__", "__change_keys__"
FILE = "/plan.json"
# The marks that Checkov's reader leaves in every object of a document of one line, as a check sees them.
_MARKS: tuple[tuple[str, Any], ...] = (
    ("__file__", FILE), ("__startline__", 1), ("__endline__", 1), ("start_line", 0), ("end_line", 0),
)  # fmt: skip
_SIMPLE = (str, int, float, bool, type(None))
_MODULE = re.compile(r'module\.([^.\[]+)(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?')


class Entity:
    """One block that Checkov judges: `kind` is resource, data or provider, `conf` what its checks are given.

    `filled` is the same with references in the place of values that will be known, or None where nothing differs.
    """

    __slots__ = ("address", "conf", "filled", "kind", "links", "name", "type")

    def __init__(self, kind: str, type: str, name: str, address: str, conf: Any, filled: Any = None) -> None:
        self.kind, self.type, self.name, self.address = kind, type, name, address
        self.conf, self.filled = conf, filled
        self.links: list[str] = []  # addresses of the blocks that the filled values come from


def entities(document: dict[str, Any], documents: dict[str, str]) -> list[Entity]:
    """Every block of a copy, in Checkov's order; `documents` names the attribute of a type that holds JSON."""
    found = {"resource": [], "data": []}  # type: dict[str, list[Entity]]
    maker = _Maker(document, documents)
    root = document["planned_values"].get("root_module") or {}
    configuration = document["configuration"].get("root_module") or {}
    by_name: dict[tuple[Any, Any], Any] = {}
    for conf in configuration.get("resources") or ():
        by_name.setdefault((conf.get("type"), conf.get("name")), conf)
    for resource in root.get("resources") or ():
        maker.add(found, resource, by_name.get((resource.get("type"), resource.get("name"))))
    maker.children(found, root.get("child_modules") or (), configuration)
    return [*_providers(document["configuration"]), *found["resource"], *found["data"]]


class _Maker:
    def __init__(self, document: dict[str, Any], documents: dict[str, str]) -> None:
        self._changes, self._fill = document["changes"], document["fill"]
        self._documents = documents
        self._modules: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def children(self, found: dict[str, list[Entity]], modules: Any, root: dict[str, Any]) -> None:
        for module in modules:
            self.children(found, module.get("child_modules") or (), root)
            address = module.get("address") or ""
            known = self._configured(address, root)
            for resource in module.get("resources") or ():
                conf = None
                if address and known:
                    at = resource.get("address") or ""
                    conf = known.get((at.rsplit("[", 1)[0] if at.endswith("]") else at)[len(address) + 1 :])
                self.add(found, resource, conf)

    def _configured(self, address: str, root: dict[str, Any]) -> dict[str, Any]:
        """The configured resources of a module by `type.name`; the first of a name counts."""
        module = root
        names = _MODULE.findall(address)
        key = "\0".join(names)
        cached = self._modules.get(key)
        if cached is not None:
            return cached[1]
        for name in names:
            module = ((module.get("module_calls") or {}).get(name) or {}).get("module") or {}
        index: dict[str, Any] = {}
        for conf in module.get("resources") or ():
            index.setdefault(conf.get("address"), conf)
        self._modules[key] = module, index
        return index

    def add(self, found: dict[str, list[Entity]], resource: dict[str, Any], conf: Any) -> None:
        mode = resource.get("mode")
        if mode not in ("managed", "data"):
            return
        address = resource.get("address") or ""
        change = self._changes.get(address)
        if change and change[0] == ["forget"]:
            return
        kind, name = resource["type"], resource.get("name", "default")
        filled = None
        fill = self._fill.get(address)
        if fill:
            values = json.loads(json.dumps(resource.get("values") or {}))
            if sum(_put(values, path, text) for path, text, _ in fill):
                filled = self._conf(kind, values, conf, address, change)
        made = self._conf(kind, resource.pop("values", None), conf, address, change)
        block = "data" if mode == "data" else "resource"
        entity = Entity(block, kind, name, address, made, filled)
        if filled is not None:
            entity.links = [link for _, _, links in fill for link in links]
        found[block].append(entity)

    def _conf(self, kind: str, values: Any, conf: Any, address: str, change: Any) -> dict[str, Any]:
        expressions = conf.get("expressions") if conf else None
        if type(values) is dict:
            made = hclify(values, expressions, None)
            attribute = self._documents.get(kind)
            if attribute:
                _document(values, attribute, made)
        else:
            made = {"start_line": [0], "end_line": [0]}
            if expressions:
                _references({}, expressions, made)
        made[ADDRESS] = address
        if change:
            made[ACTIONS], made[KEYS] = change
        provisioners = conf.get("provisioners") if conf else None
        if provisioners:
            made["provisioner"] = _provisioners(provisioners)
        return made


def hclify(values: dict[str, Any], conf: Any, parent: str | None) -> dict[str, Any]:
    """An object as Checkov's HCL reader would have given it: every attribute in a list, blocks as lists of objects."""
    made: dict[str, Any] = {}
    tags = parent == "tags"
    for key, value in values.items():
        kind = type(value)
        if kind is list:
            _listed(made, key, value, conf, tags)
        elif kind is dict:
            child = hclify(value, None, key)
            made[key] = child if tags else [child]
        elif tags:
            made[key] = value
        elif kind is str and len(value) < 6 and value.lower() in ("true", "false"):
            made[key] = [value.lower() == "true"]
        else:
            made[key] = [value]
    for name, mark in _MARKS:
        made[name] = mark if tags else [mark]
    if conf and type(conf) is dict:
        _references(values, conf, made)
    return made


def _listed(made: dict[str, Any], key: str, value: list[Any], conf: Any, tags: bool) -> None:
    blocks = False
    simple = True
    for item in value:
        if type(item) is dict:
            blocks = True
        if type(item) not in _SIMPLE:
            simple = False
    if simple:
        made[key] = value if tags else [value]
    elif blocks:
        written = conf.get(key, []) if conf else []
        if type(written) is not list:
            written = [written]
        children = [
            hclify(item, written[at] if at < len(written) else None, key)
            for at, item in enumerate(value)
            if type(item) is dict
        ]
        made[key] = [children] if key == "tags" else children
    # A list of lists is in neither form: Checkov leaves it out.


def _references(values: dict[str, Any], conf: dict[str, Any], made: dict[str, Any]) -> None:
    for key, expression in conf.items():
        if type(expression) is not dict or "references" not in expression:
            continue
        listed = expression["references"]
        first = next((r for r in listed or () if not r.startswith(("var.", "local."))), None)
        if not first:
            continue
        value = values.get(key)
        if value is None:
            made[key] = [first]
        elif type(value) is list and any(item is None for item in value):
            made[key] = [[item for item in value if item is not None] + [first]]
        made.setdefault(REFERENCES, []).append(listed)


def _document(values: dict[str, Any], attribute: str, made: dict[str, Any]) -> None:
    text = values.get(attribute)
    if text:
        try:
            read = json.loads(text)
        except (ValueError, TypeError, RecursionError):
            return
        if read is not None:
            made[attribute] = read if type(read) is list else [read]


def _provisioners(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made = []
    for item in listed:
        if "type" in item and "expressions" in item:
            expressions = dict(item["expressions"])
            if item["type"] == "local-exec" and "command" in expressions:
                command = expressions.pop("command")
                expressions = {"command": command if type(command) is list else [command], **expressions}
            made.append({item["type"]: expressions})
    return made


def _providers(configuration: dict[str, Any]) -> list[Entity]:
    found = []
    configs = configuration.get("provider_config")
    for key, config in configs.items() if type(configs) is dict else ():
        if key.startswith(("module.", "__")) or key in ("start_line", "end_line"):
            continue
        name, alias = config.get("name"), config.get("alias", "default")
        conf: dict[str, Any] = {}
        for field, expression in (config.get("expressions") or {}).items():
            value = expression.get("constant_value") if type(expression) is dict else None
            if value:
                conf[field] = [value] if type(value) is str else value
        conf.update(start_line=[0], end_line=[1], __start_line__=[0], __end_line__=[1], alias=[alias])
        conf[ADDRESS] = f"{name}.{alias}"
        found.append(Entity("provider", str(name), str(name), conf[ADDRESS], conf))
    return found


def _put(values: Any, path: list[Any], text: str) -> bool:
    """Put a reference in the place of a value that is not there; False where there is one, or no place for it."""
    for step in path[:-1]:
        if type(values) is dict and type(step) is str:
            values = values.get(step)
        elif type(values) is list and type(step) is int and step < len(values):
            values = values[step]
        else:
            return False
    last = path[-1]
    if type(values) is dict and type(last) is str and values.get(last) is None:
        values[last] = text
        return True
    if type(values) is list and type(last) is int and last < len(values) and values[last] is None:
        values[last] = text
        return True
    return False
