"""The commit that a run of GitHub Actions may trust, and how git may fetch it."""

from __future__ import annotations

import base64
import json
import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# They run on the default branch: GITHUB_SHA is its commit.
_ON_BASE = ("workflow_run", "issue_comment")


def base(environ: Mapping[str, str], known: Mapping[str, Any]) -> str | None:
    """The base commit of what is judged; None for runs that no change has a hand in beyond its own branch: push,
    schedule, workflow_dispatch."""
    event = environ.get("GITHUB_EVENT_NAME", "")
    if known["base_commit"]:
        return str(known["base_commit"])
    if event == "merge_group":
        return _merge_group(environ)
    if event in _ON_BASE or known["fork"]:
        return environ.get("GITHUB_SHA") or None
    return None


def _merge_group(environ: Mapping[str, str]) -> str | None:
    """`merge_group.base_sha` (docs.github.com, "Webhook events and payloads"): the head of what it is queued behind."""
    try:
        with open(environ.get("GITHUB_EVENT_PATH", ""), "rb") as file:
            found = json.loads(file.read(32 << 20))["merge_group"]["base_sha"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) and found.isalnum() else None


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
        command = ["git", "config", "--includes", "--get-regexp", r"^http\..*\.extraheader$"]
        done = subprocess.run(command, cwd=cwd, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return True
    return done.returncode == 0
