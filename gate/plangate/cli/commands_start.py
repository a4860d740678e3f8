"""The commands `init` and `pre-push`, as click reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import options as table
from .clicked import params
from .commands import made

if TYPE_CHECKING:
    from .streams import Streams

_CHECK = {option.name: option for option in table.CHECK}
INIT = (
    table.Option("--yes", "flag", "Do not ask."),
    table.Option("--dry-run", "flag", "Only show what would be written."),
)
PRE_PUSH = (
    table.Option(
        "--plan", "flag", "Make plans with terraform or tofu, which runs what the configuration makes it run."
    ),
    *(_CHECK[name] for name in ("config", "env", "fail_on", "checkov", "terraform", "debug")),
)


def commands() -> list[click.Command]:
    """`init`, `pre-push`."""

    def begun(values: dict[str, Any], streams: Streams) -> int:
        from .init.command import init

        return init(values.pop("place"), values, streams)

    def pushed(values: dict[str, Any], streams: Streams) -> int:
        from .prepush.command import pre_push

        return pre_push(list(values.pop("remote")), values, streams)

    return [
        made(
            "init",
            "Write the files that a CI service or a hook needs.\n\nPLACE is github, codebuild, gitlab, atlantis, "
            "terragrunt or pre-push; without it, what this repository looks like. Shows what it writes, and writes "
            "over nothing.",
            ("plangate init github", "plangate init pre-push"),
            [*params(INIT), click.Argument(["place"], required=False, metavar="[PLACE]")],
            begun,
        ),
        made(
            "pre-push",
            "Judge before a push.\n\nFor git's hook: judges the roots that the push touches, by the plans that are "
            "there, or (--plan, or `git config plangate.plan true`) by plans made for it. A root without a plan, or "
            "with one that is older than its configuration, is exit 3. Without git's arguments, every root.\n\n"
            "To push without it this once: git push --no-verify (with pre-commit: SKIP=plangate git push).",
            ("plangate pre-push", "plangate pre-push --plan"),
            [*params(PRE_PUSH), click.Argument(["remote"], nargs=-1, metavar="[REMOTE URL]")],
            pushed,
        ),
    ]
