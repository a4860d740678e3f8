"""`plangate notify REPORT...`: tell people of reports that are stored."""

from __future__ import annotations

import time

from plangate.decide.words import hint
from plangate.errors import PlanError, PlangateError, UsageError
from plangate.report.build import failed
from plangate.report.merge import doubt

from . import inputs, notify_shown, outputs, tell
from .context import branch_of, context
from .render_cmd import reports_in
from .where import Where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.compose import Telling
    from plangate.notify.entries import Notifier

    from .streams import Streams

_NO_PLAN = 3  # the exit code of a plan that is not there
_LONG = 300  # characters of what a failed step said


def notify(paths: list[str], options: dict[str, Any], streams: Streams) -> int:
    """Tell of the reports in these files, all in one message each. Raises PlanError where a file holds none, UsageError
    for settings and options."""
    if options["inbox"]:
        return _inbox(options["inbox"], streams)
    where = Where(options, streams)
    try:
        return _notify(paths, options, streams, where)
    finally:
        where.close()


def _notify(paths: list[str], options: dict[str, Any], streams: Streams, where: Where) -> int:
    settings, cwd = where.settings(), where.cwd
    reports = [report for path in paths for report in _believed(path, streams)]
    reports += _no_plan(options, streams, where)
    if not reports:
        raise UsageError(
            "notify needs a REPORT", fix="give what `plangate check -f json=FILE` wrote, or --plan-failed TEXT"
        )
    previous = [report for path in options["previous"] for report in reports_in(path, streams)]
    about = tell.telling(reports, previous, settings, streams, cwd, options["run"])
    quiet = options["explain"] or options["dry_run"]
    found = _only(
        tell.notifiers(settings, streams.environ, everything=quiet or bool(options["preview"])), options["only"]
    )
    streams.verdict = 0
    if options["explain"]:
        outputs.emit(notify_shown.explained(about, found), streams.out)
    if options["dry_run"]:
        outputs.emit(notify_shown.payloads(about, found, streams), streams.out)
    if options["preview"]:
        notify_shown.preview(options["preview"], about, found, streams)
    if quiet or options["preview"]:
        return 0
    return _send(about, _again(found, reports), reports, options, streams)


def _believed(path: str, streams: Streams) -> list[dict[str, Any]]:
    """The reports of a file. Raises PlanError for one that nobody is to be told of: its parts contradict each other."""
    found = reports_in(path, streams)
    for report in found:
        said = doubt(report)
        if said:
            raise PlanError(said, where=inputs.shown(path), fix="give the file as `plangate check` wrote it")
    return found


def _send(
    about: Telling, found: list[Notifier], reports: list[dict[str, Any]], options: dict[str, Any], streams: Streams
) -> int:
    if not found:
        fix = "name one in plangate.toml, or set the variable of one (docs/notifiers.md)"
        raise UsageError("there is nobody to tell", fix=fix)
    results = tell.tell(about, found, reports, streams)
    for result in results:
        if result.status != "failed":
            note = f" ({result.note})" if result.note else ""
            streams.say(f"plangate: {result.notifier}: {result.status}{note}")
    if options["output"]:
        outputs.write_all(
            [outputs.Output("json", options["output"])],
            reports,
            outputs.view({}, streams, ""),
            streams,
            True,
            ["reports"],
        )
    streams.verdict = 7 if any(r.required and r.status == "failed" for r in results) else 0
    return streams.verdict


def _no_plan(options: dict[str, Any], streams: Streams, where: Where) -> list[dict[str, Any]]:
    """The report of a step that failed before there was a plan."""
    said, path = options["plan_failed"], options["plan"]
    if said is None:
        if path is not None:
            raise UsageError("--plan belongs to --plan-failed", fix="add --plan-failed TEXT, or leave it out")
        return []
    text = " ".join(said.split())
    text = text if len(text) <= _LONG else text[: _LONG - 3] + "..."
    item = {"kind": "plan", "message": f"there is no plan: {text}", "path": path, "policy": None}
    run = context(streams.environ, where.cwd, time.time(), options["run"])
    settings = where.settings(path, branch_of(run))
    run["environment"] = settings.environment
    return [failed(run, {"path": path or "plan.json"}, settings, item, _NO_PLAN)]


def _only(found: list[Notifier], names: tuple[str, ...]) -> list[Notifier]:
    known = [notifier.name for notifier in found]
    for name in names:
        if name not in known:
            raise UsageError(f"there is no notifier {name[:60]!a}", where="--only", fix=hint(name, known, "notifiers"))
    return [notifier for notifier in found if not names or notifier.name in names]


def _again(found: list[Notifier], reports: list[dict[str, Any]]) -> list[Notifier]:
    """Where a stored report says that deliveries failed, only those are repeated."""
    missed = {d["notifier"] for r in reports for d in r["deliveries"] if d["status"] == "failed"}
    repeated = [notifier for notifier in found if notifier.name in missed]
    return repeated or found


def _inbox(folder: str, streams: Streams) -> int:
    """Take messages until whoever started this is gone."""
    from plangate.notify.inbox import serve

    streams.say(f"plangate: an inbox: `. {folder}/addresses` in a shell, then tell; {folder}/arrived.html shows it")
    try:
        serve(folder)
    except OSError as error:
        raise PlangateError(f"the inbox cannot be kept there ({error.strerror})", where=folder) from None
    return 0
