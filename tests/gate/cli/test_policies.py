"""`policies list|show|new|test`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.cli.try_policies import documents
from plangate.policy.load import expectation

from .conftest import Gate
from .plans import BAD, ENCRYPTED, GOOD, UNKNOWN, attack, document, entry

ROOT = Path(__file__).resolve().parents[3]
ONE = "1 example of 1 policies"


# -- list and show ---------------------------------------------------------------------------------------


def test_list_shows_built_in_and_own_policies_with_file_and_line(gate: Gate) -> None:
    gate.write("mine/queue.py", ENCRYPTED)
    came = gate.run("policies", "list", "-p", "mine")
    assert (came.code, came.err) == (0, "")
    lines = came.out.splitlines()
    (mine,) = [line for line in lines if line.startswith("acme/queue-unencrypted ")]
    assert "mine/queue.py:4" in mine
    assert "aws_sqs_queue" in mine
    assert mine.endswith("SQS queue is not encrypted.")
    assert any(line.startswith("encryption/") for line in lines)


def test_list_as_json_has_every_field_and_the_level_in_force(gate: Gate) -> None:
    text = ENCRYPTED.replace("(change)", "(change, *, days: int = 3)")
    gate.write("mine/queue.py", text)
    gate.write(
        "plangate.toml",
        '[policies]\npaths = ["mine"]\nignore = ["tagging/*"]\n'
        '[severity]\n"acme/*" = "low"\n[settings."acme/queue-unencrypted"]\ndays = 5\n',
    )
    came = gate.run("policies", "list", "-f", "json")
    by_id = {p["id"]: p for p in came.report}
    assert by_id["acme/queue-unencrypted"] == {
        "id": "acme/queue-unencrypted",
        "pack": "acme",
        "title": "SQS queue is not encrypted.",
        "severity": "low",
        "level": "advisory",
        "types": ["aws_sqs_queue"],
        "judges": "after",
        "source": "mine/queue.py:4",
        "aliases": [],
        "alias_types": {},
        "on_unknown": "warn",
        "on_unknown_reason": "",
        "settings": {"days": {"type": "int", "default": 3, "value": 5}},
    }
    assert {p["level"] for id, p in by_id.items() if id.startswith("tagging/")} == {"off"}


def test_list_selects_and_ignores(gate: Gate) -> None:
    came = gate.run("policies", "list", "-f", "json", "--select", "encryption/*", "--ignore", "encryption/aws-*")
    ids = [p["id"] for p in came.report]
    assert ids == sorted(ids)
    assert ids
    assert all(id.startswith("encryption/") and not id.startswith("encryption/aws-") for id in ids)
    assert gate.run("policies", "list", "--select", "encrytion/*").code == 2
    assert gate.run("policies", "list", "--ignore", "*").code == 2
    assert gate.run("policies", "list", "-p", "nowhere").code == 2


def test_list_names_all_even_where_the_settings_are_wrong(gate: Gate) -> None:
    gate.write("plangate.toml", '[policies]\nselect = ["encryption/aws-sqs-unencryptd"]\n')
    assert gate.run("policies", "list").code == 0


def test_list_refuses_two_policies_of_one_id_and_keeps_the_process_out(gate: Gate) -> None:
    gate.write("a.py", ENCRYPTED)
    gate.write("b.py", ENCRYPTED)
    came = gate.run("policies", "list", "-p", "a.py", "-p", "b.py")
    assert came.code == 2
    assert "a.py:4, b.py:4" in came.line
    gate.write("c.py", f"import os\nopen({str(gate.folder / 'pid')!r}, 'w').write(str(os.getpid()))\n" + ENCRYPTED)
    assert gate.run("policies", "list", "-p", "c.py").code == 0
    assert int((gate.folder / "pid").read_text()) != os.getpid()


def test_show_is_the_whole_page(gate: Gate) -> None:
    text = ENCRYPTED.replace("(change)", "(change, *, days: int = 3, names: list[str] = ['a'])").replace(
        'encrypted."""', 'encrypted.\n\n    Why it matters.\n    """'
    )
    gate.write(
        "queue.py", text.replace('remediation="Encrypt it."', 'remediation="Encrypt it.", references=["https://x.y"]')
    )
    came = gate.run("policies", "show", "acme/queue-unencrypted", "-p", "queue.py")
    assert came.code == 0
    for words in (
        "acme/queue-unencrypted: SQS queue is not encrypted.",
        "Why it matters.",
        "severity     high",
        "level        soft-mandatory",
        "aws_sqs_queue",
        "queue.py:4",
        "days  (int; default 3)",
        'names  (list[str]; default ["a"])',
        "Encrypt it.",
        "https://x.y",
    ):
        assert words in came.out
    whole = gate.run("policies", "show", "acme/queue-unencrypted", "-p", "queue.py", "-f", "json").report
    assert whole["remediation"] == "Encrypt it."


def test_show_prints_the_table_of_a_policy_that_has_one(gate: Gate) -> None:
    came = gate.run("policies", "show", "encryption/aws-efs-unencrypted")
    assert "Table (" in came.out
    assert "aws_efs_file_system path=encrypted" in came.out


@pytest.mark.parametrize(
    ("id", "word"),
    [
        ("encryption/aws-efs-unencryptd", '"encryption/aws-efs-unencrypted"'),
        ("zzz", "policies list"),
        ("\x1b[2J", "policies list"),
    ],
)
def test_show_of_a_wrong_id_is_exit_2_with_the_nearest(gate: Gate, id: str, word: str) -> None:
    came = gate.run("policies", "show", id)
    assert (came.code, came.out) == (2, "")
    assert word in came.line
    assert "\x1b" not in came.line


def test_show_of_a_check_of_checkov(gate: Gate) -> None:
    came = gate.run("policies", "show", "checkov/CKV_AWS_71")
    assert (came.code, came.err) == (0, "")
    assert {"severity", "level", "source", "Doubtful"} <= {line.split(" ")[0] for line in came.out.splitlines()}
    assert gate.run("policies", "show", "CKV_AWS_71").out == came.out
    same = gate.run("policies", "show", "checkov/CKV_AWS_20", "-f", "json").report
    assert same["id"] == "checkov/CKV_AWS_20"
    assert same["same"] == ["exposure/aws-s3-bucket-public-read"]
    gate.write("plangate.toml", '[checkov]\nskip = ["CKV_AWS_7*"]\n[severity]\n"checkov/CKV_AWS_71" = "critical"\n')
    told = gate.run("policies", "show", "checkov/CKV_AWS_71", "-f", "json").report
    assert (told["severity"], told["level"]) == ("critical", "off")
    assert "CKV_AWS_7" in gate.run("policies", "show", "checkov/CKV_AWS_7_1").line


def test_a_hostile_policy_cannot_paint_the_list(gate: Gate) -> None:
    text = ENCRYPTED.replace("SQS queue is not", "\x1b[2J::error::\u202e not").replace("Encrypt it", "\\x1b[1mx")
    gate.write("queue.py", text)
    listed = gate.run("policies", "list", "-p", "queue.py", "--select", "acme/*").out
    shown = gate.run("policies", "show", "acme/queue-unencrypted", "-p", "queue.py").out
    assert not {"\x1b", "\u202e"} & set(listed + shown)


# -- new -------------------------------------------------------------------------------------------------


def test_new_policy_works_and_its_examples_and_tests_hold(gate: Gate) -> None:
    came = gate.run("policies", "new", "acme/queue-cleartext")
    assert (came.code, came.err) == (0, "")
    assert "wrote policies/acme/queue_cleartext.py" in came.out
    tried = gate.run("policies", "test")
    assert tried.code == 0
    assert "no failing example" not in tried.out
    assert "note" not in tried.out
    gate.write("bad.json", BAD)
    report = gate.check("bad.json", "-p", "policies", "--select", "acme/*")
    assert (report["exit_code"], report["policies"]["evaluated"]) == (1, 1)
    roots = os.pathsep.join(str(ROOT / name) for name in ("gate", "policies"))
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "policies"],
        cwd=gate.folder,
        env={**gate.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_new_overwrites_nothing(gate: Gate) -> None:
    path = gate.write("mine/acme/test_x.py", "kept")
    came = gate.run("policies", "new", "acme/x", "--dir", "mine")
    assert came.code == 2
    assert "test_x.py" in came.line
    assert path.read_text() == "kept"
    assert not (gate.folder / "mine/acme/x.py").exists()


@pytest.mark.parametrize(
    "name", ["", "x", "acme/", "/x", "Acme/x", "acme/x y", "acme/../x", "a/b/c", "acme/test-x", "tests/x", "acme/class"]
)
def test_new_refuses_a_name_that_would_not_be_found(gate: Gate, name: str) -> None:
    came = gate.run("policies", "new", name)
    assert came.code == 2
    assert came.line
    assert list(gate.folder.iterdir()) == []


@pytest.mark.parametrize("fault", ["plan", "change", "examples", "json-x"])
def test_new_takes_names_that_python_or_the_file_uses(gate: Gate, fault: str) -> None:
    assert gate.run("policies", "new", f"acme/{fault}").code == 0
    assert gate.run("policies", "test").code == 0


def test_new_where_nothing_can_be_written_is_exit_5(gate: Gate) -> None:
    gate.write("policies", "a file")
    assert gate.run("policies", "new", "acme/x").code == 5


# -- test ------------------------------------------------------------------------------------------------


def test_documents_beside_a_policy_and_in_its_folder(gate: Gate) -> None:
    gate.write("mine/queue.py", ENCRYPTED)
    gate.write("mine/queue-unencrypted.fail.json", BAD)
    gate.write("mine/queue_unencrypted.pass2.json", GOOD)
    gate.write("mine/queue.unknown-left-out.json", UNKNOWN)
    gate.write("mine/queue-unencrypted/fail-one.json", json.dumps(BAD).encode("utf-16"))
    came = gate.run("policies", "test", "mine", "-v")
    assert (came.code, came.err) == (0, "")
    assert "4 examples of 1 policies: 4 hold, 0 do not" in came.out
    assert "mine/queue-unencrypted/fail-one.json is fail" in came.out
    assert gate.run("policies", "test", "mine/queue.py").out.startswith("4 examples")


@pytest.mark.parametrize(
    ("name", "plan", "came"), [("fail", GOOD, "pass"), ("pass", BAD, "fail"), ("fail", UNKNOWN, "unknown")]
)
def test_an_example_that_does_not_hold_is_exit_1(gate: Gate, name: str, plan: dict[str, object], came: str) -> None:
    gate.write("mine/queue.py", ENCRYPTED)
    gate.write(f"mine/queue.{name}.json", plan)
    tried = gate.run("policies", "test", "mine")
    assert tried.code == 1
    assert f"mine/queue.{name}.json expects {name}, but it is {came}" in tried.out


def test_a_policy_that_breaks_on_its_example_does_not_hold(gate: Gate) -> None:
    gate.write("mine/breaks.py", attack("raise ValueError('oh')"))
    gate.write("mine/breaks.fail.json", BAD)
    tried = gate.run("policies", "test", "mine")
    assert tried.code == 1
    assert "ValueError: oh" in tried.out


def test_policies_without_a_failing_example_are_named(gate: Gate) -> None:
    gate.write("mine/queue.py", ENCRYPTED)
    gate.write("mine/queue.pass.json", GOOD)
    gate.write("mine/other.py", attack("pass"))
    tried = gate.run("policies", "test", "mine")
    assert tried.code == 0
    assert "2 of 2 policies have no failing example: " in tried.out
    assert "acme/queue-unencrypted" in tried.out
    assert "evil/breaks" in tried.out


MISSPELT = """
from plangate import Finding, policy


