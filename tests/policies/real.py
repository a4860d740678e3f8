"""Plans of the real provider for the tests of the packs: configurations that its schema completes, Terraform, and what
of a plan is kept.

What a type requires besides what a test is about comes from the provider's schema, as values known only after the
apply, so that nothing has to be invented.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

UNKNOWN = "${terraform_data.u.output}"
SOURCE = {"terraform_data": {"u": {"input": "${timestamp()}"}}}  # what UNKNOWN refers to: a plan needs it
_HEAD = ("format_version", "terraform_version", "applyable", "complete", "errored")
_SKIPPED = ("credentials_validation", "requesting_account_id", "metadata_api_check", "region_validation")
Schema = dict[str, Any]
Body = dict[str, Any]


# -- bodies -----------------------------------------------------------------------------------------------


def fill(schema: Schema, body: Body) -> None:
    """Add the attributes and blocks that a schema's `block` requires and the body has not; UNKNOWN for a text."""
    for name, attribute in schema.get("attributes", {}).items():
        if name in body:
            nested = attribute.get("nested_type")
            for one in _each(body[name]) if nested else ():
                fill(nested, one)
                for inner in nested["attributes"]:
                    one.setdefault(inner, None)
        elif attribute.get("required"):
            body[name] = of_type(attribute.get("type"))
    for name, block in schema.get("block_types", {}).items():
        if block.get("min_items"):
            body.setdefault(name, [{}])
        for one in _each(body.get(name, [])):
            fill(block["block"], one)


def _each(value: Any) -> list[Body]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def of_type(written: Any) -> Any:
    """A value known only after the apply, for a type as the schema writes it."""
    kind = written[0] if isinstance(written, list) else written
    if kind in ("list", "set"):
        return [UNKNOWN] if written[1] == "string" else []
    return {"k": UNKNOWN} if kind == "map" else UNKNOWN


def leaf(path: str, schema: Schema) -> tuple[bool, str | None]:
    """Whether the attribute at a path is required, and the innermost block on the way that may be left out."""
    words, optional = path.replace("[*]", "").split("."), None
    for at, word in enumerate(words):
        block = schema.get("block_types", {}).get(word)
        if block is None:
            attribute = schema.get("attributes", {}).get(word, {})
            return at == len(words) - 1 and bool(attribute.get("required")), optional
        optional = ".".join(words[: at + 1]) if not block.get("min_items") else optional
        schema = block["block"]
    return False, optional


# -- terraform --------------------------------------------------------------------------------------------


def schemas(folder: Path, mirror: Path) -> dict[str, Schema]:
    """The resource schemas of hashicorp/aws, by type. `folder` must not be there. Raises CalledProcessError."""
    write(folder, {})
    run(folder, "init", f"-plugin-dir={mirror}", "-input=false")
    found = json.loads(run(folder, "providers", "schema", "-json"))["provider_schemas"]
    return next(one["resource_schemas"] for name, one in found.items() if name.endswith("hashicorp/aws"))


def write(folder: Path, document: Body) -> None:
    """Write a main.tf.json with the document and a hashicorp/aws that calls nobody; `folder` must not be there."""
    folder.mkdir(parents=True)
    provider = {"region": "eu-west-1", "access_key": "mock", "secret_key": "mock"} | {
        f"skip_{n}": True for n in _SKIPPED
    }
    head = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}}, "provider": {"aws": [provider]}}
    (folder / "main.tf.json").write_text(json.dumps(head | document))


def planned(folder: Path, mirror: Path, *options: str) -> dict[str, Any]:
    """The plan document of a written folder; what lies in its terraform.tfstate is not refreshed.

    Raises CalledProcessError with Terraform's words in `stderr`.
    """
    run(folder, "init", f"-plugin-dir={mirror}", "-input=false")
    run(folder, "plan", "-refresh=false", "-lock=false", "-input=false", "-no-color", "-out=p", *options)
    document: dict[str, Any] = json.loads(run(folder, "show", "-json", "p"))
    return document


def run(folder: Path, *words: str) -> bytes:
    """What `terraform WORDS` prints in a folder. Raises CalledProcessError."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("TF_")} | {
        "CHECKPOINT_DISABLE": "1"
    }
    return subprocess.run(["terraform", *words], capture_output=True, check=True, cwd=folder, env=env).stdout


# -- what is kept -----------------------------------------------------------------------------------------


def read_by(rows: list[dict[str, Any]], *keys: str) -> dict[str, set[str]]:
    """The top-level attributes that rows and their conditions name under `path` (or other keys), by type."""
    found: dict[str, set[str]] = {}

    def add(type_: str, thing: Any) -> None:
        if isinstance(thing, dict):
            paths = [thing[key] for key in ("path", *keys) if key in thing]
            for path in [*paths, *thing.get("inherits", ())]:
                found.setdefault(type_, set()).add(path.replace("{", "[").split(".")[0].split("[")[0])
            for inner in thing.values():
                add(type_, inner)
        elif isinstance(thing, list):
            for inner in thing:
                add(type_, inner)

    for row in rows:
        add(row["type"], row)
    return found


def reduced(document: dict[str, Any], kept: dict[str, set[str]]) -> dict[str, Any]:
    """The plan with nothing but its changes and, by type, the attributes `kept` of them."""

    def cut(type_: str, value: Any) -> Any:
        return {k: v for k, v in value.items() if k in kept.get(type_, ())} if isinstance(value, dict) else value

    changes = []
    for entry in document["resource_changes"]:
        change = {k: cut(entry["type"], v) for k, v in entry["change"].items() if k != "before_sensitive"}
        changes.append({**entry, "change": change})
    root = document["configuration"]["root_module"]
    resources = [{**r, "expressions": cut(r["type"], r.get("expressions", {}))} for r in root.get("resources", ())]
    configuration = {"provider_config": {"aws": {"name": "aws"}}, "root_module": {"resources": resources}}
    return {**{w: document[w] for w in _HEAD}, "resource_changes": changes, "configuration": configuration}
