"""Encryption at rest and in transit, TLS versions, and whose key it is."""

from __future__ import annotations

from . import attributes, s3, secrets

POLICIES = (*attributes.policies(), *s3.POLICIES, *secrets.POLICIES)
