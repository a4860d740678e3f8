"""`plangate config show`: what is in force, and where each setting comes from."""

from __future__ import annotations

import os
import time

from plangate.decide.show import render_config

from .context import branch_of, context
from .inforce import settings_for
from .outputs import emit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .streams import Streams


def show(options: dict[str, Any], streams: Streams) -> int:
    """Print the settings of a run from here. Raises UsageError for whatever is wrong with the files."""
    now = time.time()
    cwd = os.getcwd()
    facts = {"workspace": None, "path": None, "branch": branch_of(context(streams.environ, cwd, now))}
    settings = settings_for(options, streams, cwd, facts)
    if settings.notify is not None:
        from .tell import notifiers

        notifiers(settings, streams.environ)  # what a kind does not know is said here, too
    streams.verdict = 0
    emit(render_config(settings, time.strftime("%Y-%m-%d", time.gmtime(now))), streams.out)
    return 0
