from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import plangate.decide.load as load_module
from plangate.decide.load import load
from plangate.decide.settings import origin
from plangate.errors import UsageError

Write = Callable[..., Path]


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    settings = load(str(tmp_path), env_name="prod")
    assert (settings.files, settings.fail_on, settings.environment) == ((), "high", "prod")
    assert origin(settings, "environment") == "--env"


def test_a_run_without_a_file_imports_no_validator_and_no_parser() -> None:
    heavy = ["pydantic", "tomllib", "re", "pathlib", "typing", "dataclasses", "enum", "datetime", "difflib"]
    code = (
        "import sys; before = set(sys.modules)\n"
        "from plangate.decide import load, names, settings, waivers\n"
        "s = load.load('/', home='/'); names.check_names(s, [], {}); settings.level_for(s, 'a/b', 'low')\n"
        "waivers.cover(s.waivers, 'a/b', 'x.y', None, '2026-01-01')\n"
        "waivers.paste('a/b', 'x.y', '2026-01-01')\n"
        f"print(sorted((set(sys.modules) - before) & set({heavy!r})))"
    )
    root = str(Path(load_module.__file__).parents[2])
    # -S -E: what site loads by itself is not ours, and PYTHONPATH may lead elsewhere.
    run = subprocess.run(
        [sys.executable, "-S", "-E", "-c", f"import sys; sys.path.insert(0, {root!r})\n{code}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.strip() == "[]"


def test_the_nearest_file_up_to_the_root_of_the_repository_holds(tmp_path: Path, write: Write) -> None:
    write(tmp_path / "plangate.toml", 'fail_on = "low"')
    repo = tmp_path / "repo"
    inner = repo / "envs" / "prod"
    inner.mkdir(parents=True)
    (repo / ".git").write_text("gitdir: elsewhere")
    assert load(str(inner)).files == ()
    write(repo / "plangate.toml", 'fail_on = "medium"')
    settings = load(str(inner))
    assert (settings.fail_on, origin(settings, "fail_on")) == (
        "medium", os.path.join("..", "..", "plangate.toml") + ":1",
    )  # fmt: skip


def test_outside_of_a_repository_home_is_the_last_folder(tmp_path: Path, write: Write) -> None:
    write(tmp_path / "plangate.toml", 'fail_on = "low"')
    inner = tmp_path / "home" / "work"
    inner.mkdir(parents=True)
    assert load(str(inner), home=str(tmp_path / "home")).files == ()
    write(tmp_path / "home" / "plangate.toml", 'fail_on = "medium"')
    assert load(str(inner), home=str(tmp_path / "home")).fail_on == "medium"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_a_file_of_another_user_above_the_working_directory_is_refused(tmp_path: Path, write: Write) -> None:
    planted = write(tmp_path / "plangate.toml", 'fail_on = "none"')
    inner = tmp_path / "work"
    inner.mkdir()
    os.chown(planted, 12345, 12345)
    with pytest.raises(UsageError, match="belongs to another user"):
        load(str(inner))
    assert load(str(inner), config=str(planted)).fail_on == "none"


@pytest.mark.parametrize("make", ["folder", "dangling link"])
def test_what_is_called_so_but_cannot_be_read_is_no_missing_file(tmp_path: Path, make: str) -> None:
    path = tmp_path / "plangate.toml"
    path.mkdir() if make == "folder" else path.symlink_to(tmp_path / "gone")
    with pytest.raises(UsageError, match=r"^plangate\.toml: "):
        load(str(tmp_path))


def test_require_config_and_config(tmp_path: Path, write: Write) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(UsageError, match="--require-config"):
        load(str(tmp_path), require=True)
    with pytest.raises(UsageError, match=r"other\.toml: the settings cannot be read"):
        load(str(tmp_path), config="other.toml")
    write(tmp_path / "other.toml", 'scope = "all"')
    settings = load(str(tmp_path), config="other.toml", require=True)
    assert (settings.files, settings.scope) == (("other.toml",), "all")
