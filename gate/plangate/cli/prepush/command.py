"""The command: each root that a push touches, judged; what could not be is no pass."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from plangate.cli.check import check
from plangate.cli.options import CHECK, defaults
from plangate.errors import PlanError, PlangateError, UsageError, worst
from plangate.plan import show

from . import changed as told
from .roots import Root, roots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.cli.streams import Streams

SKIP = "to push without it this once: git push --no-verify (with pre-commit: SKIP=plangate git push)"
_ALLOW = "plan it (terraform plan -out=tfplan), or let us: git config plangate.plan true"
_SECONDS = 1800  # of one `terraform plan`


def pre_push(arguments: list[str], options: dict[str, Any], streams: Streams) -> int:
    """Judge; the worst exit code. `arguments` are git's: the remote's name and address. Raises UsageError."""
    top = told.top()
    # git writes what is pushed to a pipe. A terminal or a file would be read as a push of nothing.
    lines = streams.input.read().decode("utf-8", "replace").splitlines() if arguments and _piped() else []
    changed = told.changed(top, streams.environ, lines, arguments[0] if arguments else "")
    if arguments and changed is None and _piped():
        changed = set()
    found, lonely = roots(top, told.tracked(top), changed)
    for name in lonely[:5]:
        streams.say(f"plangate: {_plain(name)} belongs to no root that was initialised here: it is not judged")
    if not found:
        streams.say("plangate: no root module is touched: nothing to judge")
        return 0
    os.chdir(top)
    may = options["plan"] or told.allowed(top)
    codes = [_root(root, may, options, streams) for root in found]
    streams.verdict = worst(codes)
    if streams.verdict != 0:
        streams.say(f"plangate: {SKIP}")
    return streams.verdict


def _root(root: Root, may: bool, options: dict[str, Any], streams: Streams) -> int:
    name = _plain(root.folder or ".")
    try:
        if may:
            with tempfile.TemporaryDirectory(prefix="plangate-") as private:
                made = os.path.join(private, "tfplan")
                _make(root, made, options, streams)
                return _judge(made, root, options, streams)
        if root.plan is None:
            raise PlanError("there is no plan", where=name, fix=_ALLOW)
        if root.newer is not None:
            what = f"this plan is older than {_plain(root.newer)}"
            raise PlanError(what, where=_plain(root.plan), fix=_ALLOW)
        return _judge(root.plan, root, options, streams)
    except PlangateError as error:
        streams.error(error)
        return error.exit_code


def _judge(plan: str, root: Root, options: dict[str, Any], streams: Streams) -> int:
    given = {name: options[name] for name in ("config", "env", "checkov", "fail_on", "terraform", "debug")}
    values = {**defaults(CHECK), **given, "chdir": root.folder or ".", "no_notify": True}
    return check([plan], values, streams)


def _make(root: Root, made: str, options: dict[str, Any], streams: Streams) -> None:
    """Ask Terraform for a plan. It runs providers and what the configuration makes it run, with the user's rights.
    Raises PlanError."""
    program = show.program(options["terraform"], streams.environ)
    if program is None:
        what = f"{options['terraform'] or 'terraform and tofu'}: not on PATH"
        raise UsageError(what, where="--plan", fix="name one with --terraform PATH")
    streams.progress(f"{os.path.basename(program)} plan in {root.folder or '.'} ...")
    words = [program, "plan", "-input=false", "-lock=false", "-no-color", f"-out={made}"]
    environ = {**streams.environ, "TF_IN_AUTOMATION": "1"}
    folder = root.folder or "."
    try:
        done = subprocess.run(words, cwd=folder, env=environ, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        why = getattr(error, "strerror", None) or f"it took more than {_SECONDS} seconds"
        raise PlanError(f"terraform plan did not end: {why}", where=_plain(folder), fix="run it by hand") from None
    finally:
        streams.clear()
    if done.returncode != 0:
        said = show.first_line(done.stderr) or f"exit code {done.returncode}"
        raise PlanError(f"terraform plan failed: {said}", where=_plain(folder), fix="run it by hand")


def _piped() -> bool:
    return not sys.stdin.isatty()


def _plain(path: str) -> str:
    """A path as text: what is no UTF-8 in it is escaped."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
