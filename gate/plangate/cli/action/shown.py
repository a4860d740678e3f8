"""What a job shows of a run: its summary and its outputs. Nothing here changes the verdict."""

from __future__ import annotations

import os

from plangate.render.markdown import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .places import Files

_SUMMARY = 1024 * 1024  # bytes: GitHub drops a longer one as a whole
_BUDGETS = (200_000, 60_000, 15_000, 3_000)  # characters
_NONE = "plangate: PASS - no root was to be planned, and none reported\n"
# Output = key of the report's summary.
_COUNTS = ("create", "update", "replace", "delete")


def summary(reports: list[dict[str, Any]], environ: Mapping[str, str], *, wanted: bool) -> None:
    """Append to the job's summary what has room there; what does not work is said and is no error."""
    path = environ.get("GITHUB_STEP_SUMMARY")
    if not path or not wanted:
        return
    try:
        room = _SUMMARY - (os.path.getsize(path) if os.path.exists(path) else 0)
        for budget in _BUDGETS:
            text = render(reports, budget=budget) + "\n" if reports else _NONE
            if len(text.encode()) < room:
                with open(path, "a", encoding="utf-8", newline="\n") as file:
                    file.write(text)
                return
    except OSError as error:
        print(f"plangate: the job's summary could not be written ({error.strerror})")
        return
    print("plangate: the job's summary has no room left")


def outputs(reports: list[dict[str, Any]], code: int, files: Files, environ: Mapping[str, str]) -> None:
    """The step's outputs: words of ours, integers, and paths of ours; never a character of a plan."""
    path = environ.get("GITHUB_OUTPUT")
    if not path:
        return
    lines = [f"verdict={_verdict(reports, code)}", f"exit-code={code}"]
    lines += [f"{name}={sum([int(one['summary'][name]) for one in reports])}" for name in _COUNTS]
    stops = sum([1 for one in reports for finding in one["findings"] if finding.get("stops")])
    lines += [f"stops={stops}", f"findings={sum([len(one['findings']) for one in reports])}"]
    lines += [f"reports={len(reports)}", f"folder={files.folder}"]
    lines += [f"{name}={file}" for name, file in files.paths.items() if os.path.exists(file)]
    if any("\n" in line or "\r" in line for line in lines):  # the runner's own folder would have to hold one
        lines = lines[:2]
    with open(path, "a", encoding="utf-8", newline="\n") as out:
        out.write("".join([line + "\n" for line in lines]))


def _verdict(reports: list[dict[str, Any]], code: int) -> str:
    said = {one["verdict"] for one in reports}
    if code not in (0, 1, 7) or "error" in said:
        return "error"
    return "fail" if code == 1 or "fail" in said else "pass"
