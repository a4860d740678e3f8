"""The sticky comment on the pull request, by the GitHub notifier: told of what was judged, whatever settings say of
other channels."""

from __future__ import annotations

import os

from plangate.cli import tell
from plangate.cli.outputs import write_file
from plangate.context.run import facts
from plangate.decide.settings import Settings
from plangate.render.json import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.cli.streams import Streams

    from .inputs import Inputs
    from .places import Files

_NAME = "github"


def comment(inputs: Inputs, files: Files, reports: list[dict[str, Any]], streams: Streams) -> None:
    """Write or renew it; the JSON report says what became of it. Raises UsageError for an input that is wrong."""
    if inputs.choice("comment", ("true", "false")) == "false" or not reports:
        return
    if not facts(streams.environ, os.getcwd(), inputs.lines("run"))["pull_request"]:
        return
    if not streams.environ.get("GITHUB_TOKEN"):
        streams.say("plangate: no comment: there is no github-token")
        return
    if any(one["notifier"] == _NAME for report in reports for one in report["deliveries"]):
        return  # it was told with the verdict
    settings = Settings()  # not the checkout's: a pull request has no say in where its comment goes
    found = [one for one in tell.notifiers(settings, streams.environ) if one.name == _NAME]
    about = tell.telling(reports, [], settings, streams, os.getcwd(), inputs.lines("run"))
    about.merged = bool(inputs.lines("merge"))
    for result in tell.tell(about, found, reports, streams):
        streams.say(f"plangate: comment: {result.status}" + (f" ({result.note})" if result.note else ""))
    if not files.several:
        write_file(files.paths["report"], render(reports[0] if len(reports) == 1 else reports))
