"""`--trusted-ref`: settings, waivers and policies of a commit that the judged change has no hand in."""

from __future__ import annotations

import os

from plangate.context import git
from plangate.errors import UsageError

from .inforce import policy_files, settings_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from plangate.decide.settings import Settings
    from plangate.trust.base import Base

    from .streams import Streams

OVERRIDE = "PLANGATE_OVERRIDE"
# Events of GitHub that run with the rights of the base, whatever was checked out.
_PRIVILEGED = ("pull_request_target", "workflow_run", "issue_comment")
_REASON = 500  # characters of a reason


class Trusted:
    """Where the settings of a run come from: the checkout, or a commit. Ended by `close`."""

    def __init__(self, options: Mapping[str, Any], streams: Streams, cwd: str, known: Mapping[str, Any]) -> None:
        self._options, self._streams, self._cwd = options, streams, cwd
        self._base: Base | None = None
        self._override: dict[str, str | None] | None = None
        self._stricter: list[str] = []
        self._plain: dict[tuple[str | None, ...], tuple[Settings | None, Settings | None, str]] = {}
        ref = options["trusted_ref"]
        if ref is None:
            _guard(options, streams.environ, cwd)
            return
        self._override = _override(streams.environ, known)
        from plangate.trust.base import base

        try:
            found = base(ref, cwd, streams.environ, options["config"], options["policy"])
        except UsageError as error:
            if self._override is None:
                raise
            streams.say(f"plangate: {error.line()}; {OVERRIDE} lets the checkout's settings hold")
            return
        self._base = found
        try:
            _no_head(found.commit, known, streams.environ, cwd)
        except UsageError:
            found.close()
            raise

    @property
    def holds(self) -> bool:
        """Whether the settings of the commit hold, and not the checkout's."""
        return self._base is not None and self._override is None

    def settings(self, facts: Mapping[str, str | None]) -> Settings:
        """What holds for a plan; `facts` choose the environment. Raises UsageError."""
        if self._base is None or self._override is not None:
            found = settings_for(self._options, self._streams, self._cwd, facts)
            if self._base is not None:
                self._keep(facts, found)
            return found
        found = self._of(self._base, facts)
        _, head, _ = self._keep(facts, None)
        # A change that deletes its settings makes nothing stricter.
        if head is not None and head.files:
            from plangate.decide.stricter import tighten

            self._stricter = tighten(found, head)
        return found

    def policies(self, settings: Settings) -> list[str]:
        """The files of policies that judge."""
        given = self._options["policy"]
        if self.holds and self._base is not None:
            given = [self._base.mapped(os.path.join(self._cwd, path)) for path in given]
        return policy_files((*settings.policy_paths, *given))

    def plain(self, text: str) -> str:
        """A text in which no private folder is named."""
        return self._base.plain(text) if self._base is not None else text

    def record(self, report: dict[str, Any], facts: Mapping[str, str | None], own: Mapping[str, str]) -> None:
        """Put into a report what was trusted, and what the change would loosen; `own` is {policy id: severity}."""
        base = self._base
        section = report["settings"]
        if base is not None:
            section["trusted"] = {"ref": base.ref, "commit": base.commit}
            section["loosened"] = self._loosened(report, facts, own)
        if self._override is not None:
            section["override"] = self._override
        report["notes"] = [*self._notes(section), *report["notes"]]

    def close(self) -> None:
        """Delete what was written for the run."""
        if self._base is not None:
            self._base.close()

    # -- what is compared ------------------------------------------------------------------------------------

    def _keep(
        self, facts: Mapping[str, str | None], head: Settings | None
    ) -> tuple[Settings | None, Settings | None, str]:
        """(the commit's settings, the checkout's, why those cannot be used) as they are written, for comparison."""
        key = facts.get("workspace"), facts.get("path"), facts.get("branch")
        if key not in self._plain:
            pristine, why = None, ""
            try:
                pristine = self._of(self._base, facts)
                head = head or self._of_head(facts, pristine.environment)
                if self._untouched(facts, head):
                    head = None
            except UsageError as error:
                if pristine is None and self._override is None:
                    raise
                why = error.line()
            self._plain[key] = pristine, head, why
        return self._plain[key]

    def _of(self, base: Base | None, facts: Mapping[str, str | None]) -> Settings:
        """The settings of a commit."""
        assert base is not None
        config = self._options["config"]
        options = {**self._options, "config": config and base.mapped(os.path.join(self._cwd, config))}
        path = facts.get("path")
        inner = path if path in (None, "-") else base.mapped(os.path.join(self._cwd, str(path)))
        try:
            return settings_for(options, self._streams, base.cwd, {**facts, "path": inner})
        except UsageError as error:
            where = base.plain(error.where) if error.where else None
            what = f"{base.plain(error.what)} (in {base.ref})"
            raise UsageError(what, where=where, fix=error.fix and base.plain(error.fix)) from None

    def _of_head(self, facts: Mapping[str, str | None], environment: str | None) -> Settings:
        """The checkout's settings in the environment that the commit's choose."""
        options = {**self._options, "require_config": False, "env": self._options["env"] or environment}
        try:
            return settings_for(options, self._streams, self._cwd, facts)
        except UsageError:
            return settings_for({**options, "env": self._options["env"]}, self._streams, self._cwd, facts)

    def _untouched(self, facts: Mapping[str, str | None], head: Settings) -> bool:
        """Whether all of the checkout's is as it was where it parted from the base: what the base has new since then,
        the change takes nothing of."""
        fork = self._base.fork if self._base is not None else None
        if fork is None or fork.differing(settings=True):
            return False
        try:
            files = self._of(fork, facts).files
        except UsageError:
            return False
        return files == head.files and not self._new(head, fork)

    def _loosened(
        self, report: Mapping[str, Any], facts: Mapping[str, str | None], own: Mapping[str, str]
    ) -> list[str]:
        base = self._base
        assert base is not None
        pristine, head, why = self._keep(facts, None)
        if head is None and not why:
            return []
        lines = [f"{path} would be {'another file' if there else 'gone'}" for path, there in base.differing()]
        if head is None:
            lines.append(f"its settings cannot be used: {why}")
        elif pristine is not None:
            from plangate.decide.loosened import loosened

            ids = {row["id"]: "high" for row in report["policies"]["list"]}
            lines += loosened(pristine, head, {**ids, **own})
            lines += [f"{path} would judge, too: it is not run before it is trusted" for path in self._new(head, base)]
        return lines

    def _new(self, head: Settings, base: Base) -> list[str]:
        """Policy files of the checkout that the commit has not."""
        try:
            given = [os.path.join(self._cwd, path) for path in self._options["policy"]]
            files = policy_files((*head.policy_paths, *given))
        except UsageError:
            return []
        new = [file for file in files if base.mapped(file) != file and not os.path.exists(base.mapped(file))]
        return [base.plain(base.mapped(file)) for file in new]

    def _notes(self, section: Mapping[str, Any]) -> list[str]:
        trusted, override = section["trusted"], section["override"]
        lines = []
        if override is not None:
            who = f" (run by {override['actor']})" if override["actor"] else ""
            lines.append(f"{OVERRIDE} lets the settings of the change itself hold{who}: {override['reason']}")
        elif trusted is not None:
            lines.append(f"settings, waivers and policies are those of {trusted['ref']} ({trusted['commit'][:12]})")
        said = "of the change, and in force: " if override else "the change would loosen what judges it: "
        lines += [said + line for line in section["loosened"]]
        return lines + self._stricter


