"""What the Internet, or everybody with an account, can reach after the apply."""

from __future__ import annotations

from .catalogue import policies

POLICIES = policies()
