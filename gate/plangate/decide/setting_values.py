"""What a policy gets for its settings: files in the place of their paths, and whether it can work with them."""

from __future__ import annotations

import os

from plangate.decide.settings import origin, selected
from plangate.decide.toml_write import quoted
from plangate.errors import UsageError
from plangate.globs import match_id
from plangate.policy.api import SettingMistake

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from plangate.decide.settings import Settings
    from plangate.policy.api import Policy

LIMIT_BYTES = 1 << 20


def with_files(settings: Settings, settings_of: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, object]]:
    """{policy id: {setting: value}} with the text of a file where a setting is a FileText.

    `settings_of` is {policy id: {setting: type name}}. A path is relative to the file that says it; an empty one
    is none. Raises UsageError for a file that is missing, empty, larger than LIMIT_BYTES or not UTF-8.
    """
    found: dict[str, dict[str, object]] = {}
    for policy, given in settings.policy_settings.items():
        types = settings_of.get(policy, {})
        found[policy] = {
            name: _text(settings, policy, name, value) if value and "FileText" in types.get(name, "") else value
            for name, value in given.items()
        }
    return found


def check_values(
    settings: Settings, values: Mapping[str, dict[str, object]], policies: Mapping[str, Policy]
) -> list[str]:
    """The notes of policies on the settings they were given. Raises UsageError for one that cannot hold."""
    notes: list[str] = []
    for id, given in values.items():
        _check_environments(settings, id, given)
        made = policies.get(id)
        if made is None or made.check_settings is None or not selected(settings, id):
            continue
        try:
            notes += made.check_settings(given)
        except SettingMistake as mistake:
            where = origin(settings, f"settings.{id}.{mistake.name}")
            what = f"{mistake.name} of {quoted(id)} {mistake.what}"
            if "FileText" in made.settings[mistake.name][0]:
                written = _shown(str(settings.policy_settings[id][mistake.name]))[1:-1]
                line = f":{mistake.line}" if mistake.line is not None else ""
                where = f"{written}{line}, named in {where}"
            raise UsageError(what, where=where, fix=mistake.fix) from None
    return notes


def _check_environments(settings: Settings, id: str, given: Mapping[str, object]) -> None:
    """The keys of a setting called `..._in_environments` match an environment, where any is defined."""
    for name, value in given.items():
        if not name.endswith("_in_environments") or not isinstance(value, dict) or not settings.environments:
            continue
        for glob in value:
            if not any(match_id(glob, environment) for environment in settings.environments):
                from plangate.decide.words import hint

                raise UsageError(
                    f"{name} of {quoted(id)} has {_shown(glob)}, which names none of the environments",
                    where=origin(settings, f"settings.{id}.{name}"),
                    fix=hint(glob, settings.environments, "environments"),
                )


def _text(settings: Settings, policy: str, name: str, value: object) -> str:
    key = f"settings.{policy}.{name}"
    where = origin(settings, key)
    written = str(value)
    path = os.path.normpath(os.path.join(settings.folders.get(key, ""), written))
    if "\0" in path or not os.path.isfile(path):
        raise UsageError(f"{name} {_shown(written)} names no file", where=where, fix="paths are relative to this file")
    try:
        with open(path, "rb") as file:
            data = file.read(LIMIT_BYTES + 1)
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise UsageError(f"{name} {_shown(written)} cannot be read ({why})", where=where) from None
    if len(data) > LIMIT_BYTES:
        raise UsageError(f"{name} {_shown(written)} is larger than {LIMIT_BYTES} bytes", where=where)
    if not data.strip():
        raise UsageError(f"{name} {_shown(written)} is an empty file", where=where)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"{name} {_shown(written)} is not UTF-8 (line {line})"
        raise UsageError(what, where=where, fix="save it as UTF-8") from None


def _shown(path: str) -> str:
    return quoted(path if len(path) <= 120 else "..." + path[-117:])
