"""The commit that a run of GitHub Actions may trust, and how git may fetch it."""

from __future__ import annotations

import base64

from plangate.cli.prepush.changed import git
from plangate.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# They run on the default branch: GITHUB_SHA is its commit.
_ON_BASE = ("workflow_run", "issue_comment")


def base(environ: Mapping[str, str], known: Mapping[str, Any]) -> str | None:
    """The base commit of what is judged; None for runs that no change has a hand in beyond its own branch: push,
    schedule, workflow_dispatch. Raises UsageError where a change is judged and nobody says what its base is."""
    event = environ.get("GITHUB_EVENT_NAME", "")
    if known["base_commit"]:
        return str(known["base_commit"])
    if event in _ON_BASE or known["fork"]:
        return environ.get("GITHUB_SHA") or None
    if event == "merge_group" or event.startswith("pull_request"):
        raise UsageError(
            f"the event {event} does not say its base commit", where="trusted-ref", fix="give that commit, or none"
        )
    return None


def credentials(environ: Mapping[str, str], cwd: str) -> dict[str, str]:
    """Variables for git with which it may fetch from this server, where actions/checkout left none in the repository:
    the header that it writes itself. Two of them are one too many, and the server refuses."""
    token, server = environ.get("GITHUB_TOKEN"), environ.get("GITHUB_SERVER_URL", "https://github.com")
    if not token or not server.startswith("https://") or _has_header(cwd):
        return {}
    try:
        count = int(environ.get("GIT_CONFIG_COUNT") or 0)
    except ValueError:
        return {}
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": str(count + 1),
        f"GIT_CONFIG_KEY_{count}": f"http.{server.rstrip('/')}/.extraheader",
        f"GIT_CONFIG_VALUE_{count}": f"AUTHORIZATION: basic {basic}",
    }


def _has_header(cwd: str) -> bool:
    try:
        return git(cwd, "config", "--includes", "--get-regexp", r"^http\..*\.extraheader$")[0] == 0
    except UsageError:
        return True
