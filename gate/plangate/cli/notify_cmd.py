"""`plangate notify REPORT...`: tell people of reports that are stored."""

from __future__ import annotations

import os
import time

from plangate.decide.words import hint
from plangate.errors import PlangateError, UsageError
from plangate.http import DeliveryError
from plangate.notify.deliver import planned
from plangate.report.build import failed

from . import outputs, tell
from .context import context
from .inforce import settings_for
from .render_cmd import reports_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.decide.settings import Settings
    from plangate.notify.api import Channel, Message
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
    cwd = os.getcwd()
    settings = settings_for(options, streams, cwd, {})
    reports = [report for path in paths for report in reports_in(path, streams)]
    reports += _no_plan(options, settings, streams, cwd)
    if not reports:
        raise UsageError(
            "notify needs a REPORT", fix="give what `plangate check -f json=FILE` wrote, or --plan-failed TEXT"
        )
    previous = [report for path in options["previous"] for report in reports_in(path, streams)]
    about = tell.telling(reports, previous, settings, streams, cwd)
    quiet = options["explain"] or options["dry_run"]
    found = _only(
        tell.notifiers(settings, streams.environ, everything=quiet or bool(options["preview"])), options["only"]
    )
    streams.verdict = 0
    if options["explain"]:
        outputs.emit(explained(about, found), streams.out)
    if options["dry_run"]:
        outputs.emit(_payloads(about, found, streams), streams.out)
    if options["preview"]:
        _preview(options["preview"], about, found, streams)
    if quiet or options["preview"]:
        return 0
    return _send(about, _again(found, reports), reports, options, streams)


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


def _no_plan(options: dict[str, Any], settings: Settings, streams: Streams, cwd: str) -> list[dict[str, Any]]:
    """The report of a step that failed before there was a plan."""
    said, path = options["plan_failed"], options["plan"]
    if said is None:
        if path is not None:
            raise UsageError("--plan belongs to --plan-failed", fix="add --plan-failed TEXT, or leave it out")
        return []
    text = " ".join(said.split())
    text = text if len(text) <= _LONG else text[: _LONG - 3] + "..."
    item = {"kind": "plan", "message": f"there is no plan: {text}", "path": path, "policy": None}
    settings = settings_for(options, streams, cwd, {"workspace": None, "path": path, "branch": None})
    run = {**context(streams.environ, cwd, time.time()), "environment": settings.environment}
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


def explained(about: Telling, found: list[Notifier]) -> str:
    """Who would be told of what, and why; plain lines."""
    from plangate.render.inert import terminal

    if not found:
        return "there is nobody to tell: no notifier in the settings, and no endpoint in the environment\n"
    lines = []
    for notifier, choice, _, _ in planned(about, found):
        does = "does not load" if notifier.broken else "is told" if choice.send else "is not told"
        lines.append(f"{terminal(notifier.name)} ({terminal(notifier.kind)}, {terminal(notifier.origin)}): {does}")
        lines.append(f"  why     {terminal(notifier.broken or choice.why)}")
        if choice.events:
            lines.append(f"  events  {', '.join(choice.events)}")
        for one in choice.chosen:
            where = f", environment {one.root.environment}" if one.root.environment else ""
            lines.append(f"  of      {one.root.name}{where}: {one.root.verdict}")
        if choice.left:
            lines.append(f"  not of  {choice.left} of {len(about.judged)} plans")
        if choice.waits:
            how = "it asks its channel" if notifier.recalls else "only --previous REPORT can say"
            lines.append(f"  unless  its last message was about a failure: {how}")
    return "\n".join(lines) + "\n"


def _payload(notifier: Notifier, message: Message, channel: Channel, about: Telling) -> tuple[object, str | None]:
    """(what would be sent, None), or (None, why there is nothing)."""
    try:
        return notifier.module.payload(message, channel), None
    except DeliveryError as error:
        return None, about.scrubber.scrub(error.said)
    except Exception as error:  # noqa: BLE001 - a module of somebody else's may raise anything
        return None, f"the notifier broke ({type(error).__name__})"


def _payloads(about: Telling, found: list[Notifier], streams: Streams) -> str:
    """The payloads as JSON: what would be sent, without addresses and tokens."""
    from plangate.render.json import dumps

    shown: list[dict[str, Any]] = []
    for notifier, choice, message, channel in planned(about, found):
        entry: dict[str, Any] = {"notifier": notifier.name, "kind": notifier.kind, "why": notifier.broken or choice.why}
        if message is not None and channel is not None:
            payload, wrong = _payload(notifier, message, channel, about)
            if wrong:
                streams.error(PlangateError(wrong, where=notifier.name))
            else:
                entry["payload"] = payload
        shown.append(entry)
    return about.scrubber.scrub(dumps(shown)) + "\n"


def _inbox(folder: str, streams: Streams) -> int:
    """Take messages until whoever started this is gone."""
    from plangate.notify.inbox import serve

    streams.say(f"plangate: an inbox: `. {folder}/addresses` in a shell, then tell; {folder}/arrived.html shows it")
    try:
        serve(folder)
    except OSError as error:
        raise PlangateError(f"the inbox cannot be kept there ({error.strerror})", where=folder) from None
    return 0


def _preview(path: str, about: Telling, found: list[Notifier], streams: Streams) -> None:
    """One page that shows every message as its reader would see it."""
    from plangate.notify.preview import page
    from plangate.notify.shown import Shown

    if not path.endswith((".html", ".htm")):
        raise UsageError("the preview is a page", where="--preview", fix="name a file that ends in .html")
    shown = []
    for notifier, choice, message, channel in planned(about, found):
        payload, wrong = None, notifier.broken
        if message is not None and channel is not None:
            payload, wrong = _payload(notifier, message, channel, about)
        shown.append(Shown(notifier.name, notifier.kind, message, payload, wrong or choice.why))
    outputs.write_file(path, about.scrubber.scrub(page(shown)))
    streams.say(f"plangate: every message is shown in {path}")
