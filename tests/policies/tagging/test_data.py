"""The tables of the pack keep their schema and do not contradict each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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

TEXT = {"type": "string", "minLength": 1}
TYPE = {"type": "string", "pattern": "^[a-z0-9]+_[a-z0-9_]+$"}
PATH = {"type": "string", "pattern": r"^[a-z0-9_]+(\[\*\])?(\.[a-z0-9_]+(\[\*\])?)*$"}
MAYBE = {"type": ["string", "null"], "minLength": 1}


def a_list(item: Any, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": least, "uniqueItems": True}


def an_object(required: str, **properties: Any) -> dict[str, Any]:
    names = required.split()
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}


NESTED = an_object("path", path=PATH, defaults={"const": True}, copied_by=TEXT)
COMPANION = an_object("type by key value", type=TYPE, by=TEXT, key=PATH, value=PATH)
HEAD = {"_about": TEXT, "_sources": a_list(TEXT, 1), "_providers": {"type": "object"}}
SCHEMAS = {
    "taggable.json": an_object(
        "_about _sources _providers shapes rows not_tags types",
        **HEAD,
        shapes=a_list(
            an_object(
                "shape maps cloud source",
                shape=TEXT, beginning=TEXT, maps=a_list(PATH, 1), defaults=TEXT, cloud=TEXT, new=a_list(TEXT, 1),
                source=TEXT,
            ),
            1,
        ),
        rows=a_list(
            an_object(
                "type source",
                type=TYPE, maps=a_list(PATH), defaults=MAYBE, nested=a_list(NESTED, 1),
                companions=a_list(COMPANION, 1), source=TEXT,
            ),
            1,
        ),
        not_tags=a_list(an_object("type source", type=TYPE, source=TEXT), 1),
        types={"type": "object", "additionalProperties": a_list(TYPE, 1)},
    ),
    "tag_policy_types.json": an_object(
        "_about _sources _providers rows",
        **HEAD,
        rows=a_list(
            an_object(
                "tag_type types",
                tag_type={"type": "string", "pattern": "^[a-z0-9-]+:[A-Za-z0-9/_-]+$"}, types=a_list(TYPE),
                untaggable=a_list(TYPE, 1),
            ),
            1,
        ),
    ),
    "limits.json": an_object(
        "_about _sources rows",
        **{k: HEAD[k] for k in ("_about", "_sources")},
        rows=a_list(
            an_object(
                "cloud key value reserved exempt says source",
                cloud=TEXT, tags={"type": "integer"}, key={"type": "integer"}, value={"type": "integer"},
                reserved=a_list(TEXT), ignored=a_list(TEXT), keys=TEXT, values=TEXT, lower={"const": True},
                exempt=a_list(TYPE), says=TEXT, source={"type": "string", "pattern": "^https://"},
            ),
            1,
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_table_keeps_its_schema(name: str) -> None:
    path = TABLE if name == TABLE.name else ROOT / name
    jsonschema.Draft202012Validator(SCHEMAS[name]).validate(json.loads(path.read_bytes()))


def test_every_table_is_known_here() -> None:
    assert {path.name for path in ROOT.glob("*.json")} | {TABLE.name} == set(SCHEMAS)


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
