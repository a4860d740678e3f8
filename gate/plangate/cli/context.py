"""What is known of the run from its environment: values for policies and the report, never read by a policy itself."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_BRANCH = ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "CODEBUILD_WEBHOOK_HEAD_REF")
_COMMIT = ("GITHUB_SHA", "CI_COMMIT_SHA", "CODEBUILD_RESOLVED_SOURCE_VERSION")
_ACTOR = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "CODEBUILD_INITIATOR", "USER", "USERNAME")
_REPOSITORY = ("GITHUB_REPOSITORY", "CI_PROJECT_PATH")


def context(environ: Mapping[str, str], cwd: str, now: float) -> dict[str, Any]:
    """{id, started_at, environment, repository, commit, ref, url, actor}; None where it is not known."""
    import time

    return {
        "id": os.urandom(8).hex(),
        "started_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        "environment": None,
        "repository": _first(environ, _REPOSITORY),
        "commit": _first(environ, _COMMIT),
        "ref": _first(environ, _BRANCH) or _head(cwd),
        "url": None,
        "actor": _first(environ, _ACTOR),
    }


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((environ[name] for name in names if environ.get(name)), None)


def _head(cwd: str) -> str | None:
    """The branch that is checked out, by `.git/HEAD`."""
    folder = cwd
    while True:
        head = os.path.join(folder, ".git", "HEAD")
        try:
            with open(head, encoding="utf-8") as file:
                line = file.readline(500).strip()
            return line.removeprefix("ref: refs/heads/") if line.startswith("ref: refs/heads/") else None
        except (OSError, UnicodeDecodeError):
            parent = os.path.dirname(folder)
            if parent == folder:
                return None
            folder = parent
