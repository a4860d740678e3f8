"""Who is told: routes, `notify_on`, and why. One notifier is told of the roots that its routes match."""

from __future__ import annotations

from plangate.globs import match_id, match_path
from plangate.report.groups import rank

from .build import verdict_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate.decide.settings_notify import Route

    from .build import Judged
    from .entries import Notifier


class Choice:
    """What one notifier is told: the `chosen` roots (empty: nothing), their `events`, and `why` in words of ours.

    `left` roots are judged and not for this notifier; `waits`: it depends on what the channel told last."""

    __slots__ = ("by_event", "chosen", "events", "left", "send", "waits", "why")

    def __init__(self, chosen: list[Judged], left: int, events: tuple[str, ...], send: bool, why: str) -> None:
        self.chosen, self.left, self.events, self.send, self.why = chosen, left, events, send, why
        self.waits = False
        self.by_event = False


def choose(notifier: Notifier, routes: tuple[Route, ...], judged: list[Judged], previous: str | None) -> Choice:
    """Whether and of what `notifier` is told, when it told `previous` last (None: not known)."""
    recovered = previous in ("fail", "error")
    mine = [route for route in routes if notifier.name in route.notifiers]
    if routes and not mine:
        return Choice([], len(judged), (), False, "no route names it")
    chosen, matched = _matched(mine, judged, recovered) if routes else (list(judged), [])
    if not chosen:
        return _waiting(notifier, Choice([], len(judged), (), False, "no route matches"), mine, judged, previous)
    by_route = any(route.environment for route in matched)
    if notifier.protected_only and not by_route:
        chosen = [one for one in chosen if one.root.protected]
        if not chosen:
            said = "it tells of protected environments only, and none of these is one"
            return Choice([], len(judged), (), False, said)
    events = _events(chosen, recovered)
    by_event = bool(matched) and all(route.event for route in matched)
    left = len(judged) - len(chosen)
    via = f"by {matched[0].origin}" if matched else "no routes are written, so it is told of everything"
    if notifier.unset and by_event:
        return Choice(chosen, left, events, True, f"{via}, which names the event")
    word = _wanted(notifier.notify_on, chosen, events)
    if word:
        return Choice(chosen, left, events, True, f"{via}; notify_on {word}")
    said = f"{via}; {_unwanted(notifier.notify_on, chosen)}"
    return _waiting(notifier, Choice(chosen, left, events, False, said), mine, judged, previous)


def _waiting(
    notifier: Notifier, choice: Choice, mine: list[Route], judged: list[Judged], previous: str | None
) -> Choice:
    """Mark a choice that could be another one if the last verdict were known."""
    by_route = any("recovered" in route.event for route in mine)
    tells = any(word in notifier.notify_on for word in ("recovery", "changes", "failure"))
    passes = any(one.root.verdict == "pass" for one in judged)
    choice.waits = previous is None and passes and (by_route or tells)
    return choice


def _matched(routes: list[Route], judged: list[Judged], recovered: bool) -> tuple[list[Judged], list[Route]]:
    chosen, matched = [], []
    for one in judged:
        hits = [route for route in routes if matches(route, one, recovered)]
        if hits:
            chosen.append(one)
            matched += [route for route in hits if route not in matched]
    return chosen, matched


def matches(route: Route, one: Judged, recovered: bool = False) -> bool:
    """Whether a route asks for this root."""
    events = set(one.root.events) | ({"recovered"} if recovered and one.root.verdict == "pass" else set())
    return (
        (not route.event or not events.isdisjoint(route.event))
        and (not route.environment or any(match_id(g, one.environment or "") for g in route.environment))
        and (route.severity is None or one.severity <= rank(route.severity))
        and (not route.path or any(match_path(glob, one.path) for glob in route.path))
        and (not route.workspace or any(match_id(glob, one.workspace) for glob in route.workspace))
        and (not route.policy or any(match_id(g, id) for g in route.policy for id in one.policies))
    )


def _events(chosen: list[Judged], recovered: bool) -> tuple[str, ...]:
    from plangate.decide.settings_notify import EVENTS

    found = {event for one in chosen for event in one.root.events}
    if recovered and verdict_of([one.root for one in chosen]) == "pass":
        found.add("recovered")
    return tuple(event for event in EVENTS if event in found)


def _wanted(notify_on: tuple[str, ...], chosen: list[Judged], events: tuple[str, ...]) -> str | None:
    """The word of notify_on that asks for this, None for none. What could not be judged may be anything: all but
    `recovery` ask for it."""
    changes = any(one.root.changes for one in chosen)
    for word in notify_on:
        asked = {
            "always": True,
            "changes": changes or not {"error", "failed", "recovered"}.isdisjoint(events),
            "destructive": not {"error", "destructive"}.isdisjoint(events),
            "failure": not {"error", "failed"}.isdisjoint(events),
            "recovery": "recovered" in events,
        }[word]
        if asked:
            return word
    return None


def _unwanted(notify_on: tuple[str, ...], chosen: list[Judged]) -> str:
    if not any(one.root.changes for one in chosen) and "changes" in notify_on:
        return "nothing changes, and notify_on does not say always"
    return f"notify_on is {', '.join(notify_on)}"
