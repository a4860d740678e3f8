"""What a plan destroys, and the protection it takes away."""

from __future__ import annotations

from . import guarded, limits, protection, stateful

POLICIES = (
    stateful.stateful_delete,
    stateful.stateful_replace,
    stateful.stateful_forgotten,
    guarded.delete_will_fail,
    protection.protection_removed,
    protection.guard_deleted,
    limits.too_many_destroyed,
)
