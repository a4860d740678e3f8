"""Every mistake an author can make is said, with its file, and never passes for a policy that found nothing."""

from __future__ import annotations

import json

import pytest

from .conftest import Gate
from .plans import ENCRYPTED, GOOD

HEAD = "from plangate import Finding, policy\n\n\n"
ONE = '@policy("acme/x", types="aws_sqs_queue")\n'
YIELD = '    """Title."""\n    yield Finding("no")\n'
SCHEMA = {"id": "acme/s", "title": "T", "types": ["aws_sqs_queue"], "schema": {"type": "object"}}

# what is written -> words that its one line must hold
MISTAKES = {
    "not Python": ("def x(:\n", ("line 1", "not Python")),
    "wrong indent": (HEAD + "def f():\nreturn 1\n", ("line 5", "not Python")),
    "null byte": ("x = 1\0\n", ("does not load",)),
    "wrong encoding": ("x = '\udcff'", ("not Python",)),
    "missing module": ("import nowhere_to_be_found\n", ("line 1", "nowhere_to_be_found")),
    "missing name": ("from plangate import Polisy\n", ("line 1", "Polisy")),
    "module beside it": ("import helper\n", ("line 1", "helper")),
    "raises": (HEAD + "1 / 0\n", ("line 4", "ZeroDivisionError")),
    "exits": ("import sys\nsys.exit(0)\n", ("line 2", "SystemExit")),
    "no policy": ("x = 1\n", ("no policy",)),
    "empty": ("", ("no policy",)),
    "plain function": ("def check(change):\n    return []\n", ("no policy",)),
    "never yields": (HEAD + ONE + 'def x(change):\n    """T."""\n    return []\n', ("acme/x", "never yields")),
    "async": (HEAD + ONE + "async def x(change):\n" + YIELD, ("acme/x", "async")),
    "no argument": (HEAD + ONE + "def x():\n" + YIELD, ("acme/x", "0 positional")),
    "two arguments": (HEAD + ONE + "def x(conf, plan):\n" + YIELD, ("acme/x", "2 positional")),
    "a class": (HEAD + ONE + "class X:\n    pass\n", ("acme/x", "not a plain function")),
    "no docstring": (HEAD + ONE + 'def x(change):\n    yield Finding("no")\n', ("acme/x", "docstring")),
    "no id": (HEAD + "@policy\ndef x(change):\n" + YIELD, ("line", "policy")),
    "id without pack": (HEAD + '@policy("x", types="a_b")\ndef x(change):\n' + YIELD, ("pack/fault",)),
    "id in capitals": (HEAD + '@policy("CKV/AWS1", types="a_b")\ndef x(change):\n' + YIELD, ("pack/fault",)),
    "no types": (HEAD + '@policy("acme/x")\ndef x(change):\n' + YIELD, ("acme/x", "types")),
    "types of a plan policy": (
        HEAD + '@policy("acme/x", types="a_b", judges="plan")\ndef x(plan):\n' + YIELD,
        ("acme/x", "types"),
    ),
    "severity": (
        HEAD + '@policy("acme/x", types="a_b", severity="urgent")\ndef x(change):\n' + YIELD,
        ("urgent", "critical"),
    ),
    "judges": (
        HEAD + '@policy("acme/x", types="a_b", judges="before")\ndef x(change):\n' + YIELD,
        ("before", "change"),
    ),
    "actions": (
        HEAD + '@policy("acme/x", types="a_b", judges="change", actions=("destroy",))\ndef x(change):\n' + YIELD,
        ("acme/x", "actions"),
    ),
    "actions of a plan policy": (
        HEAD + '@policy("acme/x", judges="plan", actions=("delete",))\ndef x(plan):\n' + YIELD,
        ("acme/x", "actions"),
    ),
    "unknown argument": (
        HEAD + '@policy("acme/x", type="a_b")\ndef x(change):\n' + YIELD,
        ("line 4", "type"),
    ),
    "forgotten in POLICIES": (HEAD + ONE + "def x(change):\n" + YIELD + "\nPOLICIES = ()\n", ("acme/x", "POLICIES")),
    "POLICIES of something else": (
        HEAD + ONE + "def x(change):\n" + YIELD + "\nPOLICIES = ('acme/x',)\n",
        ("POLICIES",),
    ),
    "setting without a type": (HEAD + ONE + "def x(change, *, limit=3):\n" + YIELD, ("limit", "type")),
    "setting without a default": (HEAD + ONE + "def x(change, *, limit: int):\n" + YIELD, ("limit", "default")),
    "setting of an odd type": (HEAD + ONE + "def x(change, *, limit: object = 3):\n" + YIELD, ("limit", "object")),
    "default of another type": (HEAD + ONE + 'def x(change, *, limit: int = "3"):\n' + YIELD, ("limit", "int")),
}
SCHEMAS = {
    "not JSON": ("{", "not JSON"),
    "a plan": (json.dumps(GOOD), "schema"),
    "a list": ("[]", "schema"),
    "unknown key": (json.dumps({**SCHEMA, "titel": "x"}), "titel"),
    "no id": (json.dumps({k: v for k, v in SCHEMA.items() if k != "id"}), "id"),
    "wrong id": (json.dumps({**SCHEMA, "id": "s"}), "pack/fault"),
    "wrong severity": (json.dumps({**SCHEMA, "severity": "bad"}), "bad"),
    "types is a number": (json.dumps({**SCHEMA, "types": 3}), "types"),
    "id is a number": (json.dumps({**SCHEMA, "id": 3}), "id must be a text"),
    "title is a number": (json.dumps({**SCHEMA, "title": 3}), "title must be a text"),
    "invalid schema": (json.dumps({**SCHEMA, "schema": {"type": "objekt"}}), "objekt"),
    "remote reference": (json.dumps({**SCHEMA, "schema": {"$ref": "https://example.com/s.json"}}), "$ref"),
    "too deep": ('{"schema": ' + "[" * 100_000, "does not load"),
}


