"""plangate's own knowledge of Checkov's checks: how bad each failure is, and which answers are doubtful on a plan.

There without Checkov too, so that settings may name its checks where it is not installed.
"""

from __future__ import annotations

import json
import os

_HERE = os.path.dirname(os.path.abspath(__file__))
_kept: dict[str, dict[str, str]] = {}


def _lines(name: str) -> list[dict[str, object]]:
    with open(os.path.join(_HERE, name), encoding="utf-8") as file:
        return [json.loads(line) for line in file if not line.startswith('{"_')]


def severities() -> dict[str, str]:
    """{check id: severity} of every check of the pinned version."""
    found = _kept.get("severities")
    if found is None:
        found = {}
        for row in _lines("severities.jsonl"):
            checks, severity = row["checks"], row["severity"]
            assert isinstance(checks, list)
            found.update(dict.fromkeys(checks, str(severity)))
        _kept["severities"] = found
    return found


def doubts() -> dict[str, str]:
    """{check id: why its answer on a plan is doubtful}."""
    found = _kept.get("doubts")
    if found is None:
        found = _kept["doubts"] = {str(row["check"]): str(row["because"]) for row in _lines("doubtful.jsonl")}
    return found


def ids() -> list[str]:
    """The policy ids of Checkov's own checks."""
    return [f"checkov/{id}" for id in severities()]
