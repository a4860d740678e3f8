"""Run the examples of policies; this file is the child's half of policy.trial.

A policy file may define `examples()`, which yields `expected, plan` with plans of `plangate.testing`; a file of
several policies yields `policy, expected, plan`. A table of settings may stand last.
"""

from __future__ import annotations

import os

from plangate.errors import PlanError
from plangate.plan.decode import decode
from plangate.plan.model import Plan
from plangate.plan.read import read

from .api import Policy, type_holds
from .engine import evaluate
from .load import line_in
from .recorded import Recording, attributes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

EXPECTED = ("pass", "fail", "unknown")
UNJUDGED = "nothing in it is judged"  # how what is said of an example begins that has no resource of the types
_MAX_BYTES = 256 * 1024 * 1024
_MAX_KNOWN = 2000  # paths of one type, to find the nearest among
_FORM = 'examples() yields (expected, plan), such as "fail", plan(create(...))'


class BadExample(Exception):
    """An example is not written as one; the message says what to change."""


def serve(policies: list[tuple[Policy, str]], units: list[list[Any]], say: Callable[..., None]) -> None:
    """Run each unit [number, file, policy id or None, document or None, expected or None], and say what came.

    Then, of each policy, the attributes that it read and no example of its file has, with those that they have.
    """
    seen = _Seen()
    for number, file, id, document, expected in units:
        say(unit=number)
        here = [policy for policy, path in policies if path == file]
        try:
            if document is None:
                _written(here, file, say, seen)
            else:
                policy = next(p for p in here if p.id == id)
                say(example=[id, document, expected, *_outcome_of(policy, document, seen)])
        except BadExample as error:
            say(broken=str(error))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever an author's examples do
            text = " ".join(str(error).split())[:300]
            say(broken=f"line {line_in(error, file)}: {type(error).__name__}: {text}")
    for id, missing in seen.missing().items():
        say(unseen=[id, missing])
    say(end=True)


class _Seen:
    """What policies read, and what examples have."""

    def __init__(self) -> None:
        self._read: dict[str, dict[tuple[str, str], bool]] = {}
        self._known: dict[str, set[str]] = {}

    def outcome(self, policy: Policy, plan: Plan, settings: dict[str, Any]) -> tuple[str, str]:
        """The outcome of an example (see _outcome), noting what is read."""
        with Recording() as asked:
            came = _outcome(policy, plan, settings)
        before = self._read.setdefault(policy.id, {})
        for place, there in asked.items():
            before[place] = before.get(place, False) or there
        for type_, paths in attributes((*plan.changes, *plan.drift)).items():
            self._known.setdefault(type_, set()).update(paths)
        return came

    def missing(self) -> dict[str, list[list[Any]]]:
        """Policy id -> [type, path, the paths of that type in the examples] of what was read and never there."""
        found: dict[str, list[list[Any]]] = {}
        for id, asked in self._read.items():
            for (type_, path), there in sorted(asked.items()):
                known = self._known.get(type_, set())
                if not there and path not in known:
                    found.setdefault(id, []).append([type_, path, sorted(known)[:_MAX_KNOWN]])
        return found


def _written(policies: list[Policy], file: str, say: Callable[..., None], seen: _Seen) -> None:
    function = next((f for f in map(_examples_of, policies) if f is not None), None)
    if function is None:
        return
    given = iter(function())
    for item in given:
        frame = getattr(given, "gi_frame", None)
        where = f"{file}:{frame.f_lineno}" if frame is not None else file
        policy, expected, plan, settings = _parts(item, policies)
        say(example=[policy.id, where, expected, *seen.outcome(policy, plan, settings)])


def _examples_of(policy: Policy) -> Any:
    return policy.function.__globals__.get("examples")


def _parts(item: Any, policies: list[Policy]) -> tuple[Policy, str, Plan, dict[str, Any]]:
    parts = list(item) if isinstance(item, tuple) else []
    settings = parts.pop() if parts and isinstance(parts[-1], dict) else {}
    if len(parts) == 2 and len(policies) > 1:
        raise BadExample("this file has several policies: examples() yields (policy, expected, plan)")
    if len(parts) == 2:
        parts.insert(0, policies[0])
    if len(parts) != 3 or not isinstance(parts[0], Policy) or not isinstance(parts[2], Plan):
        raise BadExample(_FORM)
    policy, expected, plan = parts
    if expected not in EXPECTED:
        raise BadExample(f"an example expects {expected!r}; it must be one of {', '.join(EXPECTED)}")
    for name, value in settings.items():
        if name not in policy.settings or not type_holds(policy.settings[name][0], value):
            raise BadExample(f"{policy.id} has no setting {name} of such a type")
    return policy, expected, plan, settings


def _outcome_of(policy: Policy, document: str, seen: _Seen) -> tuple[str, str]:
    try:
        with open(document, "rb") as file:
            data = file.read(_MAX_BYTES)
        text, _ = decode(data, where=os.path.basename(document), max_bytes=_MAX_BYTES)
        plan = read(text, os.path.basename(document), allow_incomplete=True)
    except OSError as error:
        raise BadExample(f"cannot be read: {error.strerror}") from None
    except PlanError as error:
        raise BadExample(str(error)) from None
    return seen.outcome(policy, plan, {})


def _outcome(policy: Policy, plan: Plan, settings: dict[str, Any]) -> tuple[str, str]:
    """(the worst outcome, what was said of it); a plan in which nothing is judged proves nothing."""
    result = evaluate(plan, policy, settings)
    if result.errors:
        outcome = "error"
    elif result.failed:
        outcome = "fail"
    else:
        outcome = "unknown" if result.unknown else "pass"
    said = [f"{row[1] or 'the plan'}: {row[4]}" for row in result.found if row[0] == outcome]
    if not result.matched:
        said = [f"{UNJUDGED} (types: {', '.join(policy.types)})"]
    return outcome, "; ".join(said[:3])
