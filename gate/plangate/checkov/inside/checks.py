"""Load the checks that can say something about a plan, and only those."""

from __future__ import annotations

import sys
from fnmatch import fnmatchcase
from importlib import import_module

from .index import types_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class Broken(Exception):
    """A custom check that cannot be used: which file, and why."""

    def __init__(self, file: str, why: str) -> None:
        self.file, self.why = file, why
        super().__init__(f"{file}: {why}")


class Checks:
    """The checks of an index that are wanted, and custom ones.

    `of(kind, type)` gives Python checks in Checkov's order; `graph(types)` graph checks as [(id, check)].
    """

    def __init__(self, index: dict[str, Any], wanted: set[str] | None) -> None:
        self._index = index
        self._wanted = wanted
        self._lifecycle = set(index["lifecycle"])
        self._loaded: dict[int, Any] = {}
        self._by_class: dict[tuple[str, str], Any] = {}
        self._seen = 0
        self._custom: dict[str, list[Any]] = {"resource": [], "data": [], "provider": []}
        self._custom_graph: list[Any] = []
        self.custom: dict[str, dict[str, Any]] = {}  # id -> what is known of a custom check

    def _runs(self, id: str) -> bool:
        return id not in self._lifecycle and (self._wanted is None or id in self._wanted)

    def of(self, kind: str, type: str) -> list[Any]:
        """The Python checks of one type of block."""
        registered = self._index["kinds"][kind]
        places = list(registered["types"].get(type, ()))
        for glob, more in registered["globs"].items():
            if fnmatchcase(type, glob):
                places += more
        found = [self._check(at) for at in places if self._runs(self._index["checks"][at][0])]
        ids = {check.id for check in found}
        custom = (check for check in self._custom[kind] if check.id not in ids)
        return found + [c for c in custom if any(_covers(name, type) for name in c.supported_entities)]

    def _check(self, at: int) -> Any:
        check = self._loaded.get(at)
        if check is None:
            id, module = self._index["checks"][at][:2]
            import_module(module)
            registered = _registered()
            for each in registered[self._seen :]:
                self._by_class.setdefault((type(each).__module__, each.id), each)
            self._seen = len(registered)
            check = self._loaded[at] = self._by_class[module, id]
        return check

    def graph(self, types: Iterable[str]) -> list[Any]:
        """The graph checks that ask about any of these types."""
        there = set(types)
        parser = None
        found = []
        for entry in self._index["graph"]:
            if self._runs(entry["id"]) and (not entry["types"] or not there.isdisjoint(entry["types"])):
                if parser is None:
                    parser = _parser()
                found.append(parser(entry["raw"], ""))
        ids = {check.id for check in found}
        return found + [check for check in self._custom_graph if check.id not in ids]

    # -- custom checks ------------------------------------------------------------------------------------

    def add_python(self, files: list[str], say: Any) -> None:
        """Import custom Python checks. Raises Broken."""
        import importlib.util
        import os

        for folder in dict.fromkeys(map(os.path.dirname, files)):
            sys.path.append(folder)  # checks import helpers that lie beside them
        for number, file in enumerate(files):
            say(doing=["load", file])
            before = len(_registered())
            name = os.path.basename(file)[:-3]
            try:
                if name in sys.modules:  # a check may be called like a module that is in use
                    name = f"{name}_{number}"
                spec = importlib.util.spec_from_file_location(name, file)
                assert spec is not None
                assert spec.loader is not None
                module = importlib.util.module_from_spec(spec)
                sys.modules[name] = module
                spec.loader.exec_module(module)
            except BaseException as error:  # noqa: BLE001 - whatever it does at import, also sys.exit
                raise Broken(file, f"it does not import: {type(error).__name__}: {str(error)[:200]}") from None
            for check in _registered()[before:]:
                self._take(check, file)

    def _take(self, check: Any, file: str) -> None:
        kind = check.block_type
        if kind not in self._custom:
            raise Broken(file, f"{check.id} judges {kind} blocks, which no plan has")
        categories = [getattr(c, "name", str(c)) for c in check.categories or ()]
        self._known(check.id, file, check.name, categories, check.guideline, None)
        if self._wanted is None or check.id in self._wanted or check.id in self.custom:
            self._custom[kind].append(check)

    def add_graph(self, files: list[str], say: Any) -> None:
        """Read custom graph checks. Raises Broken."""
        import json

        yaml = import_module("yaml")
        parse = _parser()
        for file in files:
            say(doing=["load", file])
            try:
                with open(file, encoding="utf-8") as stream:
                    raw = json.load(stream) if file.endswith(".json") else yaml.safe_load(stream)
                raw = json.loads(json.dumps(raw))
                if type(raw) is not dict or type(raw.get("metadata")) is not dict or "definition" not in raw:
                    raise ValueError("it has no metadata or no definition")
                missing = [name for name in ("id", "name", "category") if not raw["metadata"].get(name)]
                if missing:
                    raise ValueError(f"its metadata has no {' and no '.join(missing)}")
                check = parse(raw, file)
                types = types_of(check)
            except Exception as error:  # noqa: BLE001 - Checkov's parser raises what it happens to raise
                raise Broken(file, f"it is no graph check: {type(error).__name__}: {str(error)[:200]}") from None
            self._known(check.id, file, check.name, [check.category], check.guideline, types)
            self._custom_graph.append(check)

    def _known(
        self, id: str, file: str, name: str, categories: list[str], guideline: Any, types: list[str] | None
    ) -> None:
        if any(row[0] == id for row in self._index["checks"]) or any(e["id"] == id for e in self._index["graph"]):
            raise Broken(file, f"{id} is the id of a check of Checkov's own")
        other = self.custom.get(id)
        if other is not None and other["file"] != file:
            raise Broken(file, f"{id} is the id of a check in {other['file']} too")
        self.custom[id] = {
            "file": file,
            "name": str(name),
            "categories": [str(c) for c in categories],
            "guideline": guideline if type(guideline) is str else None,
            "types": types,
        }


def _covers(name: str, type: str) -> bool:
    return fnmatchcase(type, name) if any(c in "*?[" for c in name) else name == type


def _registered() -> Any:
    registry = import_module("checkov.common.checks.base_check_registry").BaseCheckRegistry
    return registry.get_all_registered_checks()


def _parser() -> Any:
    parser = import_module("checkov.common.checks_infra.checks_parser").GraphCheckParser()
    known = import_module("checkov.common.checks_infra.resources_types").resources_types

    def parse(raw: Any, file: str) -> Any:
        provider = raw.get("scope", {}).get("provider", "") if type(raw.get("scope")) is dict else ""
        listed = known.get(provider.lower()) if type(provider) is str else None
        return parser.parse_raw_check(raw, resources_types=listed, check_path=file)

    return parse
