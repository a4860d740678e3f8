"""Plans of the real provider for the tests of the packs: configurations that its schema completes, their plans and
states, and what of a plan is kept.

What a type requires besides what a test is about comes from the provider's schema, as values known only after the
apply, so that nothing has to be invented.
"""

from __future__ import annotations

import copy
import gzip
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..terraform import Root  # noqa: TID252 - the tests are no package

UNKNOWN = "${terraform_data.u.output}"
SOURCE = {"terraform_data": {"u": {"input": "${timestamp()}"}}}  # what UNKNOWN refers to: a plan needs it
KEEP = os.environ.get("PLANGATE_TEST_KEEP") == "1"  # whether what is kept is to be written anew
_HEAD = ("format_version", "terraform_version", "applyable", "complete", "errored")
_SKIPPED = ("credentials_validation", "requesting_account_id", "metadata_api_check", "region_validation")
MISSING: Any = object()
_NEEDED: dict[str, Any] = json.loads(Path(__file__).with_name("real_required.json").read_bytes())
REQUIRED, TOLD = _NEEDED["types"], _NEEDED["told"]
Schema = dict[str, Any]
Body = dict[str, Any]


# -- bodies -----------------------------------------------------------------------------------------------


def complete(type_: str, schema: Schema, body: Body) -> None:
    """Add what a type requires: beyond its schema (real_required.json), then by the schema's `block`."""
    for path, more in REQUIRED.get(type_, {}).items():
        if not has(body, path):
            put(schema, body, path, more)
    if type_ == "aws_kinesis_firehose_delivery_stream":
        _destination(body)
    fill(schema, body)


def _destination(body: Body) -> None:
    """Where a stream delivers to: what the body configures, else a bucket."""
    end, sources = "_configuration", ("kinesis_source_configuration", "msk_source_configuration")
    named = next((key[: -len(end)] for key in body if key.endswith(end) and key not in sources), None)
    if named is None:
        body["extended_s3_configuration"] = [{}]
    body["destination"] = named or "extended_s3"


def has(body: Any, path: str) -> bool:
    """Whether a body says something at a path, in the first block of each kind."""
    for word in path.replace("[*]", "").split("."):
        if isinstance(body, list):
            body = body[0] if body else {}
        if not isinstance(body, dict) or word not in body:
            return False
        body = body[word]
    return True


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


def put(schema: Schema, body: Body, path: str, value: Any) -> None:
    """Set the value at a path, in blocks as the schema nests them; MISSING leaves it out, its block there."""
    *blocks, leaf_ = path.replace("[*]", "").split(".")
    for name in blocks:
        block = schema.get("block_types", {}).get(name)
        attribute = schema.get("attributes", {}).get(name, {})
        nested, written = attribute.get("nested_type"), attribute.get("type")
        mode = (block or nested or {"nesting_mode": "single"}).get("nesting_mode")
        if isinstance(written, list) and written[0] in ("list", "set"):
            mode = "list"
        if mode in ("single", "group"):
            body = body.setdefault(name, {})
        else:
            body = body.setdefault(name, [{}])[0]
        schema = block["block"] if block else nested or {}
    if value is MISSING:
        body.pop(leaf_, None)
    else:
        body[leaf_] = copy.deepcopy(value)


def leave_out(body: Body, path: str) -> None:
    """Take away the block at a path, in the first block of each kind."""
    *outer, last = path.split(".")
    for word in outer:
        body = body[word][0] if isinstance(body[word], list) else body[word]
    body.pop(last, None)


def ignoring(schema: Schema, body: Body) -> Body:
    """The body with everything ignored that is known only after the apply: it stays as the state has it."""
    paths = _unknown("", schema, body)
    return {**body, "lifecycle": {"ignore_changes": paths}} if paths else body


def _unknown(at: str, schema: Schema, body: Body) -> list[str]:
    found = []
    for name, value in body.items():
        path, block = f"{at}{name}", schema.get("block_types", {}).get(name)
        if block is None:
            found += [path] if UNKNOWN in json.dumps(value) else []
        elif block["nesting_mode"] == "list":
            for number, one in enumerate(_each(value)):
                found += _unknown(f"{path}[{number}].", block["block"], one)
        elif block["nesting_mode"] == "single":
            found += [one for body_ in _each(value) for one in _unknown(f"{path}.", block["block"], body_)]
        # Elements of a set have no place: what they hold cannot be ignored one by one.
    return found


