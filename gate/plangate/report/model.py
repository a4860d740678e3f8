"""The report as a promise: the model behind docs/report.schema.json, and the reader of a REPORT.

A run writes plain dicts and never imports this file; a test keeps both equal. The published schema
is written by `python -m plangate.report.model > docs/report.schema.json`.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from plangate.errors import PlanError

Severity = Literal["info", "low", "medium", "high", "critical"]
Enforcement = Literal["advisory", "soft-mandatory", "hard-mandatory"]
Action = Literal["create", "update", "delete", "replace", "read", "forget", "no-op", "open"]
Count = Annotated[int, Field(ge=0)]
Code = Annotated[int, Field(ge=0, le=7)]
_FIX = "give the file that `plangate check -f json=FILE` wrote"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Tool(_Strict):
    """What made the report."""

    name: str
    version: str


class Run(_Strict):
    """Where and when it was made; null where that is not known."""

    id: str | None
    started_at: str | None
    environment: str | None
    repository: str | None
    commit: str | None
    ref: str | None
    url: str | None
    actor: str | None


class PlanFacts(_Strict):
    """The plan that was judged; null where the plan does not say."""

    path: str | None
    sha256: str | None
    json_sha256: str | None
    format_version: str | None
    terraform_version: str | None
    complete: bool | None
    applyable: bool | None
    errored: bool | None
    timestamp: str | None
    workspace: str | None
    lineage: str | None
    serial: int | None


class Summary(_Strict):
    """Changes counted; a replace counts once."""

    create: Count
    update: Count
    delete: Count
    replace: Count
    read: Count
    forget: Count
    import_: Count = Field(alias="import")
    move: Count
    no_op: Count
    outputs: Count
    drift: Count


class Location(_Strict):
    """Lines of a configuration file, counted from 1."""

    file: str
    line: int | None
    end_line: int | None


class Change(_Strict):
    """What happens to one resource. `actions` is the plan's own list, `action` its meaning."""

    address: str
    deposed: str | None
    module: str | None
    mode: str
    type: str
    name: str
    provider: str | None
    action: Action
    actions: list[str]
    reason: str | None
    replace_paths: list[str]
    previous_address: str | None
    importing: dict[str, Any] | bool | None
    attributes: list[str]
    location: Location | None


class PolicyCounts(_Strict):
    """What one policy saw and said."""

    id: str
    source: str
    matched: Count
    passed: Count
    failed: Count
    unknown: Count
    errors: Count
    waived: Count


class Policies(_Strict):
    """What judged the plan."""

    loaded: Count
    evaluated: Count
    not_applicable: Count
    digest: str | None
    list: list[PolicyCounts]


class Waiver(_Strict):
    """An exception as it is written; `problem` says why it covers nothing."""

    policy: str
    address: str
    reason: str
    owner: str
    expires: str
    environment: str | None
    ticket: str | None
    source: str | None
    problem: str | None


class Finding(_Strict):
    """One thing a policy says about one resource, or (address null) about the plan."""

    policy: str
    title: str
    source: str
    severity: Severity
    enforcement: Enforcement
    outcome: Literal["pass", "fail", "unknown", "error", "waived"]
    address: str | None
    attribute: str | None
    message: str
    remediation: str | None
    references: list[str]
    location: Location | None
    waiver: Waiver | None
    status: Literal["new", "existing", "fixed"]
    fingerprint: str
    also: list[str]
    stops: bool
    origin: str | None


class Waivers(_Strict):
    """Used ones covered a finding, unused ones none; expired ones (malformed ones too) cannot."""

    used: list[Waiver]
    unused: list[Waiver]
    expired: list[Waiver]


class Checkov(_Strict):
    """Whether Checkov judged the plan as well."""

    status: Literal["ran", "off", "not_installed", "failed"]
    version: str | None
    seconds: float | None
    cached: bool | None


