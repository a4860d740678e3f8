"""The pack through the command line with a settings file, and what is wrong in settings and in a tag policy."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from plangate.cli.main import run
from plangate.cli.streams import Streams

from .stack_plan import KEPT

POLICY = {
    "tags": {
        "owner": {"tag_key": {"@@assign": "Owner"}, "report_required_tag_for": {"@@assign": ["sqs:ALL_SUPPORTED"]}},
        "costcenter": {
            "tag_key": {"@@assign": "CostCenter"},
            "tag_value": {"@@assign": ["9*"]},
            "enforced_for": {"@@assign": ["sqs:queue"]},
        },
    }
}


class Came:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def findings(self, policy: str) -> list[dict[str, Any]]:
        return [f for f in json.loads(self.out)["findings"] if f["policy"] == policy]


def check(root: Path, settings: str, *arguments: str, **files: str | bytes) -> Came:
    (root / ".git").mkdir(exist_ok=True)
    (root / "plangate.toml").write_text(settings, encoding="utf-8")
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_json", ".json")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    out, err = io.StringIO(), io.StringIO()
    streams = Streams(io.BytesIO(KEPT.read_bytes()), out, err, {"PATH": ""})
    options = ["-c", str(root / "plangate.toml"), "--select", "tagging/*", *arguments]
    return Came(run(["check", "-", "-f", "json", *options], streams), out.getvalue(), err.getvalue())


REQUIRED = """
[settings."tagging/missing-tags"]
required = ["Owner"]
exempt_types = ["aws_vpc_*"]

[settings."tagging/missing-tags".required_in_environments]
prod = ["CostCenter"]

[settings."tagging/wrong-tag-values"]
values = { Owner = ["core", "pay*"] }
pattern = { CostCenter = "^[0-9]{5}$" }

