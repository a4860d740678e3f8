"""`plangate merge REPORT...`: the reports of many jobs as one."""

from __future__ import annotations

import os
import time

from plangate.context.run import facts
from plangate.errors import PlanError, UsageError, worst
from plangate.report.build import failed
from plangate.report.merge import merged

from . import expect, inputs, outputs
from .context import run_of
from .render_cmd import reports_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .streams import Streams

_NONE = "plangate: PASS - no root was to be planned, and none reported (exit 0)"
_PAGE = f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>plangate</title><p>{_NONE}</p></html>\n'
_EXPECT_BYTES = 1 << 22
_FILES = 10_000


def merge(paths: list[str], options: dict[str, Any], streams: Streams) -> int:
    """Write the reports of these files as one, and return the worst of their exit codes.

    What is missing, twice, stale or no report is exit 3, and a report of its own in what is written. Raises UsageError
    for options, and PlanError where there is no report at all and nobody says that there should be none.
    """
    outs = outputs.parse(options["format"], several=False)
    cwd, now = os.getcwd(), time.time()
    known = facts(streams.environ, cwd, options["run"])
    run = run_of(known, now)
    roots, commit = None, None
    if options["expect"] is not None:
        data = _expectation(options["expect"], streams)
        roots, commit = expect.read(data, options["expect"])
        commit = commit or known["commit"]
    if not paths and roots is None:
        raise UsageError("merge needs a REPORT", fix="name files, folders or globs of `check -f json=FILE`")
    files = _files(paths, expected=roots is not None)
    outputs.spare(outs, files)
    found, broken = _read(files, streams, run)
    reports = [*merged(found, roots, commit, run), *broken]
    for report in reports:
        for item in report["errors"]:
            if item["kind"] == "merge":
                streams.error(PlanError(item["message"], where=item["path"]))
    if not reports and roots is None:
        raise PlanError("there is no report", fix="did the jobs run that write them?")
    streams.verdict = worst([report["exit_code"] for report in reports])
    view = outputs.view(options, streams, time.strftime("%Y-%m-%d", time.gmtime(now)))
    if reports:
        outputs.write_all(outs, reports, view, streams, options["quiet"], ["reports", "reports"])
    else:
        _nothing(outs, view, streams, options["quiet"])
    return streams.verdict


def _expectation(path: str, streams: Streams) -> bytes:
    try:
        return inputs.read_bytes(path, streams.input, _EXPECT_BYTES)
    except PlanError as error:
        raise UsageError(error.what, where="--expect", fix="name the file that lists the roots") from None


def _files(paths: list[str], *, expected: bool) -> list[str]:
    """Every file that is named, each once: folders hold theirs at any depth, and a pattern is one of glob."""
    found: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            inner = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
            found += sorted(file for file in inner if file.endswith(".json"))
        elif path.startswith(inputs.S3):
            found.append(path)
        elif path != "-" and not os.path.lexists(path) and any(c in path for c in "*?["):
            from glob import glob

            found += sorted(file for file in glob(path, recursive=True) if os.path.isfile(file))
        elif path == "-" or os.path.lexists(path) or not expected:
            found.append(path)
        # Without any job there is no folder of reports, either: what is expected tells.
    files = list(dict.fromkeys(found))
    if len(files) > _FILES:
        raise UsageError(f"these are more than {_FILES} files", fix="name a smaller folder")
    return files


def _read(files: list[str], streams: Streams, run: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(the reports, one of exit code 3 for each file that holds none)."""
    found: list[dict[str, Any]] = []
    broken = []
    for file in files:
        try:
            found += reports_in(file, streams)
        except PlanError as error:
            item = {"kind": "merge", "message": error.what, "path": inputs.shown(file), "policy": None}
            broken.append(failed(run, {"path": inputs.shown(file)}, None, item, error.exit_code))
    return found, broken


def _nothing(outs: list[outputs.Output], view: dict[str, Any], streams: Streams, quiet: bool) -> None:
    """That nothing was to be judged, in every format."""
    for output in outs:
        if output.format in ("text", "markdown", "github"):
            text = _NONE + "\n"
        elif output.format == "html":
            text = _PAGE
        else:
            text = outputs.rendered(output, [], view, one=False)
        if output.file is not None:
            outputs.write_file(outputs.file_names(output.file, ["reports"])[0], text)
        elif not (quiet and output.format == "text"):
            outputs.emit(text, streams.out)
