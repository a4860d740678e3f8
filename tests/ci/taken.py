"""A policy that stops a plan without any provider: the word `taken` in a terraform_data."""

from __future__ import annotations

POLICY = """
from plangate import Finding, policy

@policy("acme/taken", types="terraform_data", severity="critical", remediation="Use another word.")
def taken(change):
    \"\"\"The word is taken.\"\"\"
    if change.after["input"] == "taken":
        yield Finding("The word is taken.", "input")
"""
