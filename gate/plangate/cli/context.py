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
_REPOSITORY = ("GITHUB_REPOSITORY", "CI_PROJECT_PATH", "BUILD_REPOSITORY_NAME")
_WORKFLOW = ("GITHUB_WORKFLOW", "CI_JOB_NAME", "JOB_NAME", "BUILD_DEFINITIONNAME", "BUILDKITE_PIPELINE_SLUG")
_PULL_REQUEST = (
    "CI_MERGE_REQUEST_IID", "CHANGE_ID", "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "BUILDKITE_PULL_REQUEST",
    "CODEBUILD_WEBHOOK_TRIGGER",
)  # fmt: skip
# The page of the run, by the program that runs it: GitLab, CodeBuild, Jenkins, CircleCI, Buildkite.
_URL = (
    "CI_JOB_URL", "CI_PIPELINE_URL", "CODEBUILD_BUILD_URL", "CODEBUILD_PUBLIC_BUILD_URL", "BUILD_URL",
    "CIRCLE_BUILD_URL", "BUILDKITE_BUILD_URL",
)  # fmt: skip


def context(environ: Mapping[str, str], cwd: str, now: float) -> dict[str, Any]:
    """{id, started_at, environment, repository, commit, ref, pull_request, workflow, url, actor}; None where it is not
    known."""
    import time

    return {
        "id": os.urandom(8).hex(),
        "started_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        "environment": None,
        "repository": _first(environ, _REPOSITORY),
        "commit": _first(environ, _COMMIT),
        "ref": _first(environ, _BRANCH) or _head(cwd),
        "pull_request": pull_request(environ),
        "workflow": _first(environ, _WORKFLOW),
        "url": _run_url(environ),
        "actor": _first(environ, _ACTOR),
    }


def pull_request(environ: Mapping[str, str]) -> str | None:
    """The number of the pull or merge request."""
    ref = environ.get("GITHUB_REF", "")
    written = ref.split("/")[2] if ref.startswith("refs/pull/") else _first(environ, _PULL_REQUEST) or ""
    written = written.removeprefix("pr/")
    if not written and environ.get("GITHUB_EVENT_NAME", "").startswith("pull_request"):
        written = _event_number(environ.get("GITHUB_EVENT_PATH", ""))
    return written if written.isascii() and written.isdigit() and len(written) < 12 else None


def _event_number(path: str) -> str:
    """The number in GitHub's event file: a `pull_request_target` runs on the base branch and has no other trace."""
    import json

    try:
        with open(path, "rb") as file:
            event = json.loads(file.read(1 << 24))
        return str(event.get("number") or "")
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""


def links(environ: Mapping[str, str]) -> dict[str, str | None]:
    """{pull_request}: the page of the pull or merge request, None where it is not known."""
    number = pull_request(environ)
    server, repository = environ.get("GITHUB_SERVER_URL"), environ.get("GITHUB_REPOSITORY")
    page = environ.get("CI_MERGE_REQUEST_PROJECT_URL")
    if number and server and repository:
        return {"pull_request": f"{server}/{repository}/pull/{number}"}
    if number and page:
        return {"pull_request": f"{page}/-/merge_requests/{number}"}
    return {"pull_request": environ.get("CHANGE_URL")}


def in_ci(environ: Mapping[str, str]) -> bool:
    """Whether a CI service runs this."""
    said = environ.get("CI", "").lower()
    return said not in ("", "0", "false", "no") or any(environ.get(n) for n in ("TF_BUILD", "CODEBUILD_BUILD_ID"))


def _run_url(environ: Mapping[str, str]) -> str | None:
    server, repository, run = (environ.get(f"GITHUB_{n}") for n in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    if server and repository and run:
        attempt = environ.get("GITHUB_RUN_ATTEMPT", "1")
        return f"{server}/{repository}/actions/runs/{run}" + (f"/attempts/{attempt}" if attempt != "1" else "")
    server, project, run = (environ.get(n) for n in ("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "BUILD_BUILDID"))
    if server and project and run:
        from urllib.parse import quote

        return f"{server.rstrip('/')}/{quote(project)}/_build/results?buildId={run}"
    return _first(environ, _URL)


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
