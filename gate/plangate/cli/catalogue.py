"""Every policy that can be judged by here: the built-in ones, those of installed packs, and a user's own files."""

from __future__ import annotations

import os
from functools import partial

from plangate import packs, selfcheck
from plangate.errors import UndecidedError, UsageError
from plangate.policy.child import describe

from .inforce import policy_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from plangate.decide.settings import Settings

    from .streams import Streams


class Catalogue:
    """Descriptions of policies by id (as policy.child makes them, with `rows` and `compliance`), and what does not
    load."""

    def __init__(self) -> None:
        self.metas: dict[str, dict[str, Any]] = {}
        self.mistakes: list[UndecidedError] = []

    def add(self, meta: dict[str, Any], rows: list[Any], compliance: Callable[[], list[Any]] = list) -> None:
        """Take a policy in, with the functions' answers for whoever asks. Raises UsageError when its id is taken."""
        known = self.metas.get(meta["id"])
        if known is not None:
            raise UsageError(
                f"two policies have the id {meta['id']}",
                where=f"{source(known)}, {source(meta)}",
                fix="give one of them another id",
            )
        self.metas[meta["id"]] = {**meta, "rows": rows, "compliance": compliance}


def catalogue(settings: Settings, paths: tuple[str, ...], streams: Streams) -> Catalogue:
    """Load what `check` would load; other people's policies in a process of their own.

    Raises UsageError for a path that names nothing and for two policies of one id.
    """
    found = Catalogue()
    targets, others = packs.installed(packs.search_paths())
    for policy in packs.load_own(targets):
        rows = list(policy.rows()) if policy.rows is not None else []
        tell = partial(packs.compliance, targets, policy)
        found.add({**describe(policy, "plangate"), "line": None}, rows, tell)
    files = policy_files((*settings.policy_paths, *paths))
    if files or others:
        from plangate.policy.isolate import Limits, judge

        limits = settings.limits
        plan = selfcheck.plan()
        answer = judge(
            selfcheck.document(),
            plan,
            files,
            others,
            lambda _: [],
            None,
            Limits(limits.policy_seconds, limits.total_seconds, limits.memory_mib),
            dict(streams.environ),
        )
        for meta in answer.loaded:
            found.add(meta, [])
        for file, why in answer.mistakes:
            error = UndecidedError(f"this file does not load: {why}", where=shown(file), fix="mend the file")
            found.mistakes.append(error)
    return found


def shown(file: str) -> str:
    """A path as a person would type it here."""
    if not os.path.isabs(file):
        return file
    try:
        near = os.path.relpath(file)
    except ValueError:  # another drive
        return file
    return file if near.startswith("..") else near


def source(meta: dict[str, Any]) -> str:
    """Where a policy comes from: `file:line`, or the name of the pack's distribution."""
    file = shown(str(meta["file"]))
    line = meta.get("line")
    return f"{file}:{line}" if isinstance(line, int) and os.path.isabs(str(meta["file"])) else file
