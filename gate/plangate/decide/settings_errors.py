"""What a model refused, in words: one line with file, line and the nearest right word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from plangate.decide import notify_tables
from plangate.decide import settings_model as model
from plangate.decide.toml_file import TomlFile, short
from plangate.decide.words import hint
from plangate.errors import UsageError

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

_TABLES: dict[str, type[BaseModel]] = {
    "policies": model.PoliciesTable,
    "environments": model.EnvironmentTable,
    "enforcement": model.EnforcementEntry,
    "limits": model.LimitsTable,
    "checkov": model.CheckovTable,
    "summary": model.SummaryTable,
    "waiver": model.WaiverEntry,
    "notify": notify_tables.NotifyTable,
    "routes": notify_tables.RouteTable,
}
_WANTED = {
    "string_type": "a string",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
# Keys that are easily written the other way round.
_INSTEAD = {
    ("waivers", "list_type"): "name a file, or write the entries as [[waiver]]",
    ("waivers", "string_type"): "name a file, or write the entries as [[waiver]]",
    ("waiver", "list_type"): "write [[waiver]], or waivers = FILE",
    ("enforcement", "list_type"): "write [[enforcement]]",
    ("environments", "model_type"): "write [environments.NAME]",
    ("notifiers", "model_type"): "write [notifiers.NAME]",
    ("routes", "list_type"): "write [[routes]]",
    ("settings", "dict_type"): 'write [settings."pack/policy"]',
}


def usage_error(error: ValidationError, file: TomlFile, around: tuple[str | int, ...] = ()) -> UsageError:
    """The first thing in the file that is wrong; `around` leads to what was validated."""
    # A key that is misspelt comes first: it may be the reason why another one is missing.
    found = sorted(
        _details(error),
        key=lambda one: (one["type"] != "extra_forbidden", _line(file, around + one["loc"])),
    )
    detail = found[0]
    path = around + detail["loc"]
    what, fix = _words(detail, path)
    if len(found) > 1:
        what += f" (and {len(found) - 1} more)"
    return UsageError(what, where=file.where(*path), fix=fix)


def reasons(error: ValidationError) -> list[str]:
    """Every reason, without places or fixes: "reason is missing"."""
    return [_words(detail, detail["loc"])[0] for detail in _details(error)]


def unknown_keys(error: ValidationError) -> bool:
    """Whether a key that nobody knows is among the reasons."""
    return any(detail["type"] == "extra_forbidden" for detail in _details(error))


def _details(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False)


def _line(file: TomlFile, path: tuple[str | int, ...]) -> int:
    return int(file.where(*path).rpartition(":")[2])


def _words(detail: ErrorDetails, path: tuple[str | int, ...]) -> tuple[str, str | None]:
    kind, name, value = detail["type"], _name(path), detail["input"]
    context: dict[str, Any] = detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _known(path)
        return f"unknown key {short(path[-1])}", hint(str(path[-1]), known, "known keys")
    if kind == "missing":
        return f"{name} is missing", None
    if kind == "string_pattern_mismatch":
        return f"{name} is blank", None
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        if not isinstance(value, str):
            return f"{name} must be a string, not {_kind(value)}", "one of " + ", ".join(choices)
        return f"{name} is {short(value)}", hint(value, choices, "it can be")
    if kind in _WANTED:
        fix = _INSTEAD.get((str(path[0]), kind)) if len(path) <= 2 else None
        return f"{name} must be {_WANTED[kind]}, not {_kind(value)}", fix
    if kind in ("greater_than_equal", "less_than_equal"):
        side = "at least" if kind.startswith("greater") else "at most"
        return f"{name} must be {side} {context.get('ge', context.get('le'))}", None
    if kind == "value_error":
        return f"{name} {context.get('error', 'is wrong')}", None
    return f"{name} is wrong: {detail['msg']}", None


def _known(path: tuple[str | int, ...]) -> list[str]:
    if len(path) == 1:
        return list(model.SettingsFile.model_fields)
    table = _TABLES.get(str(path[0]))
    return list(table.model_fields) if table else []


def _name(path: tuple[str | int, ...]) -> str:
    """The key as it stands in the file: the last name of the path, with the number of a list element."""
    names = [part for part in path if isinstance(part, str) and part != "[key]"]
    last = names[-1] if names else "the entry"
    shown = last if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", last) else short(last)
    return f"{shown}, element {path[-1] + 1}," if path and isinstance(path[-1], int) else shown


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    kinds = ((str, "a string"), (int, "a number"), (float, "a number"), (list, "a list"), (dict, "a table"))
    return next((word for kind, word in kinds if isinstance(value, kind)), "a date or time")
