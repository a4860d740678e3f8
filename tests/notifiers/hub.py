"""The part of GitHub that is used, for tests: it keeps comments and marks of commits, and refuses as it is told."""

from __future__ import annotations

import re
from typing import Any

from plangate_notifiers import github

from .server import Answer, Request, Server
from .telling import delivered

TOKEN = "ghs_tokenThatNobodyMaySee"
ME = {"login": "github-actions[bot]", "id": 41898282, "type": "Bot"}
HEAD = "b" * 40


class GitHub:
    """With its comments: {number: {id, body, user}}."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.comments: dict[int, dict[str, Any]] = {}
        self.marks: list[dict[str, Any]] = []
        self.viewer: str | None = ME["login"]  # type: ignore[assignment]
        self.write: Answer | None = None  # what every write gets instead
        server.route("/", self._answer)

    def add(self, body: str, user: dict[str, Any] | None = None, number: int | None = None) -> int:
        number = number or 1 + max(self.comments, default=100)
        issue = f"{self.server.url}/repos/acme/infra/issues/7"
        self.comments[number] = {"id": number, "body": body, "user": user or ME, "issue_url": issue}
        return number

    def _answer(self, request: Request) -> Answer:
        path, _, query = request.path.partition("?")
        if path == "/graphql":
            viewer = {"data": {"viewer": {"login": self.viewer}}}
            return Answer(200, viewer) if self.viewer else Answer(403, {"message": "Resource not accessible"})
        if path == "/user":
            return Answer(403, {"message": "Resource not accessible by integration"})
        if request.method != "GET" and self.write is not None:
            return self.write
        number = int(path.rpartition("/")[2]) if path.rpartition("/")[2].isdigit() else None
        if path.endswith("/issues/7/comments"):
            return self._listed(query) if request.method == "GET" else self._added(request)
        if "/issues/comments/" in path:
            return self._one(request, number)
        if path.endswith("/pulls/7"):
            return Answer(200, {"number": 7, "head": {"sha": HEAD}})
        if "/statuses/" in path or path.endswith("/check-runs"):
            self.marks.append({**request.json, "path": path})
            return Answer(201, {"id": 1, **request.json})
        return Answer(404, {"message": "Not Found"})

    def _listed(self, query: str) -> Answer:
        each, page = (int(re.search(rf"(?:^|&){n}=(\d+)", query).group(1)) for n in ("per_page", "page"))  # type: ignore[union-attr]
        found = [self.comments[n] for n in sorted(self.comments)]
        more = len(found) > each * page
        link = {"Link": f'<https://evil.example.com/?page={page + 1}>; rel="next"'} if more else {}
        return Answer(200, found[each * (page - 1) : each * page], link)

    def _added(self, request: Request) -> Answer:
        number = self.add(request.json["body"])
        return Answer(201, self.comments[number])

    def _one(self, request: Request, number: int | None) -> Answer:
        if number not in self.comments:
            return Answer(404, {"message": "Not Found"})
        if request.method == "DELETE":
            del self.comments[number]
            return Answer(204, b"")
        if request.method == "PATCH":
            self.comments[number]["body"] = request.json["body"]
        return Answer(200, self.comments[number])

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [(r.method, r.path) for r in self.server.requests if r.method != "GET" and r.path != "/graphql"]


def environ(hub: GitHub, **more: str) -> dict[str, str]:
    return {"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": hub.server.url, **more}


def say(hub: GitHub, *reports: dict[str, Any], **more: Any) -> Any:
    return delivered(github, *reports, environ=environ(hub), **more)
