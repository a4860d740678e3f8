"""The tables of the pack keep their schema, stand in order and do not contradict each other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate import stateful_rows

from .rowcases import BY_ID, FOLDER, STATEFUL, table

TABLES = ("stateful", "weakening", "guards", "blocks", "states", "parts", "lockout")


@pytest.mark.parametrize("name", TABLES)
def test_rows_of_a_type_stand_together_and_begin_with_it(name: str) -> None:
    types = [row["type"] for row in table(name)[1]]
    assert types == sorted(types)
    path = STATEFUL if name == "stateful" else FOLDER / f"{name}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    assert all(line.startswith(f'{{"type": "{type_}", "') for line, type_ in zip(lines, types, strict=True))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("stateful", ("type",)),
        ("weakening", ("type", "policy", "path", "change")),
        ("guards", ("type", "guard")),
        ("blocks", ("type", "block")),
        ("states", ("type", "policy", "path")),
        ("parts", ("type", "whole")),
        ("lockout", ("type", "policy", "path")),
    ],
)
def test_nothing_stands_twice(name: str, parts: tuple[str, ...]) -> None:
    keys = [tuple(row[part] for part in parts) for row in table(name)[1]]
    assert len(keys) == len(set(keys))


def test_no_attribute_is_to_be_on_and_off() -> None:
    kinds: dict[tuple[str, str], set[str]] = {}
    for row in table("weakening")[1]:
        kinds.setdefault((row["type"], row["path"]), set()).add(row["change"])
    for found in kinds.values():
        assert not {"true_to_false", "false_to_true"} <= found


def test_a_row_has_what_its_kind_needs() -> None:
    for row in table("weakening")[1]:
        assert ("values" in row) == (row["change"] in ("from", "to_value")), row
        assert row["policy"] in BY_ID
    for row in table("states")[1]:
        assert ("values" in row) == (row["op"] != "true"), row
        assert row["policy"] in BY_ID
    for row in table("stateful")[1]:
        for condition in (c for key in ("no_copy", "stays", "stops", "holds") for c in row.get(key, ())):
            assert ("values" in condition) != ("empty" in condition), row


def test_replacing_is_never_worse_than_deleting() -> None:
    order = ["info", "low", "medium", "high", "critical"]
    for row in table("stateful")[1]:
        for name in ("on_replace", "create_first"):
            if row.get(name) is not None:
                assert order.index(row[name]) <= order.index(row["severity"]), row


def test_every_policy_of_a_file_has_rows_and_every_alias_a_type_of_it() -> None:
    for name in ("weakening", "states"):
        for entry in json.loads((FOLDER / f"{name}.policies.json").read_bytes())["policies"]:
            made = BY_ID[entry["id"]]
            assert made.rows is not None
            assert made.rows()
            for types in made.alias_types.values():
                assert set(types) <= set(made.types)


def test_the_table_of_authors_reads_a_row_when_it_is_asked_for() -> None:
    rows = stateful_rows()
    every: list[dict[str, Any]] = table("stateful")[1]
    assert len(rows) == len(every) >= 792
    assert list(rows) == list(rows.keys()) == [row["type"] for row in every]
    assert dict(rows.items()) == {row["type"]: row for row in every}
    assert list(rows.having("stops", "no_copy")) == [r["type"] for r in every if {"stops", "no_copy"} & r.keys()]
    assert rows["aws_db_instance"]["severity"] == "critical"
    assert rows.get("aws_none") is None
    assert "aws_db_instance" in rows
    assert "aws_none" not in rows
    with pytest.raises(KeyError):
        rows["aws_none"]
