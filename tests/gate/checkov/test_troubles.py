"""What can be wrong with Checkov: each its own line and exit code, and never a pass that nobody checked."""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

import pytest

from plangate.checkov import places
from plangate.checkov.ask import Question, Wanted
from plangate.checkov.copy import copy
from plangate.checkov.index import place_of
from plangate.checkov.install import install
from plangate.errors import UndecidedError
from plangate.plan.read import read
from plangate.report.redact import Redactor

from ..cli.conftest import Came, Gate  # noqa: TID252 - the tests are no package
from ..cli.plans import GOOD  # noqa: TID252
from .plans import PLAN


def required(gate: Gate, *arguments: str) -> Came:
    gate.write("plan.json", GOOD)
    return gate.run("check", "plan.json", "--checkov", "required", "-f", "json", *arguments)


def environment(gate: Gate, program: str | None) -> Path:
    """What looks like an installed environment, its interpreter a shell script."""
    folder = Path(places.environment(gate.environ) or "")
    python = Path(places.python_in(str(folder)))
    python.parent.mkdir(parents=True)
    (folder / places.INDEX).write_text("{}")
    if program is not None:
        python.write_text(f"#!/bin/sh\n{program}\n")
        python.chmod(0o755)
    return folder


def test_not_installed_is_said_and_stops_nothing(gate: Gate) -> None:
    gate.write("plan.json", GOOD)
    report = gate.check("plan.json")
    assert report["exit_code"] == 0
    assert report["checkov"] == {"status": "not_installed", "version": None, "seconds": None, "cached": None}
    assert "Checkov is not installed" in gate.run("check", "plan.json").out


def test_off_says_nothing(gate: Gate) -> None:
    gate.write("plan.json", GOOD)
    report = gate.check("plan.json", "--checkov", "off")
    assert report["checkov"]["status"] == "off"
    assert report["notes"] == []
    gate.write("plangate.toml", '[checkov]\nmode = "off"\n')
    assert gate.check("plan.json")["checkov"]["status"] == "off"


def test_required_and_not_installed(gate: Gate) -> None:
    came = required(gate)
    assert came.code == 4
    assert "--checkov: Checkov is required and is not installed; `plangate checkov install`" in came.line
    assert came.report["checkov"]["status"] == "not_installed"
    assert came.report["policies"]["evaluated"] > 0
    gate.write("plangate.toml", '[checkov]\nmode = "required"\n')
    came = gate.run("check", "plan.json")
    assert (came.code, "plangate.toml:2" in came.line) == (4, True)


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for the interpreter")
@pytest.mark.parametrize(
    ("program", "why"),
    [
        (None, "it has no Python"),
        ("exit 0", "before it said anything"),
        ("exit 1", "exit 1"),
        ("kill -9 $$", "signal 9"),
        ("echo hello; cat >/dev/null", "before it said anything"),
        (f'exec {sys.executable} "$@"', "No module named 'checkov'"),
    ],
    ids=["gone", "silent", "fails", "killed", "babbles", "empty"],
)
def test_a_broken_environment_closes_the_gate(gate: Gate, program: str | None, why: str) -> None:
    """Also in auto: what is installed and does not answer is not the same as what is not installed."""
    environment(gate, program)
    gate.write("plan.json", GOOD)
    came = gate.run("check", "plan.json", "-f", "json")
    assert came.code == 4, came
    assert why in came.line
    assert "plangate checkov install --force" in came.line
    assert came.report["checkov"]["status"] == "failed"
    assert came.report["verdict"] == "error"


@pytest.mark.parametrize("by", ["variable", "setting"])
def test_an_interpreter_that_is_not_there(gate: Gate, by: str) -> None:
    if by == "variable":
        gate.environ["PLANGATE_CHECKOV_PYTHON"] = "/no/such/python"
    else:
        gate.write("plangate.toml", '[checkov]\npython = "no/such/python"\n')
    came = required(gate)
    assert came.code == 2
    assert "there is no Python here" in came.err


def test_an_environment_without_checkov(gate: Gate) -> None:
    gate.environ["PLANGATE_CHECKOV_PYTHON"] = sys.executable
    came = required(gate)
    assert came.code == 4
    assert "this environment has no Checkov; install checkov==3.3.30 there" in came.line


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for the interpreter")
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('{"checkov": "2.0.1", "python": "3.11.1", "conflict": false}', "this is Checkov 2.0.1, and plangate is made"),
        ('{"checkov": "3.3.30", "python": "3.11.1", "conflict": true}', "both are the module hcl2"),
        (
            '{"checkov": "3.3.30", "python": "3", "conflict": false, "error": "ImportError: x"}',
            "broken: ImportError: x",
        ),
        ("", "it ended with 0"),
    ],
    ids=["version", "hcl2", "import", "nothing"],
)
def test_an_environment_of_another_kind(gate: Gate, tmp_path: Path, said: str, why: str) -> None:
    python = gate.write("python", f"#!/bin/sh\necho '{said}'\n")
    python.chmod(0o755)
    gate.environ["PLANGATE_CHECKOV_PYTHON"] = str(python)
    came = required(gate)
    assert (came.code, why in came.line) == (4, True), came


