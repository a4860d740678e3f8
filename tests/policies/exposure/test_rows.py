"""Every row of `attributes.jsonl`: its schema, and a truth table made from what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from plangate.plan.blocks import only_written
from plangate.testing import create, imported, judge, no_op, plan, ref, replace, update
from plangate_policies import exposure
from plangate_policies.exposure.catalogue import TABLE

ROOT = Path(exposure.__file__).parent
BY_ID = {p.id.partition("/")[2]: p for p in exposure.POLICIES}
ROWS = TABLE.all()
NAMES = [f"{row['policy']}-{row['type']}-{row['path']}" for row in ROWS]
UNTOLD = ref("terraform_data.later.output")
SEVERITY = {"enum": ["info", "low", "medium", "high", "critical"]}
TEXT = {"type": "string", "minLength": 1}
WORDS = {"type": "array", "items": {"type": ["string", "boolean"]}, "minItems": 1}
CONDITION = {
    "type": "object",
    "properties": {"path": TEXT, "values": WORDS, "set": {"type": "boolean"}, "of": {"type": "object"}},
    "oneOf": [{"required": ["path", "values"]}, {"required": ["path", "set"]}],
    "additionalProperties": False,
}
ROW = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "pattern": "^[a-z0-9]+_[a-z0-9_]+$"},
        "policy": {"enum": sorted(BY_ID)},
        "path": {"type": "string", "pattern": r"^[a-z0-9_]+(\[\*\])?(\.[a-z0-9_]+(\[\*\])?)*$"},
        "wrong": WORDS,
        "right": WORDS,
        "world": {"const": True},
        "set": {"const": True},
        "left": {"const": True},
        "no_account": {"type": "array", "items": TEXT, "minItems": 1},
        "when_absent": {"enum": ["right", "wrong"]},
        "without_block": {"enum": ["right", "wrong"]},
        "when_unknown": {"const": "right"},
        "says": {"type": "string"},
        "only_if": {"type": "array", "items": CONDITION, "minItems": 1},
        "unless": {"type": "array", "items": CONDITION, "minItems": 1},
        "eased_by": {"type": "array", "items": CONDITION, "minItems": 1},
        "severity": SEVERITY,
        "absent_severity": SEVERITY,
        "default": TEXT,
        "source": {"type": "string", "pattern": "^https://"},
    },
    "required": ["type", "policy", "path", "source"],
    "oneOf": [{"required": [op]} for op in ("wrong", "right", "world", "set", "left", "no_account")],
    "additionalProperties": False,
}
ENTRY = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^(aws|azure|google)-[a-z0-9-]+$"},
        "title": {"type": "string", "pattern": r"\.$"},
        "why": TEXT,
        "severity": SEVERITY,
        "by": {
            "enum": [
                "address_range",
                "attributes",
                "buckets",
                "firewall",
                "issuers",
                "members",
                "permissions",
                "principals",
            ]
        },
        "remediation": {"type": "string", "pattern": r"\.$"},
        "references": {"type": "array", "items": {"type": "string", "pattern": "^https://"}, "minItems": 1},
        "types": {"type": "array", "items": TEXT, "minItems": 1},
        "asks": {"type": "object"},
        "settings": {"const": "ports"},
        "aliases": {
            "type": "object",
            "propertyNames": {"pattern": "^(CKV2?_[A-Z]+_[0-9]+|AVD-(AWS|AZU|GCP)-[0-9]{4}|FG_R[0-9]{5})$"},
            "additionalProperties": {"type": "array", "items": TEXT, "minItems": 1},
        },
    },
    "required": ["id", "title", "why", "severity", "by", "remediation", "references"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_row_keeps_its_schema(row: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(ROW).validate(row)


def test_rows_stand_once_and_in_order() -> None:
    keys = [(row["type"], row["policy"], row["path"]) for row in ROWS]
    assert len(keys) == len(set(keys))
    assert [row["type"] for row in ROWS] == sorted(row["type"] for row in ROWS)


@pytest.mark.parametrize("entry", json.loads((ROOT / "policies.json").read_bytes())["policies"], ids=lambda e: e["id"])
def test_entry_keeps_its_schema(entry: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(ENTRY).validate(entry)
    made = BY_ID[entry["id"]]
    assert made.types
    for types in made.alias_types.values():
        assert set(types) <= set(made.types)
    assert made.rows is not None
    assert made.rows()


def test_services_keep_their_schema() -> None:
    for service in json.loads((ROOT / "ports.json").read_bytes())["services"]:
        assert set(service) == {"name", "ports", "transport", "kind"}
        assert service["transport"] in ("tcp", "udp")
        assert service["kind"] in ("admin", "database", "internal")
        assert all(type(port) is int and 0 < port < 65536 for port in service["ports"])


# -- truth tables ---------------------------------------------------------------------------------------------


def put(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The body with the value at a path; `[*]` is a list of one."""
    here: Any = body
    words = path.split(".")
    for at, word in enumerate(words):
        name = word.removesuffix("[*]")
        if at == len(words) - 1:
            here[name] = value
        elif word.endswith("[*]"):
            here = here.setdefault(name, [{}])[0]
        else:
            here = here.setdefault(name, {})
    return body


