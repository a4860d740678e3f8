"""`plangate policies list` and `plangate policies show ID`."""

from __future__ import annotations

import os

from plangate.decide.names import check_names
from plangate.decide.settings import Settings, level_for, on_unknown_for, override, selected, severity_for
from plangate.errors import UsageError
from plangate.render.inert import terminal, width

from .catalogue import catalogue, source
from .context import branch_of, context
from .inforce import settings_for
from .outputs import emit

_UNKNOWN = {
    "fail": "counts as a failure",
    "warn": "is shown and does not stop",
    "pass": "is shown and does not stop",
}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .catalogue import Catalogue
    from .streams import Streams

    Meta = dict[str, Any]


def list_policies(options: dict[str, Any], streams: Streams) -> int:
    """Print all policies that --select and --ignore leave; 4 when a file does not load.

    What the settings file selects is no filter here: a policy that it leaves out is listed as `off`.
    """
    settings, found = _load(options, streams)
    wanted = Settings()
    for name in ("select", "ignore"):
        if options[name]:
            override(wanted, name, tuple(options[name]), f"--{name}")
    code = _report_mistakes(found, streams)
    if found.metas:
        check_names(wanted, list(found.metas), {})
    metas = [meta for id, meta in sorted(found.metas.items()) if selected(wanted, id)]
    if not metas and not code:
        raise UsageError("no policy is left to list", fix="look at --select, --ignore and --policy")
    streams.verdict = code
    if options["format"] == "json":
        emit(_json([_entry(meta, settings) for meta in metas]), streams.out)
    else:
        rows: list[tuple[str, ...]] = [("POLICY", "SEVERITY", "LEVEL", "JUDGES", "SOURCE", "TITLE")]
        rows += [
            (
                meta["id"],
                severity_for(settings, meta["id"], meta["severity"]),
                _level(meta, settings),
                _judged(meta),
                source(meta),
                meta["title"],
            )
            for meta in metas
        ]
        emit(_table(rows), streams.out)
    return code


def show_policy(id: str, options: dict[str, Any], streams: Streams) -> int:
    """Print the page of one policy. Raises UsageError with the nearest id for one that is not there."""
    settings, found = _load(options, streams)
    meta = found.metas.get(id) or next((m for m in found.metas.values() if id in m["aliases"]), None)
    code = _report_mistakes(found, streams)
    if meta is None:
        from . import checkov_page

        check = checkov_page.entry(id, found.metas, settings)
        if check is not None:
            streams.verdict = code
            emit(
                _json(check) if options["format"] == "json" else "\n".join(checkov_page.page(check)) + "\n", streams.out
            )
            return code
        if code:
            return code
        from plangate.decide.words import nearest

        near = nearest(id, [*found.metas, *checkov_page.ids()])
        fix = f'did you mean "{near}"?' if near else "`plangate policies list` shows them all"
        raise UsageError(f"there is no policy {id[:80]!a}", fix=fix)
    streams.verdict = code
    if options["format"] == "json":
        whole = {name: meta[name] for name in ("doc", "remediation", "references", "rows")}
        whole["compliance"] = meta["compliance"]()
        emit(_json({**_entry(meta, settings), **whole}), streams.out)
    else:
        emit("\n".join(terminal(line) for line in _page(meta, settings)) + "\n", streams.out)
    return code


def _load(options: dict[str, Any], streams: Streams) -> tuple[Settings, Catalogue]:
    cwd = os.getcwd()
    branch = branch_of(context(streams.environ, cwd, 0))
    base = {**options, "select": (), "ignore": ()}
    settings = settings_for(base, streams, cwd, {"workspace": None, "path": None, "branch": branch})
    found = catalogue(settings, options["policy"], streams)
    if settings.policy_settings:
        from plangate.decide.setting_globs import spread

        spread(settings, {id: {n: kind for n, (kind, _) in m["settings"].items()} for id, m in found.metas.items()})
    return settings, found


def _report_mistakes(found: Catalogue, streams: Streams) -> int:
    for mistake in found.mistakes:
        streams.error(mistake)
    return 4 if found.mistakes else 0


def _level(meta: Meta, settings: Settings) -> str:
    if not selected(settings, meta["id"]):
        return "off"
    return level_for(settings, meta["id"], severity_for(settings, meta["id"], meta["severity"]))


