"""What is known of earlier messages: from the deliveries of `--previous` reports, or from the channel itself."""

from __future__ import annotations

from .build import verdict_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .build import Judged


class Previous:
    """Earlier runs, by root."""

    __slots__ = ("_reports",)

    def __init__(self, judged: list[Judged]) -> None:
        self._reports: dict[str, Judged] = {}
        for one in sorted(judged, key=lambda j: str((j.report.get("run") or {}).get("started_at") or "")):
            self._reports[one.identity] = one  # the latest of several

    def verdict(self, judged: list[Judged]) -> str | None:
        """The worst verdict that these roots had, None where one is not known."""
        found = [self._reports.get(one.identity) for one in judged]
        known = [one.root for one in found if one is not None]
        return verdict_of(known) if known and len(known) == len(found) else None

    def delivery(self, judged: list[Judged], notifier: str, key: str) -> Mapping[str, Any] | None:
        """What the delivery of this notifier left, with the run it belongs to."""
        for one in judged:
            earlier = self._reports.get(one.identity)
            for entry in (earlier.report.get("deliveries") or ()) if earlier else ():
                kept = parsed(entry.get("remember")) if entry.get("notifier") == notifier else None
                if kept and kept.get("key") == key:
                    return kept
        return None

    def stamp(self, judged: list[Judged]) -> dict[str, Any] | None:
        """The run of the earlier reports: {"run", "at", "verdict"}."""
        for one in judged:
            earlier = self._reports.get(one.identity)
            if earlier is not None:
                run = earlier.report.get("run") or {}
                return {"run": run.get("id"), "at": run.get("started_at"), "verdict": earlier.root.verdict}
        return None


def parsed(written: object) -> dict[str, Any] | None:
    """What a delivery of a report keeps; None for nothing, and for what is no such thing."""
    import json

    if not isinstance(written, str) or len(written) > 65536:
        return None
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def packed(kept: dict[str, Any] | None) -> str | None:
    """The same as text for a report."""
    import json

    return json.dumps(kept, sort_keys=True, separators=(",", ":")) if kept else None
