"""The shipped examples: judged as they lie there, and made again where the aws provider is at hand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ..terraform import Made, Root  # noqa: TID252
from .judged import judge

EXAMPLES = Path(__file__).parents[2] / "examples"


def shipped(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((EXAMPLES / name / "plan.json").read_bytes())
    return document


def findings(name: str) -> list[tuple[str, str, str, bool]]:
    """(pack, address, outcome, whether it stops) of everything found in the example."""
    judged = judge(EXAMPLES / name / "plan.json", "-f", "json")
    assert judged.code in (0, 1), judged.err
    return [
        (finding["policy"].split("/")[0], finding["address"], finding["outcome"], finding["stops"])
        for finding in judged.report["findings"]
    ]


def test_nothing_is_found_in_the_clean_example() -> None:
    assert findings("clean") == []


def test_the_risky_example_is_stopped_for_what_its_readme_names() -> None:
    found = findings("risky")
    assert {(pack, address) for pack, address, _, stops in found if stops} == {
        ("destructive", "aws_db_instance.orders"),
        ("destructive", "aws_db_instance.ledger"),
        ("destructive", "aws_s3_bucket.audit"),
        ("destructive", "aws_efs_file_system.archive"),
        ("encryption", "aws_db_instance.ledger"),
        ("encryption", "aws_efs_file_system.shared"),
        ("encryption", "aws_ebs_volume.scratch"),
        ("encryption", "aws_lb_listener.http"),
    }
    assert ("encryption", "aws_lb_listener.https", "fail", False) in found
    assert {outcome for _, _, outcome, _ in found} == {"fail"}  # everything in this plan can be known


@pytest.mark.skipif(shutil.which("sh") is None, reason="no sh")
def test_the_demonstration_behaves() -> None:
    def demo(**env: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", str(EXAMPLES / "demo.sh")]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env={**os.environ, "CHECKOV": "off", **env},
        )

    done = demo(PLANGATE=f"{sys.executable} -m plangate")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exit code 1, as expected" in done.stdout
    assert demo(PLANGATE="true").returncode == 1  # a gate that passes everything does not behave


@pytest.fixture(scope="module")
def again(aws: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """Both examples planned again from their own configuration; one init serves both."""
    clean = Root(tmp_path_factory.mktemp("clean"))
    clean.write((EXAMPLES / "clean" / "main.tf").read_text(encoding="utf-8"))
    clean.init(aws)
    risky = Root(tmp_path_factory.mktemp("risky"))
    shutil.copytree(clean.folder, risky.folder, symlinks=True, dirs_exist_ok=True)
    shutil.copy(EXAMPLES / "risky" / "prior.tfstate.json", risky.folder / "terraform.tfstate")
    return {
        root_name: root.plan((EXAMPLES / root_name / "main.tf").read_text(encoding="utf-8"), "-refresh=false")
        for root_name, root in (("clean", clean), ("risky", risky))
    }


@pytest.mark.parametrize(("name", "code"), [("clean", 0), ("risky", 1)])
def test_the_examples_are_what_terraform_makes_of_them(again: dict[str, Made], name: str, code: int) -> None:
    plan, old = again[name], shipped(name)
    assert plan.document["configuration"] == old["configuration"]
    assert plan.document["resource_changes"] == old["resource_changes"]
    reports = []
    for given in (plan.json, plan.file):
        judged = judge(given, "-f", "json")
        assert judged.code == code, judged.err
        reports.append(judged.report)
    summary = reports[0]["summary"]
    assert plan.counts() == {
        "imported": 0,
        "add": summary["create"] + summary["replace"],
        "change": summary["update"],
        "destroy": summary["delete"] + summary["replace"],
    }
    assert reports[0]["findings"] == reports[1]["findings"]


@pytest.mark.parametrize("name", ["clean", "risky"])
def test_the_shipped_plans_are_finished_small_and_without_secrets(name: str) -> None:
    path = EXAMPLES / name / "plan.json"
    assert path.stat().st_size < 200_000
    document = shipped(name)
    assert (document["complete"], document["errored"], document["applyable"]) == (True, False, True)
    provider = document["configuration"]["provider_config"]["aws"]["expressions"]
    assert {provider[key]["constant_value"] for key in ("access_key", "secret_key")} == {"mock"}
