"""A message as one comment that is found again: its marker, and its text in Markdown.

The marker is the first thing of a comment and holds nothing but words of ours: the key of what the comment is about,
and the run whose result it shows. Only a comment of one's own author is ever read for it: anybody can write a marker.
"""

from __future__ import annotations

import time

from plangate.render.marked import cell, code, link

from . import outline
from .phrases import headline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .message import Message
    from .outline import Runs

_OPEN, _CLOSE = "<!-- plangate:1 ", " -->"
_LONGEST = 600  # characters of a marker
_FIELDS = ("key", "verdict", "run", "at", "commit")
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:._+-")
_AHEAD = 3600  # seconds that the clocks of two runners may differ: a marker of later than that is not believed
_OWN = 2500  # characters of a header or footer in Markdown
_MARKDOWN = "markdown"


def marker(message: Message) -> str:
    """The first line of a comment."""
    stamp = message.stamp()
    said = [f"{name}={_plain(stamp.get(name))}" for name in _FIELDS]
    return f"{_OPEN}{' '.join(said)}{_CLOSE}"


def read(text: object, key: str, now: float | None = None) -> dict[str, Any] | None:
    """What the marker at the very beginning of `text` says, None where there is none or it is of another key."""
    if not isinstance(text, str) or not text.startswith(_OPEN):
        return None
    end = text.find(_CLOSE, 0, _LONGEST)
    if end < 0:
        return None
    pairs = [part.partition("=") for part in text[len(_OPEN) : end].split(" ")]
    found: dict[str, Any] = {name: value for name, _, value in pairs if name in _FIELDS and _plain(value) == value}
    if found.get("key") != key:
        return None
    limit = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime((time.time() if now is None else now) + _AHEAD))
    if found.get("at", "") > limit:  # it would keep every later run from being told
        found.pop("at")
    if found.get("verdict") not in outline.MARKS:
        found.pop("verdict", None)
    return found


def comment(message: Message, most: int = 65_536) -> str:
    """The whole comment in at most `most` characters (no less than 10,000): marker, header, the report or the rows of
    several plans, links, mentions, footer. Every text that is not ours stands where nothing is markup."""
    before = [text for text in (_own(message.header),) if text]
    after = [text for text in (_links(message), _mentions(message.mentions), _own(message.footer)) if text]
    first = marker(message)
    room = most - len(first) - sum(len(text) + 2 for text in (*before, *after)) - 2
    return first + "\n" + "\n\n".join([*before, _body(message, room), *after])


def _body(message: Message, room: int) -> str:
    """The Markdown report where it is of one plan and speaks the reader's language; else the outline."""
    if message.test:
        return f"### {cell(headline(message))}\n\n{cell(message.texts.say('test.text'))}"
    if len(message.roots) == 1 and message.texts.language == "en":
        body = message.rendering(_MARKDOWN).strip("\n")
        if len(body) <= room:
            return body
    return _outlined(message, room)


def _outlined(message: Message, room: int) -> str:
    mark = outline.MARKS[message.verdict]
    top = [f"### {mark} {cell(headline(message))}"]
    if len(message.roots) == 1:
        top.append(f"{code(outline.place(message.roots[0]))} \u00b7 {cell(outline.totals(message))}")
    if message.elsewhere:
        top.append(cell(message.texts.say("elsewhere", n=message.elsewhere)))
    small = " \u00b7 ".join([cell(text) for text in outline.small_print(message)])
    foot = f"<sub>{small}</sub>" if small else ""
    found = outline.sections(message)
    frames = sum(120 for _ in found) + sum(len(text) + 2 for text in (*top, foot))
    outline.fill(found, room - frames, _row, lambda text: len(text) + 1, details=True)
    parts = list(top)
    for section in found:
        rows = [*section.elements, *([f"- **{cell(left)}**"] if (left := section.left) else [])]
        parts.append(f"**{cell(section.title)}**\n\n" + "\n".join(rows))
    return "\n\n".join([*parts, *([foot] if foot else [])])


def _row(runs: Runs) -> str:
    said = []
    for kind, text in runs:
        if kind == "plan":
            said.append(code(text))
        elif kind == "bold" and text.strip():
            said.append(f"<b>{cell(text)}</b>")
        else:
            said.append(cell(text))
    return "- " + "".join(said)


def _links(message: Message) -> str:
    return " \u00b7 ".join([link(url, cell(name)) for name, url in outline.links(message)])


def _mentions(names: tuple[str, ...]) -> str:
    """`@name` and `@group/team` of the settings; what is neither is not written."""
    found = [name.removeprefix("@") for name in names]
    return " ".join([f"@{name}" for name in found if name and all(c in _PLAIN or c == "/" for c in name)])


def _own(text: str | None) -> str:
    """A header or footer: text, whatever stands in it, and no quick action (a line that begins with `/`)."""
    if not text:
        return ""
    most = _OWN
    while True:
        lines = [cell(line, most) for line in text[:most].splitlines()[:20]]
        said = "<br>".join([f"&#47;{line[1:]}" if line.startswith("/") else line for line in lines])
        if len(said) <= _OWN:
            return said
        most //= 2


def _plain(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return "".join([c for c in text[:100] if c in _PLAIN])
