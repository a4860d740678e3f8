"""A real plan of hashicorp/aws 5.100.0 (`stack/`), and what each policy says of each of its resources."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from plangate.plan.read import read
from plangate.testing import judge
from plangate_policies import exposure

from ...providers import mirror  # noqa: TID252 - the tests are no package
from .stack_plan import KEPT, reduced

HERE = Path(__file__).parent
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


@pytest.mark.skipif(shutil.which("terraform") is None or mirror() is None, reason="no terraform, or no aws provider")
def test_terraform_still_writes_that_plan(tmp_path: Path) -> None:
    shutil.copytree(HERE / "stack", tmp_path / "stack")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    env = {**kept, "CHECKPOINT_DISABLE": "1"}

    def run(*words: str) -> bytes:
        done = subprocess.run(["terraform", *words], capture_output=True, check=True, cwd=tmp_path / "stack", env=env)
        return done.stdout

    run("init", f"-plugin-dir={mirror()}", "-input=false")
    run("plan", "-out=p", "-refresh=false", "-input=false")
    assert said(json.dumps(reduced(json.loads(run("show", "-json", "p")))).encode()) == EXPECTED
