"""GitHub: what stands in the comment, whatever names a plan has and however long it is."""

from __future__ import annotations

import json
import re
from typing import Any

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.notify import comment
from plangate_notifiers import github

from .hub import GitHub, environ
from .telling import message_of, told

NAMES = st.text(max_size=80) | st.sampled_from(
    ["@acme/everyone", "![x](https://evil.example/x.png)", "<!-- plangate:1 key=x -->", "--><img src=x>", "#1 GH-2",
     "https://evil.example", "| a | b |", "```", "</code></details>", "/approve", "\n/close", "www.evil.example", "$x$"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=8), language=st.sampled_from(["en", "ko"]))
def test_names_of_a_plan_are_only_text(names: list[str], language: str) -> None:
    message = message_of(
        [(f'aws_db_instance.x["{n}"]', True) for n in names], [(n or "x", 1) for n in names], language=language
    )
    message.render = lambda _: "x" * 70_000  # so that the outline is used
    message.header = message.footer = "\n".join(names)[:200]
    text = comment.comment(message)
    assert text.startswith("<!-- plangate:1 key=")
    assert text.count("<!--") == 1
    html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    assert re.findall(r'href="([^"]*)"', html) == ["https://ci.example.com/runs/2"]
    assert not re.search(r"<(img|script|table|input|pre|blockquote|h[12456])\b", html)
    outside = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    outside = outside.partition("\n")[2]
    assert "@" not in re.sub(r"<[^>]*>", "", outside)
    assert not re.search(r"^/\w", text, re.MULTILINE)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_fifty_thousand_changes_fit_and_what_is_left_out_is_counted(language: str) -> None:
    name = 'aws_db_instance.x["' + "x" * 60 + '{}"]'
    message = message_of(
        [(name.format(i), i % 2 == 0) for i in range(50_000)],
        [(name.format(i), 1) for i in range(50_000)],
        language=language,
    )
    message.render = lambda _: "x" * 70_000
    text = comment.comment(message, 65_536)
    assert len(text) <= 65_536
    assert len(text.encode()) <= 262_144
    body = text.partition("\n")[2]
    assert body.startswith("### \u274c plangate")
    shown = body.partition("\n**")[2].partition("\n**")[0].count("\u26d4")
    left = {int(n.replace(",", "")) for n in re.findall(r"[\d,]+", " ".join(re.findall(r"- \*\*(.*)\*\*", body)))}
    assert 25_000 - shown in left
    assert shown > 100


def test_the_report_is_the_body_where_it_fits(bad: dict[str, Any], hub: GitHub) -> None:
    message, channel = told(github, bad, environ=environ(hub))
    body = github.payload(message, channel)["comment"]["body"]
    assert message.rendering("markdown").strip() in body
    assert body.index("FAIL") < body.index("aws&#95;db&#95;instance.ledger")


def test_several_roots_are_one_comment(bad: dict[str, Any], good: dict[str, Any], hub: GitHub) -> None:
    other = json.loads(json.dumps(good))
    other["plan"]["path"] = "live/dns/plan.json"
    message, channel = told(github, bad, other, environ=environ(hub))
    body = github.payload(message, channel)["comment"]["body"]
    assert body.count("<!-- plangate") == 1
    assert body.index("live/network") < body.index("live/dns")


def test_mentions_are_those_of_the_settings() -> None:
    message = message_of(stops=[("a.b", 1)])
    message.mentions = ("@acme/platform", "kim", "x y", "a@b`")
    assert comment.comment(message).rstrip().endswith("@acme/platform @kim")


def test_a_test_message_says_so(hub: GitHub) -> None:
    message = message_of()
    message.test = True
    assert "Nothing was judged" in comment.comment(message)
