"""What the quick reader takes, click takes alike; help and errors of the command line."""

from __future__ import annotations

from typing import Any

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plangate.cli import quick
from plangate.cli.commands import program
from plangate.cli.options import CHECK
from plangate.errors import UsageError
from plangate.version import VERSION

from .conftest import Gate

NAMES = [name for option in CHECK for name in option.names]


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> list[list[str]]:
    inner = command.commands if isinstance(command, click.Group) else {}
    return [list(path), *(found for name, one in inner.items() for found in _commands(one, (*path, name)))]


COMMANDS = _commands(program())


def by_click(arguments: list[str]) -> tuple[list[str], dict[str, Any]] | None:
    """(plans, options) of `check` as click reads them, None when it refuses."""
    command = program().commands["check"]
    try:
        values = command.make_context("check", arguments[1:], obj=None).params
    except (click.ClickException, UsageError):
        return None
    return list(values.pop("plans")), values


words = st.one_of(
    st.sampled_from(["plan.json", "-", "--", "", "high", "none", "all", "changed", "json", "-vq", "-fjson", "--x"]),
    st.sampled_from(NAMES),
    st.builds("{}={}".format, st.sampled_from(NAMES), st.sampled_from(["", "all", "high", "-v", "a=b", "-"])),
)


@given(st.lists(words, max_size=7))
@example(["--config=-v", "p"])
@example(["-v=", "p"])
@example(["--select=", "p"])
def test_quick_and_click_read_the_same(given: list[str]) -> None:
    arguments = ["check", *(word for word in given if word not in ("-h", "--help"))]
    read = quick.read(arguments)
    if read is not None:
        command, plans, options = read
        assert command == "check"
        assert by_click(arguments) == (plans, options)


@pytest.mark.parametrize("order", [["p.json", "--scope", "all", "-v"], ["--scope", "all", "-v", "p.json"]])
def test_options_stand_before_or_after_arguments(order: list[str]) -> None:
    plans, options = by_click(["check", *order]) or ([], {})
    assert (plans, options["scope"], options["verbose"]) == (["p.json"], "all", True)
    read = quick.read(["check", *order])
    assert read is not None
    assert read[1:] == (plans, options)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_everywhere_with_an_example(gate: Gate, command: list[str], flag: str) -> None:
    came = gate.run(*command, flag)
    assert (came.code, came.err) == (0, "")
    assert came.out.startswith(f"Usage: {' '.join(['plangate', *command])}")
    assert "Example:\n    " in came.out
    assert all(len(line) <= 100 for line in came.out.splitlines())


def test_version(gate: Gate) -> None:
    came = gate.run("--version")
    assert (came.code, came.out, came.err) == (0, f"plangate {VERSION}\n", "")


@pytest.mark.parametrize("command", [[], ["config"], ["policies"]], ids=" ".join)
def test_no_command_is_help_and_no_success(gate: Gate, command: list[str]) -> None:
    came = gate.run(*command)
    assert came.code == 2
    assert "Commands:" in came.out
    assert "no command" in came.line


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["chek", "plan.json"], '"check"'),
        (["plan.json"], "plangate check PLAN"),
        (["frobnicate"], "check, render, merge, summary, config, policies"),
        (["policies", "lst"], '"list"'),
        (["config", "shw"], '"show"'),
        (["--verson"], '"--version"'),
        (["policies", "list", "--selct", "x"], '"--select"'),
        (["policies", "show"], "ID"),
        (["policies", "show", "a/b", "c/d"], "c/d"),
        (["policies", "list", "-f", "yaml"], "text, json"),
        (["config", "show", "plan.json"], "plan.json"),
        (["check", "p", "--" + "x" * 5000], "--help"),
        (["\x1b[31m\n::error::"], "check, render, merge, summary, config, policies"),
    ],
)
def test_a_wrong_word_is_one_line_with_the_nearest_right_one(gate: Gate, arguments: list[str], word: str) -> None:
    came = gate.run(*arguments)
    assert (came.code, came.out) == (2, "")
    assert word in came.line
    assert "\x1b" not in came.line
    assert len(came.line) < 300


def test_config_show_says_where_each_setting_comes_from(gate: Gate) -> None:
    gate.write("plangate.toml", 'fail_on = "low"\n\n[environments.prod]\nbranch = ["main"]\n')
    came = gate.run("config", "show", "-e", "prod", "--scope", "all")
    assert (came.code, came.err) == (0, "")
    assert 'fail_on = "low"  # plangate.toml:1' in came.out
    assert 'scope = "all"  # --scope' in came.out
    assert "# environment: prod (--env)" in came.out
    assert gate.run("config", "show", "-e", "prd").code == 2
    (gate.folder / "plangate.toml").unlink()
    assert gate.run("config", "show").code == 0
    assert gate.run("config", "show", "--require-config").code == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_may_break_takes_debug(command: list[str]) -> None:
    found: click.Command = program()
    for name in command:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    if not isinstance(found, click.Group):
        assert "--debug" in {word for parameter in found.params for word in parameter.opts}
