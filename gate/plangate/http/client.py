"""One request, one answer: TLS verified, no redirect, bounded in time and size, to an address that was checked."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from plangate.version import VERSION

from .errors import DeliveryError
from .guard import shown
from .secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Mapping

    from .guard import Rules

BODY_LIMIT = 65536  # bytes of an answer that are read
_AGENT = f"plangate/{VERSION}"
_WHOLE = "give the whole address, from https:// on"


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
        from .connection import exchange
        from .proxy import proxy_for

        proxy = proxy_for(scheme, host, port, self.environ)
        status, found, data = exchange(
            (scheme, host, port), proxy, self.rules, left, (method, target), plain, body, most
        )
        return Response(status, found, data, host)

    def connect(self, host: str, port: int, timeout: float = 10.0) -> socket.socket:
        """A connection to a host whose address was checked, for protocols other than HTTP; no proxy is used."""
        from .connection import reach
        from .guard import addresses

        return reach(host, port, addresses(host, port, self.rules), self.left(timeout))

    def _target(self, url: Secret | str) -> tuple[str, str, int, str]:
        """(scheme, host, port, path and query). Raises DeliveryError for what is no address to send to."""
        text = (url.reveal() if isinstance(url, Secret) else url).strip()
        try:
            parts = urlsplit(text)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
        except ValueError:
            raise DeliveryError("the address is no URL", fix=_WHOLE) from None
        plain = host.isascii() and all(c.isalnum() or c in "-._:%" for c in host)
        if parts.scheme not in ("http", "https") or not host or not plain:
            raise DeliveryError("the address is no https:// URL", fix=_WHOLE)
        if parts.scheme == "http" and not self.rules.insecure:
            raise DeliveryError(f"{shown(host)}: the address is not https")
        if parts.username is not None:
            raise DeliveryError(f"{shown(host)}: the address holds a user name", fix="give credentials as a token")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not target.isascii() or not target.isprintable() or " " in target:
            raise DeliveryError(f"{shown(host)}: the address holds characters that no URL may hold")
        return parts.scheme, host, port, target


def tls() -> ssl.SSLContext:
    """TLS 1.2 or later, the name verified, against the system's certificates (SSL_CERT_FILE is respected)."""
    import ssl

    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