def _entry(meta: Meta, settings: Settings) -> Meta:
    return {
        "id": meta["id"],
        "pack": meta["id"].partition("/")[0],
        "title": meta["title"],
        "severity": severity_for(settings, meta["id"], meta["severity"]),
        "level": _level(meta, settings),
        "on_unknown": on_unknown_for(settings, meta["id"], _level(meta, settings), meta["on_unknown"]),
        "on_unknown_reason": meta["on_unknown_reason"],
        "types": meta["types"],
        "judges": meta["judges"],
        "source": source(meta),
        "aliases": meta["aliases"],
        "alias_types": meta["alias_types"],
        "settings": {
            name: {"type": kind, "default": default, "value": _value(meta["id"], name, default, settings)}
            for name, (kind, default) in meta["settings"].items()
        },
    }


def _value(id: str, name: str, default: Any, settings: Settings) -> Any:
    return settings.policy_settings.get(id, {}).get(name, default)


def _json(thing: Any) -> str:
    import json

    text = json.dumps(thing, indent=2, default=str)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text + "\n"


def _judged(meta: Meta) -> str:
    if meta["judges"] == "plan":
        return "the plan"
    types = meta["types"]
    text = types[0] + (f" +{len(types) - 1}" if len(types) > 1 else "")
    return f"changes of {text}" if meta["judges"] == "change" else str(text)


def _table(rows: list[tuple[str, ...]]) -> str:
    cells = [[terminal(str(cell)) for cell in row] for row in rows]
    widths = [max(width(row[column]) for row in cells) for column in range(len(rows[0]) - 1)]
    lines = [
        "  ".join([*(c + " " * (w - width(c)) for c, w in zip(row, widths, strict=False)), row[-1]]) for row in cells
    ]
    return "\n".join(lines) + "\n"


def _page(meta: Meta, settings: Settings) -> list[str]:
    lines = [f"{meta['id']}: {meta['title']}", ""]
    doc = [line.strip() for line in meta["doc"].strip().splitlines()[1:]]
    while doc and not doc[0]:
        doc.pop(0)
    lines += [*doc, ""] if doc else []
    severity = severity_for(settings, meta["id"], meta["severity"])
    own = f" (its own: {meta['severity']})" if severity != meta["severity"] else ""
    lines.append(f"severity     {severity}{own}")
    lines.append(f"level        {_level(meta, settings)}")
    answer = on_unknown_for(settings, meta["id"], _level(meta, settings), meta["on_unknown"])
    why = meta["on_unknown_reason"] if answer == meta["on_unknown"] else ""
    lines.append(f"unknown      {_UNKNOWN[answer]}" + (f": {why}" if why else ""))
    what = {"after": "resources as they will be", "change": "changes", "plan": "the plan as a whole"}
    types = ", ".join(meta["types"])
    lines.append(f"judges       {what[meta['judges']]}" + (f" of {types}" if types else ""))
    lines.append(f"source       {source(meta)}")
    if meta["aliases"]:
        lines.append(f"also         {', '.join(meta['aliases'])}")
    if meta["settings"]:
        from plangate.decide.toml_write import key, value

        lines += ["", "Settings, under " + f"[settings.{key(meta['id'])}] in plangate.toml:"]
        for name, (kind, default) in meta["settings"].items():
            here = _value(meta["id"], name, default, settings)
            now = "" if here == default else f", here {value(here)}"
            lines.append(f"  {name}  ({kind}; default {'none' if default is None else value(default)}{now})")
    if meta["remediation"]:
        lines += ["", "What to do:", f"  {meta['remediation']}"]
    if meta["references"]:
        lines += ["", "References:", *(f"  {reference}" for reference in meta["references"])]
    named = meta["compliance"]()
    if named:
        from .compliance import lines as compliance_lines

        lines += [
            "",
            "What compliance frameworks call it (in brackets: of one source alone):",
            *compliance_lines(named),
        ]
    if meta["rows"]:
        lines += ["", f"Table ({len(meta['rows'])} rows):", *(f"  {_row(row)}" for row in meta["rows"])]
    return lines


def _row(row: Any) -> str:
    if not isinstance(row, dict):
        return str(row)
    import json

    rest = {k: v for k, v in row.items() if k not in ("type", "policy") and v not in (None, "", [], {})}
    words = [f"{k}={v if isinstance(v, str) else json.dumps(v, default=str)}" for k, v in rest.items()]
    return " ".join([str(row.get("type", "-")), *words])
