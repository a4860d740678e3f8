"""`plangate policies capture PLAN ADDRESS`: a fixture for the examples of a policy."""

from __future__ import annotations

import os

from plangate import packs
from plangate.decide.words import nearest
from plangate.errors import PlanError, UsageError
from plangate.plan.read import read
from plangate.policy.engine import evaluate
from plangate.report.capture import capture

from . import inputs
from .context import branch_of, context
from .inforce import settings_for
from .outputs import emit, write_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from plangate.decide.settings import Settings
    from plangate.plan.model import Plan
    from plangate.policy.api import Policy

    from .streams import Streams

    # policy id -> what it says of one address, without its words
    Said = dict[str, list[tuple[Any, ...]]]
    Bound = dict[str, dict[str, object]]  # policy id -> settings

_MIB = 1024 * 1024


def capture_change(plan_path: str, address: str, options: dict[str, Any], streams: Streams) -> int:
    """Write the smallest plan document in which the built-in policies answer for ADDRESS as in PLAN.

    Raises PlanError for what is no plan, UsageError for an address that is not in it.
    """
    cwd = os.getcwd()
    facts = {"workspace": None, "path": plan_path, "branch": branch_of(context(streams.environ, cwd, 0))}
    settings = settings_for(options, streams, cwd, facts)
    limit = settings.limits.plan_mib * _MIB
    given = list(inputs.plans(plan_path, streams.input, options, limit, streams.environ))
    if len(given) != 1:
        raise UsageError(
            f"{len(given)} plans were given", where=inputs.shown(plan_path), fix="capture from one of them"
        )
    plan = read(given[0].data, given[0].where, allow_incomplete=True)
    targets = [change for change in plan.changes if change.address == address]
    if not targets:
        near = nearest(address, [change.address for change in plan.changes])
        fix = f"did you mean {near} ?" if near else "they stand in `resource_changes` of the plan document"
        raise UsageError("the plan changes nothing of this address", where=address[:200] or "ADDRESS", fix=fix)
    policies = packs.load_own(packs.installed(packs.search_paths())[0])
    bound = _bound(settings, policies)

    def said(plan: Plan) -> Said:
        return said_of(plan, address, policies, bound)

    wanted = said(plan)

    def agrees(text: str) -> bool:
        try:
            return said(read(text.encode(), "the fixture", allow_incomplete=True)) == wanted
        except PlanError:
            return False

    made = capture(plan, targets, agrees)
    text, differs = (made.text, False)
    if options["format"] == "python":
        text, differs = _as_python(made.text, lambda plan: said(plan) == wanted)
    if options["output"]:
        write_file(options["output"], text)
    else:
        emit(text, streams.out)
    _tell(made, targets, address, streams)
    if differs and made.agrees:
        streams.say(f"plangate: {address}: policies say something else of the Python than of the plan; take the JSON")
    return 0


def _as_python(text: str, agrees: Callable[[Plan], bool]) -> tuple[str, bool]:
    """The fixture as Python, and whether policies answer otherwise for it. Raises UsageError where it cannot be."""
    import json

    from plangate.testing_snippet import Snippet

    try:
        snippet = Snippet(json.loads(text))
        return snippet.text, not agrees(snippet.plan())
    except (PlanError, ValueError, LookupError, TypeError, AttributeError):
        raise UsageError("plangate.testing cannot write this change", fix="take the JSON: -f json") from None


def _bound(settings: Settings, policies: list[Policy]) -> Bound:
    """The settings in force of these policies; what is written for others is left out. Raises UsageError."""
    if not settings.policy_settings:
        return {}
    from plangate.decide.setting_globs import is_glob, spread
    from plangate.decide.setting_values import with_files
    from plangate.globs import match_id

    known = {policy.id: {name: kind for name, (kind, _) in policy.settings.items()} for policy in policies}
    for name in list(settings.policy_settings):
        if not (any(match_id(name, id) for id in known) if is_glob(name) else name in known):
            del settings.policy_settings[name]
    spread(settings, known)
    return with_files(settings, known)


def said_of(plan: Plan, address: str, policies: list[Policy], bound: Bound | None = None) -> Said:
    """What each policy that judges an address says of it: outcomes, attributes, whether the plan touches it."""
    found: Said = {}
    for policy in policies:
        result = evaluate(plan, policy, (bound or {}).get(policy.id), keep_passes=True)
        rows: list[tuple[Any, ...]] = [
            (row[0], row[2], row[3], row[6], row[8]) for row in result.found if row[1] == address
        ]
        rows += [("pass", deposed) for where, deposed in result.passes if where == address]
        if rows:
            found[policy.id] = sorted(rows, key=repr)
    return found


def _tell(made: Any, targets: list[Any], address: str, streams: Streams) -> None:
    deposed = sum(change.deposed is not None for change in targets)
    if deposed:
        many = f"{deposed} deposed objects are" if deposed > 1 else "a deposed object is"
        streams.say(f"plangate: {address}: {many} captured with it")
    if not made.agrees:
        streams.say(
            f"plangate: {address}: hiding its values changes what built-in policies say of it; look at the fixture"
        )
    elif not made.names:
        streams.say(f"plangate: {address}: a policy reads its names, so they stand in the fixture as they are")
