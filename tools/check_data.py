"""Check the data of the packs: schemas, sources, provider versions, order, duplicates, contradictions.

    python tools/check_data.py
    python tools/check_data.py --schema FILE [--version hashicorp/aws=6.25.0]
    python tools/check_data.py --provider hashicorp/aws=5.100.0 [--plugins FOLDER]

With the schemas of providers (FILE is the output of `terraform providers schema -json`; `--provider` asks Terraform
for it) also: types and paths that there are not, and what in that version is new: types that look as if they held
something, carry tags, or have a switch for encryption that no row knows. Exit 1 when something is wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
from provider_schema import Schemas, ask_terraform, read

ROOT = Path(__file__).resolve().parent.parent
PACKS = ROOT / "policies/plangate_policies"
FACTS = ROOT / "gate/plangate/plan"
# What makes two rows the same question; a second row with other words for it contradicts the first.
QUESTION = (
    "type", "policy", "path", "change", "values", "wrong", "right", "only_if", "unless", "when", "guard", "by", "block",
    "child", "attribute", "parent", "facet", "since", "until", "versions", "op", "if_any", "facets",
)  # fmt: skip
GUARDS = re.compile(
    r"deletion_protection\w*|termination_protection|disable_api_termination|skip_final_\w+|force_destroy\w*|force_delete"
    r"|recovery_window\w*|final_snapshot\w*|\w*retention\w*|delete_protection\w*|prevent_destroy"
)
SWITCHES = re.compile(r"(^|.*[._\]])(encrypt\w*|\w*kms_key\w*|\w*_cmek?\w*|sse_\w+|\w*tls_(policy|version)\w*|ssl_\w+)")
HEADER = {
    "type": "object",
    "required": ["_about", "_sources"],
    "properties": {
        "_about": {"type": "string", "minLength": 1},
        "_sources": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
        "_providers": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "string", "minLength": 1},
        },
    },
    "patternProperties": {"^_": {}},
    "additionalProperties": False,
}


class Data:
    """One data file: its header, its rows with the lines they stand at, and what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wrong: list[str] = []
        self.header: dict[str, Any] = {}
        self.rows: list[tuple[int, dict[str, Any]]] = []
        try:
            self._read()
        except ValueError as error:
            self.wrong.append(f"{self.name}: is not JSON: {error}")

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def _read(self) -> None:
        text = self.path.read_text(encoding="utf-8")
        if self.path.suffix == ".jsonl":
            first, *rest = text.splitlines()
            self.header = json.loads(first)
            self.rows = [(number, json.loads(line)) for number, line in enumerate(rest, 2)]
            return
        self.header = json.loads(text)
        listed = [rows for key, rows in self.header.items() if key != "_about" and isinstance(rows, list)]
        self.rows = [(0, row) for rows in listed for row in rows if isinstance(row, dict)]

    def add(self, line: int, what: str) -> None:
        self.wrong.append(f"{self.name}{f':{line}' if line else ''}: {what}")

    def schema(self) -> Any:
        """Its JSON Schema: FILE.schema.json, or that of all files of its kind in the folder; None where none is."""
        stem = self.path.name.rpartition(".")[0]
        names = [f"{stem}.schema.json", f"{stem.rpartition('.')[2]}.schema.json"]
        if self.path.suffix == ".jsonl":
            names.append("rows.schema.json")
        for name in names:
            if (self.path.parent / name).exists():
                return json.loads((self.path.parent / name).read_bytes())
        return None


def files() -> list[Path]:
    """Every data file of the packs and of the facts that they share."""
    found = [path for folder in (PACKS, FACTS) for kind in ("*.json", "*.jsonl") for path in folder.rglob(kind)]
    return sorted(path for path in found if not path.name.endswith(".schema.json"))


