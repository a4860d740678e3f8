"""The index of Checkov's checks: which module holds the checks of which type, made once for an environment.

Written where everything of Checkov is imported as its command line does, so that order and registration are its own.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KINDS = ("resource", "data", "provider")


def facts() -> dict[str, Any]:
    """{checkov, python, conflict}: the version that is installed (None: none), and what would break it."""
    from importlib.metadata import PackageNotFoundError, distributions, version

    names = {(d.metadata["Name"] or "").lower().replace("_", "-") for d in distributions()}
    try:
        found: str | None = version("checkov")
    except PackageNotFoundError:
        found = None
    return {
        "checkov": found,
        "python": ".".join(map(str, sys.version_info[:3])),
        "conflict": "python-hcl2" in names and "bc-python-hcl2" in names,
    }


def make() -> dict[str, Any]:
    """The index of the Checkov that can be imported here."""
    import logging

    logging.disable(logging.CRITICAL)
    runner = import_module("checkov.terraform.plan_runner")
    plan_parser = import_module("checkov.terraform.plan_parser")
    registries = {kind: import_module(f"checkov.terraform.checks.{kind}.registry") for kind in KINDS}
    checks: list[list[Any]] = []
    places: dict[int, int] = {}

    def place(check: Any) -> int:
        at = places.get(id(check))
        if at is None:
            at = places[id(check)] = len(checks)
            categories = [getattr(c, "name", str(c)) for c in check.categories or ()]
            checks.append([check.id, type(check).__module__, check.name, categories, check.guideline])
        return at

    found: dict[str, Any] = facts()
    found["checks"] = checks
    found["kinds"] = {}
    for kind in KINDS:
        registry = getattr(registries[kind], f"{kind}_registry")
        found["kinds"][kind] = {
            "types": {name: [place(c) for c in listed] for name, listed in registry.checks.items() if listed},
            "globs": {name: [place(c) for c in listed] for name, listed in registry.wildcard_checks.items()},
        }
    found["graph"] = _graph_checks()
    found["lifecycle"] = sorted(runner.TF_LIFECYCLE_CHECK_IDS)
    found["documents"] = dict(plan_parser.RESOURCE_TYPES_JSONIFY)
    return found


def _graph_checks() -> list[dict[str, Any]]:
    import os

    yaml = import_module("yaml")
    registry = import_module("checkov.common.checks_infra.registry").get_graph_checks_registry("terraform")
    registry.load_checks()
    order = {check.id: at for at, check in enumerate(registry.checks)}
    found = []
    for folder, _, files in os.walk(registry.checks_dir):
        for name in files:
            if name.endswith((".json", ".yaml", ".yml")):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    raw = json.load(file) if name.endswith(".json") else yaml.safe_load(file)
                id = raw.get("metadata", {}).get("id") if type(raw) is dict else None
                if id in order:
                    check = registry.checks[order.pop(id)]
                    place = os.path.relpath(os.path.join(folder, name), registry.checks_dir).replace(os.sep, "/")
                    raw = json.loads(json.dumps(raw))
                    found.append({"id": id, "types": types_of(check), "file": place, "raw": raw})
    return found


def types_of(check: Any) -> list[str]:
    """Every type that a graph check asks about; [] when it asks about all."""
    found: set[str] = set()
    stack = [check]
    while stack:
        node = stack.pop()
        stack += node.sub_checks
        found.update(node.resource_types or (), node.connected_resources_types or ())
        if getattr(node.type, "name", "") == "FILTER":
            found.update(node.attribute_value if type(node.attribute_value) is list else ())
        elif not node.sub_checks and not node.resource_types:
            return []
    return sorted(found)


def main() -> None:
    """Write the index to the file named; say on stdout what this environment is, or what is wrong with it."""
    said = facts()
    try:
        if said["checkov"] is not None and not said["conflict"]:
            index = make()
            with open(sys.argv[1], "w", encoding="utf-8") as file:
                json.dump(index, file, separators=(",", ":"), sort_keys=True)
    except BaseException as error:  # noqa: BLE001 - whatever importing it raises
        said["error"] = f"{type(error).__name__}: {str(error)[:300]}"
    print(json.dumps(said))  # noqa: T201 - what it is for
