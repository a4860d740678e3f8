"""What is known of the run from where it runs: values for policies and the report, never read by a policy itself."""

from __future__ import annotations

import os

from plangate.context import ci, git
from plangate.context.facts import root
from plangate.context.run import facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

# The facts that the report's `run` holds; it has `id`, `started_at` and `environment` besides.
RUN = (
    "repository", "commit", "ref", "base_ref", "pull_request", "fork", "workflow", "url", "actor", "ci", "server",
    "root",
)  # fmt: skip


def context(environ: Mapping[str, str], cwd: str, now: float, given: Iterable[str] = ()) -> dict[str, Any]:
    """The report's `run`; None where something is not known. `given` are the values of --run. Raises UsageError."""
    return run_of(facts(environ, cwd, given), now)


def run_of(known: Mapping[str, Any], now: float) -> dict[str, Any]:
    """The report's `run` from the facts of context.run."""
    import time

    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    start = {"id": os.urandom(8).hex(), "started_at": started, "environment": None}
    return start | {name: known[name] for name in RUN}


def branch_of(run: Mapping[str, Any]) -> str | None:
    """The branch that chooses the environment: the one a pull request would change, not the one its author names."""
    found: str | None = run["base_ref"] or run["ref"]
    return found


def links(environ: Mapping[str, str], given: Iterable[str]) -> dict[str, str | None]:
    """{pull_request}: the page of the pull or merge request, None where it is not known. `given` as for `context`."""
    return {"pull_request": facts(environ, os.getcwd(), given)["pull_request_url"]}


def in_ci(environ: Mapping[str, str]) -> bool:
    """Whether a CI service runs this."""
    said = environ.get("CI", "").lower()
    return said not in ("", "0", "false", "no") or ci.recognised(environ) is not None


def root_of(path: str, options: Mapping[str, Any], cwd: str) -> str | None:
    """The root module's folder of a plan, from the top of the repository: --chdir, --source, or the plan's own folder
    or the working directory where that holds configuration; None where none of it says."""
    named = options.get("chdir") or options.get("source")
    places = [named] if named else [os.path.dirname(path) if path != "-" else "", ""]
    top = git.top(cwd) or os.path.realpath(cwd)
    for place in places:
        folder = os.path.realpath(os.path.join(cwd, place))
        if folder != top and not folder.startswith(top.rstrip(os.sep) + os.sep):
            continue
        if named or _configured(folder):
            return root(os.path.relpath(folder, top))
    return None


def _configured(folder: str) -> bool:
    try:
        return any(name.endswith((".tf", ".tf.json", ".tofu")) or name == ".terraform" for name in os.listdir(folder))
    except OSError:
        return False
