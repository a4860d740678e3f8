"""What the sections of the page are made of: escaped text, tags, rows that filters read, folds, one root.

Whatever is not ours goes through `esc` (or is made of it), so no character of a plan can be markup.
"""

from __future__ import annotations

from html import escape

from plangate.render import places
from plangate.render.inert import is_url_text, terminal
from plangate.report.groups import SEVERITIES, named
from plangate.report.summary import is_ignored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Report = dict[str, Any]

ACTIONS = ("destroy", "replace", "forget", "create", "update", "read", "import", "move")  # worst first
DOT = " \u00b7 "
NO_MODULE = "(root)"  # what a filter calls the root module: no module address begins so
MANY = 200  # rows of a list from which on a browser lays out only those in sight
_LONG = 2000  # characters of one text
_NAME = 400  # of one name


def esc(text: object, most: int = _LONG) -> str:
    """Text that is not ours, inert on one line, for elements and attributes alike."""
    return escape(terminal(str(text), most), quote=True)


def code(text: object) -> str:
    return f"<code>{esc(text, _NAME)}</code>" if text not in (None, "") else ""


def prose(text: object) -> str:
    """A sentence that may hold text of a plan: what stands between backticks becomes code."""
    parts = esc(text).split("`")
    if len(parts) % 2 == 0:  # one without a partner
        return "`".join(parts)
    return "".join([f"<code>{part}</code>" if i % 2 and part else part for i, part in enumerate(parts)])


def tag(word: str, also: str = "") -> str:
    """A word of ours on its colour, or on the one of another word."""
    return f'<span class="tag {esc(also or word)}">{esc(word)}</span>'


def small(*parts: str) -> str:
    """The parts that say something, in one quiet line."""
    said = DOT.join([part for part in parts if part])
    return f'<p class="soft">{said}</p>' if said else ""


def link(url: object, text: str = "") -> str:
    """A link to an https address, or the address as text where it is anything else."""
    address = str(url)
    if not address.startswith("https://") or not is_url_text(address) or "'" in address:
        return text or esc(address, 300)
    return f'<a href="{escape(address, quote=True)}" rel="noreferrer noopener">{text or esc(address, 120)}</a>'


def reference(url: object) -> str:
    """A link to a page of documentation, by its host and last step; the whole address is in the link."""
    parts = str(url).removeprefix("https://").split("#")[0].rstrip("/").split("/")
    return link(url, esc("/".join([parts[0], "\u2026", parts[-1]] if len(parts) > 2 else parts), 90))


def allowed(text: str) -> str:
    """The source of a content policy that allows this text of a style or script (CSP Level 3, hash-source)."""
    from base64 import b64encode
    from hashlib import sha256

    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def number(value: int) -> str:
    return f"{value:,}"


def word_of(change: Report) -> str:
    """What happens to a resource, in one of ACTIONS."""
    action = str(change.get("action") or "")
    if action == "no-op":
        return "import" if change.get("importing") else "move"
    return {"delete": "destroy", "open": "read"}.get(action, action)


def row(kind: str, action: str, severities: str, module: str) -> str:
    """The attributes that the filters read; `module` is escaped already."""
    return f' data-row="{kind}" data-action="{action}" data-severity="{severities}" data-module="{module}"'


def listed(rows: list[str], first: int, nouns: str, kind: str = "rows") -> str:
    """A list whose first rows stand open and whose others are folded: all of them are on the page."""
    if not rows:
        return ""
    rest = rows[first:] if len(rows) > first + 3 else []
    shown = rows[: len(rows) - len(rest)]
    fold = ""
    if rest:
        inside = "".join(rest)
        many = " many" if len(rest) > MANY else ""
        fold = (
            f'<details class="more"><summary>{number(len(rest))} more {nouns}</summary>\n'
            f'<ul class="{kind}{many}">\n{inside}</ul></details>\n'
        )
    return f'<ul class="{kind}">\n{"".join(shown)}</ul>\n{fold}'


