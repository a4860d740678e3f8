"""The tables of the pack keep their schema and do not contradict each other."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import plangate.plan.tags
import plangate_policies.tagging
from plangate import has_tags, tag_shape, tag_table
from plangate_policies.tables import like
from plangate_policies.tagging.cover import TYPES
from plangate_policies.tagging.limits import limits
from plangate_policies.tagging.organization import rows, tag_types
from plangate_policies.tagging.values import compiled

ROOT = Path(plangate_policies.tagging.__file__).parent
TABLE = Path(plangate.plan.tags.__file__).with_name("taggable.json")

FILES = [TABLE, *(path for path in sorted(ROOT.glob("*.json")) if not path.name.endswith(".schema.json"))]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_table_keeps_its_schema(path: Path) -> None:
    schema = json.loads(path.with_suffix(".schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(path.read_bytes()))


def test_types_stand_once_in_order_and_never_on_both_sides() -> None:
    table = tag_table()
    not_tags = [row["type"] for row in table["not_tags"]]
    listed = [t for types in table["types"].values() for t in types]
    special = [row["type"] for row in table["rows"]]
    assert len(listed) == len(set(listed))
    for types in (*table["types"].values(), special, not_tags):
        assert types == sorted(set(types))
    assert not set(not_tags) & {*listed, *special}
    assert set(table["types"]) == {s["shape"] for s in table["shapes"]} - {"awscc"}


def test_every_type_is_judged_by_some_policy_and_has_a_shape() -> None:
    table = tag_table()
    for type_ in [t for types in table["types"].values() for t in types] + [row["type"] for row in table["rows"]]:
        shape = tag_shape(type_)
        assert like(type_, TYPES)
        assert shape is not None
        assert shape["known"]
        assert shape["maps"] or shape["nested"]
    for row in table["not_tags"]:
        assert tag_shape(row["type"]) is None


def test_rows_of_types_that_are_only_made_taggable_say_so() -> None:
    listed = {t for types in tag_table()["types"].values() for t in types}
    for row in tag_table()["rows"]:
        assert ("maps" in row) == (row["type"] not in listed), row["type"]


def test_as_many_types_as_the_providers_have() -> None:
    counts = {name: len(types) for name, types in tag_table()["types"].items()}
    assert counts == {"aws": 792, "azurerm": 404, "google": 239, "google_user_labels": 6, "kubernetes": 75}


def test_types_of_tag_policies_are_taggable() -> None:
    assert len(rows()) == 441
    assert len({row["tag_type"] for row in rows()}) == 441
    for type_ in tag_types():
        assert has_tags(tag_shape(type_), {"tags", "tags_all"}), type_
    untaggable = [type_ for row in rows() for type_ in row.get("untaggable", ())]
    assert not [type_ for type_ in untaggable if has_tags(tag_shape(type_), {"role"})]
    assert len(untaggable) == 10


def test_patterns_of_the_limits_are_patterns() -> None:
    for row in limits().values():
        for which in ("keys", "values"):
            if which in row:
                assert compiled(row[which]).matches("a")
    assert set(limits()) == {shape["cloud"] for shape in tag_table()["shapes"]}
