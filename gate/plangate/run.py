"""The way of a plan through the gate, on one page: read, evaluate, decide, report."""

from __future__ import annotations

from . import selfcheck
from .decide.names import check_names
from .decide.settings import Settings, selected
from .decide.verdict import FAIL, decide
from .errors import PlangateError, UndecidedError, UsageError
from .plan.read import read
from .policy.answers import as_result, nothing
from .policy.child import describe
from .policy.engine import evaluate
from .report.build import build, unjudged
from .report.gather import secrets_of
from .report.redact import Redactor
from .report.redacted import redacted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from .checkov.absent import Absent
    from .checkov.beside import Beside
    from .plan.model import Plan
    from .policy.api import Policy
    from .source.tree import Folder


class Sources:
    """Where policies come from: `own` are loaded here, `files` and `packs` run in a process of their own, and
    `checkov` judges beside all of them (None: off).
    """

    __slots__ = ("checkov", "environ", "files", "own", "packs")

    def __init__(
        self,
        own: list[Policy],
        files: list[str],
        packs: list[tuple[str, str]],
        environ: dict[str, str],
        checkov: Beside | Absent | None = None,
    ) -> None:
        self.own, self.files, self.packs, self.environ, self.checkov = own, files, packs, environ, checkov


class Input:
    """One plan's bytes (UTF-8 JSON) and what is known of it: path, digests, workspace, lineage, serial, notes.

    `first`: it is the first of the plans that one file holds. `backend` is Plan.backend. `folders` finds the folders
    of its configuration (source.tree), None where they cannot be told.
    """

    __slots__ = ("backend", "data", "first", "folders", "notes", "origin", "where")

    def __init__(self, data: bytes, where: str, origin: dict[str, Any], notes: list[str], first: bool = False) -> None:
        self.first = first
        self.backend: dict[str, Any] | None = None
        self.folders: Callable[[Plan], Mapping[str, Folder] | None] | None = None
        self.data, self.where, self.origin, self.notes = data, where, origin, notes


def judge(
    given: Input,
    sources: Sources,
    settings: Settings,
    run: dict[str, Any],
    today: str,
    *,
    allow_incomplete: bool = False,
    passes: int = 0,
    values: bool = False,
    blocks: Callable[[str], Any] | None = None,
) -> dict[str, Any]:
    """The report on one plan, redacted. Raises what errors.py names when it cannot be judged.

    `passes`: how much of what passed is listed, at most. With `blocks` (source.blocks.read or one that remembers)
    findings and changes are pinned to files and lines.
    """
    control()
    plan = read(given.data, given.where, allow_incomplete=allow_incomplete)
    plan.run, plan.backend = run, given.backend
    redactor = Redactor(secrets_of(plan))
    beside = sources.checkov
    also: dict[tuple[str, str | None], list[str]] = {}
    try:
        if beside is not None:
            beside.begin(given.data, plan, redactor, passes > 0)
        metas, results, errors, notes = _evaluate(given, plan, sources, settings, passes > 0)
        if beside is not None:
            also = beside.join(plan, metas, results)
            errors += beside.errors()
        decision = decide(results, metas, settings, today, also)
    except PlangateError as error:
        raise hidden(error, redactor) from None
    finally:
        if beside is not None:
            beside.stop()
    errors += _broken(results, metas)
    notes = given.notes + notes
    report = build(run, given.origin, plan, decision, results, metas, settings, errors, notes, passes, values)
    if blocks is not None and given.folders is not None:
        from .report.locations import pin

        folders = given.folders(plan)
        if folders:
            pin(report, plan, folders, blocks)
    if beside is not None:
        report["checkov"] = beside.section()
    return redacted(report, redactor)


def describe_plan(
    given: Input, settings: Settings, run: dict[str, Any], *, allow_incomplete: bool, values: bool
) -> dict[str, Any]:
    """What a plan would change, as a report without a verdict, redacted. Raises PlanError for what is no whole plan."""
    plan = read(given.data, given.where, allow_incomplete=allow_incomplete)
    report = unjudged(run, given.origin, plan, settings, given.notes, values)
    return redacted(report, Redactor(secrets_of(plan)))


def control() -> None:
    """The known-bad plan must fail by this same path; if it passes, nothing said here can be believed."""
    policy = selfcheck.control()
    result = as_result(evaluate(selfcheck.plan(), policy))
    decision = decide({policy.id: result}, {policy.id: describe(policy, "")}, Settings(), "1970-01-01")
    if decision.verdict != FAIL or [f["address"] for f in decision.findings] != [selfcheck.ADDRESS]:
        raise PlangateError("the known-bad plan inside plangate passed: it is broken", fix="install it again")


