"""One step: judge (or merge), comment, write the job's summary and the outputs; the exit code is the verdict's.

What is shown can fail without a word to the verdict; what is judged cannot.
"""

from __future__ import annotations

import os
import sys
import tempfile

from plangate.cli.main import run
from plangate.cli.options import CHECK, MERGE
from plangate.cli.streams import Streams
from plangate.errors import PlangateError, UsageError

from . import places, shown
from .inputs import PREFIX, Inputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .places import Files

# What later steps take as commands: nothing that is run here is told where those files are.
_CHANNELS = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")


class Heard(Streams):
    """Streams that remember the last error said, for a report where there is none."""

    heard: PlangateError | None = None

    def error(self, error: PlangateError) -> None:
        """Say it, and keep it."""
        self.heard = error
        super().error(error)


def step(environ: dict[str, str]) -> int:
    """Run it all; the exit code."""
    inner = {k: v for k, v in environ.items() if k not in _CHANNELS and not k.startswith(PREFIX)}
    streams = Heard(sys.stdin.buffer, sys.stdout, sys.stderr, inner)
    folder = tempfile.mkdtemp(prefix="plangate-", dir=environ.get("RUNNER_TEMP") or None)
    files = places.Files(folder, several=False)
    inputs = Inputs(environ)
    try:
        code, files = _judged(inputs, folder, environ, streams)
    except PlangateError as error:
        streams.error(error)
        code = error.exit_code
    except Exception as error:  # noqa: BLE001 - a traceback would end with 1, which is a verdict
        streams.say(f"plangate: internal error ({type(error).__name__})")
        code = 5
    reports = _reports(files, code, streams)
    code = _worse(code, reports)
    _told(inputs, files, reports, streams)
    sys.stdout.flush()
    shown.summary(reports, environ, wanted=_summary_wanted(inputs, streams))
    shown.outputs(reports, code, files, environ)
    return code


def _judged(inputs: Inputs, folder: str, environ: Mapping[str, str], streams: Heard) -> tuple[int, Files]:
    where = inputs.text("working-directory")
    if where:
        try:
            os.chdir(where)
        except OSError:
            raise UsageError("there is no such folder", where=where[:200], fix="look at working-directory") from None
    merging = inputs.lines("merge") or inputs.raw("expect")
    plans = inputs.files("plan")
    if bool(merging) == bool(plans):
        raise UsageError(
            "both plan and merge are given" if plans else "neither plan nor merge is given",
            where="inputs",
            fix="`plan: plan.json` judges, `merge: reports` puts reports together",
        )
    outcome = inputs.choice("plan-outcome", ("success", "failure", "cancelled", "skipped"))
    files = places.Files(folder, several=len(plans) > 1)
    formats = files.formats(inputs.lines("format"), annotations=inputs.choice("annotations", ("true", "false")))
    if merging:
        words = ["merge", *inputs.options(MERGE), *[f"--format={one}" for one in formats]]
        expected = inputs.raw("expect")
        words += [f"--expect={files.expected(expected)}"] if expected else []
        return run([*words, "--", *inputs.lines("merge")], streams), files
    if outcome != "success":
        from .failed import report

        report(plans, f"the step that makes it ended with {outcome}", inputs, formats, streams)
        return 3, files
    own = places.Own(inputs, environ, streams)
    words = ["check", *inputs.options(CHECK), *own.options(), *[f"--format={one}" for one in formats], "--", *plans]
    return run(words, own.streams), files


def _reports(files: Files, code: int, streams: Heard) -> list[dict[str, object]]:
    """The reports that were written; where there are none, one that says why."""
    from .failed import said

    found = files.reports()
    if found or code == 0:
        return found
    return [said(streams.heard, code, files, streams)]


def _worse(code: int, reports: list[dict[str, object]]) -> int:
    """The code of the run, never better than its reports."""
    from plangate.errors import worst

    codes = [one["exit_code"] for one in reports]
    return worst([code, *[one for one in codes if type(one) is int]])


def _told(inputs: Inputs, files: Files, reports: list[dict[str, object]], streams: Heard) -> None:
    """The sticky comment, where there is a pull request and nobody wrote it yet."""
    from .comment import comment

    try:
        comment(inputs, files, reports, streams)
    except PlangateError as error:
        streams.error(error)
    except Exception as error:  # noqa: BLE001 - what is shown does not change the verdict
        streams.say(f"plangate: comment: internal error ({type(error).__name__})")


def _summary_wanted(inputs: Inputs, streams: Heard) -> bool:
    """An input that is wrong is said; then there is one."""
    try:
        return inputs.choice("summary", ("true", "false")) == "true"
    except UsageError as error:
        streams.error(error)
        return True
