"""What a plan, a checkout or a custom check may try: Checkov is not switched off, and sees no secret."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ..cli.conftest import Gate  # noqa: TID252 - the tests are no package
from ..cli.plans import document, entry  # noqa: TID252
from .plans import PLAN, group

HEAD = """\
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck
import os, sys, time, json


class Custom(BaseResourceCheck):
    def __init__(self):
        super().__init__(
            name="Ensure groups are ours", id="CKV_ACME_1", categories=[CheckCategories.NETWORKING],
            supported_resources=["aws_security_group"],
        )

    def scan_resource_conf(self, conf):
{body}


check = Custom()
"""


def custom(gate: Gate, body: str, after: str = "") -> None:
    """A folder of one custom Python check, and the settings that name it."""
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    gate.write("checks/__init__.py", "")
    gate.write("checks/custom.py", HEAD.format(body=lines) + after)
    gate.write("plangate.toml", '[checkov]\ncache = false\nseconds = 20\nexternal_checks = ["checks"]\n')


def stops(gate: Gate) -> bool:
    """Whether the open group is found, and the gate closed."""
    report = gate.check("plan.json", "--ignore", "exposure/*")
    found = [f for f in report["findings"] if f["policy"] == "checkov/CKV_AWS_24" and f["outcome"] == "fail"]
    return report["exit_code"] == 1 and len(found) >= 1 and report["checkov"]["status"] == "ran"


# -- the plan --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "\x85\x9b",
        "\x7f",
        "\ufffe\uffff",
        "\ud83d\ude00",
        "\ud800",
        "\u2028\u2029",
        "true",
        "<<",
        "${file(x.yaml)}",
        "1e5",
    ],
    ids=ascii,
)
def test_odd_text_hides_nothing(beside: Gate, text: str) -> None:
    """Checkov reads plans as YAML, which refuses some of these, and then ends with 0."""
    plan = document(group(tags={"note": text, text: "key"}))
    beside.write("plan.json", json.dumps(plan, ensure_ascii=any(0xD800 <= ord(c) < 0xE000 for c in text)).encode())
    assert stops(beside)


@pytest.mark.parametrize("number", ["1e308", "123456789012345678901234567890", "-0.0", "1.0000000000000000000001"])
def test_odd_numbers_hide_nothing(beside: Gate, number: str) -> None:
    plan = json.dumps(document(group(tags={"n": "NUMBER"}))).replace('"NUMBER"', number)
    beside.write("plan.json", plan)
    assert stops(beside)


@pytest.mark.parametrize("number", ["1" + "0" * 5000, "1" * 5000 + ".5", "NaN"], ids=["1e5000", "digits", "nan"])
def test_numbers_that_nobody_can_read_are_no_plan(beside: Gate, number: str) -> None:
    beside.write("plan.json", json.dumps(document(group(tags={"n": "NUMBER"}))).replace('"NUMBER"', number))
    assert beside.run("check", "plan.json").code == 3


@pytest.mark.parametrize(("levels", "code"), [(90, 1), (1000, 3)])
def test_depth_hides_nothing(beside: Gate, levels: int, code: int) -> None:
    deep = "[" * levels + "]" * levels
    beside.write("plan.json", json.dumps(document(group(tags="DEEP"))).replace('"DEEP"', '{"a":' + deep + "}"))
    assert stops(beside) if code == 1 else beside.run("check", "plan.json").code == code


def test_what_lies_in_the_checkout_is_not_read(beside: Gate, tmp_path: Path) -> None:
    """Checkov's command line takes .checkov.yaml from its working directory: soft-fail, skips, code to run."""
    marker = tmp_path / "ran"
    evil = f"soft-fail: true\nskip-check: [CKV_AWS_24]\nexternal-checks-dir: [{tmp_path}/evil]\n"
    for name in (".checkov.yaml", ".checkov.yml", ".checkov.baseline", "checkov.yaml"):
        beside.write(name, evil)
    beside.write("evil/__init__.py", "")
    beside.write("evil/c.py", f"open({str(marker)!r}, 'w')\n")
    beside.write("main.tf", 'resource "aws_security_group" "open" {\n  #checkov:skip=CKV_AWS_24: no\n}\n')
    beside.write("checkov/__init__.py", f"open({str(marker)!r}, 'w')\n")
    beside.write("sitecustomize.py", f"open({str(marker)!r}, 'w')\n")
    beside.write("plan.json", PLAN)
    beside.environ.update(HOME=str(tmp_path), PYTHONPATH=str(tmp_path), CKV_SKIP_CHECKS="x", CHECKOV_CONFIG="y")
    assert stops(beside)
    assert not marker.exists()


