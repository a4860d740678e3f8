"""The connection of one request: to an address that was checked or to a proxy, watched by a timer."""

from __future__ import annotations

import http.client
import socket
import threading
import time

from . import guard
from .client import tls
from .errors import DeliveryError
from .guard import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .guard import Rules
    from .proxy import Proxy


def exchange(
    server: tuple[str, str, int],
    proxy: Proxy | None,
    rules: Rules,
    timeout: float,
    asked: tuple[str, str],
    headers: dict[str, str],
    body: bytes,
    most: int,
) -> tuple[int, dict[str, str], bytes]:
    """Send one request (`server` is scheme, host and port; `asked` method and target): status, headers by their names
    in lower case, the first `most` bytes of the body. Raises DeliveryError."""
    scheme, host, port = server
    connection = Connection(host, port, proxy, rules, timeout, scheme == "https")
    watch = threading.Timer(timeout, connection.abort)
    watch.daemon = True
    watch.start()
    try:
        return _exchange(connection, asked, headers, body, most)
    finally:
        watch.cancel()
        connection.close()


def _exchange(
    connection: Connection, asked: tuple[str, str], headers: dict[str, str], body: bytes, most: int
) -> tuple[int, dict[str, str], bytes]:
    host = shown(connection.host)
    connection.reach()
    try:
        connection.request(*asked, body if body or asked[0] != "GET" else None, headers)
        answer = connection.getresponse()
        data = answer.read(most)
    except ValueError:  # http.client refuses line breaks in a header or in the target
        raise DeliveryError(f"{host}: a header or the address holds characters it may not hold") from None
    except (OSError, http.client.HTTPException):
        late = "no answer in time" if connection.aborted else "the connection was lost before an answer came"
        raise DeliveryError(f"{host}: {late}", "doubtful") from None
    if connection.aborted:
        raise DeliveryError(f"{host}: no whole answer in time", "doubtful")
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, data


class Connection(http.client.HTTPConnection):
    """A connection to an address that was checked, or to a proxy; TLS for the host that is meant."""

    def __init__(self, host: str, port: int, proxy: Proxy | None, rules: Rules, timeout: float, secure: bool) -> None:
        super().__init__(host, port, timeout=timeout)
        self.proxy, self.rules, self.secure = proxy, rules, secure
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
            self.sock = reach(self.host, self.port, guard.addresses(self.host, self.port, self.rules), left)
        else:
            _check_literal(self.host, self.rules)
            try:
                self.sock = socket.create_connection((self.proxy.host, self.proxy.port), left)
            except OSError:
                raise DeliveryError("the proxy of the environment cannot be reached", "safe") from None
            if self.secure:
                self._tunnel_through(self.proxy)
        if self.secure:
            # In two steps: `abort` must find the socket that the handshake waits on.
            wrapped = tls().wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
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


def reach(host: str, port: int, found: list[str], timeout: float) -> socket.socket:
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
