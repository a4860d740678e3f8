"""Every AWS row of the destructive tables against plans that Terraform 1.11 and hashicorp/aws 5.100.0 make of it: one
in which its policy fires, and one in which it stays silent.

The plans are kept reduced to what the rows read (`real_plans.json.gz`), with what each policy is to say
(`real_outcomes.jsonl`, from the rows and not from the code). Where terraform and the provider are found, they are made
again; with PLANGATE_TEST_KEEP=1 that writes both files. Exempt are rows of what only provider 6 has (`since`), and the
conditions of stateful.jsonl on such attributes: they are tested on plans built from its schema, in
test_truth_tables.py, test_weakening.py and test_stateful.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from plangate.plan.read import read
from plangate.testing import judge
from plangate.testing_judge import Verdicts

from .. import real  # noqa: TID252 - the tests are no package
from .real_cases import HERE, Case, aws_rows
from .real_changes import is_told_of_the_replace
from .real_plans import planned
from .rowcases import BY_ID, key, table

PLANS, OUTCOMES = HERE / "real_plans.json.gz", HERE / "real_outcomes.jsonl"
NOT_JUDGED = "not judged"


@cache
def kept() -> list[Case]:
    found = []
    for line in OUTCOMES.read_text().splitlines():
        policy, row, *ways = json.loads(line)
        found += [Case(policy, row, kind, address, outcome, **more) for kind, address, outcome, more in ways]
    return found


def as_kept(cases: list[Case]) -> Iterator[str]:
    """The cases as lines, those of a policy and row together: [policy, row, [kind, address, outcome, more], ...]."""
    lines: dict[tuple[str, str], list[Any]] = {}
    for case in cases:
        more = {k: v for k, v in case._asdict().items() if k in case._field_defaults and v != case._field_defaults[k]}
        lines.setdefault((case.policy, case.row), []).append([case.kind, case.address, case.outcome, more])
    for (policy, row), ways in lines.items():
        yield json.dumps([policy, row, *ways]) + "\n"


def said(documents: dict[str, Any], cases: list[Case]) -> dict[tuple[str, str], Verdicts]:
    """What each policy says of the plan that it is asked about."""
    plans = {name: read(json.dumps(document).encode(), "real") for name, document in documents.items()}
    return {(name, policy): judge(BY_ID[policy], plans[name]) for name, policy in {(c.plan, c.policy) for c in cases}}


def wrong(cases: list[Case], documents: dict[str, Any]) -> Iterator[str]:
    """What is said otherwise than the rows have it."""
    found = said(documents, cases)
    for case in cases:
        told, at = found[case.plan, case.policy], case.address
        outcome = told.outcomes.get(at, NOT_JUDGED)
        if outcome != case.outcome:
            yield f"{case}: {outcome}"
        elif outcome == "fail":
            paths = [_plain(path or "") for path in told.attributes[at]]
            if case.path is not None and _plain(case.path) not in paths:
                yield f"{case}: at {paths}"
            if case.severity is not None and case.severity not in told.severities[at]:
                yield f"{case}: {told.severities[at]}"
            if case.says is not None and not any(case.says in message for message in told.messages[at]):
                yield f"{case}: {told.messages[at]}"


def _plain(path: str) -> str:
    """A path without what tells elements apart: a row has `[*]`, a finding a number, a single block neither."""
    return ".".join(word.partition("[")[0] for word in path.split("."))


def test_the_kept_plans_of_the_real_provider() -> None:
    assert list(wrong(kept(), real.read_plans(PLANS))) == []


def outcomes(policy: str) -> dict[str, set[str]]:
    """The outcomes of the kept cases of a policy, by row."""
    seen: dict[str, set[str]] = {}
    for case in kept():
        if case.policy == policy:
            seen.setdefault(case.row, set()).add(case.outcome)
    return seen


@pytest.mark.parametrize("name", ["weakening", "blocks", "states", "guards"])
def test_every_row_is_planned_where_it_fires_and_where_it_is_silent(name: str) -> None:
    rows = aws_rows(name)
    seen = {policy: outcomes(policy) for policy in {row["policy"] for row in rows}}
    silent = [row for row in rows if name == "weakening" and is_told_of_the_replace(row)]
    assert all(seen[row["policy"]][key(row)] == {"pass"} for row in silent)
    rows = [row for row in rows if row not in silent]
    short = [key(row) for row in rows if not {"pass", "fail"} <= seen[row["policy"]].get(key(row), set())]
    assert rows
    assert short == []


def test_every_type_is_planned_deleted_replaced_and_forgotten() -> None:
    rows = aws_rows("stateful")
    seen = {policy: outcomes(policy) for policy in ("stateful-delete", "stateful-replace", "stateful-forgotten")}
    for row in rows:
        assert {"pass", "fail"} <= seen["stateful-delete"][key(row)], row["type"]
        assert {"pass", "fail"} <= seen["stateful-forgotten"][key(row)], row["type"]
        replaced = {"pass"} if "on_replace" in row and row["on_replace"] is None else {"pass", "fail"}
        assert seen["stateful-replace"][key(row)] == replaced, row["type"]
    assert len(rows) > 300


def test_every_part_is_planned_with_its_whole() -> None:
    seen = outcomes("stateful-delete")
    for row in aws_rows("parts"):
        assert seen[f"part:{row['type']}:{row['whole']}"] == {"pass", "fail"}


def test_what_a_state_says_of_a_delete_is_planned_but_for_what_came_later() -> None:
    later = {(row["type"], row["path"]) for row in table("weakening")[1] if "since" in row}
    refused, deleted = outcomes("delete-will-fail"), kept()
    kinds = {(case.row, case.kind) for case in deleted}
    for row in aws_rows("stateful"):
        for word, end in (("stops", "on"), ("holds", "on"), ("stays", "on"), ("no_copy", "off")):
            for condition in row.get(word, ()):
                planned_ = (key(row), f"{condition['path']} {end}") in kinds
                assert planned_ != ((row["type"], condition["path"]) in later), (row["type"], condition["path"])
                if planned_ and word in ("stops", "holds"):
                    assert refused[key(row)] == {"pass", "fail"}, row["type"]
        if "unnamed" in row:
            assert (key(row), "unnamed") in kinds, row["type"]


def test_exempt_is_only_what_the_tested_provider_does_not_have() -> None:
    since = [row for name in ("weakening", "blocks", "states", "stateful") for row in table(name)[1] if "since" in row]
    exempt = [row for row in since if row["type"].startswith("aws_")]
    assert {row["since"].partition(".")[0] for row in exempt} == {"6"}
    assert not {case.row for case in kept()} & {key(row) for row in exempt}


def test_the_real_provider_still_plans_them_so(aws: Path, schemas: dict[str, Any], tmp_path: Path) -> None:
    cases, documents = planned(tmp_path, aws, schemas)
    if real.KEEP:
        OUTCOMES.write_text("".join(as_kept(cases)))
        real.write_plans(PLANS, documents)
    assert "".join(as_kept(cases)) == OUTCOMES.read_text()
    assert list(wrong(cases, documents)) == []
