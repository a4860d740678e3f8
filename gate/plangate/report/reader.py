"""Read a REPORT that a file holds: strictly, since what it says is shown and delivered.

Fields that are not known are the exception: a newer plangate may add some. They are left out, and a note says so.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from plangate.errors import PlanError
from plangate.report.model import Report

_FIX = "give the file that `plangate check -f json=FILE` wrote"


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
        Report.model_validate(report)
    except ValidationError as error:
        every = error.errors(include_url=False, include_context=False, include_input=False)
        wrong = [w for w in every if w["type"] != "extra_forbidden" or _holder(report, w["loc"]) is None]
        if not wrong:
            _leave_out(report, [w["loc"] for w in every])
            _check(report)
            return
        said = [f"{'.'.join([str(part)[:60] for part in w['loc']]) or 'it'}: {w['msg']}" for w in wrong[:3]]
        more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""
        raise PlanError(f"this is not a report: {'; '.join(said)}{more}", fix=_FIX) from None


def _holder(report: dict[str, Any], place: tuple[int | str, ...]) -> Any:
    """What the field at a place stands in. None where there is none: a place may hold the name of a model."""
    holder: Any = report
    for part in place[:-1]:
        if isinstance(part, str) and (not isinstance(holder, dict) or part not in holder):
            return None
        holder = holder[part]
    return holder if isinstance(holder, dict) and place[-1] in holder else None


def _leave_out(report: dict[str, Any], places: list[tuple[int | str, ...]]) -> None:
    """Take the fields at `places` out of a report that is right otherwise, and note it in the report."""
    for place in places:
        del _holder(report, place)[place[-1]]
    names = list(dict.fromkeys(".".join(str(part)[:60] for part in p if isinstance(part, str)) for p in places))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    said = f"fields not known here were left out: {', '.join(names[:3])}{more}"
    report["notes"].append(f"made by plangate {str(report['tool']['version'])[:40]}: {said}")
