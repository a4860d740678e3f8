"""The packs that ship with plangate: POLICIES lists them; one file or folder a pack, data beside it."""

from __future__ import annotations

from . import destructive, encryption, exposure, tagging

POLICIES = (*encryption.POLICIES, *tagging.POLICIES, *destructive.POLICIES, *exposure.POLICIES)