def _evaluate(
    given: Input, plan: Plan, sources: Sources, settings: Settings, passes: bool
) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]], list[str]]:
    """(descriptions by id, results by id, errors of loading, notes) of every selected policy."""
    own = {p.id: p for p in sources.own}
    metas: dict[str, dict[str, Any]] = {id: describe(p, "plangate") for id, p in own.items()}
    notes: list[str] = []

    def names(loaded: Iterable[dict[str, Any]]) -> None:
        for meta in loaded:
            if meta["id"] in metas:
                raise UsageError(
                    f"two policies have the id {meta['id']}",
                    where=f"{metas[meta['id']]['file']}, {meta['file']}",
                    fix="give one of them another id",
                )
            metas[meta["id"]] = meta
        known = {id: {n: kind for n, (kind, _) in m["settings"].items()} for id, m in metas.items()}
        beside = sources.checkov
        theirs = _checkov_ids(settings, beside)
        notes.extend(check_names(settings, [*metas, *theirs], known))
        if not any(selected(settings, id) for id in metas) and not (beside is not None and beside.asked):
            raise UsageError(
                "no policy is left to judge by", fix="look at --select, --ignore and `plangate policies list`"
            )

        if settings.policy_settings:
            from .decide.setting_values import check_values, with_files

            bound.update(with_files(settings, known))
            notes.extend(check_values(settings, bound, own))

    bound: dict[str, dict[str, object]] = {}
    errors: list[dict[str, Any]] = []
    others: dict[str, dict[str, Any]] = {}
    if sources.files or sources.packs:
        others, errors = _elsewhere(given.data, plan, sources, settings, names, bound, passes)
    else:
        names(())
    present = plan.by_type.keys()
    results = {
        id: nothing(id)
        if policy.judges != "plan" and present.isdisjoint(policy.types) and not policy.globs
        else as_result(evaluate(plan, policy, bound.get(id), passes))
        for id, policy in own.items()
        if selected(settings, id)
    }
    results.update(others)
    return metas, results, errors, notes


def _checkov_ids(settings: Settings, beside: Beside | Absent | None) -> list[str]:
    """The ids of Checkov's checks, where the settings name any: also where it does not run."""
    globs = [*settings.select, *settings.ignore, *(g for g, _, _ in settings.enforcement)]
    globs += [glob for glob, _ in settings.severities] + [waiver.policy for waiver in settings.waivers]
    if not any("checkov" in glob or "CKV" in glob for glob in globs):
        return []
    if beside is not None:
        return beside.ids()
    from .checkov.table import ids

    return ids()


def _elsewhere(
    data: bytes,
    plan: Plan,
    sources: Sources,
    settings: Settings,
    names: Callable[..., None],
    bound: dict[str, dict[str, object]],
    passes: bool,
) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    from .policy.isolate import Limits
    from .policy.isolate import judge as judge_elsewhere

    def choose(loaded: list[dict[str, Any]]) -> list[str]:
        ids = [m["id"] for m in loaded]
        twice = next((i for i in ids if ids.count(i) > 1), None)
        if twice is not None:
            files = ", ".join(f"{m['file']}:{m['line']}" for m in loaded if m["id"] == twice)
            raise UsageError(f"two policies have the id {twice}", where=files, fix="give one of them another id")
        names(loaded)
        return [i for i in ids if selected(settings, i)]

    limits = settings.limits
    answer = judge_elsewhere(
        data,
        plan,
        sources.files,
        sources.packs,
        choose,
        lambda _: bound,
        Limits(limits.policy_seconds, limits.total_seconds, limits.memory_mib),
        sources.environ,
        passes,
    )
    errors = [
        {"kind": "policy", "message": f"this file does not load: {why}", "path": file, "policy": None}
        for file, why in answer.mistakes
    ]
    return answer.results, errors


def _broken(results: dict[str, Any], metas: dict[str, Any]) -> list[dict[str, Any]]:
    """One error for each policy that broke, with its file and the first thing that happened."""
    found = []
    for id, result in results.items():
        if result["errors"]:
            first = next(row for row in result["found"] if row[0] == "error")
            on = (
                f" (on {first[1]}" + (f" and {result['errors'] - 1} more)" if result["errors"] > 1 else ")")
                if first[1]
                else ""
            )
            found.append({"kind": "policy", "message": first[4] + on, "path": metas[id]["file"], "policy": id})
    return found


def hidden(error: PlangateError, redactor: Redactor) -> PlangateError:
    """The same error with every secret of the plan hidden in its words."""
    return type(error)(
        redactor.message(error.what),
        where=redactor.text(error.where) if error.where else None,
        fix=redactor.text(error.fix) if error.fix else None,
    )


__all__ = ["Input", "Sources", "UndecidedError", "judge"]
