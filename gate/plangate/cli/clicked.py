"""Click in the house's manner: options from cli.options, help on our own stdout, errors of one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from plangate.decide.words import nearest
from plangate.errors import UsageError

from .outputs import emit as write

if TYPE_CHECKING:
    from .options import Option

HELP: dict[str, Any] = {"max_content_width": 100}
_SHOWN = 60  # characters of a wrong word that are repeated


def emit(context: click.Context, text: str) -> None:
    """Write what was asked for to stdout; a reader that leaves early is no error."""
    streams = context.find_root().obj
    streams.verdict = 0
    write(text, streams.out)


def _help(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        emit(context, context.get_help() + "\n")
        context.exit()


class _Helped(click.Command):
    """A command with --help on the streams that it was given."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:  # noqa: ARG002 - click's signature
        return click.Option(
            ["-h", "--help"], is_flag=True, is_eager=True, expose_value=False, callback=_help, help="Show this."
        )


class Group(_Helped, click.Group):
    """A group of commands, which does nothing by itself."""

    def __init__(self, name: str, **attributes: Any) -> None:
        super().__init__(name, invoke_without_command=True, **attributes)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Take a command in; plain ones become helped ones."""
        if type(cmd) is click.Command:
            cmd.__class__ = _Helped
        super().add_command(cmd, name)


class _Given(click.Option):
    """An option with a value: neither empty nor another option of the same command."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        given = value if isinstance(value, list | tuple) else (value,)
        for one in (word for word in given if isinstance(word, str)):
            if one == "":
                raise UsageError(f"{self.opts[-1]} is given an empty value", fix="give it one, or leave it out")
            if one.startswith("-") and one in {o for p in ctx.command.get_params(ctx) for o in p.opts}:
                raise UsageError(f"{self.opts[-1]} needs a value", fix=f"{one} after it is an option of its own")
        return super().process_value(ctx, value)


def params(options: tuple[Option, ...]) -> list[click.Parameter]:
    """The options of a command, as click knows them; each value under its `name`."""
    made: list[click.Parameter] = []
    for option in options:
        names = [*option.names, option.name]
        if option.kind == "flag":
            made.append(click.Option(names, is_flag=True, default=False, help=option.help))
            continue
        kind = click.Choice(option.choices) if option.choices else None
        made.append(_Given(names, type=kind, metavar=option.metavar, multiple=option.kind == "list", help=option.help))
    return made


# -- errors ----------------------------------------------------------------------------------------------


def one_line(error: click.ClickException, group: click.Group, arguments: list[str]) -> UsageError:
    """What click found wrong, in one line with the nearest right word."""
    context = getattr(error, "ctx", None)
    command, path = _meant(group, arguments) if context is None else (context.command, context.command_path)
    if isinstance(error, click.NoSuchOption):
        known = [o for p in command.get_params(context or click.Context(command)) for o in p.opts]
        word = _whole(error.option_name, arguments)
        near = nearest(word, [o for o in known if o.startswith("--")]) or (
            error.option_name if error.option_name != word and error.option_name in known else None
        )
        return UsageError(f"{path} has no option {_short(word)}", fix=_fix(near, path))
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        return _bad_value(error, arguments, path)
    if isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(context) if error.param and context else "an argument"
        return UsageError(f"{path} needs {name}", fix=f"`{path} --help` shows how")
    if isinstance(error, click.BadOptionUsage):
        what = "needs a value" if "requires" in error.message else "takes no value"
        return UsageError(f"{_short(error.option_name)} {what}", fix=f"`{path} --help` shows how")
    if isinstance(command, click.Group) and context is not None and "No such command" in error.message:
        word = _no_command(command, arguments, error.message)
        near = nearest(word, command.commands)
        return UsageError(f"there is no command {_short(word)}", fix=_command_fix(near, word, path, command))
    return UsageError(_sentence(error.message), fix=f"`{path} --help` shows how")


def _meant(group: click.Group, arguments: list[str]) -> tuple[click.Command, str]:
    """The command that the first words name, where click does not say."""
    command: click.Command = group
    path = "plangate"
    for word in arguments:
        if not isinstance(command, click.Group) or word not in command.commands:
            break
        command, path = command.commands[word], f"{path} {word}"
    return command, path


def _whole(name: str, arguments: list[str]) -> str:
    """The option as it was written: click names only the letter of `-xyz`."""
    for word in arguments:
        written = word.partition("=")[0]
        if written == name or (not name.startswith("--") and written.startswith("-") and name[1:] in written):
            return written if written.startswith("-") else name
    return name


def _no_command(command: click.Group, arguments: list[str], message: str) -> str:
    words = [a for a in arguments if a not in command.commands and repr(a) in message]
    return words[0] if words else message.partition("'")[2].rpartition("'")[0]


def _command_fix(near: str | None, word: str, path: str, command: click.Group) -> str:
    if near:
        return f'did you mean "{near}"?'
    if path == "plangate" and word.endswith((".json", ".gz", ".jsonl", ".tfplan")):
        return "`plangate check PLAN` judges a plan"
    return "commands: " + ", ".join(command.commands)


def _bad_value(error: click.BadParameter, arguments: list[str], path: str) -> UsageError:
    param = error.param
    if param is None or not isinstance(param.type, click.Choice):
        return UsageError(_sentence(error.message), fix=f"`{path} --help` shows how")
    choices = list(map(str, param.type.choices))
    name = param.opts[-1]
    word = _value_of(param.opts, arguments, choices)
    near = nearest(word.lower(), choices)
    fix = f'did you mean "{near}"?' if near else "one of " + ", ".join(choices)
    return UsageError(f"{name} {_short(word)} is not known", fix=fix)


def _value_of(names: list[str], arguments: list[str], choices: list[str]) -> str:
    """The first value of an option that is none of its choices."""
    for index, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if word in names:
            value = arguments[index + 1] if index + 1 < len(arguments) else ""
        elif not (equals and name in names):
            short = next((n for n in names if len(n) == 2 and word.startswith(n)), None)
            if short is None or word.startswith("--"):
                continue
            value = word[2:]
        if value not in choices:
            return value
    return ""


def _fix(near: str | None, path: str) -> str:
    return f'did you mean "{near}"?' if near else f"`{path} --help` shows them all"


def _short(text: str) -> str:
    from plangate.decide.toml_write import quoted

    return quoted(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def _sentence(message: str) -> str:
    text = " ".join(message.split()).rstrip(".")
    return text[:1].lower() + text[1:]


__all__ = ["HELP", "Group", "emit", "one_line", "params"]
