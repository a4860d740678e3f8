"""R2: no managed resource goes away."""

from __future__ import annotations

from plangate import Finding, policy


@policy("cases/r2", types="*", judges="change", severity="high")
def goes_away(change):
    """A managed resource goes away."""
    if {"delete", "forget"} & set(change.actions):
        yield Finding("it goes away")
