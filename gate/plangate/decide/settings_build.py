"""The files of a run to its Settings.

From the base to the nearest file: a value replaces the base's, tables are merged key by key, and
enforcement, waivers and policy paths are added to, so that a root cannot drop its base's by writing
its own.
"""

from __future__ import annotations

import datetime as dt
import math
import os
from typing import Any

from pydantic import ValidationError

from plangate.decide.checkov_table import take_checkov
from plangate.decide.environments import choose, relative_path
from plangate.decide.extends import chain
from plangate.decide.find import shown
from plangate.decide.notify_tables import check_notify, take_notify
from plangate.decide.settings import Settings
from plangate.decide.settings_errors import reasons, unknown_keys, usage_error
from plangate.decide.settings_model import SettingsFile, WaiverEntry, WaiversFile
from plangate.decide.toml_file import TomlFile, read, short
from plangate.decide.waivers import Waiver
from plangate.decide.words import hint
from plangate.errors import UsageError
from plangate.globs import match_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def build(path: str, *, cwd: str, env_name: str | None, facts: Mapping[str, str | None]) -> Settings:
    """The settings that the file at `path` (absolute) and its bases make. Raises UsageError."""
    settings = Settings()
    files = chain(path, cwd)
    labels: list[str] = []
    for file in reversed(files):
        model = _checked(file, SettingsFile)
        _scalars(settings, file, model)
        _policies(settings, file, model)
        _tables(settings, file, model)
        if model.checkov is not None:
            take_checkov(settings, file, model.checkov)
        take_notify(settings, file, model)
        labels = [file.label, *_all_waivers(settings, file, model, cwd), *labels]
    settings.files = tuple(labels)
    where_plan = relative_path(facts.get("path"), cwd, os.path.dirname(path))
    choose(settings, env_name, {**facts, "path": where_plan})
    _check_environments(settings)
    check_notify(settings)
    return settings


def _checked(file: TomlFile, model: type[SettingsFile | WaiversFile]) -> Any:
    """The file as its model, without its waivers: a malformed waiver covers nothing but stops no run."""
    data = dict(file.data)
    waivers = data.get("waiver")
    if isinstance(waivers, list) and all(isinstance(entry, dict) for entry in waivers):
        del data["waiver"]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise usage_error(error, file) from None


def _scalars(settings: Settings, file: TomlFile, model: SettingsFile) -> None:
    for name in ("fail_on", "scope", "on_unknown"):
        value = getattr(model, name)
        if value is not None:
            setattr(settings, name, value)
            settings.origins[name] = file.where(name)
    if model.summary is not None:
        settings.ignore_paths += tuple(g for g in model.summary.ignore_paths if g not in settings.ignore_paths)
        settings.origins["summary.ignore_paths"] = file.where("summary", "ignore_paths")
    for name in model.limits.model_fields_set if model.limits else ():
        setattr(settings.limits, name, getattr(model.limits, name))
        settings.origins[f"limits.{name}"] = file.where("limits", name)


def _policies(settings: Settings, file: TomlFile, model: SettingsFile) -> None:
    if model.policies is None:
        return
    for index, written in enumerate(model.policies.paths):
        where = file.where("policies", "paths", index)
        path = os.path.normpath(os.path.join(os.path.dirname(file.path), written))
        if not os.path.exists(path):
            raise UsageError(
                f"the policy path {short(written)} names nothing", where=where, fix="paths are relative to this file"
            )
        if path not in settings.policy_paths:
            settings.origins[f"policies.paths.{len(settings.policy_paths)}"] = where
            settings.policy_paths += (path,)
    for name in ("select", "ignore"):
        if name in model.policies.model_fields_set:
            globs = tuple(getattr(model.policies, name))
            for old in [key for key in settings.origins if key.startswith(f"policies.{name}.")]:
                del settings.origins[old]
            setattr(settings, name, globs)
            settings.origins[f"policies.{name}"] = file.where("policies", name)
            for index in range(len(globs)):
                settings.origins[f"policies.{name}.{index}"] = file.where("policies", name, index)


