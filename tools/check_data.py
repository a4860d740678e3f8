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
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jsonschema
from provider_changes import against, new_in, plain
from provider_schema import ask_terraform, read

ROOT = Path(__file__).resolve().parent.parent
PACKS = ROOT / "policies/plangate_policies"
FACTS = ROOT / "gate/plangate/plan"
# What makes two rows the same question; a second row with other words for it contradicts the first.
QUESTION = (
    "type", "policy", "path", "change", "values", "wrong", "right", "only_if", "unless", "when", "guard", "by", "block",
    "child", "attribute", "parent", "facet", "since", "until", "versions", "op", "if_any", "facets",
)  # fmt: skip
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

    def left_out(self) -> set[str]:
        """What the header says has no row, as `type.path` without `[*]`.

        `_left_out` is {"type.path": why}, or ["type.path, type.path: why"].
        """
        told = self.header.get("_left_out", {})
        if isinstance(told, dict):
            return set(told)
        return {word.strip() for text in told for word in text.partition(":")[0].split(",")}


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
    pathed = {plain(row.get("type"), row.get("path", "")) for row in rows}
    for spot in sorted(data.left_out() & pathed):
        data.add(1, f"{spot} is left out, and has a row")
    return data.wrong


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
