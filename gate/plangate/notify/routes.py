"""Who is told: routes, `notify_on`, and why. One notifier is told of the roots that its routes match."""

from __future__ import annotations

from plangate.decide.settings_notify import EVENTS
from plangate.globs import match_id, match_path
from plangate.report.groups import rank

from .build import verdict_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate.decide.settings_notify import Route

    from .build import Judged
    from .entries import Notifier


class Choice:
    """What one notifier is told: the `chosen` roots, their `events`, whether to `send`, and `why` in words of ours.

    `scope` are the roots that its routes can ever speak of: the same from run to run, so that a message is known again.
    `left` roots are judged and not told. `waits`: it may depend on what the channel told last."""

    __slots__ = ("chosen", "events", "left", "scope", "send", "waits", "why")

    def __init__(self, scope: list[Judged], why: str, left: int) -> None:
        self.scope, self.why, self.left = scope, why, left
        self.chosen: list[Judged] = []
        self.events: tuple[str, ...] = ()
        self.send = self.waits = False


def choose(notifier: Notifier, routes: tuple[Route, ...], judged: list[Judged], previous: str | None) -> Choice:
    """Whether and of what `notifier` is told, when it told `previous` last (None: not known)."""
    recovered = previous in ("fail", "error")
    mine = [route for route in routes if notifier.name in route.notifiers]
    if routes and not mine:
        return Choice([], "no route names it", len(judged))
    scope = [one for one in judged if not routes or any(_about(route, one) for route in mine)]
    if not scope:
        return Choice([], "its routes are about other roots", len(judged))
    if notifier.protected_only:
        scope = [one for one in scope if one.root.protected or _asked_for(mine, one)]
        if not scope:
            said = "it tells of protected environments only, and this is none; a route with an environment says more"
            return Choice([], said, len(judged))
    fired = [route for route in mine if any(matches(route, one, recovered) for one in scope)]
    if routes and not fired:
        choice = Choice(scope, "no route matches what happened", len(judged))
        choice.waits = _waits(notifier, mine, scope, previous)
        return choice
    chosen = [one for one in scope if not routes or any(_about(route, one) for route in fired)]
    choice = Choice(scope, "", len(judged) - len(chosen))
    choice.chosen, choice.events = chosen, events_of(chosen, recovered)
    via = f"by the route {fired[0].origin}" if fired else "by no route, so it is told of everything"
    if notifier.unset and fired and all(route.event for route in fired):
        choice.send, choice.why = True, f"{via}, which names the event"
        return choice
    word = _wanted(notifier.notify_on, chosen, choice.events)
    choice.send = word is not None
    choice.why = f"{via}; notify_on says {word}" if word else f"{via}; {_unwanted(notifier.notify_on, chosen)}"
    choice.waits = not word and _waits(notifier, mine, scope, previous)
    return choice


def _waits(notifier: Notifier, mine: list[Route], scope: list[Judged], previous: str | None) -> bool:
    """Whether another verdict told last would make it another choice."""
    by_route = any("recovered" in route.event for route in mine)
    tells = not {"recovery", "changes"}.isdisjoint(notifier.notify_on)
    return previous is None and any(one.root.verdict == "pass" for one in scope) and (by_route or tells)


def _asked_for(routes: list[Route], one: Judged) -> bool:
    return any(route.environment and _about(route, one) for route in routes)


def _about(route: Route, one: Judged) -> bool:
    """Whether a route speaks of this root, whatever happened to it."""
    return (
        (not route.environment or any(match_id(glob, one.environment or "") for glob in route.environment))
        and (not route.path or any(match_path(glob, one.path) for glob in route.path))
        and (not route.workspace or any(match_id(glob, one.workspace) for glob in route.workspace))
    )


def matches(route: Route, one: Judged, recovered: bool = False) -> bool:
    """Whether a route asks for this root as it was judged. What could not be judged has no findings: `severity` and
    `policy` do not keep it away."""
    root = one.root
    events = set(root.events) | ({"recovered"} if recovered and root.verdict == "pass" else set())
    over = root.verdict == "error" or "recovered" in events or one.overridden
    return (
        _about(route, one)
        and (not route.event or not events.isdisjoint(route.event) or one.overridden)
        and (over or route.severity is None or one.severity <= rank(route.severity))
        and (over or not route.policy or any(match_id(glob, id) for glob in route.policy for id in one.policies))
    )


def events_of(chosen: list[Judged], recovered: bool) -> tuple[str, ...]:
    """What happened to these roots together, the gravest first."""
    found = {event for one in chosen for event in one.root.events}
    if recovered and verdict_of([one.root for one in chosen]) == "pass":
        found.add("recovered")
    return tuple(event for event in EVENTS if event in found)


def _wanted(notify_on: tuple[str, ...], chosen: list[Judged], events: tuple[str, ...]) -> str | None:
    """The word of notify_on that asks for this, None for none. What could not be judged may be anything: all but
    `recovery` ask for it, and for what a change was let to decide itself."""
    overridden = any(one.overridden for one in chosen)
    changes = overridden or any(one.root.changes for one in chosen)
    for word in notify_on:
        asked = {
            "always": True,
            "changes": changes or not {"error", "failed", "recovered"}.isdisjoint(events),
            "destructive": overridden or not {"error", "destructive"}.isdisjoint(events),
            "failure": overridden or not {"error", "failed"}.isdisjoint(events),
            "recovery": "recovered" in events,
        }[word]
        if asked:
            return word
    return None


def _unwanted(notify_on: tuple[str, ...], chosen: list[Judged]) -> str:
    if not any(one.root.changes for one in chosen) and "changes" in notify_on:
        return "nothing changes, and notify_on does not say always"
    return f"notify_on is {', '.join(notify_on)}"
