"""A mail as its reader sees it: sender, subject, and the HTML part in a frame that may do nothing."""

from __future__ import annotations

from .html import Styles, esc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def draw(payload: Any, styles: Styles) -> tuple[list[tuple[str, str]], str]:
    """The HTML part, and the text part that stands before it."""
    fields = {str(key).lower(): value for key, value in payload.items()}
    subject = str(fields.get("subject") or "")
    sender, to = str(fields.get("from") or "plangate"), fields.get("to") or ""
    people = ", ".join([str(one) for one in to]) if isinstance(to, (list, tuple)) else str(to)
    files = [str(f.get("filename") or f.get("name") or f) if isinstance(f, dict) else str(f) for f in _files(fields)]
    attached = "".join([f'<p class="file">{esc(name)}</p>' for name in files])
    head = (
        f'<div class="mailhead"><p class="header">{esc(subject)}</p><p><b>{esc(sender)}</b></p>'
        f'<p class="context">{esc(people)}</p>{attached}</div>'
    )
    pictures = []
    html = fields.get("html")
    if html:
        styles.of(str(html))
        frame = f'<iframe sandbox="" title="{esc(subject)}" srcdoc="{esc(str(html))}"></iframe>'
        pictures.append(("HTML part", head + frame))
    text = fields.get("text")
    if text:
        pictures.append(("Text part", f'{head}<pre class="raw">{esc(str(text))}</pre>'))
    if not pictures:
        raise KeyError("html")
    return pictures, subject


def _files(fields: dict[str, Any]) -> list[Any]:
    found = fields.get("attachments") or fields.get("attached") or fields.get("attachment") or []
    return list(found) if isinstance(found, (list, tuple)) else [found]
