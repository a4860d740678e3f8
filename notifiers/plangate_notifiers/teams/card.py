"""A message as an Adaptive Card for Teams. Text of a plan stands only in TextRun, which knows no Markdown, no mention
and no link; TextBlock and FactSet hold words of ours alone.

Version 1.2 has all that is needed, and is what Teams' clients render everywhere (1.5 is the newest they take; what is
newer is replaced by `fallbackText`). Teams stores the card as text inside of text and refuses what is then above
28,672 bytes, after it was accepted (MicrosoftDocs/msteams-docs#11274: 24,453 bytes sent counted as 28,897): `stored` is
that measure with everything outside of ASCII escaped, the longest it can become.
"""

from __future__ import annotations

import json

from plangate.notify.api import outline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Message

    Node = dict[str, Any]

VERSION = "1.2"
MOST = 24000  # bytes as stored, of 28,672
_URL, _NOTE = 2000, 400
_STYLES = {"pass": "good", "fail": "attention", "error": "warning"}
_CONTENT = "application/vnd.microsoft.card.adaptive"


def envelope(message: Message) -> tuple[Node, list[str]]:
    """The request's body with one card, and what that leaves out, for the person at the terminal."""
    made, left = _card(message, MOST)
    attachment = {"contentType": _CONTENT, "contentUrl": None, "content": made}
    return {"type": "message", "summary": outline.push(message, 200), "attachments": [attachment]}, left


def card(message: Message, most: int = MOST) -> Node:
    """The card in at most `most` bytes as stored, the sections giving way to what must be said."""
    return _card(message, most)[0]


def _card(message: Message, most: int) -> tuple[Node, list[str]]:
    """The card, and what it leaves out, section by section."""
    found = outline.sections(message)
    made = _frame(message)
    frames = sum(_measure(_section(section.title, [], "x" * 60)) for section in found)
    outline.fill(found, most - stored(made) - frames, _line, _measure)
    made["body"][1:1] = [_section(section.title, section.elements, section.left) for section in found]
    return made, [section.left for section in found if section.left]


def stored(card: Node) -> int:
    """Bytes of a card as Teams keeps it: text in text, in the worst encoding."""
    return _measure(card)


def people_of(mentions: tuple[str, ...]) -> list[tuple[str, str]]:
    """(name, id) of mentions: `jana@example.com`, or with the name to be shown, `Jana <jana@example.com>`; the id may
    be a user principal name or an object id of Entra."""
    found = []
    for written in mentions:
        name, bracket, rest = written.strip().partition("<")
        id = (rest.partition(">")[0] if bracket else name).strip()
        name = "".join([c for c in name if c.isalnum() or c in " .-@'"]).strip() or id
        plain = id.isascii() and id.isprintable() and not set(id) & set(" <>\"'&[]()*`")
        if plain and ("@" in id or len(id) == 36):
            found.append((name, id))
    return found


# -- parts -----------------------------------------------------------------------------------------------------


def _frame(message: Message) -> Node:
    """The card without its sections, which go behind the first node."""
    made: Node = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "fallbackText": outline.push(message),
        "msteams": {"width": "Full"},
        "body": [_head(message), *_foot(message)],
    }
    people = people_of(message.mentions)
    if people:
        made["msteams"]["entities"] = [
            {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": id, "name": name}}
            for name, id in people
        ]
    actions = [
        {"type": "Action.OpenUrl", "title": name, "url": url}
        for name, url in outline.links(message)
        if len(url) <= _URL
    ]
    if actions:
        made["actions"] = actions
    return made


def _head(message: Message) -> Node:
    """Verdict and where, large; why; who is wanted."""
    word = f"{outline.MARKS[message.verdict]} {outline.verdict(message)}"
    if message.test:
        first = [_run(message.texts.say("test.headline"), size="Large", weight="Bolder")]
    else:
        first = [_run(word, size="Large", weight="Bolder")]
        place = outline.short(outline.where(message), 160)
        first += _runs(f" \u2013 {place}", size="Large") if place else []
    items: list[Node] = [{"type": "RichTextBlock", "inlines": first}]
    said = outline.why(message)
    if message.previous and message.previous != message.verdict:
        before = message.texts.say(f"verdict.{message.previous}")
        said += f" ({message.texts.say('thread.before', verdict=before)})"
    items.append(_text(said, weight="Bolder", spacing="Small"))
    if message.header:
        items.append(_rich(_runs(outline.short(message.header, _NOTE))))
    people = people_of(message.mentions)
    if people:
        items.append(_text(" ".join([f"<at>{name}</at>" for name, _ in people])))
    return {
        "type": "Container",
        "style": "emphasis" if message.test else _STYLES[message.verdict],
        "bleed": True,
        "items": items,
    }


def _foot(message: Message) -> list[Node]:
    """Counts, what is told elsewhere, and who did it in small print."""
    say, nodes = message.texts.say, []
    facts = []
    total = outline.totals(message)
    if total:
        facts.append({"title": say("counts.title"), "value": total})
    others = sum(root.others for root in message.roots)
    if facts:
        nodes.append({"type": "FactSet", "facts": facts, "separator": True})
    if others:
        nodes.append(_text(say("others.title", n=others)))
    if message.elsewhere:
        nodes.append(_text(say("elsewhere", n=message.elsewhere)))
    if message.footer:
        nodes.append(_rich(_runs(outline.short(message.footer, _NOTE))))
    small = " \u00b7 ".join(outline.small_print(message))
    if small:
        nodes.append(_rich(_runs(small, size="Small", isSubtle=True)))
    return nodes


def _section(title: str, rows: list[Node], left: str) -> Node:
    items = [_text(title, weight="Bolder"), *rows]
    if left:
        items.append(_text(left, isSubtle=True, spacing="Small"))
    return {"type": "Container", "items": items, "separator": True}


def _line(runs: list[tuple[str, str]]) -> Node:
    """A row: our words bold where they lead, names of the plan in fixed width."""
    inlines: list[Node] = []
    for kind, text in runs:
        if kind == "plan":
            inlines += _runs(text, fontType="Monospace")
        else:
            inlines += _runs(text, **({"weight": "Bolder"} if kind == "bold" else {}))
    return _rich(inlines)


def _rich(inlines: list[Node]) -> Node:
    return {"type": "RichTextBlock", "inlines": inlines, "spacing": "Small"}


def _runs(text: str, **style: Any) -> list[Node]:
    """TextRuns of a text. Clients expand `{{DATE(...)}}` even there, so no two braces stand in one run."""
    parts = text.split("{{")
    pieces = [part + "{" for part in parts[:1] if parts[1:]] + ["{" + part + "{" for part in parts[1:-1]]
    pieces.append(("{" if parts[1:] else "") + parts[-1])
    return [_run(piece, **style) for piece in pieces if piece]


def _run(text: str, **style: Any) -> Node:
    return {"type": "TextRun", "text": text, **style}


def _text(text: str, **style: Any) -> Node:
    return {"type": "TextBlock", "text": text, "wrap": True, **style}


def _measure(node: Node) -> int:
    return len(json.dumps(json.dumps(node, separators=(",", ":")))) + 1
