"""How GitHub's runner finds commands in the output of a step (actions/runner, ActionCommand.cs and
ActionCommandManager.cs): for every line first the form `::name key=value::data`, then the old `##[name key=value]data`.
"""

from __future__ import annotations

from typing import NamedTuple

REGISTERED = {
    "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "internal-set-repo-path",
    "notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
}  # fmt: skip
# What .NET's TrimStart takes for white space (Char.IsWhiteSpace).
_BLANK = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
_BLANK += "\u202f\u205f\u3000"
_PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
_DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
_OLD = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%"))


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def commands(output: str) -> list[Command]:
    """Every command in an output; a line ends at CR or LF, as the runner reads its streams."""
    lines = output.replace("\r", "\n").split("\n")
    return [found for line in lines if (found := new(line) or old(line)) is not None]


def new(line: str) -> Command | None:
    line = line.lstrip(_BLANK)
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    return _made(line[2:end], ",", _PROPERTY, _unescaped(line[end + 2 :], _DATA))


def old(line: str) -> Command | None:
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    return _made(line[start + 3 : end], ";", _OLD, _unescaped(line[end + 1 :], _OLD))


def _made(info: str, comma: str, escapes: tuple[tuple[str, str], ...], data: str) -> Command | None:
    name, _, rest = info.partition(" ")
    if name.lower() not in REGISTERED:
        return None
    pairs = [pair.partition("=") for pair in rest.strip().split(comma) if pair]
    return Command(name.lower(), {k: _unescaped(v, escapes) for k, equals, v in pairs if equals}, data)


def _unescaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for token, char in escapes:
        text = text.replace(token, char)
    return text
