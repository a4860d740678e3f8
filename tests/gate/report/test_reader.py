from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.errors import PlanError
from plangate.render import json as render_json
from plangate.report import reader

from ..render.build import report  # noqa: TID252 - the tests are no package
from ..render.samples import SAMPLES  # noqa: TID252


@pytest.mark.parametrize("name", SAMPLES)
def test_a_report_that_was_written_is_read_back(name: str) -> None:
    text = render_json.render(SAMPLES[name]())
    assert reader.read(text) == json.loads(text)
    assert reader.read(b"\xef\xbb\xbf" + text.encode()) == json.loads(text)


def test_several_reports_are_read_as_a_list() -> None:
    reports = [SAMPLES["clean"](), SAMPLES["failing"]()]
    text = render_json.render(reports)
    assert reader.read_all(text) == reports
    with pytest.raises(PlanError, match="holds 2 reports"):
        reader.read(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("{", "line 1, column 2"),
        ("nope", "Expecting value"),
        (b"\xff\xfe{", "not UTF-8"),
        ("[]", "empty list"),
        ("[1]", "no JSON object"),
        ('"text"', "no JSON object"),
        ('{"a": 1, "a": 2}', "stands twice"),
        ('{"a": NaN}', "none of JSON"),
        ('{"a": ' + "9" * 5000 + "}", "none of JSON"),
        ("[" * 200_000, "nested too deeply"),
        ('{"format_version": "1.2", "resource_changes": []}', "this is a plan"),
        ('{"schema_version": "2"}', "schema version 2"),
        ("{}", "schema_version: Field required"),
    ],
)
def test_what_is_no_report_is_refused_and_says_why(text: str | bytes, said: str) -> None:
    with pytest.raises(PlanError) as caught:
        reader.read(text)
    assert said in caught.value.line()
    assert caught.value.exit_code == 3
    assert caught.value.fix


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"verdict": "maybe"}, "verdict"),
        ({"exit_code": "0"}, "exit_code"),
        ({"findings": [{"policy": "s3cret"}]}, "findings.0"),
        ({"summary": {}}, "summary.create"),
    ],
)
def test_a_wrong_field_is_named_without_its_value(change: dict[str, Any], place: str) -> None:
    with pytest.raises(PlanError, match=place) as caught:
        reader.read(json.dumps({**report(), **change}))
    assert "s3cret" not in str(caught.value)
    assert "maybe" not in str(caught.value)


def test_what_a_newer_plangate_adds_is_left_out_and_noted() -> None:
    given = SAMPLES["failing"]()
    newer = json.loads(json.dumps(given))
    newer["tool"]["version"] = "9.1"
    newer["weather"] = "s3cret"
    for finding in newer["findings"]:
        finding["mood"] = {"now": "s3cret"}
    read = reader.read(json.dumps(newer))
    note = "made by plangate 9.1: fields not known here were left out: findings.mood, weather"
    assert read["notes"] == [*given["notes"], note]
    assert {**read, "notes": [], "tool": 0} == {**json.loads(json.dumps(given)), "notes": [], "tool": 0}


def test_a_wrong_field_is_wrong_beside_an_unknown_one() -> None:
    with pytest.raises(PlanError, match="verdict") as caught:
        reader.read(json.dumps({**report(), "extra": 1, "verdict": "maybe"}))
    assert "extra" not in str(caught.value)


@pytest.mark.parametrize("more", [{}, {"Waiver": {"problem": "p", "Waiver": 1}, "Malformed": {"policy": "p"}}])
def test_what_may_be_two_things_is_neither(more: dict[str, Any]) -> None:
    waiver = dict.fromkeys(("policy", "address", "reason", "owner", "expires", "ticket", "source"), "x")
    given = json.loads(json.dumps(SAMPLES["failing"]()))
    given["waivers"]["expired"] = [{**waiver, "problem": "p", **more}]
    with pytest.raises(PlanError, match=r"waivers\.expired\.0"):
        reader.read(json.dumps(given))


@given(st.text() | st.binary())
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    with pytest.raises(PlanError):
        reader.read(text)
