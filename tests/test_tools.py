"""The tools: data is whole and in order, schemas of providers are read as they are, the table of fires counts right."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from plangate.testing import create, plan
from plangate_policies import POLICIES

from .providers import AWS
from .tools import load

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def tools() -> Any:
    return {name: load(name) for name in ("check_data", "provider_schema", "fire_table")}


# -- check_data ------------------------------------------------------------------------------------------


def test_data_of_the_packs_is_whole_and_in_order(tools: Any) -> None:
    check_data = tools["check_data"]
    wrong = [line for path in check_data.files() for line in check_data.check(check_data.Data(path))]
    assert wrong == [], "python tools/check_data.py"


HEADER = '{"_about": "x", "_sources": ["y"], "_providers": {"hashicorp/x": "1.0.0"}}'
ROW = '{"type": "x_b", "policy": "p", "path": "a", "severity": "low"}'
SCHEMA = {"type": "object", "required": ["type"], "properties": {"severity": {"enum": ["low", "high"]}}}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([HEADER, ROW], None),
        ([HEADER, ROW, ROW], "stands in line 2 already"),
        ([HEADER, ROW, ROW.replace("low", "high")], "contradicts line 2"),
        ([HEADER, ROW, ROW.replace("x_b", "x_a")], "x_a stands after x_b"),
        ([HEADER, ROW.replace("low", "worse")], "$.severity"),
        ([HEADER.replace(', "_providers": {"hashicorp/x": "1.0.0"}', ""), ROW], "names no provider"),
        ([HEADER.replace('["y"]', "[]"), ROW], "_sources"),
        ([HEADER, "{"], "is not JSON"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(
    tools: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str], said: str | None
) -> None:
    check_data = tools["check_data"]
    monkeypatch.setattr(check_data, "ROOT", tmp_path)
    path = tmp_path / "table.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert any("has no JSON Schema" in line for line in check_data.check(check_data.Data(path)))
    (tmp_path / "table.schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    wrong = check_data.check(check_data.Data(path))
    assert (wrong == []) == (said is None), wrong
    assert said is None or any(said in line for line in wrong)


def attribute(**more: Any) -> dict[str, Any]:
    return {"type": "string", "optional": True, **more}


BLOCK = {
    "attributes": {
        "encrypted": attribute(type="bool"),
        "computed": {"type": "string", "computed": True},
        "tags": attribute(type=["map", "string"]),
        "tags_all": attribute(type=["map", "string"]),
        "policy": attribute(),
        "rules": attribute(type=["list", ["object", {"kms": "string"}]]),
        "nested": {"nested_type": {"nesting_mode": "list", "attributes": {"inner": attribute()}}, "optional": True},
    },
    "block_types": {"rule": {"nesting_mode": "list", "block": {"attributes": {"kms_key_id": attribute()}}}},
}
SCHEMAS = {
    "format_version": "1.0",
    "provider_schemas": {"registry.terraform.io/hashicorp/x": {"resource_schemas": {"x_a": {"block": BLOCK}}}},
}


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("encrypted", True),
        ("encryptd", False),
        ("rule[*].kms_key_id", True),
        ("rule[name=a.b].kms_key_id", True),
        ("rule[*].kms", False),
        ("rules[*].kms", True),
        ("rules[*].other", False),
        ("tags.Owner", True),
        ("policy{}.Statement", True),
        ("encrypted.more", False),
        ("nested[*].inner", True),
        ("nested[*].outer", False),
    ],
)
def test_paths_are_looked_up_as_the_schema_has_them(tools: Any, path: str, there: bool) -> None:
    schemas = tools["provider_schema"].Schemas(SCHEMAS, {"hashicorp/x": "1.0.0"})
    assert schemas.has("x_a", path) is there
    assert schemas.covers("x_a")
    assert not schemas.covers("y_a")
    assert set(schemas.attributes("x_a")) >= {"encrypted", "rule[*].kms_key_id", "nested[*].inner"}
    assert "computed" not in set(schemas.attributes("x_a"))


def test_what_a_version_has_not_and_what_is_new_in_it(
    tools: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_data, schemas = tools["check_data"], tools["provider_schema"].Schemas(SCHEMAS, {"hashicorp/x": "1.2.0"})
    monkeypatch.setattr(check_data, "ROOT", tmp_path)
    rows = [
        {"type": "x_a", "path": "encryptd"},
        {"type": "x_a", "path": "later", "since": "1.3"},
        {"type": "x_a", "path": "earlier", "until": "1.1"},
        {"type": "x_a", "path": "encrypted", "unless": [{"path": "gone", "set": True}]},
        {"type": "x_a", "path": "rule[*].kms_key_id", "only_if": [{"path": ".kms_key_id", "set": True}]},
        {"type": "x_gone", "path": "a"},
        {"type": "y_other", "path": "a"},
    ]
    path = tmp_path / "table.jsonl"

    def against(version: str) -> list[str]:
        header = HEADER.replace("1.0.0", version)
        path.write_text("\n".join([header, *map(json.dumps, rows)]) + "\n", encoding="utf-8")
        return list(check_data.against(check_data.Data(path), schemas))

    wrong = ["x_a has no encryptd", "x_a has no gone", "there is no x_gone"]
    assert [line.partition(": ")[2] for line in against("1.2.0")] == wrong
    assert [line.startswith("note: ") for line in against("1.1.0")] == [True] * 3
    new = list(check_data.new_in(schemas, {}))
    assert "taggable? x_a" in new
    assert "encryption? x_a has encrypted, rule[*].kms_key_id" in new


def test_what_was_looked_at_is_not_new(tools: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_data, schemas = tools["check_data"], tools["provider_schema"].Schemas(SCHEMAS, {"hashicorp/x": "1.2.0"})
    monkeypatch.setattr(check_data, "ROOT", tmp_path)
    path = tmp_path / "packs" / "encryption" / "x.jsonl"
    path.parent.mkdir(parents=True)

    def new(left_out: Any, *rows: dict[str, str]) -> list[str]:
        header = {**json.loads(HEADER), "_left_out": left_out}
        path.write_text("\n".join(map(json.dumps, [header, *rows])) + "\n", encoding="utf-8")
        data = check_data.Data(path)
        said = check_data.check(data)
        assert any("is left out, and has a row" in line for line in said) == (len(rows) == 2), said
        return [line for line in check_data.new_in(schemas, {data.name: data}) if line.startswith("encryption?")]

    row = {"type": "x_a", "path": "encrypted"}
    assert new({}, row) == ["encryption? x_a has rule[*].kms_key_id"]
    assert new({"x_a.rule.kms_key_id": "why"}, row) == []
    assert new(["x_a.rule.kms_key_id, x_a.other: why"], row) == []
    assert new({"x_a.rule.kms_key_id": "why"}, row, {"type": "x_a", "path": "rule[*].kms_key_id"}) == []


@pytest.fixture(scope="module")
def checked(tools: Any, aws: Path) -> tuple[int, str]:
    """How check_data ends with the provider that is here, and what it says."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = tools["check_data"].main(["--provider", f"hashicorp/aws={AWS.name}", "--plugins", str(aws)])
    return code, out.getvalue()


