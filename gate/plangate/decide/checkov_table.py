"""The table [checkov] of a settings file, into the settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from plangate.decide.toml_file import TomlFile, short
from plangate.errors import UsageError

if TYPE_CHECKING:
    from plangate.decide.settings import Settings
    from plangate.decide.settings_model import CheckovTable

_PLAIN = ("mode", "seconds", "memory_mib", "cache")


def take_checkov(settings: Settings, file: TomlFile, table: CheckovTable) -> None:
    """Take what one file says of Checkov. Custom checks are added to the base's; all else replaces it.

    Raises UsageError for a path that names nothing.
    """
    own = settings.checkov
    for name in _PLAIN:
        if name in table.model_fields_set and getattr(table, name) is not None:
            setattr(own, name, getattr(table, name))
            settings.origins[f"checkov.{name}"] = file.where("checkov", name)
    if table.python is not None:
        # A link to an interpreter is the environment it lies in: it is not followed.
        own.python = os.path.normpath(os.path.join(os.path.dirname(file.path), table.python))
        settings.origins["checkov.python"] = file.where("checkov", "python")
    for name in ("skip", "only"):
        if name in table.model_fields_set:
            globs = tuple(getattr(table, name))
            setattr(own, name, globs)
            settings.origins[f"checkov.{name}"] = file.where("checkov", name)
            for index in range(len(globs)):
                settings.origins[f"checkov.{name}.{index}"] = file.where("checkov", name, index)
    for index, written in enumerate(table.external_checks):
        where = file.where("checkov", "external_checks", index)
        path = os.path.normpath(os.path.join(os.path.dirname(file.path), written))
        if not os.path.exists(path):
            raise UsageError(
                f"the path of custom checks {short(written)} names nothing",
                where=where,
                fix="paths are relative to this file",
            )
        if path not in own.external_checks:
            own.external_checks += (path,)
            settings.origins["checkov.external_checks"] = where
