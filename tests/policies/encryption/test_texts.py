"""Texts of YAML within attributes, and settings that one row of the tables cannot show."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.testing import create, judge, plan
from plangate_policies import POLICIES
from plangate_policies.encryption.yaml_text import NotRead, load

BY_ID = {p.id.removeprefix("encryption/"): p for p in POLICIES}
WORDS = ("true", "false", "null", "yes", "no", "on", "off")  # of YAML 1.1, which are no texts
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name.lower() not in WORDS)
TREES = st.recursive(
    st.dictionaries(NAMES, st.booleans() | NAMES, min_size=1, max_size=3),
    lambda inner: st.dictionaries(NAMES, inner | st.booleans() | NAMES, min_size=1, max_size=3),
    max_leaves=8,
)


def lines(tree: dict[str, Any], indent: str, quote: str) -> list[str]:
    found = []
    for name, value in tree.items():
        if isinstance(value, dict):
            found += [f"{indent}{quote}{name}{quote}:", *lines(value, indent + "  ", quote)]
        else:
            text = json.dumps(value) if isinstance(value, bool) else f"{quote}{value}{quote}"
            found += [f"{indent}{name}: {text}  # a remark", ""]
    return found


@given(TREES, st.sampled_from(["'", '"']), st.sampled_from(["", "    "]))
def test_a_text_is_read_as_it_was_written(tree: dict[str, Any], quote: str, indent: str) -> None:
    assert load("\n".join(lines(tree, indent, quote))) == tree


@given(st.text(alphabet="ab: -#'\"{[&*|<!\n\t"))
def test_a_text_is_read_or_not(text: str) -> None:
    try:
        load(text)
    except (ValueError, NotRead):
        pass


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2",
        "a: &x {b: 1}\nc:\n  <<: *x",
        "a: !!python/name:os.system x",
        "a: !own x",
        "a: !!bool x",
        "a: !!int ''",
        "a: !!timestamp x",
        "a: 1" + ":00" * 400 + ".5",
        "? [a]\n: b",
    ],
)
def test_what_readers_read_differently_is_not_read(text: str) -> None:
    with pytest.raises(NotRead):
        load(text)


@pytest.mark.parametrize("text", ["[" * 60_000, "{a: " * 15_000, "[" + "[]," * 1000 + "]"])
def test_brackets_without_end_are_not_tried(text: str) -> None:
    with pytest.raises(NotRead):  # read, each open one would be looked at for every word behind it
        load(text)


@pytest.mark.parametrize("text", ["- " * 30_000, "? " * 30_000, '"' * 60_000])
def test_what_nests_without_end_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no YAML"):
        load(text)


def session(name: str, content: str) -> str:
    document = create("aws_ssm_document.d", name="d", document_type="Session", document_format="YAML", content=content)
    return judge(BY_ID[name], plan(document)).outcomes["aws_ssm_document.d"]


@pytest.mark.parametrize(
    ("inputs", "outcome"),
    [
        ("kmsKeyId: alias/sessions", "pass"),
        ("kmsKeyId: 'alias/sessions'  # ours", "pass"),
        ("kmsKeyId: ''", "fail"),
        ('kmsKeyId: "" # none', "fail"),
        ("kmsKeyId:", "fail"),
        ("runAsEnabled: true", "fail"),
        ("shellProfile:\n    kmsKeyId: deeper", "fail"),
        ("kmsKeyId: &key alias/sessions", "pass"),
        ("kmsKeyId: >\n    alias/sessions", "pass"),
        ("x: &key alias/sessions\n  kmsKeyId: *key", "pass"),
        ("x: &all {kmsKeyId: alias/sessions}\n  <<: *all", "unknown"),
        ("kmsKeyId: a\n  kmsKeyId: ''", "unknown"),
        ("<<: *defaults", "fail"),
    ],
)
def test_a_session_document_in_yaml(inputs: str, outcome: str) -> None:
    text = f"---\nschemaVersion: '1.0'\nsessionType: Standard_Stream\ninputs:\n  {inputs}\n"
    assert session("aws-ssm-session-without-key", text) == outcome
    assert session("aws-ssm-session-without-key", text.replace("\n", "\n  ").replace("---\n", "")) == outcome


def test_a_session_document_in_yaml_that_is_one_flow() -> None:
    assert session("aws-ssm-session-without-key", "inputs: {kmsKeyId: alias/sessions}\n") == "pass"


@pytest.mark.parametrize(
    ("inputs", "outcome"),
    [
        ({"s3BucketName": "b", "s3EncryptionEnabled": True}, "pass"),
        ({"cloudWatchLogGroupName": "g", "cloudWatchEncryptionEnabled": True}, "pass"),
        ({"cloudWatchLogGroupName": "g", "cloudWatchEncryptionEnabled": False}, "fail"),
        ({"cloudWatchLogGroupName": "g", "s3EncryptionEnabled": True}, "fail"),
        ({"s3BucketName": "", "s3EncryptionEnabled": True, "cloudWatchLogGroupName": ""}, "fail"),
    ],
)
def test_logs_of_sessions_are_kept_and_encrypted(inputs: dict[str, Any], outcome: str) -> None:
    lines = "".join(f"  {name}: {json.dumps(value)}\n" for name, value in inputs.items())
    assert session("aws-ssm-session-logs-unencrypted", f"inputs:\n{lines}") == outcome
    assert session("aws-ssm-session-logs-unencrypted", json.dumps({"inputs": inputs})) == outcome


def test_a_serverless_cluster_of_the_first_version_is_always_encrypted() -> None:
    body = {"engine": "aurora-mysql", "storage_encrypted": False}
    changes = [create("aws_rds_cluster.a", **body), create("aws_rds_cluster.b", **body, engine_mode="serverless")]
    found = judge(BY_ID["aws-rds-unencrypted"], plan(*changes)).outcomes
    assert found == {"aws_rds_cluster.a": "fail", "aws_rds_cluster.b": "pass"}


@pytest.mark.parametrize(
    ("address", "block", "word"),
    [
        ("aws_keyspaces_table.t", "encryption_specification", {"type": "AWS_OWNED_KMS_KEY", "kms_key_identifier": "k"}),
        (
            "aws_codegurureviewer_repository_association.a",
            "kms_key_details",
            {"encryption_option": "AWS_OWNED_CMK", "kms_key_id": "k"},
        ),
    ],
)
def test_a_key_beside_the_option_that_takes_another_one(address: str, block: str, word: dict[str, str]) -> None:
    change = create(address, **{block: [word]})
    assert judge(BY_ID["aws-without-customer-key"], plan(change), require_cmk=True).outcomes[address] == "fail"
