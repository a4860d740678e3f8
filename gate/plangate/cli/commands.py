"""The command line as click reads it: help, every wrong word, and all that cli.quick leaves to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from plangate.errors import UsageError
from plangate.version import VERSION

from . import options as table
from .clicked import HELP, Group, emit, one_line, params

if TYPE_CHECKING:
    from collections.abc import Callable

    from .streams import Streams

    Action = Callable[[dict[str, Any], Streams], int]


def run_click(arguments: list[str], streams: Streams) -> int:
    """Run one command line and return its exit code. Raises UsageError for one that is wrong, in one line."""
    group = program()
    try:
        with group.make_context("plangate", list(arguments), obj=streams, **HELP) as context:
            return int(group.invoke(context))
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        raise one_line(error, group, arguments) from None


def program() -> Group:
    """The whole command line."""
    group = Group(
        "plangate",
        help="The last check between `terraform plan` and `terraform apply`: judge a plan against policies.",
        epilog=_example("terraform show -json tfplan > plan.json", "plangate check plan.json"),
        callback=_no_command,
        params=[_version()],
    )
    group.add_command(_check())
    from .commands_report import commands

    for command in commands():
        group.add_command(command)
    group.add_command(_config())
    group.add_command(_policies())
    from .commands_notify import commands as of_notify

    for command in of_notify():
        group.add_command(command)
    from .commands_start import commands as to_start

    for command in to_start():
        group.add_command(command)
    from .commands_checkov import checkov

    group.add_command(checkov())
    return group


def _version() -> click.Option:
    def show(context: click.Context, _: click.Parameter, wanted: bool) -> None:
        if wanted:
            emit(context, f"plangate {VERSION}\n")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help="Say the version."
    )


@click.pass_context
def _no_command(context: click.Context) -> int:
    """Help, but no success: a CI step whose command got lost has judged nothing."""
    if context.invoked_subcommand is not None:
        return 0
    emit(context, context.get_help() + "\n")
    raise UsageError("no command was given", fix="`plangate check PLAN` judges a plan")


def made(
    name: str, help: str, examples: tuple[str, ...], parameters: list[click.Parameter], action: Action
) -> click.Command:
    """A command. Each takes --debug, since any may break; cli.main looks for the word itself."""

    @click.pass_context
    def call(context: click.Context, /, **values: Any) -> int:
        return action(values, context.find_root().obj)

    if all(parameter.name != "debug" for parameter in parameters):
        (debug,) = params(tuple(option for option in table.CHECK if option.name == "debug"))
        debug.expose_value = False
        parameters = [*parameters, debug]
    return click.Command(name, help=help, epilog=_example(*examples), callback=call, params=parameters)


def grouped(name: str, help: str, examples: tuple[str, ...], commands: list[click.Command]) -> Group:
    """A group of commands."""
    group = Group(name, help=help, epilog=_example(*examples), callback=_no_command)
    for command in commands:
        group.add_command(command)
    return group


def _example(*lines: str) -> str:
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def _check() -> click.Command:
    def action(values: dict[str, Any], streams: Streams) -> int:
        from .check import check

        plans = list(values.pop("plans"))
        if not plans:
            raise UsageError("check needs a PLAN", fix="`plangate check plan.json`, or - for stdin")
        return check(plans, values, streams)

    return made(
        "check",
        "Judge plans.\n\n"
        "PLAN is a plan document (`terraform show -json`, also .gz), a plan file (needs terraform or tofu), "
        "a .jsonl of documents, or - for stdin. Several give one report each and the worst exit code.\n\n"
        "Exit codes: 0 pass, 1 fail, 2 usage or settings, 3 the plan cannot be read, 4 a policy could not decide, "
        "5 plangate broke or an output could not be written, 7 a required message was not delivered.",
        (
            "plangate check plan.json",
            "plangate check plan.json --policy policies --env prod -f text -f json=report.json",
        ),
        [*params(table.CHECK), click.Argument(["plans"], nargs=-1, metavar="PLAN...")],
        action,
    )


def _config() -> Group:
    def show(values: dict[str, Any], streams: Streams) -> int:
        from .config_cmd import show

        return show(values, streams)

    command = made(
        "show",
        "Say what is in force.\n\nThe settings as a plangate.toml whose comments tell where each comes from.",
        ("plangate config show --env prod",),
        params(table.CONFIG_SHOW),
        show,
    )
    return grouped("config", "What is in force.", ("plangate config show --env prod",), [command])


def _policies() -> Group:
    def listed(values: dict[str, Any], streams: Streams) -> int:
        from .policies_cmd import list_policies

        return list_policies(values, streams)

    def shown(values: dict[str, Any], streams: Streams) -> int:
        from .policies_cmd import show_policy

        return show_policy(values.pop("id"), values, streams)

    def started(values: dict[str, Any], streams: Streams) -> int:
        from .new_policy import new_policy

        return new_policy(values["name"], values["dir"], streams)

    def captured(values: dict[str, Any], streams: Streams) -> int:
        from .capture import capture_change

        return capture_change(values.pop("plan"), values.pop("address"), values, streams)

    def tried(values: dict[str, Any], streams: Streams) -> int:
        from .try_policies import try_policies

        return try_policies(values.pop("path"), values, streams)

    commands = [
        made(
            "list",
            "List every policy there is.\n\nLEVEL is what the settings here make of a failure: advisory (shown), "
            "soft-mandatory or hard-mandatory (stops), off (left out).",
            ("plangate policies list --policy policies --select 'acme/*'",),
            params(table.POLICIES_LIST),
            listed,
        ),
        made(
            "show",
            "Explain one policy.",
            ("plangate policies show encryption/aws-efs-unencrypted",),
            [*params(table.POLICIES_SHOW), click.Argument(["id"], metavar="ID")],
            shown,
        ),
        made(
            "new",
            "Start a policy.\n\nNAME is PACK/FAULT. Writes DIR/PACK/FAULT.py, which works and has examples, and its "
            "tests for pytest beside it.",
            ("plangate policies new acme/queue-unencrypted",),
            [*params(table.POLICIES_NEW), click.Argument(["name"], metavar="NAME")],
            started,
        ),
        made(
            "test",
            "Run the examples of policies.\n\nThey are kept beside them: `examples()` in a policy's file, and plan "
            "documents FAULT.pass*.json, FAULT.fail*.json, FAULT.unknown*.json, or in a folder FAULT/. "
            "Exit 1 when one does not hold. Attributes that a policy reads and no example has are named, with the "
            "nearest word. Without PATH: the paths of the settings, else the folder policies.",
            ("plangate policies test policies",),
            [*params(table.POLICIES_TEST), click.Argument(["path"], required=False, metavar="PATH")],
            tried,
        ),
        made(
            "capture",
            "Write a fixture of one change.\n\nThe smallest plan document in which the built-in policies say of "
            "ADDRESS what they say in PLAN: the change, what it is joined to, and their configuration. Secrets are "
            "hidden; names, account numbers and addresses replaced, the same everywhere. Read it before you keep it.",
            ("plangate policies capture plan.json aws_sqs_queue.jobs -o policies/acme/queue-open.fail.json",),
            [
                *params(table.POLICIES_CAPTURE),
                click.Argument(["plan"], metavar="PLAN"),
                click.Argument(["address"], metavar="ADDRESS"),
            ],
            captured,
        ),
    ]
    return grouped("policies", "See, explain, start and test policies.", ("plangate policies list",), commands)
