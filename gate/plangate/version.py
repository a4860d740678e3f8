"""The version, in a file of its own: cheap to import. The same as in pyproject.toml (a test compares)."""

from __future__ import annotations

VERSION = "0.1.0"
