"""Write what a place needs: shown first, asked for on a terminal, and never over what is there."""

from __future__ import annotations

import json
import os

from plangate.cli.outputs import emit
from plangate.cli.prepush.changed import git
from plangate.decide.words import hint
from plangate.errors import PlangateError, UsageError
from plangate.render.inert import terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.cli.streams import Streams

_HERE = os.path.dirname(os.path.abspath(__file__))


def places() -> dict[str, dict[str, Any]]:
    """The places by name."""
    with open(os.path.join(_HERE, "places.json"), encoding="utf-8") as file:
        found: dict[str, dict[str, Any]] = json.load(file)["places"]
    return found


def templates() -> str:
    """The folder of examples/ci: the package brings it along, a checkout has it at its top."""
    packed = os.path.join(_HERE, "templates")
    top = os.path.abspath(os.path.join(_HERE, *[os.pardir] * 4))
    return packed if os.path.isdir(packed) else os.path.join(top, "examples", "ci")


def init(name: str | None, options: dict[str, Any], streams: Streams) -> int:
    """Show what would be written, and write it. Raises UsageError for a place that is none, and for files that are
    there with another content; then nothing is written."""
    table = places()
    code, said = git(".", "rev-parse", "--show-toplevel")
    top = said.splitlines()[0] if code == 0 and said else os.getcwd()
    if name is None:
        name = _choose(table, _found(table, top), streams)
    if name not in table:
        raise UsageError(f"there is no place {name[:40]!a}", where="init", fix=hint(name, table, "places"))
    if name == "pre-push" and code != 0:
        raise UsageError("this is no working tree of git", where="init pre-push", fix="run it in a repository")
    new, other = _files(table[name], top, streams)
    if other:
        fix = "put what is shown into it by hand"
        raise UsageError("there is something else already: nothing was written", where=", ".join(other), fix=fix)
    streams.verdict = 0
    if not new:
        streams.say(f"plangate: {table[name]['title']}: everything is there already")
        return 0
    if options["dry_run"] or not _agreed(len(new), options, streams):
        return 0
    for target, text in new.items():
        _write(top, target, text, target in _named(table[name]["executable"], top))
        streams.say(f"plangate: wrote {terminal(target)}")
    for line in table[name]["next"]:
        streams.say(f"plangate: next: {line}")
    return 0


def _found(table: dict[str, dict[str, Any]], top: str) -> list[str]:
    """The places that this repository looks like."""
    code, address = git(top, "remote", "get-url", "origin")
    host = _host(address) if code == 0 else ""
    names = []
    for name, place in table.items():
        for sign in place["found"]:
            kind, colon, part = sign.partition("host:")
            if (colon and part in host) or (kind and os.path.lexists(os.path.join(top, kind))):
                names.append(name)
                break
    return names


def _host(address: str) -> str:
    """The host of an address that git clones from: https://USER@HOST/..., ssh://USER@HOST:PORT/..., USER@HOST:..."""
    place = address.strip().partition("://")[2] or address.strip()
    return place.partition("/")[0].rpartition("@")[2].partition(":")[0].lower()


def _choose(table: dict[str, dict[str, Any]], found: list[str], streams: Streams) -> str:
    """The place, where none was named: the only one it can be, or what somebody answers."""
    if _talks(streams):
        streams.say("plangate: " + ", ".join([f"{name} ({place['title']})" for name, place in table.items()]))
        answer = _ask(f"where should it run? [{found[0] if found else 'pre-push'}] ", streams)
        return answer or (found[0] if found else "pre-push")
    if len(found) == 1:
        return found[0]
    seen = f"this may be {' or '.join(found)}" if found else "it is not plain where plangate should run"
    raise UsageError(seen, where="init", fix=f"name one: {', '.join(table)}")


def _files(place: dict[str, Any], top: str, streams: Streams) -> tuple[dict[str, str], list[str]]:
    """({target: text} that is missing, targets that are something else); every difference is shown."""
    from difflib import unified_diff

    new, other = {}, []
    for target, template in zip(_named(place["files"], top), place["files"].values(), strict=True):
        with open(os.path.join(templates(), template), encoding="utf-8") as file:
            text = file.read()
        path = os.path.join(top, target)
        there: str | None = None
        if os.path.lexists(path):
            try:
                with open(path, encoding="utf-8", errors="replace") as file:
                    there = file.read()
            except OSError:
                there = ""
        if there == text:
            continue
        before = [] if there is None else there.splitlines(keepends=True)
        name = "/dev/null" if there is None else f"a/{target}"
        lines = unified_diff(before, text.splitlines(keepends=True), name, f"b/{target}")
        emit("".join([terminal(line.rstrip("\n")) + "\n" for line in lines]), streams.out)
        if there is None:
            new[target] = text
        else:
            other.append(target)
    return new, other


def _named(targets: Any, top: str) -> list[str]:
    """Targets with git's own folder of hooks filled in."""
    hooks = ".git/hooks"
    if any("{hooks}" in target for target in targets):
        code, said = git(top, "rev-parse", "--git-path", "hooks")
        hooks = said.splitlines()[0] if code == 0 and said else hooks
    return [target.replace("{hooks}", hooks) for target in targets]


def _agreed(count: int, options: dict[str, Any], streams: Streams) -> bool:
    if options["yes"] or not _talks(streams):
        return True
    return _ask(f"write {'this file' if count == 1 else f'these {count} files'}? [Y/n] ", streams) in ("", "y", "yes")


def _talks(streams: Streams) -> bool:
    return streams.terminal and streams.input.isatty()


def _ask(question: str, streams: Streams) -> str:
    streams.err.write(f"plangate: {question}")
    streams.err.flush()
    return streams.input.readline().decode("utf-8", "replace").strip().lower()


def _write(top: str, target: str, text: str, executable: bool) -> None:
    """A new file; what appeared meanwhile is left alone. Raises PlangateError."""
    path = os.path.join(top, target)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(
            os.open(path, flags, 0o777 if executable else 0o666), "w", encoding="utf-8", newline="\n"
        ) as file:
            file.write(text)
    except OSError as error:
        raise PlangateError(
            f"it could not be written ({error.strerror})", where=target, fix="look at the folder"
        ) from None
