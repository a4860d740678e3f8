"""Write examples/*/report.*: what plangate says of the example plans, in every format.

    python tools/example_reports.py [FOLDER]

`make examples` runs it; a test keeps what is in the repository equal to what it would write. What differs from run to
run (its id, its time, the branch, what Checkov is there) is given the same value each time.
"""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

from plangate.cli.main import run
from plangate.cli.options import FORMATS
from plangate.cli.streams import Streams

ROOT = Path(__file__).resolve().parent.parent
PLANS = ("clean", "risky")
NAMES = {
    "text": "report.txt",
    "markdown": "report.md",
    "sarif": "report.sarif",
    "junit": "report.junit.xml",
    "github": "report.github.txt",
    "gitlab": "report.gitlab-codequality.json",
    "gitlab-terraform": "report.gitlab-terraform.json",
}  # the others: report.FORMAT
RUN = {"id": "0123456789abcdef", "started_at": "2026-01-01T00:00:00Z"}


def reports() -> dict[str, str]:
    """Name of a file below examples/ -> its text."""
    made = {}
    for name in PLANS:
        stored = json.dumps(_judged(f"examples/{name}/plan.json"))
        for format in FORMATS:
            file = NAMES.get(format, f"report.{format}")
            made[f"{name}/{file}"] = _said(["render", "-", "-f", format], stored)
    return made


def _judged(plan: str) -> dict[str, Any]:
    """The report of a plan, told as if nobody knew where and when it was made."""
    report: dict[str, Any] = json.loads(_said(["check", plan, "--checkov", "off", "-f", "json"]))
    report["run"] = {**dict.fromkeys(report["run"]), **RUN}
    return report


def _said(arguments: list[str], given: str = "") -> str:
    """What a command prints, with the repository as the working directory and an environment without names."""
    out, err = io.StringIO(), io.StringIO()
    before = os.getcwd()
    os.chdir(ROOT)
    try:
        code = run(arguments, Streams(io.BytesIO(given.encode()), out, err, {"PATH": ""}))
    finally:
        os.chdir(before)
    if code not in (0, 1):
        raise SystemExit(f"plangate {' '.join(arguments)} ended with {code}: {err.getvalue()}")
    return out.getvalue()


def main(folder: Path) -> None:
    for name, text in reports().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples")
