"""Fixtures of changes of real plans: built-in policies say of them what they say of the plan."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from plangate import Plan, Policy, packs
from plangate.cli.capture import said_of
from plangate.errors import PlanError
from plangate.plan.decode import decode
from plangate.plan.read import read
from plangate.report.capture import capture

SHARED = os.environ.get("PLANGATE_SHARED")
if not SHARED:
    pytest.skip("PLANGATE_SHARED does not name the folder of plans", allow_module_level=True)
CORPUS = Path(SHARED).resolve() / "corpus"
OF_EACH = 3
LARGEST = 2_000_000


def plans() -> list[str]:
    with (CORPUS / "index.jsonl").open() as file:
        rows = [json.loads(line) for line in file]
    return [r["path"] for r in rows if r["kind"] in ("plan", "plan-redacted") and r["bytes"] < LARGEST]


def as_in(plan: Plan, address: str, policies: list[Policy]) -> Callable[[str], bool]:
    wanted = said_of(plan, address, policies)
    return lambda text: said_of(read(text.encode(), "f", allow_incomplete=True), address, policies) == wanted


@pytest.mark.parametrize("path", plans())
def test_policies_agree(path: str) -> None:
    data, _ = decode((CORPUS / path).read_bytes(), where=path, max_bytes=LARGEST * 4)
    try:
        plan = read(data, path, allow_incomplete=True)
    except PlanError:
        pytest.skip("no finished plan")
    policies = packs.load_own(packs.installed(packs.search_paths())[0])
    addresses = sorted({change.address for change in plan.changes})
    for address in random.Random(path).sample(addresses, min(OF_EACH, len(addresses))):
        agrees = as_in(plan, address, policies)
        made = capture(plan, [change for change in plan.changes if change.address == address], agrees)
        assert made.agrees, address