def check(data: Data) -> list[str]:
    """What is wrong with a file by itself."""
    schema = data.schema()
    if schema is None:
        data.add(0, "has no JSON Schema beside it")
    elif data.path.suffix == ".jsonl":
        validator = jsonschema.Draft202012Validator(schema)
        for line, row in data.rows:
            for error in validator.iter_errors(row):
                data.add(line, f"{error.json_path}: {error.message[:200]}")
        for error in jsonschema.Draft202012Validator(HEADER).iter_errors(data.header):
            data.add(1, f"{error.json_path}: {error.message[:200]}")
        if "_providers" not in data.header:
            data.add(1, "names no provider and version (_providers)")
        _order(data)
    else:
        for error in jsonschema.Draft202012Validator(schema).iter_errors(data.header):
            data.add(0, f"{error.json_path}: {error.message[:200]}")
    rows = [row for _, row in data.rows]
    if not data.header.get("_about"):
        data.add(0, "says not what it is (_about)")
    if not data.header.get("_sources") and not all(row.get("source") or row.get("references") for row in rows):
        data.add(0, "says not what it is from (_sources, or source or references of every row)")
    _twice(data)
    pathed = {_plain(row.get("type"), row.get("path", "")) for row in rows}
    for spot in sorted(left_out(data) & pathed):
        data.add(1, f"{spot} is left out, and has a row")
    return data.wrong


def left_out(data: Data) -> set[str]:
    """What the header of a file says has no row, as `type.path` without `[*]`.

    `_left_out` is {"type.path": why}, or ["type.path, type.path: why"].
    """
    told = data.header.get("_left_out", {})
    if isinstance(told, dict):
        return set(told)
    return {word.strip() for text in told for word in text.partition(":")[0].split(",")}


def _plain(type_: Any, path: str) -> str:
    return f"{type_}.{path}".replace("[*]", "")


def _order(data: Data) -> None:
    last = ""
    for line, row in data.rows:
        key = str(row.get("type") or row.get("child") or "")
        if key < last:
            data.add(line, f"{key} stands after {last}: rows are sorted by type")
        last = max(key, last)


def _twice(data: Data) -> None:
    seen: dict[str, tuple[int, str]] = {}
    for line, row in data.rows:
        asked = {key: row[key] for key in QUESTION if key in row}
        if "id" in row:
            asked = {"id": row["id"]}
        elif not ("path" in asked or "guard" in asked or "child" in asked or "facet" in asked):
            asked = row
        question, whole = json.dumps(asked, sort_keys=True), json.dumps(row, sort_keys=True)
        first, before = seen.setdefault(question, (line, whole))
        if first != line and before == whole:
            data.add(line, f"stands in line {first} already")
        elif first != line:
            data.add(line, f"contradicts line {first}, or says the same in other words")
        elif line == 0 and before != whole:
            data.add(0, f"two rows contradict each other: {question[:120]}")


# -- against the schemas of providers ----------------------------------------------------------------------


def against(data: Data, schemas: Schemas) -> Iterator[str]:
    """Types and paths of a file that there are not; a note where the file is also made for another version."""
    known: set[str] = set()
    made_for = {key.rpartition("/")[2]: str(text) for key, text in (data.header.get("_providers") or {}).items()}
    for line, row in data.rows:
        for type_, path in places(row):
            if not schemas.covers(type_) or not _meant(row, schemas.version(type_)):
                continue
            where = f"{data.name}{f':{line}' if line else ''}"
            versions = made_for.get(type_.partition("_")[0], "")
            if versions and str(schemas.version(type_)) not in versions:
                where = f"note: {where} (made for {versions})"
            if type_ not in schemas.types:
                if type_ not in known:
                    yield f"{where}: there is no {type_}"
                known.add(type_)
            elif path and not schemas.has(type_, path):
                yield f"{where}: {type_} has no {path}"


