"""The tables of the encryption pack keep their schemas and fit together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import plangate_policies
from plangate_policies import POLICIES

FOLDER = Path(plangate_policies.__file__).parent / "encryption"
# What a table says of itself; `_left_out` are settings that are no row, and why.
HEADER = ("_about", "_sources", "_providers", "_left_out")
TABLES = sorted(path.name for path in FOLDER.glob("*.jsonl"))


def schema(name: str) -> jsonschema.Draft202012Validator:
    found = json.loads((FOLDER / name).read_bytes())
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text().splitlines()[1:]]


def entries(name: str) -> list[dict[str, Any]]:
    document = json.loads((FOLDER / name.replace(".jsonl", ".policies.json")).read_bytes())
    schema("policies.schema.json").validate(document)
    found: list[dict[str, Any]] = document["policies"]
    return found


@pytest.mark.parametrize("name", TABLES)
def test_each_row_keeps_the_schema(name: str) -> None:
    validator = schema("rows.schema.json")
    for row in rows(name):
        errors = [error.message for error in validator.iter_errors(row)]
        assert not errors, (row["type"], row["path"], errors)


@pytest.mark.parametrize("name", TABLES)
def test_the_file_can_be_read_a_type_at_a_time(name: str) -> None:
    header, *lines = (FOLDER / name).read_text().splitlines()
    assert {"_about", "_sources", "_providers"} <= set(json.loads(header)) <= {*HEADER}
    types = [row["type"] for row in rows(name)]
    assert types == sorted(types)
    for line in lines:
        assert list(json.loads(line))[:2] == ["type", "policy"]
    assert {type_.partition("_")[0] for type_ in types} == {name.partition(".")[0]}


@pytest.mark.parametrize("name", TABLES)
def test_rows_and_policies_belong_together(name: str) -> None:
    ids = [entry["id"] for entry in entries(name)]
    assert len(ids) == len(set(ids))
    assert {row["policy"] for row in rows(name)} == set(ids)
    keys = [(row["policy"], row["type"], row["path"]) for row in rows(name)]
    assert len(keys) == len(set(keys))
    for row in rows(name):
        needs_values = row["op"] in ("one_of", "none_of", "contains", "excludes", "subset", "at_least")
        assert needs_values <= bool(row.get("values")), row
        absent = {row["when_absent"], row.get("without_block"), *(one["absent"] for one in row.get("when", ()))}
        assert ("depends" in absent) == ("depends" in row), row


@pytest.mark.parametrize("name", TABLES)
def test_aliases_name_types_of_their_policy(name: str) -> None:
    for entry in entries(name):
        types = {row["type"] for row in rows(name) if row["policy"] == entry["id"]}
        for alias, named in entry.get("aliases", {}).items():
            assert set(named) <= types, (entry["id"], alias)


@pytest.mark.parametrize("name", TABLES)
def test_severities(name: str) -> None:
    """What is not encrypted at all is high; whose key, and which version of TLS, stop nobody who does not ask."""
    for entry in entries(name):
        if entry["facet"] in ("cmk", "tls_version"):
            assert entry["severity"] in ("low", "medium"), entry["id"]


def test_every_table_is_listed_in_the_pack() -> None:
    loaded = {made.id for made in POLICIES}
    for name in TABLES:
        assert {"encryption/" + entry["id"] for entry in entries(name)} <= loaded
