"""What a plan destroys, and the protection it takes away."""

from __future__ import annotations

from . import backup_plans, blocks, guarded, guards, limits, lockout, moves, stateful, states, weakening

POLICIES = (
    stateful.stateful_delete,
    stateful.stateful_replace,
    stateful.stateful_forgotten,
    guarded.delete_will_fail,
    *weakening.policies(),
    guards.guard_deleted,
    blocks.nested_block_removed,
    blocks.protected_block_removed,
    lockout.own_access_removed,
    lockout.key_policy_lock_out,
    moves.index_shifted,
    moves.moved_block_missing,
    limits.too_many_destroyed,
    limits.too_many_changed,
    limits.everything_destroyed,
    limits.module_removed,
    limits.weight_destroyed,
    *states.policies(),
    backup_plans.not_backed_up,
)
