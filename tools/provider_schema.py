"""What `terraform providers schema -json` says of resource types: which there are, and which paths they have."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# `block[*]`, `block[name=x]`, `attribute{}` (a JSON text), or a plain name.
_STEP = re.compile(r"([A-Za-z0-9_*-]+)(?:\[[^\]]*\])?(\{\})?(?:\.|$)")


class Schemas:
    """The resource types of one or more providers; `versions` is {"hashicorp/aws": "5.100.0"} where it is known."""

    def __init__(self, document: Any, versions: dict[str, str]) -> None:
        self.versions = versions
        self.types: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        for address, provider in document["provider_schemas"].items():
            name = address.removeprefix("registry.terraform.io/").removeprefix("registry.opentofu.org/")
            for type_, schema in provider.get("resource_schemas", {}).items():
                self.types[type_] = schema["block"]
                self._names[type_.partition("_")[0]] = name

    def covers(self, type_: str) -> bool:
        """Whether the provider of this type is among them."""
        return type_.partition("_")[0] in self._names

    def version(self, type_: str) -> str | None:
        """The version of the provider of a type, where it is known."""
        return self.versions.get(self._names[type_.partition("_")[0]])

    def has(self, type_: str, path: str) -> bool:
        """Whether a type has something at a path; below a map, a JSON text or a dynamic value anything is."""
        here: Any = self.types[type_]
        rest = path
        while rest:
            step = _STEP.match(rest)
            if step is None:
                return True  # a key in quotes: of a map
            found, rest = _inside(here, step[1]), rest[step.end() :]
            if found is None:
                return False
            if step[2] or found is True:
                return True
            here = found
        return True

    def attributes(self, type_: str) -> Iterator[str]:
        """The paths of everything that may be set in a type, with `[*]` for the elements of a block."""
        yield from _paths(self.types[type_], "")


def _inside(here: Any, name: str) -> Any:
    """What stands at one name: a block, an attribute, True for anything; None for nothing."""
    if "nested_type" in here:
        here = here["nested_type"]
    if isinstance(here.get("attributes"), dict) or "block_types" in here:
        found = here.get("attributes", {}).get(name) or here.get("block_types", {}).get(name)
        return found.get("block", found) if found else None
    kind = here.get("type")
    while isinstance(kind, list) and kind[0] in ("list", "set"):
        kind = kind[1]
    if isinstance(kind, list) and kind[0] == "object":
        return {"type": kind[1][name]} if name in kind[1] else None
    return True if isinstance(kind, list) or kind == "dynamic" else None


def _paths(block: Any, prefix: str) -> Iterator[str]:
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("optional") or attribute.get("required"):
            yield prefix + name
            if "nested_type" in attribute:
                yield from _paths(attribute["nested_type"], f"{prefix}{name}[*].")
    for name, inner in block.get("block_types", {}).items():
        yield from _paths(inner["block"], f"{prefix}{name}[*].")


def read(path: str, versions: dict[str, str]) -> Schemas:
    """The schemas in a file."""
    return Schemas(json.loads(Path(path).read_bytes()), versions)


def ask_terraform(versions: dict[str, str], plugins: str | None, terraform: str = "terraform") -> Schemas:
    """The schemas of providers of these versions, which `terraform init` gets, or finds below `plugins`."""
    providers = {
        name.partition("/")[2]: {"source": name, "version": version} for name, version in sorted(versions.items())
    }
    with tempfile.TemporaryDirectory() as folder:
        main = {"terraform": {"required_providers": providers}}
        (Path(folder) / "main.tf.json").write_text(json.dumps(main), encoding="utf-8")
        init = [terraform, "init", "-input=false", *([f"-plugin-dir={plugins}"] if plugins else [])]
        subprocess.run(init, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        said = subprocess.run([terraform, "providers", "schema", "-json"], cwd=folder, check=True, capture_output=True)
    return Schemas(json.loads(said.stdout), versions)
