"""The commands `plangate checkov ...`, as click reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import options as table
from .clicked import Group, params
from .commands import grouped, made

if TYPE_CHECKING:
    from .streams import Streams


def checkov() -> Group:
    """The group of commands about Checkov's own environment."""

    def install(values: dict[str, Any], streams: Streams) -> int:
        from .checkov_cmd import install

        return install(values, streams)

    def status(values: dict[str, Any], streams: Streams) -> int:
        from .checkov_cmd import status

        return status(values, streams)

    def run(values: dict[str, Any], streams: Streams) -> int:
        from .checkov_cmd import run

        return run(values.pop("plan"), values, streams)

    commands = [
        made(
            "install",
            "Make an environment for Checkov in the user's cache.\n\nOf the pinned version, from the list of hashes "
            "that ships with plangate; nothing else is installed, and nothing of it into this environment.",
            ("plangate checkov install", "plangate checkov install --offline wheels"),
            params(table.CHECKOV_INSTALL),
            install,
        ),
        made(
            "status",
            "Say which Checkov there is, and whether it works. Exit 4 when there is none.",
            ("plangate checkov status",),
            params(table.CHECKOV_STATUS),
            status,
        ),
        made(
            "run",
            "Print Checkov's bare results on a plan.\n\nOne JSON object a line: check, address, result. Nothing is "
            "corrected, waived or merged, to compare with Checkov's own command line.",
            ("plangate checkov run plan.json",),
            [*params(table.CHECKOV_RUN), click.Argument(["plan"], metavar="PLAN")],
            run,
        ),
    ]
    return grouped("checkov", "Checkov's checks: install them, look at them.", ("plangate checkov install",), commands)
