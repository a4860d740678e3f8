"""The settings of a command that judges nothing: the checkout's, or those of --trusted-ref."""

from __future__ import annotations

import os

from .inforce import settings_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.decide.settings import Settings

    from .streams import Streams
    from .trusted import Trusted


class Where:
    """The settings of a run here: the checkout's, or those of --trusted-ref."""

    def __init__(self, options: dict[str, Any], streams: Streams) -> None:
        self.options, self.streams, self.cwd = options, streams, os.getcwd()
        self._trusted: Trusted | None = None
        # Only GitHub starts jobs with the rights of the base branch that may have checked out something else.
        if options["trusted_ref"] is not None or "GITHUB_EVENT_NAME" in streams.environ:
            from plangate.context.run import facts

            from .trusted import Trusted

            known = facts(streams.environ, self.cwd, options["run"])
            self._trusted = Trusted({**options, "policy": ()}, streams, self.cwd, known)

    def settings(self, path: str | None = None, branch: str | None = None) -> Settings:
        """What holds for a plan, or for all of them."""
        facts = {"workspace": None, "path": path, "branch": branch}
        if self._trusted is not None:
            return self._trusted.settings(facts)
        return settings_for(self.options, self.streams, self.cwd, facts)

    def plain(self, text: str) -> str:
        """A text in which no private folder is named."""
        return self._trusted.plain(text) if self._trusted is not None else text

    def close(self) -> None:
        """Delete what was written for the run."""
        if self._trusted is not None:
            self._trusted.close()
