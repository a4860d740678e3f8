"""What GitHub's event file adds: the pull request's number, its head commit instead of the merge commit, a fork; what a
merge queue puts a change behind.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from .facts import fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_MOST = 32 << 20  # bytes of an event file; GitHub's payloads end at 25 MB


def event(environ: Mapping[str, str]) -> Any:
    """The parsed event file of a run on a change or after a workflow, None for other runs and without one."""
    name = environ.get("GITHUB_EVENT_NAME", "")
    if not name.startswith("pull_request") and name not in ("workflow_run", "issue_comment", "merge_group"):
        return None
    import json

    try:
        with open(environ.get("GITHUB_EVENT_PATH", ""), "rb") as file:
            return json.loads(file.read(_MOST))
    except (OSError, ValueError, RecursionError):
        return None


def add(found: dict[str, Any], given: Any, name: str) -> None:
    """Put what the event `given`, called `name`, says into the facts of a run."""
    if name == "workflow_run":
        _after_workflow(found, _at(given, "workflow_run"))
        return
    if name == "merge_group":
        _put(found, "base_commit", _at(given, "merge_group", "base_sha"))
        return
    if name == "issue_comment":
        # It runs on the default branch: what the comment is about is known by its number only.
        if _at(given, "issue", "pull_request") is not None:
            _put(found, "pull_request", _at(given, "issue", "number"))
            _put(found, "pull_request_url", _at(given, "issue", "pull_request", "html_url"))
        return
    pull = _at(given, "pull_request")
    _put(found, "pull_request", _at(given, "number") or _at(pull, "number"))
    _put(found, "pull_request_url", _at(pull, "html_url"))
    _put(found, "commit", _at(pull, "head", "sha"))
    _put(found, "ref", _at(pull, "head", "ref"))
    _put(found, "base_ref", _at(pull, "base", "ref"))
    _put(found, "base_commit", _at(pull, "base", "sha"))
    base, head = _at(pull, "base", "repo", "full_name"), _at(pull, "head", "repo", "full_name")
    # The repository of a fork that was deleted is null.
    found["fork"] = isinstance(base, str) and base != head


def _after_workflow(found: dict[str, Any], run: Any) -> None:
    """A run after another workflow: the commit is the one that workflow ran for."""
    _put(found, "commit", _at(run, "head_sha"))
    _put(found, "ref", _at(run, "head_branch"))
    pulls = _at(run, "pull_requests")
    first = pulls[0] if isinstance(pulls, list) and pulls else None
    _put(found, "pull_request", _at(first, "number"))  # of a fork GitHub lists none
    _put(found, "base_ref", _at(first, "base", "ref"))
    _put(found, "base_commit", _at(first, "base", "sha"))
    base, head = _at(run, "repository", "full_name"), _at(run, "head_repository", "full_name")
    found["fork"] = isinstance(base, str) and base != head


def _put(found: dict[str, Any], name: str, value: object) -> None:
    if type(value) is int:
        value = str(value)
    if isinstance(value, str):
        found[name] = fact(name, value) or found[name]


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
