"""Real plans judged through the front door, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

# Judges every plan and matches no terraform_data: a plan that can be judged at all passes.
HARMLESS = ("--select", "encryption/*")


@dataclass(frozen=True)
class Judged:
    """What one run of plangate left behind."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.out)
        return report

    def one_line(self) -> str:
        """The only line on stderr; more, none, or a traceback is an AssertionError."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("plangate: "), self.err
        return lines[0]


def judge(plan: Path, *args: str, cwd: Path | None = None, **env: str) -> Judged:
    """`plangate check PLAN ARGS` as a user runs it, by this interpreter's plangate.

    Runs in the plan's folder, which has no plangate.toml, unless `cwd` says otherwise.
    """
    done = subprocess.run(
        [sys.executable, "-m", "plangate", "check", str(plan), *args],
        cwd=cwd or plan.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **env},
    )
    return Judged(done.returncode, done.stdout, done.stderr)


def passed(plan: Path, *args: str, **env: str) -> dict[str, Any]:
    """The report of a plan that was read completely, is finished, and passes."""
    judged = judge(plan, "-f", "json", *HARMLESS, *args, cwd=None, **env)
    assert judged.code == 0, judged.err
    report = judged.report
    assert (report["verdict"], report["exit_code"], report["errors"]) == ("pass", 0, [])
    return report
