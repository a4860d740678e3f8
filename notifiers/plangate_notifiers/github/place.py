"""Where a result belongs: repository, pull request and head commit, by what the job's environment says."""

from __future__ import annotations

import json
import os
import re

from plangate.notify.api import DeliveryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Channel, Message

_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_MERGE = re.compile(r"refs/pull/([0-9]{1,18})/(?:merge|head)")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_EVENT = 16 * 1024 * 1024  # bytes of an event file that are read


class Place:
    """`repository` (owner/name), `number` of the pull request (None: none), `head` commit (None: not known), `fork`:
    whether the change comes from another repository."""

    __slots__ = ("fork", "head", "number", "repository")

    def __init__(self, repository: str, number: str | None, head: str | None, fork: bool) -> None:
        self.repository, self.number, self.head, self.fork = repository, number, head, fork


def place(message: Message, channel: Channel) -> Place:
    """Settings before the event that started the job, before what is known of the run. Raises DeliveryError."""
    settings, environ = channel.settings, channel.environ
    repository = settings["repository"] or message.run.repository or ""
    if not _REPOSITORY.fullmatch(repository) or ".." in repository:
        fix = "set GITHUB_REPOSITORY, or repository for this notifier, to owner/name"
        raise DeliveryError("it is not known which repository this is about", fix=fix)
    event = _event(environ.get("GITHUB_EVENT_PATH"))
    pull = _pull(event)
    merge = _MERGE.fullmatch(environ.get("GITHUB_REF", ""))
    numbers = (
        settings["pull_request"], pull.get("number"), merge.group(1) if merge else None, message.run.pull_request,
    )  # fmt: skip
    number = next((str(n) for n in numbers if n and _NUMBER.fullmatch(str(n))), None)
    head = _map(pull.get("head"))
    commits = [settings["commit"], head.get("sha"), _map(event.get("workflow_run")).get("head_sha")]
    if number is None:
        # On pull requests GITHUB_SHA is a merge commit that nobody looks at.
        commits += [environ.get("GITHUB_SHA"), message.run.commit]
    commit = next((str(c) for c in commits if c and _COMMIT.fullmatch(str(c))), None)
    origin = _map(head.get("repo")).get("full_name")
    fork = isinstance(origin, str) and origin.lower() != repository.lower()
    return Place(repository, number, commit, fork)


def _pull(event: dict[str, Any]) -> dict[str, Any]:
    """The pull request of an event: its own, that of a comment, or that of a workflow run."""
    pull = _map(event.get("pull_request"))
    if pull:
        return pull
    issue = _map(event.get("issue"))
    if issue.get("pull_request"):
        return {"number": issue.get("number")}
    runs = _map(event.get("workflow_run")).get("pull_requests")
    return _map(runs[0]) if isinstance(runs, list) and len(runs) == 1 else {}


def _event(path: str | None) -> dict[str, Any]:
    if not path:
        return {}
    try:
        if os.path.getsize(path) > _EVENT:
            return {}
        with open(path, encoding="utf-8") as file:
            return _map(json.load(file))
    except (OSError, ValueError, RecursionError):
        return {}


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
