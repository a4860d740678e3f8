"""Which CI service runs this, and what it says of the run: a pure function of variables (ci.json says which)."""

from __future__ import annotations

import os

from .facts import FACTS, fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:@")
_WHOLE = ("URL", "URI")  # the end of a variable's name whose value is a URL itself


def services() -> list[dict[str, Any]]:
    """The table of ci.json."""
    import json

    with open(os.path.join(os.path.dirname(__file__), "ci.json"), encoding="utf-8") as file:
        found: list[dict[str, Any]] = json.load(file)["services"]
    return found


def recognised(environ: Mapping[str, str]) -> dict[str, Any] | None:
    """The row of the service whose variables these are, None for none."""
    return next((row for row in services() if all(_holds(entry, environ) for entry in row["when"])), None)


def said(row: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """{fact: value or None} of FACTS, and `fork`: whether the change comes from another repository."""
    found: dict[str, Any] = dict.fromkeys(FACTS)
    found["ci"] = row["ci"]
    # The address of a pull request is made with its number: FACTS has them in this order.
    for name in FACTS:
        for entry in row.get(name, ()) if name != "ci" else ():
            written = _written(entry, environ, found)
            found[name] = fact(name, written) if written else None
            if found[name] is not None:
                break
    if found["pull_request"] is None:
        found["pull_request_url"] = found["base_ref"] = found["base_commit"] = None
    found["fork"] = found["pull_request"] is not None and _fork(row.get("fork"), environ)
    return found


def _holds(entry: str, environ: Mapping[str, str]) -> bool:
    name, _, wanted = entry.partition("=")
    value = environ.get(name, "")
    if wanted:
        return value.startswith(wanted[:-1]) if wanted.endswith("*") else value == wanted
    return value.lower() not in ("", "false", "0")


def _written(entry: str | list[str], environ: Mapping[str, str], found: Mapping[str, Any]) -> str:
    if not isinstance(entry, str):
        name, how, text = entry
        before, cut, after = environ.get(name, "").partition(text)
        if how == "until":
            return before
        return after if cut and not before else ""
    if "{" not in entry:
        return environ.get(entry, "")
    made = ""
    for part in entry.split("{"):
        name, closed, text = part.partition("}")
        if not closed:
            made += part
            continue
        value = found.get(name) or environ.get(name, "")
        if not value:
            return ""
        if name.endswith(_WHOLE):
            value = value.rstrip("/") if text.startswith("/") else value
        made += (value if name.endswith(_WHOLE) else _quoted(value)) + text
    return made


def _quoted(value: str) -> str:
    """As a part of a URL."""
    return "".join([c if c in _PLAIN else "".join([f"%{b:02X}" for b in c.encode("utf-8", "replace")]) for c in value])


def _fork(rule: list[str] | None, environ: Mapping[str, str]) -> bool:
    if rule is None:
        return False
    values = [environ.get(name, "") for name in rule[1:]]
    if rule[0] == "differ":
        return all(values) and values[0] != values[1]
    return values[0].lower() == "true" if rule[0] == "true" else bool(values[0])
