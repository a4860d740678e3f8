"""examples/ holds what plangate says of the example plans today, in every format."""

from __future__ import annotations

import json
from pathlib import Path

from plangate.cli.options import FORMATS
from plangate.report.reader import read

from .tools import load

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "examples"


def test_reports_are_those_of_the_plans(tmp_path: Path) -> None:
    load("example_reports").main(tmp_path)
    made = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("report.*")}
    kept = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("report.*")}
    assert len(made) == 2 * len(FORMATS)
    assert sorted(kept) == sorted(made)
    assert [name for name in sorted(made) if kept[name] != made[name]] == [], "make examples"


def test_they_say_what_the_readme_of_the_examples_says() -> None:
    clean, risky = (read((FOLDER / name / "report.json").read_bytes()) for name in ("clean", "risky"))
    assert (clean["verdict"], clean["exit_code"]) == ("pass", 0)
    assert (risky["verdict"], risky["exit_code"]) == ("fail", 1)
    assert str(ROOT) not in json.dumps([clean, risky])
