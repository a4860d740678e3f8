"""A real plan of hashicorp/aws 5.100.0 (`stack/`), and what each policy says of each of its resources.

The plan is kept slim in `stack.json`. Where terraform and the provider are found, it is made again; with
PLANGATE_TEST_KEEP=1 that writes it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from plangate.plan.read import read
from plangate.testing import judge
from plangate_policies import exposure

from .. import real  # noqa: TID252 - the tests are no package

HERE = Path(__file__).parent
KEPT = HERE / "stack.json"
OUTCOMES = json.loads((HERE / "stack_outcomes.json").read_bytes())
BY_ID = {p.id.partition("/")[2]: p for p in exposure.POLICIES}


def said(data: bytes) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = {}
    for name, policy in BY_ID.items():
        outcomes = judge(policy, read(data, "stack")).outcomes
        if outcomes:
            found[name] = {word: {a for a, o in outcomes.items() if o == word} for word in ("fail", "unknown", "pass")}
    return found


EXPECTED = {name: {word: set(found) for word, found in words.items()} for name, words in OUTCOMES.items()}


@pytest.fixture(scope="module")
def kept() -> dict[str, dict[str, set[str]]]:
    return said(KEPT.read_bytes())


@pytest.mark.parametrize("name", EXPECTED)
def test_real_plan(name: str, kept: dict[str, dict[str, set[str]]]) -> None:
    assert kept[name] == EXPECTED[name]


def test_every_policy_with_a_resource_in_the_plan_is_expected(kept: dict[str, Any]) -> None:
    assert set(kept) == set(EXPECTED)


def test_terraform_still_writes_that_plan(aws: Path, tmp_path: Path) -> None:
    shutil.copytree(HERE / "stack", tmp_path / "stack")
    made = json.dumps(real.slim(real.planned(tmp_path / "stack", aws))) + "\n"
    if real.KEEP:
        KEPT.write_text(made)
    assert said(made.encode()) == EXPECTED
