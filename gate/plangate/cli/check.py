"""`plangate check PLAN...`: judge plans, render what was asked for, return the code CI obeys."""

from __future__ import annotations

import os
import sys
import time

from plangate import packs
from plangate.context.run import facts
from plangate.errors import PlangateError, UndecidedError, UsageError, worst
from plangate.report.build import failed
from plangate.run import Input, Sources, judge

from . import inputs, outputs
from .context import branch_of, in_ci, root_of, run_of
from .inforce import policy_files, settings_for
from .with_checkov import beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from plangate.decide.settings import Settings

    from .streams import Streams
    from .trusted import Trusted

MIB = 1024 * 1024


def check(plans: list[str], options: dict[str, Any], streams: Streams) -> int:
    """Judge every plan and return the exit code. Raises UsageError for what concerns the whole run."""
    outs = outputs.parse(options["format"], several=len(plans) > 1)
    if any(not plan for plan in plans):
        raise UsageError("an empty PLAN was given", fix="name the plan document or plan file")
    if plans.count("-") > 1:
        raise UsageError("stdin was given twice", fix="name each plan once")
    outputs.spare(outs, plans)
    run = _Run(options, streams, outs)
    hidden = run.passes > 0 and not options["show_passes"]
    view = {**outputs.view(options, streams, run.today), "with_passes": hidden}
    try:
        return _check(run, plans, outs, view)
    except UsageError as error:
        raise run.named(error) from None
    finally:
        if run.trusted is not None:
            run.trusted.close()


def _check(run: _Run, plans: list[str], outs: list[outputs.Output], view: dict[str, Any]) -> int:
    options, streams = run.options, run.streams
    tell = _teller(run, plans)
    reports: list[dict[str, Any]] = []
    for path in plans:
        try:
            reports += run.reports(path)
        except UsageError as error:
            if tell is not None:
                tell([*reports, run.refused(path, error)])
            raise
    streams.verdict = worst([report["exit_code"] for report in reports])
    if tell is not None:
        # A run that is ended while it tells people leaves its files behind.
        try:
            outputs.write_all([out for out in outs if out.file], reports, view, streams, options["quiet"], plans)
        except PlangateError:
            pass  # people are told first; said when it is tried again
        tell(reports)
        streams.verdict = worst([report["exit_code"] for report in reports])
    outputs.write_all(outs, reports, view, streams, options["quiet"], plans)
    return streams.verdict


def _teller(run: _Run, plans: list[str]) -> Callable[[list[dict[str, Any]]], object] | None:
    """What tells people of reports; None where nobody is to be told, and then nothing of it is imported."""
    options, streams = run.options, run.streams
    if options["notify"] and options["no_notify"]:
        raise UsageError("--notify and --no-notify are given both", fix="keep one of them")
    if options["no_notify"] or not (options["notify"] or in_ci(streams.environ)):
        return None
    try:
        settings = run.settings(None, None)
    except UsageError as error:
        if options["notify"]:
            # What the settings name is not known; whom the environment names is told that nothing was judged.
            from .tell import tell_of

            tell_of([run.refused(plans[0], error)], streams, run.cwd)
        raise
    if not options["notify"] and not (settings.notify and settings.notify.notifiers):
        return None
    from .tell import teller

    return teller(options, settings, streams, run.cwd)


