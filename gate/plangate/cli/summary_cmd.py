"""`plangate summary PLAN`: what a plan would change, in 25 lines; nothing is judged."""

from __future__ import annotations

import os
import time

from plangate.run import describe_plan

from . import inputs, outputs
from .context import branch_of, context
from .inforce import settings_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .streams import Streams


def summary(path: str, options: dict[str, Any], streams: Streams) -> int:
    """Print what each plan of a PLAN argument would change. Raises PlanError for what is no whole plan."""
    cwd, now = os.getcwd(), time.time()
    run = context(streams.environ, cwd, now)
    facts = {"workspace": None, "path": path, "branch": branch_of(run)}
    settings = settings_for({**options, "select": (), "ignore": ()}, streams, cwd, facts)
    limit = settings.limits.plan_mib * 1024 * 1024
    view = outputs.view(options, streams, time.strftime("%Y-%m-%d", time.gmtime(now)))
    shown = []
    for given in inputs.plans(path, streams.input, options, limit, streams.environ):
        report = describe_plan(
            given, settings, run, allow_incomplete=options["allow_incomplete"], values=options["show_values"]
        )
        shown.append(outputs.rendered(outputs.Output("text", None), [report], view, one=True))
    streams.verdict = 0
    outputs.emit("\n".join(shown), streams.out)
    return 0
