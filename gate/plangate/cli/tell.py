"""What `check` and `notify` share: who there is to tell, what they are told of, and what became of it."""

from __future__ import annotations

import os

from plangate import packs
from plangate.decide.environments import relative_path
from plangate.decide.settings import Settings
from plangate.decide.settings_notify import Notify
from plangate.errors import PlangateError, worst
from plangate.notify.build import judged
from plangate.notify.compose import Telling
from plangate.notify.deliver import Delivered, deliver
from plangate.notify.entries import Notifier, configured, from_environment
from plangate.notify.remember import Previous

from . import outputs
from .context import links
from .options import FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from .streams import Streams

    Report = dict[str, Any]

_FAILED = 7  # the exit code of a required delivery that failed


def notifiers(settings: Settings, environ: Mapping[str, str], everything: bool = False) -> list[Notifier]:
    """Those the settings name, else those that the environment makes possible, else (with `everything`) all kinds.

    Raises UsageError for settings of a notifier that are wrong.
    """
    targets = packs.notifiers(packs.search_paths())

    def load(kind: str) -> Any:
        return packs.load_notifier(targets[kind])

    own = settings.notify
    if own is not None and own.notifiers:
        return configured(own, targets, load, environ)
    if own is not None:
        configured(own, targets, load, environ)  # the texts for all of them are checked in any case
    found = from_environment(targets, load, environ)
    return found or (from_environment(targets, load, environ, everything=True) if everything else [])


def telling(
    reports: list[Report],
    previous: list[Report],
    settings: Settings,
    streams: Streams,
    cwd: str,
    given: Iterable[str] = (),
) -> Telling:
    """What messages about these reports are made of; `given` are the values of --run."""
    root = os.path.dirname(os.path.join(cwd, settings.files[0])) if settings.files else cwd

    def relative(path: str) -> str | None:
        return relative_path(path, cwd, root) if path and not path.startswith("<") else path

    runs = sorted((report["run"] for report in reports), key=lambda run: str(run.get("started_at") or ""))
    return Telling(
        runs[-1],
        judged(reports, settings.environments, relative),
        settings.notify or Notify(),
        streams.environ,
        _renderer(streams),
        links(streams.environ, given),
        Previous(judged(previous, settings.environments, relative)),
    )


def _renderer(streams: Streams) -> Callable[[list[Report], str], str]:
    """Any format of some reports, as it stands in a file."""

    def render(reports: list[Report], format: str) -> str:
        if format not in FORMATS:
            raise ValueError("no such format")
        view = outputs.view({}, streams, "")
        view.update(terminal=False, color=False, columns=100)
        return outputs.rendered(outputs.Output(format, None), reports, view, len(reports) == 1)

    return render


def tell(about: Telling, found: list[Notifier], reports: list[Report], streams: Streams) -> list[Delivered]:
    """Deliver, put what became of it into the reports, and say on stderr what did not arrive."""
    if not found:
        return []
    streams.progress(f"telling {', '.join(notifier.name for notifier in found)} ...")
    results = deliver(about, found, float(about.own.seconds))
    streams.clear()
    for result in results:
        concerned = [one.report for one in result.judged] or reports
        for report in concerned:
            kept = [entry for entry in report["deliveries"] if entry["notifier"] != result.notifier]
            report["deliveries"] = [*kept, result.entry()]
            if result.status == "failed" and result.required:
                report["exit_code"] = worst([report["exit_code"], _FAILED])
        if result.status == "failed":
            fix = result.fix or "`plangate notify REPORT` tries again"
            streams.error(PlangateError(f"not delivered: {result.error}", where=result.notifier, fix=fix))
    return results


def tell_of(reports: list[Report], streams: Streams, cwd: str) -> None:
    """Tell whom the environment makes possible, where there are no settings to go by."""
    settings = Settings()
    found = notifiers(settings, streams.environ)
    tell(telling(reports, [], settings, streams, cwd), found, reports, streams)


def teller(
    options: Mapping[str, Any], settings: Settings, streams: Streams, cwd: str
) -> Callable[[list[Report]], list[Delivered]]:
    """What `check` tells people with. Settings and `--previous` are read at once, so that a mistake in them is said
    before anything is judged: UsageError, PlanError."""
    found = notifiers(settings, streams.environ)
    previous: list[Report] = []
    if options["previous"]:
        from .render_cmd import reports_in  # pydantic reads reports: dear, and seldom needed here

        previous = [report for path in options["previous"] for report in reports_in(path, streams)]
    if not found:
        streams.say("plangate: nobody is told: no notifier in the settings, and no endpoint in the environment")

    def deliver_them(reports: list[Report]) -> list[Delivered]:
        if not reports:
            return []
        return tell(telling(reports, previous, settings, streams, cwd, options["run"]), found, reports, streams)

    return deliver_them
