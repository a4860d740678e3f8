"""One SMTP session: encrypted, to an address that was checked, ended when its time is up."""

from __future__ import annotations

import re
import smtplib
import socket
import threading

from plangate.http import tls
from plangate.notify.api import DeliveryError, Secret, showable

from .compose import bare, domain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Literal

    from plangate.notify.api import Http

_SECONDS = 30.0  # a whole session; the budget of all deliveries holds besides
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?![\d.])")  # RFC 3463
_FORM = "write smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, special characters as %XX"


class Relay:
    """A mail server as SMTP_URL names it. `secure`: TLS from the first byte; else STARTTLS is demanded, unless
    `insecure` (PLANGATE_ALLOW_INSECURE=1) lets a server that does not offer it do. Raises DeliveryError."""

    __slots__ = ("host", "insecure", "password", "port", "secure", "user")

    def __init__(self, url: Secret, insecure: bool) -> None:
        from urllib.parse import unquote, urlsplit

        try:
            parts = urlsplit(url.reveal().strip())
            port = parts.port
            host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
            user, password = (
                unquote(parts.username or "", errors="strict"),
                unquote(parts.password or "", errors="strict"),
            )
        except ValueError:
            raise DeliveryError("the address of the mail server is no URL", fix=_FORM) from None
        if parts.scheme not in ("smtp", "smtps") or not host or parts.path not in ("", "/") or parts.query:
            raise DeliveryError("the address of the mail server is no smtp:// or smtps:// URL", fix=_FORM)
        if any(c in user + password for c in "\r\n\0"):
            raise DeliveryError("user or password of the mail server hold a line break", fix=_FORM)
        self.secure, self.insecure = parts.scheme == "smtps", insecure
        self.host, self.port = host, port or (465 if self.secure else 587)
        self.user, self.password = user, Secret(password)


