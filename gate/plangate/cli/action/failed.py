"""Reports of runs that judged nothing: the plan's own step failed, or an input or setting was wrong."""

from __future__ import annotations

import os
import time

from plangate.cli import inputs as paths
from plangate.cli import outputs
from plangate.cli.context import root_of, run_of
from plangate.context.run import facts
from plangate.errors import PlanError, PlangateError, UsageError
from plangate.report.build import failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.cli.streams import Streams

    from .inputs import Inputs
    from .places import Files


def report(plans: list[str], why: str, inputs: Inputs, formats: list[str], streams: Streams) -> None:
    """Write a report, in every format, for each plan that was never made."""
    found = []
    options = {"chdir": inputs.text("chdir"), "source": inputs.text("source")}
    for path in plans:
        error = PlanError(f"there is no plan: {why}", where=paths.shown(path), fix="its log says what is wrong")
        streams.error(error)
        known = facts(streams.environ, os.getcwd(), inputs.lines("run"))
        run = run_of(known, time.time())
        run["root"] = run["root"] or root_of(path, options, os.getcwd())
        run["environment"] = inputs.text("env") or None
        found.append(_one(run, error, paths.shown(path)))
    _write(formats, found, plans, streams)


def said(error: PlangateError | None, code: int, files: Files, streams: Streams) -> dict[str, Any]:
    """A report of what ended the run before there was one, written where the others would be."""
    if error is None:
        error = PlangateError("plangate broke; the log says how")
    try:
        run = run_of(facts(streams.environ, os.getcwd()), time.time())
    except UsageError:
        run = run_of(facts({}, os.getcwd()), time.time())
    found = _one(run, error, "plan")
    found["exit_code"] = code
    try:
        _write(files.formats([], annotations="true")[1:], [found], ["plan"], streams)
    except PlangateError as failure:
        streams.error(failure)
    return found


def _one(run: dict[str, Any], error: PlangateError, path: str) -> dict[str, Any]:
    message = error.line().removeprefix(f"{path}: ")
    item = {"kind": error.kind, "message": message, "path": path, "policy": error.policy}
    return failed(run, {"path": path}, None, item, error.exit_code)


def _write(formats: list[str], reports: list[dict[str, Any]], plans: list[str], streams: Streams) -> None:
    outs = outputs.parse(tuple(formats), several=len(plans) > 1)
    view = outputs.view({}, streams, time.strftime("%Y-%m-%d", time.gmtime()))
    outputs.write_all(outs, reports, view, streams, False, plans)
