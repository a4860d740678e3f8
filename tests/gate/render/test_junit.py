"""JUnit XML as parsers read it, and as Jenkins' schema has it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped, TestSuite

from plangate.render import junit

from .build import Report, change, finding, report, waiver
from .samples import SAMPLES, clean, failing, hostile, huge, undecided, unreadable

ANY = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60)
# The elements of Jenkins' xUnit plugin (junit-10.xsd) as far as they are used: attributes, and what may be inside.
SHAPE = {
    "testsuites": ({"name", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time", "timestamp"}, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "skipped", "system-out"}),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}  # fmt: skip


def suites(*reports: Report) -> list[TestSuite]:
    """The suites as junitparser reads them, their counts being what is in them."""
    text = junit.render(list(reports))
    found = JUnitXml.fromstring(text.encode())
    listed = list(found)
    told = (found.tests, found.failures, found.errors)
    for suite in listed:
        before = (suite.tests, suite.failures, suite.errors, suite.skipped)
        suite.update_statistics()
        assert before == (suite.tests, suite.failures, suite.errors, suite.skipped)
    assert told == tuple(sum(getattr(s, name) for s in listed) for name in ("tests", "failures", "errors"))
    return listed


def outcomes(suite: TestSuite) -> dict[tuple[str, str], list[type]]:
    return {(case.classname, case.name): [type(r) for r in case.result] for case in suite}


def assert_shape(node: ET.Element) -> None:
    attributes, children = SHAPE[node.tag]
    assert set(node.attrib) <= attributes, node.tag
    for child in node:
        assert child.tag in children
        assert_shape(child)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_read_and_has_its_shape(name: str) -> None:
    (suite,) = suites(SAMPLES[name]())
    assert suite.tests > 0
    assert_shape(ET.fromstring(junit.render([SAMPLES[name]()])))


@given(ANY)
@settings(max_examples=200, deadline=None)
def test_any_text_leaves_the_file_readable_and_the_cases_the_same(text: str) -> None:
    one = report(
        "fail",
        1,
        changes=[change(text, "delete")],
        findings=[
            finding("p/q", "high", text, text, remediation=text, references=[text], location={"file": text, "line": 1}),
            finding("p/w", "high", text, text, outcome="waived", stops=False, waiver=waiver("p", text, reason=text)),
            finding(text, "high", None, text, outcome="error"),
            finding("p/r", "low", text, text, stops=False),
        ],
        errors=[{"kind": text, "message": text, "path": text, "policy": None}],
        plan={**report()["plan"], "path": text, "workspace": text},
    )
    text_of = junit.render([one])
    ET.fromstring(text_of)
    text_of.encode("utf-8")  # no lone surrogate
    kinds = [found for suite in suites(one) for found in outcomes(suite).values()]
    assert sorted(map(str, kinds)) == sorted(map(str, [[Error], [Failure], [Skipped], [Error], [], []]))


def test_a_case_for_each_policy_and_change() -> None:
    (suite,) = suites(failing())
    found = outcomes(suite)
    assert found["destructive/stateful-delete", "aws_db_instance.main"] == [Failure]
    assert found["encryption/aws-efs-unencrypted", "module.data.aws_efs_file_system.fs"] == [Failure]
    assert found["destructive/stateful-replace", "aws_instance.old"] == [Skipped]
    assert found["encryption/aws-s3-no-cmk", "aws_s3_bucket.b[3]"] == []
    assert found["destructive/stateful-delete", "1 that passed"] == []  # counted, not listed
    assert len(found) == suite.tests == len(failing()["findings"]) + 1


def test_what_fails_comes_first() -> None:
    (suite,) = suites(huge(600))
    kinds = [[type(r) for r in case.result] for case in suite]
    assert kinds == sorted(kinds, key=lambda kind: {"Error": 0, "Failure": 1}.get(kind[0].__name__, 2) if kind else 3)


def test_findings_of_one_policy_on_one_change_are_one_case_with_the_worst() -> None:
    one = [
        finding("p/q", "high", "a.b", "first"),
        finding("p/q", "high", "a.b", "second"),
        finding("p/q", "high", "a.b", "third", outcome="waived", stops=False, waiver=waiver("p", "a.b")),
    ]
    (suite,) = suites(report("fail", 1, findings=one))
    (case,) = [case for case in suite if case.classname == "p/q"]
    (result,) = case.result
    assert isinstance(result, Failure)
    assert "first" in result.text
    assert "second" in result.text


def test_a_clean_run_has_passing_cases() -> None:
    (suite,) = suites(clean())
    assert set(map(str, outcomes(suite).values())) == {"[]"}
    nothing = report(policies={**report()["policies"], "list": []})
    assert outcomes(suites(nothing)[0]) == {("plangate", "the plan as a whole"): []}


def test_what_passed_is_a_case_where_it_is_listed() -> None:
    one = report(findings=[finding("p/q", "low", "a.b", "", outcome="pass", stops=False)])
    assert outcomes(suites(one)[0])["p/q", "a.b"] == []


def test_what_could_not_be_judged_is_an_error() -> None:
    (suite,) = suites(unreadable())
    assert outcomes(suite) == {("plangate", "terraform.tfstate"): [Error]}
    (suite,) = suites(undecided())
    assert outcomes(suite)["acme/naming", "aws_s3_bucket.logs"] == [Error]
    assert outcomes(suite)["plangate", "policies/broken.py"] == [Error]


def test_each_report_is_a_suite() -> None:
    names = [suite.name for suite in suites(failing(), clean(), hostile())]
    assert names == ["plangate production/envs/prod/tfplan.json"] * 3