@pytest.mark.parametrize(
    ("settings", "arguments", "why"),
    [
        ('[checkov]\nskip = ["CKV_AWS_9999"]\n', [], "plangate.toml:2: skip 'CKV_AWS_9999' names no check"),
        ('[checkov]\nonly = ["CKV_ASW_18"]\n', [], "did you mean"),
        ("", ["--select", "checkov/CKV_AWS_9999"], "names no policy"),
        ("", ["--ignore", "checkov/CKV_NOT_1"], "names no policy"),
        ('[severity]\n"checkov/CKV_AWS_9999" = "low"\n', [], "names no policy"),
        ('[checkov]\nexternal_checks = ["nowhere"]\n', [], "names nothing"),
        ('[checkov]\nexternal_checks = ["empty"]\n', [], "no custom check here"),
        ('[checkov]\nmode = "sometimes"\n', [], "plangate.toml:2"),
        ("[checkov]\nseconds = 0\n", [], "plangate.toml:2"),
        ("", ["--checkov", "yes"], "is not known"),
    ],
)
def test_settings_that_name_nothing(gate: Gate, settings: str, arguments: list[str], why: str) -> None:
    gate.write("empty/not_a_package.py", "")
    gate.write("plangate.toml", settings)
    gate.write("plan.json", GOOD)
    environment(gate, "exit 1")
    came = gate.run("check", "plan.json", *arguments)
    assert (came.code, why in came.err) == (2, True), came


def test_its_checks_may_be_named_where_it_is_not_installed(gate: Gate) -> None:
    gate.write("plangate.toml", '[severity]\n"checkov/CKV_AWS_18" = "low"\n[checkov]\nskip = ["CKV_AWS_1*"]\n')
    gate.write("plan.json", GOOD)
    assert gate.check("plan.json")["checkov"]["status"] == "not_installed"


def test_memory_that_runs_out(beside: Gate) -> None:
    place = place_of(None, "", beside.environ)
    assert place is not None
    copied = copy(read(json.dumps(PLAN).encode(), "plan"), Redactor(()))
    with pytest.raises(UndecidedError, match="Checkov"):
        Question(place, copied, Wanted(None, [], [], 60, 24), beside.environ).answer()


def test_an_environment_of_an_earlier_plangate_whose_python_is_gone(gate: Gate) -> None:
    (environment(gate, None) / places.INDEX).unlink()
    came = required(gate)
    assert (came.code, "it has no Python" in came.err) == (4, True), came
    assert gate.run("checkov", "status").code == 4


def test_a_home_that_is_no_whole_path_is_no_cache() -> None:
    assert places.cache({"HOME": "home"}) is None


def test_no_home_is_no_cache(gate: Gate) -> None:
    gate.environ = {"PATH": os.environ.get("PATH", "")}
    gate.write("plan.json", GOOD)
    assert gate.check("plan.json")["checkov"]["status"] == "not_installed"
    assert gate.run("checkov", "install").code == 2


# -- the commands ----------------------------------------------------------------------------------------


def test_status_without_one(gate: Gate) -> None:
    came = gate.run("checkov", "status")
    assert came.code == 4
    assert came.out.splitlines() == ["Checkov is not installed", "wanted: 3.3.30"]
    assert "plangate checkov install" in came.line


def test_run_without_one(gate: Gate) -> None:
    gate.write("plan.json", GOOD)
    came = gate.run("checkov", "run", "plan.json")
    assert (came.code, came.out) == (4, "")


def test_status_of_a_real_one(beside: Gate, python: str) -> None:
    came = beside.run("checkov", "status")
    assert came.code == 0, came
    assert came.out.startswith("Checkov 3.3.30 works")
    assert "from: PLANGATE_CHECKOV_PYTHON" in came.out
    del beside.environ["PLANGATE_CHECKOV_PYTHON"]
    assert "from: --python" in beside.run("checkov", "status", "--python", python).out
    assert beside.run("checkov", "status", "--python", "/no/python").code == 2


def test_an_installation_without_packages_leaves_nothing(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    came = gate.run("checkov", "install", "--offline", "wheels")
    assert came.code == 4
    assert "could not be installed" in came.line
    root = Path(places.environment(gate.environ) or "").parent
    assert [p.name for p in root.iterdir()] == [".install.lock"]
    assert gate.run("checkov", "install", "--offline", "nowhere").code == 2


def test_what_an_installation_left_behind_goes_with_the_next(gate: Gate, tmp_path: Path) -> None:
    root = Path(places.environment(gate.environ) or "").parent
    (root / ".new-1" / "bin").mkdir(parents=True)
    (tmp_path / "wheels").mkdir()
    gate.run("checkov", "install", "--offline", "wheels")
    assert not (root / ".new-1").exists()


def test_installed_already(gate: Gate) -> None:
    environment(gate, "exit 1")
    came = gate.run("checkov", "install")
    assert (came.code, "is installed already" in came.out) == (0, True)


def test_two_installations_wait_for_each_other(gate: Gate, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    root = Path(places.environment(gate.environ) or "").parent
    root.mkdir(parents=True)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    said: list[str] = []
    waiting, ended = threading.Event(), threading.Event()

    def tell(text: str) -> None:
        said.append(text)
        waiting.set()

    def second() -> None:
        with pytest.raises(UndecidedError, match="could not be installed"):
            install({**os.environ, **gate.environ}, str(wheels), False, tell)
        ended.set()

    with open(root / ".install.lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(20)
        assert said == ["waiting for another installation to end ..."]
        assert not ended.is_set()
    thread.join(120)
    assert ended.is_set()
