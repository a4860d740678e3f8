"""One table of settings for many policies, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..front import check  # noqa: TID252 - the tests are no package

PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "complete": True,
    "applyable": True,
    "errored": False,
    "planned_values": {"root_module": {}},
    "resource_changes": [
        {
            "address": "aws_cloudwatch_log_group.a",
            "mode": "managed",
            "type": "aws_cloudwatch_log_group",
            "name": "a",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {
                "actions": ["create"],
                "before": None,
                "after": {"name": "a", "kms_key_id": None, "retention_in_days": 400},
                "after_unknown": {"id": True},
                "before_sensitive": False,
                "after_sensitive": {},
            },
        }
    ],
    "configuration": {
        "root_module": {
            "resources": [
                {
                    "address": "aws_cloudwatch_log_group.a",
                    "mode": "managed",
                    "type": "aws_cloudwatch_log_group",
                    "name": "a",
                    "expressions": {"name": {"constant_value": "a"}, "retention_in_days": {"constant_value": 400}},
                }
            ]
        }
    },
}


def keys(text: str, folder: Path) -> list[str]:
    (folder / "plangate.toml").write_text(text)
    came = check(PLAN, "-c", str(folder / "plangate.toml"), "--fail-on", "none")
    assert came.code == 0, came
    return [f["policy"] for f in came.report["findings"] if "customer-key" in f["policy"] or "cmk" in f["policy"]]


def test_a_glob_sets_every_policy_that_has_the_setting(tmp_path: Path) -> None:
    assert keys("", tmp_path) == []
    (found,) = keys('[settings."encryption/*"]\nrequire_cmk = true\n', tmp_path)
    assert found.startswith("encryption/")


def test_an_id_beats_a_glob_and_a_narrow_glob_a_wide_one(tmp_path: Path) -> None:
    (id,) = keys('[settings."*"]\nrequire_cmk = true\n', tmp_path)
    wide = '[settings."encryption/*"]\nrequire_cmk = true\n'
    assert keys(wide + f'[settings."{id}"]\nrequire_cmk = false\n', tmp_path) == []
    assert keys(wide + f'[settings."{id[:-3]}*"]\nrequire_cmk = false\n', tmp_path) == []
    assert keys(f'[settings."{id}"]\nexempt_types = []\n' + wide, tmp_path) == [id]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[settings."encrypton/*"]\nrequire_cmk = true\n', "names no policy"),
        ('[settings."encryption/*"]\nrequire_cmks = true\n', "require_cmk"),
        ('[settings."tagging/*"]\nrequire_cmk = true\n', "no policy of"),
        ('[settings."encryption/*"]\nrequire_cmk = "yes"\n', "must be true or false"),
    ],
)
def test_a_glob_that_means_nothing_is_a_mistake_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "plangate.toml").write_text(text)
    came = check(json.dumps(PLAN), "-c", str(tmp_path / "plangate.toml"))
    assert came.code == 2
    assert said in came.err
    assert "plangate.toml:" in came.err
