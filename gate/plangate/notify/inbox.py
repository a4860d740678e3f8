"""A small inbox on this machine, to see messages arrive without an account: Slack's and Teams' webhooks, a webhook of
one's own, PagerDuty and mail, over real HTTP and SMTP.

`serve(folder)` writes `folder/addresses` (lines for a shell to read), keeps what comes as `folder/NNN-KIND.json`, and
after each message `folder/arrived.html`, the page of all of them. It listens on 127.0.0.1 alone, and ends with the
process that started it, or after an hour.
"""

from __future__ import annotations

import email
import email.policy
import json
import os
import socketserver
import threading
import time
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .preview import page
from .shown import Shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LIMIT = 32 << 20  # bytes of one message
_SECONDS = 3600  # an inbox that nobody ends
_CLIENT = 30  # seconds that a client may take

# Path prefix, kind, and what the service answers: status and body.
_HTTP = (
    ("/slack/", "slack", 200, b"ok"),
    ("/teams/", "teams", 202, b""),
    ("/webhook/", "webhook", 204, b""),
    ("/pagerduty/", "pagerduty", 202, b'{"status":"success","message":"Event processed","dedup_key":"inbox"}'),
)


class Inbox:
    """What arrived, in order; thread-safe."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._arrived: list[Shown] = []
        self._lock = threading.Lock()

    def take(self, kind: str, payload: object, over: str) -> None:
        """Keep one message, and write the page anew."""
        with self._lock:
            self._arrived.append(Shown(kind, kind, None, payload, f"arrived over {over}"))
            name = f"{len(self._arrived):03d}-{kind}.json"
            self._write(name, json.dumps(payload, indent=1, ensure_ascii=True) + "\n")
            self._write("arrived.html", page(self._arrived, arrived=True))

    def _write(self, name: str, text: str) -> None:
        path = os.path.join(self.folder, name)
        with open(path + ".tmp", "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
        os.replace(path + ".tmp", path)


def http_server(inbox: Inbox) -> ThreadingHTTPServer:
    """The services that are reached by HTTP; not yet serving."""

    class Handler(BaseHTTPRequestHandler):
        timeout = _CLIENT

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            found = next((entry for entry in _HTTP if self.path.startswith(entry[0])), None)
            if found is None or not length.isdigit() or int(length) > _LIMIT:
                self._answer(404 if found is None else 413, b"")
                return
            try:
                payload = json.loads(self.rfile.read(int(length)))
            except (ValueError, RecursionError):
                self._answer(400, b"invalid_payload")
                return
            _, kind, status, body = found
            inbox.take(kind, [payload] if kind == "pagerduty" else payload, "HTTP")
            self._answer(status, body)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if body.startswith(b"{") else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: paths would be in it."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as one client needs to hand over mails."""

    timeout = _CLIENT

    def handle(self) -> None:
        self._say("220 inbox ESMTP")
        people: list[str] = []
        while line := self.rfile.readline(2000):
            verb = line[:4].upper().decode("ascii", "replace").strip()
            if verb in ("EHLO", "HELO"):
                self._say("250-inbox\r\n250-8BITMIME\r\n250 SMTPUTF8" if verb == "EHLO" else "250 inbox")
            elif verb == "RCPT":
                people.append(line.partition(b"<")[2].partition(b">")[0].decode("utf-8", "replace"))
                self._say("250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                data = self._data()
                if data is None:
                    return
                self.server.inbox.take("email", mail(data, people), "SMTP")  # type: ignore[attr-defined]
                people = []
                self._say("250 kept")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok" if verb in ("MAIL", "RSET", "NOOP") else "502 not here")

    def _data(self) -> bytes | None:
        lines: list[bytes] = []
        size = 0
        while line := self.rfile.readline(100000):
            if line == b".\r\n":
                return b"".join(lines)
            size += len(line)
            if size > _LIMIT:
                self._say("552 too large")
                return None
            lines.append(line.removeprefix(b"."))
        return None

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode("ascii") + b"\r\n")


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        super().__init__(("127.0.0.1", 0), _Mail)


def mail(data: bytes, people: list[str]) -> dict[str, Any]:
    """A mail in parts: {from, to, subject, headers, text, html, attachments: [{name, type, bytes}]}."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return {
        "from": str(message["from"] or ""),
        "to": people,
        "subject": str(message["subject"] or ""),
        "headers": {name: str(value) for name, value in message.items()},
        "text": text.get_content() if text else None,
        "html": html.get_content() if html else None,
        "attachments": [
            {
                "name": part.get_filename(),
                "type": part.get_content_type(),
                "bytes": len(part.get_payload(decode=True) or b""),
            }
            for part in message.iter_attachments()
        ],
    }


def serve(folder: str, parent: Callable[[], int] = os.getppid) -> None:
    """Serve until whoever started this is gone. Raises OSError where the folder cannot be written to."""
    os.makedirs(folder, exist_ok=True)
    inbox = Inbox(folder)
    http, smtp = http_server(inbox), _MailServer(inbox)
    for server in (http, smtp):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    inbox._write("addresses", addresses(http.server_address[1], smtp.server_address[1]))
    mine, until = parent(), time.monotonic() + _SECONDS
    try:
        while parent() == mine and time.monotonic() < until:
            time.sleep(0.5)
    finally:
        for server in (http, smtp):
            server.shutdown()
            server.server_close()


def addresses(http: int, smtp: int) -> str:
    """Variables for a shell: every channel that has an inbox here, and leave to speak to this machine without TLS."""
    base = f"http://127.0.0.1:{http}"
    values = {
        "SLACK_WEBHOOK_URL": f"{base}/slack/T0/B0/demo",
        "TEAMS_WEBHOOK_URL": f"{base}/teams/demo",
        "PLANGATE_WEBHOOK_URL": f"{base}/webhook/demo",
        "PLANGATE_WEBHOOK_SECRET": "a-key-of-the-demonstration",
        "PAGERDUTY_ROUTING_KEY": "0" * 32,
        "PAGERDUTY_EVENTS_URL": f"{base}/pagerduty/",
        "SMTP_URL": f"smtp://127.0.0.1:{smtp}",
        "PLANGATE_MAIL_FROM": "plangate@example.com",
        "PLANGATE_MAIL_TO": "platform@example.com",
        "PLANGATE_ALLOW_INSECURE": "1",
    }
    return "".join([f"export {name}='{value}'\n" for name, value in values.items()])
