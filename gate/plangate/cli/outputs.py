"""Formats to streams and files: what was asked for, nothing else."""

from __future__ import annotations

import os

from plangate.errors import PlangateError, UsageError

from .inputs import S3
from .options import FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TextIO

    from .streams import Streams


MOST_PASSES = 5_000


class Output:
    """One -f: a format, and the file it goes to (None for stdout)."""

    __slots__ = ("file", "format")

    def __init__(self, format: str, file: str | None) -> None:
        self.format, self.file = format, file


def parse(formats: tuple[str, ...], several: bool) -> list[Output]:
    """The outputs that -f asks for, text to stdout when nothing is. Raises UsageError."""
    found: list[Output] = []
    for written in formats or ("text",):
        name, equals, file = written.partition("=")
        if name not in FORMATS:
            from plangate.decide.words import hint

            raise UsageError(f"there is no format {name[:40]!a}", where="--format", fix=hint(name, FORMATS, "formats"))
        if equals and not file:
            raise UsageError(
                f"{name}= names no file",
                where="--format",
                fix=f"write {name}=FILE, or {name} alone for stdout",
            )
        if file and several and "{n}" not in file and "{name}" not in file:
            raise UsageError(
                f"{file} would be written once for each plan",
                where="--format",
                fix="put {n} or {name} into the file's name",
            )
        found.append(Output(name, file or None))
    spoken = [o.format for o in found if o.file is None]
    if len(spoken) > 1 and sorted(spoken) != ["github", "text"]:
        raise UsageError(
            "two formats would go to stdout", where="--format", fix="give one of them a file: -f json=FILE"
        )
    files = [os.path.abspath(o.file) for o in found if o.file and o.file != os.devnull]
    if len(set(files)) != len(files):
        raise UsageError("two formats would go to the same file", where="--format", fix="give each a file of its own")
    return found


def spare(outs: list[Output], given: list[str]) -> None:
    """Raises UsageError where an output would be written over what it is made of."""
    inputs = {os.path.realpath(path) for path in given if path and path != "-"}
    for output in outs:
        if output.file is not None:
            for name in file_names(output.file, given) if "{" in output.file else [output.file]:
                if os.path.realpath(name) in inputs and not _is_stream(name):
                    raise UsageError(
                        f"{output.format} would be written over what it is made of",
                        where=name,
                        fix="give it a file of its own",
                    )


def file_names(pattern: str, paths: list[str]) -> list[str]:
    """The files of plans: `{n}` is a plan's number from 1, `{name}` a name made of its path, without folders.

    Where two plans would have one file, each gets its number behind its name: none is written over another.
    """
    names = [_name(path) for path in paths]
    for numbered in (False, True):
        if numbered:
            names = [f"{name}-{n}" for n, name in enumerate(names, 1)]
        made = [pattern.replace("{n}", str(n)).replace("{name}", name) for n, name in enumerate(names, 1)]
        if len(set(made)) == len(made):
            break
    return made


def _name(path: str) -> str:
    base = os.path.basename(path) or "plan"
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in base).lstrip(".") or "plan"


# Names of what is open already: nothing is to stand in their place.
_OPEN = ("/dev/fd/", "/dev/stderr", "/dev/stdout", "/proc/self/fd/")


