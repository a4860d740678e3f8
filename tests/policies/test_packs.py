"""The packs as a whole: nothing is forgotten, every policy has its page, every data file keeps its schema."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import jsonschema
import pytest

import plangate.plan.facts
import plangate_policies
from plangate import Policy
from plangate_policies import POLICIES

ROOT = Path(plangate_policies.__file__).parent
STATEFUL = Path(plangate.plan.facts.__file__).with_name("stateful.json")
# Packs with schemas of their own, beside their tables or their tests.
OWN = ("encryption", "exposure", "tagging")
FILES = {
    path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.json")) if path.parent.name not in OWN
} | {"stateful.json": STATEFUL}
MODULES = sorted(
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in ROOT.rglob("*.py")
)
IDS = [p.id for p in POLICIES]

CONDITION = {
    "type": "object",
    "properties": {
        "path": {"type": "string", "minLength": 1},
        "values": {"type": "array", "minItems": 1},
        "set": {"const": True},
        "absent": {"const": True},
        "companion": {"type": "string"},
        "by": {"type": "string"},
    },
    "anyOf": [{"required": ["path", "values"]}, {"required": ["path", "set"]}, {"required": ["companion", "by"]}],
    "additionalProperties": False,
}
TEXT = {"type": "string", "minLength": 1}
TYPE = {"type": "string", "pattern": "^[a-z0-9]+_[a-z0-9_]+$"}
SEVERITY = {"enum": ["low", "medium", "high", "critical"]}
WORDS = {"type": "array", "items": {"type": ["string", "boolean"]}, "minItems": 1}


def rows(required: list[str], **properties: object) -> dict[str, object]:
    item = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"type": "array", "items": item, "minItems": 1}


SCHEMAS: dict[str, dict[str, object]] = {
    "stateful.json": {
        "rows": rows(
            ["type", "class", "severity", "what", "loss", "recovery", "source"],
            type=TYPE, **{"class": TEXT}, severity=SEVERITY, what=TEXT, loss=TEXT, recovery={"type": "string"},
            no_copy=CONDITION, source=TEXT,
        ),
    },
    "destructive/protection.json": {
        "rows": rows(
            ["types", "path", "change", "severity", "says", "loss", "source"],
            types={"type": "array", "items": TYPE, "minItems": 1}, path=TEXT,
            change={"enum": ["true_to_false", "false_to_true", "to_zero", "decreased", "from"]},
            values=WORDS, severity=SEVERITY, says=TEXT, loss=TEXT, source=TEXT,
        ),
        "guards": rows(
            ["parent", "guard", "by", "severity", "says", "loss", "source"],
            parent=TYPE, guard=TYPE, by=TEXT, if_any={"type": "array", "items": CONDITION, "minItems": 1},
            severity=SEVERITY, says=TEXT, loss=TEXT, source=TEXT,
        ),
    },
}  # fmt: skip


def test_every_policy_that_is_defined_is_listed() -> None:
    defined = {
        value.id
        for name in MODULES
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, Policy)
    }
    assert defined <= set(IDS)
    assert len(IDS) == len(set(IDS))


@pytest.mark.parametrize("made", POLICIES, ids=IDS)
def test_every_policy_has_its_page(made: Policy) -> None:
    assert made.title.endswith(".")
    assert len(made.doc.strip().splitlines()) > 1, "a page is more than its title"
    assert made.remediation.endswith(".")
    assert made.references
    assert all(link.startswith("https://") for link in made.references)
    assert made.id.split("/")[0] in ("encryption", "tagging", "destructive", "exposure")
    if made.rows is not None:
        assert made.rows()


@pytest.mark.parametrize("name", FILES)
def test_every_data_file_keeps_its_schema(name: str) -> None:
    document = json.loads(FILES[name].read_bytes())
    parts = SCHEMAS[name]
    sources = {"type": "array", "items": TEXT, "minItems": 1}
    schema = {
        "type": "object",
        "properties": {"_about": TEXT, "_sources": sources, **parts},
        "required": ["_about", "_sources", *parts],
        "additionalProperties": False,
    }
    jsonschema.Draft202012Validator(schema).validate(document)


def test_types_of_the_destructive_tables_stand_once() -> None:
    stateful = json.loads(STATEFUL.read_bytes())["rows"]
    assert len(stateful) == len({row["type"] for row in stateful})
    protection = json.loads((ROOT / "destructive/protection.json").read_bytes())["rows"]
    keys = [(t, row["path"], row["change"]) for row in protection for t in row["types"]]
    assert len(keys) == len(set(keys))
    for row in protection:
        assert ("values" in row) == (row["change"] == "from")


def test_customer_keys_are_a_question_and_stop_nobody() -> None:
    for made in POLICIES:
        if "require_cmk" in made.settings:
            assert made.settings["require_cmk"] == ("bool", False)
            assert made.severity in ("low", "medium")
