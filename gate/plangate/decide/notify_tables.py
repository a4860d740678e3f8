"""The tables [notify], [notifiers] and [[routes]] of a settings file: their models, and the way into the settings."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from plangate.decide.settings_notify import EVENTS, NOTIFY_ON, NotifierEntry, Notify, Route
from plangate.decide.toml_file import TomlFile, short
from plangate.decide.words import hint
from plangate.errors import UsageError
from plangate.globs import match_id

if TYPE_CHECKING:
    from plangate.decide.settings import Settings

Text = Annotated[str, Field(pattern=r"\S")]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def _one_or_more(value: object, words: tuple[str, ...] = ()) -> list[str]:
    """A string or a list of them; each of `words`, where there are any."""
    found = value if isinstance(value, list) else [value]
    for one in found:
        if not isinstance(one, str) or not one.strip():
            raise ValueError("must be a string, or a list of strings")
        if words and one not in words:
            raise ValueError(f"is {short(one)}; {hint(one, words, 'it can be')}")
    return [str(one) for one in found]


def _schema(item: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [item, {"type": "array", "items": item}]})


_ANY = {"type": "string", "pattern": r"\S"}
Events = Annotated[
    list[str], BeforeValidator(lambda value: _one_or_more(value, EVENTS)), _schema({"enum": list(EVENTS)})
]
On = Annotated[
    list[str], BeforeValidator(lambda value: _one_or_more(value, NOTIFY_ON)), _schema({"enum": list(NOTIFY_ON)})
]
SomeGlobs = Annotated[list[str], BeforeValidator(_one_or_more), _schema(_ANY)]


class NotifyTable(BaseModel):
    """What holds for all messages."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    report_url: Text | None = Field(
        None, description="where the report can be read from a phone: a URL with {placeholders}, or env:NAME"
    )
    decide_url: Text | None = Field(
        None,
        description="where to decide: a URL with {placeholders}, or env:NAME (default: the pull request or the run)",
    )
    language: Text | None = Field(None, description="language of the built-in texts (default en)")
    seconds: int = Field(20, ge=1, le=600, description="what all deliveries together may take")


class NotifierTable(BaseModel):
    """One notifier. Further keys are those of its kind: docs/notifiers.md."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    kind: Text | None = Field(None, description="slack, teams, email, ...; default: the name of the table")
    notify_on: On = Field([], description="when something is sent (default changes)")
    required: bool | None = Field(None, description="a delivery that fails makes exit 7")
    header: str | None = Field(None, description="text before the message, with {placeholders}")
    footer: str | None = Field(None, description="text after the message, with {placeholders}")
    mentions: list[Text] | None = Field(None, description="who is mentioned when a plan fails or cannot be judged")
    language: Text | None = Field(None, description="language of the built-in texts")
    private: bool | None = Field(None, description="the server may have a private address")
    protected_only: bool | None = Field(
        None, description="tell of protected environments only (default: true for what pages people)"
    )


class RouteTable(BaseModel):
    """What goes where. What is left out matches everything; of several values one is enough."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    notifiers: list[Text] = Field(min_length=1, description="names of [notifiers.NAME]")
    event: Events = Field([], description="what happened")
    environment: SomeGlobs = Field([], description="globs over environment names")
    severity: Literal["info", "low", "medium", "high", "critical"] | None = Field(
        None, description="there is a finding of this severity or a higher one"
    )
    path: SomeGlobs = Field([], description="globs over the plan's path, relative to this file")
    workspace: SomeGlobs = Field([], description="globs over the workspace")
    policy: SomeGlobs = Field([], description="globs over the policies that found something")


def take_notify(settings: Settings, file: TomlFile, model: Any) -> None:
    """Take what one file says: keys of a notifier replace the base's, routes are added to."""
    if model.notify is None and not model.notifiers and not model.routes:
        return
    own = settings.notify = settings.notify or Notify()
    for key in model.notify.model_fields_set if model.notify else ():
        setattr(own, key, getattr(model.notify, key))
        own.origins[key] = settings.origins[f"notify.{key}"] = file.where("notify", key)
    folder = os.path.dirname(file.path)
    for name, table in model.notifiers.items():
        if not _NAME.fullmatch(name):
            fix = "use letters, digits, '-', '_' and '.'"
            raise UsageError(f"{short(name)} is no name for a notifier", where=file.where("notifiers", name), fix=fix)
        entry = own.notifiers.setdefault(name, NotifierEntry(name))
        entry.origins.setdefault("", file.where("notifiers", name))
        for key, value in table.model_dump(exclude_unset=True).items():
            if value is None:
                continue
            entry.values[key] = value
            entry.origins[key] = settings.origins[f"notifiers.{name}.{key}"] = file.where("notifiers", name, key)
            entry.folders[key] = folder
    for index, table in enumerate(model.routes):
        own.routes += (_route(table, file, index),)


def _route(table: RouteTable, file: TomlFile, index: int) -> Route:
    route = Route(file.where("routes", index), tuple(table.notifiers))
    for key in ("event", "environment", "path", "workspace", "policy"):
        setattr(route, key, tuple(getattr(table, key)))
    route.severity = table.severity
    return route


def check_notify(settings: Settings) -> None:
    """Routes must name notifiers and environments that there are. Raises UsageError."""
    own = settings.notify
    if own is None:
        return
    for route in own.routes:
        for name in route.notifiers:
            if name not in own.notifiers:
                fix = hint(name, own.notifiers, "notifiers")
                raise UsageError(f"there is no notifier {short(name)}", where=route.origin, fix=fix)
        for glob in route.environment:
            names = settings.environments
            if names and not any(match_id(glob, name) for name in names):
                what = f"environment {short(glob)} names none of the environments"
                raise UsageError(what, where=route.origin, fix=hint(glob, names, "environments"))


__all__ = ["NotifierTable", "NotifyTable", "RouteTable", "check_notify", "take_notify"]
