"""Whether address ranges together let everybody in: arithmetic on integers, no import.

"Everybody" is at least half of the addresses that are routed: of IPv4 2^31 of 2^32, of IPv6 half of 2000::/3, the only
part that is global unicast (RFC 4291, IANA IPv6 address space). So `0.0.0.0/1` with `128.0.0.0/1` is found, and a list
of blocks that leaves out one of them as well.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Range = tuple[int, int]  # first and last address

IPV4, IPV6 = "IPv4", "IPv6"
_BITS = {IPV4: 32, IPV6: 128}
_ROUTED = {IPV4: (0, (1 << 32) - 1), IPV6: (0x2 << 124, (0x4 << 124) - 1)}
_MUCH = {IPV4: 1 << 31, IPV6: 1 << 124}


def open_families(texts: Iterable[object]) -> frozenset[str]:
    """The families, "IPv4" and "IPv6", of which the ranges together let everybody in; what is no range counts for
    nothing. A range is an address, or an address with a prefix length."""
    ranges: dict[str, list[Range]] = {IPV4: [], IPV6: []}
    for text in texts:
        found = parse(text)
        if found is not None:
            ranges[found[0]].append((found[1], found[2]))
    return frozenset(family for family, known in ranges.items() if known and is_much(family, known))


def is_much(family: str, ranges: list[Range]) -> bool:
    """Whether ranges of one family together hold at least half of what is routed."""
    first, last = _ROUTED[family]
    covered, upto = 0, first - 1
    for start, end in sorted(ranges):
        low, high = max(start, upto + 1), min(end, last)
        if low <= high:
            covered += high - low + 1
            upto = high
    return covered >= _MUCH[family]


def parse(text: object) -> tuple[str, int, int] | None:
    """(family, first, last address) of a CIDR block or an address; bits behind the prefix are ignored. None for what
    is neither."""
    if type(text) is not str or len(text) > 64:  # `type`: an Unknown may stand among them
        return None
    address, slash, prefix = text.strip().partition("/")
    family = IPV6 if ":" in address else IPV4
    value = _ipv6(address) if family is IPV6 else _ipv4(address)
    bits = _BITS[family]
    length = _number(prefix, 3, bits) if slash else bits
    if value is None or length is None:
        return None
    size = 1 << (bits - length)
    low = value & ~(size - 1)
    return family, low, low + size - 1


def _number(text: str, digits: int, most: int) -> int | None:
    if not 1 <= len(text) <= digits or not (text.isascii() and text.isdigit()):
        return None
    value = int(text)
    return value if value <= most else None


def _ipv4(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) != 4:
        return None
    value = 0
    for part in parts:
        octet = _number(part, 3, 255)
        if octet is None:
            return None
        value = value << 8 | octet
    return value


def _ipv6(text: str) -> int | None:
    head, gap, tail = text.partition("::")
    if "::" in tail:
        return None
    first, second = _groups(head), _groups(tail)
    if first is None or second is None:
        return None
    missing = 8 - len(first) - len(second)
    if (gap and missing < 1) or (not gap and missing != 0):
        return None
    value = 0
    for group in (*first, *([0] * missing), *second):
        value = value << 16 | group
    return value


def _groups(text: str) -> list[int] | None:
    """The 16-bit groups of one side of `::`, the last two of them perhaps written as IPv4."""
    if not text:
        return []
    words = text.split(":")
    if len(words) > 8:
        return None
    groups: list[int] = []
    for at, word in enumerate(words):
        if "." in word and at == len(words) - 1:
            last = _ipv4(word)
            if last is None:
                return None
            groups += [last >> 16, last & 0xFFFF]
        elif not 1 <= len(word) <= 4 or word.strip("0123456789abcdefABCDEF"):
            return None
        else:
            groups.append(int(word, 16))
    return groups
