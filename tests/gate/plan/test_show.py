"""`terraform show -json` runs without secrets, where the plan belongs, and ends in every way."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.errors import PlanError
from plangate.plan.show import environment, first_line, show_json

posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in program is a shell script")


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """A folder for PATH, with a `terraform` whose body a test writes."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def program(folder: Path, body: str, name: str = "terraform") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def env(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{folder}{os.pathsep}{os.defpath}", **more}


def show(folder: Path, path: Path | str = "p.tfplan", data: bytes = b"PLAN", **options: object) -> bytes:
    given: dict[str, object] = {"terraform": None, "chdir": None, "env": env(folder), **options}
    return show_json(str(path), data, **given)  # type: ignore[arg-type]


def told(folder: Path, **options: object) -> str:
    with pytest.raises(PlanError) as caught:
        show(folder, **options)  # type: ignore[arg-type]
    line = caught.value.line()
    assert line.startswith("p.tfplan: ")
    assert line.isprintable()
    return line


def test_no_token_reaches_terraform(tmp_path: Path) -> None:
    rc = tmp_path / "rc"
    rc.write_text("")
    secrets = dict.fromkeys(
        (
            *("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "TF_TOKEN_app_terraform_io", "TF_VAR_password"),
            *("PLANGATE_SIGNING_KEY", "SLACK_WEBHOOK_URL", "TF_CLI_ARGS", "TF_ENCRYPTION", "LD_PRELOAD"),
        ),
        "secret",
    )
    kept = {"HOME": "/h", "TF_DATA_DIR": "/d", "TF_CLI_CONFIG_FILE": str(rc), "TF_PLUGIN_CACHE_DIR": "/c"}
    found = environment({**secrets, **kept, "PATH": "/usr/bin"})
    assert "secret" not in found.values()
    assert kept.items() <= found.items()
    assert (found["TF_IN_AUTOMATION"], found["CHECKPOINT_DISABLE"]) == ("1", "1")
    rc.unlink()
    assert "TF_CLI_CONFIG_FILE" not in environment(kept)


@posix
def test_the_program_sees_only_its_allowed_names_and_the_bytes_read(stand_in: Path, tmp_path: Path) -> None:
    program(
        stand_in,
        f'env > "{tmp_path}/env"; for last; do :; done; ls -l "$last" > "{tmp_path}/ls"; cat "$last"',
    )
    secrets = {"GITHUB_TOKEN": "t", "TF_VAR_x": "v"}
    assert show(stand_in, data=b"\0the bytes", env=env(stand_in, **secrets)) == b"\0the bytes"
    seen = {line.split("=")[0] for line in (tmp_path / "env").read_text().splitlines()}
    assert seen <= {
        "PATH",
        "TF_IN_AUTOMATION",
        "TF_INPUT",
        "CHECKPOINT_DISABLE",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
    }
    assert (tmp_path / "ls").read_text().startswith("-rw-------")


@posix
def test_a_file_exchanged_after_reading_changes_nothing_and_no_copy_stays(stand_in: Path, tmp_path: Path) -> None:
    program(stand_in, f'for last; do :; done; printf %s "$last" > "{tmp_path}/name"; cat "$last"')
    (tmp_path / "p.tfplan").write_bytes(b"exchanged")
    assert show(stand_in, tmp_path / "p.tfplan", b"as read") == b"as read"
    assert not os.path.exists((tmp_path / "name").read_text())


@posix
def test_it_runs_where_the_plan_belongs(stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(stand_in, "pwd -P")
    own, other, here = (tmp_path / name for name in ("own", "other", "here"))
    for folder in (own, other, here):
        folder.mkdir()
    monkeypatch.chdir(here)

    def place(**options: object) -> Path:
        return Path(show(stand_in, own / "p", **options).decode().strip())  # type: ignore[arg-type]

    assert place() == here.resolve()
    (own / ".terraform").mkdir()
    assert place() == own.resolve()
    assert place(chdir=str(other)) == other.resolve()
    assert place(chdir="../other") == other.resolve()
    assert "no folder" in told(stand_in, chdir=str(tmp_path / "none"))


@posix
def test_tofu_serves_where_it_is_alone_and_any_program_by_name_or_path(stand_in: Path, tmp_path: Path) -> None:
    tofu = program(stand_in, "echo tofu", "tofu")
    alone = {"PATH": str(stand_in)}
    assert show(stand_in, env=alone) == b"tofu\n"
    program(stand_in, "echo terraform")
    assert show(stand_in, env=alone) == b"terraform\n"
    assert show(stand_in, env=alone, terraform="tofu") == b"tofu\n"
    assert show(stand_in, env={}, terraform=str(tofu)) == b"tofu\n"


@posix
def test_a_program_in_the_checkout_is_not_found(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(stand_in, "echo hostile")
    monkeypatch.chdir(stand_in)
    for path in ("", ".", os.pathsep, f".{os.pathsep}", str(tmp_path)):
        assert "no terraform or tofu on PATH" in told(stand_in, env={"PATH": path})


def test_without_terraform_both_ways_out_are_told(tmp_path: Path) -> None:
    line = told(tmp_path, env={"PATH": str(tmp_path)})
    assert "a plan file" in line
    assert "--terraform PATH" in line
    assert "terraform show -json p.tfplan > plan.json" in line
    assert "no program at" in told(tmp_path, terraform=str(tmp_path / "none"))


@posix
def test_an_error_is_told_in_one_clean_line(stand_in: Path) -> None:
    program(
        stand_in,
        r"printf '\033[31m╷\n│ Error: \033[0mFailed to load plugin schemas\n│ \n│ no x\n╵' >&2; exit 1",
    )
    line = told(stand_in)
    assert "could not show this plan file: Failed to load plugin schemas: no x; run `terraform init`" in line
    assert "--chdir" in line
    program(stand_in, "exit 3")
    assert "exit code 3" in told(stand_in)
    program(stand_in, "exit 0")
    assert "printed nothing" in told(stand_in)


@posix
def test_too_much_output_and_too_much_time_end_it(stand_in: Path) -> None:
    program(stand_in, "yes")
    assert "more than 1 MiB" in told(stand_in, max_bytes=1 << 20)
    program(stand_in, "yes >&2")
    start = time.monotonic()
    assert "did not end within 0.5 seconds" in told(stand_in, timeout=0.5)
    program(stand_in, "sleep 60 & echo x; exit 0")  # a child that outlives it and holds the pipe open
    assert "did not end" in told(stand_in, timeout=0.5)
    program(stand_in, "exec >&- 2>&-; sleep 60")
    assert "did not end" in told(stand_in, timeout=0.5)
    assert time.monotonic() - start < 20


@posix
def test_the_whole_group_ends(stand_in: Path, tmp_path: Path) -> None:
    program(stand_in, f'sleep 60 & echo $! > "{tmp_path}/pid"; wait')
    told(stand_in, timeout=0.5)
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if stat_of(pid) == "Z":
            return
        time.sleep(0.05)
    pytest.fail("a child of terraform outlived the timeout")


def stat_of(pid: int) -> str:
    """The state letter of a process, where /proc tells it (Z: ended, not yet collected)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "?"


@given(st.binary(max_size=400))
def test_any_stderr_becomes_one_short_printable_line(said: bytes) -> None:
    for text in (said, b"Error: " + said, b"\x1b]0;" + said, b"Plan read error: x\n" + said):
        line = first_line(text)
        assert len(line) <= 200
        assert line.isprintable()


def test_the_first_meaningful_line_is_told_and_no_source() -> None:
    quoted = '│ Error: Bad value\n│ \n│   on main.tf line 3:\n│    3: p = "hunter2"\n╵\n'
    frame = f"╷\n│ Warning: a\n│ \n│ b\n╵\n╷\n{quoted}"
    assert first_line(frame.encode()) == "Bad value"
    both = "Error: Couldn't show\n\nState read error: x\n\nPlan read error: made by\nanother\n\nmore"
    assert first_line(both.encode()) == "Plan read error: made by another"
    assert first_line(b"\n\n  panic: x\ny") == "panic: x"
    assert first_line(b"Error: " + b"x" * 999).endswith("x…")
    assert first_line(b"") == ""
