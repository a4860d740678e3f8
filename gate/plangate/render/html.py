"""A report as one self-contained page: no request, no script needed to read it, nothing of a plan that is markup.

The content policy allows one style and one script, by their hashes, and nothing else (Content Security Policy
Level 3, `'sha256-...'`). A pure function of its arguments but for the two files beside it that it puts in.
"""

from __future__ import annotations

import os

from plangate.render import html_parts as parts
from plangate.render.html_picture import picture
from plangate.render.html_words import ACTIONS, NO_MODULE, Root, allowed, bar, code, esc, number, tag, word_of
from plangate.report import wording
from plangate.report.groups import SEVERITIES, plural
from plangate.report.summary import summarise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Report = dict[str, Any]

_HERE = os.path.dirname(os.path.abspath(__file__))
_BRAND = '<p class="brand">plangate</p>\n'
_VERDICTS = ("error", "fail", "unjudged", "pass")  # worst first
_COUNTED = (("delete", "destroy"), ("replace", "replace"), ("forget", "forget"), ("create", "create"),
            ("update", "update"), ("read", "read"), ("import", "import"), ("move", "move"))  # fmt: skip
_SECTIONS = (
    ("errors", "Errors"), ("lost", "What goes"), ("stops", "What stops it"), ("picture", "At a glance"),
    ("others", "Other findings"), ("changes", "All changes"), ("drift", "Drift"), ("notes", "Notes"),
    ("policies", "Policies"), ("facts", "Facts"),
)  # fmt: skip
_PARTS = (
    parts.errors, parts.lost, parts.stopping, picture, parts.others, parts.changes, parts.drifted, parts.notes,
    parts.policies, parts.facts,
)  # fmt: skip
_MOST_MODULES = 1000  # to choose from: the search finds the others


def render(reports: list[Report]) -> str:
    """The page of one report, or of several roots, the worst first, under an overview."""
    style, script = _file("page.css"), _file("page.js")
    judged = sorted([(report, summarise(report)) for report in reports], key=_rank)
    roots = [Root(report, summary, f"r{n}", len(judged) == 1) for n, (report, summary) in enumerate(judged, 1)]
    body = [_root(root) for root in roots]
    title, top = _one(roots[0]) if len(roots) == 1 else _several(roots)
    sources = f"style-src {allowed(style)}; script-src {allowed(script)}"
    policy = f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"
    version = esc((reports[0].get("tool") or {}).get("version") or "")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#main">Skip to what was found</a>\n<header>\n{top}</header>\n'
        f'<main id="main">\n{_filter(roots)}{"".join(body)}</main>\n'
        f"<footer>\n<p>Made by plangate {version}. Everything of the report is on this page; it asks nothing of any"
        f" network.</p>\n</footer>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _file(name: str) -> str:
    with open(os.path.join(_HERE, name), encoding="utf-8") as file:
        return file.read().strip()  # validators hash what stands between blanks


def _rank(judged: tuple[Report, dict[str, Any]]) -> tuple[Any, ...]:
    """The worst root first: by verdict, by how much stops it, by how much goes, by name."""
    report, summary = judged
    verdict, path = summary["verdict"], str((report.get("plan") or {}).get("path") or "")
    place = _VERDICTS.index(verdict) if verdict in _VERDICTS else 0
    return place, -sum(len(g.findings) for g in summary["stops"]), -len(summary["lost"]), path


# -- what stands first ---------------------------------------------------------------------------------------


def _one(root: Root) -> tuple[str, str]:
    said = f"plangate: {_word(root)}{wording.because(root.summary['reasons'])}"
    jumps = [f'<li><a href="#{root.id}-{name}">{words}</a></li>' for name, words in _SECTIONS if name in root.shown]
    nav = f'<nav aria-label="Sections"><ul class="jumps">{"".join(jumps)}</ul></nav>\n'
    return esc(said, 120), _head(root, "h1") + nav


def _word(root: Root) -> str:
    verdict = str(root.summary["verdict"])
    return "" if verdict == "unjudged" else f"{verdict.upper()} \u2013 "


def _head(root: Root, level: str) -> str:
    """The verdict, why, what was judged, and how much changes."""
    verdict = esc(root.summary["verdict"])
    word = f'<span class="word">{verdict.upper()}</span> ' if verdict != "unjudged" else ""
    why = esc(wording.because(root.summary["reasons"]))
    return (
        f'<div class="verdict {verdict}">\n{_BRAND if root.alone else ""}<{level}>{word}<span>{why}</span></{level}>\n'
        f"{_severities(root)}<p>{_what(root)}</p>\n</div>\n{_counts(root)}"
    )


def _severities(root: Root) -> str:
    """The findings that stop, counted by severity and outcome."""
    said = []
    for outcome, verb in (("fail", "failed"), ("unknown", "cannot be known until apply")):
        found = [f["severity"] for g in root.summary["stops"] for f in g.findings if f.get("outcome") == outcome]
        counted = [f"{number(found.count(word))} {word}" for word in SEVERITIES if word in found]
        if counted:
            said.append(f"{', '.join(counted)} {verb}")
    return f'<p class="because">{"; ".join(said)}</p>\n' if said else ""


