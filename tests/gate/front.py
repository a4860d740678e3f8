"""The front door for tests that only hand in a document: its bytes on stdin, the report and the words that come."""

from __future__ import annotations

import io
import json
from typing import Any

from plangate.cli.main import run
from plangate.cli.streams import Streams

LARGE = 4 * 1024 * 1024  # from here on a document is read by msgspec
EXITS = (0, 1, 2, 3, 4)


class Came:
    """Exit code, stderr, and the report (None where there is none)."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def __repr__(self) -> str:
        return f"<exit {self.code}\n{self.out[:2000]}\n--- stderr\n{self.err}>"

    @property
    def report(self) -> Any:
        return json.loads(self.out)

    @property
    def outcomes(self) -> list[tuple[str, str | None, str, bool]]:
        """(policy, address, outcome, stops) of every finding."""
        return [(f["policy"], f["address"], f["outcome"], f["stops"]) for f in self.report["findings"]]


def check(given: bytes | str | dict[str, Any], *arguments: str, form: str = "json") -> Came:
    """`plangate check -` on a document; a dict is written as JSON."""
    data = given if isinstance(given, bytes) else (given if isinstance(given, str) else json.dumps(given)).encode()
    out, err = io.StringIO(), io.StringIO()
    streams = Streams(io.BytesIO(data), out, err, {"PATH": ""})
    beside = () if "--checkov" in arguments else ("--checkov", "off")
    code = run(["check", "-", "-f", form, *beside, *arguments], streams)
    return Came(code, out.getvalue(), err.getvalue())


def padded(document: str) -> str:
    """The same document with a first section that makes it a large one; what is no plan gets blanks."""
    if not document.startswith("{") or '"resource_changes"' not in document:
        return document + " " * LARGE
    filling = '{"proposed_unknown":{"filling":"' + "x" * LARGE + '"}'
    rest = document[1:].lstrip()
    return filling + ("" if rest.startswith("}") else ",") + rest
