"""A real mail server (aiosmtpd) for tests: it keeps what comes and refuses, delays or breaks off as it is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import shutil
import ssl
import subprocess
import threading
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Mail:
    """What came: envelope and content."""

    def __init__(self, envelope: Any, encrypted: bool, user: str | None) -> None:
        self.sender, self.to = envelope.mail_from, list(envelope.rcpt_tos)
        self.data: bytes = envelope.original_content
        self.encrypted, self.user = encrypted, user

    @property
    def message(self) -> EmailMessage:
        found = email.message_from_bytes(self.data, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found


class MailServer:
    """`tls`: None, "starttls" or "implicit"; `login`: (user, password) that is demanded.

    `rcpt` {address: answer}; `data`: answers to mails, used up in order: a text, "drop" or a number of seconds."""

    def __init__(self, tls: str | None = None, certificate: tuple[str, str] | None = None, **more: Any) -> None:
        self.mails: list[Mail] = []
        self.rcpt: dict[str, str] = {}
        self.data: list[str | float] = []
        self.mail_answer: str | None = None
        login = more.pop("login", None)
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
        given: dict[str, Any] = {"data_size_limit": more.pop("size", 0), "ident": "test"}
        if tls == "starttls":
            given |= {"tls_context": context, "require_starttls": True}
        if login:
            given |= {"auth_required": True, "auth_require_tls": tls == "starttls", "authenticator": self._login}
        self._expected, self._context = login, context if tls == "implicit" else None
        self._given = given
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def _login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        found = (data.login.decode(), data.password.decode())
        return AuthResult(success=found == self._expected, handled=False, auth_data=found[0])

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if self.mail_answer:
            return self.mail_answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        wanted = self.data.pop(0) if self.data else "250 OK"
        if wanted == "drop":
            server.transport.abort()
            return "421 gone"
        if isinstance(wanted, float):
            await asyncio.sleep(wanted)
            wanted = "250 OK"
        if wanted.startswith("2"):
            self.mails.append(Mail(envelope, session.ssl is not None or self._context is not None, session.auth_data))
        return wanted

    def __enter__(self) -> Self:
        self._thread.start()

        async def start() -> Any:
            return await self._loop.create_server(
                lambda: SMTP(self, loop=self._loop, **self._given), "127.0.0.1", 0, ssl=self._context
            )

        self._server = asyncio.run_coroutine_threadsafe(start(), self._loop).result(5)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async def stop() -> None:
            self._server.close()
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()
            await asyncio.sleep(0.02)

        asyncio.run_coroutine_threadsafe(stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


def certificate(folder: Path) -> tuple[str, str]:
    """(certificate, key) for localhost, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl")
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert]
    subprocess.run([openssl, *made, *names], check=True, capture_output=True)
    return cert, key
