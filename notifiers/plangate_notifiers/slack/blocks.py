"""A message in Slack's Block Kit. Text of a plan stands only in `plain_text` without emoji and in `rich_text`, where
nothing is markup, a mention or a link; mentions are elements of their own, made of settings alone.

Limits (docs.slack.dev, Block Kit reference): 50 blocks, 150 characters of header, 75 of a button, 3,000 of a URL, 10
elements of a context. All blocks together are refused (`msg_blocks_too_long`) somewhere above 12,000 characters "with a
buffer for block containers", which is not documented (slackapi/bolt-js#2509 and #2867): so the JSON of all blocks is
kept below that.
"""

from __future__ import annotations

import json

from plangate.notify.api import outline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Message

    Block = dict[str, Any]

# Characters of JSON that all blocks may have, and what is tried when Slack finds that too long. 0: no blocks.
SIZES = (11800, 4000, 0)
_HEADER, _BUTTON, _URL, _NOTE = 150, 75, 3000, 400
EVENT_TYPE = "plangate"
_DIVIDER = {"type": "divider"}


def main(message: Message, size: int = SIZES[0]) -> dict[str, Any]:
    """The message itself: `text` for notifications, `blocks` unless `size` is 0."""
    said: dict[str, Any] = {"text": _escaped(outline.push(message)), **_quiet()}
    if size:
        said["blocks"] = _within(size, _head(message), outline.sections(message), _foot(message))
        return said
    for name, url in outline.links(message):
        said["text"] += f"\n{_escaped(name)}: <{_escaped(url)}>"
    people = " ".join([_token(person) for person in people_of(message.mentions)])
    said["text"] += f"\n{people}" if people else ""
    return said


def details(message: Message, *, notify: bool = False) -> dict[str, Any] | None:
    """What goes into the thread as text: everything with its policy and the way to mend it; None when there is none.

    With `notify` the reply names the people, since nobody is told when a message is edited.
    """
    found = outline.sections(message, details=True)
    if not found:
        return None
    say = message.texts.say
    title = f"{outline.MARKS[message.verdict]} {outline.verdict(message)} \u2013 {say('thread.details')}"
    head = [_rich([_element([("bold", title)])])]
    people = [_person(kind, id) for kind, id in people_of(message.mentions)] if notify else []
    if people:
        head.append(_rich([{"type": "rich_text_section", "elements": _spaced(people)}]))
    text = f"{outline.verdict(message)} {outline.where(message)}: {outline.why(message)}"
    return {"text": _escaped(text), **_quiet(), "blocks": _within(SIZES[0], head, found, [], details=True)}


def people_of(mentions: tuple[str, ...]) -> list[tuple[str, str]]:
    """(kind, id) of the mentions that are Slack's: `U024BE7LH`, `S0615G0KT`, `here`, `channel`, `everyone`."""
    found = []
    for written in mentions:
        name = written.strip().strip("<>").removeprefix("!subteam^").lstrip("@!").partition("|")[0]
        if name in ("here", "channel", "everyone"):
            found.append(("broadcast", name))
        elif len(name) > 2 and name.isascii() and name.isalnum() and name.isupper() and name[0] in "UWS":
            found.append(("usergroup" if name[0] == "S" else "user", name))
    return found


# -- parts -----------------------------------------------------------------------------------------------------


def _head(message: Message) -> list[Block]:
    mark = outline.MARKS[message.verdict]
    title = f"{mark} {outline.verdict(message)}"
    if message.test:
        title = message.texts.say("test.headline")
    elif message.roots:
        title += f" \u2013 {outline.short(outline.where(message), _HEADER - len(title) - 3)}"
    blocks: list[Block] = [{"type": "header", "text": _plain(title[:_HEADER])}]
    runs = [("bold", outline.why(message))]
    if message.previous and message.previous != message.verdict:
        before = message.texts.say("thread.before", verdict=message.texts.say(f"verdict.{message.previous}"))
        runs.append(("own", f" ({before})"))
    parts = [_element(runs)]
    if message.header:
        parts.append(_element([("own", outline.short(message.header, _NOTE))]))
    people = [_person(kind, id) for kind, id in people_of(message.mentions)]
    if people:
        parts.append({"type": "rich_text_section", "elements": _spaced(people)})
    return [*blocks, _rich(parts)]


