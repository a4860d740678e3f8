"""The proxy that the environment names for a host, as curl and others read it."""

from __future__ import annotations

from .errors import DeliveryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Proxy:
    """An HTTP proxy: where it listens, and what it wants to be told of us."""

    __slots__ = ("authorization", "host", "port")

    def __init__(self, host: str, port: int, authorization: str | None) -> None:
        self.host, self.port, self.authorization = host, port, authorization


def proxy_for(scheme: str, host: str, port: int, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy for a request, None to go straight. Raises DeliveryError for one that cannot be used.

    `HTTP_PROXY` in capitals is not read: a CGI server sets it from a request header (httpoxy, CVE-2016-5385).
    """
    names = [f"{scheme}_proxy", *(["HTTPS_PROXY"] if scheme == "https" else []), "all_proxy", "ALL_PROXY"]
    written = next((environ[name] for name in names if environ.get(name)), None)
    if written is None or _bypassed(host, port, environ.get("no_proxy") or environ.get("NO_PROXY") or ""):
        return None
    from base64 import b64encode
    from urllib.parse import unquote, urlsplit

    try:
        url = urlsplit(written if "://" in written else "http://" + written)
        number = url.port or 80
    except ValueError:
        raise DeliveryError("the proxy of the environment is no address") from None
    if url.scheme != "http" or not url.hostname:
        fix = "name one as http://HOST:PORT; what is sent through it is encrypted all the same"
        raise DeliveryError("the proxy of the environment is of a kind that cannot be used", fix=fix)
    authorization = None
    if url.username is not None:
        pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
        authorization = "Basic " + b64encode(pair.encode()).decode()
    return Proxy(url.hostname, number, authorization)


def _bypassed(host: str, port: int, written: str) -> bool:
    """Whether NO_PROXY names the host: `*`, names and what ends in them, addresses, networks, with or without port."""
    host = host.lower().rstrip(".")
    for entry in written.replace(",", " ").lower().split():
        if entry == "*":
            return True
        name, colon, number = entry.rpartition(":")
        if colon and number.isdigit() and ":" not in name:
            if int(number) != port:
                continue
            entry = name  # noqa: PLW2901 - without its port
        entry = entry.removeprefix("*").strip(".")  # noqa: PLW2901
        if host == entry or (entry and host.endswith("." + entry)) or _within(host, entry):
            return True
    return False


def _within(host: str, network: str) -> bool:
    if "/" not in network:
        return False
    from ipaddress import ip_address, ip_network

    try:
        return ip_address(host) in ip_network(network, strict=False)
    except (ValueError, TypeError):
        return False