def _what(root: Root) -> str:
    """What was judged: path, workspace, environment, version."""
    plan = root.report.get("plan") or {}
    words = [code(root.path)]
    if plan.get("workspace") not in (None, "default"):
        words.append(f"workspace {code(plan['workspace'])}")
    if root.environment:
        words.append(f"environment {code(root.environment)}")
    if plan.get("terraform_version"):
        words.append(f"Terraform {code(plan['terraform_version'])}")
    if root.summary["incomplete"]:
        words.append("<strong>incomplete plan</strong>")
    return " \u00b7 ".join(words)


def _counts(root: Root) -> str:
    counts = root.summary["counts"]
    found = [(word, int(counts.get(key) or 0)) for key, word in _COUNTED]
    items = [f'<li class="{word}"><strong>{number(n)}</strong> to {word}</li>' for word, n in found if n]
    if counts.get("outputs"):
        items.append(f"<li>{plural(counts['outputs'], 'output changes', 'outputs change')}</li>")
    if counts.get("drift"):
        items.append(f"<li>{number(counts['drift'])} drifted</li>")
    if not items and not root.summary["read"]:
        return ""
    if not items:
        return '<p class="none">Nothing changes.</p>\n'
    return f'<ul class="counts" aria-label="Changes">{"".join(items)}</ul>\n{bar(found)}'


def _several(roots: list[Root]) -> tuple[str, str]:
    """The worst verdict, and a row for each root."""
    worst = roots[0].summary["verdict"]
    bad = sum(root.summary["verdict"] in ("error", "fail") for root in roots)
    said = f"{number(bad)} of {len(roots)} roots must not go on" if bad else f"none of {len(roots)} roots is stopped"
    rows = []
    for root in roots:
        counts, verdict = root.summary["counts"], str(root.summary["verdict"])
        found = [(word, int(counts.get(key) or 0)) for key, word in _COUNTED]
        none = "nothing changes" if root.summary["read"] else ""
        tally = ", ".join([f'<span class="n {word}">{number(n)} {word}</span>' for word, n in found if n])
        rows.append(
            f'<li class="{esc(verdict)}" data-environment="{esc(root.environment)}">{tag(verdict.upper(), verdict)}'
            f'<div><p><a href="#{root.id}">{code(root.path)}</a>{_place(root)}</p>'
            f"<p>{esc(wording.because(root.summary['reasons']))}</p></div>"
            f'<div><p class="tally">{tally or none}</p>{bar(found)}</div></li>\n'
        )
    top = (
        f'<div class="verdict {esc(worst)}">\n{_BRAND}<h1><span class="word">{esc(worst).upper()}</span> '
        f"<span>{said}</span></h1>\n</div>\n"
        f'<ul class="overview" aria-label="Roots, the worst first">\n{"".join(rows)}</ul>\n'
    )
    return f"plangate: {esc(worst).upper()} \u2013 {said}", top


def _place(root: Root) -> str:
    workspace = (root.report.get("plan") or {}).get("workspace")
    said = [f" environment {code(root.environment)}"] if root.environment else []
    said += [f" workspace {code(workspace)}"] if workspace not in (None, "default") else []
    return ",".join(said)


# -- the roots -----------------------------------------------------------------------------------------------


def _root(root: Root) -> str:
    """One root's sections, each only where it holds something."""
    inside = "".join([section(root) for section in _PARTS])
    if root.alone:
        return f'<div data-environment="{esc(root.environment)}">\n{inside}</div>\n'
    if root.summary["verdict"] == "pass":
        inside = f'<details class="more"><summary>Everything of this root</summary>\n{inside}</details>\n'
    return (
        f'<section class="root" id="{root.id}" data-environment="{esc(root.environment)}">\n'
        f"{_head(root, 'h2')}{inside}</section>\n"
    )


# -- the filters ---------------------------------------------------------------------------------------------


def _filter(roots: list[Root]) -> str:
    """The form that the script shows: without it nothing is filtered, and everything can be read."""
    rows = [(word_of(c), root.module(c)) for root in roots for c in root.report.get("changes") or ()]
    actions = {action for action, _ in rows}
    modules = sorted({module for _, module in rows} - {NO_MODULE})
    found = {str(f.get("severity")) for root in roots for f in root.report.get("findings") or ()}
    environments = sorted({root.environment for root in roots})
    choices = [
        ("severity", [(word, word) for word in SEVERITIES if word in found], 0),
        ("action", [(word, word) for word in ACTIONS if word in actions], 0),
        ("module", [(NO_MODULE, "root module"), *[(m, m) for m in modules[:_MOST_MODULES]]] if rows else [],
         len(modules) - _MOST_MODULES),
        ("environment", [(esc(e), esc(e)) for e in environments if e], 0),
    ]  # fmt: skip
    shown = [_select(name, values, left) for name, values, left in choices if values]
    return (
        '<form id="filter" hidden aria-label="Filter">\n'
        '<label>Search <input name="search" type="search" autocomplete="off" spellcheck="false"></label>\n'
        f'{"".join(shown)}<span class="buttons"><button type="submit">Search</button>\n'
        '<button type="reset">Show all</button>\n'
        '<button type="button" id="unfold">Unfold</button></span>\n'
        '<p id="said" role="status"></p>\n</form>\n'
    )


def _select(name: str, values: list[tuple[str, str]], left: int) -> str:
    options = [f'<option value="{value}">{text}</option>' for value, text in values]
    if left > 0:
        options.append(f"<option disabled>{number(left)} more: use the search</option>")
    first = '<option value="">all</option>'
    return f'<label>{name.capitalize()} <select name="{name}">{first}{"".join(options)}</select></label>\n'
