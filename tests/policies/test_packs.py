"""The packs as a whole: nothing is forgotten, and every policy has its page."""

from __future__ import annotations

import importlib
import io
import json
from pathlib import Path

import pytest

import plangate_policies
from plangate import Policy
from plangate.cli.main import run
from plangate.cli.streams import Streams
from plangate_policies import POLICIES

ROOT = Path(plangate_policies.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in ROOT.rglob("*.py")
)
IDS = [p.id for p in POLICIES]


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


def test_customer_keys_are_a_question_and_stop_nobody() -> None:
    for made in POLICIES:
        if "require_cmk" in made.settings:
            assert made.settings["require_cmk"] == ("bool", False)
            assert made.severity in ("low", "medium")


def test_only_what_is_asked_of_the_plan_as_a_whole_has_no_types() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run(["policies", "list", "-f", "json"], Streams(io.BytesIO(), out, err, {"PATH": ""})) == 0
    listed = {one["id"]: one for one in json.loads(out.getvalue())}
    without = {id.removeprefix("destructive/") for id, one in listed.items() if not one["types"]}
    assert without == {
        "everything-destroyed",
        "index-shifted",
        "module-removed",
        "moved-block-missing",
        "too-many-changed",
        "too-many-destroyed",
        "weight-destroyed",
    }
    assert listed["destructive/protected-block-removed"]["types"] == ["*"]  # the settings say which


@pytest.mark.parametrize(
    ("policy", "framework", "type", "id"),
    [
        ("tagging/missing-tags", "AWS Resource Tagging Standard 1.0.0", "aws_dynamodb_table", "DynamoDB.5"),
        ("tagging/autoscaling-group-untagged", "AWS Resource Tagging Standard 1.0.0", None, "AutoScaling.10"),
        ("tagging/tag-policy-violated", "ISO/IEC 27001:2022, Annex A", None, "A.5.13"),
        ("destructive/snapshot-tags-not-copied", "AWS Foundational Security Best Practices", None, "RDS.17"),
        ("destructive/deletion-protection-off", "AWS Foundational Security Best Practices", "aws_lb", "ELB.6"),
        ("encryption/aws-rds-unencrypted", "AWS Foundational Security Best Practices", "aws_db_instance", "RDS.3"),
        ("destructive/audit-disabled", "AWS Foundational Security Best Practices", "aws_cloudtrail", "CloudTrail.1"),
        ("exposure/aws-iam-policy-allows-all", "CIS AWS Foundations 6.0", "aws_iam_policy", "2.15"),
    ],
)
def test_what_compliance_frameworks_call_it(policy: str, framework: str, type: str | None, id: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run(["policies", "show", policy], Streams(io.BytesIO(), out, err, {"PATH": ""})) == 0
    line = next(line for line in out.getvalue().splitlines() if framework in line)
    assert id in line.replace("(", " ").replace(")", " ").replace(",", " ").split()
    made = next(p for p in POLICIES if p.id == policy)
    rows = plangate_policies.compliance(made)
    assert any(row["name"] == framework and id in row["ids"] and type in (None, row["type"]) for row in rows)