def word(pattern: Any) -> Any:
    return "x" + pattern[1:] if isinstance(pattern, str) and len(pattern) > 1 and pattern.startswith("*") else pattern


def around(row: dict[str, Any]) -> dict[str, Any]:
    """What must stand beside, so that the row is asked."""
    body: dict[str, Any] = {}
    for condition in row.get("only_if", ()):
        put(body, condition["path"], word(condition["values"][0]) if "values" in condition else "x")
    return body


def examples(row: dict[str, Any]) -> tuple[Any, Any]:
    """(a wrong value, a right value)."""
    if "wrong" in row:
        wrong = word(row["wrong"][0])
        return wrong, (not wrong if isinstance(wrong, bool) else "something-else")
    if "right" in row:
        right = row["right"][0]
        return (not right if isinstance(right, bool) else "something-else"), right
    if "world" in row:
        return ["10.0.0.0/8", "0.0.0.0/0"], ["10.0.0.0/8"]
    if "set" in row:
        return "x", None
    if "no_account" in row:
        return "arn:aws:s3:::a-bucket", "arn:aws:sns:eu-west-1:111122223333:a-topic"
    return None, [{"x": "y"}]


def outcome(row: dict[str, Any], change: Any) -> str:
    """Of this row alone: another row of the policy and type may find something too."""
    verdicts = judge(BY_ID[row["policy"]], plan(change))
    assert verdicts.outcome != "error", verdicts.message
    return verdicts.outcome


def others(row: dict[str, Any]) -> bool:
    return sum(r["type"] == row["type"] and r["policy"] == row["policy"] for r in ROWS) > 1


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_truth_table(row: dict[str, Any]) -> None:
    address = row["type"] + ".x"
    wrong, right = examples(row)
    bad, good = put(around(row), row["path"], wrong), put(around(row), row["path"], right)
    absent = "fail" if "left" in row or row.get("when_absent") == "wrong" else "pass"

    assert outcome(row, create(address, bad)) == "fail"
    assert outcome(row, create(address, good)) == "pass"
    assert outcome(row, update(address, good, bad)) == "fail"
    assert outcome(row, update(address, bad, good)) == "pass"
    assert outcome(row, replace(address, good, bad)) == "fail"
    assert outcome(row, no_op(address, bad)) == "fail"
    assert outcome(row, imported(address, good)) == "pass"

    nothing = around(row)
    assert outcome(row, create(address, nothing)) == (
        "pass" if "[*]." in row["path"] and row.get("without_block") == "right" else absent
    )
    for empty in (None, "", []):
        assert outcome(row, create(address, put(around(row), row["path"], empty))) == absent

    told = {"set": "fail", "left": "pass"}.get(next((op for op in ("set", "left") if op in row), ""), "unknown")
    told = "pass" if row.get("when_unknown") == "right" else told
    assert outcome(row, create(address, put(around(row), row["path"], UNTOLD))) == told


