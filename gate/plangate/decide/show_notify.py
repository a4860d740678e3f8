"""Notifiers and routes as `config show` prints them. What stands in the file is a reference, never a secret."""

from __future__ import annotations

from plangate.decide.settings import Settings, origin
from plangate.decide.toml_write import key, quoted, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate.decide.settings_notify import Route

_GENERAL = ("report_url", "decide_url", "language", "seconds")
_ROUTE = ("event", "environment", "severity", "path", "workspace", "policy", "notifiers")


def blocks(settings: Settings) -> list[list[str]]:
    """The tables [notify], [notifiers.NAME] and [[routes]], each line with where it comes from."""
    own = settings.notify
    if own is None:
        return []
    general = ["[notify]"]
    for name in _GENERAL:
        thing, where = getattr(own, name), _plain(origin(settings, f"notify.{name}"))
        general.append(f"# {name}: none  # {where}" if thing is None else f"{name} = {value(thing)}  # {where}")
    entries = [
        [
            f"[notifiers.{key(name)}]  # {_plain(entry.where())}",
            *(f"{key(k)} = {value(v)}  # {_plain(entry.where(k))}" for k, v in entry.values.items()),
        ]
        for name, entry in own.notifiers.items()
    ]
    return [general, *entries, *(_route(route) for route in own.routes)]


def _route(route: Route) -> list[str]:
    lines = [f"[[routes]]  # {_plain(route.origin)}"]
    return lines + [f"{name} = {value(thing)}" for name in _ROUTE if (thing := getattr(route, name))]


def _plain(text: str) -> str:
    return quoted(text)[1:-1].replace('\\"', '"')
