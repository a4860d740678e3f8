"""The program: arguments in, exit code out; every way not to judge ends here in one line."""

from __future__ import annotations

import gc
import os
import sys

from plangate.errors import PlangateError

from .quick import read as read_quickly
from .streams import Streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def run(arguments: list[str], streams: Streams) -> int:
    """Run one command line and return its exit code; nothing is raised but KeyboardInterrupt."""
    try:
        return _dispatch(arguments, streams)
    except PlangateError as error:
        streams.error(error)
        return error.exit_code
    except BrokenPipeError:
        return _reader_left(streams)
    except MemoryError:
        streams.say("plangate: memory ran out; judge fewer plans at once, or give the machine more")
        return 5
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        name = type(error).__name__
        streams.say(f"plangate: internal error ({name}); run it again with --debug and report what it prints")
        if "--debug" in arguments:
            _trace(error, streams)
        return 5


def _dispatch(arguments: list[str], streams: Streams) -> int:
    quick = read_quickly(arguments)
    if quick is not None:
        from .check import check

        _, plans, options = quick
        return check(plans, options, streams)
    from .commands import run_click

    return run_click(arguments, streams)


def _reader_left(streams: Streams) -> int:
    # The verdict is lost with the reader of it; a closed stdout must not look like a pass or a crash.
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError:
        pass
    return streams.verdict


def _trace(error: BaseException, streams: Streams) -> None:
    """Files, lines and functions; never the message or a local, which may hold values."""
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        streams.say(f"  {code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next


def main() -> NoReturn:
    """The console script."""
    gc.disable()  # a run is short and makes no cycles worth the search
    code = 5
    try:
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:  # the caller closed it: it holds nothing, and nobody reads it
                setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - until the end
        streams = Streams(sys.stdin.buffer, sys.stdout, sys.stderr, dict(os.environ))
        code = run(sys.argv[1:], streams)
        streams.clear()
    except KeyboardInterrupt:
        code = 130
    except BaseException:  # noqa: BLE001 - streams that are closed or broken
        code = 5
    # No teardown: the trees of a large plan cost as much to take down as to build.
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        pass
    os._exit(code)
