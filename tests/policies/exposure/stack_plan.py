"""How the kept plan of `stack/` is made of what Terraform writes:

python tests/policies/exposure/stack_plan.py PLAN.json     writes stack.json, from `terraform show -json`
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "stack.json"
_SECTIONS = ("format_version", "terraform_version", "timestamp", "applyable", "complete", "errored")


def reduced(document: dict[str, Any]) -> dict[str, Any]:
    """The document without prior state, planned values and the provider's access, and without what is null."""
    changes = []
    for entry in document["resource_changes"]:
        change = entry["change"]
        after = {k: v for k, v in (change["after"] or {}).items() if v is not None}
        changes.append({**entry, "change": {**change, "after": after}})
    configuration = {**document["configuration"], "provider_config": {"aws": {"name": "aws"}}}
    return {**{n: document[n] for n in _SECTIONS}, "resource_changes": changes, "configuration": configuration}


if __name__ == "__main__":
    KEPT.write_text(json.dumps(reduced(json.loads(Path(sys.argv[1]).read_bytes()))) + "\n")