# -- custom checks ---------------------------------------------------------------------------------------


def test_custom_checks_in_both_formats_judge(beside: Gate) -> None:
    custom(beside, 'return CheckResult.FAILED if "ingress" in conf else CheckResult.PASSED')
    beside.write(
        "checks/graph.yaml",
        "metadata: {id: CKV2_ACME_2, name: Groups have tags, category: CONVENTION}\n"
        "definition: {cond_type: attribute, resource_types: [aws_security_group], attribute: tags, operator: exists}\n",
    )
    beside.write("plan.json", PLAN)
    found = {f["policy"]: f for f in beside.check("plan.json")["findings"]}
    assert found["checkov/CKV_ACME_1"]["title"] == "Ensure groups are ours"
    assert found["checkov/CKV_ACME_1"]["severity"] == "medium"
    assert found["checkov/CKV2_ACME_2"]["outcome"] == "fail"
    with open("plangate.toml", "a") as file:
        file.write('skip = ["CKV2_ACME_2"]\n[severity]\n"checkov/CKV_ACME_1" = "critical"\n')
    found = {f["policy"]: f for f in beside.check("plan.json")["findings"]}
    assert found["checkov/CKV_ACME_1"]["severity"] == "critical"
    assert "checkov/CKV2_ACME_2" not in found


