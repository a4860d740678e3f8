"""The report as a promise: the model behind docs/report.schema.json.

A run writes plain dicts and never imports this file; a test keeps both equal. The published schema
is written by `python -m plangate.report.model > docs/report.schema.json`.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import Field

from plangate.report.model_changes import Change, Check, Count, Drift, Location, Output, Rename, Strict, Summary

Severity = Literal["info", "low", "medium", "high", "critical"]
Enforcement = Literal["advisory", "soft-mandatory", "hard-mandatory"]
Code = Annotated[int, Field(ge=0, le=7)]


class Tool(Strict):
    """What made the report."""

    name: str
    version: str


class Run(Strict):
    """Where and when it was made; null where that is not known. `commit` and `ref` are those of the change, `base_ref`
    the branch a pull request would change, `root` the root module's folder from the top of the repository."""

    id: str | None
    started_at: str | None
    environment: str | None
    repository: str | None
    commit: str | None
    ref: str | None
    base_ref: str | None
    pull_request: str | None
    fork: bool | None
    workflow: str | None
    url: str | None
    actor: str | None
    ci: str | None
    server: str | None
    root: str | None


class PlanFacts(Strict):
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


class PolicyCounts(Strict):
    """What one policy saw and said."""

    id: str
    source: str
    matched: Count
    passed: Count
    failed: Count
    unknown: Count
    errors: Count
    waived: Count


class Policies(Strict):
    """What judged the plan."""

    loaded: Count
    evaluated: Count
    not_applicable: Count
    digest: str | None
    list: list[PolicyCounts]


class Waiver(Strict):
    """An exception as it is written; `source` is its file and line."""

    policy: str
    address: str
    reason: str
    owner: str
    expires: str
    ticket: str | None
    source: str


class Malformed(Strict):
    """A waiver that says too little to be one, in a line to show."""

    problem: str


class Said(Strict):
    """What Checkov itself said: its bare result, the keys it looked at, and why that may be wrong on a plan."""

    result: Literal["PASSED", "FAILED", "SKIPPED", "UNKNOWN"] | None
    keys: list[str]
    doubtful: str | None


class Finding(Strict):
    """One thing a policy says about one resource, or (address null) about the plan; `stops` is
    whether it makes the verdict fail, `origin` what an unknown value comes from."""

    policy: str
    title: str
    source: str
    severity: Severity
    enforcement: Enforcement
    outcome: Literal["pass", "fail", "unknown", "error", "waived"]
    address: str | None
    deposed: str | None
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
    checkov: Said | None


class Waivers(Strict):
    """Used ones covered a finding, unused ones none; expired and malformed ones cannot."""

    used: list[Waiver]
    unused: list[Waiver]
    expired: list[Waiver | Malformed]


class Checkov(Strict):
    """Whether Checkov judged the plan as well."""

    status: Literal["ran", "off", "not_installed", "failed"]
    version: str | None
    seconds: float | None
    cached: bool | None


class Delivery(Strict):
    """What became of one message; `remember` is what a later run needs to know it again, by `--previous`."""

    notifier: str
    status: Literal["sent", "failed", "skipped"]
    error: str | None
    note: str | None
    remember: str | None


class ErrorEntry(Strict):
    """Why something could not be judged."""

    kind: str
    message: str
    path: str | None
    policy: str | None


class Invocation(Strict):
    """What runs at apply besides the changes: a provisioner, or an action of Terraform 1.14."""

    kind: Literal["provisioner", "action"]
    address: str | None
    type: str
    when: str | None


class Trusted(Strict):
    """Where settings, waivers and policy code came from instead of the checkout: `ref` as given, and its commit."""

    ref: str
    commit: str


class Override(Strict):
    """That the checkout's own settings held all the same, by PLANGATE_OVERRIDE: why, and who ran it."""

    reason: str
    actor: str | None


class SettingsFacts(Strict):
    """The settings that held. `loosened` says in lines what the judged change would loosen in them."""

    files: list[str]
    fail_on: Literal["info", "low", "medium", "high", "critical", "none"]
    scope: Literal["changed", "all"]
    environment: str | None
    ignore_paths: list[str]
    trusted: Trusted | None
    loosened: list[str]
    override: Override | None


class Report(Strict):
    """The one document a run of plangate produces."""

    schema_version: Literal["1"]
    tool: Tool
    run: Run
    plan: PlanFacts
    verdict: Literal["pass", "fail", "error"]
    exit_code: Code
    summary: Summary
    changes: list[Change]
    drift: list[Drift]
    outputs: list[Output]
    checks: list[Check]
    renames: list[Rename]
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


def schema_text() -> str:
    """docs/report.schema.json as it must be."""
    return json.dumps(json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(schema_text())
