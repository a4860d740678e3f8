"""The channels that ship with plangate: NOTIFIERS lists them; one file a channel."""

from __future__ import annotations

NOTIFIERS: tuple[str, ...] = ()