class _Run:
    """What stays the same over the plans of one command line."""

    def __init__(self, options: dict[str, Any], streams: Streams, outs: list[outputs.Output]) -> None:
        self.options, self.streams = options, streams
        self.passes = sys.maxsize if options["show_passes"] else outputs.wanted_passes(outs)
        self.cwd = os.getcwd()
        now = time.time()
        self.today = time.strftime("%Y-%m-%d", time.gmtime(now))
        self.known = facts(streams.environ, self.cwd, options["run"])
        self.context = run_of(self.known, now)
        self.blocks = None
        if any(output.format != "text" for output in outs) or options["verbose"]:
            from .sources import reader

            self.blocks = reader(streams.environ)
        own, others = packs.installed(packs.search_paths())
        self.own, self.packs = packs.load_own(own), others
        self.trusted: Trusted | None = None
        # Only GitHub starts jobs with the rights of the base branch that may have checked out something else.
        if options["trusted_ref"] is not None or "GITHUB_EVENT_NAME" in streams.environ:
            from .trusted import Trusted

            self.trusted = Trusted(options, streams, self.cwd, self.known)

    def reports(self, path: str) -> list[dict[str, Any]]:
        """The reports of one PLAN argument; what cannot be judged gives one that says so."""
        found: list[dict[str, Any]] = []
        try:
            limit = self.settings(path, self.known["workspace"]).limits.plan_mib * MIB
            for given in inputs.plans(path, self.streams.input, self.options, limit, self.streams.environ):
                self.streams.progress(f"judging {given.where} ...")
                report = self._report(given)
                found.append(report)
                if given.first and report["exit_code"] == 3:
                    break  # the first line is no plan, so this is no file of plans: one line says so
        except UsageError:
            raise
        except PlangateError as error:
            settings = self.settings(path, self.known["workspace"])
            origin = {"path": inputs.shown(path), "workspace": self.known["workspace"]}
            found.append(self._failed(origin, settings, error, self._run(path, settings)))
        return found

    def _report(self, given: Input) -> dict[str, Any]:
        given.origin["workspace"] = given.origin.get("workspace") or self.known["workspace"]
        settings = self.settings(given.where, given.origin["workspace"])
        run = self._run(given.where, settings)
        try:
            report = judge(
                given,
                self._sources(settings),
                settings,
                run,
                self.today,
                allow_incomplete=self.options["allow_incomplete"],
                passes=self.passes,
                values=self.options["show_values"],
                blocks=self.blocks,
            )
        except UsageError:
            raise
        except PlangateError as error:
            return self._failed(given.origin, settings, error, run)
        for listed in report["policies"]["list"]:
            listed["source"] = self._near(listed["source"])
        for item in report["errors"]:
            item["path"] = item["path"] and self._near(item["path"])
            where = f"{item['policy']} in {item['path']}" if item["policy"] else item["path"]
            fix = None if item["kind"] == "checkov" else _fix(item)
            self.streams.error(UndecidedError(item["message"], where=where, fix=fix))
        return self._recorded(report, given.where)

    def _recorded(self, report: dict[str, Any], path: str) -> dict[str, Any]:
        """The report, with what was trusted instead of the checkout."""
        if self.trusted is not None:
            own = {policy.id: policy.severity for policy in self.own}
            self.trusted.record(report, self._facts(path, report["plan"]["workspace"]), own)
        return report

    def _run(self, path: str, settings: Settings | None) -> dict[str, Any]:
        """The report's `run` of one plan."""
        root = self.known["root"] or root_of(path, self.options, self.cwd)
        return {**self.context, "root": root, "environment": settings.environment if settings else None}

    def _failed(
        self, origin: dict[str, Any], settings: Settings | None, error: PlangateError, run: dict[str, Any]
    ) -> dict[str, Any]:
        error = self.named(error)
        self.streams.error(error)
        path = origin.get("path")
        item = {
            "kind": error.kind,
            "message": error.line().removeprefix(f"{path}: "),
            "path": path,
            "policy": error.policy,
        }
        return self._recorded(failed(run, origin, settings, item, error.exit_code), str(path))

    def named(self, error: PlangateError) -> PlangateError:
        """The error in words of the repository: of files of the trusted commit too, and from the working directory."""
        if self.trusted is not None:
            plain = self.trusted.plain
            where, fix = error.where and plain(error.where), error.fix and plain(error.fix)
            error = type(error)(plain(error.what), where=where, fix=fix, policy=error.policy)
        if error.where and len(self.cwd) > 1:
            error.where = error.where.replace(self.cwd + os.sep, "")
        return error

    def refused(self, path: str, error: UsageError) -> dict[str, Any]:
        """The report of a run that a setting or option ends: for messages, no output shows it."""
        item = {"kind": error.kind, "message": error.line(), "path": inputs.shown(path), "policy": error.policy}
        return failed(self.context, {"path": inputs.shown(path)}, None, item, error.exit_code)

    def _near(self, path: str) -> str:
        """A path below the working directory without what leads there, which is of no use to other machines."""
        path = self.trusted.plain(path) if self.trusted is not None else path
        return path.removeprefix(self.cwd.rstrip(os.sep) + os.sep)

    def _facts(self, path: str | None, workspace: str | None) -> dict[str, str | None]:
        return {"workspace": workspace, "path": path, "branch": branch_of(self.context)}

    def settings(self, path: str | None, workspace: str | None) -> Settings:
        """What holds for a plan. Raises UsageError."""
        facts = self._facts(path, workspace)
        if self.trusted is not None:
            return self.trusted.settings(facts)
        return settings_for(self.options, self.streams, self.cwd, facts)

    def _sources(self, settings: Settings) -> Sources:
        if self.trusted is not None:
            files = self.trusted.policies(settings)
        else:
            files = policy_files((*settings.policy_paths, *self.options["policy"]))
        environ = dict(self.streams.environ)
        return Sources(self.own, files, self.packs, environ, beside(settings, self.options["checkov"], environ))


def _fix(item: dict[str, Any]) -> str:
    return "mend the policy; nothing it should have judged counts as passed" if item["policy"] else "mend the file"