# -- state ------------------------------------------------------------------------------------------------


def state(document: dict[str, Any], schemas: dict[str, Schema], *, whole: bool = False) -> dict[str, Any]:
    """A state (version 4) in which what the plan document makes of these types is there, to plan a change of it.

    What the apply would tell is left out, but for `id` and `arn`: made of the name that the configuration gives. With
    `whole` it becomes a plausible value of its type, or what real_required.json has for it.
    """
    region = document["configuration"]["provider_config"]["aws"]["expressions"]["region"]["constant_value"]
    resources: dict[tuple[str, str, str], dict[str, Any]] = {}
    for entry in document["resource_changes"]:
        type_, name, after = entry["type"], entry["name"], entry["change"]["after"]
        if type_ not in schemas or entry["mode"] != "managed" or after is None:
            continue
        known = next((after[k] for k in ("bucket", "identifier", "name") if isinstance(after.get(k), str)), name)
        made = {"id": known, "arn": f"arn:aws:x:{region}:111122223333:{known}"}
        unknown = entry["change"]["after_unknown"]
        attributes = {k: v for k, v in made.items() if k in unknown} | after
        if whole:
            told = {k: v for k, v in TOLD.get(type_, {}).items() if unknown.get(k)}
            attributes = _known(schemas[type_]["block"], attributes, unknown, name) | told
        one = resources.setdefault(
            (entry.get("module_address", ""), type_, name),
            {
                "mode": "managed",
                "type": type_,
                "name": name,
                "provider": f'provider["{entry["provider_name"]}"]',
                "instances": [],
                **({"module": entry["module_address"]} if "module_address" in entry else {}),
            },
        )
        version = schemas[type_].get("version", 0)
        index = {"index_key": entry["index"]} if "index" in entry else {}
        one["instances"].append({"schema_version": version, "attributes": attributes, **index})
    return state_of(list(resources.values()))


def state_of(resources: list[Body]) -> Body:
    """A state (version 4) with these resources."""
    lineage = "3f1d2c4b-0000-4000-8000-000000000000"
    return {"version": 4, "serial": 1, "lineage": lineage, "outputs": {}, "resources": resources}


def _known(schema: Schema, after: Body, unknown: Any, name: str) -> Body:
    found: Body = {}
    for word, attribute in schema.get("attributes", {}).items():
        here = unknown.get(word) if isinstance(unknown, dict) else unknown
        value = (after or {}).get(word)
        known = not here or (here is True and value is not None)
        found[word] = value if known else _told(attribute, value, here, f"{name}-{word}")
    for word, block in schema.get("block_types", {}).items():
        here = unknown.get(word) if isinstance(unknown, dict) else None
        value = (after or {}).get(word)
        if isinstance(value, list):
            masks = here if isinstance(here, list) else [{}] * len(value)
            found[word] = [_known(block["block"], one, mask, name) for one, mask in zip(value, masks, strict=True)]
        elif isinstance(value, dict):
            found[word] = _known(block["block"], value, here if isinstance(here, dict) else {}, name)
        else:
            found[word] = [] if block["nesting_mode"] in ("list", "set") else None
    return found


def _told(attribute: dict[str, Any], value: Any, unknown: Any, name: str) -> Any:
    nested, written = attribute.get("nested_type"), attribute.get("type")
    if nested is not None:
        if isinstance(value, dict):
            return _known(nested, value, unknown, name)
        if isinstance(value, list) and isinstance(unknown, list):
            return [_known(nested, one, mask, name) for one, mask in zip(value, unknown, strict=True)]
        return [] if nested["nesting_mode"] in ("list", "set") else {} if nested["nesting_mode"] == "map" else None
    return plausible(written, name, value, unknown)


