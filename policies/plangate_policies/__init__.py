"""The packs that ship with plangate: POLICIES lists them; one file or folder a pack, data beside it."""

from __future__ import annotations

from . import destructive, encryption, exposure, tagging

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Policy

POLICIES = (*encryption.POLICIES, *tagging.POLICIES, *destructive.POLICIES, *exposure.POLICIES)


def compliance(made: Policy) -> list[dict[str, Any]]:
    """What compliance frameworks call what a policy asks, see frameworks.py."""
    from .frameworks import compliance

    return compliance(made)