def bar(counts: Sequence[tuple[str, int]]) -> str:
    """Counts by action as one stacked bar; what it says stands in words beside it."""
    total = sum(count for _, count in counts)
    if not total:
        return ""
    pieces, at = [], 0.0
    for word, count in counts:
        wide = 100 * count / total
        pieces.append(f'<rect class="{word}" x="{at:.2f}" width="{wide:.2f}" height="1"></rect>')
        at += wide
    return (
        '<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        + "".join(pieces)
        + "</svg>"
    )


class Root:
    """One report on the page: its summary, the prefix of its ids, and what its sections look up."""

    __slots__ = ("_ignored", "_modules", "alone", "base", "environment", "id", "report", "rows", "shown", "summary")

    def __init__(self, report: Report, summary: dict[str, Any], id: str, alone: bool) -> None:
        self.report, self.summary, self.id, self.alone = report, summary, id, alone
        settings, run = report.get("settings") or {}, report.get("run") or {}
        self.environment = str(settings.get("environment") or run.get("environment") or "")
        self.base = places.repository(run)
        self._ignored: list[str] = settings.get("ignore_paths") or []
        self.shown: list[str] = []  # the sections that hold something, as far as they are made
        self._modules: dict[str, str] = {}
        # By name: (what happens, the severities of its findings, its module escaped, the id of its row or "").
        self.rows: dict[str, tuple[str, str, str, str]] = {}
        severities: dict[str, set[str]] = {}
        for finding in report.get("findings") or ():
            if finding.get("address") and finding.get("outcome") in ("fail", "unknown", "error", "waived"):
                severities.setdefault(named(finding), set()).add(str(finding.get("severity")))
        for place, change in enumerate(report.get("changes") or (), 1):
            name = named(change)
            found = severities.get(name, ())
            severity = " ".join([s for s in SEVERITIES if s in found])
            hidden = bool(self._ignored) and not found and self._hides(change)
            self.rows[name] = word_of(change), severity, self.module(change), "" if hidden else f"{id}-{place}"

    def _hides(self, change: Report) -> bool:
        """An update whose every attribute `ignore_paths` hides; one with a finding is shown all the same."""
        attributes = change.get("attributes") or []
        return change.get("action") == "update" and bool(attributes) and not self.seen(change, attributes)

    def seen(self, change: Report, paths: list[str]) -> list[str]:
        """The attributes that `ignore_paths` does not hide."""
        if not self._ignored:
            return paths
        type_ = str(change.get("type") or "")
        return [path for path in paths if not is_ignored(path, type_, self._ignored)]

    @property
    def path(self) -> str:
        return str((self.report.get("plan") or {}).get("path") or "(stdin)")

    def module(self, change: Report) -> str:
        """The change's module for a filter, escaped."""
        name = change.get("module") or ""
        known = self._modules.get(name)
        if known is None:
            known = self._modules[name] = esc(name, 300) or NO_MODULE
        return known

    def heading(self, level: int, text: str) -> str:
        level += 0 if self.alone else 1
        return f"<h{level}>{text}</h{level}>"

    def to(self, name: str) -> str:
        """A resource's name, linked to its row among the changes."""
        found = self.rows.get(name)
        return f'<a href="#{found[3]}">{code(name)}</a>' if found and found[3] else code(name)

    def where(self, location: Report | None) -> str:
        """File and line, linked where the repository is known; with the place inside of a module of others."""
        text = places.shown(location)
        if not text:
            return ""
        said = link(places.href(location, self.base), code(text)) if self.base else code(text)
        inner = places.shown((location or {}).get("inside"))
        return f'<span class="where">{said}{f" (inside: {code(inner)})" if inner else ""}</span>'

    def section(self, name: str, title: str, inside: str, folded: bool = False) -> str:
        """A section with its heading; "" where there is nothing in it."""
        if not inside:
            return ""
        self.shown.append(name)
        head = self.heading(2, title)
        if folded:
            return (
                f'<details id="{self.id}-{name}" class="part"><summary>{head}</summary>\n'
                f'<div class="inside">\n{inside}</div></details>\n'
            )
        return f'<section id="{self.id}-{name}" class="part">\n{head}\n{inside}</section>\n'
