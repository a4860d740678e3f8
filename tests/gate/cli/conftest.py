"""A working directory with a front door: write files, run one command line, look at what came."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from plangate.cli.main import run
from plangate.cli.streams import Streams


class Came:
    """What a run gave: exit code, stdout, stderr."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def __repr__(self) -> str:
        return f"<exit {self.code}\n{self.out}\n--- stderr\n{self.err}>"

    @property
    def line(self) -> str:
        """The one line of stderr."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self
        assert lines[0].startswith("plangate: "), self
        return lines[0]

    @property
    def report(self) -> Any:
        """Stdout as JSON."""
        return json.loads(self.out)


class Gate:
    """The program in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder)}

    def write(self, name: str, text: str | bytes | dict[str, Any]) -> Path:
        """A file of the folder; a dict is written as JSON."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, dict):
            text = json.dumps(text)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *arguments: str, stdin: bytes = b"") -> Came:
        """Run one command line in this process."""
        out, err = io.StringIO(), io.StringIO()
        code = run(list(arguments), Streams(io.BytesIO(stdin), out, err, dict(self.environ)))
        return Came(code, out.getvalue(), err.getvalue())

    def check(self, *arguments: str) -> Any:
        """The report of `check ... -f json`, with the exit code that it came with."""
        came = self.run("check", *arguments, "-f", "json")
        assert came.out, came
        assert came.report["exit_code"] == came.code
        return came.report


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    monkeypatch.chdir(tmp_path)
    return Gate(tmp_path)