class Delivery(_Strict):
    """What became of one message."""

    notifier: str
    status: Literal["sent", "failed", "skipped"]
    error: str | None


class ErrorEntry(_Strict):
    """Why something could not be judged."""

    kind: str
    message: str
    path: str | None
    policy: str | None


class Invocation(_Strict):
    """What runs at apply besides the changes: a provisioner, or an action of Terraform 1.14."""

    kind: Literal["provisioner", "action"]
    address: str | None
    type: str
    when: str | None


class SettingsFacts(_Strict):
    """The settings that held."""

    files: list[str]
    fail_on: Literal["info", "low", "medium", "high", "critical", "none"]
    scope: Literal["changed", "all"]
    environment: str | None


class Report(_Strict):
    """The one document a run of plangate produces."""

    schema_version: Literal["1"]
    tool: Tool
    run: Run
    plan: PlanFacts
    verdict: Literal["pass", "fail", "error"]
    exit_code: Code
    summary: Summary
    changes: list[Change]
    policies: Policies
    findings: list[Finding]
    waivers: Waivers
    checkov: Checkov
    deliveries: list[Delivery]
    errors: list[ErrorEntry]
    notes: list[str]
    invocations: list[Invocation]
    settings: SettingsFacts


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one report; several are an array of it. Every key is
    required and no other allowed, so that a misspelt one is noticed."""
    schema = Report.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "plangate report",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def read(text: str | bytes) -> dict[str, Any]:
    """The one report in `text`. Raises PlanError (exit 3) where there is none, or more than one."""
    reports = read_all(text)
    if len(reports) != 1:
        raise PlanError(f"this holds {len(reports)} reports where one is asked for", fix="give one report")
    return reports[0]


def read_all(text: str | bytes) -> list[dict[str, Any]]:
    """The reports in `text`: an object, or an array of at least one. Raises PlanError (exit 3)."""
    found = _parsed(text)
    reports = found if isinstance(found, list) else [found]
    if not reports:
        raise PlanError("this is an empty list, not a report", fix=_FIX)
    for report in reports:
        _check(report)
    return reports


def _parsed(text: str | bytes) -> Any:
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise PlanError("this is not a report: it is not UTF-8", fix=_FIX) from None
    if not decoded.strip():
        raise PlanError("this is not a report: it is empty", fix=_FIX)
    try:
        return json.loads(decoded, object_pairs_hook=_unique, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        what = f"this is not a report: {error.msg} (line {error.lineno}, column {error.colno})"
        raise PlanError(what, fix=_FIX) from None
    except ValueError:
        raise PlanError("this is not a report: a number in it is none of JSON", fix=_FIX) from None
    except RecursionError:
        raise PlanError("this is not a report: it is nested too deeply", fix=_FIX) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise PlanError("this is not a report: a key stands twice in one object", fix=_FIX)
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _check(report: Any) -> None:
    """Raises PlanError that says what it is instead, or names the first places that are wrong.
    Values are not repeated: they may be anything."""
    if not isinstance(report, dict):
        raise PlanError("this is not a report: it is no JSON object", fix=_FIX)
    if "resource_changes" in report or "planned_values" in report:
        raise PlanError("this is a plan, not a report", fix="judge it with `plangate check`")
    version = report.get("schema_version")
    if isinstance(version, str) and version != "1" and version.isdigit() and len(version) < 6:
        what = f"this report has schema version {version}; this plangate reads 1"
        raise PlanError(what, fix="update plangate")
    try:
        _ADAPTER.validate_python(report)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        said = [f"{'.'.join([str(part)[:60] for part in w['loc']]) or 'it'}: {w['msg']}" for w in wrong[:3]]
        more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""
        raise PlanError(f"this is not a report: {'; '.join(said)}{more}", fix=_FIX) from None


_ADAPTER = TypeAdapter(Report)


def schema_text() -> str:
    """docs/report.schema.json as it must be."""
    return json.dumps(json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(schema_text())