def write_file(path: str, text: str) -> None:
    """Write all of `text` or nothing: beside it first, then renamed; readable by its owner alone.

    A device or pipe (/dev/null, /dev/stdout, what `>(...)` names) is written to as it is; `s3://bucket/key` is an
    object.
    """
    if path.startswith(S3):
        from .s3 import write

        write(path, text)
        return
    scratch = f"{path}.{os.getpid()}.tmp"
    try:
        there = _is_stream(path)
        flags = os.O_WRONLY | (os.O_APPEND if there else os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(os.open(path if there else scratch, flags, 0o600), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if not there:
            os.replace(scratch, path)
    except (OSError, ValueError) as error:
        try:
            os.unlink(scratch)
        except (OSError, ValueError):
            pass
        why = error.strerror if isinstance(error, OSError) else "no path"
        raise PlangateError(
            f"the file could not be written ({why})", where=path, fix="look at the folder and the disk"
        ) from None


def _is_stream(path: str) -> bool:
    if path.startswith(_OPEN):
        return True
    from stat import S_ISCHR, S_ISFIFO

    try:
        mode = os.lstat(path).st_mode  # a link is replaced, wherever it leads to
    except OSError:
        return False
    return S_ISCHR(mode) or S_ISFIFO(mode)


def view(options: dict[str, Any], streams: Streams, today: str) -> dict[str, Any]:
    """How text is shown here."""
    return {
        "verbose": options.get("verbose", False),
        "terminal": streams.terminal,
        "color": streams.color,
        "today": today,
        "show_passes": options.get("show_passes", False),
        "with_passes": False,  # they are in the report although nobody asked to see them
        "columns": streams.columns,
    }


def wanted_passes(outs: list[Output]) -> int:
    """How much of what passed a format lists unasked: a test report has a case for everything that was judged, as long
    as a person could still read it. What is not listed is counted, policy by policy."""
    return MOST_PASSES if any(output.format == "junit" for output in outs) else 0


def write_all(
    outs: list[Output],
    reports: list[dict[str, Any]],
    view: dict[str, Any],
    streams: Streams,
    quiet: bool,
    given: list[str],
) -> None:
    """Every output that was asked for. `given` are the arguments that the reports are of: one and one report make
    JSON an object, otherwise it is an array. Files come first, for stdout may have no reader. Raises PlangateError
    for a file that cannot be written, when all the others are."""
    one = len(given) == 1 and len(reports) == 1
    broken: PlangateError | None = None
    for output in outs:
        if output.file is not None:
            for name, text in _files(output, output.file, reports, view, one, given):
                try:
                    write_file(name, text)
                except PlangateError as error:
                    broken = broken or error
    streams.clear()  # stdout and stderr are one screen
    try:
        for output in outs:
            if output.file is None and not (quiet and output.format == "text"):
                emit(rendered(output, reports, view, one), streams.out)
    except BrokenPipeError:
        if broken is None:
            raise
    if broken is not None:
        raise broken


def _files(
    output: Output, pattern: str, reports: list[dict[str, Any]], view: dict[str, Any], one: bool, given: list[str]
) -> Iterator[tuple[str, str]]:
    """(name, text) of each file of one output."""
    if "{" not in pattern or one:
        yield file_names(pattern, given[:1])[0], rendered(output, reports, view, one)
    else:
        names = file_names(pattern, [str(report["plan"]["path"]) for report in reports])
        for name, report in zip(names, reports, strict=True):
            yield name, rendered(output, [report], view, one=True)


def rendered(output: Output, reports: list[dict[str, Any]], view: dict[str, Any], one: bool) -> str:
    """One format of one report, or of all of them on stdout."""
    if view["with_passes"] and output.format != "junit":
        reports = [{**r, "findings": [f for f in r["findings"] if f["outcome"] != "pass"]} for r in reports]
    if output.format == "text":
        from plangate.render.text import render as render_text

        how = {name: value for name, value in view.items() if name != "with_passes"}
        if len(reports) < 2:
            return "\n".join(render_text(report, **how) for report in reports)
        from plangate.render import roots

        table = roots.render(reports, color=view["color"], columns=view["columns"])
        return "\n".join([table, *(render_text(report, **how) for report in roots.sorted_by_verdict(reports))])
    if output.format == "json":
        from plangate.render.json import render as render_json

        return render_json(reports[0] if one else reports)
    from importlib import import_module

    text: str = import_module("plangate.render." + output.format.replace("-", "_")).render(reports)
    return text


def emit(text: str, stdout: TextIO) -> None:
    """Write to stdout; a reader that went away is no error, a full disk is."""
    try:
        stdout.write(text)
        stdout.flush()
    except BrokenPipeError:
        raise
    except UnicodeEncodeError:
        stdout.write(text.encode(stdout.encoding or "ascii", "backslashreplace").decode(stdout.encoding or "ascii"))
        stdout.flush()
    except OSError as error:
        raise PlangateError(f"stdout could not be written ({error.strerror})", fix="look at the disk") from None
