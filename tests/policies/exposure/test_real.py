"""Every AWS row and policy against plans that Terraform 1.11 and hashicorp/aws 5.100.0 make.

`real_cases.py` makes configurations from the rows and from tables of rules and documents, `real/` holds those that are
written by hand, what belongs together and what changes. The plans are kept reduced (`real_plans.json.gz`), with what
each policy is to say of the first (`real_outcomes.jsonl`, not from the code under test); of the others that stands in
comments. Where terraform and the provider are found, they are made again; with PLANGATE_TEST_KEEP=1 that writes both.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plangate.plan.read import read
from plangate.testing import Verdicts, judge
from plangate_policies import exposure

from .. import real  # noqa: TID252 - the tests are no package
from . import real_cases, real_written
from .real_cases import ENTRIES, ROWS, Case

HERE = Path(__file__).parent
PLANS, OUTCOMES = HERE / "real_plans.json.gz", HERE / "real_outcomes.jsonl"
AWS = {p.id.partition("/")[2]: p for p in exposure.POLICIES if p.id.startswith("exposure/aws-")}
BEFORE = "This was open before this change."
Plans = dict[str, dict[str, Any]]


def judged(document: dict[str, Any], names: Any = AWS, **settings: bool) -> dict[str, Verdicts]:
    plan = read(json.dumps(document).encode(), "real")
    return {name: judge(AWS[name], plan, **settings) for name in names}


def word(verdicts: Verdicts, address: str) -> str | None:
    """As a comment of `real/` says it; None where nothing is said of that address."""
    outcome = verdicts.outcomes.get(address)
    if outcome != "fail":
        return outcome
    if address not in verdicts.new:
        return "existing"
    return "before" if all(BEFORE in text for text in verdicts.messages[address]) else "fail"


# -- what is made from the rows -----------------------------------------------------------------------------


def as_kept(cases: list[Case]) -> list[dict[str, Any]]:
    """One line for each row, and for each type of another policy: the names of its resources by outcome, and the
    severities that are not the policy's."""
    lines: dict[tuple[str, str, str], dict[str, Any]] = {}
    for case in cases:
        type_, _, name = case.address.partition(".")
        line = lines.setdefault((case.policy, type_, case.path), {"policy": case.policy, "type": type_})
        if case.path:
            line["path"] = case.path
        line.setdefault(case.outcome, []).append(name)
        if case.severity not in (None, ENTRIES[case.policy]["severity"]):
            line.setdefault("severities", {})[name] = case.severity
    return list(lines.values())


def kept() -> list[dict[str, Any]]:
    return [json.loads(line) for line in OUTCOMES.read_text().splitlines()]


@pytest.fixture(scope="module")
def plans() -> Plans:
    found: Plans = real.read_plans(PLANS)
    return found


def check_made(plans: Plans, lines: list[dict[str, Any]]) -> None:
    verdicts = {name: judged(plans[name]) for name in ("made", "apart")}
    for line in lines:
        policy, type_ = line["policy"], line["type"]
        of = verdicts["apart" if type_ == real_cases.APART else "made"][policy]
        for outcome in ("pass", "fail", "unknown"):
            for name in line.get(outcome, ()):
                address = f"{type_}.{name}"
                assert (of.outcomes.get(address), policy, address) == (outcome, policy, address)
                if outcome == "fail":
                    severity = line.get("severities", {}).get(name, ENTRIES[policy]["severity"])
                    said = {one or ENTRIES[policy]["severity"] for one in of.severities[address]}
                    assert (said, policy, address) == ({severity}, policy, address)


def test_the_kept_plans_of_what_is_made_from_the_rows(plans: Plans) -> None:
    check_made(plans, kept())


# -- what is written by hand --------------------------------------------------------------------------------


def check_written(name: str, document: dict[str, Any]) -> None:
    verdicts = judged(document)
    expected = {(one.policy, one.address): one.word for one in real_written.expected(name)}
    said = {(policy, address): word(of, address) for policy, of in verdicts.items() for address in of.outcomes}
    not_passed = {key: outcome for key, outcome in said.items() if outcome != "pass"}
    assert not_passed == {key: outcome for key, outcome in expected.items() if outcome != "pass"}
    passed = {key for key, outcome in expected.items() if outcome == "pass"}
    assert passed <= set(said)


@pytest.mark.parametrize("name", ["first", "changes"])
def test_the_kept_plans_of_what_is_written(plans: Plans, name: str) -> None:
    check_written(name, plans[name])


def test_what_was_open_before_counts_in_full_where_that_is_asked(plans: Plans) -> None:
    expected = [one for one in real_written.expected("changes") if one.word == "before"]
    names = {one.policy for one in expected}
    eased, full = judged(plans["changes"], names), judged(plans["changes"], names, judge_existing=True)
    for policy, address, _ in expected:
        assert {one for one in eased[policy].severities[address] if one} <= {"info", "low", "medium"}
        assert BEFORE not in " ".join(full[policy].messages[address])


def test_what_is_opened_and_what_was_open_both_have_plans() -> None:
    said: dict[str, set[str]] = {}
    for policy, _, outcome in real_written.expected("changes"):
        said.setdefault(policy, set()).add(outcome)
    wanted = {name for name, entry in ENTRIES.items() if entry["by"] in ("firewall", "permissions", "buckets")}
    wanted |= {"aws-database-public", "aws-function-url-without-auth", "aws-imds-v1", "aws-eks-endpoint-open-to-world"}
    wanted |= {"aws-s3-bucket-policy-public", "aws-queue-public", "aws-topic-public", "aws-key-public"}
    wanted |= {"aws-role-trusts-everybody", "aws-role-trusts-any-repository"}
    assert {name for name in wanted if not {"fail", "before"} <= said.get(name, set())} == set()


# -- coverage -----------------------------------------------------------------------------------------------


def test_every_row_and_every_type_of_a_policy_is_planned_right_and_wrong() -> None:
    seen: dict[tuple[str, str], set[str]] = {}
    for line in kept():
        outcomes = {"pass", "fail", "unknown"} & set(line)
        seen.setdefault((line["policy"], line["type"]), set()).update(outcomes)
        if "path" in line:
            seen.setdefault((line["policy"], f"{line['type']}.{line['path']}"), set()).update(outcomes)
    for name in ("first", "changes"):
        for policy, address, outcome in real_written.expected(name):
            type_ = next(part for part in address.split(".") if part.startswith("aws_"))
            seen.setdefault((policy, type_), set()).add(outcome)
    wanted = {(row["policy"], f"{row['type']}.{row['path']}") for row in ROWS}
    wanted |= {(name, type_) for name, policy in AWS.items() for type_ in policy.types}
    assert {key for key in wanted if not {"pass", "fail"} <= seen.get(key, set())} == set()


# -- once more ----------------------------------------------------------------------------------------------


def test_the_real_provider_still_plans_them_so(aws: Path, schemas: dict[str, Any], tmp_path: Path) -> None:
    cases, made = real_cases.planned(tmp_path, aws, schemas)
    again = {**made, **real_written.planned(tmp_path, aws, schemas)}
    lines = as_kept(cases)
    if real.KEEP:
        OUTCOMES.write_text("".join(json.dumps(line) + "\n" for line in lines))
        real.write_plans(PLANS, again)
    assert lines == kept()
    check_made(again, lines)
    for name in ("first", "changes"):
        check_written(name, again[name])
