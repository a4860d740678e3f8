"""The preview: a page of every message, drawn from the payloads, that loads nothing and runs nothing."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.notify.preview import page
from plangate.notify.preview.comment import inline, markdown
from plangate.notify.shown import Shown
from plangate.render.markdown import render
from plangate_notifiers import slack, teams

from .said import HOSTILE, blocked, change, channel, finding, message, report

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "h1", "h2", "h3", "p", "ul", "li",
    "a", "div", "b", "i", "s", "span", "small", "br", "code", "pre", "table", "thead", "tbody", "tr", "th", "td",
    "details", "summary", "iframe", "sub", "hr", "strong", "em", "kbd", "blockquote",
}  # fmt: skip


class Reader(HTMLParser):
    """What a page holds: tags, attributes, the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(made: Any, **more: object) -> list[Shown]:
    bot = channel(slack, {"channel": "C9"}, {"bot_token": "x"})
    payloads = {
        "slack": slack.payload(made, bot),
        "teams": teams.payload(made, channel(teams)),
        "email": {"from": "a@b", "to": ["c@d"], "subject": "s", "text": "plain", "html": "<p style='color:red'>x</p>"},
        "github": {"comment": {"body": "### \u274c x\n\n| a | b |\n|---|---|\n| 1 | <code>&#60;x</code> |\n"}},
        "gitlab": {"body": "- one\n- **two**"},
        "pagerduty": [{"event_action": "trigger", "payload": {"summary": "down", "severity": "critical"}}],
        "webhook": {"schema_version": 1},
        "own": {"any": ["thing"]},
        **more,
    }
    return [Shown(kind, kind, made, payload, "because") for kind, payload in payloads.items()]


def safe(html: str) -> Reader:
    """The page runs nothing, loads nothing, and its content policy says so."""
    read = Reader(html)
    for tag, attributes in read.tags:
        assert tag in ALLOWED, tag
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style", "action")]
        if tag == "a":
            assert str(attributes["href"]).startswith(("https://", "#"))
        if tag == "iframe":
            assert attributes["sandbox"] == ""
    policy = next(a["content"] for t, a in read.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'; style-src ")
    assert "unsafe-inline" not in str(policy)
    style = html[html.index("<style>") + 7 : html.index("</style>")]
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in str(policy)
    return read


def test_every_message_is_drawn_in_light_and_dark_with_what_the_lock_screen_shows() -> None:
    made = message(blocked(3))
    html = page([*shown(made), Shown("quiet", "slack", None, None, "nothing changed")])
    read = safe(html)
    assert html.count('class="phone light slack"') == html.count('class="phone dark slack"') == 2  # message and thread
    assert "plangate-report.html" in read.text
    assert read.text.count("\u274c FAIL \u2013 network (prod)") >= 4  # Slack and Teams, twice each
    assert 'aws_db_instance.db["0"]' in read.text
    assert "nothing changed" in read.text
    assert "8 of 9 notifiers" in read.text
    assert html.count('<div class="push">') == 4  # what has no words of its own for it has none


def test_a_mail_stands_in_a_frame_and_only_its_own_styles_are_allowed() -> None:
    html = page(shown(message(blocked(1))))
    digest = b64encode(sha256(b"color:red").digest()).decode()
    assert f"'sha256-{digest}'" in html
    assert "'unsafe-hashes'" in html
    assert 'srcdoc="&lt;p style=' in html


def test_a_mail_is_shown_light_and_dark_whatever_the_reader_has() -> None:
    mail = {"subject": "s", "html": "<style>@media (prefers-color-scheme: dark) { p { color: white } }</style><p>x</p>"}
    html = page([Shown("email", "email", None, mail, "x")])
    assert "prefers-color-scheme: dark) { p" not in html.replace("&quot;", "").split("What is sent")[0]
    for media in ("all", "not all"):
        digest = sha256(f"@media {media} {{ p {{ color: white }} }}".encode()).digest()
        assert f"'sha256-{b64encode(digest).decode()}'" in html


def test_a_payload_of_another_form_is_shown_as_it_is() -> None:
    html = page([Shown("x", "slack", None, {"attachments": 7, "blocks": [{"type": "header"}]}, "y")])
    assert "&quot;attachments&quot;: 7" in html


@settings(max_examples=40, deadline=None)
@given(names=st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80)), min_size=1, max_size=10))
def test_hostile_names_stay_text(names: list[str]) -> None:
    plan = report([change(n) for n in names], [finding(n, title=n or "t") for n in names], plan={"path": names[0]})
    made = message(plan, run={"ref": names[0], "actor": names[-1]})
    made.header = made.footer = names[0]
    safe(page(shown(made, github={"comment": {"body": render([plan])}}, gitlab={"body": "\n".join(names)})))


@given(st.one_of(st.sampled_from(HOSTILE), st.text(alphabet="<>&;/ab\"'=code#[]()*|\\`\n-!", max_size=60)))
def test_only_our_own_markup_of_a_comment_is_markup(text: str) -> None:
    read = Reader(markdown(text))
    assert {tag for tag, _ in read.tags} <= ALLOWED
    assert not [a for tag, a in read.tags if tag != "a" and set(a) - {"class"}]
    Reader(inline(text))


def test_comments_look_as_they_do_on_the_forge() -> None:
    html = markdown(
        "<!-- plangate:1 -->\n### \u274c plangate: FAIL\n\n| | what |\n|---|---|\n| a&#124;b | <code>x</code><br>y |\n"
        "\n"
        '<details><summary>More</summary>\n\n- **bold** <a href="https://a.example/?a=1&amp;b=2">there</a>\n\n</details>\n'
        "<script>alert(1)</script>"
    )
    assert html == (
        '<p class="header">\u274c plangate: FAIL</p>'
        '<div class="wide"><table><thead><tr><th></th><th>what</th></tr></thead><tbody>'
        "<tr><td>a&#124;b</td><td><code>x</code><br>y</td></tr></tbody></table></div>"
        "<details><summary>More</summary><ul><li><b>bold</b> "
        '<a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer">there</a></li></ul></details>'
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://a.example", "data:text/html,x", "//a.example"])
def test_links_lead_to_https_only(url: str) -> None:
    payload: Any = slack.payload(message(blocked(1)), channel(slack))
    text = json.dumps(payload).replace("https://reports.example/77.html", url)
    html = page([Shown("slack", "slack", None, json.loads(text), "x")])
    assert not [a for t, a in Reader(html).tags if t == "a" and re.match(r"(?!https://|#)", str(a["href"]))]
