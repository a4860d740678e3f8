"""Checkov where it is not installed and nobody asked for it: every format says so."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Absent:
    """As checkov.beside.Beside, of which there is nothing to say."""

    asked = False

    def ids(self) -> list[str]:
        """The policy ids that settings may name."""
        from .table import ids

        return ids()

    def begin(self, *_: Any) -> None:
        """Nothing to ask."""

    def join(self, *_: Any) -> dict[tuple[str, str | None], list[str]]:
        """Nothing was answered."""
        return {}

    def errors(self) -> list[dict[str, Any]]:
        """Its absence is none."""
        return []

    def stop(self) -> None:
        """Nothing runs."""

    def section(self) -> dict[str, Any]:
        """The report's section `checkov`."""
        return {"status": "not_installed", "version": None, "seconds": None, "cached": None}