class _Session(smtplib.SMTP):
    """smtplib's client on a connection of the seam."""

    def __init__(self, http: Http, relay: Relay, name: str, timeout: float) -> None:
        self.seam, self.relay = http, relay
        super().__init__(local_hostname=name, timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        self.sock = self.seam.connect(host, port, timeout)
        self.sock.settimeout(timeout)
        return self.encrypt(self.sock) if self.relay.secure else self.sock

    def encrypt(self, plain: socket.socket) -> socket.socket:
        """TLS in two steps: `abort` must find the socket that the handshake waits on."""
        wrapped = tls().wrap_socket(plain, server_hostname=self.relay.host, do_handshake_on_connect=False)
        self.sock = wrapped
        wrapped.do_handshake()
        return wrapped

    def begin_tls(self) -> None:
        """STARTTLS (RFC 3207): what was said before, and what is left in the buffer, counts for nothing after it."""
        _check(self.relay, "STARTTLS", self.docmd("STARTTLS"))
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected
        self.encrypt(self.sock)
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features, self.does_esmtp = {}, False

    def abort(self) -> None:
        """End whatever is going on."""
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def deliver(
    http: Http, relay: Relay, sender: str, to: Sequence[str], content: Callable[[int | None], bytes]
) -> list[str]:
    """Send the mail that `content` makes for a server that takes so many bytes; the addresses that were refused.
    Raises DeliveryError: "doubtful" when the server may have taken it."""
    left = http.left(_SECONDS)
    session = _Session(http, relay, domain(sender), left)
    late = threading.Event()

    def stop() -> None:
        late.set()
        session.abort()

    watch = threading.Timer(left, stop)
    watch.daemon = True
    watch.start()
    taken = False
    try:
        _open(session, relay)
        refused = _envelope(session, relay, sender, to)
        taken = True
        code, said = session.data(content(_size(session)))
        if code < 200:
            raise smtplib.SMTPServerDisconnected
        _check(relay, "the mail", (code, said))
    except smtplib.SMTPResponseException as error:  # also what stands instead of 354 after DATA
        raise _answered(relay, "the mail", error.smtp_code, error.smtp_error) from None
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise _failed(relay, error, late.is_set(), taken) from None
    finally:
        watch.cancel()
        _end(session)
    return refused


def _open(session: _Session, relay: Relay) -> None:
    """Connect, encrypt, log in."""
    _check(relay, "the connection", session.connect(relay.host, relay.port))
    _check(relay, "EHLO", session.ehlo())
    if not relay.secure and (session.has_extn("starttls") or not relay.insecure):
        if not session.has_extn("starttls"):
            fix = "use smtps://, or another server: nothing is sent unencrypted"
            raise DeliveryError(f"{relay.host}: the mail server offers no STARTTLS", fix=fix)
        session.begin_tls()
        _check(relay, "EHLO", session.ehlo())
    if relay.user:
        try:
            session.login(relay.user, relay.password.reveal())
        except smtplib.SMTPAuthenticationError as error:
            fixed = _answered(relay, "the login", error.smtp_code, error.smtp_error)
            fixed.fix = "look at user and password in SMTP_URL"
            raise fixed from None
        except smtplib.SMTPNotSupportedError:
            fix = "leave user and password out of SMTP_URL, or use the server's port for submission"
            raise DeliveryError(f"{relay.host}: the mail server offers no login", fix=fix) from None


def _envelope(session: _Session, relay: Relay, sender: str, to: Sequence[str]) -> list[str]:
    """Name sender and recipients; the addresses that were refused. Raises DeliveryError when all were."""
    _check(relay, "the sender", session.mail(bare(sender)))
    refused: list[tuple[str, int, bytes]] = []
    for one in to:
        code, said = session.rcpt(bare(one))
        if code == 421:
            raise _answered(relay, "the recipients", code, said)
        if code not in (250, 251):
            refused.append((bare(one), code, said))
    if len(refused) == len(to):
        # One that may be accepted later makes a repeat worth while.
        _, code, said = min(refused, key=lambda entry: entry[1])
        raise _answered(relay, "every recipient", code, said)
    return [f"{showable(address, 80)} ({code})" for address, code, _ in refused]


def _size(session: _Session) -> int | None:
    """The most bytes that the server takes (RFC 1870), None where it does not say."""
    said = session.esmtp_features.get("size", "").strip()
    return int(said) if said.isascii() and said.isdigit() and int(said) else None


def _check(relay: Relay, what: str, answer: tuple[int, bytes]) -> None:
    code, said = answer
    if not 200 <= code < 300:
        raise _answered(relay, what, code, said)


def _answered(relay: Relay, what: str, code: int, said: bytes | str) -> DeliveryError:
    """A refusal: 4xx may be repeated, 5xx not (RFC 5321, 4.2.1). Of the server's words only its numbers are told."""
    words = said.encode("utf-8", "replace") if isinstance(said, str) else said
    number = _ENHANCED.match(words.strip())
    told = f"{code} {number.group().decode()}" if number else str(code)
    if code < 200:  # the connection ended (-1), or something that is no SMTP answered
        return DeliveryError(f"{relay.host}: the mail server gave no answer to {what}", "safe")
    return DeliveryError(f"{relay.host}: refused {what} ({told})", "safe" if 400 <= code < 500 else "no")


def _failed(relay: Relay, error: Exception, late: bool, taken: bool) -> DeliveryError:
    import ssl

    retry: Literal["doubtful", "safe"] = "doubtful" if taken else "safe"
    if isinstance(error, ssl.SSLCertVerificationError):
        fix = "a certificate authority of your own goes into SSL_CERT_FILE"
        return DeliveryError(f"{relay.host}: its certificate is not valid here", fix=fix)
    if isinstance(error, ssl.SSLError) and not taken:
        fix = "smtps:// is for servers that begin with TLS (465), smtp:// for STARTTLS (587)"
        return DeliveryError(f"{relay.host}: no TLS connection could be made", fix=fix)
    if isinstance(error, UnicodeError):
        return DeliveryError(f"{relay.host}: user, password or an address hold characters that SMTP cannot carry")
    if late or isinstance(error, TimeoutError):
        return DeliveryError(f"{relay.host}: no answer in time", retry)
    return DeliveryError(f"{relay.host}: the connection was lost before an answer came", retry)


def _end(session: _Session) -> None:
    """Say goodbye, where there is still somebody; the mail is taken or not by now."""
    if session.sock is None:
        return
    try:
        session.sock.settimeout(1.0)
        session.quit()
    except (OSError, smtplib.SMTPException):
        session.close()
