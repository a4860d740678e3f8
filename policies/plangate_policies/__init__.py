"""The packs that ship with plangate: POLICIES lists them; one file a pack, data beside it."""

from __future__ import annotations

POLICIES: tuple[str, ...] = ()