def refused(gate: Gate, name: str) -> str:
    """The one line about a file beside which another policy is still judged; exit 4."""
    gate.write("good.json", GOOD)
    gate.write("mine/queue.py", ENCRYPTED)
    came = gate.run("check", "good.json", "-p", "mine", "--select", "acme/*", "-f", "json")
    assert came.code == 4, came
    report = came.report
    assert report["verdict"] == "error"
    by_id = {p["id"]: p for p in report["policies"]["list"]}
    assert by_id["acme/queue-unencrypted"]["passed"] == 1
    (error,) = report["errors"]
    assert error["kind"] == "policy"
    assert name in came.line
    assert "Traceback" not in came.err
    assert gate.run("policies", "list", "-p", "mine").code == 4
    assert gate.run("policies", "test", "mine").code == 4
    return came.line


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_python_is_exit_4_with_file_and_reason(gate: Gate, mistake: str) -> None:
    text, words = MISTAKES[mistake]
    gate.write("mine/wrong.py", text.encode("utf-8", "surrogateescape"))
    gate.write("helper.py", "")  # `sys.path` is not the author's folder
    line = refused(gate, "wrong.py")
    assert [word for word in words if word not in line] == []


@pytest.mark.parametrize("mistake", SCHEMAS)
def test_a_mistake_in_a_schema_policy_is_exit_4_with_file_and_reason(gate: Gate, mistake: str) -> None:
    text, word = SCHEMAS[mistake]
    gate.write("mine/wrong.json", text)
    assert word in refused(gate, "wrong.json")


