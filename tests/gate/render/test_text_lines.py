"""What holds for the text of any report: 25 lines, nothing active, the verdict first."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.render import text
from plangate.render.inert import width

from .build import change, finding, report, waiver
from .samples import SAMPLES

WORDS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.sampled_from([s + t for s in ("", "\n", " ", "a", "#") for t in ("::error::x", "##[x]", "\x1b[2J", "#[0]")]),
    st.sampled_from(["日本" * 40, "Z" + "\u0351" * 90, "x" * 300, 'm["k"].aws_x.y[7]']),
)
MAYBE = st.none() | WORDS
SEVERITY = st.sampled_from(["info", "low", "medium", "high", "critical"])
FINDINGS = st.builds(
    finding,
    WORDS,
    SEVERITY,
    MAYBE,
    WORDS,
    attribute=MAYBE,
    remediation=MAYBE,
    origin=MAYBE,
    stops=st.booleans(),
    references=st.lists(WORDS, max_size=2),
    status=st.sampled_from(["new", "existing", "fixed"]),
    also=st.lists(WORDS, max_size=2),
    outcome=st.sampled_from(["fail", "unknown", "error", "waived", "pass"]),
    waiver=st.none() | st.builds(waiver, WORDS, WORDS),
    location=st.none()
    | st.fixed_dictionaries({"file": WORDS, "line": st.none() | st.integers(1, 9), "end_line": st.none()}),
)
CHANGES = st.builds(
    change,
    WORDS,
    st.sampled_from(["create", "update", "delete", "replace", "read", "forget", "no-op"]),
    deposed=MAYBE,
    reason=MAYBE,
    replace_paths=st.lists(WORDS, max_size=5),
    attributes=st.lists(WORDS, max_size=5),
    type=WORDS,
)
REPORTS = st.builds(
    report,
    st.sampled_from(["pass", "fail", "error"]),
    st.integers(0, 7),
    changes=st.lists(CHANGES, max_size=30),
    findings=st.lists(FINDINGS, max_size=30),
    summary=st.dictionaries(st.sampled_from(["create", "delete", "drift", "outputs", "import"]), st.integers(0, 10**6)),
    notes=st.lists(WORDS, max_size=3),
    errors=st.lists(
        st.fixed_dictionaries({"kind": WORDS, "message": WORDS, "path": MAYBE, "policy": MAYBE}), max_size=9
    ),
    invocations=st.lists(
        st.fixed_dictionaries({"kind": WORDS, "address": MAYBE, "type": WORDS, "when": MAYBE}), max_size=3
    ),
    deliveries=st.lists(
        st.fixed_dictionaries({"notifier": WORDS, "status": st.just("failed"), "error": MAYBE}), max_size=2
    ),
    waivers=st.fixed_dictionaries(
        dict.fromkeys(("used", "unused", "expired"), st.lists(st.builds(waiver, WORDS, WORDS), max_size=2))
    ),
    settings=st.fixed_dictionaries(
        {"files": st.lists(WORDS, max_size=2), "fail_on": WORDS, "scope": WORDS, "environment": MAYBE}
    ),
)


def shown(document: dict[str, Any], **how: Any) -> str:
    options = {"verbose": False, "terminal": True, "color": False, "today": "2026-08-01", **how}
    return text.render(document, **options)


def assert_inert(lines: list[str]) -> None:
    for line in lines:
        assert not line.lstrip().startswith("::"), line
        assert "##[" not in line
        bad = [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]
        assert not bad, (line, bad)


@settings(max_examples=150, deadline=None)
@given(REPORTS, st.integers(20, 200))
def test_any_report_is_at_most_25_lines_that_fit(document: dict[str, Any], columns: int) -> None:
    out = shown(document, columns=columns)
    lines = out.removesuffix("\n").split("\n")
    assert len(lines) <= 25
    assert all(width(line) <= max(columns, 60) for line in lines)
    assert lines[0].startswith("plangate: ")
    assert sum(line.startswith("plangate: ") for line in lines) == 1
    assert_inert(lines)


@settings(max_examples=80, deadline=None)
@given(REPORTS, st.booleans())
def test_any_report_is_inert_elsewhere_too(document: dict[str, Any], verbose: bool) -> None:
    lines = shown(document, verbose=verbose, terminal=False, show_passes=True).removesuffix("\n").split("\n")
    assert lines[0].startswith("plangate: ")
    assert_inert(lines)
    if not verbose:
        stopping = sum(f["stops"] for f in document["findings"])
        start = lines.index("Every finding that stops this plan:") + 1 if stopping else len(lines)
        assert len(lines) - start == stopping


@settings(max_examples=60, deadline=None)
@given(REPORTS)
def test_colour_changes_nothing_but_colour(document: dict[str, Any]) -> None:
    coloured, plain = shown(document, color=True), shown(document)
    assert "\x1b[0m" in coloured
    stripped = re.sub(r"\x1b\[(?:0|1|2|31|33|36|1;31|1;32)m", "", coloured)
    assert [line.rstrip() for line in stripped.split("\n")] == [line.rstrip() for line in plain.split("\n")]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("columns", [60, 80, 100, 160])
def test_samples_are_at_most_25_lines(name: str, columns: int) -> None:
    assert shown(SAMPLES[name](), columns=columns).count("\n") <= 25