[environments.prod]
workspace = ["prod"]
"""


def test_settings_reach_the_policies(tmp_path: Path) -> None:
    came = check(tmp_path, REQUIRED)
    assert came.code == 0, came.err  # medium is below fail_on
    missing = {f["address"]: f for f in came.findings("tagging/missing-tags")}
    assert missing["aws_sqs_queue.none"]["message"] == "Missing: Owner."
    assert "aws_vpc_security_group_ingress_rule.unknown_value_and_missing" not in missing
    assert {f["address"] for f in came.findings("tagging/wrong-tag-values") if f["outcome"] == "fail"} >= {
        "aws_sqs_queue.own",
        "aws_kms_key.key",
    }
    came = check(tmp_path, REQUIRED, "-e", "prod", "--fail-on", "medium")
    assert came.code == 1
    missing = {f["address"]: f for f in came.findings("tagging/missing-tags")}
    assert missing["aws_sqs_queue.none"]["message"] == "Missing: Owner, CostCenter."


def test_the_pack_waits(tmp_path: Path) -> None:
    came = check(tmp_path, "")
    assert came.code == 0
    assert [f["policy"] for f in json.loads(came.out)["findings"]] == ["tagging/autoscaling-group-untagged"]


TAG_POLICY = '[settings."tagging/tag-policy-violated"]\ntag_policy = "org/tags.json"\n'


@pytest.mark.parametrize("form", [POLICY, {"EffectivePolicy": {"PolicyContent": json.dumps(POLICY)}}])
def test_a_tag_policy_of_a_file(tmp_path: Path, form: Any) -> None:
    came = check(tmp_path, TAG_POLICY, org__tags_json="\ufeff" + json.dumps(form))
    assert came.code == 1
    found = {f["address"]: f for f in came.findings("tagging/tag-policy-violated")}
    assert found["aws_sqs_queue.own"]["severity"] == "high"
    assert "`CostCenter` has a value that the tag policy does not allow." in found["aws_sqs_queue.own"]["message"]
    assert "1234" not in found["aws_sqs_queue.own"]["message"]
    assert found["aws_sqs_queue.none"]["message"] == "Missing: Owner."
    assert found["aws_sqs_queue.none"]["severity"] == "medium"


def test_the_path_is_relative_to_the_file_that_says_it(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "base.toml").write_text(TAG_POLICY, encoding="utf-8")
    came = check(tmp_path, 'extends = "base/base.toml"\n', base__org_x="", x="")
    assert came.code == 2
    (base / "org_x").unlink()
    (base / "org").mkdir()
    (base / "org/tags.json").write_text(json.dumps(POLICY), encoding="utf-8")
    assert check(tmp_path, 'extends = "base/base.toml"\n').code == 1


def test_what_cannot_be_judged_is_a_note(tmp_path: Path) -> None:
    values = {"tag_key": "Owner", "tag_value": {"@@append": ["x"]}, "enforced_for": ["chime:meeting", "sqs:*"]}
    came = check(tmp_path, TAG_POLICY, org__tags_json=json.dumps({"tags": {"owner": values}}))
    notes = "\n".join(json.loads(came.out)["notes"])
    assert "@@append" in notes
    assert "`chime:meeting`" in notes
    assert "sqs" not in notes


@pytest.mark.parametrize("policy", ["missing-tags", "wrong-tag-values", "misspelt-tags", "forbidden-tags"])
def test_a_type_that_is_misspelt_is_a_note(tmp_path: Path, policy: str) -> None:
    types = '["aws_sqs_queu", "aws_sqs_queue", "aws_sqs_*", "aws_brand_new_thing"]'
    came = check(tmp_path, f'[settings."tagging/{policy}"]\ntypes = {types}\n')
    assert json.loads(came.out)["notes"] == ["types has `aws_sqs_queu`: did you mean aws_sqs_queue?"]


def test_config_show_has_the_path_and_not_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(tmp_path, TAG_POLICY, org__tags_json=json.dumps(POLICY))
    monkeypatch.chdir(tmp_path)
    out, err = io.StringIO(), io.StringIO()
    assert run(["config", "show"], Streams(io.BytesIO(), out, err, {"PATH": ""})) == 0
    assert 'tag_policy = "org/tags.json"' in out.getvalue()


def settings(policy: str, line: str) -> str:
    return f'[settings."tagging/{policy}"]\n{line}\n'


BAD_SETTINGS = {
    settings("missing-tags", 'required = "Owner"'): "required",
    settings("missing-tags", 'requierd = ["Owner"]'): "did you mean",
    settings("missing-tags", 'required_for_types = ["Owner"]'): "required_for_types",
    settings("mising-tags", 'required = ["Owner"]'): "tagging/missing-tags",
    settings("wrong-tag-values", 'pattern = { CostCenter = "(a" }'): "without its `)`",
    settings("wrong-tag-values", 'pattern = { CostCenter = "(?=a)" }'): "not supported",
    settings("wrong-tag-values", 'pattern = "a"'): "pattern",
    settings("wrong-tag-values", "values = { Owner = [] }"): "nothing is allowed",
    settings("wrong-tag-values", 'values = { Owner = ["*a*"] }'): "several `*`",
    settings("wrong-tag-values", "values = { Owner = [1] }"): "values",
    settings("wrong-tag-values", "pattern = { Owner = 7 }"): "pattern",
    settings("missing-tags", "required_in_modules = { a = [7] }"): "required_in_modules",
    settings("misspelt-tags", 'pattern = "["'): "without its `]`",
    settings("missing-tags", 'required = [" "]'): "blank",
    settings("missing-tags", 'required = ["A"]\nexempt_types = ["*_iam_role"]'): "only at its end",
    settings("missing-tags", 'required = ["A"]\nexempt_modules = ["vendor"]'): "module.NAME",
    settings("missing-tags", "required_in_modules = { 'module.a[0]' = ['A'] }"): "without instance keys",
    settings(
        "missing-tags", "required_in_environments = { prodd = ['A'] }\n[environments.prod]"
    ): 'did you mean "prod"',
    settings("forbidden-tags", 'forbidden = [""]'): "blank",
    settings("tags-over-limits", 'clouds = ["aws", "asure"]'): "aws, azure, google, kubernetes",
    settings("tag-policy-violated", "tag_policy = 7"): "tag_policy",
    settings("tag-policy-violated", 'tag_policy = "no.json"'): "names no file",
    settings("tag-policy-violated", 'tag_policy = "."'): "names no file",
    settings("tag-policy-violated", 'tag_policy = "a\\u0000b"'): "names no file",
}


@pytest.mark.parametrize("text", BAD_SETTINGS, ids=range(len(BAD_SETTINGS)))
def test_bad_settings_are_exit_2_with_file_and_line(tmp_path: Path, text: str) -> None:
    came = check(tmp_path, text)
    assert came.code == 2
    assert came.out == ""
    assert BAD_SETTINGS[text] in came.err
    assert "plangate.toml:" in came.err
    assert came.err.count("\n") == 1


# Ten and more values that each setting refuses, by the type that it has; `@` stands for the setting's name.
NO_LIST = [
    '"Owner"',
    "7",
    "true",
    "{ a = ['b'] }",
    "[1]",
    "[true]",
    "[['a']]",
    "[{ a = 'b' }]",
    '[""]',
    '[" \\t"]',
    '["a", 7]',
]
NO_TABLE = ['"a"', "7", "true", "['a']", "[]", "2026-01-01", "1.5", "[{ a = ['b'] }]"]
NO_LISTS = [
    *NO_TABLE,
    "{ a = 'b' }",
    "{ a = 7 }",
    "{ a = [7] }",
    "{ a = { b = 'c' } }",
    '{ "" = ["a"] }',
    '{ " " = ["a"] }',
]
NO_FLAG = ['"true"', "1", "0", "[]", "[true]", "{}", '""', '"no"', "1.0", "2026-01-01"]
NO_TEXT = ["7", "true", "[]", "['a']", "{}", "{ a = 'b' }", "1.5", "[[]]"]  # a date is text
NO_TYPES = ['["*_bucket"]', '["aws_*_x"]', '["**"]']
NO_MODULES = ['["vendor"]', '["module.a[0]"]', "['module.a[\"x\"]']", '["*.a"]', '["module.*.b"]', '["./modules/a"]']
NO_PATTERN = [
    "(",
    ")",
    "[",
    "*a",
    "a**",
    "(?=a)",
    "(?<!a)b",
    "(a)\\\\1",
    "a{99999}",
    "a{3,2}",
    "[z-a]",
    "((a{99}){99}){99}",
]
REFUSED: dict[tuple[str, str], list[str]] = {
    ("missing-tags", "required"): NO_LIST,
    ("missing-tags", "required_for_types"): [*NO_LISTS, '{ "*_bucket" = ["a"] }', '{ "s3_bucket" = ["a"] }'],
    ("missing-tags", "required_in_modules"): [*NO_LISTS, '{ vendor = ["a"] }', "{ 'module.a[0]' = ['A'] }"],
    ("missing-tags", "required_in_environments"): [*NO_LISTS, '{ "*a" = ["a"] }'],
    ("missing-tags", "types"): [*NO_LIST, *NO_TYPES, '["s3_bucket"]', '["aws"]', '["AWS_S3_BUCKET"]'],
    ("missing-tags", "exempt_types"): [*NO_LIST, *NO_TYPES],
    ("missing-tags", "modules"): [*NO_LIST, *NO_MODULES],
    ("missing-tags", "exempt_modules"): [*NO_LIST, *NO_MODULES],
    ("missing-tags", "ignore_case"): NO_FLAG,
    ("missing-tags", "propagated"): NO_FLAG,
    ("missing-tags", "nested"): NO_FLAG,
    ("missing-recommended-tags", "recommended"): NO_LIST,
    ("missing-recommended-tags", "types"): [*NO_LIST, *NO_TYPES, '["s3_bucket"]'],
    ("missing-recommended-tags", "modules"): [*NO_LIST, *NO_MODULES],
    ("missing-recommended-tags", "ignore_case"): NO_FLAG,
    ("forbidden-tags", "forbidden"): [*NO_LIST, '["*x"]', '["a*b"]'],
    ("forbidden-tags", "types"): [*NO_LIST, *NO_TYPES, '["s3_bucket"]'],
    ("forbidden-tags", "exempt_modules"): [*NO_LIST, *NO_MODULES],
    ("forbidden-tags", "nested"): NO_FLAG,
    ("misspelt-tags", "keys"): NO_LIST,
    ("misspelt-tags", "pattern"): [*NO_TEXT, *(f'"{text}"' for text in NO_PATTERN)],
    ("misspelt-tags", "nested"): NO_FLAG,
    ("wrong-tag-values", "values"): [*NO_LISTS, "{ a = [] }", "{ a = ['*b*'] }", "{ a = ['**'] }"],
    ("wrong-tag-values", "pattern"): [
        *NO_TABLE, "{ a = ['b'] }", "{ a = 7 }", '{ "" = "a" }', *(f'{{ a = "{text}" }}' for text in NO_PATTERN)
    ],
    ("wrong-tag-values", "ignore_case"): NO_FLAG,
    ("tag-policy-violated", "tag_policy"): [
        *NO_TEXT, '"no.json"', '"."', '".."', '"/no/such/file"', '"a\\u0000b"', '"plangate.toml"', '"https://example.com/x"'
    ],
    ("tag-policy-violated", "exempt_types"): [*NO_LIST, *NO_TYPES],
    ("tags-over-limits", "clouds"): [*NO_LIST, '["asure"]', '["AWS"]', '["gcp"]', '["aws", "oracle"]', '["*"]'],
}  # fmt: skip
EACH = [(policy, name, value) for (policy, name), values in REFUSED.items() for value in values]


@pytest.mark.parametrize(("policy", "name", "value"), EACH, ids=[f"{p}-{n}-{v}" for p, n, v in EACH])
def test_each_setting_refuses_what_it_cannot_be(tmp_path: Path, policy: str, name: str, value: str) -> None:
    came = check(tmp_path, settings(policy, f"{name} = {value}"))
    assert came.code == 2, came.out[:200]
    assert came.out == ""
    assert name in came.err
    assert policy in came.err or "tag_policy" in name
    assert "plangate.toml:2" in came.err or "plangate.toml:1" in came.err
    assert came.err.count("\n") == 1
    assert "Traceback" not in came.err
    assert came.err.strip().isprintable()


BAD_FILES: dict[str | bytes, str] = {
    "": "is an empty file",
    "\n \n": "is an empty file",
    "{\n": "tags.json:2, named in",
    '{"tags": {\n"a": {"tag_kee": 1}}}': "tags.json:2",
    "[]": 'has no table "tags"',
    b"\xff\xfe{}": "is not UTF-8 (line 1)",
    b"x" * ((1 << 20) + 1): "is larger than",
    '{"tags":' * 50_000: "is not JSON",
    '{"tags": {"a": {"tag_value": ["**"]}}}': "several `*`",
    '{"tags": {"\\u001b[31m": {"tag_key": "B"}}}': "but for case",
    '{"tags": {"a": {"enforced_for": ["x"]}}}': "service:type",
    '{"Policy": {"Content": "[]"}}': "no table",
    '{"tags": {"a": {}, "a": {}}}': "twice",
}


@pytest.mark.parametrize("text", BAD_FILES, ids=range(len(BAD_FILES)))
def test_bad_tag_policies_are_exit_2_with_file_and_reason(tmp_path: Path, text: str | bytes) -> None:
    came = check(tmp_path, TAG_POLICY, org__tags_json=text)
    assert came.code == 2
    assert came.out == ""
    assert BAD_FILES[text] in came.err
    assert "org/tags.json" in came.err
    assert "\x1b" not in came.err
    assert came.err.count("\n") == 1


def test_a_policy_that_is_not_selected_is_not_asked(tmp_path: Path) -> None:
    text = settings("wrong-tag-values", 'pattern = { CostCenter = "(" }')
    assert check(tmp_path, text, "--ignore", "tagging/wrong-*").code == 0
