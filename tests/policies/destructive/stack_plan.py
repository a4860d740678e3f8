"""How the kept plan of `stack/` is made, with Terraform and hashicorp/aws 5.100.0 from a folder of providers:

python tests/policies/destructive/stack_plan.py PROVIDERS     writes stack.json

before.tf is planned, what is planned becomes the state, and after.tf is planned against it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEPT = HERE / "stack.json"
_SECTIONS = ("format_version", "terraform_version", "timestamp", "applyable", "complete", "errored")
_SCHEMA_VERSIONS = {"aws_db_instance": 2, "aws_dynamodb_table": 1, "aws_kinesis_stream": 1}


def made(folder: Path, providers: Path) -> dict[str, Any]:
    """The plan of after.tf against what before.tf planned, as `terraform show -json` prints it."""
    shutil.copytree(HERE / "stack", folder / "stack")
    root = folder / "stack"
    after = (root / "after.tf").rename(folder / "after.tf")
    _run(root, "init", f"-plugin-dir={providers}", "-input=false")
    planned = _plan(root)
    (root / "terraform.tfstate").write_text(json.dumps(_state(planned)))
    (root / "before.tf").unlink()
    shutil.move(after, root / "after.tf")
    return _plan(root, "-replace=aws_ebs_volume.requested")


def _run(root: Path, *arguments: str) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    command = ["terraform", *arguments]
    environ["CHECKPOINT_DISABLE"] = "1"
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=environ)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def _plan(root: Path, *arguments: str) -> dict[str, Any]:
    _run(root, "plan", "-refresh=false", "-input=false", "-out=tfplan", *arguments)
    document: dict[str, Any] = json.loads(_run(root, "show", "-json", "tfplan"))
    return document


def _state(planned: dict[str, Any]) -> dict[str, Any]:
    resources: dict[tuple[str, str, str], dict[str, Any]] = {}
    for entry in planned["resource_changes"]:
        after, name = entry["change"]["after"], entry["name"]
        known = next((after[k] for k in ("bucket", "identifier", "name") if isinstance(after.get(k), str)), name)
        attributes = {"id": known, "arn": f"arn:aws:x:eu-central-1:111122223333:{known}", **after}
        listed = entry["change"]["after_unknown"]
        attributes = {k: v for k, v in attributes.items() if k in after or k in listed}
        made_ = resources.setdefault(
            (entry.get("module_address", ""), entry["type"], name),
            {
                "mode": "managed",
                "type": entry["type"],
                "name": name,
                "provider": f'provider["{entry["provider_name"]}"]',
                "instances": [],
                **({"module": entry["module_address"]} if "module_address" in entry else {}),
            },
        )
        instance = {"schema_version": _SCHEMA_VERSIONS.get(entry["type"], 0), "attributes": attributes}
        if "index" in entry:
            instance["index_key"] = entry["index"]
        made_["instances"].append(instance)
    lineage = "3f1d2c4b-0000-4000-8000-000000000000"
    return {"version": 4, "serial": 1, "lineage": lineage, "outputs": {}, "resources": list(resources.values())}


def reduced(document: dict[str, Any]) -> dict[str, Any]:
    """The document without prior state, planned values and the provider's access, and without what is null."""
    changes = []
    for entry in document["resource_changes"]:
        change = dict(entry["change"])
        for side in ("before", "after"):
            if change[side] is not None:
                change[side] = {k: v for k, v in change[side].items() if v is not None}
        changes.append({**entry, "change": change})
    configuration = {**document["configuration"], "provider_config": {"aws": {"name": "aws"}}}
    return {**{n: document[n] for n in _SECTIONS}, "resource_changes": changes, "configuration": configuration}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        found = reduced(made(Path(temporary), Path(sys.argv[1])))
    KEPT.write_text(json.dumps(found) + "\n")