def test_nothing_in_the_provider_that_is_here_was_overlooked(checked: tuple[int, str]) -> None:
    assert [line for line in checked[1].splitlines() if "? " in line] == []


def test_rows_are_right_for_the_provider_that_is_here(checked: tuple[int, str]) -> None:
    code, said = checked
    assert code == 0, said


# -- fire_table ------------------------------------------------------------------------------------------


def test_table_counts_what_fails_and_marks_what_fires_often(tools: Any) -> None:
    fire_table = tools["fire_table"]
    systems = [create(f"aws_efs_file_system.f{n}", encrypted=n > 0) for n in range(10)]
    number, counts = fire_table.counted([plan(*systems), plan(create("aws_kinesis_stream.s", encryption_type="NONE"))])
    assert number == 2
    assert counts["encryption/aws-efs-unencrypted"] == {
        "plans": 1, "matched": 10, "failed": 1, "unknown": 0, "errors": 0,
    }  # fmt: skip
    text = fire_table.table(number, counts, "2026-01-02")
    assert "A collection of 2 plan documents" in text
    assert "Judged on 2026-01-02" in text
    assert "| `encryption/aws-efs-unencrypted` | 1 | 10 | 1 | 0 | 0 | 10% |  |" in text
    reason = fire_table.read_by_hand()["encryption/aws-kinesis-unencrypted"]
    assert f"| `encryption/aws-kinesis-unencrypted` | 1 | 1 | 1 | 0 | 0 | **100%** | {reason} |" in text


def test_what_was_read_is_of_policies_there_are_and_fits_a_table(tools: Any) -> None:
    reasons = tools["fire_table"].read_by_hand()
    assert not reasons.keys() - {policy.id for policy in POLICIES}
    assert not [reason for reason in reasons.values() if "|" in reason or "\n" in reason]


def test_every_policy_that_fires_often_was_read() -> None:
    rows = [line.split(" | ") for line in (ROOT / "docs/fires.md").read_text(encoding="utf-8").splitlines()]
    often = [row for row in rows if len(row) == 8 and "**" in row[6]]
    assert often
    assert not [row[0] for row in often if not row[7].strip(" |")]


def test_what_nobody_read_is_named(tools: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert tools["fire_table"].main([str(ROOT / "examples")]) == 0
    assert "not read by hand: destructive/backup-disabled" in capsys.readouterr().err


def test_table_of_the_examples(tools: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no-plan.json").write_text("{}", encoding="utf-8")
    assert tools["fire_table"].main([str(ROOT / "examples"), str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "| `destructive/stateful-replace` |" in said.out
    assert "files passed over: no finished plan" in said.err
    assert tools["fire_table"].main([str(tmp_path)]) == 2
