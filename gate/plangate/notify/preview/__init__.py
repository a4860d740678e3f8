"""One self-contained page that shows every message as its reader would see it: on a phone, in light and in dark.

It is made of the payloads alone, so what it shows is what would be sent. Nothing is loaded and nothing runs: the
content policy allows this page's style by its hash, and the style attributes of a mail by theirs (Content Security
Policy Level 3, `'unsafe-hashes'`); a mail stands in a frame that may do nothing at all.
"""

from __future__ import annotations

import json
import os

from . import card, comment, mail, slack
from .html import Styles, esc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from plangate.notify.shown import Shown

    # The pictures of one message: (title, html) each, and what a locked phone shows of it.
    Pictures = tuple[list[tuple[str, str]], str]

_HERE = os.path.dirname(os.path.abspath(__file__))
_NAMES = {"slack": "Slack", "teams": "Microsoft Teams", "email": "Mail", "github": "GitHub", "gitlab": "GitLab",
          "pagerduty": "PagerDuty", "webhook": "Webhook"}  # fmt: skip
_JSON = 20000  # characters of a payload that is shown as it is


def page(shown: list[Shown], arrived: bool = False) -> str:
    """The page of these messages: what would be sent or, with `arrived`, what a notify.inbox took."""
    with open(os.path.join(_HERE, "page.css"), encoding="utf-8") as file:
        style = file.read()
    styles = Styles()
    styles.sheet(style)
    sections = "".join([_section(one, number, styles) for number, one in enumerate(shown, 1)])
    policy = f"default-src 'none'; style-src {styles.sources()}; base-uri 'none'; form-action 'none'"
    told = sum(one.payload is not None for one in shown)
    items = "".join(
        [f'<li><a href="#m{n}">{esc(one.name)}</a></li>' for n, one in enumerate(shown, 1) if one.payload is not None]
    )
    said = (
        f"{told} messages arrived, over real HTTP and SMTP, at the inbox of this machine."
        if arrived
        else f"{told} of {len(shown)} notifiers would tell somebody. Nothing was sent."
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>plangate: messages as they are read</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>Messages as they are read</h1>\n<p>{said} Each message is "
        f"drawn from what {'was' if arrived else 'would be'} sent, at the width of a phone, in light and dark; "
        f"the services' own fonts and spacing differ a little.</p>\n<ul>{items}</ul>\n</header>\n"
        f"<main>\n{sections}</main>\n</body>\n</html>\n"
    )


def _section(one: Shown, number: int, styles: Styles) -> str:
    kind = _NAMES.get(one.kind, one.kind)
    title = kind if one.name == one.kind else f"{one.name} ({kind})"
    head = f'<section id="m{number}">\n<h2>{esc(title)}</h2>\n<p class="why">{esc(one.why)}</p>\n'
    if one.payload is None:
        return f"{head}</section>\n"
    pictures, push = _draw(one, styles)
    parts = [head]
    if push:
        parts.append(f'<div class="push"><b>{esc(kind)}</b> <span>{esc(push)}</span></div>\n')
    for name, html in pictures:
        parts.append(f'<h3>{esc(name)}</h3>\n<div class="both">\n')
        parts += [f'<div class="phone {theme} {esc(one.kind)}">{html}</div>\n' for theme in ("light", "dark")]
        parts.append("</div>\n")
    size = len(json.dumps(one.payload, ensure_ascii=False, default=str).encode("utf-8", "replace"))
    parts.append(
        f"<details><summary>What is sent ({size:,} bytes)</summary>"
        f'<pre class="sent">{_text(one.payload)}</pre></details>\n'
    )
    return "".join([*parts, "</section>\n"])


def _draw(one: Shown, styles: Styles) -> Pictures:
    """The pictures of a payload; of a kind that is not ours, or a payload of another form, the payload itself."""
    drawers: dict[str, Callable[[Any, Styles], Pictures]] = {
        "slack": slack.draw,
        "teams": card.draw,
        "email": mail.draw,
        "github": comment.draw,
        "gitlab": comment.draw,
        "pagerduty": _alerts,
    }
    drawer = drawers.get(one.kind)
    try:
        if drawer is not None:
            return drawer(one.payload, styles)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        pass
    return [("Payload", f'<pre class="raw">{_text(one.payload)}</pre>')], ""


def _alerts(payload: Any, styles: Styles) -> Pictures:  # noqa: ARG001 - as every drawer
    """PagerDuty's alerts: the summary is what wakes somebody."""
    drawn, summaries = [], []
    for event in payload:
        inner = event.get("payload") or {}
        summary = str(inner.get("summary") or event.get("event_action") or "")
        summaries.append(summary)
        facts = [
            ("severity", inner.get("severity")),
            ("source", inner.get("source")),
            ("action", event.get("event_action")),
        ]
        rows = "".join([f"<tr><th>{esc(k)}</th><td>{esc(str(v))}</td></tr>" for k, v in facts if v])
        details = inner.get("custom_details")
        more = f'<pre class="raw">{_text(details)}</pre>' if details else ""
        drawn.append(f'<div class="alert"><b>{esc(summary)}</b><table>{rows}</table>{more}</div>')
    return [("Alert", "".join(drawn) or "<p>no event</p>")], summaries[0] if summaries else ""


def _text(payload: object) -> str:
    text = json.dumps(payload, ensure_ascii=False, indent=1, default=str)
    rest = len(text) - _JSON
    return esc(text[:_JSON]) + (f"\n... {rest:,} more characters" if rest > 0 else "")
