"""A small real HTTP server for tests: it records what comes and answers, or misbehaves, as it is told.

    with Server() as server:
        server.plan(Answer(429, headers={"Retry-After": "1"}), Answer(200, b"ok"))
        ... send to server.url + "/services/T/B/x" ...
        assert server.requests[0].json["text"]

Answers are used up in order; afterwards `server.usual` answers (200 `ok`). `server.route(prefix, function)` answers by
path: the function gets the Request and returns an Answer. `Server(tls=...)` takes an ssl.SSLContext.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Request:
    """What came: method, path with query, headers (lower case), body, when (time.monotonic())."""

    def __init__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.at = time.monotonic()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"<{self.method} {self.path} {self.body[:200]!r}>"


class Answer:
    """What goes back. `delay` seconds before it; `lose`: "before" closes without reading the body's effect, "after"
    takes the message and then drops the connection; `drip` seconds between single bytes of the body."""

    def __init__(
        self,
        status: int = 200,
        body: bytes | str | dict[str, Any] | list[Any] = b"ok",
        headers: dict[str, str] | None = None,
        delay: float = 0,
        lose: str | None = None,
        drip: float = 0,
    ) -> None:
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        self.body = body.encode() if isinstance(body, str) else body
        self.status, self.headers, self.delay, self.lose, self.drip = status, headers or {}, delay, lose, drip


class Server:
    """See the module. `requests` holds what came, in order."""

    def __init__(self, tls: Any = None) -> None:
        self.requests: list[Request] = []
        self.usual = Answer()
        self._planned: list[Answer] = []
        self._routes: list[tuple[str, Callable[[Request], Answer]]] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                headers = {k.lower(): v for k, v in self.headers.items()}
                outer._answer(self, Request(self.command, self.path, headers, body))

            def log_message(self, format: str, *args: Any) -> None:
                pass

        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, f"do_{method}", Handler._serve)

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # a client that went away is what some tests are about

        self._server = Quiet(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._tls = tls is not None
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def plan(self, *answers: Answer) -> None:
        """The next answers, in order."""
        with self._lock:
            self._planned += answers

    def route(self, prefix: str, function: Callable[[Request], Answer]) -> None:
        """Answer what begins with `prefix` by a function; later routes go first."""
        self._routes.insert(0, (prefix, function))

    def _answer(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        with self._lock:
            self.requests.append(request)
            answer = self._planned.pop(0) if self._planned else None
        if answer is None:
            found = next((function for prefix, function in self._routes if request.path.startswith(prefix)), None)
            answer = found(request) if found else self.usual
        if answer.delay:
            self._stopped.wait(answer.delay)
        if answer.lose:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.send_response(answer.status)
        for name, value in {"Content-Type": "text/plain", **answer.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        if not answer.drip:
            handler.wfile.write(answer.body)
            return
        for byte in answer.body:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            if self._stopped.wait(answer.drip):
                return

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
