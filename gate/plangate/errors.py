"""The ways not to judge, one class an exit code.

    PlangateError          5   internal error, or an output could not be written
    |- UsageError          2   usage or configuration
    |- PlanError           3   the plan cannot be read, is none, or is not finished
    '- UndecidedError      4   a policy could not decide

A gate that cannot judge never says pass: whoever raises one of these ends the run with its
exit code and one line that says what was wrong, where, and what to do.
"""

from __future__ import annotations

# With several causes, and over several plans, the first of these that occurred is the exit code.
PRECEDENCE = (5, 3, 2, 4, 1, 7, 6, 0)


class PlangateError(Exception):
    """An expected end of a run: `what` happened, `where` (file, line or address), and the `fix`."""

    exit_code = 5
    kind = "internal"

    def __init__(
        self, what: str, *, where: str | None = None, fix: str | None = None, policy: str | None = None
    ) -> None:
        self.what, self.where, self.fix, self.policy = what, where, fix, policy
        super().__init__(self.line())

    def line(self) -> str:
        """The message of one line: where, what, fix."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.fix:
            text += f"; {self.fix}"
        return " ".join(text.splitlines())


class UsageError(PlangateError):
    """The command line, the configuration, or a policy path or selector that names nothing."""

    exit_code = 2
    kind = "usage"


class PlanError(PlangateError):
    """The plan could not be read, is not a plan, is errored or incomplete."""

    exit_code = 3
    kind = "plan"


class UndecidedError(PlangateError):
    """A policy did not load, raised, ran out of time or did not answer."""

    exit_code = 4
    kind = "policy"


def worst(codes: list[int]) -> int:
    """The exit code that stands for several, by PRECEDENCE; 0 for none."""
    for code in PRECEDENCE:
        if code in codes:
            return code
    return max(codes, default=0)
