"""What a list of actions means (Terraform JSON format, "Change representation"; OpenTofu 1.12 for forget-create)."""

from __future__ import annotations

# (actions as the plan lists them) -> (the one word people use, order of a replace)
ACTIONS: dict[tuple[str, ...], tuple[str, str | None]] = {
    ("no-op",): ("no-op", None),
    ("create",): ("create", None),
    ("read",): ("read", None),
    ("update",): ("update", None),
    ("delete",): ("delete", None),
    ("delete", "create"): ("replace", "delete-first"),
    ("create", "delete"): ("replace", "create-first"),
    ("forget",): ("forget", None),
    ("create", "forget"): ("replace", "create-then-forget"),  # Terraform 1.7: the old object is left behind
    ("forget", "create"): ("replace", "create-then-forget"),  # OpenTofu 1.12 writes it in this order
    ("open",): ("open", None),  # an ephemeral resource in OpenTofu 1.11: nothing is kept
}
GOES_AWAY = frozenset({"delete", "forget"})
TOUCHES = frozenset({"create", "update", "delete", "replace", "forget"})
