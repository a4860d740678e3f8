from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

from plangate.decide import settings as plain
from plangate.decide import settings_model as model
from plangate.decide.settings import Limits
from plangate.decide.settings_model import json_schema, main, schema_text

PUBLISHED = Path(__file__).parents[3] / "docs" / "plangate.schema.json"


def test_the_published_schema_is_up_to_date() -> None:
    written = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert written == json_schema(), "python -m plangate.decide.settings_model docs/plangate.schema.json"


def test_writing_the_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "s.json")]) == main([]) == 0
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == capsys.readouterr().out == schema_text()


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('fail_on = "none"\n[environments.prod]\nworkspace = ["a"]\n[settings."a/b"]\nx = [1]', True),
        ('fail_on = "hihg"', False),
        ("[limits]\nplan_mib = 0", False),
        ('[[enforcement]]\npolicy = "*"', False),
        ("[policies]\nfoo = []", False),
    ],
)
def test_the_schema_says_what_the_models_say(text: str, good: bool) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert jsonschema.Draft202012Validator(json_schema()).is_valid(tomllib.loads(text)) is good


def test_the_models_and_the_plain_settings_agree() -> None:
    assert get_args(model.Severity) == plain.SEVERITIES
    assert get_args(model.FailOn) == ("none", *plain.SEVERITIES)
    assert get_args(model.Level) == plain.LEVELS
    assert get_args(model.Scope) == plain.SCOPES
    assert get_args(model.OnUnknown) == plain.ON_UNKNOWN
    limits = model.LimitsTable.model_validate({})
    assert limits.model_dump() == {name: getattr(Limits(), name) for name in Limits.__slots__}
