"""What a policy that reads documents may meet."""

from __future__ import annotations

from .values import UnknownValue


class NotADocument(UnknownValue):
    """An attribute is no policy document: no JSON, a key twice, wrong shapes. Not caught, the outcome is `unknown`."""

    def __init__(self, path: str) -> None:
        super().__init__(path, "malformed")