def places(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every (type, path) that a row speaks of."""
    type_ = row.get("type") or row.get("child")
    if not isinstance(type_, str) or "*" in type_:
        return
    block = row.get("path", "").rpartition(".")[0]
    yield type_, str(row.get("path") or row.get("attribute") or row.get("block") or "")
    for other in (*row.get("inherits", ()), *filter(None, [row.get("part_of")])):
        yield type_, other
    if "guard" in row:
        yield row["guard"], row.get("by", "")
    if isinstance(row.get("parent"), str) and "*" not in row["parent"]:
        yield row["parent"], ""
    for one in _conditions(row):
        path = one.get("path", "")
        other = one.get("companion") or one.get("beside")
        if other:
            yield other, one.get("by", "")
            yield other, path
            continue
        of = row.get("guard", type_) if one in row.get("if_any", ()) else one.get("of", {}).get("type", type_)
        yield of, f"{block}{path}".lstrip(".") if path.startswith(".") else path


def _conditions(node: Any) -> Iterator[dict[str, Any]]:
    """The conditions below a row: objects with a path or a companion."""
    for key, value in node.items() if isinstance(node, dict) else ():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                if key != "asks" and ({"path", "companion", "beside"} & item.keys()):
                    yield item
                yield from _conditions(item)


def _meant(row: dict[str, Any], version: str | None) -> bool:
    """Whether a row is about this version of its provider."""
    if version is None:
        return True
    versions = row.get("versions")
    if isinstance(versions, list) and versions and version not in versions:
        return False
    number = _number(version)
    return not ("since" in row and _number(row["since"]) > number) and not (
        "until" in row and _number(row["until"]) < number[: len(_number(row["until"]))]
    )


def _number(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def new_in(schemas: Schemas, tables: dict[str, Data]) -> Iterator[str]:
    """What the schemas have and the tables do not: to be looked at by a person."""
    facts = {
        name: set(_strings(data.header)) | {s for _, r in data.rows for s in _strings(r)}
        for name, data in tables.items()
    }
    stateful = facts.get("gate/plangate/plan/stateful.jsonl", set())
    taggable = facts.get("gate/plangate/plan/taggable.json", set())
    encryption = [data for name, data in tables.items() if "/encryption/" in name]
    told = {_plain(row.get("type"), row.get("path", "")) for data in encryption for _, row in data.rows}
    told |= {spot for data in encryption for spot in left_out(data)}
    told |= {spot[:at] for spot in told for at, char in enumerate(spot) if char == "."}  # the blocks on the way
    for type_ in sorted(schemas.types):
        block = schemas.types[type_]
        names = block.get("attributes", {})
        guards = sorted(name for name in names if GUARDS.fullmatch(name))
        if guards and type_ not in stateful:
            yield f"stateful? {type_} has {', '.join(guards)}"
        if {"tags_all", "effective_labels"} & names.keys() and type_ not in taggable:
            yield f"taggable? {type_}"
        switches = [p for p in schemas.attributes(type_) if SWITCHES.fullmatch(p) and _plain(type_, p) not in told]
        if switches:
            yield f"encryption? {type_} has {', '.join(switches)}"


def _strings(node: Any) -> Iterator[str]:
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, str):
            yield here
        elif isinstance(here, dict):
            stack += [*here, *here.values()]
        elif isinstance(here, list):
            stack += here


def main(arguments: Iterable[str] | None = None) -> int:
    """Check everything; print what is wrong, and what is new."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schema", metavar="FILE", help="output of `terraform providers schema -json`")
    parser.add_argument("--version", action="append", default=[], metavar="NAME=VERSION", help="of a provider in FILE")
    parser.add_argument("--provider", action="append", default=[], metavar="NAME=VERSION", help="ask Terraform for it")
    parser.add_argument("--plugins", metavar="FOLDER", help="a mirror of providers, for --provider")
    given = parser.parse_args(None if arguments is None else list(arguments))
    tables = {data.name: data for data in map(Data, files())}
    wrong = [line for data in tables.values() for line in check(data)]
    schemas = None
    if given.schema:
        schemas = read(given.schema, dict(item.split("=", 1) for item in given.version))
    elif given.provider:
        schemas = ask_terraform(dict(item.split("=", 1) for item in given.provider), given.plugins)
    if schemas is not None:
        wrong += [line for data in tables.values() for line in against(data, schemas)]
    for line in wrong:
        print(line)
    wrong = [line for line in wrong if not line.startswith("note: ")]
    if schemas is not None:
        for line in new_in(schemas, tables):
            print(line)
    rows = sum(len(data.rows) for data in tables.values())
    print(f"{len(tables)} files, {rows} rows: {len(wrong)} things are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
