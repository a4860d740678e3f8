"""Annotations as GitHub's runner finds them: only ours, whatever stands in a plan, also beside the text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.render import github, text
from plangate.report.groups import named

from .build import Report, change, finding, report
from .runner import commands
from .samples import SAMPLES, hostile, huge, undecided, unreadable

ANY = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60) | st.text(
    ":#[]%,;=\r\n \t\u00a0abderor-xo", min_size=1, max_size=40
)
COMMANDS = st.sampled_from(
    ["::add-mask::", "##[error]", "::stop-commands::x", "\n::set-env name=A::b", "%0A::warning::", "##[add-mask]x"]
)
HOSTILE = st.tuples(ANY | COMMANDS, ANY | COMMANDS, ANY | COMMANDS).map("".join)


def document(a: str, b: str = "b") -> Report:
    """A report with two texts in every place that a plan, policy or file has."""
    location: dict[str, Any] = {"file": a, "line": 3, "end_line": 4, "inside": None}
    return report(
        "fail",
        1,
        changes=[change(f'aws_instance.web["{a}"]', "delete"), change(b, "update", attributes=[a])],
        findings=[
            finding("pack/fault", "high", a, b, attribute=b, remediation=a, location=location, references=[a]),
            finding(a, "high", b, a, outcome="unknown", origin=a),
            finding(b, "low", None, b, stops=False),
        ],
        errors=[{"kind": "policy", "message": a, "path": b, "policy": a}],
        notes=[a, b],
        plan={**report()["plan"], "path": b, "workspace": a},
    )


@given(HOSTILE, HOSTILE)
@settings(max_examples=300, deadline=None)
def test_only_our_commands_are_in_the_output(a: str, b: str) -> None:
    found = commands(github.render([document(a, b)]))
    assert [(c.name, sorted(c.properties)) for c in found] == [
        ("error", ["title"]),
        ("error", ["endLine", "file", "line", "title"]),
        ("error", ["title"]),
        ("notice", ["title"]),
    ]
    assert found[1].properties["line"] == "3"


@given(HOSTILE, HOSTILE, st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_text_holds_no_command_at_all(a: str, b: str, verbose: bool, terminal: bool) -> None:
    shown = text.render(document(a, b), verbose=verbose, terminal=terminal, color=False, today="2026-08-01")
    assert commands(shown) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_text_and_annotations_share_an_output(name: str) -> None:
    one = SAMPLES[name]()
    shown = text.render(one, verbose=False, terminal=False, color=False, today="2026-08-01")
    ours = github.render([one])
    assert commands(shown + ours) == commands(ours)
    assert len(commands(ours)) == len(ours.splitlines())


def test_words_come_back_as_they_are() -> None:
    path = "envs/a,b: 100%/main.tf"
    one = report("fail", 1, findings=[
        finding("p/q", "high", "a.b", "50% is 5,0: no", location={"file": path, "line": 2, "end_line": 9}),
    ])  # fmt: skip
    (found,) = commands(github.render([one]))
    assert found.data == "a.b: 50% is 5,0: no"
    assert found.properties == {"file": path, "line": "2", "endLine": "9", "title": "p/q (high)"}


def test_a_place_that_is_not_known_is_not_named() -> None:
    (found,) = commands(github.render([report("fail", 1, findings=[finding("p/q", "high", "a.b", "m")])]))
    assert "file" not in found.properties


@pytest.mark.parametrize("file", ["/home/me/main.tf", "../../main.tf", "C:\\me\\main.tf"])
def test_no_absolute_path_is_told(file: str) -> None:
    one = finding("p/q", "high", "a.b", "m", location={"file": file, "line": 1, "end_line": 1})
    (found,) = commands(github.render([report("fail", 1, findings=[one])]))
    assert found.properties["file"] == "main.tf"


def test_ten_of_a_kind_and_no_more_with_the_rest_counted() -> None:
    found = commands(github.render([huge(), huge()]))
    kinds = [c.name for c in found]
    assert kinds == ["error"] * 10
    total = 2 * (len(huge()["errors"]) + len(huge()["findings"]))
    assert found[-1].data == f"and {total - 9} more: the report has them all"


def test_the_worst_come_first() -> None:
    one = report("fail", 1, findings=[
        finding("p/low", "low", "a.a", "m", stops=True),
        finding("p/advice", "medium", "a.b", "m", stops=False),
        finding("p/worst", "critical", "a.c", "m"),
        finding("p/info", "info", "a.d", "m", stops=False),
    ])  # fmt: skip
    titles = [(c.name, c.properties["title"]) for c in commands(github.render([one]))]
    assert titles == [
        ("error", "p/worst (critical)"),
        ("error", "p/low (low)"),
        ("warning", "p/advice (medium)"),
        ("notice", "p/info (info)"),
    ]


def test_waived_existing_and_passed_are_not_told() -> None:
    quiet = [
        finding("p/a", "high", "a.b", "m", stops=False, outcome="waived", waiver={}),
        finding("p/b", "high", "a.b", "m", stops=False, status="existing"),
        finding("p/c", "high", "a.b", "m", stops=False, outcome="pass"),
    ]
    assert github.render([report(findings=quiet)]) == ""


def test_what_could_not_be_judged_is_an_error_once() -> None:
    (found,) = commands(github.render([unreadable()]))
    assert (found.name, found.properties) == ("error", {"title": "plangate could not judge"})
    assert found.data.startswith("terraform.tfstate: this is a state")
    one = undecided()
    one["errors"].append({"kind": "policy", "message": "broke", "path": "n.py", "policy": "acme/naming"})
    said = [c.data for c in commands(github.render([one]))]
    assert sum("naming" in line for line in said) == 1


def test_hostile_names_are_told_in_a_line_each() -> None:
    one = hostile()
    assert len(github.render([one]).splitlines()) == 10
    assert all(named(f) for f in one["findings"])
