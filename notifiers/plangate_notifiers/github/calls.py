"""Requests to GitHub's REST API, and what its answers mean."""

from __future__ import annotations

import json
import time

from plangate.notify.api import DeliveryError, Secret, refused, retry_after

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Channel, Response

    from .place import Place

_USUAL = "https://api.github.com"
_SECONDARY = 60.0  # seconds to wait where a secondary limit gives none (docs.github.com, "Best practices")
_SETTLE = 2.0  # seconds until a comment whose answer was lost is surely listed
_PAGE = 32 * 1024 * 1024  # bytes of an answer: 100 comments of 262,144 bytes each
# What GitHub's messages say, in our words.
_KNOWN = {
    "Resource not accessible by": "the token may not write here",
    "Must have admin rights": "the token may not write here",
    "Bad credentials": "the token is not valid",
    "Unable to create comment because issue is locked": "the conversation is locked",
    "Body is too long": "the body is too long",
    "Validation Failed": "GitHub does not accept the content",
    "Not Found": "not found, or the token may not see it",
    "Repository was archived": "the repository is archived",
    "Although you appear to have the correct authorization": "the organisation wants the token authorised for it",
}


class Api:
    """GitHub's API for one delivery."""

    def __init__(self, channel: Channel) -> None:
        token = channel.secret("token")
        if token is None:
            fix = "set GITHUB_TOKEN; in a workflow: env: GITHUB_TOKEN: ${{ github.token }}"
            raise DeliveryError("there is no token", fix=fix)
        self._http = channel.http
        self.url = str(channel.settings["api_url"] or _USUAL).rstrip("/")
        self.host = self.url.partition("://")[2].partition("/")[0]
        self._headers: dict[str, Secret | str] = {
            "Authorization": Secret(f"Bearer {token.reveal()}"),
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }

    def call(
        self, method: str, path: str, body: object = None, *, url: str | None = None, settle: float | None = None
    ) -> Response:
        """One request; whatever answer comes but a rate limit or a bad token, which raise.

        All of ours may be repeated, after `settle` seconds: what was written is found, or replaced."""
        headers, data = dict(self._headers), b""
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        try:
            response = self._http.send(method, url or f"{self.url}{path}", headers, data, most=_PAGE)
        except DeliveryError as error:
            if error.retry != "doubtful":
                raise
            raise DeliveryError(error.said, "safe", settle, error.fix) from None
        limited = _limited(response)
        if limited is not None:
            raise DeliveryError(f"{response.host}: too many requests ({response.status})", "safe", limited)
        if response.status == 401:
            raise _refused(response)
        return response

    def get(self, path: str) -> Response:
        """An answer 200."""
        return _expect(self.call("GET", path), 200)

    def create(self, path: str, body: dict[str, Any]) -> int:
        """Make a comment; its number. A repeat finds it first."""
        return _number(_expect(self.call("POST", path, body, settle=_SETTLE), 201))

    def edit(self, path: str, body: dict[str, Any]) -> int | None:
        """Replace a comment's text; its number, or None where it is gone."""
        response = self.call("PATCH", path, body)
        return None if response.status in (404, 410) else _number(_expect(response, 200))

    def post(self, path: str, body: dict[str, Any], echoed: str) -> None:
        """Make a status or check run: a second one of the same name takes the first one's place."""
        response = _expect(self.call("POST", path, body), 201)
        found = content(response)
        if not isinstance(found, dict) or found.get(echoed) != body[echoed]:
            raise DeliveryError(f"{response.host}: answered 201 with something else than what was written")

    def head(self, where: Place) -> str | None:
        """The head commit of the pull request."""
        if not where.number:
            return None
        found = content(self.get(f"/repos/{where.repository}/pulls/{where.number}"))
        sha = (found.get("head") or {}).get("sha") if isinstance(found, dict) else None
        return sha if isinstance(sha, str) and sha.isalnum() else None

    def graphql(self) -> str:
        """The address of the GraphQL API: https://HOST/api/graphql of GitHub Enterprise Server."""
        return f"{self.url.removesuffix('/v3')}/graphql"


def content(response: Response) -> Any:
    """The JSON of an answer. Raises DeliveryError where it is none: a proxy's page, or cut off."""
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        cut = "more than can be read" if len(response.body) >= _PAGE else "something that is not GitHub's"
        raise DeliveryError(f"{response.host}: answered {response.status} with {cut}") from None


def _number(response: Response) -> int:
    found = content(response)
    number = found.get("id") if isinstance(found, dict) else None
    if type(number) is not int:
        raise DeliveryError(f"{response.host}: answered {response.status} with something that is no comment")
    return number


def _limited(response: Response) -> float | None:
    """Seconds to wait where a limit was hit, None for any other answer: 403 and 429 both mean it."""
    if response.status not in (403, 429):
        return None
    after = retry_after(response)
    if after is not None:
        return after
    if response.headers.get("x-ratelimit-remaining") == "0":
        reset = response.headers.get("x-ratelimit-reset", "")
        return max(float(reset) - time.time(), 1.0) if reset.isascii() and reset.isdigit() else _SECONDARY
    if response.status == 429 or "secondary rate limit" in response.text[:2000]:
        return _SECONDARY
    return None


def _expect(response: Response, status: int) -> Response:
    if response.status != status:
        raise _refused(response)
    return response


def _refused(response: Response) -> DeliveryError:
    said = ""
    try:
        found = json.loads(response.body)
        words = str(found.get("message") or "") + " ".join([str(e.get("message")) for e in found.get("errors") or ()])
        said = next((ours for theirs, ours in _KNOWN.items() if theirs in words), "")
    except (ValueError, AttributeError, TypeError, RecursionError):
        pass
    error = refused(response, said, repeatable=True)
    if response.status == 401:
        error.fix = "look at the token in GITHUB_TOKEN: it may have expired"
    elif response.status == 403:
        error.fix = "permissions of the job: pull-requests: write (statuses: write, checks: write); forks get none"
    return error
