"""`plangate render REPORT`: another format of a report that is stored."""

from __future__ import annotations

import time

from plangate.errors import PlanError
from plangate.report.reader import read_all

from . import inputs, outputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .streams import Streams

_MAX = 1024 * 1024 * 1024  # bytes: what `check` wrote itself


def render(path: str, options: dict[str, Any], streams: Streams) -> int:
    """Render the reports of a file (`-` for stdin). Raises PlanError where it holds none, UsageError for a format."""
    outs = outputs.parse(options["format"], several=False)
    outputs.spare(outs, [path])
    reports = reports_in(path, streams)
    today = time.strftime("%Y-%m-%d", time.gmtime())
    streams.verdict = 0
    outputs.write_all(outs, reports, outputs.view(options, streams, today), streams, False, [path])
    return 0


def reports_in(path: str, streams: Streams) -> list[dict[str, Any]]:
    """The reports of one REPORT argument. Raises PlanError (exit 3) that names it."""
    try:
        return read_all(inputs.read_bytes(path, streams.input, _MAX, "report"))
    except PlanError as error:
        if error.where is None:
            error.where = inputs.shown(path)
        raise
