"""The comment as GitHub's own renderer reads it: what of a plan's text becomes more than text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.render import markdown, marked

from .build import change, finding, report
from .samples import SAMPLES, failing, hostile, huge

BUDGET = 60_000
ANY = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60) | st.text(
    "`*_[]()<>|#@!~$:/.&\\\n wabc1-+=", min_size=1, max_size=40
)
LOSS = ("class", "what", "loss", "recovery")
VALUE = {"path": "size", "before": "1", "after": None}


class Page(HTMLParser):
    """The elements and attributes of a page, its text, and which of it stands outside of code."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.text = self.plain = ""
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self._code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.plain += "" if self._code else data


def page(text: str) -> Page:
    html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    found = Page()
    found.feed(html)
    return found


def shape(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return page(text).elements


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_fits_and_says_the_verdict_first(name: str) -> None:
    document = SAMPLES[name]()
    text = markdown.render([document])
    assert len(text) <= BUDGET
    assert f"plangate: {document['verdict'].upper()}" in text.splitlines()[0]


def test_a_failing_plan_names_what_goes_before_what_failed() -> None:
    shown = page(markdown.render([failing()])).text
    assert shown.index("Destroyed") < shown.index("Stops this plan") < shown.index("Does not stop")
    for gone in failing()["changes"]:
        if gone["action"] in ("delete", "replace"):
            assert gone["address"] in shown


@pytest.mark.parametrize("budget", [2_000, 8_000, 60_000, 400_000])
def test_what_is_left_out_is_counted_exactly(budget: int) -> None:
    document = huge()
    text = markdown.render([document], budget=budget)
    assert len(text) <= budget
    shown = len(re.findall(r"^\| high \| ", text, re.MULTILINE))
    total = len(document["findings"])
    if shown == total:
        assert "findings that stop" not in text.rpartition("Left out:")[2] or budget < 400_000
    else:
        said = f"{total - shown} of {total} findings that stop" if shown else f"{total} findings that stop"
        assert said in text
    lost = len(re.findall(r"^\| (?:\U0001f6d1 )?destroy \| <code>", text, re.MULTILINE))
    assert lost == total or f"{total - lost} of {total} resources that go" in text


def test_several_reports_share_one_budget() -> None:
    text = markdown.render([huge(), failing(), huge()])
    assert len(text) <= BUDGET
    assert text.count("plangate: FAIL") == 4  # all of them, and each


def test_hostile_names_make_no_element_link_or_mention() -> None:
    tame = hostile()
    names = [c["address"] for c in tame["changes"]]
    text = markdown.render([tame])
    found = page(text)
    assert found.links == []
    assert {tag for tag, _ in found.elements} <= {
        "h3", "p", "code", "table", "thead", "tbody", "tr", "th", "td", "strong", "sub", "details", "summary",
        "ul", "li",
    }  # fmt: skip
    assert len(names) == text.count("| destroy | <code>")
    assert "\u202e" not in text
    assert "\x1b" not in text


def _document(name: str) -> dict[str, Any]:
    return report(
        "fail",
        1,
        changes=[
            change(f'aws_instance.web["{name}"]', "delete", loss=dict.fromkeys(LOSS, name)),
            change(f"aws_iam_role.{name}", "update", attributes=[f'tags["{name}"]'], values=[{**VALUE, "path": name}]),
        ],
        findings=[
            finding("pack/fault", "high", name, name, remediation=name, origin=name, references=[name]),
            finding("pack/other", "low", name, name, stops=False),
            finding("pack/third", "high", name, name, outcome="unknown", origin=name),
        ],
        errors=[{"kind": "policy", "message": name, "path": name, "policy": name}],
        notes=[name],
        renames=[{"from": name, "to": name}],
        invocations=[{"kind": "action", "address": name, "type": name, "when": name}],
        plan={**report()["plan"], "path": name, "workspace": name, "terraform_version": name},
    )  # fmt: skip


@settings(max_examples=200)
@given(ANY)
def test_no_text_of_a_plan_is_markup(name: str) -> None:
    """The page has the elements that it has for harmless names, and what stands outside of code mentions nobody."""
    benign = "x" * max(len(name), 1)
    text = markdown.render([_document(name)])
    found = page(text)
    assert found.links == []
    wanted = {tag for tag, _ in shape(markdown.render([_document(benign)]))}
    assert {tag for tag, _ in found.elements} <= wanted
    assert {attrs for _, attrs in found.elements} <= {(), ("align",)}
    tables = [tag for tag, _ in found.elements if tag in ("table", "details", "h3", "li")]
    assert tables == [
        tag for tag, _ in shape(markdown.render([_document(benign)])) if tag in ("table", "details", "h3", "li")
    ]


@given(ANY)
def test_a_name_is_shown_as_it_is(name: str) -> None:
    from plangate.render.inert import terminal

    shown = page(f"a {marked.code(name)} b").text
    assert shown.strip("\n") == f"a {terminal(name, 300)} b"


@pytest.mark.parametrize(
    "text",
    ["@octocat", "#12", "GH-1", "http://evil.example", "www.evil.example", "a@b.example", ":tada:", "$x$", "~~x~~"],
)
def test_what_github_would_make_active_is_written_with_entities(text: str) -> None:
    for written in (marked.code(text), marked.cell(text)):
        assert page(f"- {written}").links == []
        assert not re.search(r"[@#$~]|://|www\.|:\w+:", re.sub(r"&#?\w+;", "", written))
    assert "</code>" in marked.cell(text)


def test_locations_link_to_the_judged_commit_where_it_is_known() -> None:
    run = {
        **report()["run"],
        "url": "https://github.example/acme/infra/actions/runs/1",
        "repository": "acme/infra",
        "commit": "abc123",
    }
    location = {"file": "envs/pröd (1)/main.tf", "line": 12, "end_line": 20}
    document = report("fail", 1, run=run, findings=[finding("p/q", "high", "a.b", "m", location=location)])
    (link, job) = page(markdown.render([document])).links
    assert link == "https://github.example/acme/infra/blob/abc123/envs/pr%C3%B6d%20%281%29/main.tf#L12"
    assert job == run["url"]


def test_values_stand_in_a_fold_of_their_own() -> None:
    document = report(
        changes=[
            change(
                "a.b",
                "update",
                attributes=["size"],
                computed=3,
                values=[{"path": "size", "before": "1", "after": None}],
            )
        ]
    )
    text = markdown.render([document])
    assert "| <code>size</code> | <code>1</code> |  |" in text
    assert "3 more are known after apply." in text


@pytest.mark.parametrize("number", [2, 30, 400, 3000])
@pytest.mark.parametrize("budget", [BUDGET, 20_000])
def test_many_plans_are_a_table_worst_first_and_as_many_reports_as_fit(number: int, budget: int) -> None:
    many = [SAMPLES["empty"]() for _ in range(number - 1)] + [failing()]
    for index, document in enumerate(many):
        document["plan"]["path"] = f"envs/{index}/plan.json"
    text = markdown.render(many, budget=budget)
    assert len(text) <= budget
    lines = text.splitlines()
    assert lines[0] == f"### \u274c plangate: FAIL \u2013 {number} plans: 1 fail, {number - 1} pass"
    assert lines[4].startswith(f"| \u274c | <code>envs/{number - 1}/plan.json</code> | ")
    rows = [line for line in lines if line.startswith(("| \u274c |", "| \u2705 |"))]
    assert len(rows) == number or f"**{number - len(rows)} of {number} plans are not in this table.**" in text
    shown = 1 + text.count("<details><summary>\u2705 plangate: PASS")
    assert shown == number or f"**Left out:** {number - shown} of {number} reports" in text
