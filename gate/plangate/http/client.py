"""One request, one answer: TLS verified, no redirect, bounded in time and size, to an address that was checked."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from urllib.parse import urlsplit

from plangate.version import VERSION

from . import guard
from .errors import DeliveryError
from .guard import Rules, shown
from .proxy import proxy_for
from .secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from .proxy import Proxy

BODY_LIMIT = 65536  # bytes of an answer that are read
_AGENT = f"plangate/{VERSION}"


class Response:
    """An answer: `status`, `headers` (names in lower case), the beginning of the `body`, as much as was asked for."""

    __slots__ = ("body", "headers", "host", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes, host: str = "") -> None:
        self.status, self.headers, self.body, self.host = status, headers, body, host

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")


class Http:
    """The network as one delivery may use it: by `rules`, within `deadline` (of time.monotonic()), through the
    proxies that `environ` names."""

    __slots__ = ("deadline", "environ", "rules")

    def __init__(self, environ: Mapping[str, str], rules: Rules, deadline: float) -> None:
        self.environ, self.rules, self.deadline = environ, rules, deadline

    def left(self, most: float) -> float:
        """Seconds that a step may take. Raises DeliveryError when the time is up."""
        left = min(self.deadline - time.monotonic(), most)
        if left <= 0:
            raise DeliveryError("the time for deliveries is up")
        return left

    def send(
        self,
        method: str,
        url: Secret | str,
        headers: Mapping[str, Secret | str] | None = None,
        body: bytes = b"",
        timeout: float = 10.0,
        most: int = BODY_LIMIT,
    ) -> Response:
        """Send one request and return whatever answer comes, a redirect or an error too, with at most `most` bytes.

        `timeout` (seconds) holds for all of it. Raises DeliveryError: "safe" to repeat when nothing was sent,
        "doubtful" when the answer did not come.
        """
        left = self.left(timeout)
        scheme, host, port, target = self._target(url)
        plain = {"User-Agent": _AGENT, "Accept": "*/*", "Connection": "close"}
        plain.update({k: v.reveal() if isinstance(v, Secret) else v for k, v in (headers or {}).items()})
        proxy = proxy_for(scheme, host, port, self.environ)
        connection = _Connection(host, port, proxy, self, left, scheme == "https")
        watch = threading.Timer(left, connection.abort)
        watch.daemon = True
        watch.start()
        try:
            return self._exchange(connection, method, target, plain, body, most)
        finally:
            watch.cancel()
            connection.close()

    def connect(self, host: str, port: int, timeout: float = 10.0) -> socket.socket:
        """A connection to a host whose address was checked, for protocols other than HTTP; no proxy is used."""
        return _reach(host, port, guard.addresses(host, port, self.rules), self.left(timeout))

    def _target(self, url: Secret | str) -> tuple[str, str, int, str]:
        """(scheme, host, port, path and query). Raises DeliveryError for what is no address to send to."""
        text = (url.reveal() if isinstance(url, Secret) else url).strip()
        try:
            parts = urlsplit(text)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
        except ValueError:
            raise DeliveryError("the address is no URL") from None
        plain = host.isascii() and all(c.isalnum() or c in "-._:%" for c in host)
        if parts.scheme not in ("http", "https") or not host or not plain:
            raise DeliveryError("the address is no https:// URL")
        if parts.scheme == "http" and not self.rules.insecure:
            raise DeliveryError(f"{shown(host)}: the address is not https")
        if parts.username is not None:
            raise DeliveryError(f"{shown(host)}: the address holds a user name", fix="give credentials as a token")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not target.isascii() or not target.isprintable() or " " in target:
            raise DeliveryError(f"{shown(host)}: the address holds characters that no URL may hold")
        return parts.scheme, host, port, target

    def _exchange(
        self, connection: _Connection, method: str, target: str, headers: dict[str, str], body: bytes, most: int
    ) -> Response:
        host = shown(connection.host)
        connection.reach()
        try:
            connection.request(method, target, body if body or method != "GET" else None, headers)
            answer = connection.getresponse()
            data = answer.read(most)
        except ValueError:  # http.client refuses line breaks in a header or in the target
            raise DeliveryError(f"{host}: a header or the address holds characters it may not hold") from None
        except (OSError, http.client.HTTPException):
            late = "no answer in time" if connection.aborted else "the connection was lost before an answer came"
            raise DeliveryError(f"{host}: {late}", "doubtful") from None
        if connection.aborted:
            raise DeliveryError(f"{host}: no whole answer in time", "doubtful")
        return Response(answer.status, {k.lower(): v for k, v in answer.getheaders()}, data, connection.host)


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was checked, or to a proxy; TLS for the host that is meant."""

    def __init__(self, host: str, port: int, proxy: Proxy | None, seam: Http, timeout: float, secure: bool) -> None:
        super().__init__(host, port, timeout=timeout)
        self.proxy, self.seam, self.secure = proxy, seam, secure
        self.aborted = False
        self.until = time.monotonic() + timeout

    def reach(self) -> None:
        """Connect. Raises DeliveryError; nothing was sent when it does."""
        host = shown(self.host)
        try:
            self._open()
        except DeliveryError as error:
            if self.aborted:
                raise DeliveryError(f"{host}: no connection in time", "safe") from None
            raise error from None
        except (OSError, http.client.HTTPException) as error:
            raise _unreached(error, host, self.aborted) from None

    def _open(self) -> None:
        left = max(self.until - time.monotonic(), 0.01)
        if self.proxy is None:
            self.sock = _reach(self.host, self.port, guard.addresses(self.host, self.port, self.seam.rules), left)
        else:
            _check_literal(self.host, self.seam.rules)
            try:
                self.sock = socket.create_connection((self.proxy.host, self.proxy.port), left)
            except OSError:
                raise DeliveryError("the proxy of the environment cannot be reached", "safe") from None
            if self.secure:
                self._tunnel_through(self.proxy)
        if self.secure:
            # In two steps: `abort` must find the socket that the handshake waits on.
            wrapped = _context().wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = wrapped
            wrapped.do_handshake()

    def _tunnel_through(self, proxy: Proxy) -> None:
        name = f"[{self.host}]" if ":" in self.host else self.host
        lines = [f"CONNECT {name}:{self.port} HTTP/1.1", f"Host: {name}:{self.port}"]
        if proxy.authorization:
            lines.append(f"Proxy-Authorization: {proxy.authorization}")
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = self.sock.recv(1)
            if not byte or len(head) > 16384:
                raise DeliveryError("the proxy of the environment gave no answer", "safe")
            head += byte
        status = head.split(b" ", 2)[1:2]
        if status != [b"200"]:
            code = status[0][:3].decode("ascii", "replace") if status else "nothing"
            said = f"the proxy of the environment does not let this through ({code})"
            raise DeliveryError(said, fix="ask who runs it, or name the host in NO_PROXY")

    def connect(self) -> None:
        """http.client connects anew by this where a connection is gone: never without the checks above."""
        raise OSError("closed")

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Requests through a proxy that is no tunnel name the whole address (RFC 9112, 3.2.2)."""
        if self.proxy is not None and not self.secure:
            url = f"http://{self.host}:{self.port}{url}"
        super().putrequest(method, url, skip_host, skip_accept_encoding)

    def abort(self) -> None:
        """End whatever is going on: the time is up."""
        self.aborted = True
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def _reach(host: str, port: int, found: list[str], timeout: float) -> socket.socket:
    """A connection to the first of the addresses that takes one."""
    until = time.monotonic() + timeout
    refused = False
    for address in found:
        try:
            return socket.create_connection((address, port), max(until - time.monotonic(), 0.01))
        except ConnectionRefusedError:
            refused = True
        except OSError:
            pass
    said = "the connection was refused" if refused else "no connection could be made"
    raise DeliveryError(f"{shown(host)}: {said}", "safe")


def _check_literal(host: str, rules: Rules) -> None:
    """A proxy resolves names itself; what is an address already is checked here."""
    try:
        why = guard.forbidden(host, rules)
    except ValueError:
        why = None
        if (
            host.rstrip(".").rpartition(".")[2] in ("localhost", "internal")
            and not rules.private
            and not rules.insecure
        ):
            why = "the name is one of a private network"
    if why:
        raise DeliveryError(f"{shown(host)}: {why}")


def _context() -> ssl.SSLContext:
    """TLS 1.2 or later, the name verified, against the system's certificates (SSL_CERT_FILE is respected)."""
    import ssl

    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _unreached(error: Exception, host: str, aborted: bool) -> DeliveryError:
    import ssl

    if aborted:
        return DeliveryError(f"{host}: no connection in time", "safe")
    if isinstance(error, ssl.SSLCertVerificationError):
        # verify_message is OpenSSL's own word; the certificate's names are not repeated.
        fix = "a certificate authority of your own goes into SSL_CERT_FILE"
        return DeliveryError(f"{host}: its certificate is not valid here", fix=fix)
    if isinstance(error, ssl.SSLError):
        return DeliveryError(f"{host}: no TLS connection could be made")
    return DeliveryError(f"{host}: no connection could be made", "safe")


def tls() -> ssl.SSLContext:
    """The context of this seam, for protocols other than HTTP."""
    return _context()
