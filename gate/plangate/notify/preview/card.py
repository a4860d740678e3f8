"""An Adaptive Card as Teams draws it beside a channel, as far as messages of ours use it."""

from __future__ import annotations

import re

from .html import Styles, esc, link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Node = dict[str, Any]


def draw(payload: Any, styles: Styles) -> tuple[list[tuple[str, str]], str]:  # noqa: ARG001 - as every drawer
    """The card; a feed shows its fallback text."""
    card = payload["attachments"][0]["content"]
    body = "".join([_node(node) for node in card["body"]]) + _actions(card.get("actions") or [])
    return [("Card", f'<div class="card">{body}</div>')], str(card.get("fallbackText") or "")


def _node(node: Node) -> str:
    kind = node["type"]
    classes = " ".join(
        [
            kind.lower(),
            *[esc(f"{key}-{node[key]}".lower()) for key in ("style", "size", "weight", "color") if node.get(key)],
        ]
        + [word for key, word in (("isSubtle", "subtle"), ("separator", "line")) if node.get(key)]
    )
    if kind == "Container":
        return f'<div class="{classes}">{"".join([_node(item) for item in node["items"]])}</div>'
    if kind == "TextBlock":
        return f'<p class="{classes}">{_mentions(node["text"])}</p>'
    if kind == "RichTextBlock":
        return f'<p class="{classes}">{"".join([_run(run) for run in node["inlines"]])}</p>'
    if kind == "FactSet":
        rows = [f"<tr><th>{esc(fact['title'])}</th><td>{esc(fact['value'])}</td></tr>" for fact in node["facts"]]
        return f'<table class="{classes}">{"".join(rows)}</table>'
    if kind == "ActionSet":
        return _actions(node["actions"])
    return f"<p>{esc(str(node.get('text') or ''))}</p>"


def _run(run: Node) -> str:
    classes = [f"{key}-{run[key]}".lower() for key in ("size", "weight", "color", "fontType") if run.get(key)]
    if run.get("isSubtle"):
        classes.append("subtle")
    return f'<span class="{esc(" ".join(classes))}">{esc(run["text"])}</span>'


def _mentions(text: str) -> str:
    return re.sub(r"&lt;at&gt;(.*?)&lt;/at&gt;", r'<span class="mention">\1</span>', esc(text))


def _actions(actions: list[Node]) -> str:
    buttons = [link(action.get("url") or "", action["title"], "button") for action in actions]
    return f'<p class="actions">{" ".join(buttons)}</p>' if buttons else ""