def _guard(options: Mapping[str, Any], environ: Mapping[str, str], cwd: str) -> None:
    """Raises UsageError where a job with the rights of the base would take its settings from somebody's change."""
    event = environ.get("GITHUB_EVENT_NAME", "")
    if environ.get("GITHUB_ACTIONS") != "true" or event not in _PRIVILEGED:
        return
    top = git.top(cwd)
    at = git.head(top)[1] if top is not None else None
    if at is not None and at == environ.get("GITHUB_SHA"):
        return
    named = [path for path in (options["config"], *options["policy"]) if path]
    inside = top or os.path.realpath(cwd)
    if options["config"] and all(git.below(os.path.join(cwd, path), inside) is None for path in named):
        return
    raise UsageError(
        f"this job ({event}) has the rights of the base branch, and what is checked out is something else: its"
        " settings and policies are not to be trusted",
        where="--trusted-ref",
        fix="add --trusted-ref with the base commit, or -c FILE outside of the checkout",
    )


def _override(environ: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, str | None] | None:
    """Why the checkout's settings hold all the same, and who says so. Raises UsageError in a run for a fork."""
    reason = " ".join(environ.get(OVERRIDE, "").split())[:_REASON]
    if not reason:
        return None
    if known["fork"]:
        raise UsageError(
            "the change comes from a fork: its settings hold for nobody", where=OVERRIDE, fix="unset it for this run"
        )
    return {"reason": reason, "actor": known["actor"]}


def _no_head(commit: str, known: Mapping[str, Any], environ: Mapping[str, str], cwd: str) -> None:
    """Raises UsageError for a pull request that would be trusted to judge itself."""
    if known["pull_request"] is None and not known["fork"]:
        return
    top = git.top(cwd)
    at = git.head(top)[1] if top is not None else None
    allowed = {known["base_commit"]}
    if environ.get("GITHUB_EVENT_NAME") in _PRIVILEGED:
        allowed.add(environ.get("GITHUB_SHA"))
    if commit == known["commit"] or (commit == at and commit not in allowed):
        raise UsageError(
            "this commit is the pull request's own", where="--trusted-ref", fix="give the base: its commit or branch"
        )
