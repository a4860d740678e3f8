"""Every AWS row against plans that Terraform 1.11 and hashicorp/aws 5.100.0 make of a right and a wrong configuration.

The plans are kept reduced to what the rows read (`real_plans.json.gz`), with what each policy is to say
(`real_outcomes.jsonl`, from the rows and not from the code). Where terraform and the provider are found, they are made
again; with PLANGATE_TEST_KEEP=1 that writes both files. Rows of attributes that only provider 6 has are tested on plans
built from its schema, in test_truth_tables.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from plangate.plan.read import read
from plangate.testing import judge
from plangate_policies import POLICIES

from .. import real  # noqa: TID252 - the tests are no package
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
    found = said(real.read_plans(PLANS), {row["policy"] for row in rows})
    assert {key: found.get(key) for key in expected(rows)} == expected(rows)


def test_every_row_is_planned_right_and_wrong() -> None:
    seen: dict[tuple[str, str, str], set[str]] = {}
    for row in kept():
        seen.setdefault((row["policy"], row["type"], row["path"]), set()).add(row["outcome"])
    for row in ROWS:
        outcomes = seen[row["policy"], row["type"], row["path"]]
        assert {"pass", "fail"} <= outcomes, (row["policy"], row["type"], row["path"])


def test_the_real_provider_still_plans_them_so(aws: Path, schemas: dict[str, Any], tmp_path: Path) -> None:
    made, documents = planned(tmp_path, aws, schemas)
    rows = [as_kept(case) for case in made]
    if real.KEEP:
        OUTCOMES.write_text("".join(json.dumps(row) + "\n" for row in rows))
        real.write_plans(PLANS, documents)
    assert rows == kept()
    answers = said(documents, {row["policy"] for row in rows})
    assert {key: answers.get(key) for key in expected(rows)} == expected(rows)
