"""The commands `notify` and `doctor`, as click reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import options as table
from .clicked import params
from .commands import made

if TYPE_CHECKING:
    from .streams import Streams

_PAGE = "plangate-preview.html"


def commands() -> list[click.Command]:
    """`notify`, `doctor`."""

    def told(values: dict[str, Any], streams: Streams) -> int:
        from .notify_cmd import notify

        return notify(list(values.pop("reports")), values, streams)

    def looked(values: dict[str, Any], streams: Streams) -> int:
        from .doctor import doctor

        return doctor(values, streams)

    preview = click.Option(
        ["--preview"],
        is_flag=False,
        flag_value=_PAGE,
        metavar="[FILE]",
        help=f"Write a page that shows every message as its reader would see it (default: {_PAGE}); send nothing.",
    )
    return [
        made(
            "notify",
            "Tell people of stored reports.\n\n"
            "REPORT is what `plangate check -f json=FILE` wrote; several are one message. Where a report says that "
            "deliveries failed, only those are repeated. Without notifiers in the settings, everybody is told whose "
            "endpoint or token stands in the environment.\n\n"
            "Exit codes: 0, 2 usage or settings, 3 it is no report, 7 a required delivery failed.",
            (
                "plangate notify report.json",
                "plangate notify report.json --explain",
                'plangate notify --plan-failed "terraform plan exited 1" --plan live/prod/plan.json',
            ),
            [*params(table.NOTIFY), preview, click.Argument(["reports"], nargs=-1, metavar="REPORT...")],
            told,
        ),
        made(
            "doctor",
            "Find what is wrong before a run does.\n\nEach line is ok, note (works, with less) or missing; exit 1 when "
            "something is missing.",
            ("plangate doctor", "plangate doctor --send"),
            params(table.DOCTOR),
            looked,
        ),
    ]