def _foot(message: Message) -> list[Block]:
    """Counts, what is not shown elsewhere, the buttons, and who did it in small print."""
    say = message.texts.say
    lines = []
    total = outline.totals(message)
    if total:
        lines.append([("bold", say("counts.title")), ("own", f": {total}")])
    others = sum(root.others for root in message.roots)
    if others:
        lines.append([("own", say("others.title", n=others))])
    if message.elsewhere:
        lines.append([("own", say("elsewhere", n=message.elsewhere))])
    if message.footer:
        lines.append([("own", outline.short(message.footer, _NOTE))])
    blocks: list[Block] = []
    if lines:
        blocks.append(_rich([_element(line) for line in lines]))
    buttons: list[Block] = [
        {"type": "button", "text": _plain(name[:_BUTTON]), "url": url, "action_id": f"plangate-{number}"}
        for number, (name, url) in enumerate(outline.links(message))
        if len(url) <= _URL
    ]
    if buttons:
        if message.verdict != "pass":
            buttons[0]["style"] = "primary"
        blocks.append({"type": "actions", "elements": buttons})
    small = outline.small_print(message)
    if small:
        blocks.append({"type": "context", "elements": [_plain(text) for text in small[:10]]})
    return blocks


def _within(
    size: int, head: list[Block], found: list[outline.Section], foot: list[Block], *, details: bool = False
) -> list[Block]:
    """All blocks in `size` characters of JSON: the sections between head and foot give way."""
    frame = sum(_measure([_DIVIDER, _section(section.title, [{}], "x" * 60)]) for section in found) + 24
    room = size - sum(_measure(block) for block in [*head, *foot]) - frame
    outline.fill(found, room, _element, _measure, details=details)
    shown = [block for part in found for block in (_DIVIDER, _section(part.title, part.elements, part.left))]
    return [*head, *shown, *([_DIVIDER] if shown and foot else []), *foot]


def _section(title: str, rows: list[Block], left: str) -> Block:
    parts: list[Block] = [_element([("bold", title)])]
    if rows:
        parts.append({"type": "rich_text_list", "style": "bullet", "elements": rows})
    if left:
        parts.append(_element([("left", left)]))
    return _rich(parts)


def _element(runs: list[tuple[str, str]]) -> Block:
    styles = {"bold": {"bold": True}, "plan": {"code": True}, "left": {"italic": True}}
    parts = [
        {"type": "text", "text": text, **({"style": styles[kind]} if kind in styles else {})} for kind, text in runs
    ]
    return {"type": "rich_text_section", "elements": parts}


def _rich(parts: list[Block]) -> Block:
    return {"type": "rich_text", "elements": parts}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _person(kind: str, id: str) -> Block:
    return {"type": kind, {"user": "user_id", "usergroup": "usergroup_id", "broadcast": "range"}[kind]: id}


def _spaced(people: list[Block]) -> list[Block]:
    found: list[Block] = []
    for person in people[:20]:
        found += [person, {"type": "text", "text": " "}]
    return found[:-1]


def _token(person: tuple[str, str]) -> str:
    """A mention in the text of a message without blocks."""
    kind, id = person
    return {"user": f"<@{id}>", "usergroup": f"<!subteam^{id}>", "broadcast": f"<!{id}>"}[kind]


def _quiet() -> dict[str, Any]:
    """No name, link or markup is looked for in the text, and no link is unfolded."""
    return {"link_names": False, "parse": "none", "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}


def _escaped(text: str) -> str:
    """The three characters that Slack's text takes for control characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _measure(block: Any) -> int:
    return len(json.dumps(block, ensure_ascii=False)) + 2
