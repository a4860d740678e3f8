"""Secrets that stand in a settings file by mistake: found by their well-known shapes, never shown."""

from __future__ import annotations

import re

FIX = "write env:NAME, file:PATH or ssm:NAME instead, and renew what stood here: it has been written down"

_SHAPES = (
    ("a Slack webhook URL", r"hooks\.slack(?:-gov)?\.com/"),
    ("a Teams webhook URL", r"\.webhook\.office(?:365)?\.com|outlook\.office(?:365)?\.com/webhook"),
    ("a workflow URL", r"\.logic\.azure\.(?:com|us|cn)|\.powerplatform\.com|\.flow\.microsoft\.com"),
    ("a Discord webhook URL", r"discord(?:app)?\.com/api/webhooks/"),
    ("a Google Chat webhook URL", r"chat\.googleapis\.com/v1/spaces/"),
    ("a Slack token", r"\bxox[a-z](?:\.xox[a-z])?-\S{6,}|\bxapp-\S{6,}"),
    ("a GitHub token", r"\bgh[opusr]_[A-Za-z0-9]{10,}|\bgithub_pat_[A-Za-z0-9_]{10,}"),
    ("a GitLab token", r"\bgl(?:pat|ptt|cbt|dt|rt|ft|soat)-[A-Za-z0-9_-]{10,}"),
    ("an AWS access key", r"(?-i:\b(?:AKIA|ASIA)[A-Z0-9]{12,})"),
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    ("a URL with a password", r"[a-z][a-z0-9+.-]{0,20}://[^/\s:@]*:[^/\s@]+@"),
    ("a signed token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\."),
)
_COMPILED = tuple((what, re.compile(shape, re.IGNORECASE)) for what, shape in _SHAPES)


def secret_in(text: str) -> str | None:
    """What kind of secret `text` seems to hold, in words without any of it; None for none."""
    for what, shape in _COMPILED:
        if shape.search(text):
            return what
    return None
