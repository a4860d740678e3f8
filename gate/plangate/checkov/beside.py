"""Checkov beside the engine, for one plan: begun before our own policies judge, joined after them."""

from __future__ import annotations

import time

from plangate.decide.settings import origin, selected
from plangate.errors import PlangateError, UndecidedError, UsageError
from plangate.globs import match_id

from . import places, table
from .results import PREFIX, results

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from plangate.decide.settings import Settings
    from plangate.plan.model import Plan
    from plangate.report.redact import Redactor

    from .ask import Answer, Question
    from .copy import Copy


class Beside:
    """`status` and the rest of the report's section `checkov`. Nothing here stops the gate but a wrong setting:
    what Checkov could not do is an error of the report.
    """

    def __init__(self, settings: Settings, mode: str, environ: Mapping[str, str]) -> None:
        self._settings, self._mode, self._environ = settings, mode, environ
        self._question: Question | None = None
        self._copy: Copy | None = None
        self._answer: Answer | None = None
        self._key: str | None = None
        self._failed: UndecidedError | None = None
        self._passes = False
        self.status, self.seconds, self.cached = "off", 0.0, False

    def ids(self) -> list[str]:
        """The policy ids that may be named: of Checkov's own checks, and of custom ones as far as their files tell."""
        known = table.ids()
        if self._settings.checkov.external_checks:
            from .external import files, ids

            python, graph = files(self._settings.checkov.external_checks, self._where("external_checks"))
            known += [PREFIX + id for id in ids([*python, *graph])]
        return known

    def _where(self, name: str) -> str:
        return origin(self._settings, f"checkov.{name}")

    def begin(self, data: bytes, plan: Plan, redactor: Redactor, passes: bool) -> None:
        """Ask, or find what was answered before. Raises UsageError for settings that name nothing."""
        self._passes = passes
        began = time.monotonic()
        try:
            self._begin(data, plan, redactor)
        except UsageError:
            raise
        except PlangateError as error:
            self._fail(error)
        self.seconds = time.monotonic() - began

    def _begin(self, data: bytes, plan: Plan, redactor: Redactor) -> None:
        from .ask import Question, Wanted
        from .copy import copy
        from .external import files
        from .index import place_of

        own = self._settings.checkov
        ids = self._ids()
        if ids is not None and not ids and not own.external_checks:
            return  # nothing of Checkov's is selected
        place = place_of(own.python, self._where("python"), self._environ)
        if place is None:
            self.status = "not_installed"
            if self._mode == "required":
                raise UndecidedError(
                    "Checkov is required and is not installed", where=self._required(), fix="`plangate checkov install`"
                )
            return
        python, graph = files(own.external_checks, self._where("external_checks"))
        wanted = Wanted(ids, python, graph, own.seconds, own.memory_mib, passes=self._passes)
        self.status = "ran"
        decoded = plan.sections._decode is None
        if own.cache:
            from . import kept

            if decoded:
                self._copy = copy(plan, redactor)
            document = self._copy.data if self._copy is not None else None
            self._key = kept.key(data, decoded, document, redactor._secrets, place, wanted)
            self._answer = kept.find(self._key, self._environ, self._copy.addresses if self._copy is not None else None)
            self.cached = self._answer is not None
        if self._answer is None:
            self._copy = self._copy or copy(plan, redactor)
            self._question = Question(place, self._copy, wanted, self._environ)

    def _required(self) -> str:
        return "--checkov" if self._settings.checkov.mode != "required" else self._where("mode")

    def _ids(self) -> list[str] | None:
        """The checks to ask for, None for all. Raises UsageError for a glob that names none."""
        own, settings = self._settings.checkov, self._settings
        if not (own.skip or own.only or settings.select or settings.ignore):
            return None
        known = [id.removeprefix(PREFIX) for id in self.ids()]
        for name in ("only", "skip"):
            for at, glob in enumerate(getattr(own, name)):
                if not any(match_id(glob, id) for id in known):
                    from plangate.decide.words import hint

                    raise UsageError(
                        f"{name} {glob[:60]!a} names no check of Checkov {places.VERSION}",
                        where=self._where(f"{name}.{at}"),
                        fix=hint(glob, known, "checks"),
                    )
        return [id for id in known if self.selected(PREFIX + id)]

    def selected(self, policy: str) -> bool:
        """Whether a check's results count: by `only` and `skip`, by --select and --ignore."""
        own, id = self._settings.checkov, policy.removeprefix(PREFIX)
        if own.only and not any(match_id(glob, id) for glob in own.only):
            return False
        return not any(match_id(glob, id) for glob in own.skip) and selected(self._settings, policy)

    @property
    def asked(self) -> bool:
        """Whether any of its checks judges this plan."""
        return self._answer is not None or self._question is not None or self._failed is not None

    def _fail(self, error: PlangateError) -> None:
        self._failed = error if isinstance(error, UndecidedError) else UndecidedError(error.line())
        if self.status != "not_installed":
            self.status = "failed"

    def join(
        self, plan: Plan, metas: dict[str, dict[str, Any]], found: dict[str, dict[str, Any]]
    ) -> dict[tuple[str, str | None], list[str]]:
        """Add Checkov's results and descriptions to our own; {(policy, address): ids of checks that say the same}."""
        if self._question is not None:
            began = time.monotonic()
            try:
                self._answer = self._question.answer()
            except UndecidedError as error:
                self._fail(error)
            self._question = None
            self.seconds += time.monotonic() - began
            if self._answer is not None and self._key is not None and not _custom_broke(self._answer):
                from . import kept

                kept.keep(self._key, self._answer, self._environ)
        if self._answer is None:
            return {}
        address_of = self._copy.address if self._copy is not None else _same
        made = results(plan, self._answer, address_of, self.selected, dict(metas), dict(found), self._passes)
        metas.update(made.metas)
        found.update(made.results)
        return made.also

    def errors(self) -> list[dict[str, Any]]:
        """What Checkov could not do, as the report lists it."""
        if self._failed is None:
            return []
        return [{"kind": "checkov", "message": self._failed.line(), "path": None, "policy": None}]

    def stop(self) -> None:
        """End its process, when our own policies did not get as far as to wait for it."""
        if self._question is not None:
            self._question.stop()
            self._question = None

    def section(self) -> dict[str, Any]:
        """The report's section `checkov`."""
        ran = self.status == "ran"
        return {
            "status": self.status,
            "version": places.VERSION if ran or self.status == "failed" else None,
            "seconds": round(self.seconds, 3) if ran or self.status == "failed" else None,
            "cached": self.cached if ran else None,
        }


def _same(address: str) -> str:
    return address


def _custom_broke(answer: Answer) -> bool:
    return any(row[0] in answer.custom for row in answer.broken)
