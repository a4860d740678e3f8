"""What a change would loosen in the settings, a line each: of policies their effect, of all else what is written."""

from __future__ import annotations

from plangate.globs import match_id

from .settings import (
    LEVELS,
    ON_UNKNOWN,
    Settings,
    height,
    level_for,
    on_unknown_for,
    selected,
    severity_for,
)  # fmt: skip
from .stricter import FAIL_ON, MODES
from .toml_write import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .waivers import Waiver

_LIMITS = ("policy_seconds", "total_seconds", "memory_mib", "plan_mib")
_SHOWN = 4  # policies named in a line
_MOST = 200  # lines


def loosened(base: Settings, head: Settings, policies: Mapping[str, str]) -> list[str]:
    """What would be looser under `head` than it is under `base`; `policies` is {id: its own severity}.

    Both are as their files say, neither has taken anything of the other. No value of a policy's setting is shown.
    """
    lines = [
        *_general(base, head),
        *_of_policies(base, head, policies),
        *_settings(base, head),
        *_waivers(base, head),
        *_checkov(base, head),
        *_notify(base, head),
    ]
    more = len(lines) - _MOST
    return lines if more <= 0 else [*lines[:_MOST], f"and {more} more"]


def _general(base: Settings, head: Settings) -> Iterator[str]:
    if FAIL_ON.index(head.fail_on) > FAIL_ON.index(base.fail_on):
        yield f"fail_on would be {head.fail_on} instead of {base.fail_on}"
    if base.scope == "all" != head.scope:
        yield f"scope would be {head.scope} instead of all"
    if base.on_unknown and (not head.on_unknown or _weaker(base.on_unknown, head.on_unknown)):
        yield f"on_unknown would be {head.on_unknown or 'as each policy says'} instead of {base.on_unknown}"
    for name in _LIMITS:
        mine, theirs = getattr(base.limits, name), getattr(head.limits, name)
        if mine != theirs:
            yield f"limits.{name} would be {theirs} instead of {mine}"
    for name, table in base.environments.items():
        if head.environments.get(name) != table:
            said = "be another one" if name in head.environments else "be gone"
            yield f"environment {quoted(name)} would {said}"
    for glob in head.ignore_paths:
        if glob not in base.ignore_paths:
            yield f"summaries would leave out {quoted(glob)}"


def _of_policies(base: Settings, head: Settings, policies: Mapping[str, str]) -> Iterator[str]:
    """By effect: which policies would stop less. Then what is written for globs that none of them matches."""
    changes: dict[str, list[str]] = {}
    for id, own in policies.items():
        if not selected(base, id):
            continue
        if not selected(head, id):
            changes.setdefault("would not be judged", []).append(id)
            continue
        mine, theirs = severity_for(base, id, own), severity_for(head, id, own)
        if height(theirs) < height(mine):
            changes.setdefault(f"would be {theirs} instead of {mine}", []).append(id)
        level, lower = level_for(base, id, mine), level_for(head, id, theirs)
        if LEVELS.index(lower) < LEVELS.index(level):
            changes.setdefault(f"would be {lower} instead of {level}", []).append(id)
        before, after = on_unknown_for(base, id, level), on_unknown_for(head, id, level)
        if _weaker(before, after):
            changes.setdefault(f"would let unknown values {_WORDS[after]}", []).append(id)
    for what, ids in changes.items():
        yield f"{_listed(ids)} {what}"
    known = set(policies)
    for name in ("enforcement", "severities", "unknowns"):
        theirs_too = getattr(head, name)
        for line in getattr(base, name):
            if line not in theirs_too and not any(match_id(line[0], id) for id in known):
                yield f"what is written of {quoted(line[0])} ({line[-1]}) would be gone or another"


_WORDS = {"warn": "pass with a word", "pass": "pass"}


def _settings(base: Settings, head: Settings) -> Iterator[str]:
    for id, values in base.policy_settings.items():
        theirs = head.policy_settings.get(id, {})
        for name, value in values.items():
            if theirs.get(name) != value:
                yield f"{name} of {quoted(id)} would be {'another' if name in theirs else 'gone'}"
    for id, values in head.policy_settings.items():
        for name in values:
            if name not in base.policy_settings.get(id, {}):
                yield f"{name} of {quoted(id)} would be set"


def _waivers(base: Settings, head: Settings) -> Iterator[str]:
    for waiver in head.waivers:
        mine = [w.expires for w in base.waivers if _about(w) == _about(waiver)]
        what = f"{quoted(waiver.policy)} on {quoted(waiver.address)}"
        if not mine:
            yield f"{what} would be waived until {waiver.expires} ({waiver.source})"
        elif waiver.expires > max(mine):
            yield f"the waiver of {what} would hold until {waiver.expires} instead of {max(mine)}"


def _checkov(base: Settings, head: Settings) -> Iterator[str]:
    mine, theirs = base.checkov, head.checkov
    if MODES.index(theirs.mode) > MODES.index(mine.mode):
        yield f"checkov.mode would be {theirs.mode} instead of {mine.mode}"
    for glob in theirs.skip:
        if glob not in mine.skip:
            yield f"Checkov would skip {quoted(glob)}"
    if theirs.only and theirs.only != mine.only:
        yield "Checkov would judge by other checks only"
    if len(theirs.external_checks) < len(mine.external_checks):
        yield "checks of Checkov's own kind would be gone"
    if (mine.python is None) != (theirs.python is None):
        yield "Checkov would run in another environment"


def _notify(base: Settings, head: Settings) -> Iterator[str]:
    mine = base.notify.notifiers if base.notify else {}
    theirs = head.notify.notifiers if head.notify else {}
    for name, entry in mine.items():
        other = theirs.get(name)
        if other is None:
            yield f"notifier {quoted(name)} would be gone"
        elif entry.values.get("required") is True and other.values.get("required") is not True:
            yield f"notifier {quoted(name)} would not be required"
        elif {k: v for k, v in entry.values.items() if k != "required"} != {
            k: v for k, v in other.values.items() if k != "required"
        }:
            yield f"notifier {quoted(name)} would be another"
    routes = [_route(route) for route in base.notify.routes] if base.notify else []
    if routes != ([_route(route) for route in head.notify.routes] if head.notify else []):
        yield "routes would be others"


def _route(route: object) -> list[object]:
    return [getattr(route, name) for name in route.__slots__ if name != "origin"]  # type: ignore[attr-defined]


def _about(waiver: Waiver) -> tuple[str, str, str | None]:
    return waiver.policy, waiver.address, waiver.environment


def _weaker(before: str, after: str) -> bool:
    return ON_UNKNOWN.index(after) > ON_UNKNOWN.index(before)


def _listed(ids: list[str]) -> str:
    rest = len(ids) - _SHOWN
    shown = ", ".join(ids[:_SHOWN])
    return f"{shown} and {rest} more policies" if rest > 0 else shown
