"""The commands about reports and summaries, as click reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import options as table
from .clicked import params
from .commands import made

if TYPE_CHECKING:
    from .streams import Streams


def commands() -> list[click.Command]:
    """`render`, `merge`, `summary`."""

    def rendered(values: dict[str, Any], streams: Streams) -> int:
        from .render_cmd import render

        return render(values.pop("report"), values, streams)

    def put_together(values: dict[str, Any], streams: Streams) -> int:
        from .merge_cmd import merge

        return merge(list(values.pop("reports")), values, streams)

    def summarised(values: dict[str, Any], streams: Streams) -> int:
        from .summary_cmd import summary

        return summary(values.pop("plan"), values, streams)

    return [
        made(
            "render",
            "Show a stored report in another format.\n\n"
            "REPORT is what `plangate check -f json=FILE` wrote, or - for stdin. "
            "Exit codes: 0, 2 usage, 3 it is no report, 5 an output could not be written.",
            ("plangate render report.json -f markdown=comment.md -f html=report.html",),
            [*params(table.RENDER), click.Argument(["report"], metavar="REPORT")],
            rendered,
        ),
        made(
            "merge",
            "One report of many roots.\n\n"
            "REPORT is a file that `plangate check -f json=FILE` wrote, a folder of them, or a glob. JSON is an array "
            "of the reports. A root that reported twice, of another commit, or (with --expect) not at all is exit 3; "
            "an expected list that is empty is the one pass without a plan.\n\n"
            "Exit codes: the worst of the reports; 2 usage, 3 also a file that is no report.",
            ("plangate merge reports/ --expect roots.json -f markdown=comment.md -f json=report.json",),
            [*params(table.MERGE), click.Argument(["reports"], nargs=-1, metavar="REPORT...")],
            put_together,
        ),
        made(
            "summary",
            "Say what a plan would change, in 25 lines.\n\nNothing is judged, and the exit code says only whether the "
            "plan could be read.",
            ("plangate summary plan.json",),
            [*params(table.SUMMARY), click.Argument(["plan"], metavar="PLAN")],
            summarised,
        ),
    ]
