"""The first plans of ordinary stacks, written as careful users write them: nothing in them may stop for what only the
apply can know, unless the policy itself counts it as a failure.

The plans are kept beside the configurations, made by Terraform and the real aws provider, and made again where both
are at hand; with PLANGATE_TEST_KEEP=1 that writes them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ..gate.front import check  # noqa: TID252 - the tests are no package
from ..terraform import Root  # noqa: TID252
from . import real

STACKS = Path(__file__).parent / "stacks"
NAMES = sorted(path.name for path in STACKS.iterdir() if (path / "main.tf").exists())
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
def planned(aws: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The plan of all of them, each a module with a provider of its own: Terraform starts once."""
    root = Root(tmp_path_factory.mktemp("stacks"))
    for name in NAMES:
        shutil.copytree(STACKS / name, root.folder / name)
        (root.folder / name / "mock_override.tf").write_text(MOCK, encoding="utf-8")
    root.write("".join(f'module "{name}" {{\n  source = "./{name}"\n}}\n' for name in NAMES))
    root.init(aws)
    return root.planned().document


def alone(document: dict[str, Any], name: str) -> dict[str, Any]:
    """What the plan of all has of one, as the plan of that one alone says it: what is enough for the policies."""
    module, configuration = f"module.{name}", document["configuration"]
    changes = [one for one in document["resource_changes"] if f"{one['module_address']}.".startswith(f"{module}.")]
    states = document["prior_state"]["values"]["root_module"]["child_modules"]
    state = [_without(one, "address") for one in states if one["address"] == module]
    providers = {key: one for key, one in configuration["provider_config"].items() if key.startswith(f"{module}:")}
    prior = {**document["prior_state"], "values": {"root_module": state[0]}} if state else None
    found = {
        **{word: document[word] for word in ("format_version", "terraform_version")},
        "resource_changes": [_without(one, "module_address", module) for one in changes],
        **({"prior_state": prior} if prior else {}),
        "configuration": {
            "provider_config": {key: _without(one, "module_address", module) for key, one in providers.items()},
            "root_module": configuration["root_module"]["module_calls"][name]["module"],
        },
        **{word: document[word] for word in ("complete", "errored")},
    }
    text = json.dumps(found)
    for end in ".:":
        text = text.replace(f'"{module}{end}', '"')
    plan: dict[str, Any] = json.loads(text)
    return plan


def _without(one: dict[str, Any], word: str, value: str | None = None) -> dict[str, Any]:
    return {key: is_ for key, is_ in one.items() if key != word or value not in (None, is_)}


def written(document: dict[str, Any]) -> str:
    """The kept form: one change a line."""
    changes = ",\n".join(json.dumps(one) for one in document["resource_changes"])
    rest = {key: json.dumps(value) for key, value in document.items()} | {"resource_changes": f"[\n{changes}\n]"}
    return "{\n" + ",\n".join(f'"{key}": {value}' for key, value in rest.items()) + "\n}\n"


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_plan_is_what_terraform_makes_of_it(planned: dict[str, Any], name: str) -> None:
    again = alone(planned, name)
    if real.KEEP:
        (STACKS / name / "plan.json").write_text(written(again), encoding="utf-8")
    old = kept(name)
    for document in (again, old):
        document.pop("terraform_version")
        document.get("prior_state", {}).pop("terraform_version", None)
    assert again == old
