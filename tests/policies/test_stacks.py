"""The first plans of ordinary stacks, written as careful users write them: nothing in them may stop for what only the
apply can know, unless the policy itself counts it as a failure.

The plans are kept beside the configurations, made by Terraform and the real aws provider, and made again where both
are at hand.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ..gate.front import check  # noqa: TID252 - the tests are no package
from ..terraform import Root  # noqa: TID252

STACKS = Path(__file__).parent / "stacks"
NAMES = sorted(path.name for path in STACKS.iterdir() if (path / "main.tf").exists())
# What is enough for the policies, and does not say the same again.
KEPT = (
    "format_version",
    "terraform_version",
    "resource_changes",
    "prior_state",
    "configuration",
    "complete",
    "errored",
)
# No account is asked: an override file, so that the configurations stay what their author would write.
MOCK = """
provider "aws" {
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}
"""


def reduced(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in KEPT if name in document}


def kept(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((STACKS / name / "plan.json").read_bytes())
    return document


def test_there_are_ten() -> None:
    assert len(NAMES) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_a_first_plan_is_not_stopped(name: str) -> None:
    came = check(kept(name))
    stopping = [(f["policy"], f["address"], f["outcome"], f["message"]) for f in came.report["findings"] if f["stops"]]
    assert stopping == []
    assert came.code == 0


@pytest.mark.parametrize("name", NAMES)
def test_what_is_unknown_stops_where_the_settings_say_so(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    """That nothing stops is what the policies say, each with its reason, and not that nothing is seen."""
    (tmp_path / "plangate.toml").write_text('on_unknown = "fail"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    came = check(kept(name))
    for finding in came.report["findings"]:
        if finding["outcome"] == "unknown" and finding["enforcement"] != "advisory":
            assert finding["stops"], finding


@pytest.fixture(scope="module")
def initialised(aws: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = Root(tmp_path_factory.mktemp("stacks"))
    root.write('terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n')
    root.init(aws)
    return root.folder


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_plan_is_what_terraform_makes_of_it(initialised: Path, tmp_path: Path, name: str) -> None:
    root = Root(tmp_path / name)
    shutil.copytree(initialised, root.folder, symlinks=True, dirs_exist_ok=True)
    shutil.copytree(STACKS / name, root.folder, dirs_exist_ok=True)
    (root.folder / "mock_override.tf").write_text(MOCK, encoding="utf-8")
    if any(path.is_dir() for path in (STACKS / name).iterdir()):
        root.run("get")
    again, old = reduced(root.planned().document), kept(name)
    assert again["resource_changes"] == old["resource_changes"]
    assert again["configuration"] == old["configuration"]
