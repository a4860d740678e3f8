"""Policies that would end, stall, deceive or rob the gate: exit 4 with their name, and the others still judged."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from .conftest import Gate
from .plans import BAD, ENCRYPTED, GOOD, attack, document, queue

LIMITS = "[limits]\npolicy_seconds = 1\ntotal_seconds = 20\nmemory_mib = 300\n"

ATTACKS = {
    "raises": "raise ValueError('oh')",
    "exits": "sys.exit(0)",
    "exits hard": "os._exit(0)",
    "exits hard with a code": "os._exit(3)",
    "kills itself": "os.kill(os.getpid(), 9)",
    "kills its group": "os.killpg(os.getpgid(0), 9)",
    "aborts": "os.abort()",
    "raises after its findings": "yield Finding('one')\nraise KeyError('late')",
    "exits after its findings": "yield Finding('one')\nos._exit(0)",
    "generator exit": "raise GeneratorExit",
    "stop iteration": "next(iter(()))",
    "endless loop": "while True:\n    pass",
    "endless findings": "while True:\n    yield Finding('more')",
    "sleeps": "time.sleep(60)",
    "swallows everything": "while True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass",
    "ReDoS": "re.match(r'(a+)+$', 'a' * 60 + 'b')",
    "memory": "x = []\nwhile True:\n    x.append(bytearray(50_000_000))",
    "one huge object": "x = 'a' * (1 << 40)",
    "recursion": "f = lambda: f()\nf()",
    "yields a number": "yield 3",
    "yields None": "yield None",
    "yields a dict": "yield {'message': 'x'}",
    "yields a finding class": "yield Finding",
    "yields no text": "yield Finding(3)",
    "yields an empty text": "yield Finding('  ')",
    "yields odd attributes": "yield Finding('x', attribute=['a'])",
    "yields an impostor": "class F:\n    message = 'x'\nyield F()",
    "yields a text that lies": "class S(str):\n    pass\nyield Finding(S('x'))",
    "closes every file": "os.closerange(0, 64)",
    "closes what it writes to": "os.closerange(3, 64)\nyield Finding('x')",
    "writes to every file": (
        "line = b'{\"result\": {\"id\": \"evil/breaks\", \"matched\": 1, \"passed\": 1}}\\n{\"end\": true}\\n'\n"
        "for fd in range(64):\n    try:\n        os.write(fd, line)\n    except OSError:\n        pass\n"
        "os._exit(0)"
    ),
    "floods its output": (
        "for fd in range(3, 64):\n    try:\n        while True:\n            os.write(fd, b'x' * 65536)\n"
        "    except OSError:\n        pass\nos._exit(0)"
    ),
    "unhashable message": "class M(str):\n    __hash__ = None\nyield M('x')",
    "deletes the engine": "e = sys.modules['plangate.policy.engine']\ndel e.UnknownValue\nraise ValueError",
    "counts more than it judged": (
        "e = sys.modules['plangate.policy.engine']\ne.subjects = lambda *_: []\nos._exit(0)"
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def files(gate: Gate) -> None:
    gate.write("plangate.toml", LIMITS)
    gate.write("good.json", GOOD)
    gate.write("bad.json", BAD)
    gate.write("mine/a_first.py", ENCRYPTED.replace("acme/queue", "acme/first"))
    gate.write("mine/z_last.py", ENCRYPTED.replace("acme/queue", "acme/last"))


def broken(gate: Gate, plan: str = "good.json") -> dict[str, dict[str, int]]:
    """The counts of every policy in `mine`, one of which broke: exit 4, its id and file named in one line."""
    began = time.monotonic()
    came = gate.run("check", plan, "-p", "mine", "-f", "json")
    assert time.monotonic() - began < 15
    assert came.code == 4, came
    assert (came.report["verdict"], came.report["exit_code"]) == ("error", 4)
    assert "evil/breaks" in came.line
    assert "m_evil.py" in came.line
    assert "Traceback" not in came.err
    return {p["id"]: p for p in came.report["policies"]["list"]}


@pytest.mark.parametrize("name", ATTACKS)
def test_it_is_named_and_the_others_are_judged(gate: Gate, name: str) -> None:
    gate.write("mine/m_evil.py", attack(ATTACKS[name]))
    policies = broken(gate)
    assert policies["evil/breaks"]["errors"] == 1
    assert policies["evil/breaks"]["passed"] == 0
    for other in ("acme/first-unencrypted", "acme/last-unencrypted"):
        assert (policies[other]["passed"], policies[other]["errors"]) == (1, 0)


def test_it_hides_no_failure_of_the_others(gate: Gate) -> None:
    gate.write("mine/m_evil.py", attack("os._exit(0)"))
    policies = broken(gate, "bad.json")
    assert policies["acme/first-unencrypted"]["failed"] == policies["acme/last-unencrypted"]["failed"] == 1


@pytest.mark.parametrize("body", ["import os\nos._exit(0)", "while True:\n    pass", "import os\nos.abort()"])
def test_a_file_that_ends_or_stalls_the_process_while_loading(gate: Gate, body: str) -> None:
    gate.write("mine/m_evil.py", body)
    came = gate.run("check", "good.json", "-p", "mine", "-f", "json")
    assert came.code == 4
    assert "m_evil.py" in came.line
    policies = {p["id"]: p for p in came.report["policies"]["list"]}
    assert policies["acme/last-unencrypted"]["passed"] == 1


def test_a_mistake_is_said_once_though_another_file_ends_the_process(gate: Gate) -> None:
    gate.write("mine/b_wrong.py", "def f(:\n")
    gate.write("mine/m_evil.py", "import os\nos._exit(0)")
    came = gate.run("check", "good.json", "-p", "mine", "-q")
    assert came.code == 4
    assert sorted("b_wrong.py" in line for line in came.err.splitlines()) == [False, True]


def test_every_policy_that_breaks_is_named(gate: Gate) -> None:
    gate.write("mine/m_evil.py", attack("os._exit(0)"))
    gate.write("mine/n_evil.py", attack("raise ValueError('x')", id="evil/again"))
    came = gate.run("check", "good.json", "-p", "mine", "-q")
    assert came.code == 4
    assert sorted(("evil/breaks" in line, "evil/again" in line) for line in came.err.splitlines()) == [
        (False, True),
        (True, False),
    ]


def test_an_error_on_one_change_leaves_the_findings_on_others(gate: Gate) -> None:
    gate.write("two.json", document(queue("a", False), queue("b", False)))
    gate.write("mine/m_evil.py", attack("if change.name == 'a':\n    raise ValueError('x')\nyield Finding('b')"))
    came = gate.run("check", "two.json", "-p", "mine", "-f", "json", "--select", "evil/*")
    assert came.code == 4
    found = {f["address"]: f["outcome"] for f in came.report["findings"]}
    assert found == {"aws_sqs_queue.a": "error", "aws_sqs_queue.b": "fail"}


def test_the_process_has_no_secret_of_the_job(gate: Gate) -> None:
    gate.environ |= {
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "GITHUB_TOKEN": "ghp_x",
        "TF_TOKEN_app_terraform_io": "t",
        "PYTHONPATH": "/nowhere",
        "LD_PRELOAD": "",
        "LANG": "C.UTF-8",
    }
    gate.write("env.py", attack("yield Finding(','.join(sorted(os.environ)) + '|' + ','.join(os.environ.values()))"))
    report = gate.check("good.json", "-p", "env.py", "--select", "evil/*")
    assert report["exit_code"] == 1
    names, _, values = report["findings"][0]["message"].partition("|")
    assert set(names.split(",")) <= {"PATH", "LANG", "LC_CTYPE", "LC_ALL", "TZ", "TMPDIR"}
    assert "LANG" in names
    assert "s3cret" not in values


def test_what_it_prints_goes_nowhere(gate: Gate) -> None:
    gate.write(
        "loud.py",
        attack("print('{\"verdict\": \"pass\"}')\nprint('::error::x', file=sys.stderr)\nos.system('echo hi')"),
    )
    came = gate.run("check", "good.json", "-p", "loud.py", "--select", "evil/*", "-f", "json")
    assert came.code == 0
    assert "hi" not in came.err
    assert came.report["verdict"] == "pass"


def test_what_it_starts_ends_with_it(gate: Gate) -> None:
    mark = gate.folder / "pid"
    body = (
        f"import subprocess\np = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(mark)!r}, 'w').write(str(p.pid))\nwhile True:\n    pass"
    )
    gate.write("mine/m_evil.py", attack(body))
    broken(gate)
    pid = int(mark.read_text())
    deadline = time.monotonic() + 5
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def test_the_time_for_all_is_kept(gate: Gate) -> None:
    gate.write("plangate.toml", "[limits]\npolicy_seconds = 1\ntotal_seconds = 2\n")
    for number in range(6):
        gate.write(f"mine/m{number}.py", attack("while True:\n    pass", id=f"evil/e{'abcdef'[number]}"))
    began = time.monotonic()
    came = gate.run("check", "good.json", "-p", "mine", "-q")
    assert came.code == 4
    assert time.monotonic() - began < 10
    for letter in "abcdef":
        assert f"evil/e{letter}" in came.err


def test_no_descriptor_and_no_process_is_left_behind(gate: Gate) -> None:
    gate.write("mine/m_evil.py", attack("os._exit(0)"))
    before = len(os.listdir("/proc/self/fd"))
    broken(gate)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_message_cannot_paint_or_command(gate: Gate) -> None:
    gate.write("loud.py", attack("yield Finding('\\x1b[2J\\n::set-output name=x::y\\u202e')"))
    came = gate.run("check", "good.json", "-p", "loud.py", "--select", "evil/*")
    assert came.code == 1
    assert "\x1b" not in came.out
    assert "\u202e" not in came.out
    assert not any(line.lstrip().startswith("::") for line in came.out.splitlines())
