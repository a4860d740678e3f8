from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.render import json as render_json
from plangate.report.model import json_schema

from .build import report
from .samples import SAMPLES

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


def whole(value: Any) -> Any:
    """`value` as a reader of strict JSON gets it: surrogates paired, lone ones replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {whole(k): whole(v) for k, v in value.items()}
    return [whole(v) for v in value] if isinstance(value, list) else value


@given(st.dictionaries(st.sampled_from(["changes", "findings", "plan"]), VALUES))
def test_text_is_printable_ascii_without_markup_and_says_the_same(document: dict[str, Any]) -> None:
    text = render_json.render(document)
    assert all(" " <= char <= "~" or char == "\n" for char in text)
    assert not set("<>&") & set(text)
    assert text.endswith("\n")
    assert json.loads(text) == whole(document)


def test_characters_that_pages_obey_are_escapes() -> None:
    text = render_json.render({"notes": ["<b>&\u2028\x7f é\ud800\U0001f600"]})
    assert '"\\u003cb\\u003e\\u0026\\u2028\\u007f \\u00e9\\ufffd\\ud83d\\ude00"' in text


def test_one_change_and_one_finding_a_line() -> None:
    text = render_json.render(SAMPLES["failing"]())
    lines = text.splitlines()
    assert sum(line.startswith('{"address": ') for line in lines) == 24
    assert sum(line.startswith('{"policy": ') for line in lines) == 73


def test_keys_keep_their_order() -> None:
    document = SAMPLES["clean"]()
    assert list(json.loads(render_json.render(document))) == list(document)


def test_several_reports_are_an_array() -> None:
    reports = [SAMPLES["clean"](), SAMPLES["empty"]()]
    assert json.loads(render_json.render(reports)) == reports
    assert json.loads(render_json.render([])) == []


def test_what_json_has_no_number_for_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        render_json.render(report(exit_code=float("nan")))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_holds_to_the_published_schema(name: str) -> None:
    jsonschema.Draft202012Validator(json_schema()).validate(json.loads(render_json.render(SAMPLES[name]())))
