"""GitLab: one note on the merge request that is kept up to date.

The note is found again by its marker and by its author, through all pages; an older run replaces no newer result.
A job's own token (CI_JOB_TOKEN) cannot write notes: a project or group access token with the scope `api` is needed.
"""

from __future__ import annotations

import json

from plangate.notify.api import DeliveryError, Secret, Sent, Setting, comment, refused, retry_after

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Channel, Message, Response

    Found = list[tuple[int, dict[str, Any]]]

NAME = "gitlab"
ENVIRONMENT = (("GITLAB_TOKEN",),)
READS = ("CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_PROJECT_ID", "CI_PROJECT_ID", "CI_JOB_TOKEN")
UPDATES = True
SETTINGS = {
    "token": Setting("secret", "an access token with the scope api; CI_JOB_TOKEN will not do", "env:GITLAB_TOKEN"),
    "api_url": Setting("text", "address of the API, https://HOST/api/v4", "env:CI_API_V4_URL"),
    "project": Setting("text", "number or path of the project, where the job's variables do not say"),
    "merge_request": Setting("text", "number (iid) of the merge request, where the job's variables do not say"),
}

_USUAL = "https://gitlab.com/api/v4"
_NOTE = 1_000_000  # characters of a note (GitLab, "Application limits": note_max_content_length)
_SETTLE = 2.0  # seconds until a note whose answer was lost is surely listed
_EACH, _PAGES = 100, 100
_PAGE = 64 * 1024 * 1024  # bytes of a page of notes
_KNOWN = {
    "insufficient_scope": "the token lacks the scope api",
    "Unauthorized": "the token is not valid",
    "Forbidden": "the token may not write here",
    "Not Found": "not found, or the token may not see it",
    "Not found": "not found, or the token may not see it",
    "Maximum number of comments exceeded": "the merge request holds as many comments as it can",
}


def payload(message: Message, channel: Channel) -> dict[str, Any]:  # noqa: ARG001 - as every notifier's
    """The note."""
    return {"body": comment.comment(message, _NOTE)}


def remembers(channel: Channel) -> bool:
    """Whether the note can be looked up."""
    return channel.secret("token") is not None


def recall(message: Message, channel: Channel) -> dict[str, Any] | None:
    """The stamp of the note that stands there, with its number."""
    place = _place(channel, message)
    if place is None or not remembers(channel):
        return None
    found = _Api(channel).find(place, message.key)
    return {**found[0][1], "note": found[0][0]} if found else None


def send(message: Message, channel: Channel) -> Sent:
    """Edit the note that there is, else write one. Raises DeliveryError."""
    place = _place(channel, message)
    if place is None:
        return Sent("skipped", note="there is no merge request to comment on")
    api = _Api(channel)
    found = api.find(place, message.key)
    if any(message.outdated_by(stamp) for _, stamp in found):
        return Sent("skipped", note="the note shows a later run already")
    body = payload(message, channel)
    number = api.edit(place, found[0][0], body) if found else None
    if number is None:
        number = api.create(place, body)
    for double, _ in found[1:]:  # two runs that began together: an old result must not stay behind
        api.call("DELETE", f"{place}/{double}")
    return Sent("sent", remember={"note": number})


def _place(channel: Channel, message: Message) -> str | None:
    """The path of the merge request's notes, None where there is no merge request. Raises DeliveryError."""
    from urllib.parse import quote

    settings, environ = channel.settings, channel.environ
    number = settings["merge_request"] or environ.get("CI_MERGE_REQUEST_IID") or message.run.pull_request or ""
    if not (number.isascii() and number.isdigit()):
        return None
    names = ("CI_MERGE_REQUEST_PROJECT_ID", "CI_PROJECT_ID")  # a fork's pipeline has another CI_PROJECT_ID
    found = [settings["project"], *[environ.get(name) for name in names]]
    project = next((str(name) for name in found if name), None) or message.run.repository
    if not project:
        raise DeliveryError(
            "it is not known which project this is about", fix="set CI_PROJECT_ID, or project for this notifier"
        )
    return f"/projects/{quote(project, safe='')}/merge_requests/{number}/notes"


