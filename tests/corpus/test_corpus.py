"""Real plans of real providers: read, counted as their documents say, never a traceback."""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from plangate.cli.main import run
from plangate.cli.streams import Streams

SHARED = os.environ.get("PLANGATE_SHARED")
if not SHARED:
    pytest.skip("PLANGATE_SHARED does not name the folder of plans", allow_module_level=True)
CORPUS = Path(SHARED).resolve() / "corpus"
REPLACES = ({"delete", "create"}, {"create", "forget"})
REFUSED = (
    "errored",
    "incomplete",
    "format_version",
    "twice",
    "resource_changes",
    "another value after than before",
    "wrapper",
    "not a plan",
    "log lines",
    "lists no change",
)


def rows() -> list[dict]:
    with (CORPUS / "index.jsonl").open() as file:
        return [json.loads(line) for line in file]


def judged(path: Path) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = run(["check", str(path), "-f", "json"], Streams(io.BytesIO(), out, err, {}))
    return code, out.getvalue(), err.getvalue()


def actions(path: Path) -> Counter[str]:
    document = json.loads(path.read_bytes())
    counts: Counter[str] = Counter()
    for entry in document.get("resource_changes", []):
        words = entry["change"]["actions"]
        counts["replace" if set(words) in REPLACES else words[0].replace("-", "_")] += 1
    return counts


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("row", [r for r in rows() if r["kind"] in ("plan", "plan-redacted")], ids=lambda r: r["path"])
def test_every_plan_is_read(row: dict) -> None:
    code, out, err = judged(CORPUS / row["path"])
    assert code in (0, 1, 3), err
    if code == 3:
        assert len(err.splitlines()) == 1
        assert any(word in err for word in REFUSED), err
        return
    summary = json.loads(out)["summary"]
    counted = {name: summary[name] for name in ("create", "update", "delete", "replace", "read", "forget", "no_op")}
    assert {k: v for k, v in counted.items() if v} == dict(actions(CORPUS / row["path"]))


@pytest.mark.parametrize(
    "row",
    [r for r in rows() if r["kind"] not in ("plan", "plan-redacted", "plan-broken")],
    ids=lambda r: r["path"],
)
def test_everything_else_is_refused(row: dict) -> None:
    code, _, err = judged(CORPUS / row["path"])
    assert code == 3
    assert len(err.splitlines()) == 1
