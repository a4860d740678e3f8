"""A pull-request comment: the Markdown that plangate writes, as GitHub and GitLab draw it.

Only what plangate's own Markdown holds is markup here: headings, tables, lists, folds, bold, links to https, and the
tags `code`, `br`, `sub`. Everything else is text.
"""

from __future__ import annotations

import re
from html import unescape

from .html import Styles, esc, link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_INLINE = re.compile(
    r"(?P<tag></?(?:code|sub|br|strong|em|kbd)>)|(?P<entity>&(?:#\d+|#x[0-9a-fA-F]+|\w+);)|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|\*\*(?P<bold>[^*\n]+)\*\*|<a href=\"(?P<url>https://[^\"<>\s]+)\">(?P<label>.*?)</a>"
)
_FOLD = re.compile(r"<details>(?:<summary>(.*?)</summary>)?")


def draw(payload: Any, styles: Styles) -> tuple[list[tuple[str, str]], str]:  # noqa: ARG001 - as every drawer
    """The comment, and what the commit gets besides."""
    parts = payload if "body" not in payload else {"comment": payload}
    pictures = []
    for name, part in parts.items():
        body = part.get("body") or (part.get("output") or {}).get("summary")
        title = (part.get("output") or {}).get("title") or part.get("description") or ""
        head = f'<p class="header">{esc(str(title))}</p>' if title else ""
        pictures.append(
            (str(name).capitalize(), f'<div class="comment">{head}{markdown(str(body)) if body else ""}</div>')
        )
    if not pictures:
        raise KeyError("body")
    return pictures, ""


def markdown(text: str) -> str:
    """HTML of a comment of ours."""
    out: list[str] = []
    lines = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).split("\n")
    folds, at = 0, 0
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if line.startswith("|"):
            rows = [line]
            while at < len(lines) and lines[at].strip().startswith("|"):
                rows.append(lines[at].strip())
                at += 1
            out.append(_table(rows))
        elif line.startswith("- "):
            items = [line]
            while at < len(lines) and lines[at].strip().startswith("- "):
                items.append(lines[at].strip())
                at += 1
            out.append(f"<ul>{''.join([f'<li>{inline(item[2:])}</li>' for item in items])}</ul>")
        elif fold := _FOLD.match(line):
            folds += 1
            out.append(f"<details><summary>{inline(fold[1] or '')}</summary>{inline(line[fold.end() :])}")
        elif line.startswith("</details>"):
            if folds:
                folds -= 1
                out.append("</details>")
        elif line.startswith("#"):
            out.append(f'<p class="header">{inline(line.lstrip("#").strip())}</p>')
        elif line:
            out.append(f"<p>{inline(line)}</p>")
    return "".join([*out, "</details>" * folds])


def inline(text: str) -> str:
    """One line: known markup, the rest escaped; every tag that is opened is closed."""
    out, end = [], 0
    opened: list[str] = []
    for found in _INLINE.finditer(text):
        out.append(esc(text[end : found.start()]))
        end = found.end()
        if found["tag"]:
            out.append(_tag(found["tag"], opened))
        elif found["entity"]:
            out.append(found["entity"])
        elif found["escaped"]:
            out.append(esc(found["escaped"]))
        elif found["bold"]:
            out.append(f"<b>{inline(found['bold'])}</b>")
        else:
            label = unescape(re.sub(r"</?code>", "", found["label"]))
            out.append(link(unescape(found["url"]), label))
    out.append(esc(text[end:]))
    return "".join([*out, *[f"</{name}>" for name in reversed(opened)]])


def _tag(tag: str, opened: list[str]) -> str:
    name = tag.strip("</>")
    if name == "br":
        return "<br>"
    if not tag.startswith("</"):
        opened.append(name)
        return tag
    if opened and opened[-1] == name:
        opened.pop()
        return tag
    return ""


def _table(rows: list[str]) -> str:
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))] for row in rows]
    body = [row for row in cells if not all(set(cell) <= set(":-") and cell for cell in row)]
    head = "".join([f"<th>{inline(cell)}</th>" for cell in body[0]])
    rest = "".join([f"<tr>{''.join([f'<td>{inline(cell)}</td>' for cell in row])}</tr>" for row in body[1:]])
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rest}</tbody></table></div>'
