"""A repository with a base commit and a change on top of it, judged through the front door."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from plangate.cli.main import run
from plangate.cli.streams import Streams

from ..cli import conftest as cli  # noqa: TID252 - the tests are no package
from ..cli.plans import BAD  # noqa: TID252

GIT = shutil.which("git")

# What BAD, a queue that is not encrypted, fails by default.
POLICY = "encryption/aws-sqs-unencrypted"
OWN = '''\
from plangate import Finding, policy


@policy("acme/queue-name", types="aws_sqs_queue", severity="high")
def queue_name(change):
    """SQS queue has no proper name."""
    if change.after["name"] == "q":
        yield Finding("The name says nothing.", "name")
'''


class Came(cli.Came):
    """What a run gave, and what its report says of the judge."""

    @property
    def stops(self) -> set[str]:
        return {f["policy"] for f in self.report["findings"] if f["stops"]}

    @property
    def loosened(self) -> list[str]:
        found: list[str] = self.report["settings"]["loosened"]
        return found


class Repository:
    """A checkout at `folder`; `base` is the id of the commit made last by `commit`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.base = folder, ""
        folder.mkdir(parents=True, exist_ok=True)
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder.parent / "home"),
            "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
            "PLANGATE_CHECKOV_PYTHON": "",
        }

    def git(self, *arguments: str) -> str:
        environ = {
            **self.environ,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_{what}": "t@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()

    def commit(self, **files: str) -> str:
        """Commit everything; `files` are written first (`__` is a /, `_toml` and `_py` are endings)."""
        for name, text in files.items():
            self.write(name, text)
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        self.base = self.git("rev-parse", "HEAD")
        return self.base

    def check(self, *arguments: str, changes: Any = None, **environ: str) -> Came:
        """`check` of the plan, by default one of an open queue, with the base as the trusted ref."""
        self.write("plan.json", json.dumps(changes or BAD))
        given = arguments if "--trusted-ref" in arguments else ("--trusted-ref", self.base, *arguments)
        return self.run("check", "plan.json", "-f", "json", *given, **environ)

    def run(self, *arguments: str, **environ: str) -> Came:
        out, err = io.StringIO(), io.StringIO()
        code = run(list(arguments), Streams(io.BytesIO(), out, err, {**self.environ, **environ}))
        return Came(code, out.getvalue(), err.getvalue())


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    if GIT is None:
        pytest.skip("git is not installed")
    made = Repository(tmp_path / "repository")
    made.git("init", "-q", "-b", "main")
    monkeypatch.chdir(made.folder)
    return made
