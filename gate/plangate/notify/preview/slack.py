"""Slack's Block Kit as its phone app draws it, as far as messages of ours use it."""

from __future__ import annotations

from html import unescape

from .html import Styles, esc, link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Node = dict[str, Any]


def draw(payload: Any, styles: Styles) -> tuple[list[tuple[str, str]], str]:  # noqa: ARG001 - as every drawer
    """The message; with a bot token its thread and the uploaded report, too."""
    main = payload.get("message", payload)
    pictures = [("Message", _message(main))]
    thread = "".join([_message(reply) for reply in payload.get("thread") or ()])
    if payload.get("report"):
        thread += f'<div class="msg"><p class="file">{esc(str(payload["report"]))}</p></div>'
    if thread:
        pictures.append(("Its thread", thread))
    return pictures, unescape(str(main.get("text") or ""))


def _message(message: Node) -> str:
    blocks = message.get("blocks") or [{"type": "section", "text": {"text": unescape(str(message.get("text") or ""))}}]
    body = "".join([_block(block) for block in blocks])
    return f'<div class="msg"><p class="who"><b>plangate</b> <small>APP</small></p>{body}</div>'


def _block(block: Node) -> str:
    kind = block.get("type")
    if kind == "header":
        return f'<p class="header">{esc(block["text"]["text"])}</p>'
    if kind == "rich_text":
        return f'<div class="rich">{"".join([_part(part) for part in block["elements"]])}</div>'
    if kind == "actions":
        buttons = [
            link(b.get("url") or "", b["text"]["text"], f"button {esc(b.get('style') or '')}")
            for b in block["elements"]
        ]
        return f'<p class="actions">{" ".join(buttons)}</p>'
    if kind == "context":
        texts = [f"<span>{esc(element.get('text') or '')}</span>" for element in block["elements"]]
        return f'<p class="context">{" ".join(texts)}</p>'
    if kind == "divider":
        return "<hr>"
    return f"<p>{esc((block.get('text') or {}).get('text') or '')}</p>"


def _part(part: Node) -> str:
    kind, elements = part["type"], part["elements"]
    if kind == "rich_text_list":
        items = [f"<li>{_runs(item['elements'])}</li>" for item in elements]
        return f"<ul>{''.join(items)}</ul>"
    tag = {"rich_text_preformatted": "pre", "rich_text_quote": "blockquote"}.get(kind, "p")
    return f"<{tag}>{_runs(elements)}</{tag}>"


def _runs(elements: list[Node]) -> str:
    return "".join([_run(element) for element in elements])


def _run(element: Node) -> str:
    kind = element["type"]
    if kind == "text":
        text = esc(element["text"]).replace("\n", "<br>")
        style = element.get("style") or {}
        for name, tag in (("code", "code"), ("bold", "b"), ("italic", "i"), ("strike", "s")):
            if style.get(name):
                text = f"<{tag}>{text}</{tag}>"
        return text
    if kind == "link":
        return link(element["url"], element.get("text") or element["url"])
    name = element.get("user_id") or element.get("usergroup_id") or element.get("range") or element.get("name") or kind
    return f'<span class="mention">@{esc(str(name))}</span>'