def plausible(written: Any, name: str, value: Any = None, unknown: Any = True) -> Any:
    """A value of a type as the schema writes it, where `unknown` says so, with what is known of `value`."""
    if not unknown:
        return value
    kind, inner = written if isinstance(written, list) else (written, None)
    if kind in ("list", "set"):
        masks = unknown if isinstance(unknown, list) else []
        return [plausible(inner, name, one, mask) for one, mask in zip(value or (), masks, strict=True)]
    if kind == "map":
        masks = unknown if isinstance(unknown, dict) else {}
        return {k: plausible(inner, name, (value or {}).get(k), masks.get(k)) for k in {**(value or {}), **masks}}
    if kind == "object":
        masks = unknown if isinstance(unknown, dict) else dict.fromkeys(inner, unknown)
        return {k: plausible(t, name, (value or {}).get(k), masks.get(k)) for k, t in inner.items()}
    if kind == "string" and name.endswith("arn"):
        return f"arn:aws:x:eu-west-1:111122223333:{name}"
    if kind == "string" and name.endswith(("_at", "_time", "_date")):
        return "2024-01-01T00:00:00Z"
    return {"bool": False, "number": 1}.get(kind, name)


# -- terraform --------------------------------------------------------------------------------------------


def schemas(folder: Path, mirror: Path) -> dict[str, Schema]:
    """The resource schemas of hashicorp/aws, by type; tests take the fixture of that name, which asks once.

    `folder` must not be there.
    """
    write(folder, {})
    root = Root(folder)
    root.init(mirror)
    found = json.loads(root.run("providers", "schema", "-json"))["provider_schemas"]
    return next(one["resource_schemas"] for name, one in found.items() if name.endswith("hashicorp/aws"))


def write(folder: Path, document: Body) -> None:
    """Write a main.tf.json with the document and a hashicorp/aws that calls nobody; `folder` must not be there."""
    folder.mkdir(parents=True)
    provider = {"region": "eu-west-1", "access_key": "mock", "secret_key": "mock"} | {
        f"skip_{n}": True for n in _SKIPPED
    }
    head = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}}, "provider": {"aws": [provider]}}
    (folder / "main.tf.json").write_text(json.dumps(head | document))


def planned(folder: Path, mirror: Path, *options: str) -> Body:
    """The plan document of a written folder; what lies in its terraform.tfstate is not refreshed.

    Raises AssertionError with Terraform's words.
    """
    root = Root(folder)
    root.init(mirror)
    return _plan(root, *options)


def changed(source: Path, folder: Path, mirror: Path, settled: Callable[[Body], Body], *options: str) -> Body:
    """The plan document of after.tf in a copy of `source`, with the state that `settled` makes of before.tf's plan.

    Raises AssertionError with Terraform's words.
    """
    shutil.copytree(source, folder)
    root, before, after = Root(folder), folder / "before.tf", folder / "after.tf"
    later = after.rename(folder / "after.later")
    root.init(mirror)
    (folder / "terraform.tfstate").write_text(json.dumps(settled(_plan(root))))
    before.unlink()
    later.rename(after)
    return _plan(root, *options)


def _plan(root: Root, *options: str) -> Body:
    return root.planned("-refresh=false", "-lock=false", *options).document


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


def write_plans(path: Path, plans: Any) -> None:
    path.write_bytes(gzip.compress(json.dumps(plans, separators=(",", ":")).encode(), mtime=0))


def read_plans(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def slim(document: Body) -> Body:
    """The plan without prior state, planned values and the provider's access, and without what is null."""
    changes = []
    for entry in document["resource_changes"]:
        change = dict(entry["change"])
        for side in ("before", "after"):
            if change[side] is not None:
                change[side] = {k: v for k, v in change[side].items() if v is not None}
        changes.append({**entry, "change": change})
    configuration = {**document["configuration"], "provider_config": {"aws": {"name": "aws"}}}
    head = {word: document[word] for word in (*_HEAD[:2], "timestamp", *_HEAD[2:])}
    return {**head, "resource_changes": changes, "configuration": configuration}


def only(document: Body, wanted: Callable[[Body], bool]) -> Body:
    """The plan with the resources of its root that are wanted, by `type`, `name` or `address`."""
    changes = [one for one in document["resource_changes"] if wanted(one)]
    root = document["configuration"]["root_module"]
    root = {**root, "resources": [one for one in root["resources"] if wanted(one)]}
    return {
        **document,
        "resource_changes": changes,
        "configuration": {**document["configuration"], "root_module": root},
    }


def apart(document: Body, type_: str, *shared: str) -> tuple[Body, Body]:
    """The plan without the resources of a type, and one of them and what UNKNOWN and they refer to: two for one run."""
    both = ("terraform_data.u", *shared)
    return (
        only(document, lambda one: one["type"] != type_),
        only(document, lambda one: one["type"] == type_ or one["address"] in both),
    )


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
