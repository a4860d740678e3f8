"""Text that is not ours inside Markdown: what of it would be more than text becomes entities, or stands in code."""

from __future__ import annotations

from plangate.render.inert import terminal

_LONG = 400  # characters of one text of a policy
# What is more than a letter somewhere inside a line: CommonMark, GFM's tables, strike-through and autolinks, emoji
# short codes, mentions, issue numbers, mathematics. In `<code>`, which is only HTML to Markdown, it is just the same.
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", **{c: f"&#{ord(c)};" for c in "\\`*_[]#@|~$:"}})
# GitHub and GitLab look for mentions, references and addresses once more in the finished page, but never in code.
_ACTIVE = frozenset("@#!~$%&^")
_HEX = frozenset("0123456789abcdef")


def _inert(text: str) -> str:
    text = text.translate(_ENTITIES)
    return text.replace(".", "&#46;") if "www." in text.lower() else text


def _in_code(shown: str) -> str:
    # GFM finds mail addresses behind entities, too, but not across elements.
    return f"<code>{_inert(shown).replace('&#64;', '&#64;</code><code>')}</code>" if shown else ""


def code(text: object, most: int = 300) -> str:
    """Text that is not ours, in code."""
    return _in_code(terminal(str(text), most)) if text else ""


def cell(text: object, most: int = _LONG) -> str:
    """A sentence that may hold text of a plan, inert in running text and in a table's cell.

    What stands between backticks becomes code, and every word that a page would make active.
    """
    parts = terminal(str(text), most).split("`")
    if len(parts) % 2 == 0:  # one without a partner
        parts = ["`".join(parts)]
    return "".join([_in_code(part) if i % 2 else _sentence(part) for i, part in enumerate(parts)])


def _sentence(text: str) -> str:
    return " ".join([_in_code(word) if _active(word) else _inert(word) for word in text.split(" ")])


def _active(word: str) -> bool:
    low = word.lower()
    if not _ACTIVE.isdisjoint(word) or low.count(":") > 1 or "://" in low or "www." in low or "gh-" in low:
        return True
    return len(word) > 6 and any(len(run) > 6 for run in "".join([c if c in _HEX else " " for c in low]).split())


def link(url: object, text: str = "") -> str:
    """A link to an address of ours or of a policy: https only, and nothing in it can end it."""
    from urllib.parse import quote

    address = quote(str(url), safe="/:?&=#%~+,@")
    return f'<a href="{address.replace("&", "&amp;")}">{text or cell(url)}</a>'
