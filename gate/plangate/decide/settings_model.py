"""What may stand in `plangate.toml`, as models: they check the files and give the published JSON Schema.

    python -m plangate.decide.settings_model FILE      writes the schema

A run without a settings file never imports this.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from plangate.decide.notify_tables import NotifierTable, NotifyTable, RouteTable  # noqa: TC001 - pydantic asks for them
from plangate.decide.waivers import is_date

Severity = Literal["info", "low", "medium", "high", "critical"]
FailOn = Literal["none", "info", "low", "medium", "high", "critical"]
Level = Literal["advisory", "soft-mandatory", "hard-mandatory"]
OnUnknown = Literal["fail", "warn", "pass"]
Scope = Literal["changed", "all"]
Text = Annotated[str, Field(pattern=r"\S")]
Globs = list[Text]


def _day(value: object) -> object:
    """A TOML date, or a string that is one; a date with a time says more than a waiver can mean."""
    if isinstance(value, str) and is_date(value):
        return dt.date.fromisoformat(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise ValueError("is not a date (YYYY-MM-DD)")


Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PoliciesTable(_Table):
    """Which policies are loaded and judged."""

    paths: Globs = Field([], description="Python files or folders of policies, relative to this file")
    select: Globs = Field([], description="globs over policy ids: only these are judged")
    ignore: Globs = Field([], description="globs over policy ids: these are not judged")


class EnvironmentTable(_Table):
    """When a run is in this environment (any glob that matches is enough), and what holds there."""

    workspace: Globs = Field([], description="globs over the workspace")
    path: Globs = Field([], description="globs over the plan's path, relative to this file")
    branch: Globs = Field([], description="globs over the branch")
    protected: bool | None = Field(None, description="what pages people is told of this environment")
    account: Text | None = Field(None, description="what messages call the account it lies in")
    fail_on: FailOn | None = None
    on_unknown: OnUnknown | None = None
    scope: Scope | None = None


class EnforcementEntry(_Table):
    """What the gate does about the policies of a glob, in one environment or in all."""

    policy: Text
    level: Level
    environment: Text | None = Field(None, description="glob over environment names")


class LimitsTable(_Table):
    """What a run may take."""

    policy_seconds: int = Field(30, ge=1, le=3600)
    total_seconds: int = Field(300, ge=1, le=86400)
    memory_mib: int = Field(2048, ge=64, le=1 << 20)
    plan_mib: int = Field(256, ge=1, le=1 << 16)


class CheckovTable(_Table):
    """Checkov's checks beside plangate's own policies."""

    mode: Literal["auto", "required", "off"] | None = Field(
        None, description="auto: when it is installed; required: its absence is an error (default auto)"
    )
    python: Text | None = Field(None, description="the Python of an environment with Checkov in it, instead of our own")
    skip: Globs = Field([], description="globs over ids of Checkov's checks that do not judge")
    only: Globs = Field([], description="globs over ids of Checkov's checks: no others judge")
    external_checks: Globs = Field(
        [], description="files or folders of custom checks in Checkov's Python or YAML format, relative to this file"
    )
    seconds: int = Field(300, ge=1, le=86400, description="what Checkov may take for one plan")
    memory_mib: int = Field(4096, ge=256, le=1 << 20)
    cache: bool = Field(True, description="keep its results in the user's cache, for plans that come again")


class SummaryTable(_Table):
    """What a summary leaves out. Policies see everything."""

    ignore_paths: Globs = Field(
        [],
        description='globs over attribute paths, with or without a resource type: "*.etag", "aws_instance.user_data"',
    )


class WaiverEntry(_Table):
    """An exception. One that is malformed or past its date covers nothing."""

    policy: Text = Field(description="glob over policy ids")
    address: Text = Field(description='glob over addresses; "(plan)" for a finding on the whole plan')
    reason: Text
    owner: Text
    expires: Day = Field(description="the last day it holds, in UTC")
    environment: Text | None = Field(None, description="glob over environment names")
    ticket: Text | None = None


class SettingsFile(_Table):
    """The settings of plangate."""

    extends: Text | None = Field(None, description='a base: a path, or "package:NAME/PATH" in an installed package')
    fail_on: FailOn | None = Field(None, description="findings from this severity on stop (default high)")
    scope: Scope | None = Field(None, description="judge what changes, or all (default changed)")
    on_unknown: OnUnknown | None = Field(
        None, description="a value known only after apply (default: fail when mandatory, else warn)"
    )
    policies: PoliciesTable | None = None
    environments: dict[str, EnvironmentTable] = {}
    enforcement: list[EnforcementEntry] = []
    severity: dict[str, Severity] = Field({}, description="policy glob = severity")
    unknown: dict[str, OnUnknown] = Field(
        {}, description="policy glob = what its unknown values mean (beats on_unknown, and what the policy says itself)"
    )
    settings: dict[str, dict[str, Any]] = Field(
        {}, description="settings of policies, by policy id or glob (then of those that have the setting)"
    )
    checkov: CheckovTable | None = None
    summary: SummaryTable | None = None
    notify: NotifyTable | None = None
    notifiers: dict[str, NotifierTable] = Field({}, description="channels to tell, by a name of your own")
    routes: list[RouteTable] = Field([], description="what goes where (default: everything to every notifier)")
    limits: LimitsTable | None = None
    waiver: list[WaiverEntry] = []
    waivers: Text | None = Field(None, description="a file that holds [[waiver]] entries")


class WaiversFile(_Table):
    """The file that `waivers` names."""

    waiver: list[WaiverEntry] = []


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `plangate.toml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **SettingsFile.model_json_schema(),
        "title": "plangate.toml",
    }


def schema_text() -> str:
    """The published file `docs/plangate.schema.json`."""
    return json.dumps(json_schema(), indent=2, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """Write the schema to the file named, else to stdout."""
    if not arguments:
        sys.stdout.write(schema_text())
        return 0
    with open(arguments[0], "w", encoding="utf-8", newline="\n") as stream:
        stream.write(schema_text())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
