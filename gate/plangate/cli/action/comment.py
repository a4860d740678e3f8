"""The sticky comment on the pull request, by the GitHub notifier: told of what was judged, whatever settings say of
other channels."""

from __future__ import annotations

import os

from plangate.cli.main import run
from plangate.context.run import facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.cli.streams import Streams

    from .inputs import Inputs
    from .places import Files


def comment(inputs: Inputs, files: Files, reports: list[dict[str, Any]], streams: Streams) -> None:
    """Write or renew it. Raises UsageError for an input that is wrong."""
    if inputs.choice("comment", ("true", "false")) == "false" or not reports:
        return
    if not facts(streams.environ, os.getcwd(), inputs.lines("run"))["pull_request"]:
        return
    if not streams.environ.get("GITHUB_TOKEN"):
        streams.say("plangate: no comment: there is no github-token")
        return
    if any(one["notifier"] == "github" for report in reports for one in report["deliveries"]):
        return  # the settings name it, and it was told with the verdict
    # Empty settings: those of a pull request have no say in where this goes.
    empty = os.path.join(files.folder, "none.toml")
    with open(empty, "w", encoding="utf-8"):
        pass
    report = files.paths["report"]
    stored = [os.path.join(report, name) for name in sorted(os.listdir(report))] if files.several else [report]
    words = ["notify", "--config", empty, "--only", "github"]
    words += ["--output", report] if not files.several else []
    run([*words, "--", *stored], streams)
