"""Where a request may go: https, and a public address, judged after the name was resolved.

A webhook address comes from outside. It must not make a runner speak to its cloud's metadata service, to what listens
on its own loopback, or to the network it stands in.
"""

from __future__ import annotations

from .errors import DeliveryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

ALLOW = "PLANGATE_ALLOW_INSECURE"
# Metadata services of clouds outside of link-local: Alibaba, Oracle (old), AWS over IPv6, Azure's wire server.
_METADATA = frozenset({"100.100.100.200", "192.0.0.192", "fd00:ec2::254", "168.63.129.16"})


class Rules:
    """What is allowed: `insecure` http and loopback (tests), `private` networks (a server of one's own)."""

    __slots__ = ("insecure", "private")

    def __init__(self, insecure: bool = False, private: bool = False) -> None:
        self.insecure, self.private = insecure, private


def addresses(host: str, port: int, rules: Rules) -> list[str]:
    """The IP addresses of `host` that may be connected to, each checked. Raises DeliveryError.

    One forbidden address among several refuses the host: a name that answers with both is not to be trusted.
    """
    import socket

    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        again = error.errno == socket.EAI_AGAIN
        said = f"{shown(host)}: the name cannot be resolved"
        raise DeliveryError(said, "safe" if again else "no", fix="look at the address and at the network") from None
    except (UnicodeError, OSError, ValueError):
        raise DeliveryError("the address holds no valid host name") from None
    plain = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in plain:
        why = forbidden(address, rules)
        if why:
            raise DeliveryError(f"{shown(host)}: {why}", fix=_fix(why))
    return plain


def forbidden(address: str, rules: Rules) -> str | None:
    """Why nothing is sent to this IP address, or None."""
    from ipaddress import ip_address

    ip = ip_address(address.partition("%")[0])
    inner = _inner(ip)
    return _why(inner, rules) or (_why(ip, rules) if inner is ip else None)


def _inner(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one carries: mapped, 6to4, NAT64 (RFC 6052), Teredo's server is not reached."""
    from ipaddress import IPv4Address, IPv6Address, ip_network

    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return ip.ipv4_mapped
        if ip.sixtofour:
            return ip.sixtofour
        if ip in ip_network("64:ff9b::/96"):
            return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _why(ip: IPv4Address | IPv6Address, rules: Rules) -> str | None:
    if str(ip) in _METADATA or ip.is_link_local:
        return "the address is a link-local or metadata address"
    if ip.is_loopback:
        return None if rules.insecure else "the address is on this machine"
    if ip.is_unspecified or ip.is_multicast:
        return "the address is none of a server"
    if ip.is_global:
        return None
    return None if rules.private else "the address is a private one"


def _fix(why: str) -> str:
    if "private" in why:
        return "if the server is your own, write private = true for this notifier in plangate.toml"
    return "name the public address of the service"


def shown(host: str) -> str:
    """A host name as it stands in messages: ASCII, printable, of bounded length."""
    text = "".join(c if c.isascii() and c.isprintable() else "?" for c in host)
    return text if len(text) <= 100 else text[:97] + "..."
