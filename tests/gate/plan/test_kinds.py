"""Whoever hands in something else than a plan is told what it is and how to make a plan of it."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.plan.kinds import explain, kind_of

PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "planned_values": {"root_module": {}},
    "resource_changes": [],
    "configuration": {"root_module": {}},
}
EVENT = {"@level": "info", "@message": "Terraform 1.11.4", "@module": "terraform.ui", "type": "version"}


def said(text: str | bytes) -> str:
    """What and fix for a text the JSON parser refuses, as one line."""
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(data.decode())
    return ": ".join(explain(data, caught.value))


def kind(document: object) -> str:
    found = kind_of(document)
    assert found is not None
    return ": ".join(found)


@pytest.mark.parametrize(
    "document",
    [
        PLAN,
        {"format_version": "1.2", "terraform_version": "1.11.4", "configuration": {}, "prior_state": {}},
        {"format_version": "0.1", "planned_values": {}},
        {"plan_format_version": "1.2", "resource_changes": [], "provider_schemas": {}},
        {**PLAN, "provider_schemas": {}, "values": {}},
    ],
)
def test_plans_are_of_no_other_kind(document: object) -> None:
    assert kind_of(document) is None


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"format_version": "1.0", "terraform_version": "1.11.4", "values": {}}, "shows the state"),
        ({"format_version": "1.0"}, "no plan file was given"),
        ({"format_version": "1.0", "terraform_version": "1.5.0"}, "no plan file was given"),
        ({"version": 4, "terraform_version": "1.11.4", "serial": 2, "lineage": "x"}, "terraform.tfstate"),
        ({"o": {"sensitive": False, "type": "string", "value": "x"}}, "terraform output -json"),
        ({"format_version": "1.0", "valid": True, "diagnostics": []}, "terraform validate -json"),
        ({"format_version": "1.0", "provider_schemas": {}}, "providers schema -json"),
        ({"format_version": "1.0", "function_signatures": {}}, "functions -json"),
        ({"terraform_version": "1.11.4", "provider_selections": {}}, "terraform version -json"),
        (EVENT, "event stream"),
        ([EVENT, EVENT], "event stream"),
        ({"encrypted_data": "eA==", "meta": {}}, "OpenTofu encrypted"),
        ({"remote_plan_format": 1, "run_id": "run-1", "hostname": "app.terraform.io"}, "saved cloud plan"),
        ({"version": "0.2", "currency": "USD", "projects": [], "totalMonthlyCost": "0"}, "Infracost"),
        ({"version": "2.1.0", "runs": []}, "SARIF"),
        ({"check_type": "terraform_plan", "results": {}, "summary": {}}, "Checkov"),
        ([{"check_type": "terraform_plan", "results": {}}], "Checkov"),
        ({"passed": 0, "failed": 0, "checkov_version": "3.2.0"}, "Checkov"),
        ({"summary": {}, "managed": None, "unmanaged": None, "coverage": 0}, "driftctl"),
        ({"SchemaVersion": 2, "ArtifactType": "filesystem"}, "Trivy"),
        ({"results": [{"rule_id": "GEN003"}]}, "tfsec"),
        ({"results": {"violations": None}}, "Terrascan"),
        ({"results": []}, "scanner"),
        ({"schema_version": "1", "verdict": "pass", "findings": []}, "plangate render"),
        ([{"verdict": "pass", "findings": []}], "plangate merge"),
        ({"resource": {"aws_s3_bucket": {}}, "terraform": {}}, ".tf.json"),
        ({"plan": PLAN, "params": {}}, "a plan inside it"),
        ({"resource_changes": []}, "without its format_version"),
        ({"format_version": "1.2", "variables": {}}, "without its changes"),
        ({"anything": 1}, "a JSON object, but not a plan"),
        ({}, "did terraform fail"),
        ([], "did terraform fail"),
        ([PLAN, PLAN], "array of 2 documents"),
        ([1, 2, 3], "array of 3 values"),
        (json.dumps(PLAN), "encoded twice"),
        ("hello", "a JSON string"),
        (None, "null"),
        (True, "boolean"),
        (1.5, "number"),
    ],
)
def test_other_documents_are_named(document: object, words: str) -> None:
    assert words in kind(document)


def test_documents_that_are_no_plans_say_how_one_is_made() -> None:
    for document in (
        {"format_version": "1.0"},
        {"serial": 1, "lineage": "", "version": 4},
        None,
        [1],
        {"a": 1},
    ):
        assert "terraform show -json PLANFILE" in kind(document)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{json.dumps(EVENT)}\n{json.dumps(EVENT)}\n", "event stream"),
        (f"[command]/tmp/x/terraform-bin show -json p\n{json.dumps(PLAN)}\n", "terraform_wrapper: false"),
        (f"{json.dumps(PLAN)}\n::debug::Terraform exited with code 0.\n", "terraform_wrapper: false"),
        (f"{json.dumps(PLAN, indent=2)}\n\n::set-output name=exitcode::0\n", "terraform_wrapper: false"),
        (f"{json.dumps(PLAN)}\n{json.dumps(PLAN)}", "--lines"),
        (json.dumps(PLAN) + json.dumps(PLAN), "more than one document"),
        (json.dumps(PLAN) + "\n╷\n│ Warning: Deprecated\n╵\n", "2>&1"),
        (json.dumps(PLAN) + "\0" * 2000, "zero bytes after"),
        ("Initializing the backend...\n" + json.dumps(PLAN), "text before the document"),
        ("Reading...\n" + json.dumps(PLAN, indent=2), "text before the document"),
        ("Terraform used the selected providers to generate the following execution\nplan.", "for people"),
        ("\x1b[0m\x1b[1mterraform_data.a: Refreshing state... [id=1]\x1b[0m", "for people"),
        ("No changes. Your infrastructure matches the configuration.", "for people"),
        ("╷\n│ Error: Invalid expression\n╵", "error message"),
        ("Error: No such file", "error message"),
        ("<!DOCTYPE html>\n<html><body>Sign in</body></html>", "HTML"),
        ('<?xml version="1.0"?><testsuites/>', "XML"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0", "git lfs pull"),
        ('<<<<<<< HEAD\n{"a": 1}', "text before"),
        ("---\nformat_version: '1.2'\n", "YAML"),
        ("format_version: '1.2'\nresource_changes: []\n", "YAML"),
        ("- a\n- b\n", "YAML"),
        ('resource "aws_s3_bucket" "b" {\n}\n', "HCL"),
        ("terraform {\n}\n", "HCL"),
        ("\x01\x02\x00\x05binary", "binary"),
        ("hello world", "does not begin with"),
        ("{'format_version': '1.2', 'errored': False}", "json.dumps"),
        ('{"format_version": "1.2", "errored": False}', "json.dumps"),
        ('{"a": 1, /* c */ "b": 2}', "a comment at line 1, column 10"),
        ('{"a": 1,\n// c\n"b": 2}', "a comment at line 2"),
        ('{"a": 1,}', "a comma too many"),
        ('{"a": [1,]}', "a comma too many"),
        ('{"a": [1,,2]}', "a comma too many"),
        ('{a: 1, b: "x"}', "without quotation marks"),
        ('{"a": "x\ty"}', "raw control character"),
        (r'{"a": "\x41", "b": 1}', "a backslash"),
        ('{"a": 1 "b": 2, "c": 3, "d": 4}', "not JSON at line 1, column 9"),
    ],
)
def test_broken_documents_are_named(text: str, words: str) -> None:
    assert words in said(text)


@given(st.integers(min_value=1))
def test_a_cut_plan_is_called_cut_wherever_it_was_cut(at: int) -> None:
    text = json.dumps({**PLAN, "x": {"s": 'a \\ \u00e9 " b', "n": [-1.5e3, True, None]}})
    assert "cut" in said(text[: 1 + at % (len(text) - 1)])


@given(st.text(), st.one_of(st.none(), st.integers()))
def test_any_text_and_any_error_get_words_of_one_line(text: str, position: int | None) -> None:
    error = ValueError()
    if position is not None:
        error.pos = position  # type: ignore[attr-defined]
    for line in explain(text.encode("utf-8", "replace"), error):
        assert line
        assert line.isprintable()


@given(st.text(min_size=1))
def test_no_text_of_the_document_is_repeated(text: str) -> None:
    secret = "hunter2-" + "x" * 20
    for data in (f"{text}{secret}", f'{{"{secret}": {text}', f"{secret}: {text}", f'["{secret}"] {text}'):
        error = json.JSONDecodeError("Expecting value", data, len(data) // 2)
        assert secret not in str(explain(data.encode("utf-8", "replace"), error))
    assert secret not in str(kind_of({secret: {text: secret}}))


def test_only_the_ends_of_a_large_file_are_looked_at() -> None:
    data = b'{"a": "' + b"x\n" * (32 << 20) + b'"}'
    error = json.JSONDecodeError("Invalid control character at", "x" * 100, 8)
    start = time.perf_counter()
    assert "control character" in explain(data, error)[0]
    assert time.perf_counter() - start < 0.2