class _Api:
    """GitLab's API for one delivery."""

    def __init__(self, channel: Channel) -> None:
        token = channel.secret("token")
        if token is None:
            fix = "put a project access token with the scope api (role: Reporter or higher) into GITLAB_TOKEN"
            said = "CI_JOB_TOKEN cannot write notes" if channel.environ.get("CI_JOB_TOKEN") else "there is no token"
            raise DeliveryError(said, fix=fix)
        self._http = channel.http
        self.url = str(channel.settings["api_url"] or _USUAL).rstrip("/")
        self._headers: dict[str, Secret | str] = {"PRIVATE-TOKEN": token, "Accept": "application/json"}

    def call(self, method: str, path: str, body: object = None, settle: float | None = None) -> Response:
        """One request; whatever answer comes. All of ours may be repeated: what was written is found or replaced."""
        headers, data = dict(self._headers), b""
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        try:
            response = self._http.send(method, self.url + path, headers, data, most=_PAGE)
        except DeliveryError as error:
            if error.retry != "doubtful":
                raise
            raise DeliveryError(error.said, "safe", settle, error.fix) from None
        if response.status == 429:
            after = retry_after(response)
            raise DeliveryError(f"{response.host}: too many requests (429)", "safe", 60.0 if after is None else after)
        return response

    def find(self, place: str, key: str) -> Found:
        """[(number, stamp)] of our notes about `key`, the first one first."""
        me = _content(_expect(self.call("GET", "/user"), 200))
        if not isinstance(me, dict) or type(me.get("id")) is not int:
            raise DeliveryError("the service does not say who the token belongs to")
        found: Found = []
        page = "1"
        for _ in range(_PAGES):
            query = f"?per_page={_EACH}&page={page}&sort=asc&order_by=created_at"
            response = _expect(self.call("GET", place + query), 200)
            listed = _content(response)
            if not isinstance(listed, list):
                raise DeliveryError(f"{response.host}: answered 200 with something that is no list of notes")
            found += [(one["id"], stamp) for one in listed if (stamp := _ours(one, me, key)) is not None]
            page = response.headers.get("x-next-page", "").strip()
            if not (page.isascii() and page.isdigit()):
                return sorted(found, key=lambda pair: pair[0])
        raise DeliveryError("there are too many notes to look through")

    def create(self, place: str, body: dict[str, Any]) -> int:
        """Write a note; its number. A repeat finds it first."""
        return _number(_expect(self.call("POST", place, body, _SETTLE), 201))

    def edit(self, place: str, number: int, body: dict[str, Any]) -> int | None:
        """Replace a note's text; its number, or None where it is gone."""
        response = self.call("PUT", f"{place}/{number}", body)
        return None if response.status == 404 else _number(_expect(response, 200))


def _ours(one: Any, me: dict[str, Any], key: str) -> dict[str, Any] | None:
    if not isinstance(one, dict) or type(one.get("id")) is not int or one.get("system"):
        return None
    author = one.get("author")
    # The id where the note has one: a user name can be given up and taken by somebody else.
    if not isinstance(author, dict) or not any(name in author for name in ("id", "username")):
        return None
    name = "id" if "id" in author else "username"
    return comment.read(one.get("body"), key) if author[name] == me.get(name) else None


def _expect(response: Response, status: int) -> Response:
    if response.status == status:
        return response
    said = next((ours for theirs, ours in _KNOWN.items() if theirs in response.text[:2000]), "")
    error = refused(response, said, repeatable=True)
    if response.status in (401, 403):
        error.fix = "GITLAB_TOKEN must be an access token with the scope api and the role Reporter or higher"
    raise error


def _content(response: Response) -> Any:
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        raise DeliveryError(
            f"{response.host}: answered {response.status} with something that is not GitLab's"
        ) from None


def _number(response: Response) -> int:
    found = _content(response)
    number = found.get("id") if isinstance(found, dict) else None
    if type(number) is not int:
        raise DeliveryError(f"{response.host}: answered {response.status} with something that is no note")
    return number