def _tables(settings: Settings, file: TomlFile, model: SettingsFile) -> None:
    for name, table in model.environments.items():
        settings.environments.setdefault(name, {}).update(table.model_dump(exclude_unset=True))
        settings.origins.setdefault(f"environments.{name}", file.where("environments", name))
        for key in table.model_fields_set:
            settings.origins[f"environments.{name}.{key}"] = file.where("environments", name, key)
    for index, entry in enumerate(model.enforcement):
        settings.origins[f"enforcement.{len(settings.enforcement)}"] = file.where("enforcement", index)
        settings.enforcement += ((entry.policy, entry.environment, entry.level),)
    # A glob that is written again moves to the end: of equally narrow ones the later line holds.
    kept = {glob: level for glob, level in settings.severities if glob not in model.severity}
    settings.severities = (*kept.items(), *model.severity.items())
    for glob in model.severity:
        settings.origins[f"severity.{glob}"] = file.where("severity", glob)
    kept = {glob: answer for glob, answer in settings.unknowns if glob not in model.unknown}
    settings.unknowns = (*kept.items(), *model.unknown.items())
    for glob in model.unknown:
        settings.origins[f"unknown.{glob}"] = file.where("unknown", glob)
    for policy, values in model.settings.items():
        settings.origins[f"settings.{policy}"] = file.where("settings", policy)
        mine = settings.policy_settings.setdefault(policy, {})
        for key, value in values.items():
            where = file.where("settings", policy, key)
            mine[key] = _plain(value, where)
            settings.origins[f"settings.{policy}.{key}"] = where
            settings.folders[f"settings.{policy}.{key}"] = os.path.dirname(file.path)


def _plain(value: Any, where: str) -> object:
    """A setting as JSON can carry it to the process that runs the policy: dates become ISO strings."""
    if isinstance(value, dict):
        return {key: _plain(inner, where) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, where) for inner in value]
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError("a setting must be a finite number", where=where)
    return value


def _all_waivers(settings: Settings, file: TomlFile, model: SettingsFile, cwd: str) -> list[str]:
    """Take the file's own waivers and those of the file it names; the label of that one, if any."""
    _waivers(settings, file)
    if model.waivers is None:
        return []
    path = os.path.normpath(os.path.join(os.path.dirname(file.path), model.waivers))
    if not os.path.isfile(path):
        raise UsageError(
            f"waivers {short(model.waivers)} names no file",
            where=file.where("waivers"),
            fix="paths are relative to this file",
        )
    other = read(path, shown(path, cwd))
    _checked(other, WaiversFile)
    _waivers(settings, other)
    return [other.label]


def _waivers(settings: Settings, file: TomlFile) -> None:
    for index, table in enumerate(file.data.get("waiver", ())):
        source = file.where("waiver", index)
        try:
            entry = WaiverEntry.model_validate(table)
        except ValidationError as error:
            if unknown_keys(error):
                raise usage_error(error, file, ("waiver", index)) from None
            line = f"{source}: this waiver covers nothing: {' and '.join(reasons(error))}"
            settings.waiver_problems += (line,)
            continue
        settings.waivers += (
            Waiver(
                entry.policy, entry.address, entry.reason, entry.owner, entry.expires.isoformat(),
                environment=entry.environment, ticket=entry.ticket, source=source,
            ),
        )  # fmt: skip


def _check_environments(settings: Settings) -> None:
    """Globs over environments must match one that is defined, where any is."""
    names = list(settings.environments)
    if not names:
        return
    for index, (_, glob, _) in enumerate(settings.enforcement):
        if glob is not None and not any(match_id(glob, name) for name in names):
            raise UsageError(
                f"environment {short(glob)} names none of the environments",
                where=settings.origins[f"enforcement.{index}"],
                fix=hint(glob, names, "environments"),
            )
    for waiver in settings.waivers:
        glob = waiver.environment
        if glob is not None and not any(match_id(glob, name) for name in names):
            line = f"{waiver.source}: this waiver covers nothing: no environment is called {short(glob)}"
            settings.waiver_problems += (line,)
