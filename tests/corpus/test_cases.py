"""Hostile and faulty inputs: each ends in the class its index names, and leaks nothing it must not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = os.environ.get("PLANGATE_SHARED")
if not SHARED:
    pytest.skip("PLANGATE_SHARED does not name the folder of cases", allow_module_level=True)
CASES = Path(SHARED).resolve() / "cases"
RULES = Path(__file__).parent / "rules"
CLASSES = {0: "pass", 1: "fail", 2: "usage-error", 3: "input-error", 4: "policy-error", 5: "internal-error"}


def cases() -> list[dict]:
    return json.loads((CASES / "index.json").read_text())["cases"]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_case(case: dict, tmp_path: Path) -> None:
    wanted = set(case["expect"]["class"].split("|"))
    for name in case["files"]:
        command = [sys.executable, "-m", "plangate", "check", str(CASES / name), "--select", "cases/*"]
        for rule in case.get("rules") or ["r1"]:
            command += ["-p", str(RULES / f"{rule}.py")]
        command += ["-v", "--debug", "-f", "text", "-f", f"json={tmp_path / 'report.json'}"]
        ran = subprocess.run(command, capture_output=True, timeout=60, cwd=tmp_path, check=False)
        said = CLASSES[ran.returncode]
        report = json.loads((tmp_path / "report.json").read_text())
        unknown = any(f["outcome"] == "unknown" and f["stops"] for f in report["findings"])
        classes = {said} | ({"policy-unknown"} if unknown else set()) | ({"not-pass"} if said != "pass" else set())
        assert classes & wanted, ran.stderr.decode()
        assert report["exit_code"] == ran.returncode
        output = ran.stdout + ran.stderr + (tmp_path / "report.json").read_bytes()
        assert b"Traceback" not in output
        if ran.returncode in (2, 3, 5):
            assert len(ran.stderr.decode().splitlines()) == 1
        for text in case["expect"].get("must_not_contain_in_any_output", ()):
            if case["kind"] == "secret" or not text.isprintable():
                assert text.encode() not in output, text
        for line in (ran.stdout + ran.stderr).decode().splitlines():
            assert not line.lstrip().startswith("::"), line
            assert "##[" not in line, line
