"""R4: a terraform_data says `public = false`."""

from __future__ import annotations

from plangate import Finding, policy


@policy("cases/r4", types="terraform_data", severity="high")
def is_public(change):
    """`input.public` is not false."""
    if change.after["input"]["public"] is not False:
        yield Finding("input.public is not false", "input.public")