@pytest.mark.parametrize(
    "row",
    [r for r in ROWS if "[*]" not in r["path"] and "." not in r["path"]],
    ids=lambda r: f"{r['policy']}-{r['type']}",
)
def test_left_out_is_what_is_not_written(row: dict[str, Any]) -> None:
    absent = "fail" if "left" in row or row.get("when_absent") == "wrong" else "pass"
    if only_written(row["type"], (row["path"],)):
        absent = "unknown"  # a block that the provider never fills in: a dynamic makes it
    assert outcome(row, create(row["type"] + ".x", around(row), unknown=[row["path"]])) == absent


@pytest.mark.parametrize(
    "row",
    [r for r in ROWS if "." in r["path"] and "[*]" in r["path"] and "left" not in r],
    ids=lambda r: f"{r['policy']}-{r['type']}",
)
def test_in_a_dynamic_block_nothing_is_certain(row: dict[str, Any]) -> None:
    first = row["path"].partition("[")[0]
    change = create(row["type"] + ".x", put(around(row), row["path"], UNTOLD), dynamic=[first])
    assert outcome(row, change) == "unknown"


@pytest.mark.parametrize("row", [r for r in ROWS if "unless" in r], ids=lambda r: f"{r['policy']}-{r['type']}")
def test_excuses(row: dict[str, Any]) -> None:
    wrong, _ = examples(row)
    for excuse in (one for one in row["unless"] if "of" not in one):
        body = put(around(row), row["path"], wrong)
        value = word(excuse["values"][0]) if "values" in excuse else "x"
        assert outcome(row, create(row["type"] + ".x", put(body, excuse["path"], value))) == "pass"


@pytest.mark.parametrize("row", [r for r in ROWS if "eased_by" in r], ids=lambda r: f"{r['policy']}-{r['type']}")
def test_eased(row: dict[str, Any]) -> None:
    wrong, _ = examples(row)
    for condition in row["eased_by"]:
        body = put(put(around(row), row["path"], wrong), condition["path"], "x")
        address = row["type"] + ".x"
        assert judge(BY_ID[row["policy"]], plan(create(address, body))).severities == {address: ["medium"]}


@pytest.mark.parametrize("row", [r for r in ROWS if r.get("only_if")], ids=lambda r: f"{r['policy']}-{r['type']}")
def test_asked_only_where_it_is_meant(row: dict[str, Any]) -> None:
    wrong, _ = examples(row)
    body = put({}, row["path"], wrong)
    assert outcome(row, create(row["type"] + ".x", put(body, row["only_if"][0]["path"], "something-else"))) == "pass"


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
@pytest.mark.parametrize("value", [7, 1.5, {"a": "b"}, [["a"]], [None], "\u202e0.0.0.0/0", [{"a": [{}]}]], ids=repr)
def test_no_value_breaks_a_row(row: dict[str, Any], value: Any) -> None:
    assert outcome(row, create(row["type"] + ".x", put(around(row), row["path"], value))) in ("pass", "fail")


def test_a_storage_account_before_azurerm_3_has_another_name_for_public_containers() -> None:
    account = "azurerm_storage_account.a"

    def said(**body: Any) -> str:
        return judge(BY_ID["azure-blob-public-allowed"], plan(create(account, body))).outcome

    assert said(allow_blob_public_access=False) == "pass"
    assert said(allow_blob_public_access=True) == "fail"
    assert said() == "fail"


def test_a_storage_account_behind_its_firewall_is_no_public_endpoint() -> None:
    account = "azurerm_storage_account.a"

    def said(**body: Any) -> str:
        return judge(BY_ID["azure-public-network-access"], plan(create(account, body))).outcome

    assert said(network_rules=[{"default_action": "Deny"}]) == "pass"
    assert said(network_rules=[{"default_action": "Allow"}]) == "fail"
    assert said() == "fail"