@policy("acme/efs", types="aws_efs_file_system", severity="high")
def efs(change):
    \"\"\"EFS file system is not encrypted.\"\"\"
    if not change.after["encryptd"]:
        yield Finding("no", "encrypted")
    change.after.at("lifecycle_policy[0].to_primary"), change.is_set("kms_key_id"), change.after["tags"]["Any"]
    change.after["replication_overwrite"]


def examples():
    from plangate.testing import create, plan

    rules = [{"transition_to_ia": "AFTER_7_DAYS"}]
    yield "fail", plan(create("aws_efs_file_system.f", encrypted=False, lifecycle_policy=rules, tags={"a": "b"}))
    yield "fail", plan(create("aws_efs_file_system.f", encrypted=True, kms_key_id=None))
"""


def test_attributes_that_no_example_has_are_named_with_the_nearest(gate: Gate) -> None:
    gate.write("policies/efs.py", MISSPELT)
    came = gate.run("policies", "test")
    assert came.code == 0
    notes = [line for line in came.out.splitlines() if line.startswith("note")]
    assert len(notes) == 3
    reads = "note  acme/efs: reads {} of aws_efs_file_system, which no example has; "
    assert notes[0] == reads.format("encryptd") + 'did you mean "encrypted"?'
    assert notes[1].startswith(reads.format("lifecycle_policy.to_primary"))
    assert notes[2] == reads.format("replication_overwrite") + "misspelt, or an example is missing"


def test_an_attribute_that_a_join_goes_by_is_one_that_is_read(gate: Gate) -> None:
    read = 'change.companions("aws_efs_mount_target", by="file_systm_id")'
    gate.write("policies/efs.py", MISSPELT.replace('change.after["replication_overwrite"]', read).replace(
        "    rules =", "    mount = create('aws_efs_mount_target.m', file_system_id='fs-1')\n    rules ="
    ).replace('tags={"a": "b"})', 'tags={"a": "b"}), mount'))  # fmt: skip
    came = gate.run("policies", "test")
    assert (
        'reads file_systm_id of aws_efs_mount_target, which no example has; did you mean "file_system_id"?' in came.out
    )


def test_attributes_of_conditions_in_our_tables_are_known_too(gate: Gate) -> None:
    group = MISSPELT.replace("aws_efs_file_system", "aws_elasticache_replication_group").replace(
        "encryptd", "user_group_id"
    )
    gate.write("policies/group.py", group)
    assert 'which no example has; did you mean "user_group_ids"?' in gate.run("policies", "test").out


@pytest.mark.parametrize(
    ("types", "said"),
    [
        ('"aws_efs_file_sytem"', '(aws_efs_file_sytem); did you mean "aws_efs_file_system"?'),
        ('"acme_unheard_of"', "(acme_unheard_of)"),
        ('"aws_efs_file_system"', None),
        ('["aws_efs_file_system", "aws_sqs_queue"]', None),
        ('"aws_efs_*"', None),
    ],
)
def test_a_policy_that_judges_nothing_in_its_examples_is_named(gate: Gate, types: str, said: str | None) -> None:
    text = MISSPELT.replace('types="aws_efs_file_system"', f"types={types}").replace('"fail"', '"pass"')
    gate.write("policies/efs.py", text)
    notes = [line for line in gate.run("policies", "test").out.splitlines() if "anything that it judges" in line]
    assert [line.partition("judges ")[2] for line in notes] == ([] if said is None else [said])


def test_a_capture_counts_as_an_example_and_so_do_our_own_tables(gate: Gate) -> None:
    text = MISSPELT.replace("encrypted=False", "kms_key_id=None").replace("encrypted=True, ", "")
    gate.write("policies/efs.py", text.replace("encryptd", "encrypted"))  # in a row of the encryption pack
    assert "reads encrypted " not in gate.run("policies", "test").out
    system = entry("aws_efs_file_system.f", ["create"], None, {"replication_overwrite": "x"})
    gate.write("policies/efs.fail.json", document(system))
    assert "replication_overwrite" not in gate.run("policies", "test").out


def test_examples_of_a_file_with_several_policies_and_settings(gate: Gate) -> None:
    second = ENCRYPTED.partition("\n\n\n")[2].replace("queue-unenc", "queue-two").replace("def queue_", "def two_")
    second = second.replace("(change)", "(change, *, strict: bool = False)").replace(
        "is False:", "is False and strict:"
    )
    examples = (
        "\n\ndef examples():\n    from plangate.testing import create, plan\n"
        "    bad = plan(create('aws_sqs_queue.q', sqs_managed_sse_enabled=False))\n"
        "    yield queue_unencrypted, 'fail', bad\n"
        "    yield two_unencrypted, 'pass', bad\n"
        "    yield two_unencrypted, 'fail', bad, {'strict': True}\n"
    )
    gate.write("mine/queue.py", ENCRYPTED + "\n\n" + second + examples)
    tried = gate.run("policies", "test", "mine")
    assert (tried.code, tried.out) == (0, "3 examples of 2 policies: 3 hold, 0 do not\n")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("yield 'fail'", "yields"),
        ("yield 'fails', plan(create('a_b.c'))", "pass, fail, unknown"),
        ("yield 'fail', {}", "yields"),
        ("yield 'fail', plan(create('a_b.c')), {'no': 1}", "no setting no"),
        ("raise ValueError('oh')\n    yield", "ValueError: oh"),
        ("import os\n    os._exit(0)\n    yield", "ended the process"),
        ("while True:\n        pass\n    yield", "more than 1 s"),
        ("return 3", "TypeError"),
    ],
)
def test_examples_that_are_none_are_exit_4_and_the_others_run(gate: Gate, body: str, word: str) -> None:
    gate.write("plangate.toml", "[limits]\npolicy_seconds = 1\n")
    head = "\n\ndef examples():\n    from plangate.testing import create, plan\n    "
    gate.write("mine/a.py", ENCRYPTED.replace("acme/queue", "acme/a") + head + body + "\n")
    gate.write("mine/queue.py", ENCRYPTED)
    gate.write("mine/queue.fail.json", BAD)
    tried = gate.run("policies", "test", "mine")
    assert tried.code == 4
    assert word in tried.line
    assert "mine/a.py" in tried.line
    assert "1 example of 2 policies: 1 hold, 0 do not" in tried.out


def test_a_document_that_is_no_plan_is_exit_4(gate: Gate) -> None:
    gate.write("mine/queue.py", ENCRYPTED)
    gate.write("mine/queue.fail.json", "{}")
    tried = gate.run("policies", "test", "mine")
    assert tried.code == 4
    assert "queue.fail.json" in tried.line


def test_an_example_of_no_policy_is_exit_2_with_the_nearest(gate: Gate) -> None:
    gate.write("mine/queue.py", ENCRYPTED)
    gate.write("mine/queue-unencryptd.fail.json", BAD)
    tried = gate.run("policies", "test", "mine")
    assert tried.code == 2
    assert '"queue-unencrypted"' in tried.line


def test_paths_come_from_the_argument_the_settings_or_the_folder(gate: Gate) -> None:
    assert gate.run("policies", "test").code == 2
    assert gate.run("policies", "test", "nowhere").code == 2
    assert gate.run("policies", "test", "").code == 2
    gate.write("policies/queue.py", ENCRYPTED)
    assert gate.run("policies", "test").code == 0
    gate.write("mine/queue.py", ENCRYPTED)
    gate.write("mine/queue.fail.json", GOOD)
    gate.write("plangate.toml", '[policies]\npaths = ["mine"]\n')
    assert gate.run("policies", "test").code == 1


def test_examples_run_outside_of_this_process(gate: Gate) -> None:
    mark = gate.folder / "pid"
    text = (
        f"\n\ndef examples():\n    import os\n    open({str(mark)!r}, 'w').write(str(os.getpid()))\n    yield from ()\n"
    )
    gate.write("mine/queue.py", ENCRYPTED + text)
    assert gate.run("policies", "test", "mine").code == 0
    assert int(mark.read_text()) != os.getpid()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pass.json", "pass"),
        ("fail2.json", "fail"),
        ("fail-no-kms.json", "fail"),
        ("x.unknown_3.json", "unknown"),
        ("x.y.pass.json", "pass"),
        ("passes.json", None),
        ("login-fail.json", None),
        ("failover.json", None),
        ("pass.py", None),
        ("pass", None),
        ("json", None),
        (".json", None),
    ],
)
def test_names_of_examples(name: str, expected: str | None) -> None:
    assert expectation(name) == expected


@given(
    st.from_regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", fullmatch=True),
    st.sampled_from(["pass", "fail", "unknown"]),
    st.from_regex(r"([0-9]+|[-_][a-z0-9_-]*)?", fullmatch=True),
    st.booleans(),
)
def test_every_document_named_after_a_fault_belongs_to_it(fault: str, word: str, rest: str, inside: bool) -> None:
    name = f"{fault}/{word}{rest}.json" if inside else f"{fault}.{word}{rest}.json"
    metas = [{"id": f"acme/{fault}", "file": "/p/a.py"}, {"id": "acme/zz--other", "file": "/p/a.py"}]
    assert documents(metas, [f"/p/{name}"], strict=True) == [(f"acme/{fault}", f"/p/{name}", word)]
