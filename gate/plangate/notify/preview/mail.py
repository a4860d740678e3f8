"""A mail as its reader sees it: sender, subject, and the HTML part in a frame that may do nothing."""

from __future__ import annotations

import re

from .html import Styles, esc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")


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
        frames = [_frame(str(html), subject, theme, styles) for theme in ("light", "dark")]
        pictures.append(("HTML part", head + "".join(frames)))
    text = fields.get("text")
    if text:
        pictures.append(("Text part", f'{head}<pre class="raw">{esc(str(text))}</pre>'))
    if not pictures:
        raise KeyError("html")
    return pictures, subject


def _frame(html: str, subject: str, theme: str, styles: Styles) -> str:
    """The mail as it is in one theme: a frame asks the reader's own system, so the question is answered for it."""
    html = _DARK.sub("@media all" if theme == "dark" else "@media not all", html)
    styles.of(html)
    return f'<iframe class="only-{theme}" sandbox="" title="{esc(subject)}" srcdoc="{esc(html)}"></iframe>'


def _files(fields: dict[str, Any]) -> list[Any]:
    found = fields.get("attachments") or fields.get("attached") or fields.get("attachment") or []
    return list(found) if isinstance(found, (list, tuple)) else [found]
