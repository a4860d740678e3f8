"""A real plan of hashicorp/aws 5.100.0 (`stack/`), and what each policy says of each of its resources.

The plan of after.tf against what before.tf makes is kept slim in `stack.json`. Where terraform and the provider are
found, it is made again; with PLANGATE_TEST_KEEP=1 that writes it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plangate.plan.read import read
from plangate.testing import judge

from .. import real  # noqa: TID252 - the tests are no package
from .rowcases import BY_ID

HERE = Path(__file__).parent
KEPT = HERE / "stack.json"
OUTCOMES: dict[str, dict[str, dict[str, Any]]] = json.loads((HERE / "stack_outcomes.json").read_bytes())


def said(data: bytes) -> dict[str, dict[str, dict[str, Any]]]:
    """Policy -> address -> what is not `pass`: the outcome, severities and attributes."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name, policy in BY_ID.items():
        verdicts = judge(policy, read(data, "stack"))
        found[name] = {
            address: {
                "outcome": outcome,
                "severity": [severity or policy.severity for severity in verdicts.severities[address]],
                "attribute": verdicts.attributes[address],
            }
            for address, outcome in sorted(verdicts.outcomes.items())
            if outcome != "pass"
        }
    return found


@pytest.mark.parametrize("name", BY_ID)
def test_real_plan(name: str) -> None:
    assert said(KEPT.read_bytes())[name] == OUTCOMES.get(name, {})


def test_the_plan_has_every_way_to_lose_something() -> None:
    changes = json.loads(KEPT.read_bytes())["resource_changes"]
    actions = {tuple(change["change"]["actions"]) for change in changes}
    assert actions >= {("create",), ("update",), ("delete",), ("delete", "create"), ("forget",)}
    reasons = {change.get("action_reason") for change in changes}
    assert reasons >= {
        "delete_because_no_resource_config",
        "delete_because_count_index",
        "delete_because_each_key",
        "replace_because_cannot_update",
        "replace_by_request",
    }
    assert any(change.get("previous_address") for change in changes)


def test_terraform_still_writes_that_plan(aws: Path, schemas: dict[str, Any], tmp_path: Path) -> None:
    def state(before: dict[str, Any]) -> dict[str, Any]:
        return real.state(before, schemas)

    options = "-replace=aws_ebs_volume.requested"
    document = real.slim(real.changed(HERE / "stack", tmp_path / "stack", aws, state, options))
    if real.KEEP:
        KEPT.write_text(json.dumps(document) + "\n")
    kept = json.loads(KEPT.read_bytes())
    for name in ("timestamp", "terraform_version"):
        document.pop(name), kept.pop(name)
    assert document == kept
