"""Read a plain command line without click, whose import costs three starts of Python.

Anything that is not plain (an unknown option, a missing value, --help) is left to click, which says what is wrong.
"""

from __future__ import annotations

from .options import BY_COMMAND, defaults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def read(arguments: list[str]) -> tuple[str, list[str], dict[str, Any]] | None:
    """(command, positional arguments, options) of a plain command line, None for click to read it."""
    if not arguments or arguments[0] not in BY_COMMAND:
        return None
    options = BY_COMMAND[arguments[0]]
    by_name = {name: option for option in options for name in option.names}
    values = defaults(options)
    plain: list[str] = []
    rest = iter(arguments[1:])
    for word in rest:
        if word == "--":
            plain += rest
            break
        if not word.startswith("-") or word == "-":
            plain.append(word)
            continue
        name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        option = by_name.get(name)
        if option is None or (option.kind == "flag") == bool(equals):
            if option is None or option.kind == "flag":
                return None
            value = next(rest, "")
        if option.kind == "flag":
            values[option.name] = True
        elif not value or value.startswith("-") or (option.choices and value not in option.choices):
            return None
        elif option.kind == "list":
            values[option.name] = (*values[option.name], value)
        else:
            values[option.name] = value
    return (arguments[0], plain, values) if plain and all(plain) else None