def test_each_mistake_has_words_of_its_own() -> None:
    said = [words for _, words in MISTAKES.values()]
    assert len({w for words in said for w in words}) > 20


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('limit = "3"', "a whole number"),
        ("limit = true", "a whole number"),
        ("limt = 3", "limit"),
        ("names = [1]", "a list of strings"),
    ],
)
def test_a_wrong_setting_is_exit_2_with_file_and_line(gate: Gate, line: str, word: str) -> None:
    gate.write("good.json", GOOD)
    gate.write("mine/x.py", HEAD + ONE + "def x(change, *, limit: int = 3, names: list[str] = []):\n" + YIELD)
    gate.write("plangate.toml", f'[policies]\npaths = ["mine"]\n\n[settings."acme/x"]\n{line}\n')
    came = gate.run("check", "good.json")
    assert came.code == 2
    assert "plangate.toml:5" in came.line
    assert word in came.line


def test_settings_reach_the_policy(gate: Gate) -> None:
    gate.write("good.json", GOOD)
    text = '    """T."""\n    if limit > 3:\n        yield Finding("over")\n'
    gate.write("mine/x.py", HEAD + ONE + "def x(change, *, limit: int = 3):\n" + text)
    toml = '[policies]\npaths = ["mine"]\nselect = ["acme/*"]\n[severity]\n"acme/x" = "high"\n'
    gate.write("plangate.toml", toml)
    assert gate.check("good.json")["exit_code"] == 0
    gate.write("plangate.toml", toml + '[settings."acme/x"]\nlimit = 4\n')
    assert gate.check("good.json")["exit_code"] == 1


def test_only_policy_files_of_a_folder_are_loaded(gate: Gate) -> None:
    broken = "this is not Python"
    for name in (
        "mine/test_x.py", "mine/conftest.py", "mine/_private.py", "mine/.hidden/x.py", "mine/venv/lib/x.py",
        "mine/node_modules/x.py", "mine/mine/bin/x.py", "mine/x.pass.json", "mine/x.fail-2.json",
        "mine/x/unknown1.json", "mine/README.md",
    ):  # fmt: skip
        gate.write(name, broken)
    gate.write("mine/mine/pyvenv.cfg", "")
    gate.write("good.json", GOOD)
    gate.write("mine/deep/queue.py", ENCRYPTED)
    gate.write("mine/pass-role.json", json.dumps({**SCHEMA, "id": "acme/pass-role"}))
    report = gate.check("good.json", "-p", "mine", "--select", "acme/*")
    assert {p["id"] for p in report["policies"]["list"]} == {"acme/queue-unencrypted", "acme/pass-role"}


def test_a_schema_policy_judges(gate: Gate) -> None:
    schema = {"properties": {"sqs_managed_sse_enabled": {"const": True}}, "required": ["sqs_managed_sse_enabled"]}
    gate.write("s.json", {**SCHEMA, "severity": "high", "schema": schema})
    gate.write("good.json", GOOD)
    assert gate.check("good.json", "-p", "s.json", "--select", "acme/*")["exit_code"] == 0
    gate.write("s.json", {**SCHEMA, "severity": "high", "schema": {"properties": {"name": {"minLength": 9}}}})
    report = gate.check("good.json", "-p", "s.json", "--select", "acme/*")
    assert (report["exit_code"], report["findings"][0]["attribute"]) == (1, "name")


def test_a_name_that_only_a_broken_file_has_is_the_files_mistake(gate: Gate) -> None:
    gate.write("good.json", GOOD)
    gate.write("x.py", "def f(:\n")
    came = gate.run("check", "good.json", "-p", "x.py", "--select", "acme/x", "-q")
    assert came.code == 4
    assert "x.py" in came.line
    assert "not Python" in came.line


def test_a_file_is_named_from_the_working_directory_whatever_is_wrong(gate: Gate) -> None:
    gate.write("good.json", GOOD)
    gate.write("mine/x.py", "x = (")
    assert gate.run("check", "good.json", "-p", "mine", "--select", "acme/*").line.startswith("plangate: mine/x.py: ")
    gate.write("mine/x.py", HEAD + ONE.replace("acme/x", "encryption/aws-efs-unencrypted") + "def x(change):\n" + YIELD)
    assert "plangate: plangate, mine/x.py: two policies" in gate.run("check", "good.json", "-p", "mine").line
