"""One change of a fixture, with the values that pseudonyms leave of it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.plan.change import Change

    from .pseudonyms import Pseudonyms


def entry(change: Change, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """The entry of `resource_changes`; keys that say nothing are left out."""
    before, after, unknown, before_marks, after_marks = change.raw()
    optional = {
        "module_address": change.module_address or None,
        "index": change.index,
        "deposed": change.deposed,
        "action_reason": change.reason,
        "previous_address": change.previous_address,
    }
    inner: dict[str, Any] = {
        "actions": list(change.actions),
        "before": pseudonyms.body(before, before_marks, after_marks),
        "after": pseudonyms.body(after, before_marks, after_marks),
        "after_unknown": pseudonyms.mask(unknown),
        "before_sensitive": pseudonyms.mask(before_marks),
        "after_sensitive": pseudonyms.mask(after_marks),
    }
    if change.replace_paths is not None:
        inner["replace_paths"] = change.replace_paths
    if change.importing is not None:
        inner["importing"] = pseudonyms.body(change.importing)
    return {
        "address": change.address,
        "mode": change.mode,
        "type": change.type,
        "name": change.name,
        "provider_name": change.provider_name,
        **{k: v for k, v in optional.items() if v is not None},
        "change": inner,
    }
