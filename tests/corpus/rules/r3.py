"""R3: nothing runs a provisioner."""

from __future__ import annotations

from plangate import Finding, policy


@policy("cases/r3", types="*", severity="high")
def has_provisioner(change):
    """A resource has a provisioner."""
    for kind in change.provisioners:
        yield Finding(f"it runs {kind} at apply")
