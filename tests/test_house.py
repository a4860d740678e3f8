"""The house keeps its own order: versions, locks, sizes, imports, and what the wheel carries."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [ROOT / "gate", ROOT / "policies", ROOT / "notifiers"]
MODULES = sorted(path for source in SOURCES for path in source.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = [*sorted((ROOT / "locks").glob("*.lock")), ROOT / "gate/plangate/checkov/checkov.lock"]

# What each lock must hold: the dependencies of these groups, and of plangate itself where it says so.
LOCKED = {
    "runtime": (True, ["build"]),
    "dev": (True, ["build", "test", "lint", "bench"]),
    "checkov": (False, ["checkov"]),
    "lock": (False, ["lock"]),
}

# Each of these costs more than judging a small plan does; a run imports one when it needs it.
SLOW = {
    "click",
    "dataclasses",
    "hcl2",
    "importlib.metadata",
    "jsonschema",
    "logging",
    "msgspec",
    "pathlib",
    "pydantic",
    "pymsteams",
    "requests",
    "slack_sdk",
    "ssl",
    "subprocess",
    "tempfile",
    "typing",
    "urllib.request",
}

needs_cli = pytest.mark.skipif(not (ROOT / "gate/plangate/cli/main.py").exists(), reason="there is no command line yet")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: Path) -> dict[str, tuple[Requirement, list[str]]]:
    """The requirements of a lock file: name -> (requirement, hashes)."""
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    found = {}
    for entry in "\n".join(lines).replace("\\\n", " ").splitlines():
        line, *hashes = re.split(r"\s+--hash=", entry.strip())
        requirement = Requirement(line)
        found[normal(requirement.name)] = (requirement, hashes)
    return found


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_version_of_the_package_is_the_version_it_says() -> None:
    said: dict[str, str] = {}
    exec((ROOT / "gate/plangate/version.py").read_text(encoding="utf-8"), said)
    assert said["VERSION"] == PROJECT["project"]["version"]


def test_every_group_has_a_lock() -> None:
    assert {lock.stem for lock in LOCKS} == set(LOCKED)
    assert {group for _, groups in LOCKED.values() for group in groups} == set(PROJECT["dependency-groups"])


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_lock_names_no_place_and_hashes_everything(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    for forbidden in ("://", "file:", " @ ", "--index-url", "--extra-index-url", "--find-links", "../"):
        assert forbidden not in text
    for requirement, hashes in pins(lock).values():
        assert [spec.operator for spec in requirement.specifier] == ["=="], f"{requirement} is not pinned"
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_lock_pins_what_pyproject_asks_for(lock: Path) -> None:
    with_project, groups = LOCKED[lock.stem]
    wanted = [line for group in groups for line in PROJECT["dependency-groups"][group]]
    wanted += PROJECT["project"]["dependencies"] if with_project else []
    pinned = pins(lock)
    for requirement in map(Requirement, wanted):
        pin = pinned.get(normal(requirement.name))
        assert pin, f"{requirement} is missing: make lock"
        version = next(iter(pin[0].specifier)).version
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}: make lock"


def test_developers_and_users_get_the_same_versions() -> None:
    runtime, dev = (pins(ROOT / "locks" / f"{name}.lock") for name in ("runtime", "dev"))
    assert {name: str(pin) for name, (pin, _) in runtime.items()}.items() <= {
        name: str(pin) for name, (pin, _) in dev.items()
    }.items()


def test_checkov_and_the_core_keep_apart() -> None:
    """python-hcl2 and bc-python-hcl2 install one module `hcl2`: together, Checkov breaks at import."""
    assert "bc-python-hcl2" not in pins(ROOT / "locks/dev.lock")
    assert "python-hcl2" not in pins(ROOT / "gate/plangate/checkov/checkov.lock")


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {names(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lengths.items() if count > 300} == {}


@pytest.mark.skipif(importlib.util.find_spec("importlinter") is None, reason="import-linter is not installed")
def test_rooms_import_in_one_direction() -> None:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {[str(path) for path in SOURCES]!r}\n{program}"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def imported(program: str, folder: Path) -> set[str]:
    """The modules that a program has imported when it ends in `folder`, plangate's roots on its path."""
    start = f"import sys; sys.path[:0] = {[str(path) for path in SOURCES]!r}\n"
    report = "\nsys.stderr.write('\\n' + ' '.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-I", "-c", start + program + report],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return set(run.stderr.splitlines()[-1].split())


@needs_cli
def test_starting_imports_nothing_slow(tmp_path: Path) -> None:
    slow = imported("from plangate.cli.main import main", tmp_path).intersection(SLOW)
    assert slow - imported("", tmp_path) == set()


@needs_cli
def test_judging_a_small_plan_imports_nothing_slow(tmp_path: Path) -> None:
    resource = {"address": "terraform_data.a", "mode": "managed", "type": "terraform_data", "name": "a"}
    provider = "terraform.io/builtin/terraform"
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.13.0",
        "planned_values": {
            "root_module": {
                "resources": [resource | {"provider_name": provider, "schema_version": 0, "values": {"input": "x"}}]
            }
        },
        "resource_changes": [
            resource
            | {
                "provider_name": provider,
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": {"input": "x", "triggers_replace": None},
                    "after_unknown": {"id": True, "output": True},
                    "before_sensitive": False,
                    "after_sensitive": {},
                },
            }
        ],
        "configuration": {"root_module": {"resources": [resource | {"expressions": {"input": {}}}]}},
        "timestamp": "2026-01-01T00:00:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    program = (
        "import io, os\n"
        "from plangate.cli.main import run\n"
        "from plangate.cli.streams import Streams\n"
        f"code = run(['check', {str(path)!r}], Streams(io.BytesIO(), io.StringIO(), io.StringIO(), dict(os.environ)))\n"
        "assert not code, code"
    )
    new = imported(program, tmp_path) - imported("", tmp_path)
    assert new.intersection(SLOW) == set()
    # Nor what only places, other formats and shown values need.
    assert {
        name for name in new if name.startswith(("hcl2", "lark", "plangate.source", "plangate.cli.sources"))
    } == set()
    assert new.intersection({"plangate.report.locations", "plangate.report.values", "plangate.report.renames"}) == set()
    # Nor what only plan files need.
    assert new.intersection({"plangate.plan.planfile", "plangate.plan.show"}) == set()
    faces = {name for name in new if name.startswith("plangate.render.")}
    assert faces == {f"plangate.render.{name}" for name in ("text", "head", "detail", "lines", "inert")}


@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is not installed")
@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="there is no README yet")
def test_wheel_carries_every_file_of_the_three_roots(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
        points = archive.read(f"plangate-{PROJECT['project']['version']}.dist-info/entry_points.txt").decode()
    written = {
        path.relative_to(source).as_posix()
        for source in SOURCES
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    examples = ROOT / "examples/ci"
    copied = {path.relative_to(examples).as_posix() for path in examples.rglob("*") if path.is_file()}
    assert carried == written | {f"plangate/cli/init/templates/{name}" for name in copied}
    assert {"plangate/py.typed", "plangate_policies/py.typed", "plangate_notifiers/py.typed"} <= carried
    assert "plangate = plangate.cli.main:main" in points
    assert "plangate = plangate_policies:POLICIES" in points
