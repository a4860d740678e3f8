"""Encryption at rest and in transit, TLS versions, and whose key it is."""

from __future__ import annotations

from . import attributes, ebs, s3, secrets

POLICIES = (*attributes.policies(), *ebs.POLICIES, *s3.POLICIES, *secrets.POLICIES)
