"""Every AWS row against plans that Terraform 1.11 and hashicorp/aws 5.100.0 make of a right and a wrong configuration.

The plans are kept reduced to what the rows read (`real_plans.json.gz`), with what each policy is to say
(`real_outcomes.jsonl`, from the rows and not from the code). Where terraform and the provider are found, they are made
again; with PLANGATE_TEST_KEEP=1 that writes both files. Rows of attributes that only provider 6 has are tested on plans
built from its schema, in test_truth_tables.py.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from plangate.plan.read import read
from plangate.testing import judge
from plangate_policies import POLICIES

from ...providers import mirror  # noqa: TID252 - the tests are no package
from .real_configurations import HERE, ROWS, Case, planned

PLANS, OUTCOMES = HERE / "real_plans.json.gz", HERE / "real_outcomes.jsonl"
MINE = {p.id.partition("/")[2]: p for p in POLICIES if p.id.startswith("encryption/aws-")}
Outcome = tuple[str, str]  # policy, address


def said(documents: list[dict[str, Any]], wanted: set[str]) -> dict[Outcome, str]:
    found: dict[Outcome, str] = {}
    for document in documents:
        plan = read(json.dumps(document).encode(), "real")
        for name in wanted:
            settings = {word: True for word in ("require_cmk", "required") if word in MINE[name].settings}
            outcomes = judge(MINE[name], plan, **settings).outcomes
            found |= {(name, address): outcome for address, outcome in outcomes.items()}
    return found


def kept() -> list[dict[str, Any]]:
    return [json.loads(line) for line in OUTCOMES.read_text().splitlines()]


def as_kept(case: Case) -> dict[str, Any]:
    row = case.row
    return {
        "policy": row["policy"],
        "type": row["type"],
        "path": row["path"],
        "case": case.kind,
        "address": case.address,
        "outcome": case.outcome,
    }


def expected(rows: list[dict[str, Any]]) -> dict[Outcome, str]:
    return {(row["policy"], row["address"]): row["outcome"] for row in rows}


def test_the_kept_plans_of_the_real_provider() -> None:
    rows = kept()
    documents = json.loads(gzip.decompress(PLANS.read_bytes()))
    found = said(documents, {row["policy"] for row in rows})
    assert {key: found.get(key) for key in expected(rows)} == expected(rows)


def test_every_row_is_planned_right_and_wrong() -> None:
    seen: dict[tuple[str, str, str], set[str]] = {}
    for row in kept():
        seen.setdefault((row["policy"], row["type"], row["path"]), set()).add(row["outcome"])
    for row in ROWS:
        outcomes = seen[row["policy"], row["type"], row["path"]]
        assert {"pass", "fail"} <= outcomes, (row["policy"], row["type"], row["path"])


@pytest.mark.skipif(shutil.which("terraform") is None or mirror() is None, reason="no terraform, or no aws provider")
def test_the_real_provider_still_plans_them_so(tmp_path: Path) -> None:
    found = mirror()
    assert found is not None
    made, documents = planned(tmp_path, found)
    rows = [as_kept(case) for case in made]
    if os.environ.get("PLANGATE_TEST_KEEP") == "1":
        OUTCOMES.write_text("".join(json.dumps(row) + "\n" for row in rows))
        PLANS.write_bytes(gzip.compress(json.dumps(documents, separators=(",", ":")).encode(), mtime=0))
    assert rows == kept()
    answers = said(documents, {row["policy"] for row in rows})
    assert {key: answers.get(key) for key in expected(rows)} == expected(rows)