def test_a_custom_check_sees_no_secret_and_nothing_of_the_job(beside: Gate, tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    custom(
        beside,
        "import pathlib\n"
        f"pathlib.Path({str(seen)!r}).write_text(json.dumps([conf, dict(os.environ), os.getcwd(), os.listdir('.'),"
        " os.listdir(os.path.expanduser('~'))], default=str))\nreturn CheckResult.PASSED",
    )
    secret = "hunter2-hunter2"
    one = group(tags={"key": secret}, note=f"before {secret} after", port=987654321)
    one["change"]["after_sensitive"] = {"tags": {"key": True}, "port": True}
    plan = document(one)
    plan["planned_values"]["root_module"]["resources"][0]["sensitive_values"] = {"tags": {"key": True}, "port": True}
    beside.write("plan.json", plan)
    beside.environ.update(AWS_SECRET_ACCESS_KEY="of-the-job", GITHUB_TOKEN="of-the-job")
    assert stops(beside)
    text = seen.read_text()
    for hidden in (secret, "987654321", "of-the-job", str(tmp_path / "plan.json")):
        assert hidden not in text
    conf, environ, cwd, here, home = json.loads(text)
    assert conf["tags"][0]["key"] == "(sensitive)"
    assert (here, home) == ([], [])
    assert cwd == environ["HOME"] == os.path.realpath(environ["HOME"])
    assert not os.path.exists(cwd)


def test_nobody_talks_to_anyone(beside: Gate, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    custom(
        beside,
        "import socket\ntries = 0\n"
        "for call in (lambda: socket.create_connection(('127.0.0.1', 9), 1),\n"
        "             lambda: socket.getaddrinfo('localhost', 80),\n"
        "             lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))):\n"
        "    try:\n        call()\n    except OSError as error:\n        tries += 'plangate' in str(error)\n"
        f"open({str(seen)!r}, 'w').write(str(tries))\nreturn CheckResult.PASSED",
    )
    beside.write("plan.json", PLAN)
    assert stops(beside)
    assert seen.read_text() == "3"


def test_checkov_itself_tries_no_connection(beside: Gate, python: str) -> None:
    from plangate.checkov.ask import Question, Wanted
    from plangate.checkov.copy import copy
    from plangate.checkov.index import place_of
    from plangate.plan.read import read
    from plangate.report.redact import Redactor

    place = place_of(None, "", beside.environ)
    assert place is not None
    copied = copy(read(json.dumps(PLAN).encode(), "plan"), Redactor(()))
    answer = Question(place, copied, Wanted(None, [], [], 60, 4096), beside.environ).answer()
    assert answer.attempts == 0
    assert answer.rows


BROKEN = {
    "raises": ("raise ValueError('x')", "", "CKV_ACME_1", "broke: ValueError"),
    "exits": ("os._exit(0)", "", "CKV_ACME_1", "ended"),
    "says exit": ("sys.exit(0)", "", "CKV_ACME_1", ""),
    "never ends": ("while True: time.sleep(1)", "", "CKV_ACME_1", "more than 3 s"),
    "does not import": ("return CheckResult.PASSED", "raise RuntimeError('no')\n", "custom.py", "does not import"),
    "exits at import": ("return CheckResult.PASSED", "sys.exit(0)\n", "custom.py", "does not import"),
    "ends at import": ("return CheckResult.PASSED", "os._exit(0)\n", "custom.py", ""),
    "takes all memory": ("x = bytearray(1 << 62)", "", "CKV_ACME_1", ""),
    "lets all pass": (
        "return CheckResult.PASSED",
        "BaseResourceCheck.scan_entity_conf = lambda self, conf, kind: CheckResult.PASSED\n",
        "",
        "planted",
    ),
    "empties the registry": (
        "return CheckResult.PASSED",
        "import plangate.checkov.inside.judge as j\nj.Judge.run = lambda self: None\n",
        "",
        "planted",
    ),
    "forges an answer": (
        "return CheckResult.PASSED",
        'os.write(1, b\'{"end": true, "canary": ["CKV_AWS_24", "PLANGATE_CANARY"]}\\n\')\nos._exit(0)\n',
        "custom.py",
        "",
    ),
    "takes an id of Checkov's": (
        "return CheckResult.PASSED",
        "Custom.__init__.__defaults__\ncheck.id = 'CKV_AWS_24'\n",
        "CKV_AWS_24",
        "Checkov's own",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_custom_check_closes_the_gate(beside: Gate, name: str) -> None:
    body, after, named, why = BROKEN[name]
    custom(beside, body, after)
    beside.write("plangate.toml", '[checkov]\ncache = false\nseconds = 3\nexternal_checks = ["checks"]\n')
    beside.write("plan.json", PLAN)
    came = beside.run("check", "plan.json", "-f", "json", "--ignore", "exposure/*")
    assert came.code == 4, came
    assert came.report["verdict"] == "error"
    assert named in came.err
    assert why in came.err
    assert "Traceback" not in came.err
    assert len(came.err.splitlines()) == 1
    # Our own policies judged all the same.
    assert any(p["source"] == "plangate" for p in came.report["policies"]["list"])


def test_a_broken_graph_check_is_named(beside: Gate) -> None:
    beside.write("plan.json", PLAN)
    beside.write("plangate.toml", '[checkov]\ncache = false\nexternal_checks = ["g.yaml"]\n')
    exists = "definition: {cond_type: attribute, operator: exists, attribute: a, resource_types: [b]}\n"
    nothing = "definition: {cond_type: attribute, operator: nope}\n"
    for text, why in (
        ("metadata: {id: A_1, name: n, category: X}\n" + nothing, "graph check"),
        ("metadata: {id: A_1, category: X}\ndefinition: {}\n", "no name"),
        ("[1, 2]", "no metadata"),
        ("a: [", "graph check"),
        ("metadata: {id: CKV2_AWS_6, name: n, category: X}\n" + exists, "Checkov's own"),
    ):
        beside.write("g.yaml", text)
        came = beside.run("check", "plan.json", "-f", "json")
        assert (came.code, why in came.err) == (4, True), came


def test_a_secret_that_is_long_in_the_plan_is_in_no_cache(beside: Gate, cache: Path) -> None:
    beside.write("plangate.toml", "")
    one = entry("aws_db_instance.d", ["create"], None, {"password": "hunter2-hunter2", "engine": "mysql"})
    one["change"]["after_sensitive"] = {"password": True}
    plan = document(one)
    plan["planned_values"]["root_module"]["resources"][0]["sensitive_values"] = {"password": True}
    beside.write("plan.json", plan)
    beside.check("plan.json")
    for path in cache.rglob("*"):
        if path.is_file():
            assert b"hunter2-hunter2" not in path.read_bytes()
