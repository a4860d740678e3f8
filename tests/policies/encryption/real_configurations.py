"""Configurations of real resources made from the rows: for each row one that is right, one that is wrong, and one that
says nothing.

What else a type requires comes from the provider's schema, as values known only after the apply, so that nothing has to
be invented; what the provider checks beyond its schema stands in `real_values.json`.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from . import rowcases as rc

HERE = Path(__file__).parent
VALUES: dict[str, Any] = json.loads((HERE / "real_values.json").read_bytes())
UNKNOWN, KEY = "${terraform_data.u.output}", "${aws_kms_key.k.arn}"
CLOUD_KEY = "arn:aws:kms:eu-west-1:123456789012:alias/aws/service"
WORD = {"wrong": "fail", "right": "pass", "depends": "unknown"}
# It decides for every volume of its plan, so it is planned apart.
APART = "aws_ebs_encryption_by_default"
ROWS = [row for row in rc.ROWS if row["type"].startswith("aws_") and "since" not in row]
Schema = dict[str, Any]
Body = dict[str, Any]


class Case(NamedTuple):
    """One resource of the plan, and what the row's policy is to say of it."""

    row: dict[str, Any]
    kind: str
    address: str
    outcome: str
    body: Body


def cases(schemas: dict[str, Schema]) -> list[Case]:
    """All cases, in the order of the rows."""
    found: list[Case] = []
    for row in ROWS:
        schema = schemas[row["type"]]["block"]
        for kind, value, outcome in _kinds(row, schema):
            name = f"{row['policy'].removeprefix('aws-').replace('-', '_')}_{kind}_{len(found)}"
            body = _body(row, kind, value, schema)
            found.append(Case(row, kind, f"{row['type']}.{name}", outcome, body))
    return found


def _kinds(row: dict[str, Any], schema: Schema) -> list[tuple[str, Any, str]]:
    key = f"{row['type']}.{row['path']}"
    bad = rc.MISSING if row["op"] == "customer_key" else VALUES["wrong"].get(key, rc.wrong(row))
    found = [("right", VALUES["right"].get(key, rc.right(row)), "pass")]
    if bad is not rc.MISSING:
        found.append(("wrong", bad, "fail"))
    plain = "=" not in row["path"] and "{}" not in row["path"]
    required, block = _leaf(row["path"], schema) if plain else (False, None)
    if not required:
        found.append(("absent", rc.MISSING, VALUES["expect"].get(key, rc.absent(row))))
    elif block and row["type"] not in VALUES["always_a_block"]:
        word = WORD[row.get("without_block", row["when_absent"])]
        found.append(("no_block", rc.MISSING, VALUES["expect"].get(f"{key}:no_block", word)))
    if required and row["op"] == "customer_key":
        found.append(("wrong", CLOUD_KEY, "fail"))
    return found


def _leaf(path: str, schema: Schema) -> tuple[bool, str | None]:
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


def _body(row: dict[str, Any], kind: str, value: Any, schema: Schema) -> Body:
    type_, body = row["type"], {}
    for other in ROWS:
        key = f"{other['type']}.{other['path']}"
        same = (other["policy"], other["type"]) == (row["policy"], type_)
        if same and other is not row and key not in VALUES["not_together"]:
            rc.put(body, other["path"], VALUES["right"].get(key, rc.right(other)))
    rc.put(body, row["path"], value)
    for condition in row.get("only_if", ()):
        _satisfy(body, row, condition, schema)
    for path, more in VALUES["besides"].get(type_, {}).items():
        if not _has(body, path):
            rc.put(body, path, copy.deepcopy(more))
    for path, more in VALUES["besides_for_row"].get(f"{row['policy']}/{type_}/{row['path']}", {}).items():
        rc.put(body, path, copy.deepcopy(more))
    for path, more in VALUES.get(f"with_{kind}", {}).get(type_, {}).items():
        rc.put(body, path, copy.deepcopy(more))
    if type_ == "aws_kinesis_firehose_delivery_stream":
        _destination(body)
    _fill(schema, body)
    if kind == "no_block":
        _leave_out(body, _leaf(row["path"], schema)[1] or "")
    if kind == "absent" and "=" in row["path"]:
        body.pop(row["path"].partition("[")[0], None)
    cleaned: Body = _clean(body)
    return cleaned


def _satisfy(body: Body, row: dict[str, Any], condition: dict[str, Any], schema: Schema) -> None:
    if condition.get("set") is True and "{}." not in condition["path"]:
        _set_anything(body, rc.condition_path(row, condition), schema)
    elif (
        condition.get("set")
        or "any" in condition
        or "at_least" in condition
        or ("values" in condition and not condition.get("not"))
    ):
        rc.satisfy(body, row, condition)
        path = condition.get("path")
        if path and f"{row['type']}.{path}" in VALUES["condition"]:
            rc.put(body, path, VALUES["condition"][f"{row['type']}.{path}"])


def _set_anything(body: Body, path: str, schema: Schema) -> None:
    for word in path.replace("[*]", "").split("."):
        block = schema.get("block_types", {}).get(word)
        if block is None:
            body.setdefault(word, UNKNOWN)
            return
        listed = body.setdefault(word, [{}])
        body, schema = listed[0] if isinstance(listed, list) else listed, block["block"]


