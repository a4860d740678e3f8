from __future__ import annotations

from pathlib import Path

import jsonschema

from plangate.report import model
from plangate.report.build import skeleton

PUBLISHED = Path(__file__).resolve().parents[3] / "docs/report.schema.json"


def test_the_published_schema_is_up_to_date() -> None:
    # python -m plangate.report.model > docs/report.schema.json
    assert PUBLISHED.read_text(encoding="utf-8") == model.schema_text()


def test_the_schema_is_one_of_draft_2020_12() -> None:
    schema = model.json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


def test_every_object_of_the_schema_is_closed() -> None:
    schema = model.json_schema()
    for part in [schema, *schema["$defs"].values()]:
        assert part["additionalProperties"] is False
        assert set(part["required"]) == set(part["properties"])


def test_an_empty_report_of_a_run_has_the_keys_of_the_model_in_their_order() -> None:
    made = skeleton(dict.fromkeys(model.Run.model_fields), {}, None)
    model.Report.model_validate(made)
    assert list(made) == list(model.Report.model_fields)
