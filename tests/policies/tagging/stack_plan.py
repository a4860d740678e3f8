"""The plan of `stack/` as it is kept beside the tests: what policies on tags read of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEPT = HERE / "stack.json"

# Attributes that say something of tags, or that a join needs; the rest of each object is left out.
_ATTRIBUTES = {
    "tag", "tags", "tags_all", "name", "autoscaling_group_name", "resource_id", "key", "value", "tag_specifications",
    "volume_tags", "root_block_device", "launch_specification", "compute_resources", "filter", "id",
}  # fmt: skip
_INNER = {"tags", "tags_all", "key", "value", "propagate_at_launch", "resource_type", "app_boundary_key", "tag_values"}


def reduced(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what no policy on tags reads, and without the provider's access."""
    configuration = document["configuration"]
    providers = {
        key: {**made, "expressions": {k: v for k, v in made.get("expressions", {}).items() if k == "default_tags"}}
        for key, made in configuration["provider_config"].items()
    }
    changes = []
    for entry in document["resource_changes"]:
        change = entry["change"]
        kept = {k: change[k] for k in ("actions", "before", "before_sensitive", "after_sensitive")}
        kept["after"], kept["after_unknown"] = _object(change["after"]), _object(change["after_unknown"])
        changes.append({**entry, "change": kept})
    names = ("format_version", "terraform_version", "variables", "timestamp", "applyable", "complete", "errored")
    return {
        **{name: document[name] for name in names},
        "resource_changes": changes,
        "configuration": {"provider_config": providers, "root_module": _module(configuration["root_module"])},
    }


def _object(value: dict[str, Any]) -> dict[str, Any]:
    return {k: _blocks(v) for k, v in value.items() if k in _ATTRIBUTES}


def _blocks(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return [{k: v for k, v in item.items() if k in _INNER} for item in value]
    return value


def _module(module: dict[str, Any]) -> dict[str, Any]:
    made = {**module}
    made["resources"] = [{**r, "expressions": _object(r.get("expressions", {}))} for r in module.get("resources", [])]
    calls = module.get("module_calls", {})
    if calls:
        made["module_calls"] = {k: {**call, "module": _module(call["module"])} for k, call in calls.items()}
    return made


def written(document: dict[str, Any]) -> str:
    """The kept form: one change a line."""
    changes = ",\n".join("  " + json.dumps(c) for c in document["resource_changes"])
    rest = {k: v for k, v in document.items() if k != "resource_changes"}
    return json.dumps(rest, indent=1)[:-2] + ',\n "resource_changes": [\n' + changes + "\n ]\n}\n"