def _has(body: Any, path: str) -> bool:
    for word in path.replace("[*]", "").split("."):
        if isinstance(body, list):
            body = body[0] if body else {}
        if not isinstance(body, dict) or word not in body:
            return False
        body = body[word]
    return True


def _destination(body: Body) -> None:
    end, sources = "_configuration", ("kinesis_source_configuration", "msk_source_configuration")
    named = next((key[: -len(end)] for key in body if key.endswith(end) and key not in sources), None)
    if named is None:
        body["extended_s3_configuration"] = [{}]
    body["destination"] = named or "extended_s3"


def _fill(schema: Schema, body: Body) -> None:
    """The attributes and blocks that the schema requires."""
    for name, attribute in schema.get("attributes", {}).items():
        if name in body:
            nested = attribute.get("nested_type")
            for one in _each(body[name]) if nested else ():
                _fill(nested, one)
                for inner in nested["attributes"]:
                    one.setdefault(inner, None)
        elif attribute.get("required"):
            body[name] = _of_type(attribute.get("type"))
    for name, block in schema.get("block_types", {}).items():
        if block.get("min_items"):
            body.setdefault(name, [{}])
        for one in _each(body.get(name, [])):
            _fill(block["block"], one)


def _each(value: Any) -> list[Body]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _of_type(written: Any) -> Any:
    kind = written[0] if isinstance(written, list) else written
    if kind in ("list", "set"):
        return [UNKNOWN] if written[1] == "string" else []
    return {"k": UNKNOWN} if kind == "map" else UNKNOWN


def _leave_out(body: Body, path: str) -> None:
    *outer, last = path.split(".")
    for word in outer:
        body = body[word][0] if isinstance(body[word], list) else body[word]
    body.pop(last, None)


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items() if one is not rc.MISSING}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return KEY if value == rc.KEY else value


# -- terraform --------------------------------------------------------------------------------------------


def planned(folder: Path, mirror: Path) -> tuple[list[Case], list[dict[str, Any]]]:
    """The cases and the plan documents that the real provider makes of them. Raises CalledProcessError."""
    _write(folder / "schema", {})
    run(folder / "schema", "init", f"-plugin-dir={mirror}", "-input=false")
    schemas = json.loads(run(folder / "schema", "providers", "schema", "-json"))["provider_schemas"]
    made = cases(next(s["resource_schemas"] for name, s in schemas.items() if name.endswith("hashicorp/aws")))
    documents = []
    for name, apart in (("all", False), ("apart", True)):
        resources: Body = {"terraform_data": {"u": {"input": "${timestamp()}"}}, "aws_kms_key": {"k": {}}}
        for case in made:
            if (case.row["type"] == APART) == apart:
                resources.setdefault(case.row["type"], {})[case.address.partition(".")[2]] = case.body
        _write(folder / name, {"resource": resources})
        run(folder / name, "init", f"-plugin-dir={mirror}", "-input=false")
        run(folder / name, "plan", "-refresh=false", "-lock=false", "-input=false", "-out=p")
        documents.append(reduced(json.loads(run(folder / name, "show", "-json", "p"))))
    return made, documents


def _write(folder: Path, document: Body) -> None:
    folder.mkdir(parents=True)
    skip = ("credentials_validation", "requesting_account_id", "metadata_api_check", "region_validation")
    provider = {"region": "eu-west-1", "access_key": "mock", "secret_key": "mock"} | {f"skip_{n}": True for n in skip}
    head = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}}, "provider": {"aws": [provider]}}
    (folder / "main.tf.json").write_text(json.dumps(head | document))


def run(folder: Path, *words: str) -> bytes:
    env = {name: value for name, value in os.environ.items() if not name.startswith("TF_")} | {
        "CHECKPOINT_DISABLE": "1"
    }
    return subprocess.run(["terraform", *words], capture_output=True, check=True, cwd=folder, env=env).stdout


def read_by_rows() -> dict[str, set[str]]:
    """The top-level attributes that rows and their conditions read, by type."""
    found: dict[str, set[str]] = {}

    def add(type_: str, thing: Any) -> None:
        if isinstance(thing, dict):
            paths = [thing["path"]] if "path" in thing else []
            for path in [*paths, *thing.get("inherits", ())]:
                found.setdefault(type_, set()).add(path.replace("{", "[").split(".")[0].split("[")[0])
            for inner in thing.values():
                add(type_, inner)
        elif isinstance(thing, list):
            for inner in thing:
                add(type_, inner)

    for row in ROWS:
        add(row["type"], row)
    return found


def reduced(document: dict[str, Any]) -> dict[str, Any]:
    """The plan with nothing but what the rows read."""
    kept = read_by_rows()

    def cut(type_: str, value: Any) -> Any:
        return {k: v for k, v in value.items() if k in kept.get(type_, ())} if isinstance(value, dict) else value

    changes = []
    for entry in document["resource_changes"]:
        change = {k: cut(entry["type"], v) for k, v in entry["change"].items() if k != "before_sensitive"}
        changes.append({**entry, "change": change})
    root = document["configuration"]["root_module"]
    resources = [{**r, "expressions": cut(r["type"], r.get("expressions", {}))} for r in root["resources"]]
    words = ("format_version", "terraform_version", "applyable", "complete", "errored")
    configuration = {"provider_config": {"aws": {"name": "aws"}}, "root_module": {"resources": resources}}
    return {**{w: document[w] for w in words}, "resource_changes": changes, "configuration": configuration}
