"""Our own comments among all others: by author and by marker, through all pages."""

from __future__ import annotations

import json

from plangate.notify.api import DeliveryError, comment

from .calls import content

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Channel

    from .calls import Api
    from .place import Place

    Found = list[tuple[int, dict[str, Any]]]

_EACH, _PAGES = 100, 100  # comments a page at most, and pages that are looked through
_ACTIONS = "github-actions[bot]"  # who comments with the token that a workflow is given
_VIEWER = {"query": "query { viewer { login } }"}


def find(api: Api, where: Place, key: str, channel: Channel) -> Found:
    """[(number, stamp)] of our comments about `key`, the first one first."""
    me = author(api, channel)
    path = f"/repos/{where.repository}/issues/{where.number}/comments"
    found: Found = []
    for page in range(1, _PAGES + 1):
        response = api.get(f"{path}?per_page={_EACH}&page={page}")
        listed = content(response)
        if not isinstance(listed, list):
            raise DeliveryError(f"{response.host}: answered 200 with something that is no list of comments")
        for one in listed:
            stamp = _ours(one, me, key)
            if stamp is not None:
                found.append((one["id"], stamp))
        # The next page is asked for by number: a link that a server names gets no token.
        if not any('rel="next"' in part for part in response.headers.get("link", "").split(",")):
            return sorted(found, key=lambda pair: pair[0])
    raise DeliveryError(f"{api.host}: there are too many comments to look through")


def mine(api: Api, where: Place, number: object, key: str, channel: Channel) -> Found:
    """The comment of that number, if it is there and ours."""
    if type(number) is not int:
        return []
    response = api.call("GET", f"/repos/{where.repository}/issues/comments/{number}")
    if response.status != 200:
        return []
    one = content(response)
    # A number may come from a report: it must be of this pull request.
    if not isinstance(one, dict) or not str(one.get("issue_url") or "").endswith(f"/issues/{where.number}"):
        return []
    stamp = _ours(one, author(api, channel), key)
    return [(number, stamp)] if stamp is not None else []


def _ours(one: Any, me: str, key: str) -> dict[str, Any] | None:
    if not isinstance(one, dict) or type(one.get("id")) is not int or not isinstance(one.get("user"), dict):
        return None
    login = str(one["user"].get("login") or "").lower()
    robot = one["user"].get("type") == "Bot" and login == f"{me}[bot]"
    return comment.read(one.get("body"), key) if login == me or robot else None


def author(api: Api, channel: Channel) -> str:
    """The login that the token writes as. GraphQL tells it to apps, too, which REST does not."""
    written = channel.settings["author"]
    if written:
        return str(written).lower()
    for method, url, body in (("POST", api.graphql(), _VIEWER), ("GET", f"{api.url}/user", None)):
        response = api.call(method, "", body, url=url)
        login = _login(response.body) if response.status == 200 else None
        if login:
            return login.lower()
    if channel.environ.get("GITHUB_ACTIONS") == "true":
        return _ACTIONS
    fix = "set author for this notifier to the login that the token writes as"
    raise DeliveryError(f"{api.host}: it does not say who the token belongs to", fix=fix)


def _login(body: bytes) -> str | None:
    try:
        found = json.loads(body)
        viewer = found["data"]["viewer"] if "data" in found else found
        login = viewer["login"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return login if isinstance(login, str) and login else None
