"""Firewall rules of Azure databases: a first and a last IPv4 address.

`asks` of an entry: {"range": "world"}, or "azure", what 0.0.0.0 to 0.0.0.0 stands for
(https://learn.microsoft.com/azure/azure-sql/database/firewall-configure).
"""

from __future__ import annotations

from plangate import is_unknown

from .cidr import IPV4, is_much, parse
from .since import Fault, body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

_NAMES = {"azurerm_redis_firewall_rule": ("start_ip", "end_ip")}


def faults(change: Change, side: str, entry: Row, settings: dict[str, Any]) -> Iterator[Fault]:  # noqa: ARG001
    """One fault for a range that is too wide."""
    body = body_of(change, side)
    first, last = _NAMES.get(change.type, ("start_ip_address", "end_ip_address"))
    for name in (first, last):
        if is_unknown(body[name]):
            bool(body[name])
    low, high = parse(body[first]), parse(body[last])
    if low is None or high is None or low[0] != IPV4 or high[0] != IPV4:
        return
    if low[1] == high[2] == 0:
        wide = entry["asks"]["range"] == "azure"
    else:
        wide = entry["asks"]["range"] == "world" and is_much(IPV4, [(low[1], high[2])])
    if wide:
        yield Fault({"range"}, entry["title"], first)
