"""Who is told of what, as the settings say it: plain objects; what they mean is decided in the room `notify`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What can have happened, the gravest first. `error`: it could not be judged.
EVENTS = ("error", "failed", "recovered", "destructive", "planned")
NOTIFY_ON = ("always", "changes", "destructive", "failure", "recovery")


class NotifierEntry:
    """One [notifiers.NAME]: its keys as written, {key: "plangate.toml:12"}, and the folder each is relative to."""

    __slots__ = ("folders", "name", "origins", "values")

    def __init__(self, name: str) -> None:
        self.name = name
        self.values: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.folders: dict[str, str] = {}

    def where(self, key: str | None = None) -> str:
        """File and line of a key, else of the entry."""
        return self.origins.get(key or "", self.origins[""])


class Route:
    """One [[routes]]: empty tuples ask for nothing. `notifiers` are names of entries."""

    __slots__ = ("environment", "event", "notifiers", "origin", "path", "policy", "severity", "workspace")

    def __init__(self, origin: str, notifiers: tuple[str, ...]) -> None:
        self.origin, self.notifiers = origin, notifiers
        self.event: tuple[str, ...] = ()
        self.environment: tuple[str, ...] = ()
        self.path: tuple[str, ...] = ()
        self.workspace: tuple[str, ...] = ()
        self.policy: tuple[str, ...] = ()
        self.severity: str | None = None


class Notify:
    """All of it. `report_url`, `decide_url`: templates; `language` of the texts; `seconds` for all deliveries."""

    __slots__ = ("decide_url", "language", "notifiers", "origins", "report_url", "routes", "seconds")

    def __init__(self) -> None:
        self.notifiers: dict[str, NotifierEntry] = {}
        self.routes: tuple[Route, ...] = ()
        self.report_url: str | None = None
        self.decide_url: str | None = None
        self.language = "en"
        self.seconds = 20
        self.origins: dict[str, str] = {}
